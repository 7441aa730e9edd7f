/* SPDX-License-Identifier: Apache-2.0 */
/* devices.c: opens backends once and keeps their devices. */
#include "runtime/devices.h"

#include "backends/table.h"
#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/reducers.h"

#include <stdlib.h>
#include <string.h>

/* Called with the lock held. */
static enum parfun_status add_driver(
        struct pf_devices *devices, struct pf_device *device)
{
    struct pf_driver *driver = &devices->driver[devices->driver_count];

    *driver = (struct pf_driver){
        .device = device,
        .number = devices->driver_count,
    };
    PF_TRY(pf_lock_init(&driver->lock));
    devices->driver_count++;
    return PARFUN_OK;
}

static enum parfun_status open_backend(
        struct pf_devices *devices, const struct pf_backend *backend, size_t slot)
{
    struct pf_device_list *list = &devices->list[slot];

    PF_TRY(backend->open(&devices->options, list));
    if (*list->skipped)
        pf_log(PF_LOG_INFO, "%s: %s", backend->name, list->skipped);
    if (!backend->native && list->count > PF_DEVICES_MAX - devices->driver_count)
        list->count = PF_DEVICES_MAX - devices->driver_count;
    for (size_t i = 0; i < list->count && !backend->native; i++)
        PF_TRY(add_driver(devices, list->devices[i]));
    devices->opened[slot] = true;
    return PARFUN_OK;
}

static enum parfun_status open_source(struct pf_device_source *source,
        const struct pf_backend *backend, const struct pf_device_list **list)
{
    struct pf_devices *devices = (struct pf_devices *)source;
    enum parfun_status status = PARFUN_OK;
    size_t slot = 0;

    if (devices->forked && !backend->native)
        return pf_fail(PARFUN_SYSTEM,
                "after fork() the child has no %s devices; choose \"serial\" "
                "there, or call exec first",
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

enum parfun_status pf_devices_init(struct pf_devices *devices,
        const struct pf_backend_options *options, bool forked)
{
    *devices = (struct pf_devices){
        .source = { open_source }, .options = *options, .forked = forked
    };
    return pf_lock_init(&devices->lock);
}

void pf_devices_finish(struct pf_devices *devices)
{
    for (unsigned i = 0; i < devices->driver_count; i++) {
        pf_workers_destroy(devices->driver[i].thread);
        pf_reducers_finish(&devices->driver[i]);
        pf_lock_finish(&devices->driver[i].lock);
    }
    for (size_t slot = 0; pf_backend_table[slot]; slot++) {
        struct pf_device_list *list = &devices->list[slot];

        if (!devices->opened[slot])
            continue;
        for (size_t i = 0; i < list->count; i++)
            list->devices[i]->backend->close(list->devices[i]);
        free(list->devices);
        free(list->skipped);
    }
    pf_lock_finish(&devices->lock);
}

struct pf_driver *pf_devices_driver(
        struct pf_devices *devices, const struct pf_device *device)
{
    unsigned i = 0;

    while (devices->driver[i].device != device)
        i++;
    return &devices->driver[i];
}

enum parfun_status pf_driver_thread(
        struct pf_driver *driver, struct pf_workers **thread)
{
    enum parfun_status status = PARFUN_OK;

    pf_lock_take(&driver->lock);
    if (!driver->thread)
        status = pf_workers_create(1, NULL, &driver->thread);
    pf_lock_give(&driver->lock);
    *thread = driver->thread;
    return status;
}
