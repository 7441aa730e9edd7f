/* SPDX-License-Identifier: Apache-2.0 */
/* elements.h: which elements of an array all work-items write. */
#ifndef PF_PLUGIN_ELEMENTS_H
#define PF_PLUGIN_ELEMENTS_H

#include "ir.h"

namespace pf
{

/* The first store through a pointer parameter, if every use of it is a load or a store
 * of an element whose index is a constant; else NULL.  Before any optimisation. */
const StoreInst *first_fixed_store(const Argument &parameter);

} // namespace pf

#endif
