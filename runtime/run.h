/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.h: runs one checked call on the chosen devices and waits for it.
 */
#ifndef PF_RUN_H
#define PF_RUN_H

#include "runtime/arrays.h"
#include "runtime/feed.h"
#include "runtime/function.h"
#include "runtime/generator.h"
#include "runtime/host.h"
#include "runtime/keep.h"

enum {
    PF_TALLY_RECENT = 8,
    PF_RUN_RESULTS = 4 /* of each() outputs, per worker: how many may wait */
};

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

/* What a thread is inside of, put aside while it works on another call. */
struct pf_loan {
    struct pf_selection *selection;
    const struct pf_limits *limits;
    unsigned scopes;
};

/* What calls share: of the process, made by the API layer. */
struct pf_engine {
    struct pf_devices *devices;
    struct pf_workers *workers;
    struct pf_host_pool hosts;
    struct pf_memory_pool *memory; /* for arrays in the order of groups */
    struct pf_keep *keep;          /* the process's kept memory */
    struct pf_lock lock;           /* of what follows */
    struct pf_run *idle;           /* runs kept for the next calls */

    /* Between these two the thread is inside the call: what it calls inherits the
     * choice of devices, and stops with it. */
    void (*enter)(struct pf_loan *loan, struct pf_selection *selection,
            const struct pf_limits *limits);
    void (*leave)(const struct pf_loan *loan);
    const _Atomic uint64_t *cancels; /* of all calls */
};

/* A CPU worker at work. */
struct pf_hand {
    struct pf_host *host; /* NULL: it does not run partitions */
    unsigned worker;
    bool caller;     /* it has the caller's duties, too */
    uint64_t now_ns; /* when it had done the last thing, or asked for the next */
    uint64_t change; /* the feed's, when it had nothing for this worker */
    uint64_t came_ns, looked_ns; /* into the call; for others who want its help */
    uint64_t stay_ns;            /* leaving is worth what it takes after so long */
    bool leaves;                 /* as others do want it */
};

/* One call under way. */
struct pf_run {
    struct pf_job job;   /* for CPU helpers */
    struct pf_run *next; /* in the engine's list */
    struct pf_engine *engine;
    struct parfun_function *function;
    struct pf_settings *settings;
    struct pf_selection *selection;
    const struct pf_call *call;
    struct pf_keep_use use;   /* of kept memory */
    bool using;               /* pf_keep_begin() was called */
    bool keeps;               /* devices, too, work on some of it */
    struct pf_host_code code; /* both NULL: no CPU worker */
    struct pf_limits limits;
    struct pf_feed *feed;
    struct pf_plan *plan;          /* NULL: the sizes are not planned */
    struct pf_source_plan planned; /* one of the three is the source */
    struct pf_source_fixed fixed;
    struct pf_generator generator;
    struct pf_combiner *combiner; /* of an ordered call */
    struct pf_model *model;       /* of the plan */
    bool present;                 /* the caller takes part from the beginning */
    bool alone;                   /* and nobody else */
    bool attended;      /* the caller may not be busy with driving a device */
    struct pf_hand own; /* the caller's part; between its steps */
    struct pf_host *callers_host; /* kept with the run between its parts */
    bool arrived;                 /* it has one */
    _Atomic unsigned driving;    /* devices that their threads are asked to drive */
    struct pf_lock accumulating; /* workers hand their copies in, or wake others */
    struct pf_plan_machine machine;
    unsigned *device_class;
    struct pf_device_facts *facts;
    bool *ready, *asked;
    struct pf_tally *tally; /* by worker: CPU workers, then devices */
    struct pf_drive *drive; /* by device */
    unsigned workers, room;
    unsigned cpu_workers, device_count;
    _Atomic unsigned joined; /* CPU workers that have come, numbered so */
    unsigned *vacant; /* numbers of those that have left, as others wanted them */
    _Atomic unsigned vacancies; /* how many; changed under `accumulating` */
    _Atomic unsigned engaged; /* CPU helpers asked for; set under `accumulating` */
    uint64_t begin_ns, combining_ns;
    uint64_t making_ns;    /* of partitions by generators; not yet in a tally */
    uint64_t gathering_ns; /* rows of groups */
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
        struct pf_selection *selection, const struct pf_call *call, bool tracing,
        struct pf_run **run);

/* It begins: helpers come.  `present`: the caller takes part from now on, and finishes
 * it next. */
enum parfun_status pf_run_begin(
        struct pf_run *run, size_t fixed, size_t initial, bool present);

/* The caller works on it until the next result in order is there: *result, taken out
 * of the feed; NULL: there are no more.  Fails as the call does. */
enum parfun_status pf_run_next(struct pf_run *run, struct pf_result **result);

/* The caller works on it until all is done.  On failure this thread's sentence says
 * why. */
enum parfun_status pf_run_finish(struct pf_run *run);

/* Brings to the host what the call needs there of kept memory: before its arrays are
 * looked at, and within the call's limits, which have begun.  It is in use until
 * pf_run_give(). */
enum parfun_status pf_run_use_kept(struct pf_run *run);

void pf_run_give(struct pf_run *run);

/* drive.c: the device takes partitions until the call has none left for it.  The
 * driver's turn is taken inside.  `caller`: combines results meanwhile. */
void pf_drive_run(struct pf_drive *drive, bool caller);

/* drive_begin.c: the driver's turn is taken; false if the call is over before others have
 * given it up. */
bool pf_drive_take(const struct pf_drive *drive, bool caller);
/* The same after others were let in, however long they take: the call's arrays are on the
 * device.  Its limits are looked at meanwhile. */
void pf_drive_take_back(const struct pf_drive *drive, bool caller);
/* With the driver's turn: fails if the device was lost meanwhile. */
enum parfun_status pf_drive_check(const struct pf_drive *drive);
/* Then: the kernel is built and the call's arrays placed. */
enum parfun_status pf_drive_begin(struct pf_drive *drive, bool caller);

/* drive_settle.c: partitions of earlier calls that were left behind must end before the
 * device is used again, however they end: PARFUN_TIMED_OUT if they have not by end_ns.
 * The caller has the driver's turn. */
enum parfun_status pf_drive_settle(struct pf_driver *driver, uint64_t end_ns);
/* For so long if nobody else can do the work. */
#define PF_DRIVE_SETTLE_NS UINT64_C(10000000000)
/* The same for a call: no longer than its limits allow, and only if nobody else can
 * run its partitions. */
enum parfun_status pf_drive_settle_for(struct pf_drive *drive, bool caller);

/* run.c, for drive.c: asks for the help of those who are worth their waking by now.
 * Any worker may find that out. */
void pf_run_wake(struct pf_run *run);

/* run_work.c: the calling thread's hand, or a helper's, is ready; then takes and runs
 * one partition, and looks at the limits; then what it accumulated is handed in. */
void pf_run_take_hand(struct pf_run *run, struct pf_hand *hand);
/* Of the caller, between its other duties. */
enum pf_feed_answer pf_run_step(struct pf_run *run, struct pf_hand *hand);
void pf_run_drop_hand(struct pf_run *run, struct pf_hand *hand);
/* The same until there is none for it now: each is reported, and the next one taken, at
 * once.  Not for a caller who makes or combines partitions meanwhile. */
enum pf_feed_answer pf_run_steps(struct pf_run *run, struct pf_hand *hand);

/* run_work.c, on the calling thread: has generators make what workers wait for. */
void pf_run_supply(struct pf_run *run);

/* run_work.c: a helper's whole part. */
bool pf_run_help(struct pf_job *job);

/* run_work.c, for drive.c: the call must stop if a limit is reached. */
void pf_run_look(struct pf_run *run, bool caller, uint64_t now_ns);

/* run_work.c, for drive.c: adds a partition to a worker's tally. */
void pf_run_count(struct pf_run *run, unsigned worker, const struct pf_piece *piece,
        const struct pf_piece_times *times);

#endif
