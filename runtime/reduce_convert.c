/* SPDX-License-Identifier: Apache-2.0 */
/* reduce_convert.c: item values become the result's type before they are joined. */
#include "runtime/reduce_block.h"

#include <stdint.h>

#define CONVERT(from, V, to, R)                                              \
    static void from##_##to(void *results, const void *values, size_t count) \
    {                                                                        \
        R *restrict result = results;                                        \
        const V *restrict v = values;                                        \
                                                                             \
        for (size_t i = 0; i < count; i++)                                   \
            result[i] = (R)v[i];                                             \
    }

#define FROM(name, V)                 \
    CONVERT(name, V, int, int32_t)    \
    CONVERT(name, V, uint, uint32_t)  \
    CONVERT(name, V, long, int64_t)   \
    CONVERT(name, V, ulong, uint64_t) \
    CONVERT(name, V, float, float)    \
    CONVERT(name, V, double, double)

FROM(char, int8_t)
FROM(uchar, uint8_t)
FROM(short, int16_t)
FROM(ushort, uint16_t)
FROM(int, int32_t)
FROM(uint, uint32_t)
FROM(long, int64_t)
FROM(ulong, uint64_t)
CONVERT(float, float, float, float)
CONVERT(float, float, double, double)
CONVERT(double, double, double, double)
CONVERT(double, double, float, float)

#define ROW(name)                       \
    { [PF_TYPE_INT] = name##_int,       \
        [PF_TYPE_UINT] = name##_uint,   \
        [PF_TYPE_LONG] = name##_long,   \
        [PF_TYPE_ULONG] = name##_ulong, \
        [PF_TYPE_FLOAT] = name##_float, \
        [PF_TYPE_DOUBLE] = name##_double }

enum { TYPES = PF_TYPE_DOUBLE + 1 };

static pf_reduce_convert *const converters[TYPES][TYPES] = {
    [PF_TYPE_CHAR] = ROW(char),
    [PF_TYPE_UCHAR] = ROW(uchar),
    [PF_TYPE_SHORT] = ROW(short),
    [PF_TYPE_USHORT] = ROW(ushort),
    [PF_TYPE_INT] = ROW(int),
    [PF_TYPE_UINT] = ROW(uint),
    [PF_TYPE_LONG] = ROW(long),
    [PF_TYPE_ULONG] = ROW(ulong),
    [PF_TYPE_FLOAT] = { [PF_TYPE_FLOAT] = float_float,
            [PF_TYPE_DOUBLE] = float_double },
    [PF_TYPE_DOUBLE] = { [PF_TYPE_FLOAT] = double_float,
            [PF_TYPE_DOUBLE] = double_double },
};

pf_reduce_convert *pf_reduce_converter(enum pf_type from, enum pf_type to)
{
    return converters[from][to];
}
