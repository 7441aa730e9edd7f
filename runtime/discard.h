/* SPDX-License-Identifier: Apache-2.0 */
/* discard.h: results of each() outputs that nobody will take go back to the user, who
 * may have to free what they point to. */
#ifndef PF_DISCARD_H
#define PF_DISCARD_H

#include "runtime/combine.h"

#include <parfun.h>

struct pf_discard {
    parfun_discard *function; /* NULL: the results are dropped */
    void *user;
};

/* On the calling thread, without locks: the function is the user's.  Leaves results
 * alone that are not complete. */
void pf_discard_result(const struct pf_discard *discard, const struct pf_call *call,
        const struct pf_result *result);

#endif
