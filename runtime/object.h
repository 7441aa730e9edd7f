/* SPDX-License-Identifier: Apache-2.0 */
/*
 * object.h: the native code of a kernel that came as text: compiled by parfun-cc for
 * this processor, kept in the cache folder, loaded into this process.
 */
#ifndef PF_OBJECT_H
#define PF_OBJECT_H

#include "runtime/compiler.h"

#include <parfun/kernel.h>

struct pf_object_request {
    const struct pf_compiler *compiler; /* there is one */
    const char *source, *kernel;
    const char *clauses;       /* in place of the kernel's own; or NULL */
    const char *file;          /* what messages call the text */
    const char *cache_dir;     /* NULL: nothing is kept */
    const char *temporary_dir; /* where the compiler works */
};

struct pf_object {
    void *handle;
    const struct parfun_kernel *kernel; /* NULL: the text has none of that name */
    const char *names;                  /* of all its kernels: "f, g" */
};

/* Milliseconds if another process, or this one, has compiled the same before; else
 * as pf_compiler_run(), with its failures. */
enum parfun_status pf_object_open(
        const struct pf_object_request *request, struct pf_object *object);
/* The kernel is not used any more.  Takes what is all zero. */
void pf_object_close(struct pf_object *object);

#endif
