/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process.h: the compilers that parfun-cc runs, and the private folder for what
 * they hand each other.  No shell is involved.
 */
#ifndef CC_PROCESS_H
#define CC_PROCESS_H

#include "message.h"
#include "text.h"

/* Makes the private folder; it is removed by cc_process_clean(), which main()
 * calls on every way out, also after SIGINT, SIGTERM and SIGHUP. */
enum cc_exit cc_process_open(void);
void cc_process_clean(void);

/* The path of a file in the private folder. */
const char *cc_process_path(const char *name);
const char *cc_process_folder(void);

/* Runs a program with `arguments`, the first of which names it (looked for in
 * PATH), and waits.  What it writes to stdout and stderr goes through.  CC_WRONG
 * if it fails, without a message of ours unless a signal ended it; CC_USAGE if it
 * cannot be started. */
enum cc_exit cc_process_run(const struct cc_list *arguments, bool verbose);

/* The same, with its stdout in *output. */
enum cc_exit cc_process_read(
        const struct cc_list *arguments, struct cc_text *output);

#endif
