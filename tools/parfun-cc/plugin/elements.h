/* SPDX-License-Identifier: Apache-2.0 */
/* elements.h: how elements of an array are written that work-items may share. */
#ifndef PF_PLUGIN_ELEMENTS_H
#define PF_PLUGIN_ELEMENTS_H

#include "ir.h"

namespace pf
{

struct FixedStores {
    const StoreInst *first; /* or nullptr */
    bool by_all;            /* every work-item comes to one of them */
};

/* The stores through a pointer parameter, if every use of it is a load or a store of an
 * element whose index is a constant; else none.  Before any optimisation. */
FixedStores fixed_stores(const Argument &parameter);

/* The first `a[i] += x`, `a[i]++` or the like on an element of the array that a pointer
 * parameter points at, which is no atomic; else NULL.  Before any optimisation. */
const StoreInst *first_plain_update(const Argument &parameter);

} // namespace pf

#endif
