/* SPDX-License-Identifier: Apache-2.0 */
/* convert.cl: a kernel from_float_to_char ... for each pair of types: every rounding,
 * with and without saturation where the result is an integer.  Output m of item i is
 * out[m * n + i].  The same with vectors of 3 and 16, of which one component counts. */

#define ROUNDINGS(M, TO, V) \
    M(TO, 0, ) M(TO, 1, _rte) M(TO, 2, _rtz) M(TO, 3, _rtp) M(TO, 4, _rtn)
#define PLAIN(TO, m, MODE) out[m * n + i] = convert_##TO##MODE(x[i]);
#define SATURATED(TO, m, MODE) \
    out[(m + 5) * n + i] = convert_##TO##_sat##MODE(x[i]);
#define VECTOR(TO, m, MODE)                                                   \
    out[(m + 10) * n + i] = convert_##TO##3##MODE(v.s012).s1;                 \
    out[(m + 15) * n + i] = convert_##TO##16##MODE(v).sd;
#define SATURATED_VECTOR(TO, m, MODE)                                         \
    out[(m + 20) * n + i] = convert_##TO##3_sat##MODE(v.s012).s1;             \
    out[(m + 25) * n + i] = convert_##TO##16_sat##MODE(v).sd;

#define KERNEL(TO, FROM, INTEGER)                                             \
    kernel void from_##FROM##_to_##TO(global TO *out, global const FROM *x)   \
    {                                                                         \
        size_t i = get_global_id(0), n = get_global_size(0);                  \
        FROM##16 v = 0;                                                       \
        v.s1 = v.sd = x[i];                                                   \
        ROUNDINGS(PLAIN, TO, )                                                \
        ROUNDINGS(VECTOR, TO, )                                               \
        INTEGER(TO)                                                           \
    }
#define ALSO_SATURATED(TO)                                                    \
    ROUNDINGS(SATURATED, TO, )                                                \
    ROUNDINGS(SATURATED_VECTOR, TO, )
#define NOTHING_MORE(TO)
#include "convert_types.def"
#define TO_TYPE(TO) FROM_TYPES(KERNEL, TO, ALSO_SATURATED)
TO_INTEGERS(TO_TYPE)
FROM_TYPES(KERNEL, float, NOTHING_MORE)
FROM_TYPES(KERNEL, double, NOTHING_MORE)
