/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reduce_block.c: the inner loops of reductions.  PF_REDUCE_LANES independent lanes
 * are what lets a compiler use vectors although it may not reorder a sum: each
 * lane is a sum of its own.
 */
#include "runtime/reduce_block.h"

#include <stdint.h>

/* Tables, set by hand. */
/* clang-format off */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

/* ---- The operators, on scalars --------------------------------------------------
 * `a` has the lower index.  Signed types wrap by borrowing unsigned code; 1u keeps
 * products of short types out of int. */

#define sum(R, a, b) ((R)((a) + (b)))
#define product(R, a, b) ((R)(1u * (a) * (b)))
#define product_f(R, a, b) ((R)((a) * (b)))
#define and(R, a, b) ((R)((a) & (b)))
#define or(R, a, b) ((R)((a) | (b)))
#define xor(R, a, b) ((R)((a) ^ (b)))
#define min(R, a, b) ((b) < (a) ? (b) : (a))
#define max(R, a, b) ((b) > (a) ? (b) : (a))
/* NaN is passed over; of equal values, such as the two zeros, the first stays. */
#define min_f(R, a, b) ((((b) < (a)) | ((a) != (a))) ? (b) : (a))
#define max_f(R, a, b) ((((b) > (a)) | ((a) != (a))) ? (b) : (a))

/* ---- The loops ------------------------------------------------------------------- */

#define FOLD(op, R, lanes, s)         \
    for (unsigned k = 0; k < (s); k++) \
        (lanes)[k] = op(R, (lanes)[k], (lanes)[k + (s)]);

#define BLOCKS(name, target, op, V, R)                                           \
    target static void name(void *results, const void *values, size_t blocks)   \
    {                                                                            \
        R *restrict result = results;                                            \
        const V *restrict v = values;                                            \
                                                                                 \
        for (; blocks > 0; blocks--, v += PF_REDUCE_BLOCK) {                     \
            R lanes[PF_REDUCE_LANES];                                            \
                                                                                 \
            for (unsigned k = 0; k < PF_REDUCE_LANES; k++)                       \
                lanes[k] = (R)v[k];                                              \
            for (unsigned i = PF_REDUCE_LANES; i < PF_REDUCE_BLOCK;              \
                    i += PF_REDUCE_LANES)                                        \
                for (unsigned k = 0; k < PF_REDUCE_LANES; k++)                   \
                    lanes[k] = op(R, lanes[k], (R)v[i + k]);                     \
            FOLD(op, R, lanes, 16)                                               \
            FOLD(op, R, lanes, 8)                                                \
            FOLD(op, R, lanes, 4)                                                \
            FOLD(op, R, lanes, 2)                                                \
            *result++ = op(R, lanes[0], lanes[1]);                               \
        }                                                                        \
    }
_Static_assert(PF_REDUCE_LANES == 32, "the folds above are for 32 lanes");

#define ROWS(name, target, op, R)                                                \
    target static void name(                                                     \
            void *to, const void *values, size_t stride, size_t rows)            \
    {                                                                            \
        R *restrict lanes = to;                                                  \
        R sums[PF_REDUCE_LANES];                                                 \
                                                                                 \
        for (unsigned k = 0; k < PF_REDUCE_LANES; k++)                           \
            sums[k] = lanes[k];                                                  \
        for (const R *v = values; rows > 0; rows--, v += stride)                 \
            for (unsigned k = 0; k < PF_REDUCE_LANES; k++)                       \
                sums[k] = op(R, sums[k], v[k]);                                  \
        for (unsigned k = 0; k < PF_REDUCE_LANES; k++)                           \
            lanes[k] = sums[k];                                                  \
    }

#define JOIN(name, op, R)                                               \
    static void name(void *to, const void *from, size_t count)          \
    {                                                                   \
        R *restrict a = to;                                             \
        const R *restrict b = from;                                     \
                                                                        \
        for (size_t i = 0; i < count; i++)                              \
            a[i] = op(R, a[i], b[i]);                                   \
    }

#define PAIRS(name, op, R)                                              \
    static void name(void *results, size_t count)                       \
    {                                                                   \
        R *a = results;                                                 \
                                                                        \
        for (size_t i = 0; i < count; i++)                              \
            a[i] = op(R, a[2 * i], a[2 * i + 1]);                       \
    }

/* ---- Every operator and type ------------------------------------------------------ */

#define SHORT(DO, isa, target, op)           \
    DO(isa, target, op, op, u8, uint8_t)     \
    DO(isa, target, op, op, u16, uint16_t)
#define WRAPPING(DO, isa, target, op)        \
    DO(isa, target, op, op, u32, uint32_t)   \
    DO(isa, target, op, op, u64, uint64_t)
#define SIGNED(DO, isa, target, op)          \
    DO(isa, target, op, op, i32, int32_t)    \
    DO(isa, target, op, op, i64, int64_t)
#define FLOATING(DO, isa, target, op, code)  \
    DO(isa, target, op, code, f32, float)    \
    DO(isa, target, op, code, f64, double)

/* What is worth compiling for more than the baseline. */
#define FREQUENT(DO, isa, target)                     \
    WRAPPING(DO, isa, target, sum)                    \
    WRAPPING(DO, isa, target, min)                    \
    WRAPPING(DO, isa, target, max)                    \
    SIGNED(DO, isa, target, min)                      \
    SIGNED(DO, isa, target, max)                      \
    FLOATING(DO, isa, target, sum, sum)               \
    FLOATING(DO, isa, target, min, min_f)             \
    FLOATING(DO, isa, target, max, max_f)

#define RARE(DO, isa, target)                         \
    SHORT(DO, isa, target, sum)                       \
    SHORT(DO, isa, target, product)                   \
    SHORT(DO, isa, target, and)                       \
    SHORT(DO, isa, target, or)                        \
    SHORT(DO, isa, target, xor)                       \
    SHORT(DO, isa, target, min)                       \
    SHORT(DO, isa, target, max)                       \
    DO(isa, target, min, min, i8, int8_t)             \
    DO(isa, target, max, max, i8, int8_t)             \
    DO(isa, target, min, min, i16, int16_t)           \
    DO(isa, target, max, max, i16, int16_t)           \
    WRAPPING(DO, isa, target, product)                \
    WRAPPING(DO, isa, target, and)                    \
    WRAPPING(DO, isa, target, or)                     \
    WRAPPING(DO, isa, target, xor)                    \
    FLOATING(DO, isa, target, product, product_f)

#define DO_BLOCKS(isa, target, op, code, type, R)            \
    BLOCKS(blocks_##op##_##type##_##isa, target, code, R, R) \
    ROWS(rows_##op##_##type##_##isa, target, code, R)
#define DO_ALL(isa, target, op, code, type, R)        \
    DO_BLOCKS(isa, target, op, code, type, R)         \
    JOIN(join_##op##_##type, code, R)                 \
    PAIRS(pairs_##op##_##type, code, R)

FREQUENT(DO_ALL, base, )
RARE(DO_ALL, base, )
BLOCKS(blocks_sum_f32_f64_base, , sum, float, double)
#ifdef __x86_64__
#define V3 __attribute__((target("avx2,bmi,bmi2,fma")))
#define V4 __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,bmi2,fma")))
FREQUENT(DO_BLOCKS, v3, V3)
FREQUENT(DO_BLOCKS, v4, V4)
BLOCKS(blocks_sum_f32_f64_v3, V3, sum, float, double)
BLOCKS(blocks_sum_f32_f64_v4, V4, sum, float, double)
#endif

/* ---- The tables ------------------------------------------------------------------- */

#define CODE(op, type) \
    { blocks_##op##_##type##_base, rows_##op##_##type##_base, \
        join_##op##_##type, pairs_##op##_##type }
#define INTEGERS(op, s8, s16, s32, s64)                                \
    [PF_TYPE_CHAR] = CODE(op, s8), [PF_TYPE_UCHAR] = CODE(op, u8),     \
    [PF_TYPE_SHORT] = CODE(op, s16), [PF_TYPE_USHORT] = CODE(op, u16), \
    [PF_TYPE_INT] = CODE(op, s32), [PF_TYPE_UINT] = CODE(op, u32),     \
    [PF_TYPE_LONG] = CODE(op, s64), [PF_TYPE_ULONG] = CODE(op, u64)
#define SAME(op) INTEGERS(op, u8, u16, u32, u64)
#define ORDERED(op) INTEGERS(op, i8, i16, i32, i64)
#define FLOATS(op) \
    [PF_TYPE_FLOAT] = CODE(op, f32), [PF_TYPE_DOUBLE] = CODE(op, f64)

enum { OPERATORS = PF_XOR + 1, TYPES = PF_TYPE_DOUBLE + 1 };

static const struct pf_reduce_code codes[OPERATORS][TYPES] = {
    [PF_SUM] = { SAME(sum), FLOATS(sum) },
    [PF_PRODUCT] = { SAME(product), FLOATS(product) },
    [PF_MIN] = { ORDERED(min), FLOATS(min) },
    [PF_MAX] = { ORDERED(max), FLOATS(max) },
    [PF_AND] = { SAME(and) },
    [PF_OR] = { SAME(or) },
    [PF_XOR] = { SAME(xor) },
};

/* Faster code for whole blocks and rows. */
struct fast {
    pf_reduce_blocks *blocks;
    pf_reduce_rows *rows;
};

#ifdef __x86_64__
#define FAST(op, type, isa) \
    { blocks_##op##_##type##_##isa, rows_##op##_##type##_##isa }
#define WIDE(op, s32, s64, isa)                                            \
    [PF_TYPE_INT] = FAST(op, s32, isa),                                    \
    [PF_TYPE_UINT] = FAST(op, u32, isa),                                   \
    [PF_TYPE_LONG] = FAST(op, s64, isa),                                   \
    [PF_TYPE_ULONG] = FAST(op, u64, isa),                                  \
    [PF_TYPE_FLOAT] = FAST(op, f32, isa),                                  \
    [PF_TYPE_DOUBLE] = FAST(op, f64, isa)
#define TABLE(isa)                                                         \
    {                                                                      \
        [PF_SUM] = { WIDE(sum, u32, u64, isa) },                           \
        [PF_MIN] = { WIDE(min, i32, i64, isa) },                           \
        [PF_MAX] = { WIDE(max, i32, i64, isa) }                            \
    }

static const struct fast faster[PF_REDUCE_ISAS][OPERATORS][TYPES] = {
    [PF_REDUCE_V3] = TABLE(v3),
    [PF_REDUCE_V4] = TABLE(v4),
};
#else
static const struct fast faster[PF_REDUCE_ISAS][OPERATORS][TYPES];
#endif

static pf_reduce_blocks *const widening[PF_REDUCE_ISAS] = {
    [PF_REDUCE_BASE] = blocks_sum_f32_f64_base,
#ifdef __x86_64__
    [PF_REDUCE_V3] = blocks_sum_f32_f64_v3,
    [PF_REDUCE_V4] = blocks_sum_f32_f64_v4,
#endif
};

enum pf_reduce_isa pf_reduce_best_isa(void)
{
#ifdef __x86_64__
    const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")
            && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");

    if (v3 && __builtin_cpu_supports("avx512f")
            && __builtin_cpu_supports("avx512vl")
            && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512dq"))
        return PF_REDUCE_V4;
    if (v3)
        return PF_REDUCE_V3;
#endif
    return PF_REDUCE_BASE;
}

struct pf_reduce_code pf_reduce_code(
        enum pf_reduce_isa isa, enum pf_operator operation, enum pf_type type)
{
    struct pf_reduce_code code = codes[operation][type];

    if (faster[isa][operation][type].blocks) {
        code.blocks = faster[isa][operation][type].blocks;
        code.rows = faster[isa][operation][type].rows;
    }
    return code;
}

pf_reduce_blocks *pf_reduce_widening(enum pf_reduce_isa isa,
        enum pf_operator operation, enum pf_type from, enum pf_type to)
{
    return operation == PF_SUM && from == PF_TYPE_FLOAT && to == PF_TYPE_DOUBLE
            ? widening[isa]
            : NULL;
}
