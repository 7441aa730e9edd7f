/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake_backend.h: devices made of host memory, to test what the runtime does with
 * devices: how it shares work between them, and what it does when they fail.
 *
 * A fake device runs the native code of a kernel (which a test writes in C) on
 * copies of the arrays that only it has.  It does so as late as the interface
 * allows, when a mark is waited for; so inputs that were given back too early, and
 * results that were read too early, show.  It has a speed, and a script of
 * failures.  What breaks the contract of backend.h is recorded, not forgiven.
 *
 * Link fake_backend.c, fake_lane.c, fake_run.c, and fake_table.c for programs whose backends
 * are `none`, `serial`, `threads` and `fake`.
 */
#ifndef PF_TESTS_FAKE_BACKEND_H
#define PF_TESTS_FAKE_BACKEND_H

#include "backends/backend.h"

#include <limits.h>

enum { FAKE_DEVICES = 8, FAKE_FAILURES = 16 };
#define FAKE_ANY UINT_MAX

extern const struct pf_backend fake_backend;

/* What a device is like; zero means: two lanes, a GPU, no limit, no time. */
struct fake_device {
    const char *name;         /* NULL: "Fake 0" */
    enum pf_device_kind kind; /* a CPU is given as a GPU, too */
    unsigned lanes;
    double launch_s, seconds_per_item;
    double copy_s, seconds_per_byte;
    size_t memory_bytes;
    bool shared_memory; /* zero copy for what is only read or only written */
    bool same_cpu;      /* its cores are the threads' */
    bool no_offsets;    /* for all kernels; else for those with barriers */
    bool no_doubles, no_denormals;
};

enum fake_call {
    FAKE_OPEN, /* of the backend; the device is not looked at */
    FAKE_CODE_CREATE,
    FAKE_MEMORY_CREATE,
    FAKE_WRITE,
    FAKE_READ,
    FAKE_MOVE,
    FAKE_LAUNCH,
    FAKE_MARK,
    FAKE_WAIT,
    FAKE_CALLS
};

/* The `nth` such call from now on (0: the first) returns `status`; if for_ever is
 * true all later ones too.  `hangs`, of writes, reads, moves and launches: the call
 * succeeds, but nothing in its lane is ever done from then on.  `late`, of the
 * same: the call succeeds and does nothing, and `status` comes from the wait
 * behind it. */
struct fake_failure {
    unsigned device; /* or FAKE_ANY */
    enum fake_call call;
    unsigned nth;
    bool for_ever, hangs, late;
    enum parfun_status status;
};

/* Before the backend is opened.  Copied; names must stay valid. */
void fake_set_devices(const struct fake_device *devices, unsigned count);
void fake_fail(const struct fake_failure *failure);

/* The next launches, of any device, take longer by so many seconds each. */
void fake_delay(unsigned launches, double seconds);

/* What hangs goes on: also what closed devices hold, at once. */
void fake_wake(void);

/* Devices, codes and memories that exist. */
size_t fake_live(void);
/* How often a call was made since the reset; FAKE_ANY: on all devices. */
size_t fake_count(unsigned device, enum fake_call call);
/* Bytes that copies moved; zero copy moves none. */
size_t fake_bytes_written(void);
size_t fake_bytes_read(void);

/* Whether this thread runs a fake device's kernel. */
bool fake_is_running(void);

/* The first breach of the contract, or NULL. */
const char *fake_breach(void);

/* Forgets devices, failures, counts, and the first breach; what hangs is thrown
 * away.  Nothing may be open. */
void fake_reset(void);

#endif
