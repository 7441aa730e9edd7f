/* SPDX-License-Identifier: Apache-2.0 */
/* hoisting.h: what is computed before the first work-item. */
#ifndef PF_PLUGIN_HOISTING_H
#define PF_PLUGIN_HOISTING_H

#include "ir.h"

namespace pf
{

/*
 * Instructions of the entry block that depend on nothing but the arguments: they
 * are executed once per call, outside all loops over work-items.
 */
Instructions find_hoistable(Function &function);

/* Moves up what depends on nothing but the arguments, also if only some work-items
 * come to it, or none. */
class Hoisting
{
  public:
    /* What is moved up is added to `known`; both must outlive the object. */
    Hoisting(Function &function, Instructions &known)
        : item(function), hoisted(known)
    {
    }

    bool is_known(const Value *value, unsigned depth = 0) const;
    /* A value that is known, at the end of the entry block.  Where the source does not
     * compute it, it may be anything, but is something: neither undefined nor
     * poison. */
    Value *at_entry(Value *value);

  private:
    Function &item;
    Instructions &hoisted;
    ValueToValueMapTy copies;

    Instruction *insert(Instruction *instruction);
    void note(Instruction &instruction);
};

} // namespace pf

#endif
