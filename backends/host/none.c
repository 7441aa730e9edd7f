/* SPDX-License-Identifier: Apache-2.0 */
/* none.c: a plain call in the calling thread. */
#include "backends/host/host.h"
#include "backends/table.h"

static enum parfun_status open_device(
        const struct pf_backend_options *options, struct pf_device_list *list)
{
    (void)options;
    return pf_host_open(&pf_backend_none, 1, list);
}

const struct pf_backend pf_backend_none = {
    .name = "none",
    .summary = "the calling thread, native code, not cut",
    .cuts = false,
    .open = open_device,
    .close = pf_host_close,
    .code_create = pf_native_create,
    .code_destroy = pf_native_destroy,
    .native = pf_native_get,
};
