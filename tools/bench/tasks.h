/* SPDX-License-Identifier: Apache-2.0 */
/* tasks.h: the kernels of kernels/, called by the library or directly. */
#ifndef TASKS_H
#define TASKS_H

#include "work.h"

struct bindings;

/* One for each kind of work. */
struct task {
    const char *name;
    const struct parfun_kernel *kernel;
    const struct parfun_kernel *fast; /* the same with -cl-fast-relaxed-math */
    struct parfun_function *(*function)(void);
    enum parfun_status (*call)(struct work *work);
    /* The kernel's arguments, for the items from `begin` on.  NULL: its results go
     * through tiles of the library's. */
    void (*bind)(struct bindings *bindings, struct work *work, size_t begin);
    bool square;      /* the items are rows of as many elements as there are rows */
    uint8_t block[2]; /* columns and rows that a work-item computes; 0: one */
    double tolerance;
};

extern const struct task tasks[WORK_KINDS];

/* Runs the items, or rows, [begin, end) as native code on this thread.  The variant
 * is the most demanding one that this machine runs. */
void task_run_native(const struct task *task, const struct parfun_kernel *kernel,
        struct work *work, size_t begin, size_t end);

#endif
