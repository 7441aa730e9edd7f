/* SPDX-License-Identifier: Apache-2.0 */
/* table.c: the list of backends; a new one is a line here. */
#include "backends/table.h"

#include <string.h>

const struct pf_backend *const pf_backend_table[] = {
    &pf_backend_none,
    &pf_backend_serial,
    &pf_backend_threads,
#ifdef PF_WITH_OPENCL
    &pf_backend_opencl,
#endif
    NULL,
};

const struct pf_backend *pf_backend_find(const char *name)
{
    for (size_t i = 0; pf_backend_table[i]; i++)
        if (strcmp(pf_backend_table[i]->name, name) == 0)
            return pf_backend_table[i];
    return NULL;
}
