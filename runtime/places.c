/* SPDX-License-Identifier: Apache-2.0 */
/* places.c: the machine's processors in the order that the configuration asks for. */
#include "runtime/places.h"

#include "runtime/base/error.h"
#include "runtime/base/machine.h"

#include <stdlib.h>

enum parfun_status pf_places_choose(
        const struct pf_config *config, unsigned *threads, unsigned **processors)
{
    struct pf_machine machine;

    *processors = NULL;
    *threads = config->threads ? config->threads : pf_machine_processors();
    if (config->proc_bind == PF_PROC_BIND_NONE)
        return PARFUN_OK;
    PF_TRY(pf_machine_load(&machine));
    if (machine.places) {
        const unsigned *order = config->proc_bind == PF_PROC_BIND_CLOSE
                ? machine.close
                : machine.spread;

        *processors = calloc(*threads, sizeof **processors);
        for (unsigned i = 0; *processors && i < *threads; i++)
            (*processors)[i] = order[(i + 1) % machine.places];
    }
    pf_machine_finish(&machine);
    return PARFUN_OK;
}
