/* SPDX-License-Identifier: Apache-2.0 */
/* serial.c: partitions one after another in the calling thread. */
#include "backends/host/host.h"
#include "backends/table.h"

static enum parfun_status open_device(
        const struct pf_backend_options *options, struct pf_device_list *list)
{
    (void)options;
    return pf_host_open(&pf_backend_serial, 1, list);
}

const struct pf_backend pf_backend_serial = {
    .name = "serial",
    .summary = "the calling thread, native code, partition by partition",
    .cuts = true,
    .open = open_device,
    .close = pf_host_close,
    .code_create = pf_native_create,
    .code_destroy = pf_native_destroy,
    .native = pf_native_get,
};
