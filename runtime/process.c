/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process.c: the one file with global state.  After fork() the child has none of the
 * parent's threads, and drivers do not survive it: the state begins anew there and
 * only serial and none can be chosen.
 */
#include "runtime/process.h"

#include "runtime/base/error.h"
#include "runtime/places.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { SCOPES = 32 };

static struct {
    struct pf_lock lock;
    struct pf_condition idle; /* no call is under way */
    bool started, prepared;   /* running; idle and fork handler exist */
    bool watched;             /* hold_devices() runs at the end */
    bool forked;
    _Atomic bool ended; /* the process ends */
    uint64_t epoch;     /* of this start; selections of others are stale */
    unsigned calls;
    struct pf_config config;
    struct pf_devices devices;
    struct pf_engine engine;
    unsigned *processors;           /* to pin threads to, or NULL */
    struct pf_selection *selection; /* of the process; NULL: the default */
    struct parfun_function *functions;
    struct pf_entry *started_calls; /* that are beside their threads */
    struct pf_keep keep;
} process = { PF_LOCK_INITIALIZER, .epoch = 1, .keep = PF_KEEP_INITIALIZER };

static _Atomic uint64_t cancels;
/* Groups give their arrays back here, also after a shutdown. */
static struct pf_memory_pool arrays = PF_MEMORY_POOL_INITIALIZER;

static _Thread_local struct {
    bool ends_builds;               /* when the process ends */
    unsigned depth;                 /* calls that this thread is inside of */
    unsigned scopes, least_scopes;  /* those below are not this call's to leave */
    struct pf_selection *inherited; /* of the innermost call; NULL: none */
    const struct pf_limits *limits; /* likewise */
    bool watched;                   /* scopes are left when the thread ends */
    struct scope {
        struct pf_selection *selection;
        uint64_t epoch;
    } scope[SCOPES];
    char name[PF_SELECTION_TEXT_MAX + 1]; /* what parfun_backend() has given */
} self;

bool pf_process_inside(void)
{
    return self.depth > 0;
}

/* ---- fork ---------------------------------------------------------------------------- */

/* Locks may have been held by threads that the child does not have. */
static void forget_parent(void)
{
    process.started = false;
    process.forked = true;
    process.epoch++;
    process.calls = 0;
    process.selection = NULL;
    process.started_calls = NULL;
    self.depth = self.scopes = self.least_scopes = 0;
    self.inherited = NULL;
    self.limits = NULL;
    (void)pf_lock_init(&process.lock);
    (void)pf_lock_init(&arrays.lock);
    (void)pf_condition_init(&process.idle);
    for (struct parfun_function *f = process.functions; f; f = f->next)
        pf_function_renew(f);
    pf_keep_renew(&process.keep);
}

/* ---- Threads and calls ------------------------------------------------------------------- */

static void enter_call(struct pf_loan *loan, struct pf_selection *selection,
        const struct pf_limits *limits)
{
    *loan = (struct pf_loan){ self.inherited, self.limits, self.least_scopes };
    self.inherited = selection;
    self.limits = limits;
    self.least_scopes = self.scopes;
    self.depth++;
}

/* Scopes that were left open are closed. */
static void leave_call(const struct pf_loan *loan)
{
    while (self.scopes > self.least_scopes)
        (void)pf_process_pop_backend();
    self.inherited = loan->selection;
    self.limits = loan->limits;
    self.least_scopes = loan->scopes;
    self.depth--;
}

/* ---- Start and end --------------------------------------------------------------------- */

/* The configuration is read. */
static enum parfun_status start_configured(void)
{
    struct pf_backend_options options;
    unsigned threads;
    enum parfun_status status;

    if (!process.prepared) {
        PF_TRY(pf_condition_init(&process.idle));
        PF_TRY(pf_thread_at_fork(forget_parent));
        process.prepared = true;
    }
    PF_TRY(pf_places_choose(&process.config, &threads, &process.processors));
    options = pf_config_backends(&process.config, threads);
    PF_TRY(pf_devices_init(&process.devices, &options, process.forked));
    status = pf_engine_init(
            &process.engine, &process.devices, threads, process.processors);
    if (status) {
        pf_devices_finish(&process.devices);
        return status;
    }
    if (process.ended)
        pf_devices_hold(&process.devices);
    process.engine.enter = enter_call, process.engine.leave = leave_call;
    process.engine.cancels = &cancels;
    process.devices.hang_s = process.config.hang_limit_s;
    process.engine.memory = &arrays;
    process.engine.keep = &process.keep;
    process.started = true;
    return PARFUN_OK;
}

/* Called with the lock held. */
static enum parfun_status start(void)
{
    enum parfun_status status;

    if (process.started)
        return PARFUN_OK;
    PF_TRY(pf_config_read(&process.config));
    status = start_configured();
    if (status) {
        pf_config_finish(&process.config);
        free(process.processors);
        process.processors = NULL;
    }
    return status;
}

/* Called with the lock held; started, and no call is under way. */
static void stop(void)
{
    pf_keep_close(&process.keep);
    for (struct parfun_function *f = process.functions; f; f = f->next)
        pf_function_close(f, process.config.cache_dir);
    pf_selection_destroy(process.selection);
    process.selection = NULL;
    pf_engine_finish(&process.engine);
    pf_memory_pool_empty(&arrays);
    pf_devices_finish(&process.devices);
    pf_config_finish(&process.config);
    free(process.processors);
    process.processors = NULL;
    process.started = false;
    process.epoch++;
}

enum parfun_status pf_process_shutdown(void)
{
    if (self.depth)
        return pf_fail(PARFUN_INVALID,
                "parfun_shutdown(): it was called from inside a parallel function; "
                "call it when none is under way");
    if (pf_process_has_started())
        return pf_fail(PARFUN_INVALID,
                "parfun_shutdown(): this thread has started calls, which it would wait "
                "for; call parfun_finish() first");
    pf_lock_take(&process.lock);
    /* Another thread's shutdown may come first. */
    while (process.started && process.calls)
        pf_condition_wait(&process.idle, &process.lock);
    if (process.started)
        stop();
    pf_lock_give(&process.lock);
    return PARFUN_OK;
}

/* ---- Backends ---------------------------------------------------------------------------- */

/* Called with the lock held. */
static void release(struct pf_selection *selection)
{
    if (selection && --selection->references == 0)
        pf_selection_destroy(selection);
}

/* Runs before the destructors of drivers that were loaded until now. */
static void hold_devices(void)
{
    process.ended = true;
    if (!process.forked)
        pf_devices_hold(&process.devices);
}

/* Called with the lock held, and started.  On failure *selection is left alone. */
static enum parfun_status choose(
        const char *selector, struct pf_selection **selection)
{
    struct pf_selection *chosen;

    PF_TRY(pf_selection_create(selector, process.devices.options.processors,
            &process.devices.source, &chosen));
    if (process.devices.forked && chosen->cpu_workers > 1) {
        release(chosen);
        return pf_fail(PARFUN_SYSTEM,
                "backend \"%s\": after fork() the child has no threads; choose "
                "\"serial\" there, or call exec first",
                selector);
    }
    if (chosen->device_count && !process.watched)
        process.watched = atexit(hold_devices) == 0;
    pf_selection_log(chosen);
    *selection = chosen;
    return PARFUN_OK;
}

/* The selection in force; made at the first need, and again after a shutdown. */
static enum parfun_status find_selection(struct pf_selection **selection)
{
    if (self.scopes > self.least_scopes) {
        struct scope *scope = &self.scope[self.scopes - 1];

        if (scope->epoch != process.epoch) {
            struct pf_selection *again = NULL;

            PF_TRY(choose(scope->selection->text, &again));
            release(scope->selection);
            *scope = (struct scope){ again, process.epoch };
        }
        *selection = scope->selection;
        return PARFUN_OK;
    }
    if (self.inherited) {
        *selection = self.inherited;
        return PARFUN_OK;
    }
    if (!process.selection) {
        const enum parfun_status status =
                choose(process.config.backend, &process.selection);

        if (status && process.config.backend_given)
            return pf_error_prefix(status, "environment variable PARFUN_BACKEND: ");
        PF_TRY(status);
    }
    *selection = process.selection;
    return PARFUN_OK;
}

static enum parfun_status choose_started(
        const char *call, const char *selector, struct pf_selection **selection)
{
    enum parfun_status status;

    if (!selector)
        return pf_fail(PARFUN_INVALID,
                "%s(): the selector is NULL; give \"auto\", \"threads\", "
                "\"opencl\", \"serial\" or \"none\"",
                call);
    status = start();
    if (!status)
        status = choose(selector, selection);
    return status ? pf_error_prefix(status, "%s(): ", call) : PARFUN_OK;
}

enum parfun_status pf_process_set_backend(const char *selector)
{
    struct pf_selection *selection = NULL;
    enum parfun_status status;

    if (self.depth)
        return pf_fail(PARFUN_INVALID,
                "parfun_set_backend(): it was called from inside a parallel "
                "function; there, use parfun_push_backend()");
    pf_lock_take(&process.lock);
    status = choose_started("parfun_set_backend", selector, &selection);
    if (!status) {
        release(process.selection);
        process.selection = selection;
    }
    pf_lock_give(&process.lock);
    return status;
}

static void leave_scopes(void *unused)
{
    (void)unused;
    while (self.scopes)
        (void)pf_process_pop_backend();
}

enum parfun_status pf_process_push_backend(const char *selector)
{
    struct pf_selection *selection = NULL;
    enum parfun_status status;

    if (self.scopes == SCOPES)
        return pf_fail(PARFUN_INVALID,
                "parfun_push_backend(): more than %d scopes in one thread; is a "
                "parfun_pop_backend() missing?",
                (int)SCOPES);
    if (!self.watched && !pf_thread_at_end(leave_scopes, NULL))
        return pf_fail(PARFUN_NO_MEMORY, "parfun_push_backend(): no memory");
    self.watched = true;
    pf_lock_take(&process.lock);
    status = choose_started("parfun_push_backend", selector, &selection);
    if (!status)
        self.scope[self.scopes++] = (struct scope){ selection, process.epoch };
    pf_lock_give(&process.lock);
    return status;
}

enum parfun_status pf_process_pop_backend(void)
{
    if (self.scopes == self.least_scopes)
        return pf_fail(PARFUN_INVALID,
                "parfun_pop_backend(): this thread has pushed no backend, or has "
                "popped it already");
    pf_lock_take(&process.lock);
    release(self.scope[--self.scopes].selection);
    pf_lock_give(&process.lock);
    return PARFUN_OK;
}

const char *pf_process_backend(void)
{
    const char *name = "auto";

    pf_lock_take(&process.lock);
    if (self.scopes > self.least_scopes)
        name = self.scope[self.scopes - 1].selection->text;
    else if (self.inherited)
        name = self.inherited->text;
    else if (process.selection)
        name = process.selection->text;
    else if (!start())
        name = process.config.backend;
    (void)snprintf(self.name, sizeof self.name, "%s", name);
    pf_lock_give(&process.lock);
    return self.name;
}

/* ---- Calls ---------------------------------------------------------------------------------- */

enum parfun_status pf_process_enter(struct pf_entry *entry, bool started)
{
    enum parfun_status status;

    *entry = (struct pf_entry){ .started = started,
        .thread = pf_thread_number(),
        .engine = &process.engine,
        .config = &process.config,
        .outer = self.limits,
        .outermost = self.depth == 0 };
    pf_lock_take(&process.lock);
    status = start();
    if (!status)
        status = find_selection(&entry->selection);
    if (!status) {
        if (entry->selection->device_count && !self.ends_builds)
            self.ends_builds =
                    pf_thread_before_exit(pf_devices_end_builds, &process.devices);
        entry->selection->references++;
        process.calls++;
        if (started) {
            entry->next = process.started_calls;
            process.started_calls = entry;
        }
    }
    pf_lock_give(&process.lock);
    return status;
}

/* Called with the lock held. */
static void end_call(void)
{
    if (--process.calls == 0 && process.prepared)
        pf_condition_wake_all(&process.idle);
}

void pf_process_leave(struct pf_entry *entry)
{
    struct pf_entry **link = &process.started_calls;

    pf_lock_take(&process.lock);
    if (entry->started) {
        while (*link != entry)
            link = &(*link)->next;
        *link = entry->next;
    }
    release(entry->selection);
    end_call();
    pf_lock_give(&process.lock);
}

enum parfun_status pf_process_choose_again(
        struct pf_entry *entry, const char *selector)
{
    struct pf_selection *chosen = NULL;
    enum parfun_status status;

    pf_lock_take(&process.lock);
    status = choose(selector, &chosen);
    if (!status) {
        release(entry->selection);
        entry->selection = chosen;
    }
    pf_lock_give(&process.lock);
    return status;
}

bool pf_process_has_started(void)
{
    bool found = false;

    pf_lock_take(&process.lock);
    for (struct pf_entry *e = process.started_calls; e && !found; e = e->next)
        found = e->thread == pf_thread_number();
    pf_lock_give(&process.lock);
    return found;
}

void pf_process_cancel(void)
{
    (void)atomic_fetch_add(&cancels, 1);
}

void pf_process_hold(void)
{
    pf_lock_take(&process.lock);
    process.calls++;
    pf_lock_give(&process.lock);
}

void pf_process_release(void)
{
    pf_lock_take(&process.lock);
    end_call();
    pf_lock_give(&process.lock);
}

const char *pf_process_cache_dir(void)
{
    const char *folder;

    pf_lock_take(&process.lock);
    folder = process.started ? process.config.cache_dir : NULL;
    pf_lock_give(&process.lock);
    return folder;
}

struct pf_keep *pf_process_keep(void)
{
    return &process.keep;
}

/* ---- Functions ---------------------------------------------------------------------------------- */

void pf_process_add_function(struct parfun_function *function)
{
    pf_lock_take(&process.lock);
    pf_functions_add(&process.functions, function);
    pf_lock_give(&process.lock);
}

void pf_process_remove_function(struct parfun_function *function)
{
    pf_lock_take(&process.lock);
    pf_functions_remove(&process.functions, function);
    pf_lock_give(&process.lock);
}

enum parfun_status pf_process_kernel_function(const struct parfun_kernel *kernel,
        struct parfun_function **slot, struct parfun_function **function)
{
    enum parfun_status status;

    *function = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
    if (*function)
        return PARFUN_OK;
    pf_lock_take(&process.lock);
    status = pf_functions_generated(&process.functions, kernel, slot, function);
    pf_lock_give(&process.lock);
    return status;
}
