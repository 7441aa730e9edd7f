/* SPDX-License-Identifier: Apache-2.0 */
/* conditions.h: what the conditions of branches say about work-items. */
#ifndef PF_PLUGIN_CONDITIONS_H
#define PF_PLUGIN_CONDITIONS_H

#include "ir.h"

namespace pf
{

/* A value and what it must be. */
using Condition = std::pair<Value *, bool>;

/* Wanted: the condition holds if all parts hold.  Not wanted: it does not hold if no
 * part holds. */
void split_condition(
        Value *condition, bool wanted, SmallVectorImpl<Condition> &parts);

struct Id {
    unsigned dimension;
    bool global;
};

/* An id of a work-item function, through any 32/64-bit conversion. */
bool match_id(Function &item, Value *value, Id &id);

/* What is compared is at least value + add (lower), or below value + add. */
struct Limit {
    Value *value;
    bool lower;
    bool is_signed;
    unsigned add;
};

/* False if `predicate` says something else of what stands left of the value. */
bool match_limit(CmpInst::Predicate predicate, Value *value, Limit &limit);

/* Adds code for value + add in 64 bits.  Clamped first: a limit such as n - 1 with
 * n == 0 must neither wrap nor change its sign. */
Value *limit_in_full(IRBuilder<> &builder, Value *value, const Limit &limit);

} // namespace pf

#endif
