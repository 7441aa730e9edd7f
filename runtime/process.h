/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process.h: the library's state in this process; its only globals.  Reached by the
 * API layer alone: everything below gets what it needs as an argument.
 */
#ifndef PF_PROCESS_H
#define PF_PROCESS_H

#include "runtime/config.h"
#include "runtime/run.h"

/* What a call holds of the process while it runs. */
struct pf_entry {
    struct pf_engine *engine;
    struct pf_selection *selection;
    const struct pf_config *config;
    uint64_t thread; /* number of the calling thread; never 0 */
    bool outermost;  /* no other call of this thread is under way */
};

/* Starts the library if need be and begins a call in this thread. */
enum parfun_status pf_process_enter(struct pf_entry *entry);
void pf_process_leave(struct pf_entry *entry);

/* No shutdown comes between these two: what was built for devices can be freed. */
void pf_process_hold(void);
void pf_process_release(void);

/* Where what was learned is kept; NULL: nowhere, as when the library does not run.
 * Valid while a shutdown is held off. */
const char *pf_process_cache_dir(void);

/* Is this thread inside a call? */
bool pf_process_inside(void);
uint64_t pf_process_thread(void);

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
