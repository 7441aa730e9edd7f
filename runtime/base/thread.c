/* SPDX-License-Identifier: Apache-2.0 */
/* thread.c: POSIX threads behind the few functions that the library needs. */
#include "runtime/base/thread.h"
#include "runtime/base/error.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { NAME_BYTES = 16 }; /* with the end; Linux takes no longer names */

/* Before a thread sleeps until it gets a lock: about 5 us in all. */
enum { MOST_MOMENTS = 64 };

static enum parfun_status system_failed(const char *call, int code)
{
    return pf_fail(PARFUN_SYSTEM, "%s: %s", call, strerror(code));
}

/* ---- Locks and conditions ------------------------------------------------- */

enum parfun_status pf_lock_init(struct pf_lock *lock)
{
    int code = pthread_mutex_init(&lock->mutex, NULL);
    return code ? system_failed("pthread_mutex_init", code) : PARFUN_OK;
}

void pf_lock_finish(struct pf_lock *lock)
{
    pthread_mutex_destroy(&lock->mutex);
}

/* Locks are held for a microsecond, and being woken takes 50: with 16 cores asking for
 * partitions of 70 us, sleeping at once made each wait for 40 us. */
void pf_lock_take(struct pf_lock *lock)
{
    for (unsigned moments = 1; moments <= MOST_MOMENTS; moments *= 2) {
        if (pthread_mutex_trylock(&lock->mutex) == 0)
            return;
        for (unsigned i = 0; i < moments; i++)
            pf_thread_relax();
    }
    pthread_mutex_lock(&lock->mutex);
}

static struct timespec time_of(uint64_t ns)
{
    return (struct timespec){ .tv_sec = (time_t)(ns / 1000000000u),
        .tv_nsec = (long)(ns % 1000000000u) };
}

void pf_lock_give(struct pf_lock *lock)
{
    pthread_mutex_unlock(&lock->mutex);
}

enum parfun_status pf_condition_init(struct pf_condition *condition)
{
    pthread_condattr_t attributes;
    int code = pthread_condattr_init(&attributes);
    if (code)
        return system_failed("pthread_condattr_init", code);
    code = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    if (!code)
        code = pthread_cond_init(&condition->condition, &attributes);
    pthread_condattr_destroy(&attributes);
    return code ? system_failed("pthread_cond_init", code) : PARFUN_OK;
}

void pf_condition_finish(struct pf_condition *condition)
{
    pthread_cond_destroy(&condition->condition);
}

void pf_condition_wait(struct pf_condition *condition, struct pf_lock *lock)
{
    pthread_cond_wait(&condition->condition, &lock->mutex);
}

bool pf_condition_wait_until(
        struct pf_condition *condition, struct pf_lock *lock, uint64_t end_ns)
{
    const struct timespec end = time_of(end_ns);

    return pthread_cond_timedwait(&condition->condition, &lock->mutex, &end)
            != ETIMEDOUT;
}

void pf_condition_wake_one(struct pf_condition *condition)
{
    pthread_cond_signal(&condition->condition);
}

void pf_condition_wake_all(struct pf_condition *condition)
{
    pthread_cond_broadcast(&condition->condition);
}

/* ---- Threads -------------------------------------------------------------- */

struct start {
    void (*run)(void *argument);
    void *argument;
    char name[NAME_BYTES];
};

static void *run_thread(void *data)
{
    struct start start = *(struct start *)data;
    free(data);
    pthread_setname_np(pthread_self(), start.name); /* for debuggers only */
    start.run(start.argument);
    return NULL;
}

enum parfun_status pf_thread_start(struct pf_thread *thread, const char *name,
        void (*run)(void *argument), void *argument)
{
    struct start *start = malloc(sizeof *start);
    if (!start)
        return pf_fail(
                PARFUN_NO_MEMORY, "out of memory for the start of thread %s", name);
    start->run = run;
    start->argument = argument;
    snprintf(start->name, sizeof start->name, "%s", name);

    /* Signals are the program's business: its own threads take them. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&thread->thread, NULL, run_thread, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (code) {
        free(start);
        return system_failed("pthread_create", code);
    }
    return PARFUN_OK;
}

void pf_thread_join(struct pf_thread *thread)
{
    pthread_join(thread->thread, NULL);
}

uint64_t pf_thread_number(void)
{
    static _Atomic uint64_t numbered;
    static _Thread_local uint64_t number;

    if (!number)
        number = atomic_fetch_add(&numbered, 1) + 1;
    return number;
}

enum parfun_status pf_thread_pin(unsigned processor)
{
    size_t bytes = CPU_ALLOC_SIZE((size_t)processor + 1);
    cpu_set_t *set = CPU_ALLOC((size_t)processor + 1);
    if (!set)
        return pf_fail(PARFUN_NO_MEMORY, "out of memory for a set of %u processors",
                processor + 1);
    CPU_ZERO_S(bytes, set);
    CPU_SET_S((size_t)processor, bytes, set);
    int code = pthread_setaffinity_np(pthread_self(), bytes, set);
    CPU_FREE(set);
    if (code)
        return pf_fail(PARFUN_SYSTEM, "pthread_setaffinity_np: processor %u: %s",
                processor, strerror(code));
    return PARFUN_OK;
}

enum parfun_status pf_thread_at_fork(void (*in_child)(void))
{
    int code = pthread_atfork(NULL, NULL, in_child);
    return code ? system_failed("pthread_atfork", code) : PARFUN_OK;
}

/* ---- The end of a thread --------------------------------------------------- */

struct end {
    struct end *next;
    void (*end)(void *data);
    void *data;
};

/* The one key of the library, and so a global: each thread's list of ends. */
static pthread_once_t end_once = PTHREAD_ONCE_INIT;
static pthread_key_t end_key;
static bool end_key_exists;

static void run_ends(void *list)
{
    for (struct end *end = list, *next; end; end = next) {
        next = end->next;
        end->end(end->data);
        free(end);
    }
}

static void create_end_key(void)
{
    end_key_exists = pthread_key_create(&end_key, run_ends) == 0;
}

bool pf_thread_at_end(void (*end)(void *data), void *data)
{
    pthread_once(&end_once, create_end_key);
    if (!end_key_exists)
        return false;
    struct end *first = malloc(sizeof *first);
    if (!first)
        return false;
    *first = (struct end){ pthread_getspecific(end_key), end, data };
    if (pthread_setspecific(end_key, first)) {
        free(first);
        return false;
    }
    return true;
}

/* Of glibc: exit() runs the destructors of the thread's own variables first. */
extern int __cxa_thread_atexit_impl(void (*run)(void *data), void *data,
        void *in_library) __attribute__((weak));

bool pf_thread_before_exit(void (*run)(void *data), void *data)
{
    static char in_library;

    return __cxa_thread_atexit_impl && getpid() == gettid()
            && __cxa_thread_atexit_impl(run, data, &in_library) == 0;
}
