/* SPDX-License-Identifier: Apache-2.0 */
/* drive_settle.c: what earlier calls have left to a device. */
#include "runtime/run.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"

enum parfun_status pf_drive_settle(struct pf_driver *driver, uint64_t end_ns)
{
    struct pf_device *device = driver->device;

    for (unsigned l = 0; l < PF_DRIVER_LANES; l++) {
        enum parfun_status status = PARFUN_OK;
        bool reached = true;

        if (driver->left_behind[l])
            status = device->backend->wait(
                    device, l, driver->left_behind[l], end_ns, &reached, NULL);
        if (status == PARFUN_DEVICE_FAILED || (status && !reached))
            return status;
        if (!reached)
            return pf_fail(PARFUN_TIMED_OUT,
                    "%s (%s) is still busy with a partition of an earlier call; "
                    "choose another device, or \"threads\"",
                    device->name, device->selector);
        driver->left_behind[l] = 0;
    }
    pf_spares_unpark(driver);
    return PARFUN_OK;
}

enum parfun_status pf_drive_settle_for(struct pf_drive *drive, bool caller)
{
    struct pf_run *run = drive->run;
    const bool alone = !pf_feed_look(run->feed).others;
    const uint64_t begin_ns = pf_clock_ns();
    const uint64_t end_ns = begin_ns + (alone ? PF_DRIVE_SETTLE_NS : 0);
    uint64_t now_ns = begin_ns;
    enum parfun_status status;

    do {
        const uint64_t look_ns = now_ns + PF_LIMITS_PERIOD_NS;

        pf_run_look(run, caller, now_ns);
        status =
                pf_drive_settle(drive->driver, look_ns < end_ns ? look_ns : end_ns);
        now_ns = pf_clock_ns();
    } while (status == PARFUN_TIMED_OUT && now_ns < end_ns
            && !pf_feed_look(run->feed).stopped);
    return status;
}
