/* SPDX-License-Identifier: Apache-2.0 */
/* math_scalar.cl: a kernel sin_float, sin_double ... for each function. */

#define KERNEL(F, T, CALL)                                                    \
    kernel void F##_##T(global T *out, global const T *x, global const T *y,  \
            global const T *z, global const int *k)                           \
    {                                                                         \
        size_t i = get_global_id(0);                                          \
        out[i] = CALL;                                                        \
    }
#define BOTH(F, CALL) KERNEL(F, float, CALL) KERNEL(F, double, CALL)
#define ONE(F, ...) BOTH(F, F(x[i]))
#define TWO(F, ...) BOTH(F, F(x[i], y[i]))
#define TWO_INT(F, ...) BOTH(F, F(x[i], k[i]))
#define THREE(F, ...) BOTH(F, F(x[i], y[i], z[i]))
#include "math_functions.def"
