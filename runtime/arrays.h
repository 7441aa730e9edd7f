/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrays.h: a call's arrays on one device: what lies there for the whole call, what
 * moves with each partition, and what comes back.  One partition per lane at a
 * time.  Used by the thread that drives the device.
 *
 * An array that is read and written is never written back before its partition has
 * succeeded, so that the partition can run elsewhere if the device fails.
 *
 * A call with a limit of time works apart: its arrays reach the device, and its results
 * come back, through memory of the library's own, so that the device can be left alone
 * at any moment.
 */
#ifndef PF_ARRAYS_H
#define PF_ARRAYS_H

#include "runtime/combine.h"
#include "runtime/devices.h"
#include "runtime/limits.h"

struct pf_arrays;

/* Bytes that a call needs on the device: for all partitions together, and per item
 * of a partition in one lane. */
struct pf_arrays_need {
    double fixed, per_item;
    double widest; /* bytes per item of the largest single array */
};
struct pf_arrays_need pf_arrays_need(
        const struct pf_call *call, const struct pf_device *device);

/* Arrays that every partition sees whole are sent here, queued in lane 0 up to *mark.
 * The caller has the driver's turn, until pf_arrays_destroy(), which is needed after a
 * failure, too: *arrays then is what had been begun, or NULL.  Results are fetched only
 * when their partition has run, so that one that hangs can be left alone.  `limits`: of
 * the call, and what ends the wait for kept memory. */
enum parfun_status pf_arrays_create(const struct pf_call *call,
        const struct pf_limits *limits, struct pf_driver *driver,
        struct pf_code *code, struct pf_arrays **arrays, uint64_t *mark);
/* What was sent is there. */
enum parfun_status pf_arrays_placed(struct pf_arrays *arrays);

/* The call goes on without the device: what is queued that reads or writes memory of the
 * caller's is waited for, and all else left behind.  If that fails the device is given
 * up, and false returned.  Takes NULL. */
bool pf_arrays_leave(struct pf_arrays *arrays);

/* `quiet`: nothing that was submitted still runs, so that what it was staged in can be
 * kept for the next call; otherwise it is parked.  Takes NULL. */
void pf_arrays_destroy(struct pf_arrays *arrays, bool quiet);

/* Copies in and launches, queued in the lane up to *mark. */
enum parfun_status pf_arrays_submit(struct pf_arrays *arrays, unsigned lane,
        const struct pf_part *part, uint64_t *mark);

/* The lane's partition has run: copies out, queued up to *mark.  *mark stays as it
 * is if they were queued with the launch. */
enum parfun_status pf_arrays_fetch(
        struct pf_arrays *arrays, unsigned lane, uint64_t *mark);

/* Whether what was submitted can be left to itself: it touches no memory of the
 * caller's any more. */
bool pf_arrays_can_leave(const struct pf_arrays *arrays);

/* What was fetched is there: the caller's arrays and `result` (begun; NULL if
 * the call is not ordered) receive what it left.  Fails for lack of memory alone. */
enum parfun_status pf_arrays_collect(
        struct pf_arrays *arrays, unsigned lane, struct pf_result *result);

/* What this device has accumulated in argument `index`; NULL if nothing. */
const void *pf_arrays_accumulated(const struct pf_arrays *arrays, unsigned index);

/* Bytes that went in and out so far. */
void pf_arrays_traffic(
        const struct pf_arrays *arrays, uint64_t *bytes_in, uint64_t *bytes_out);

#endif
