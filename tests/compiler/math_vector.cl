/* SPDX-License-Identifier: Apache-2.0 */
/* math_vector.cl: the same with vectors of every width: a work-item computes 33
 * elements, as 2, 3, 4, 8 and 16. */

#define LOAD(n, at, p) vload##n(0, (p) + 33 * get_global_id(0) + at)
#define STORE(n, at, v) vstore##n(v, 0, out + 33 * get_global_id(0) + at)
#define KERNEL(F, T, CALL)                                                    \
    kernel void F##_##T##n(global T *out, global const T *x,                  \
            global const T *y, global const T *z, global const int *k)        \
    {                                                                         \
        STORE(2, 0, CALL(F, 2, 0));                                           \
        STORE(3, 2, CALL(F, 3, 2));                                           \
        STORE(4, 5, CALL(F, 4, 5));                                           \
        STORE(8, 9, CALL(F, 8, 9));                                           \
        STORE(16, 17, CALL(F, 16, 17));                                       \
    }
#define BOTH(F, CALL) KERNEL(F, float, CALL) KERNEL(F, double, CALL)
#define ONE_N(F, n, at) F(LOAD(n, at, x))
#define TWO_N(F, n, at) F(LOAD(n, at, x), LOAD(n, at, y))
#define TWO_INT_N(F, n, at) F(LOAD(n, at, x), LOAD(n, at, k))
#define THREE_N(F, n, at) F(LOAD(n, at, x), LOAD(n, at, y), LOAD(n, at, z))
#define ONE(F, ...) BOTH(F, ONE_N)
#define TWO(F, ...) BOTH(F, TWO_N)
#define TWO_INT(F, ...) BOTH(F, TWO_INT_N)
#define THREE(F, ...) BOTH(F, THREE_N)
#include "math_functions.def"
