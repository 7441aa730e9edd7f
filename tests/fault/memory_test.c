/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory_test.c: the k-th allocation of the library fails, for every k until none
 * does, once and from then on: in starts, in calls of every kind, in changes of
 * options, in ends.  There is a sentence, inputs are as before, nothing is lost, and
 * the next call is right.
 */
#include "runtime/base/error.h"
#include "support/allocations.h"
#include "support/calls.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/native_kernels.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ITEMS = 480, SIZE = 96 };

static const char *const selectors[] = { "none", "serial", "threads:2", "fake",
    "threads:2, fake" };
enum { SELECTORS = sizeof selectors / sizeof *selectors };

/* What fails in a life of the library; the rest has memory. */
enum phase { START, CREATE, CALL, OPTIONS, END, PHASES };

struct life {
    const char *selector;
    const struct test_call *call;
    enum phase phase;
    size_t size; /* of partitions; 0: the estimator's choice */
    long k;
    bool for_ever;
};

static const char *say(const struct life *life)
{
    static const char *const names[] = { "start", "create", "call", "options",
        "end" };
    static char text[200];

    snprintf(text, sizeof text, "%s of %s%s on %s, allocation %ld%s",
            names[life->phase], life->call->name,
            test_calls_keep ? " of kept arrays" : "", life->selector, life->k,
            life->for_ever ? " and all later ones" : "");
    return text;
}

static void check(const struct life *life, enum parfun_status status)
{
    if (status && !*parfun_error())
        fail_msg(
                "%s: %s without a sentence", say(life), parfun_status_text(status));
    if (status && !allocations_failed())
        fail_msg("%s: %s", say(life), parfun_error());
}

static void must(const struct life *life, enum parfun_status status)
{
    if (status)
        fail_msg("%s: afterwards: %s", say(life), parfun_error());
}

static enum parfun_status call_once(
        const struct life *life, struct parfun_function *function)
{
    const char *wrong = NULL;
    enum parfun_status status = life->call->run(function, ITEMS, &wrong);

    (void)allocations_all_succeed();
    /* The first allocations of a call are calls.c's own. */
    if (wrong && strcmp(wrong, "the test has no memory") == 0)
        return PARFUN_OK;
    if (wrong)
        fail_msg("%s: %s", say(life), wrong);
    return status;
}

/* A device whose queue could not even be marked for lack of memory has been given
 * up: then only a new start brings it back. */
static void call_again(const struct life *life, struct parfun_function *function)
{
    enum parfun_status status = call_once(life, function);

    if (status == PARFUN_DEVICE_FAILED && life->for_ever) {
        must(life, parfun_shutdown());
        must(life, parfun_set_backend(life->selector));
        status = call_once(life, function);
    }
    must(life, status);
}

static void begin(const struct life *life, enum phase phase)
{
    if (phase == life->phase)
        allocations_fail(life->k, life->for_ever);
}

static enum parfun_status create(
        const struct life *life, struct parfun_function **function)
{
    return parfun_function_create(life->call->kernel,
            PARFUN_OPTIONS(.fixed_partition_size = life->size), function);
}

/* Whether an allocation failed. */
static bool live(const struct life *life)
{
    struct parfun_function *function;
    enum parfun_status status;
    bool failed = false;

    begin(life, START);
    status = parfun_set_backend(life->selector);
    failed |= allocations_all_succeed();
    check(life, status);
    if (status)
        must(life, parfun_set_backend(life->selector));

    begin(life, CREATE);
    status = create(life, &function);
    failed |= allocations_all_succeed();
    check(life, status);
    if (status)
        must(life, create(life, &function));

    begin(life, CALL);
    status = call_once(life, function);
    failed |= allocations_failed();
    check(life, status);
    call_again(life, function);

    begin(life, OPTIONS);
    status = parfun_set_options(
            function, PARFUN_OPTIONS(.initial_partition_size = SIZE));
    failed |= allocations_all_succeed();
    check(life, status);
    call_again(life, function);

    begin(life, END);
    parfun_function_destroy(function);
    status = parfun_shutdown();
    failed |= allocations_all_succeed();
    must(life, status);
    if (fake_live())
        fail_msg("%s: %zu objects are left", say(life), fake_live());
    if (fake_breach())
        fail_msg("%s: %s", say(life), fake_breach());
    return failed;
}

static void fail_each(enum phase phase, unsigned first, unsigned calls)
{
    for (unsigned s = 0; s < SELECTORS; s++)
        for (unsigned c = first; c < first + calls; c++)
            for (int for_ever = 0; for_ever < 2; for_ever++) {
                struct life life = { selectors[s], &test_calls[c], phase,
                    (s + c) % 2 ? SIZE : 0, 0, for_ever };

                while (live(&life))
                    life.k++;
                /* Other threads' allocations come in any order. */
                if (phase != END)
                    assert_true(life.k > 0);
            }
}

static void survives_starts_without_memory(void **state)
{
    (void)state;
    fail_each(START, 0, 1);
}

static void survives_functions_without_memory(void **state)
{
    (void)state;
    fail_each(CREATE, 0, test_call_count);
}

static void survives_every_kind_of_call_without_memory(void **state)
{
    (void)state;
    fail_each(CALL, 0, test_call_count);
}

static void survives_calls_of_kept_arrays_without_memory(void **state)
{
    (void)state;
    test_calls_keep = true;
    fail_each(CALL, 0, test_call_count);
    test_calls_keep = false;
}

static void survives_options_without_memory(void **state)
{
    (void)state;
    fail_each(OPTIONS, 0, 1);
}

static void ends_without_memory(void **state)
{
    (void)state;
    fail_each(END, 0, 1);
}

static int set_up(void **state)
{
    (void)state;
    fake_set_devices((const struct fake_device[]){ { .lanes = 2 } }, 1);
    return 0;
}

/* ---- Devices beside threads ------------------------------------------------------- */

enum { PATIENCE = 50, ALLOCATIONS = 60 };

static size_t launches;

static void let_the_device_run(void)
{
    for (int i = 0; i < PATIENCE && !fake_is_running()
            && fake_count(0, FAKE_LAUNCH) == launches;
            i++)
        nanosleep(&(struct timespec){ .tv_nsec = 10000 }, NULL);
}

static const struct test_call *find_call(const char *name)
{
    for (unsigned c = 0; c < test_call_count; c++)
        if (strcmp(test_calls[c].name, name) == 0)
            return &test_calls[c];
    fail_msg("there is no call %s", name);
    return NULL;
}

/* What is updated in place must not be once a partition has to run again. */
static void threads_run_what_a_device_without_memory_leaves(void **state)
{
    const struct parfun_options *options =
            PARFUN_OPTIONS(.fixed_partition_size = SIZE);
    struct life life = { .selector = "threads:2, fake",
        .call = find_call("shift"),
        .phase = CALL,
        .size = SIZE };
    struct parfun_function *function;

    (void)state;
    fake_set_devices(&(struct fake_device){ .lanes = 2 }, 1);
    must(&life, parfun_set_backend(life.selector));
    must(&life, parfun_function_create(life.call->kernel, options, &function));
    for (; life.k < ALLOCATIONS; life.k++) {
        native_before = let_the_device_run;
        launches = fake_count(0, FAKE_LAUNCH);
        begin(&life, CALL);
        check(&life, call_once(&life, function));
        native_before = NULL;
    }
    parfun_function_destroy(function);
    must(&life, parfun_shutdown());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survives_starts_without_memory),
        cmocka_unit_test(survives_functions_without_memory),
        cmocka_unit_test(survives_every_kind_of_call_without_memory),
        cmocka_unit_test(survives_calls_of_kept_arrays_without_memory),
        cmocka_unit_test(survives_options_without_memory),
        cmocka_unit_test(ends_without_memory),
        cmocka_unit_test(threads_run_what_a_device_without_memory_leaves),
    };

    return cmocka_run_group_tests_name("fault.memory", tests, set_up, NULL);
}
