/* SPDX-License-Identifier: Apache-2.0 */
/* drive_settle.c: what earlier calls have left to a device. */
#include "runtime/run.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"

/* How long a call waits for what earlier ones have left behind, if nobody else can run
 * it. */
static const double SETTLE_S = 10;

enum parfun_status pf_drive_settle(struct pf_driver *driver, bool alone)
{
    struct pf_device *device = driver->device;
    const uint64_t end_ns =
            pf_clock_ns() + (alone ? (uint64_t)(SETTLE_S * 1e9) : 0);

    for (unsigned l = 0; l < PF_DRIVER_LANES; l++) {
        enum parfun_status status = PARFUN_OK;
        bool reached = true;

        if (driver->left_behind[l])
            status = device->backend->wait(
                    device, l, driver->left_behind[l], end_ns, &reached, NULL);
        if (status == PARFUN_DEVICE_FAILED)
            return status;
        if (!reached)
            return pf_fail(PARFUN_TIMED_OUT,
                    "%s (%s) is still busy with a partition of an earlier call; "
                    "choose another device, or \"threads\"",
                    device->name, device->selector);
        driver->left_behind[l] = 0;
    }
    return PARFUN_OK;
}
