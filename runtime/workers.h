/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workers.h: the library's own threads.  Calls post jobs; idle threads enter them
 * and leave when nothing is left to do.  Any number of jobs may be posted at once
 * (many callers, nested calls): a free thread enters the one on which the fewest work,
 * of equal ones the oldest, and may leave it for another one between two pieces of work.
 * Threads wait for the next job for as long as waking them would take, and are then
 * blocked.
 *
 * A job's owner works on it itself, so that a job without helpers is finished,
 * too, and no order of waiting can deadlock.
 */
#ifndef PF_WORKERS_H
#define PF_WORKERS_H

#include "runtime/base/thread.h"
#include "runtime/waking.h"

/* Threads are woken in a tree: who posts a job wakes so many, and each of these so
 * many more, until as many as were asked for are awake. */
enum { PF_WORKERS_FAN = 8 };

struct pf_job {
    /* Called by a helper; returns when nothing is left for it: false.  True: it leaves
     * for others, pf_workers_wanted_elsewhere(), and somebody may enter in its place. */
    bool (*run)(struct pf_job *job);
    bool attended; /* its owner works on it, too */
    bool nested;   /* in another job's work, so that nobody leaves a job for it */
    /* The pool's own. */
    unsigned wanted;         /* helpers that may still enter */
    _Atomic unsigned inside; /* changed with the pool's lock held */
    _Atomic bool posted;     /* likewise */
    bool retracted;
    struct pf_job *next, *previous;
};

struct pf_workers;

/* A pool of at most `threads` threads, each started when it is first needed.
 * `processors`: to pin thread i to processors[i], or NULL. */
enum parfun_status pf_workers_create(
        unsigned threads, const unsigned *processors, struct pf_workers **workers);
/* Joins the threads.  No job may be posted. */
void pf_workers_destroy(struct pf_workers *workers);

/* More threads may be asked for than at creation ("threads:8" on 2 cores). */
void pf_workers_limit(struct pf_workers *workers, unsigned threads);

struct pf_workers_outlook {
    /* Those who wait for each other here do not sleep at once.  Not if there are more
     * threads than at creation: they may not all have a processor. */
    bool patient;
    /* What it takes at present to wake the threads; next to nothing for those that look
     * for work, and for those that should, as calls follow each other closely. */
    struct pf_waking waking;
};

/* A call begins, at now_ns of pf_clock_ns(), that may ask for so many threads; limits as
 * pf_workers_limit(). */
struct pf_workers_outlook pf_workers_expect(
        struct pf_workers *workers, unsigned threads, uint64_t now_ns);

/* Let up to `helpers` more threads enter the job.  May be called again while it is
 * posted.  Fewer come if threads are busy or the system refuses to start them; false
 * if the pool has none that could ever come, and then the job is not posted. */
bool pf_workers_post(
        struct pf_workers *workers, struct pf_job *job, unsigned helpers);

/* Asked by a helper between two pieces of work: should it leave its job for one on which
 * fewer work?  Then it must.  `long_enough`: it has been there for a while, so that it leaves, too, if
 * only one more works here.  Cheap if no other job wants helpers. */
bool pf_workers_wanted_elsewhere(
        struct pf_workers *workers, const struct pf_job *job, bool long_enough);

/* Nobody enters any more, whoever still posts the job; blocks until all helpers have
 * left. */
void pf_workers_retract(struct pf_workers *workers, struct pf_job *job);

#endif
