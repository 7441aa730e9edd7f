/* SPDX-License-Identifier: Apache-2.0 */
/* ids.h: work-item functions become values. */
#ifndef PF_PLUGIN_IDS_H
#define PF_PLUGIN_IDS_H

#include "ir.h"

namespace pf
{

/* pf_global_id and its sisters, and the barrier: declared, never defined. */
bool is_work_item_function(StringRef name);

/* Replaces their calls (not the barrier) in pf_item_K by its parameters and by
 * fields of the range, loaded in the entry block: those count as arguments. */
void lower_ids(Function &item);

/* Sums that become 32-bit numbers are computed as such, which is half the vectors.
 * After the conditions on ids have been looked at: those know sums of 64 bits. */
void narrow_ids(Function &item);

} // namespace pf

#endif
