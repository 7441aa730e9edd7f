/* SPDX-License-Identifier: Apache-2.0 */
/* drive_begin.c: a device's first steps in a call. */
#include "runtime/run.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"

#include <stdatomic.h>

enum parfun_status pf_drive_check(const struct pf_drive *drive)
{
    if (!atomic_load(&drive->driver->lost))
        return PARFUN_OK;
    if (atomic_load(&drive->run->engine->devices->ended))
        return pf_fail(PARFUN_SYSTEM,
                "%s (%s) is not used any more, as the process ends",
                drive->driver->device->name, drive->driver->device->selector);
    return pf_fail(PARFUN_DEVICE_FAILED,
            "%s (%s) has failed before; choose another device, or \"threads\", or "
            "call parfun_shutdown() to open it anew",
            drive->driver->device->name, drive->driver->device->selector);
}

struct asker {
    const struct pf_drive *drive;
    bool caller;
};

static bool may_wait(void *context)
{
    const struct asker *asker = context;

    pf_run_look(asker->drive->run, asker->caller, pf_clock_ns());
    return !pf_feed_look(asker->drive->run->feed).over;
}

static bool look_and_wait(void *context)
{
    const struct asker *asker = context;

    pf_run_look(asker->drive->run, asker->caller, pf_clock_ns());
    return true;
}

void pf_drive_take_back(const struct pf_drive *drive, bool caller)
{
    struct asker asker = { drive, caller };

    (void)pf_turn_take_while(
            &drive->driver->turn, PF_LIMITS_PERIOD_NS, look_and_wait, &asker);
}

bool pf_drive_take(const struct pf_drive *drive, bool caller)
{
    struct asker asker = { drive, caller };

    return pf_turn_take_while(
            &drive->driver->turn, PF_LIMITS_PERIOD_NS, may_wait, &asker);
}

/* The call goes on when its arrays are there, and without the device if it ends before. */
static enum parfun_status await_placed(
        const struct pf_drive *drive, bool caller, uint64_t mark)
{
    struct pf_device *device = drive->driver->device;
    uint64_t now_ns = pf_clock_ns();
    struct pf_feed_state state;
    bool reached = false;

    for (;;) {
        PF_TRY(device->backend->wait(
                device, 0, mark, now_ns + PF_LIMITS_PERIOD_NS, &reached, NULL));
        if (reached)
            return PARFUN_OK;
        now_ns = pf_clock_ns();
        pf_run_look(drive->run, caller, now_ns);
        state = pf_feed_look(drive->run->feed);
        if (pf_arrays_can_leave(drive->arrays)
                && (state.stopped || (state.over && !state.outstanding)))
            return pf_fail(PARFUN_TIMED_OUT,
                    "the call was over before its arrays were on %s (%s)",
                    device->name, device->selector);
    }
}

enum parfun_status pf_drive_begin(struct pf_drive *drive, bool caller)
{
    struct pf_run *run = drive->run;
    struct pf_device *device = drive->driver->device;
    struct pf_code *code;
    uint64_t mark;

    PF_TRY(pf_drive_check(drive));
    if (run->call->clauses->host_only)
        return pf_fail(PARFUN_UNSUPPORTED,
                "combine(shared: ...) needs the caller's own memory, which %s (%s) "
                "does not work in; choose \"threads\"",
                device->name, device->selector);
    PF_TRY(pf_drive_settle_for(drive, caller));
    PF_TRY(pf_function_build(run->function, run->settings, drive->driver, &code));
    PF_TRY(pf_arrays_create(
            run->call, &run->limits, drive->driver, code, &drive->arrays, &mark));
    PF_TRY(await_placed(drive, caller, mark));
    return pf_arrays_placed(drive->arrays);
}
