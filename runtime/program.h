/* SPDX-License-Identifier: Apache-2.0 */
/*
 * program.h: a kernel that came as text: described, and compiled for this CPU where
 * there is a compiler.
 */
#ifndef PF_PROGRAM_H
#define PF_PROGRAM_H

#include "backends/backend.h"
#include "runtime/compiler.h"

struct pf_program;

struct pf_program_request {
    const char *source, *kernel;
    const char *clauses;       /* in place of the kernel's own; or NULL */
    const char *cache_dir;     /* for native code; NULL: nothing is kept */
    const char *temporary_dir; /* for the compiler */
};

/* With the compiler's view of the kernel, and native code.  PARFUN_COMPILE with its
 * log; PARFUN_INVALID if there is no kernel of that name; PARFUN_UNSUPPORTED if the
 * compiler does not work here. */
enum parfun_status pf_program_compile(const struct pf_program_request *request,
        const struct pf_compiler *compiler, struct pf_program **program);

/* With what the text alone tells (declaration.h), for OpenCL devices, whose drivers then
 * say whether it compiles.  `missing`: why there is no native code. */
enum parfun_status pf_program_read(const struct pf_program_request *request,
        const char *missing, struct pf_program **program);

/* No function uses it any more.  Takes NULL. */
void pf_program_destroy(struct pf_program *program);

const struct parfun_kernel *pf_program_kernel(const struct pf_program *program);

/* NULL if there is native code; also for NULL. */
const char *pf_program_missing(const struct pf_program *program);

/* Whether a device's compiler takes the text, whatever kernels it has: PARFUN_COMPILE
 * with its log, or what else went wrong.  The device is the caller's meanwhile. */
enum parfun_status pf_program_try(
        const struct pf_program_request *request, struct pf_device *device);

#endif
