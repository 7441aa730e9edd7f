/* SPDX-License-Identifier: Apache-2.0 */
/*
 * devices.h: the devices that this process has opened, and who drives them.  A
 * backend is opened at its first use and stays open until pf_devices_finish().
 */
#ifndef PF_DEVICES_H
#define PF_DEVICES_H

#include "runtime/base/turn.h"
#include "runtime/selection.h"
#include "runtime/spares.h"
#include "runtime/workers.h"

enum { PF_DEVICES_MAX = 64, PF_DEVICES_PARTS = 16, PF_DRIVER_LANES = 8 };

/* A device that is no CPU, and what one thread at a time needs to drive it. */
struct pf_driver {
    struct pf_device *device;
    struct pf_turn turn;         /* has whoever uses the device */
    struct pf_workers *thread;   /* one thread, for calls whose caller does not
                                    drive the device; it starts at the first need */
    struct pf_reducer *reducers; /* kernels for reductions, see reducers.h */
    struct pf_spares spares;     /* memory between calls, see spares.h */
    unsigned number;             /* among all drivers, from 0 */
    _Atomic bool lost;           /* it failed, and is not used again */
    _Atomic bool builds_ended;   /* the process ends: nothing is built any more */
    /* By lane: the mark of a partition that others have run, as it was late; 0: none.
     * The device is used again when all are reached. */
    uint64_t left_behind[PF_DRIVER_LANES];
    struct pf_keep_copy *kept; /* copies of kept memory, the last used first */
    size_t kept_bytes;         /* all of them */
    double hang_s;             /* nothing that takes less on the device hangs */
};

/* Some of a device's compute units. */
struct pf_device_part {
    struct pf_device *whole, *device;
    unsigned units;
};

struct pf_devices {
    struct pf_device_source source; /* must be first */
    struct pf_lock lock;
    struct pf_backend_options options;
    bool forked;        /* drivers of the parent do not work in this process */
    _Atomic bool ended; /* the process ends, and drivers with it */
    double hang_s;      /* of the drivers to come */
    struct pf_device_list list[8]; /* of each backend of the table */
    bool opened[8];
    struct pf_driver driver[PF_DEVICES_MAX];
    unsigned driver_count;
    struct pf_device_part part[PF_DEVICES_PARTS];
    unsigned part_count;
};

/* `forked`: the process is a child that has not called exec; then only host
 * backends open, others are PARFUN_SYSTEM. */
enum parfun_status pf_devices_init(struct pf_devices *devices,
        const struct pf_backend_options *options, bool forked);
/* No call may be under way, and no code or memory of the devices be left. */
void pf_devices_finish(struct pf_devices *devices);

/* The process ends: no device is reached from now on.  Drivers' own data may be gone
 * while a thread still builds a kernel with them; who does so is waited for, but
 * not for ever. */
void pf_devices_hold(struct pf_devices *devices);

/* The same begins, and drivers' compilers go first, with destructors that were registered
 * in the midst of a build: builds ahead are waited for, and no more begin. */
void pf_devices_end_builds(void *devices);

/* The driver of a device that is no CPU; never NULL for one of the source's. */
struct pf_driver *pf_devices_driver(
        struct pf_devices *devices, const struct pf_device *device);

#endif
