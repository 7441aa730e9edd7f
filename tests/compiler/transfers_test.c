/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transfers_test.c: vectors from and to memory, shuffles, atomics on global and local
 * memory, asynchronous copies.
 */
#include "run.h"

#include "support/cmocka.h"

#include <string.h>

DECLARE(vectors_char)
DECLARE(vectors_ushort)
DECLARE(vectors_int)
DECLARE(vectors_float)
DECLARE(vectors_double)
DECLARE(shuffles)
DECLARE(atomics)
DECLARE(async_copies)

/* Runs each variant that the machine can run, then the check. */
static void for_each(const struct parfun_kernel *kernel, size_t items, size_t group,
        void (*fill)(void), void **pointers, void (*check)(const char *isa))
{
    const struct range range = {
        .dimensions = 1, .global = { items, 1, 1 }, .local = { group, 1, 1 }
    };
    void *arguments[] = { &pointers[0], &pointers[1], &pointers[2] };

    for (uint32_t v = 0; v < kernel->variant_count; v++) {
        if (!can_run(kernel->variants[v].isa))
            continue;
        fill();
        run_kernel(&kernel->variants[v], &range, 1, arguments, 0);
        check(kernel->variants[v].isa);
    }
}

/* ---- vload and vstore -------------------------------------------------------------- */

enum { BASES = 5, BASE = 64, VECTORS = 4 };

static unsigned char from[8 * BASE], to[8 * BASE * BASES];
static size_t bytes;

static void fill_bytes(void)
{
    for (size_t i = 0; i < sizeof from; i++)
        from[i] = (unsigned char)(i * 7 + 1);
    memset(to, 0xa5, sizeof to);
}

static void check_copies(const char *isa)
{
    static const size_t widths[BASES] = { 2, 3, 4, 8, 16 };

    for (size_t base = 0; base < BASES; base++)
        for (size_t i = 0; i < BASE * bytes; i++) {
            bool copied = i < VECTORS * widths[base] * bytes;
            unsigned char right = copied ? from[i] : 0xa5;
            if (to[base * BASE * bytes + i] != right)
                fail_msg("%s, width %d, %d bytes: byte %d", isa, (int)widths[base],
                        (int)bytes, (int)i);
        }
}

static void vectors_are_loaded_and_stored_at_any_element(void **state)
{
    static const struct {
        const struct parfun_kernel *kernel;
        size_t bytes;
    } tests[] = { { &parfun_kernel_vectors_char, 1 },
        { &parfun_kernel_vectors_ushort, 2 }, { &parfun_kernel_vectors_int, 4 },
        { &parfun_kernel_vectors_float, 4 }, { &parfun_kernel_vectors_double, 8 } };
    void *pointers[] = { to, from, NULL };

    (void)state;
    for (size_t t = 0; t < sizeof tests / sizeof *tests; t++) {
        bytes = tests[t].bytes;
        for_each(tests[t].kernel, 8, 8, fill_bytes, pointers, check_copies);
    }
}

/* ---- Shuffles ------------------------------------------------------------------------- */

enum { SHUFFLES = 19 };

static unsigned char mask[16 * SHUFFLES], source[16 * (SHUFFLES + 1)],
        shuffled[28 * SHUFFLES];

static void fill_shuffles(void)
{
    for (int i = 0; i < 16 * (SHUFFLES + 1); i++)
        source[i] = (unsigned char)(i * 11 + 3);
    for (int i = 0; i < 16 * SHUFFLES; i++)
        mask[i] = (unsigned char)(i * i * 37 + i);
}

static void check_shuffles(const char *isa)
{
    for (int i = 0; i < SHUFFLES; i++)
        for (int c = 0; c < 16; c++) {
            const unsigned char *a = source + 16 * i, *b = a + 16;
            int m = mask[16 * i + c];
            bool right = shuffled[12 * SHUFFLES + 16 * i + c] == a[m & 3];
            if (c < 4)
                right &= shuffled[4 * i + c] == a[m & 15];
            if (c < 8)
                right &= shuffled[4 * SHUFFLES + 8 * i + c]
                        == (m & 2 ? b : a)[m & 1];
            if (!right)
                fail_msg("%s: vector %d, component %d", isa, i, c);
        }
}

static void shuffles_take_the_low_bits_of_the_mask(void **state)
{
    void *pointers[] = { shuffled, source, mask };

    (void)state;
    for_each(&parfun_kernel_shuffles, SHUFFLES, SHUFFLES, fill_shuffles, pointers,
            check_shuffles);
}

/* ---- Atomics --------------------------------------------------------------------------- */

enum { ITEMS = 61, CELLS = 11, LOCAL_CELLS = 16, OLD = 32 };

static int numbers[ITEMS], cells[OLD + ITEMS];
static int64_t wide_cells[OLD];

static void fill_atomics(void)
{
    static const int initial[CELLS] = { 100, 100, 50, -50, -1, 0, 5, 10, 10, 0, 8 };

    memset(cells, 0, sizeof cells);
    memset(wide_cells, 0, sizeof wide_cells);
    for (int i = 0; i < ITEMS; i++)
        numbers[i] = i * i % 97 - 40;
    for (int c = 0; c < CELLS; c++) {
        cells[c] = cells[LOCAL_CELLS + c] = initial[c];
        wide_cells[c] = wide_cells[LOCAL_CELLS + c] = initial[c];
    }
}

static void check_atomics(const char *isa)
{
    int right[CELLS] = { 100, 100, 50, -50, -1, 0, 5, 10 + ITEMS, 10 - ITEMS, 77,
        1234 };

    for (int i = 0; i < ITEMS; i++) {
        int v = numbers[i];
        right[0] += v, right[1] -= v, right[6] ^= v;
        right[2] = v < right[2] ? v : right[2];
        right[3] = v > right[3] ? v : right[3];
        right[4] &= ~(1 << (i & 15));
        right[5] |= 1 << (i & 15);
    }
    for (int c = 0; c < CELLS; c++)
        if (cells[c] != right[c] || cells[LOCAL_CELLS + c] != right[c]
                || wide_cells[c] != right[c]
                || wide_cells[LOCAL_CELLS + c] != right[c])
            fail_msg("%s: cell %d is %d, local %d, long %lld, local %lld, not %d",
                    isa, c, cells[c], cells[LOCAL_CELLS + c],
                    (long long)wide_cells[c],
                    (long long)wide_cells[LOCAL_CELLS + c], right[c]);
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(cells[OLD + i], i == 5 ? 8 : 0);
}

static void atomics_lose_no_update(void **state)
{
    void *pointers[] = { cells, numbers, wide_cells };

    (void)state;
    for_each(&parfun_kernel_atomics, ITEMS, ITEMS, fill_atomics, pointers,
            check_atomics);
}

/* ---- Asynchronous copies ----------------------------------------------------------------- */

enum { GROUP = 10, GROUPS = 4 };

static float pairs[2 * GROUP * GROUPS], copied[4 * GROUP * GROUPS];

static void fill_pairs(void)
{
    for (int i = 0; i < 2 * GROUP * GROUPS; i++)
        pairs[i] = (float)i;
}

static void check_pairs(const char *isa)
{
    for (int i = 0; i < GROUP * GROUPS; i++) {
        int l = i % GROUP, opposite = i - l + GROUP - 1 - l;
        const float *at = copied + 4 * i;
        if (at[0] != pairs[2 * opposite] || at[1] != pairs[2 * opposite + 1]
                || at[2] != pairs[6 * l] || at[3] != pairs[6 * l + 1])
            fail_msg("%s: work-item %d", isa, i);
    }
}

static void groups_copy_with_strides(void **state)
{
    void *pointers[] = { copied, pairs, NULL };

    (void)state;
    for_each(&parfun_kernel_async_copies, GROUP * GROUPS, GROUP, fill_pairs,
            pointers, check_pairs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_are_loaded_and_stored_at_any_element),
        cmocka_unit_test(shuffles_take_the_low_bits_of_the_mask),
        cmocka_unit_test(atomics_lose_no_update),
        cmocka_unit_test(groups_copy_with_strides),
    };

    return cmocka_run_group_tests_name("compiler.transfers", tests, NULL, NULL);
}
