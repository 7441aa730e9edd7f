/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process.h: the library's state in this process; its only globals.  Reached by the
 * API layer alone: everything below gets what it needs as an argument.
 */
#ifndef PF_PROCESS_H
#define PF_PROCESS_H

#include "runtime/config.h"
#include "runtime/run.h"

/* What a call holds of the process until it has finished. */
struct pf_entry {
    struct pf_engine *engine;
    struct pf_selection *selection;
    const struct pf_config *config;
    const struct pf_limits *outer; /* of the call that this one is part of */
    uint64_t thread;               /* number of the calling thread; never 0 */
    bool outermost;                /* this thread is inside no other call */
    bool started;          /* and goes on, beside the call: parfun_start() */
    struct pf_entry *next; /* of those that were started */
};

/* Starts the library if need be and begins a call of this thread's.  What the call runs
 * in a thread it runs between engine->enter() and engine->leave(). */
enum parfun_status pf_process_enter(struct pf_entry *entry, bool started);
void pf_process_leave(struct pf_entry *entry);

/* Instead of what is in force, a call that has begun uses this selector. */
enum parfun_status pf_process_choose_again(
        struct pf_entry *entry, const char *selector);

/* Has this thread started calls that have not finished? */
bool pf_process_has_started(void);

/* Every call under way stops; safe in a signal handler. */
void pf_process_cancel(void);

/* No shutdown comes between these two: what was built for devices can be freed. */
void pf_process_hold(void);
void pf_process_release(void);

/* Where what was learned is kept; NULL: nowhere, as when the library does not run.
 * Valid while a shutdown is held off. */
const char *pf_process_cache_dir(void);

/* Is this thread inside a call? */
bool pf_process_inside(void);

/* selector NULL: none.  See parfun_set_backend() and its sisters. */
enum parfun_status pf_process_set_backend(const char *selector);
enum parfun_status pf_process_push_backend(const char *selector);
enum parfun_status pf_process_pop_backend(void);
const char *pf_process_backend(void);
enum parfun_status pf_process_shutdown(void);

/* Kept memory. */
struct pf_keep *pf_process_keep(void);

/* Functions that exist, for shutdown. */
void pf_process_add_function(struct parfun_function *function);
void pf_process_remove_function(struct parfun_function *function);

/* The function in *slot, created at the first use. */
enum parfun_status pf_process_kernel_function(const struct parfun_kernel *kernel,
        struct parfun_function **slot, struct parfun_function **function);

#endif
