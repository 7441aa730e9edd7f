/* SPDX-License-Identifier: Apache-2.0 */
/* reduce_plain.c: one component after another, one operation after another. */
#include "support/reduce_plain.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Tables, set by hand. */
/* clang-format off */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

/* A scalar of any type.  Integers are kept modulo 2^64, narrowed when stored. */
union scalar {
    uint64_t u;
    int64_t s;
    float f;
    double d;
};

struct plain {
    const struct pf_reduction *reduction;
    const char *values;
    size_t items, stored, component;
};

static union scalar load(enum pf_type type, const char *at)
{
    union scalar scalar = { 0 };

#define LOAD(T, member)                \
    do {                               \
        T value;                       \
        memcpy(&value, at, sizeof value); \
        scalar.member = value;         \
    } while (0)
    switch (type) {
    case PF_TYPE_CHAR: LOAD(int8_t, s); break;
    case PF_TYPE_UCHAR: LOAD(uint8_t, u); break;
    case PF_TYPE_SHORT: LOAD(int16_t, s); break;
    case PF_TYPE_USHORT: LOAD(uint16_t, u); break;
    case PF_TYPE_INT: LOAD(int32_t, s); break;
    case PF_TYPE_UINT: LOAD(uint32_t, u); break;
    case PF_TYPE_LONG: LOAD(int64_t, s); break;
    case PF_TYPE_ULONG: LOAD(uint64_t, u); break;
    case PF_TYPE_FLOAT: LOAD(float, f); break;
    case PF_TYPE_DOUBLE: LOAD(double, d); break;
    default: abort();
    }
#undef LOAD
    return scalar;
}

/* To the result's type; integers stay as they are, as 64 bits hold them all. */
static union scalar convert(
        enum pf_type from, enum pf_type to, union scalar value)
{
    const bool is_signed = pf_type_info(from)->is_signed;

    if (from == to || pf_type_info(to)->is_integer)
        return value;
    if (from == PF_TYPE_FLOAT)
        value.d = value.f;
    else if (from == PF_TYPE_DOUBLE)
        value.f = (float)value.d;
    else if (to == PF_TYPE_FLOAT)
        value.f = is_signed ? (float)value.s : (float)value.u;
    else
        value.d = is_signed ? (double)value.s : (double)value.u;
    return value;
}

#define FLOATING(T, m)                                                          \
    switch (operation) {                                                         \
    case PF_SUM: a.m = (T)(a.m + b.m); break;                                   \
    case PF_PRODUCT: a.m = (T)(a.m * b.m); break;                               \
    case PF_MIN: a.m = b.m < a.m || isnan(a.m) ? b.m : a.m; break;              \
    case PF_MAX: a.m = b.m > a.m || isnan(a.m) ? b.m : a.m; break;              \
    default: abort();                                                           \
    }

/* Wraps a 64-bit integer as its type does. */
static union scalar narrow(enum pf_type type, union scalar a)
{
    const unsigned unused = 64u - 8u * pf_type_info(type)->bytes;

    a.u <<= unused;
    if (pf_type_info(type)->is_signed)
        a.s >>= unused;
    else
        a.u >>= unused;
    return a;
}

/* `a` has the lower index. */
static union scalar join(
        enum pf_operator operation, enum pf_type type, union scalar a, union scalar b)
{
    if (type == PF_TYPE_FLOAT) {
        FLOATING(float, f)
        return a;
    }
    if (type == PF_TYPE_DOUBLE) {
        FLOATING(double, d)
        return a;
    }
    switch (operation) {
    case PF_SUM: a.u += b.u; break;
    case PF_PRODUCT: a.u *= b.u; break;
    case PF_AND: a.u &= b.u; break;
    case PF_OR: a.u |= b.u; break;
    case PF_XOR: a.u ^= b.u; break;
    case PF_MIN:
    case PF_MAX:
        if (pf_type_info(type)->is_signed ? (b.s < a.s) : (b.u < a.u))
            return operation == PF_MIN ? b : a;
        return operation == PF_MIN ? a : b;
    }
    return narrow(type, a);
}

static union scalar item(const struct plain *plain, size_t index)
{
    const struct pf_reduction *r = plain->reduction;
    const size_t at = index * plain->stored + plain->component;

    return convert(r->type, r->result_type,
            load(r->type, plain->values + at * pf_type_info(r->type)->bytes));
}

static union scalar block(const struct plain *plain, size_t j)
{
    const struct pf_reduction *r = plain->reduction;
    const size_t first = j * PF_REDUCE_BLOCK;
    const size_t count = plain->items - first < PF_REDUCE_BLOCK
            ? plain->items - first
            : PF_REDUCE_BLOCK;
    union scalar lanes[PF_REDUCE_LANES];

    for (size_t k = 0; k < PF_REDUCE_LANES && k < count; k++) {
        lanes[k] = item(plain, first + k);
        for (size_t i = k + PF_REDUCE_LANES; i < count; i += PF_REDUCE_LANES)
            lanes[k] = join(r->operation, r->result_type, lanes[k],
                    item(plain, first + i));
    }
    for (size_t s = PF_REDUCE_LANES / 2; s > 0; s /= 2)
        for (size_t k = 0; k < s && k + s < count; k++)
            lanes[k] = join(
                    r->operation, r->result_type, lanes[k], lanes[k + s]);
    return lanes[0];
}

static union scalar node(const struct plain *plain, unsigned height, size_t j)
{
    const struct pf_reduction *r = plain->reduction;
    const size_t blocks = (plain->items + PF_REDUCE_BLOCK - 1) / PF_REDUCE_BLOCK;
    union scalar left;

    if (height == 0)
        return block(plain, j);
    left = node(plain, height - 1, 2 * j);
    if ((2 * j + 1) << (height - 1) >= blocks)
        return left;
    return join(r->operation, r->result_type, left,
            node(plain, height - 1, 2 * j + 1));
}

static void store(enum pf_type type, union scalar a, char *at)
{
    if (type == PF_TYPE_FLOAT && isnan(a.f))
        a.f = NAN;
    if (type == PF_TYPE_DOUBLE && isnan(a.d))
        a.d = (double)NAN;
    memcpy(at, &a, pf_type_info(type)->bytes);
}

void plain_reduce(const struct pf_reduction *reduction, const void *values,
        size_t items, void *result)
{
    struct plain plain = { reduction, values, items,
        reduction->width == 3 ? 4 : reduction->width, 0 };
    const size_t blocks = (items + PF_REDUCE_BLOCK - 1) / PF_REDUCE_BLOCK;
    const size_t bytes = pf_type_info(reduction->result_type)->bytes;
    unsigned height = 0;

    while ((size_t)1 << height < blocks)
        height++;
    for (; plain.component < reduction->width; plain.component++)
        store(reduction->result_type, node(&plain, height, 0),
                (char *)result + plain.component * bytes);
}
