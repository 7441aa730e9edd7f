/* SPDX-License-Identifier: Apache-2.0 */
/* devices.c: opens backends once and keeps their devices. */
#include "runtime/devices.h"

#include "backends/table.h"
#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/reducers.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Builds take a second, and hung ones longer than anybody waits. */
static const uint64_t HOLD_NS = 5000000000;

/* Called with the lock held. */
static enum parfun_status add_driver(
        struct pf_devices *devices, struct pf_device *device)
{
    struct pf_driver *driver = &devices->driver[devices->driver_count];
    enum parfun_status status;

    *driver = (struct pf_driver){
        .device = device,
        .number = devices->driver_count,
        .hang_s = devices->hang_s,
    };
    PF_TRY(pf_turn_init(&driver->turn));
    /* no processor is this thread's own */
    status = pf_workers_create(0, NULL, &driver->thread);
    if (status) {
        pf_turn_finish(&driver->turn);
        return status;
    }
    pf_workers_limit(driver->thread, 1);
    devices->driver_count++;
    return PARFUN_OK;
}

/* What calls have left to the device has ended. */
static bool is_quiet(const struct pf_driver *driver)
{
    struct pf_device *device = driver->device;
    bool quiet = !atomic_load(&driver->lost);

    for (unsigned l = 0; l < PF_DRIVER_LANES && quiet; l++)
        if (driver->left_behind[l]
                && device->backend->wait(
                        device, l, driver->left_behind[l], 0, &quiet, NULL))
            quiet = false;
    return quiet;
}

/* Drivers from number `first` on go away. */
static void remove_drivers(struct pf_devices *devices, unsigned first)
{
    while (devices->driver_count > first) {
        struct pf_driver *driver = &devices->driver[--devices->driver_count];

        pf_workers_destroy(driver->thread);
        pf_reducers_finish(driver);
        pf_spares_finish(driver);
        if (is_quiet(driver))
            pf_spares_unpark(driver);
        else
            pf_spares_abandon(driver);
        pf_turn_finish(&driver->turn);
    }
}

/* Closes the list's devices from `first` on. */
static void close_devices(struct pf_device_list *list, size_t first)
{
    while (list->count > first) {
        struct pf_device *device = list->devices[--list->count];

        device->backend->close(device);
    }
}

static void finish_list(struct pf_device_list *list)
{
    close_devices(list, 0);
    free(list->devices);
    free(list->skipped);
    *list = (struct pf_device_list){ 0 };
}

static enum parfun_status add_drivers(
        struct pf_devices *devices, struct pf_device_list *list)
{
    const unsigned before = devices->driver_count;
    enum parfun_status status = PARFUN_OK;

    if (list->count > PF_DEVICES_MAX - before)
        close_devices(list, PF_DEVICES_MAX - before);
    for (size_t i = 0; i < list->count && !status; i++)
        status = add_driver(devices, list->devices[i]);
    if (status)
        remove_drivers(devices, before);
    return status;
}

static enum parfun_status open_backend(
        struct pf_devices *devices, const struct pf_backend *backend, size_t slot)
{
    struct pf_device_list *list = &devices->list[slot];
    enum parfun_status status = PARFUN_OK;

    PF_TRY(backend->open(&devices->options, list));
    if (*list->skipped)
        pf_log(PF_LOG_INFO, "%s: %s", backend->name, list->skipped);
    if (!backend->native)
        status = add_drivers(devices, list);
    if (status)
        finish_list(list);
    else
        devices->opened[slot] = true;
    return status;
}

static enum parfun_status open_source(struct pf_device_source *source,
        const struct pf_backend *backend, const struct pf_device_list **list)
{
    struct pf_devices *devices = (struct pf_devices *)source;
    enum parfun_status status = PARFUN_OK;
    size_t slot = 0;

    if (devices->forked && !backend->native)
        return pf_fail(PARFUN_SYSTEM,
                "after fork() the child has no threads and no %s devices; choose "
                "\"serial\" there, or call exec first",
                backend->name);
    if (devices->ended && !backend->native)
        return pf_fail(PARFUN_SYSTEM,
                "the process ends, and its %s devices are not used any more; choose "
                "\"threads\" or \"serial\" in exit handlers",
                backend->name);
    while (pf_backend_table[slot] != backend)
        slot++;
    pf_lock_take(&devices->lock);
    if (!devices->opened[slot])
        status = open_backend(devices, backend, slot);
    pf_lock_give(&devices->lock);
    *list = &devices->list[slot];
    return status;
}

/* Called with the lock held. */
static enum parfun_status add_part(struct pf_devices *devices,
        struct pf_device *whole, unsigned units, struct pf_device **part)
{
    struct pf_device *made = NULL;
    enum parfun_status status;

    if (!whole->backend->part || devices->part_count == PF_DEVICES_PARTS
            || devices->driver_count == PF_DEVICES_MAX)
        return PARFUN_OK;
    PF_TRY(whole->backend->part(whole, units, &made));
    if (!made)
        return PARFUN_OK;
    status = add_driver(devices, made);
    if (status) {
        whole->backend->close(made);
        return status;
    }
    devices->part[devices->part_count++] =
            (struct pf_device_part){ whole, made, units };
    *part = made;
    return PARFUN_OK;
}

static enum parfun_status part_source(struct pf_device_source *source,
        struct pf_device *device, unsigned units, struct pf_device **part)
{
    struct pf_devices *devices = (struct pf_devices *)source;
    enum parfun_status status = PARFUN_OK;
    unsigned i = 0;

    *part = device;
    pf_lock_take(&devices->lock);
    while (i < devices->part_count
            && (devices->part[i].whole != device
                    || devices->part[i].units != units))
        i++;
    if (i < devices->part_count)
        *part = devices->part[i].device;
    else
        status = add_part(devices, device, units, part);
    pf_lock_give(&devices->lock);
    return status;
}

enum parfun_status pf_devices_init(struct pf_devices *devices,
        const struct pf_backend_options *options, bool forked)
{
    *devices = (struct pf_devices){
        .source = { .open = open_source, .part = part_source },
        .options = *options,
        .forked = forked,
    };
    return pf_lock_init(&devices->lock);
}

void pf_devices_finish(struct pf_devices *devices)
{
    remove_drivers(devices, 0);
    for (unsigned i = 0; i < devices->part_count; i++)
        devices->part[i].device->backend->close(devices->part[i].device);
    for (size_t slot = 0; pf_backend_table[slot]; slot++)
        if (devices->opened[slot])
            finish_list(&devices->list[slot]);
    pf_lock_finish(&devices->lock);
}

/* What exit handlers still call finds devices as lost ones: nothing of theirs is used,
 * or freed. */
void pf_devices_hold(struct pf_devices *devices)
{
    const uint64_t end_ns = pf_clock_ns() + HOLD_NS;

    atomic_store(&devices->ended, true);
    for (unsigned d = 0; d < devices->driver_count; d++) {
        struct pf_driver *driver = &devices->driver[d];

        if (!pf_turn_take_until(&driver->turn, end_ns))
            continue;
        driver->device->backend->give_up(driver->device);
        atomic_store(&driver->lost, true);
        pf_turn_give(&driver->turn);
    }
}

void pf_devices_end_builds(void *data)
{
    struct pf_devices *devices = data;
    const uint64_t end_ns = pf_clock_ns() + HOLD_NS;

    if (devices->forked)
        return;
    for (unsigned d = 0; d < devices->driver_count; d++)
        atomic_store(&devices->driver[d].builds_ended, true);
    for (unsigned d = 0; d < devices->driver_count; d++)
        if (pf_turn_take_until(&devices->driver[d].turn, end_ns))
            pf_turn_give(&devices->driver[d].turn);
}

struct pf_driver *pf_devices_driver(
        struct pf_devices *devices, const struct pf_device *device)
{
    unsigned i = 0;

    while (devices->driver[i].device != device)
        i++;
    return &devices->driver[i];
}
