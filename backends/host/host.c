/* SPDX-License-Identifier: Apache-2.0 */
/* host.c: the device of a host backend: cores of this machine. */
#include "backends/host/host.h"

#include "runtime/base/error.h"
#include "runtime/base/text.h"

#include <stdlib.h>

/* Work-groups and local memory are the runtime's own, per thread, in memory that
 * grows with them: these bounds keep products within size_t. */
enum { GROUP_ITEMS = 1 << 16, LOCAL_BYTES = 1 << 24 };

static const struct pf_device_limits limits = {
    .group_items = GROUP_ITEMS,
    .group_size = { GROUP_ITEMS, GROUP_ITEMS, GROUP_ITEMS },
    .local_bytes = LOCAL_BYTES,
    .constant_bytes = SIZE_MAX,
    .allocation_bytes = SIZE_MAX,
    .memory_bytes = SIZE_MAX,
    .alignment = 1,
    .compute_units = 1,
    .doubles = true,
    .int64_atomics = true,
    .denormals = true,
    .shared_memory = true,
};

static struct pf_device *new_device(
        const struct pf_backend *backend, unsigned workers)
{
    struct pf_device *device = calloc(1, sizeof *device);
    if (!device)
        return NULL;
    *device = (struct pf_device){
        .backend = backend,
        .kind = PF_DEVICE_CPU,
        .name = pf_text_print("%u CPU thread%s", workers, workers == 1 ? "" : "s"),
        .platform = pf_text_copy(""),
        .driver = pf_text_copy(""),
        .selector = pf_text_copy(backend->name),
        .pci = pf_text_copy(""),
        .host = true,
        .same_cpu = true,
        .workers = workers,
        .lanes = 1,
        .limits = limits,
    };
    device->limits.compute_units = workers;
    if (device->name && device->platform && device->driver && device->selector
            && device->pci)
        return device;
    pf_host_close(device);
    return NULL;
}

enum parfun_status pf_host_open(const struct pf_backend *backend, unsigned workers,
        struct pf_device_list *list)
{
    struct pf_device *device = new_device(backend, workers ? workers : 1);
    struct pf_device **devices = malloc(sizeof *devices);
    char *skipped = pf_text_copy("");
    if (!device || !devices || !skipped) {
        pf_host_close(device);
        free(devices);
        free(skipped);
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a list of devices");
    }
    devices[0] = device;
    *list = (struct pf_device_list){ devices, 1, skipped };
    return PARFUN_OK;
}

void pf_host_close(struct pf_device *device)
{
    if (!device)
        return;
    free(device->name);
    free(device->platform);
    free(device->driver);
    free(device->selector);
    free(device->pci);
    free(device);
}
