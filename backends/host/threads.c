/* SPDX-License-Identifier: Apache-2.0 */
/* threads.c: partitions on every core that the process may use. */
#include "backends/host/host.h"
#include "backends/table.h"

static enum parfun_status open_device(
        const struct pf_backend_options *options, struct pf_device_list *list)
{
    return pf_host_open(&pf_backend_threads, options->processors, list);
}

const struct pf_backend pf_backend_threads = {
    .name = "threads",
    .summary = "CPU threads, native code",
    .cuts = true,
    .open = open_device,
    .close = pf_host_close,
    .code_create = pf_native_create,
    .code_destroy = pf_native_destroy,
    .native = pf_native_get,
};
