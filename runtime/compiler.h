/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compiler.h: parfun-cc, the kernel compiler, as a program that may be installed.
 */
#ifndef PF_COMPILER_H
#define PF_COMPILER_H

#include <parfun.h>

struct pf_compiler {
    char *path;     /* NULL: there is none */
    char *identity; /* changes when another one is installed; for keys */
    char *missing;  /* without one: where it was looked for */
};

/*
 * Looks for it: `named` (PARFUN_CC) or NULL, then where it is installed beside this
 * library, then in `search_path` (PATH), which may be NULL.  That there is none is no
 * failure.  Finish it in any case but PARFUN_NO_MEMORY.
 */
enum parfun_status pf_compiler_find(
        const char *named, const char *search_path, struct pf_compiler *compiler);
void pf_compiler_finish(struct pf_compiler *compiler);

struct pf_compiler_job {
    const struct pf_compiler *compiler;
    const char *folder; /* a folder of the job's own; its files are the caller's */
    const char *file;   /* what messages call the text: "saxpy.cl" */
    const char *source, *kernel;
    const char *clauses; /* in place of the kernel's own; or NULL */
    const char *isa;
};

/* The shared library in the folder that pf_compiler_run() makes. */
#define PF_COMPILER_OUTPUT "kernel.so"

/* Blocks for about half a second.  PARFUN_COMPILE with the log if the text is wrong;
 * PARFUN_UNSUPPORTED if the compiler itself does not work here. */
enum parfun_status pf_compiler_run(const struct pf_compiler_job *job);

#endif
