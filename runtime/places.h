/* SPDX-License-Identifier: Apache-2.0 */
/* places.h: how many threads the library may have, and the processors they are pinned
 * to. */
#ifndef PF_PLACES_H
#define PF_PLACES_H

#include "runtime/config.h"

/* *processors: one per thread, to be freed; NULL: they are not pinned. */
enum parfun_status pf_places_choose(
        const struct pf_config *config, unsigned *threads, unsigned **processors);

#endif
