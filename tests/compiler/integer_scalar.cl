/* SPDX-License-Identifier: Apache-2.0 */
/* integer_scalar.cl: a kernel hadd_char, hadd_uchar ... for each function. */
#include "integer.clh"

#define KERNEL(F, T, U, CALL)                                                 \
    kernel void F##_##T(global T *out, global const T *x, global const T *y,  \
            global const T *z)                                                \
    {                                                                         \
        size_t i = get_global_id(0);                                          \
        out[i] = (T)CALL;                                                     \
    }
#define ONE(F) ALL_TYPES(KERNEL, F, F(x[i]))
#define TWO(F) ALL_TYPES(KERNEL, F, F(x[i], y[i]))
#define THREE(F) ALL_TYPES(KERNEL, F, F(x[i], y[i], z[i]))
#define UNSIGNED_ONE ONE
#define UNSIGNED_TWO TWO
#include "integer_functions.def"
