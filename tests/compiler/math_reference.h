/* SPDX-License-Identifier: Apache-2.0 */
/* math_reference.h: what each function of math_functions.def must give, in long
 * double, whose own error does not count. */
#ifndef PF_TESTS_COMPILER_MATH_REFERENCE_H
#define PF_TESTS_COMPILER_MATH_REFERENCE_H

/* Functions of one argument leave the others alone, and so on. */
struct operands {
    long double x, y, z;
    int k;
    int digits; /* of the type: 24 or 53 */
};

typedef long double reference(const struct operands *of);

#define DECLARE_REFERENCE(F, ...) reference reference_##F;
#define ONE DECLARE_REFERENCE
#define TWO DECLARE_REFERENCE
#define TWO_INT DECLARE_REFERENCE
#define THREE DECLARE_REFERENCE
#include "math_functions.def"
#undef ONE
#undef TWO
#undef TWO_INT
#undef THREE

#endif
