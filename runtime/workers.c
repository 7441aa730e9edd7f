/* SPDX-License-Identifier: Apache-2.0 */
/* workers.c: threads that help with posted jobs. */
#include "runtime/workers.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/base/patience.h"
#include "runtime/rhythm.h"

#include <stdio.h>
#include <stdlib.h>

/* Threads that wait for work look for it all the time. */
static const struct pf_waking NO_WAKING = { 1e-6, 0.2e-6 };

struct worker {
    struct pf_workers *pool;
    struct pf_thread thread;
    struct pf_condition wake;
    struct worker *next_idle;
    unsigned number;
    bool woken;
    uint64_t woken_ns;
};

struct pf_workers {
    struct pf_lock lock;
    struct pf_condition left; /* a helper has left a job */
    struct pf_job *jobs;      /* those that want helpers */
    _Atomic unsigned open;    /* how many these are */
    bool moving;              /* a helper is about to leave one for another */
    struct worker **worker;
    unsigned started, limit, room;
    struct worker *idle;
    unsigned due;            /* threads that are yet to be woken or started */
    unsigned waiting;        /* threads that look out for work, without sleeping */
    _Atomic unsigned called; /* so many of those who did have work now */
    struct pf_waking waking;
    struct pf_rhythm rhythm;
    const unsigned *processors;
    unsigned processor_count;
    bool stopping;
};

enum parfun_status pf_workers_create(
        unsigned threads, const unsigned *processors, struct pf_workers **workers)
{
    struct pf_workers *pool = calloc(1, sizeof *pool);
    enum parfun_status status;

    if (!pool)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for the worker threads");
    status = pf_lock_init(&pool->lock);
    if (status) {
        free(pool);
        return status;
    }
    status = pf_condition_init(&pool->left);
    if (status) {
        pf_lock_finish(&pool->lock);
        free(pool);
        return status;
    }
    pool->limit = threads;
    pool->waking = pf_waking_unknown;
    pool->processors = processors;
    pool->processor_count = threads;
    *workers = pool;
    return PARFUN_OK;
}

void pf_workers_destroy(struct pf_workers *workers)
{
    if (!workers)
        return;
    pf_lock_take(&workers->lock);
    workers->stopping = true;
    workers->called += workers->waiting;
    workers->waiting = 0;
    for (struct worker *w = workers->idle; w; w = w->next_idle) {
        w->woken = true;
        pf_condition_wake_one(&w->wake);
    }
    pf_lock_give(&workers->lock);
    for (unsigned i = 0; i < workers->started; i++) {
        pf_thread_join(&workers->worker[i]->thread);
        pf_condition_finish(&workers->worker[i]->wake);
        free(workers->worker[i]);
    }
    free(workers->worker);
    pf_condition_finish(&workers->left);
    pf_lock_finish(&workers->lock);
    free(workers);
}

/* Called with the lock held. */
static void limit(struct pf_workers *pool, unsigned threads)
{
    if (threads > pool->limit)
        pool->limit = threads;
}

void pf_workers_limit(struct pf_workers *workers, unsigned threads)
{
    pf_lock_take(&workers->lock);
    limit(workers, threads);
    pf_lock_give(&workers->lock);
}

static bool is_patient(const struct pf_workers *pool)
{
    return pool->limit <= pool->processor_count;
}

struct pf_workers_outlook pf_workers_expect(
        struct pf_workers *workers, unsigned threads, uint64_t now_ns)
{
    struct pf_workers_outlook outlook;
    bool awake;

    pf_lock_take(&workers->lock);
    limit(workers, threads);
    pf_waking_fade(&workers->waking);
    outlook.patient = is_patient(workers);
    awake = workers->waiting >= threads
            || (outlook.patient && pf_rhythm_invests(&workers->rhythm, now_ns));
    outlook.waking = awake ? NO_WAKING : workers->waking;
    pf_lock_give(&workers->lock);
    return outlook;
}

static void link_job(struct pf_workers *pool, struct pf_job *job)
{
    job->previous = NULL;
    job->next = pool->jobs;
    if (pool->jobs)
        pool->jobs->previous = job;
    pool->jobs = job;
    job->posted = true;
    pool->open++;
}

static void unlink_job(struct pf_workers *pool, struct pf_job *job)
{
    if (job->previous)
        job->previous->next = job->next;
    else
        pool->jobs = job->next;
    if (job->next)
        job->next->previous = job->previous;
    job->next = job->previous = NULL;
    job->posted = false;
    pool->open--;
}

/* How many work on it. */
static unsigned hands_of(const struct pf_job *job)
{
    return job->inside + job->attended;
}

static struct pf_job *choose(struct pf_workers *pool)
{
    struct pf_job *best = pool->jobs;

    for (struct pf_job *job = best; job; job = job->next)
        if (hands_of(job) <= hands_of(best)) /* the oldest of equals */
            best = job;
    return best;
}

bool pf_workers_wanted_elsewhere(
        struct pf_workers *workers, const struct pf_job *job, bool long_enough)
{
    bool wanted = false;

    if (workers->open == (job->posted ? 1 : 0))
        return false;
    pf_lock_take(&workers->lock);
    for (const struct pf_job *other = workers->jobs; other && !workers->moving;
            other = other->next)
        wanted |= !other->nested
                && hands_of(other) + (long_enough ? 0 : 1) < hands_of(job);
    workers->moving |= wanted; /* one by one: all would go for the same place */
    pf_lock_give(&workers->lock);
    return wanted;
}

/* A helper is out again.  `left_work`: it has made place for another one. */
static void come_out(struct pf_workers *pool, struct pf_job *job, bool left_work)
{
    if (left_work)
        pool->moving = false;
    if (left_work && !job->retracted) {
        job->wanted++;
        if (!job->posted)
            link_job(pool, job);
    }
    if (--job->inside == 0)
        pf_condition_wake_all(&pool->left);
}

static void call_others(struct pf_workers *pool);

/* Waits for work, for a while; false if there is none.  Called with the lock held,
 * which is given up meanwhile. */
static bool look_out(struct pf_workers *pool)
{
    const struct pf_patience patience = pf_patience_begin();
    bool patient = is_patient(pool);

    pool->waiting++;
    while (!pool->called && patient) {
        pf_lock_give(&pool->lock);
        while (!pool->called && patient)
            patient = pf_patience_wait(&patience);
        pf_lock_take(&pool->lock);
    }
    if (!pool->called) {
        pool->waiting--;
        return false;
    }
    pool->called--;
    call_others(pool);
    return true;
}

static void sleep_until_woken(struct worker *self)
{
    struct pf_workers *pool = self->pool;

    self->woken = false;
    self->next_idle = pool->idle;
    pool->idle = self;
    while (!self->woken)
        pf_condition_wait(&self->wake, &pool->lock);
    pf_waking_learn(
            &pool->waking.first_s, 1e-9 * (double)(pf_clock_ns() - self->woken_ns));
    call_others(pool);
}

static void help(void *argument)
{
    struct worker *self = argument;
    struct pf_workers *pool = self->pool;

    if (pool->processors && self->number < pool->processor_count)
        (void)pf_thread_pin(pool->processors[self->number]);
    pf_lock_take(&pool->lock);
    call_others(pool);
    for (;;) {
        struct pf_job *job = choose(pool);

        if (job) {
            bool left_work;

            job->inside++;
            if (--job->wanted == 0)
                unlink_job(pool, job);
            pf_lock_give(&pool->lock);
            left_work = job->run(job);
            pf_lock_take(&pool->lock);
            come_out(pool, job, left_work);
        } else if (pool->stopping) {
            break;
        } else if (!look_out(pool)) {
            sleep_until_woken(self);
        }
    }
    pf_lock_give(&pool->lock);
}

/* Starts one more thread; false if that is not possible. */
static bool start(struct pf_workers *pool)
{
    struct worker *worker;
    char name[16];

    if (pool->started >= pool->limit)
        return false;
    if (pool->started == pool->room) {
        const unsigned room = pool->room ? 2 * pool->room : 4;
        struct worker **grown = realloc(pool->worker, room * sizeof *grown);

        if (!grown)
            return false;
        pool->worker = grown;
        pool->room = room;
    }
    worker = calloc(1, sizeof *worker);
    if (!worker)
        return false;
    worker->pool = pool;
    worker->number = pool->started;
    if (pf_condition_init(&worker->wake)) {
        free(worker);
        return false;
    }
    (void)snprintf(name, sizeof name, "parfun-%u", pool->started + 1);
    if (pf_thread_start(&worker->thread, name, help, worker)) {
        pf_condition_finish(&worker->wake);
        free(worker);
        return false;
    }
    pool->worker[pool->started++] = worker;
    return true;
}

static void wake(struct pf_workers *pool, struct worker *worker)
{
    pool->idle = worker->next_idle;
    worker->woken = true;
    worker->woken_ns = pf_clock_ns();
    pf_condition_wake_one(&worker->wake);
    pf_waking_learn(&pool->waking.next_s,
            1e-9 * (double)(pf_clock_ns() - worker->woken_ns));
}

/* Those who look out for work need not be woken. */
static void call_waiting(struct pf_workers *pool)
{
    const unsigned count = pool->due < pool->waiting ? pool->due : pool->waiting;

    pool->waiting -= count;
    pool->due -= count;
    pool->called += count;
}

/* Called with the lock held. */
static void call_others(struct pf_workers *pool)
{
    if (!pool->jobs)
        pool->due = 0; /* too late */
    call_waiting(pool);
    for (unsigned i = 0; i < PF_WORKERS_FAN && pool->due; i++) {
        if (pool->idle) {
            wake(pool, pool->idle);
        } else if (!start(pool)) {
            pool->due = 0;
            return;
        }
        pool->due--;
    }
}

bool pf_workers_post(
        struct pf_workers *workers, struct pf_job *job, unsigned helpers)
{
    bool possible = true;

    if (!helpers)
        return true;
    pf_lock_take(&workers->lock);
    if (job->retracted) {
        pf_lock_give(&workers->lock);
        return true;
    }
    job->wanted += helpers;
    if (!job->posted)
        link_job(workers, job);
    workers->due += helpers;
    call_others(workers);
    if (!workers->started) {
        possible = false;
        job->wanted = 0;
        unlink_job(workers, job);
    }
    pf_lock_give(&workers->lock);
    return possible;
}

/* Helpers that are about to leave do so within this: going to sleep and being woken
 * takes longer. */
static void wait_a_moment(const struct pf_job *job)
{
    const struct pf_patience patience = pf_patience_begin();

    while (job->inside)
        if (!pf_patience_wait(&patience))
            break;
}

void pf_workers_retract(struct pf_workers *workers, struct pf_job *job)
{
    pf_lock_take(&workers->lock);
    if (job->posted)
        unlink_job(workers, job);
    job->wanted = 0;
    job->retracted = true;
    if (job->inside) {
        pf_lock_give(&workers->lock);
        wait_a_moment(job);
        pf_lock_take(&workers->lock);
    }
    while (job->inside)
        pf_condition_wait(&workers->left, &workers->lock);
    pf_lock_give(&workers->lock);
}
