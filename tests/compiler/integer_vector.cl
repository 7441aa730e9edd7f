/* SPDX-License-Identifier: Apache-2.0 */
/* integer_vector.cl: the same with vectors of every width: a work-item computes 33
 * elements, as 2, 3, 4, 8 and 16. */
#include "integer.clh"

#define LOAD(n, at, p) vload##n(0, (p) + 33 * get_global_id(0) + at)
#define STORE(n, at, v, p) vstore##n(v, 0, (p) + 33 * get_global_id(0) + at)
#define KERNEL(F, T, U, CALL)                                                 \
    kernel void F##_##T##n(global T *out, global const T *x,                  \
            global const T *y, global const T *z)                             \
    {                                                                         \
        STORE(2, 0, CALL(F, 2, 0), out);                                      \
        STORE(3, 2, CALL(F, 3, 2), out);                                      \
        STORE(4, 5, CALL(F, 4, 5), out);                                      \
        STORE(8, 9, CALL(F, 8, 9), out);                                      \
        STORE(16, 17, CALL(F, 16, 17), out);                                  \
    }
#define UNSIGNED_KERNEL(F, T, U, CALL)                                        \
    kernel void F##_##T##n(global T *out, global const T *x,                  \
            global const T *y, global const T *z)                             \
    {                                                                         \
        global U *unsigned_out = (global U *)out;                                   \
        STORE(2, 0, CALL(F, 2, 0), unsigned_out);                                   \
        STORE(3, 2, CALL(F, 3, 2), unsigned_out);                                   \
        STORE(4, 5, CALL(F, 4, 5), unsigned_out);                                   \
        STORE(8, 9, CALL(F, 8, 9), unsigned_out);                                   \
        STORE(16, 17, CALL(F, 16, 17), unsigned_out);                               \
    }
#define ONE_N(F, n, at) F(LOAD(n, at, x))
#define TWO_N(F, n, at) F(LOAD(n, at, x), LOAD(n, at, y))
#define THREE_N(F, n, at) F(LOAD(n, at, x), LOAD(n, at, y), LOAD(n, at, z))
#define ONE(F) ALL_TYPES(KERNEL, F, ONE_N)
#define TWO(F) ALL_TYPES(KERNEL, F, TWO_N)
#define THREE(F) ALL_TYPES(KERNEL, F, THREE_N)
#define UNSIGNED_ONE(F) ALL_TYPES(UNSIGNED_KERNEL, F, ONE_N)
#define UNSIGNED_TWO(F) ALL_TYPES(UNSIGNED_KERNEL, F, TWO_N)
#include "integer_functions.def"
