/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread.h: threads, locks, conditions, what happens at a thread's end.  The only
 * door to pthreads.  Locks and conditions of the caller's memory; init can fail,
 * using them cannot.
 */
#ifndef PF_BASE_THREAD_H
#define PF_BASE_THREAD_H

#include <parfun.h>
#include <pthread.h>

struct pf_lock {
    pthread_mutex_t mutex;
};

struct pf_condition {
    pthread_cond_t condition; /* on CLOCK_MONOTONIC */
};

struct pf_thread {
    pthread_t thread;
};

#define PF_LOCK_INITIALIZER { PTHREAD_MUTEX_INITIALIZER }

enum parfun_status pf_lock_init(struct pf_lock *lock);
void pf_lock_finish(struct pf_lock *lock);
void pf_lock_take(struct pf_lock *lock);
void pf_lock_give(struct pf_lock *lock);

enum parfun_status pf_condition_init(struct pf_condition *condition);
void pf_condition_finish(struct pf_condition *condition);
void pf_condition_wait(struct pf_condition *condition, struct pf_lock *lock);
/* Until pf_clock_ns() reaches end_ns; false if it has. */
bool pf_condition_wait_until(
        struct pf_condition *condition, struct pf_lock *lock, uint64_t end_ns);
void pf_condition_wake_one(struct pf_condition *condition);
void pf_condition_wake_all(struct pf_condition *condition);

/* A joinable thread with all signals blocked, named `name` (cut to 15 bytes).
 * PARFUN_SYSTEM if the system refuses. */
enum parfun_status pf_thread_start(struct pf_thread *thread, const char *name,
        void (*run)(void *argument), void *argument);
void pf_thread_join(struct pf_thread *thread);
/* Pin the calling thread to one processor (as the operating system numbers). */
enum parfun_status pf_thread_pin(unsigned processor);

/* A number of the calling thread, of no other one of the process; never 0. */
uint64_t pf_thread_number(void);

/* For loops that wait a few microseconds for another thread: lets the processor save
 * power, or its other half work. */
static inline void pf_thread_relax(void)
{
#ifdef __x86_64__
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Runs `end(data)` when the calling thread ends, the last one asked for first; not
 * at the end of the process.  false for lack of memory. */
bool pf_thread_at_end(void (*end)(void *data), void *data);

/* Runs `run(data)` when the process ends by the return of main() or an exit() in its
 * thread, before all exit handlers and destructors, also those that are registered
 * later; and if main()'s thread ends alone.  False in other threads, and where the C
 * library can not do that. */
bool pf_thread_before_exit(void (*run)(void *data), void *data);

/* Runs `in_child` in the child after each fork of the process. */
enum parfun_status pf_thread_at_fork(void (*in_child)(void));

#endif
