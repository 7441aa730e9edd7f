/* SPDX-License-Identifier: Apache-2.0 */
/* divisions.h: integer divisions, which trap on the machine but not in OpenCL C. */
#ifndef PF_PLUGIN_DIVISIONS_H
#define PF_PLUGIN_DIVISIONS_H

#include "ir.h"

namespace pf
{

/* OpenCL C 6.3: division by zero, or of the smallest number by -1, gives any value
 * but does not trap. */
void make_division_safe(BinaryOperator &division);
void make_divisions_safe(Function &function);

/* An integer division or remainder. */
bool is_division(const Instruction &instruction);

/*
 * Divisions that depend on nothing but the arguments are done before the first
 * work-item, also if only some need them.  In a branch that only some lanes take, LLVM
 * divides for the first lane alone, if that takes it, and loads for all from an
 * address that is made of the result.
 */
void hoist_divisions(Function &item, Instructions &hoisted);

} // namespace pf

#endif
