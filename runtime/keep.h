/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep.h: memory that stays on devices between calls (parfun_keep).  Each kept range
 * has a map of which bytes are up to date where, and a copy on each device that has
 * used it, made at the first need.
 *
 * A byte is up to date on the host and any number of devices, on one device alone, or
 * nowhere: then that device has failed.  What a call's only worker, a device, writes
 * stays there.  In all other calls results come to the host as well, at once, so that
 * a partition can be run again elsewhere, and only what was written elsewhere moves
 * to a device.
 *
 * Locks, in the order of taking: the registry's, or a driver's; then a range's.  None
 * is held while the caller's code runs.
 */
#ifndef PF_KEEP_H
#define PF_KEEP_H

#include "runtime/call.h"
#include "runtime/devices.h"
#include "runtime/keep_map.h"
#include "runtime/limits.h"

/* A range's copy on a device. */
struct pf_keep_copy {
    struct pf_kept *kept;
    struct pf_driver *driver;  /* NULL: no copy.  Changed with the driver's turn and
                                  the range's */
    struct pf_memory *memory;  /* these with the driver's turn */
    unsigned users;            /* calls that rely on it */
    struct pf_keep_copy *next; /* of the driver, the last used first */
};

struct pf_kept {
    struct pf_kept *next; /* in the registry */
    char *memory;
    size_t bytes;
    unsigned calls;      /* under way with it; under the registry's lock */
    struct pf_lock lock; /* of what follows */
    struct pf_keep_map map;
    _Atomic bool
            away; /* not all is up to date on the host; for the child of a fork */
    struct pf_keep_copy copy[PF_KEEP_DEVICES]; /* by driver */
};

/* A call under way, so that nothing it uses is kept or released. */
struct pf_keep_use {
    struct pf_keep_use *next, *previous;
    const struct pf_call *call;
    bool kept; /* some of its arrays are */
};

/* All ranges of the process. */
struct pf_keep {
    struct pf_lock lock;
    struct pf_kept *ranges;
    struct pf_keep_use *uses;
};
#define PF_KEEP_INITIALIZER { .lock = PF_LOCK_INITIALIZER }

/* ---- keep.c: for the API ---------------------------------------------------------------- */

/* See parfun_keep() and its sisters.  Devices stay open meanwhile. */
enum parfun_status pf_keep_add(
        struct pf_keep *keep, const void *memory, size_t bytes);
enum parfun_status pf_keep_update_host(struct pf_keep *keep, const void *memory);
enum parfun_status pf_keep_update_devices(struct pf_keep *keep, const void *memory);
enum parfun_status pf_keep_release(struct pf_keep *keep, const void *memory);

/* Before devices close: what only they have comes to the host, as far as they can
 * still be read, and their copies go.  No call is under way. */
void pf_keep_close(struct pf_keep *keep);

/* In the child of a fork: what only devices had is nowhere. */
void pf_keep_renew(struct pf_keep *keep);

/* ---- keep_call.c: for calls --------------------------------------------------------------- */

/* A call begins: finds the kept ranges of its arrays, and brings to the host what its
 * workers will read there.  `alone`: the device that is the only worker, or NULL;
 * `devices`: there are devices among the workers.  PARFUN_INVALID if an array lies
 * partly in a range; PARFUN_DEVICE_FAILED if what it reads is nowhere; or what the
 * limits say. */
enum parfun_status pf_keep_begin(struct pf_keep *keep, struct pf_keep_use *use,
        const struct pf_call *call, struct pf_driver *alone, bool devices,
        const struct pf_limits *limits);
/* It is over; also after a failure of pf_keep_begin(). */
void pf_keep_end(struct pf_keep *keep, struct pf_keep_use *use);

/* The argument's whole array, and a partition's part of it, in its kept range. */
struct pf_keep_span pf_keep_whole(const struct pf_call_argument *argument);
struct pf_keep_span pf_keep_part(
        const struct pf_call_argument *argument, size_t first, size_t count);

/* The bytes per item that move to and from devices, less those that do not as the
 * arrays are kept. */
void pf_keep_traffic(
        const struct pf_call *call, double *bytes_in, double *bytes_out);

/* A partition's part of it is one piece of memory that only this partition writes. */
bool pf_keep_is_cut(const struct pf_call_argument *argument);

/* A partition is about to run, and writes into the host's memory. */
enum parfun_status pf_keep_host_writes(
        const struct pf_call *call, size_t first, size_t count);

/* ---- keep_move.c: copies on devices.  The caller has the driver's turn where the
 * driver is a parameter. ------------------------------------------------------------------- */

/* Of a device's memory that kept copies take at most: partitions need some, too. */
#define PF_KEEP_PART 0.5

/* Bytes of the range's copy on this device; 0 if it never has room for it. */
double pf_keep_copy_bytes(
        const struct pf_kept *kept, const struct pf_device *device);

/* The range's copy on the device, counted as used until pf_keep_copy_leave().  NULL if
 * the device has no room for it; copies that nobody uses make room.  `lane` has nothing queued, here and below. */
enum parfun_status pf_keep_copy_use(struct pf_kept *kept, struct pf_driver *driver,
        unsigned lane, const struct pf_limits *limits, struct pf_memory **memory);
void pf_keep_copy_leave(struct pf_kept *kept, struct pf_driver *driver);
bool pf_keep_copy_exists(
        const struct pf_kept *kept, const struct pf_driver *driver);

/* Gives up the copy that was not used for longest; false if all are in use, or it could
 * not be read. */
bool pf_keep_evict(
        struct pf_driver *driver, unsigned lane, const struct pf_limits *limits);

/* Brings to the host what of the span is up to date on this device alone, through memory
 * of the library's own: a device that no longer answers never reaches the host's.  Such
 * a one is given up after the driver's hang_s, and left behind when the limits end the
 * wait. */
enum parfun_status pf_keep_bring(struct pf_kept *kept, struct pf_driver *driver,
        unsigned lane, struct pf_keep_span span, const struct pf_limits *limits);

/* The same from whatever device has it.  `but`: what is up to date there may stay, or
 * NULL.  `limits`, or NULL, end the wait.  The caller has no driver's turn. */
enum parfun_status pf_keep_fetch(struct pf_kept *kept, struct pf_keep_span span,
        const struct pf_driver *but, const struct pf_limits *limits);

/* Queues in the lane what of the span is out of date on the device; *bytes grows.  It
 * is up to date there once the caller says so.  `through`: it is copied to there first,
 * where room is for all of the span; or NULL. */
enum parfun_status pf_keep_send(struct pf_kept *kept, struct pf_driver *driver,
        unsigned lane, struct pf_keep_span span, char *through, uint64_t *bytes);

/* Drops the copy, whatever it has. */
void pf_keep_drop(struct pf_kept *kept, struct pf_driver *driver);

/* Changes the range's map; see pf_keep_map_change(). */
enum parfun_status pf_keep_mark(struct pf_kept *kept, struct pf_keep_span span,
        uint64_t without, uint64_t with);

#endif
