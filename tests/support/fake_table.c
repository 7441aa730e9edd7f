/* SPDX-License-Identifier: Apache-2.0 */
/* fake_table.c: in place of backends/table.c, for programs that test with fake
 * devices. */
#include "backends/table.h"
#include "support/fake_backend.h"

#include <string.h>

const struct pf_backend *const pf_backend_table[] = {
    &pf_backend_none,
    &pf_backend_serial,
    &pf_backend_threads,
    &fake_backend,
    NULL,
};

const struct pf_backend *pf_backend_find(const char *name)
{
    for (size_t i = 0; pf_backend_table[i]; i++)
        if (strcmp(pf_backend_table[i]->name, name) == 0)
            return pf_backend_table[i];
    return NULL;
}
