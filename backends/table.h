/* SPDX-License-Identifier: Apache-2.0 */
/* table.h: the list of backends in this build. */
#ifndef PF_BACKENDS_TABLE_H
#define PF_BACKENDS_TABLE_H

#include "backends/backend.h"

extern const struct pf_backend pf_backend_none, pf_backend_serial,
        pf_backend_threads, pf_backend_opencl;

/* Ends with NULL; in the order in which messages list them. */
extern const struct pf_backend *const pf_backend_table[];

/* NULL if there is none of that name. */
const struct pf_backend *pf_backend_find(const char *name);

#endif
