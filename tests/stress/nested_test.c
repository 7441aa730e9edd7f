/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nested_test.c: a thousand calls of kernels inside calls of functions in C, from
 * several threads, on the backends that the arguments name, after how many calls each
 * thread makes on each of them.
 */
#include "support/calls.h"
#include "support/cmocka.h"
#include "support/leaks.h"
#include "support/native_kernels.h"
#include "support/tasks.h"
#ifdef WITH_FAKES
#include "support/fake_backend.h"
#endif

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { CALLERS = 4, FUNCTIONS = 16, ITEMS = 10, INNER = 96 };

static unsigned rounds;
static char **selectors;
static unsigned selector_count;
static struct parfun_function *functions[FUNCTIONS], *outer;
static _Atomic unsigned inner_calls;

/* Each item is a call of the next kernel. */
static enum parfun_status call_kernels(struct parfun_partition *part, void *user)
{
    const unsigned *kind = parfun_argument(part, "kind");
    unsigned *right = parfun_argument(part, "right");

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++) {
        const unsigned c = kind[i] % test_call_count;
        const char *bad = NULL;
        const enum parfun_status status =
                test_calls[c].run(functions[c], INNER, &bad);

        if (status)
            return status;
        if (bad)
            return parfun_fail("%s: %s", test_calls[c].name, bad);
        right[i] = 1;
        (void)atomic_fetch_add(&inner_calls, 1);
    }
    return PARFUN_OK;
}

static void *call_outer(void *argument)
{
    unsigned kind[ITEMS];
    uintptr_t wrong = 0;

    for (unsigned i = 0; i < ITEMS; i++)
        kind[i] = i + (unsigned)(uintptr_t)argument;
    for (unsigned r = 0; r < rounds; r++) {
        unsigned right = 0;

        if (PARFUN_CALL(outer, ITEMS, PARFUN_ARRAY(kind), PARFUN_VALUE(&right))) {
            fprintf(stderr, "%s\n", parfun_error());
            wrong++;
        }
        wrong += right != ITEMS;
    }
    return (void *)wrong;
}

static void a_thousand_nested_calls_are_right(void **state)
{
    (void)state;
    atomic_store(&inner_calls, 0);
    for (unsigned s = 0; s < selector_count; s++) {
        pthread_t caller[CALLERS];

        assert_int_equal(parfun_set_backend(selectors[s]), PARFUN_OK);
        for (unsigned i = 0; i < CALLERS; i++)
            assert_int_equal(pthread_create(&caller[i], NULL, call_outer,
                                     (void *)(uintptr_t)i),
                    0);
        for (unsigned i = 0; i < CALLERS; i++) {
            void *wrong = NULL;

            assert_int_equal(pthread_join(caller[i], &wrong), 0);
            assert_null(wrong);
        }
    }
    assert_int_equal(
            atomic_load(&inner_calls), selector_count * CALLERS * rounds * ITEMS);
    assert_true(atomic_load(&inner_calls) >= 1000);
    assert_int_equal(parfun_shutdown(), PARFUN_OK);
    assert_int_equal(tasks_of_library(), 0);
}

static int set_up(void **state)
{
    (void)state;
#ifdef WITH_FAKES
    fake_set_devices(
            (const struct fake_device[]){ { .lanes = 2 }, { .lanes = 3 } }, 2);
#endif
    for (unsigned c = 0; c < test_call_count; c++)
        if (parfun_function_create(test_calls[c].kernel, NULL, &functions[c]))
            return -1;
    return parfun_function_from_c("call_kernels",
                   "const unsigned *kind, unsigned *right", call_kernels,
                   PARFUN_OPTIONS(.clauses = "split(kind) combine(sum: right)",
                           .fixed_partition_size = 1),
                   &outer)
            ? -1
            : 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned c = 0; c < test_call_count; c++)
        parfun_function_destroy(functions[c]);
    parfun_function_destroy(outer);
#ifdef WITH_FAKES
    if (fake_live() || fake_breach())
        return -1;
#endif
    return 0;
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_nested_calls_are_right),
    };

    rounds = (unsigned)strtoul(arguments[1], NULL, 10);
    selectors = arguments + 2;
    selector_count = (unsigned)count - 2;
    return without_leaks(
            cmocka_run_group_tests_name("nested", tests, set_up, tear_down));
}
