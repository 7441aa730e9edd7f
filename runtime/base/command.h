/* SPDX-License-Identifier: Apache-2.0 */
/* command.h: runs another program, as a child without a shell. */
#ifndef PF_BASE_COMMAND_H
#define PF_BASE_COMMAND_H

#include <parfun.h>

struct pf_command {
    const char *const *arguments; /* the program's path first; ends with NULL */
    const char *folder;           /* where it runs */
    const char *output;           /* a file for what it prints, made anew */
};

/*
 * Runs it to its end.  It reads nothing, has this process's environment, none of its
 * open files, and signals as a program has them at its start.
 *
 * *code: its exit status; 128 and the signal's number if one has ended it; -1 if that
 * is not known, as this process does not want to know of its children (SIGCHLD is
 * ignored, or handled with a wait for all).  PARFUN_SYSTEM if it can not be started.
 */
enum parfun_status pf_command_run(const struct pf_command *command, int *code);

#endif
