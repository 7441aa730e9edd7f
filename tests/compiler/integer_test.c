/* SPDX-License-Identifier: Apache-2.0 */
/*
 * integer_test.c: the functions of integers give what exact arithmetic gives, for
 * every type and pairs of limits and random numbers; scalars in every instruction
 * set, vectors of every width.
 */
#include "run.h"

#include "support/cmocka.h"

#include <string.h>

__extension__ typedef __int128 wide;

struct type {
    int bits;
    bool is_signed;
};

/* Operands as numbers; what is returned is taken modulo 2^bits. */
struct operands {
    wide x, y, z;
    struct type type;
};

static wide most(struct type type)
{
    return ((wide)1 << (type.bits - type.is_signed)) - 1;
}

static wide least(struct type type)
{
    return type.is_signed ? -most(type) - 1 : 0;
}

static wide saturate(wide value, struct type type)
{
    return value > most(type)     ? most(type)
            : value < least(type) ? least(type)
                                  : value;
}

static uint64_t bits_of(wide value, struct type type)
{
    return (uint64_t)value & (UINT64_MAX >> (64 - type.bits));
}

/* The upper half of the product, rounded down; unsigned products need 128 bits. */
static wide high(const struct operands *of)
{
    if (of->type.is_signed)
        return (of->x * of->y) >> of->type.bits;
    __extension__ unsigned __int128 product = (unsigned __int128)of->x;
    product *= (uint64_t)of->y;
    return (wide)(product >> of->type.bits);
}

static wide clz(const struct operands *of)
{
    uint64_t bits = bits_of(of->x, of->type);
    return bits ? __builtin_clzll(bits) - (64 - of->type.bits) : of->type.bits;
}

static wide popcount(const struct operands *of)
{
    return __builtin_popcountll(bits_of(of->x, of->type));
}

static wide add_sat(const struct operands *of)
{
    return saturate(of->x + of->y, of->type);
}

static wide sub_sat(const struct operands *of)
{
    return saturate(of->x - of->y, of->type);
}

static wide hadd(const struct operands *of)
{
    return (of->x + of->y) >> 1;
}

static wide rhadd(const struct operands *of)
{
    return (of->x + of->y + 1) >> 1;
}

static wide max(const struct operands *of)
{
    return of->x < of->y ? of->y : of->x;
}

static wide min(const struct operands *of)
{
    return of->y < of->x ? of->y : of->x;
}

static wide mul_hi(const struct operands *of)
{
    return high(of);
}

static wide mad_hi(const struct operands *of)
{
    return high(of) + of->z;
}

/* The product of two unsigned longs may be beyond `wide`. */
static wide mad_sat(const struct operands *of)
{
    if (!of->type.is_signed && high(of) != 0)
        return most(of->type);
    return saturate(of->x * of->y + of->z, of->type);
}

static wide rotate(const struct operands *of)
{
    uint64_t bits = bits_of(of->x, of->type);
    int by = (int)(bits_of(of->y, of->type) % (unsigned)of->type.bits);
    return by ? (wide)(bits << by) | (wide)(bits >> (of->type.bits - by))
              : (wide)bits;
}

static wide bitselect(const struct operands *of)
{
    return (of->x & ~of->z) | (of->y & of->z);
}

/* Where the least is above the most the result is open: min(max(x, y), z). */
static wide clamp(const struct operands *of)
{
    wide low = max(of);
    return of->z < low ? of->z : low;
}

/* Vectors look at the top bit, scalars at the whole number: see check(). */
static wide select(const struct operands *of)
{
    return of->z ? of->y : of->x;
}

static wide select_vector(const struct operands *of)
{
    return bits_of(of->z, of->type) >> (of->type.bits - 1) ? of->y : of->x;
}

static wide abs_of(const struct operands *of)
{
    return of->x < 0 ? -of->x : of->x;
}

static wide abs_diff(const struct operands *of)
{
    return of->x < of->y ? of->y - of->x : of->x - of->y;
}

/* ---- The kernels ----------------------------------------------------------------- */

enum { TYPES = 8 };

static const struct type types[TYPES] = { { 8, true }, { 8, false }, { 16, true },
    { 16, false }, { 32, true }, { 32, false }, { 64, true }, { 64, false } };

#define OF_TYPES(M, F) \
    M(F, char)         \
    M(F, uchar) M(F, short) M(F, ushort) M(F, int) M(F, uint) M(F, long) M(F, ulong)
#define DECLARE_BOTH(F, T) DECLARE(F##_##T) DECLARE(F##_##T##n)
#define DECLARE_FUNCTION(F) OF_TYPES(DECLARE_BOTH, F)
#define ONE DECLARE_FUNCTION
#define TWO DECLARE_FUNCTION
#define THREE DECLARE_FUNCTION
#define UNSIGNED_ONE DECLARE_FUNCTION
#define UNSIGNED_TWO DECLARE_FUNCTION
#include "integer_functions.def"
#undef ONE
#undef TWO
#undef THREE
#undef UNSIGNED_ONE
#undef UNSIGNED_TWO

struct function {
    const char *name;
    wide (*reference)(const struct operands *);
    const struct parfun_kernel *scalar[TYPES], *vector[TYPES];
};

#define SCALAR(F, T) &parfun_kernel_##F##_##T,
#define VECTOR(F, T) &parfun_kernel_##F##_##T##n,
#define FUNCTION(F, REFERENCE) \
    { #F, REFERENCE, { OF_TYPES(SCALAR, F) }, { OF_TYPES(VECTOR, F) } },
#define PLAIN(F) FUNCTION(F, F)

static const struct function functions[] = {
#define ONE PLAIN
#define TWO PLAIN
#define THREE PLAIN
#define UNSIGNED_ONE(F) FUNCTION(F, abs_of)
#define UNSIGNED_TWO PLAIN
#include "integer_functions.def"
};

/* ---- Arguments and results -------------------------------------------------------------- */

enum { BLOCK = 33, BLOCKS = 100, COUNT = BLOCK * BLOCKS };

static uint64_t x[COUNT], y[COUNT], z[COUNT], out[COUNT];

/* Element i of an array of the type. */
static wide get(const uint64_t *array, size_t i, struct type type)
{
    uint64_t bits = 0;
    size_t bytes = (size_t)type.bits / 8;

    memcpy(&bits, (const char *)array + i * bytes, bytes);
    return type.is_signed && bits >> (type.bits - 1)
            ? (wide)bits - ((wide)1 << type.bits)
            : (wide)bits;
}

static void put(uint64_t *array, size_t i, struct type type, uint64_t bits)
{
    size_t bytes = (size_t)type.bits / 8;
    memcpy((char *)array + i * bytes, &bits, bytes);
}

static uint64_t random_bits(void)
{
    static uint64_t state = 1;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Limits and their neighbours, small numbers, any. */
static uint64_t number(struct type type)
{
    static const int64_t small[] = { 0, 1, 2, 3, 7, 8, 63, 64, 65, -1, -2, -64 };
    uint64_t chance = random_bits() >> 8, top = (uint64_t)1 << (type.bits - 1);

    switch (chance % 4) {
    case 0:
        return (uint64_t)small[chance / 4 % 12];
    case 1:
        return top + (uint64_t)small[chance / 4 % 12];
    default:
        return chance * 0x9e3779b97f4a7c15 >> (chance % 64);
    }
}

static int compare(const struct function *function, struct type type,
        const struct parfun_kernel *kernel, const char *isa, bool vectors)
{
    wide (*reference)(const struct operands *) = function->reference;
    int wrong = 0;

    if (vectors && reference == select)
        reference = select_vector;
    for (size_t i = 0; i < COUNT; i++) {
        struct operands of = { get(x, i, type), get(y, i, type), get(z, i, type),
            type };
        uint64_t right = bits_of(reference(&of), type);
        uint64_t value = bits_of(get(out, i, type), type);
        if (value != right && wrong++ < 3)
            print_error("%s, %s: (%lld, %lld, %lld) gives %llx, not %llx\n",
                    kernel->name, isa, (long long)of.x, (long long)of.y,
                    (long long)of.z, (unsigned long long)value,
                    (unsigned long long)right);
    }
    return wrong;
}

static int check(const struct function *function, int t, bool vectors)
{
    const struct parfun_kernel *kernel =
            vectors ? function->vector[t] : function->scalar[t];
    size_t items = vectors ? BLOCKS : COUNT;
    const struct range range = {
        .dimensions = 1, .global = { items, 1, 1 }, .local = { items, 1, 1 }
    };
    void *pointers[] = { out, x, y, z };
    void *arguments[] = { &pointers[0], &pointers[1], &pointers[2], &pointers[3] };
    int wrong = 0;

    for (size_t i = 0; i < COUNT; i++) {
        put(x, i, types[t], number(types[t]));
        put(y, i, types[t], number(types[t]));
        put(z, i, types[t], number(types[t]));
    }
    for (uint32_t v = 0; v < kernel->variant_count; v++) {
        if (!can_run(kernel->variants[v].isa))
            continue;
        memset(out, 0x5a, sizeof out);
        run_kernel(&kernel->variants[v], &range, 1, arguments, 0);
        wrong += compare(
                function, types[t], kernel, kernel->variants[v].isa, vectors);
    }
    return wrong;
}

static void check_all(bool vectors)
{
    int wrong = 0;

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        for (int t = 0; t < TYPES; t++)
            wrong += check(&functions[i], t, vectors);
    assert_int_equal(wrong, 0);
}

static void scalars_are_exact(void **state)
{
    (void)state;
    check_all(false);
}

static void vectors_are_exact(void **state)
{
    (void)state;
    check_all(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_are_exact),
        cmocka_unit_test(vectors_are_exact),
    };

    return cmocka_run_group_tests_name("compiler.integer", tests, NULL, NULL);
}
