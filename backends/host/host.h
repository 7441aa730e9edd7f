/* SPDX-License-Identifier: Apache-2.0 */
/* host.h: what the backends that run native code share. */
#ifndef PF_HOST_H
#define PF_HOST_H

#include "backends/backend.h"

/* The one device of a host backend, with `workers` cores. */
enum parfun_status pf_host_open(const struct pf_backend *backend, unsigned workers,
        struct pf_device_list *list);
void pf_host_close(struct pf_device *device);

enum parfun_status pf_native_create(struct pf_device *device,
        const struct pf_code_request *request, struct pf_code **code);
void pf_native_destroy(struct pf_device *device, struct pf_code *code);
const struct parfun_variant *pf_native_get(const struct pf_code *code);

/* The most demanding variant that this machine can run; NULL if there is none. */
const struct parfun_variant *pf_native_choose(const struct parfun_kernel *kernel);

#endif
