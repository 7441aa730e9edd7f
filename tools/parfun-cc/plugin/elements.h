/* SPDX-License-Identifier: Apache-2.0 */
/* elements.h: which elements of an array all work-items write. */
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

} // namespace pf

#endif
