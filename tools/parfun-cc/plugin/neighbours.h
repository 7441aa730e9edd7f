/* SPDX-License-Identifier: Apache-2.0 */
/* neighbours.h: elements that are another work-item's. */
#ifndef PF_PLUGIN_NEIGHBOURS_H
#define PF_PLUGIN_NEIGHBOURS_H

#include "ir.h"

namespace pf
{

/* The first element of the array that a pointer parameter points at whose index is that
 * of the work-item in dimension 0 plus or minus a constant; else nullptr.  Before any
 * optimisation. */
const GetElementPtrInst *first_neighbour(const Argument &parameter);

} // namespace pf

#endif
