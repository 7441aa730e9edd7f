/* SPDX-License-Identifier: Apache-2.0 */
/* workers.c: threads that help with posted jobs. */
#include "runtime/workers.h"

#include "runtime/base/error.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOMENT = 100 };

struct worker {
    struct pf_workers *pool;
    struct pf_thread thread;
    struct pf_condition wake;
    struct worker *next_idle;
    unsigned number;
    bool woken;
};

struct pf_workers {
    struct pf_lock lock;
    struct pf_condition left; /* a helper has left a job */
    struct pf_job *jobs;      /* those that want helpers */
    struct worker **worker;
    unsigned started, limit, room;
    struct worker *idle;
    unsigned due; /* threads that are yet to be woken or started */
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

void pf_workers_limit(struct pf_workers *workers, unsigned threads)
{
    pf_lock_take(&workers->lock);
    if (threads > workers->limit)
        workers->limit = threads;
    pf_lock_give(&workers->lock);
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
}

static struct pf_job *choose(struct pf_workers *pool)
{
    struct pf_job *best = pool->jobs;

    for (struct pf_job *job = best; job; job = job->next)
        if (job->inside <= best->inside) /* the oldest of equals */
            best = job;
    return best;
}

static void call_others(struct pf_workers *pool);

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
            job->inside++;
            if (--job->wanted == 0)
                unlink_job(pool, job);
            pf_lock_give(&pool->lock);
            job->run(job);
            pf_lock_take(&pool->lock);
            if (--job->inside == 0)
                pf_condition_wake_all(&pool->left);
        } else if (pool->stopping) {
            break;
        } else {
            self->woken = false;
            self->next_idle = pool->idle;
            pool->idle = self;
            while (!self->woken)
                pf_condition_wait(&self->wake, &pool->lock);
            call_others(pool);
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

/* Called with the lock held. */
static void call_others(struct pf_workers *pool)
{
    if (!pool->jobs)
        pool->due = 0; /* too late */
    for (unsigned i = 0; i < PF_WORKERS_FAN && pool->due; i++) {
        struct worker *worker = pool->idle;

        if (worker) {
            pool->idle = worker->next_idle;
            worker->woken = true;
            pf_condition_wake_one(&worker->wake);
        } else if (!start(pool)) {
            pool->due = 0;
            return;
        }
        pool->due--;
    }
}

void pf_workers_post(
        struct pf_workers *workers, struct pf_job *job, unsigned helpers)
{
    if (!helpers)
        return;
    pf_lock_take(&workers->lock);
    if (job->retracted) {
        pf_lock_give(&workers->lock);
        return;
    }
    job->wanted += helpers;
    if (!job->posted) {
        job->previous = NULL;
        job->next = workers->jobs;
        if (workers->jobs)
            workers->jobs->previous = job;
        workers->jobs = job;
        job->posted = true;
    }
    workers->due += helpers;
    call_others(workers);
    pf_lock_give(&workers->lock);
}

/* Helpers that are about to leave do so within this: going to sleep and being woken
 * takes longer. */
static void wait_a_moment(const struct pf_job *job)
{
    for (unsigned i = 0; i < MOMENT && job->inside; i++)
        pf_thread_relax();
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
