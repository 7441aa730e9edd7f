/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep_random_test.c: random programs on kept arrays: calls of every kind on changing
 * backends, writes of the host, little memory, shutdowns.  What the host reads is what
 * the same program on plain arrays gives.
 */
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/native_kernels.h"

#include <stdlib.h>
#include <string.h>

enum { PROGRAMS = 150, STEPS = 25, INTS = 900, FLOATS = 500, MOST = 120 };

static const char *const selectors[] = { "fake:0", "fake:1", "fake",
    "threads:1, fake:0", "threads:2, fake", "threads:2", "serial" };
enum { SELECTORS = sizeof selectors / sizeof *selectors };

/* The program's arrays, and what they should be. */
static int ints[INTS], plain_ints[INTS];
static float floats[FLOATS], plain_floats[FLOATS];

static struct parfun_function *saxpy, *twice, *gather, *reverse, *lift, *blur,
        *pick, *dot;
static unsigned program;

static unsigned draw(unsigned end)
{
    static uint64_t state;

    if (program) {
        state = program * UINT64_C(0x9E3779B97F4A7C15);
        program = 0;
    }
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((state >> 33) % end);
}

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

/* Parts of the array that do not overlap: a third each. */
enum { THIRD = INTS / 3 };

static size_t place(unsigned third, size_t count)
{
    return third * THIRD + draw((unsigned)(THIRD - count) + 1);
}

/* ---- Calls, and the same in plain C ------------------------------------------------- */

static void call_twice(size_t n, size_t x, size_t y)
{
    must(PARFUN_CALL(twice, n, PARFUN_ARRAY(ints + x), PARFUN_ARRAY(ints + y)));
    for (size_t i = 0; i < n; i++)
        plain_ints[y + i] = (int)(2u * (unsigned)plain_ints[x + i]);
}

static void call_gather(size_t n, size_t x, size_t y)
{
    int index[MOST];

    for (size_t i = 0; i < n; i++)
        index[i] = (int)draw((unsigned)n);
    must(PARFUN_CALL(gather, n, PARFUN_ARRAY(index), PARFUN_COUNTED(ints + x, n),
            PARFUN_ARRAY(ints + y)));
    for (size_t i = 0; i < n; i++)
        plain_ints[y + i] = plain_ints[x + (size_t)index[i]];
}

static void call_reverse(size_t n, size_t x, size_t y)
{
    n = n / 8 * 8;
    must(PARFUN_CALL(reverse, n, PARFUN_ARRAY(ints + x), PARFUN_ARRAY(ints + y)));
    for (size_t i = 0; i < n; i++)
        plain_ints[y + i] = plain_ints[x + i - i % 8 + (7 - i % 8)];
}

static void call_lift(size_t n, size_t x, size_t y)
{
    const int rows = 2, stride = (int)n / 2;
    const size_t columns = 1 + draw((unsigned)stride);

    must(PARFUN_CALL(lift, columns, PARFUN_VALUE(&rows), PARFUN_VALUE(&stride),
            PARFUN_ARRAY(ints + x), PARFUN_ARRAY(ints + y)));
    for (size_t r = 0; r < 2; r++)
        for (size_t i = 0; i < columns; i++) {
            int *out = &plain_ints[y + r * (size_t)stride + i];

            *out = (int)((unsigned)*out + (unsigned)plain_ints[x + i]);
        }
}

static void call_blur(size_t n, size_t x, size_t y)
{
    const int width = 3;
    const size_t items = n / 3 - 2;

    must(PARFUN_CALL(blur, items, PARFUN_VALUE(&width), PARFUN_ARRAY(ints + x),
            PARFUN_ARRAY(ints + y)));
    for (size_t i = 0; i < items * 3; i++)
        plain_ints[y + i] =
                (int)((unsigned)plain_ints[x + i] + (unsigned)plain_ints[x + i + 3]
                        + (unsigned)plain_ints[x + i + 6]);
}

/* What follows the elements that were kept is unspecified. */
static void call_pick(size_t n, size_t x, size_t y)
{
    size_t count, next = 0;

    must(PARFUN_CALL(pick, n, PARFUN_ARRAY(ints + x), PARFUN_ARRAY(ints + y),
            PARFUN_VALUE(&count)));
    for (size_t i = 0; i < n; i++)
        if (plain_ints[x + i] > 0)
            plain_ints[y + next++] = plain_ints[x + i];
    assert_int_equal(count, next);
    must(parfun_update_host(ints));
    memcpy(plain_ints + y + next, ints + y + next, (n - next) * sizeof *ints);
}

static void call_saxpy(size_t n, size_t x, size_t y)
{
    const float a = 0.5f;

    x %= FLOATS / 2 - MOST;
    y = FLOATS / 2 + y % (FLOATS / 2 - MOST);
    must(PARFUN_CALL(saxpy, n, PARFUN_VALUE(&a), PARFUN_ARRAY(floats + x),
            PARFUN_ARRAY(floats + y)));
    for (size_t i = 0; i < n; i++)
        plain_floats[y + i] = a * plain_floats[x + i] + plain_floats[y + i];
}

/* Writes nothing but a sum of zeros. */
static void call_dot(size_t n, size_t x, size_t y)
{
    const float zero[MOST] = { 0 };
    float sum = -1;

    (void)y;
    x %= FLOATS - MOST;
    must(PARFUN_CALL(dot, n, PARFUN_ARRAY(floats + x), PARFUN_ARRAY(zero),
            PARFUN_VALUE(&sum)));
    assert_true(sum == 0);
}

static void call_any(void)
{
    static void (*const calls[])(size_t n, size_t x, size_t y) = { call_twice,
        call_gather, call_reverse, call_lift, call_blur, call_pick, call_saxpy,
        call_saxpy, call_dot };
    const size_t n = 24 + draw(MOST - 24);
    const unsigned from = draw(3), to = (from + 1 + draw(2)) % 3;

    calls[draw(sizeof calls / sizeof *calls)](n, place(from, n), place(to, n));
}

/* ---- What the host does --------------------------------------------------------------- */

static void compare(void)
{
    must(parfun_update_host(ints));
    must(parfun_update_host(floats));
    assert_memory_equal(ints, plain_ints, sizeof ints);
    for (size_t i = 0; i < FLOATS; i++)
        assert_true(floats[i] == plain_floats[i]);
}

static void write_something(void)
{
    must(parfun_update_host(ints));
    for (size_t i = draw(INTS), end = i + draw(200); i < end && i < INTS; i++)
        ints[i] = plain_ints[i] = (int)draw(1000) - 500;
    must(parfun_update_devices(ints));
}

static void keep_anew(void)
{
    compare();
    must(parfun_release(ints));
    must(parfun_keep(ints, sizeof ints));
}

static void set_sizes(void)
{
    struct parfun_function *const all[] = { saxpy, twice, gather, lift, blur, pick,
        dot };
    const size_t size = draw(2) ? 0 : 10 + draw(40);

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        must(parfun_set_options(
                all[i], PARFUN_OPTIONS(.fixed_partition_size = size)));
}

static void step(void)
{
    const unsigned what = draw(20);

    if (what < 4)
        must(parfun_set_backend(selectors[draw(SELECTORS)]));
    else if (what < 16)
        call_any();
    else if (what == 16)
        write_something();
    else if (what == 17)
        compare();
    else if (what == 18)
        set_sizes();
    else if (draw(3))
        keep_anew();
    else
        must(parfun_shutdown());
}

static void run_program(void)
{
    /* the second has room for one copy at a time, or for none */
    const struct fake_device devices[2] = { { .lanes = 2 },
        { .lanes = 1 + draw(3),
                .memory_bytes = draw(2) ? 9000 : 6000,
                .shared_memory = draw(2) } };

    fake_set_devices(devices, 2);
    for (int i = 0; i < INTS; i++)
        ints[i] = plain_ints[i] = i - 300;
    for (int i = 0; i < FLOATS; i++)
        floats[i] = plain_floats[i] = (float)i;
    must(parfun_set_backend(selectors[draw(SELECTORS)]));
    must(parfun_keep(ints, sizeof ints));
    must(parfun_keep(floats, sizeof floats));
    for (unsigned i = 0; i < STEPS; i++)
        step();
    compare();
    must(parfun_release(ints));
    must(parfun_release(floats));
    must(parfun_shutdown());
    assert_int_equal(fake_live(), 0);
    if (fake_breach())
        fail_msg("%s", fake_breach());
    fake_reset();
}

static void programs_see_the_newest_values_wherever_they_are(void **state)
{
    (void)state;
    for (unsigned p = 1; p <= PROGRAMS; p++) {
        program = p;
        run_program();
    }
}

static int set_up(void **state)
{
    (void)state;
    return parfun_function_create(&native_saxpy, NULL, &saxpy)
            || parfun_function_create(&native_twice, NULL, &twice)
            || parfun_function_create(&native_gather, NULL, &gather)
            || parfun_function_create(&native_reverse, NULL, &reverse)
            || parfun_function_create(&native_lift, NULL, &lift)
            || parfun_function_create(&native_blur, NULL, &blur)
            || parfun_function_create(&native_pick, NULL, &pick)
            || parfun_function_create(&native_dot, NULL, &dot);
}

static int tear_down(void **state)
{
    struct parfun_function *const all[] = { saxpy, twice, gather, reverse, lift,
        blur, pick, dot };

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        parfun_function_destroy(all[i]);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_see_the_newest_values_wherever_they_are),
    };

    return cmocka_run_group_tests_name("keep_random", tests, set_up, tear_down);
}
