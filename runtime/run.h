/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.h: runs one checked call on the chosen devices and waits for it.
 */
#ifndef PF_RUN_H
#define PF_RUN_H

#include "runtime/arrays.h"
#include "runtime/feed.h"
#include "runtime/function.h"
#include "runtime/host.h"
#include "runtime/keep.h"

enum { PF_TALLY_RECENT = 8 };

/* What one worker did in a call, and why it did not do more. */
struct pf_tally {
    const struct pf_device *device;
    uint64_t compute_ns, compute_min_ns, compute_max_ns, partitioning_ns;
    uint64_t bytes_in, bytes_out;
    size_t partitions, items;
    struct pf_partition recent[PF_TALLY_RECENT]; /* in a ring, by `partitions` */
    enum parfun_status status; /* of a device that left the call */
    char *reason;              /* its sentence, or NULL */
};

/* What calls share: of the process, made by the API layer. */
struct pf_engine {
    struct pf_devices *devices;
    struct pf_workers *workers;
    struct pf_host_pool hosts;
    struct pf_lock lock;  /* of what follows */
    struct pf_run *idle;  /* runs kept for the next calls */
    struct pf_keep *keep; /* the process's kept memory */
};

/* One call under way. */
struct pf_run {
    struct pf_job job;   /* for CPU helpers */
    struct pf_run *next; /* in the engine's list */
    struct pf_engine *engine;
    struct parfun_function *function;
    struct pf_settings *settings;
    const struct pf_selection *selection;
    const struct pf_call *call;
    struct pf_keep_use use;               /* of kept memory */
    bool keeps;                           /* devices, too, work on some of it */
    const struct parfun_variant *variant; /* native code, or NULL: no CPU worker */
    struct pf_feed *feed;
    struct pf_plan *plan;         /* NULL: fixed sizes */
    struct pf_combiner *combiner; /* of an ordered call */
    struct pf_lock accumulating;  /* workers hand their copies in, or wake others */
    struct pf_plan_machine machine;
    unsigned *device_class;
    struct pf_device_facts *facts;
    bool *ready;
    struct pf_tally *tally; /* by worker: CPU workers, then devices */
    struct pf_drive *drive; /* by device */
    unsigned workers, room;
    unsigned cpu_workers;
    _Atomic unsigned joined; /* CPU helpers that have entered */
    unsigned engaged;        /* CPU helpers asked for; under `accumulating` */
    uint64_t begin_ns, combining_ns;
    size_t chosen; /* the largest partition of a CPU worker; 0 without a plan */
    struct pf_model spare_model;
    struct pf_plan *spare_plan; /* kept with the run; NULL until it is needed */
};

/* A device's part in a call. */
struct pf_drive {
    struct pf_job job;
    struct pf_run *run;
    struct pf_driver *driver;
    struct pf_arrays *arrays;
    unsigned worker;
    bool engaged; /* its thread, or the caller, drives it; under `accumulating` */
};

enum parfun_status pf_engine_init(struct pf_engine *engine,
        struct pf_devices *devices, unsigned threads, const unsigned *processors);
void pf_engine_finish(struct pf_engine *engine);

/* What a call was, for its profile and trace; valid until pf_run_give(). */
enum parfun_status pf_run_take(struct pf_engine *engine,
        struct parfun_function *function, struct pf_settings *settings,
        const struct pf_selection *selection, const struct pf_call *call,
        bool tracing, struct pf_run **run);

/* Runs it.  On failure this thread's sentence says why. */
enum parfun_status pf_run_execute(struct pf_run *run, size_t fixed, size_t initial);

void pf_run_give(struct pf_run *run);

/* drive.c: the device takes partitions until the call has none left for it.  The
 * driver's lock is taken inside.  `caller`: combines results meanwhile. */
void pf_drive_run(struct pf_drive *drive, bool caller);

/* drive.c: partitions of earlier calls that were left behind must end before the device
 * is used again, however they end.  `alone`: they are waited for.  The caller holds the
 * driver's lock. */
enum parfun_status pf_drive_settle(struct pf_driver *driver, bool alone);

/* run.c, for drive.c: asks for the help of those who are worth their waking by now.
 * Any worker may find that out. */
void pf_run_wake(struct pf_run *run);

/* run.c, for drive.c: adds a partition to a worker's tally. */
void pf_run_count(struct pf_run *run, unsigned worker, const struct pf_piece *piece,
        const struct pf_piece_times *times);

#endif
