/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device_test.c: every call of a device's interface fails, once and for ever, early
 * and late, in every kind of call and every mix of devices.  While one worker lives
 * the answer is right; else there is a sentence.  Nothing is left behind.
 */
#include "runtime/base/error.h"
#include "support/calls.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/native_kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS = 960, SIZE = 96 };

/* A mix of devices; those without number fail. */
struct scene {
    const char *name, *selector;
    unsigned devices;
    bool survives; /* a worker is left when device 0 is not */
};

static const struct scene scenes[] = {
    { "a device", "fake", 1, false },
    { "two devices", "fake", 2, true },
    { "three devices", "fake", 3, true },
    { "threads and a device", "threads:2, fake", 1, true },
    { "a device and a thread", "fake, threads:1", 1, true },
};
enum { SCENES = sizeof scenes / sizeof scenes[0] };

static int forget(void **state)
{
    (void)state;
    assert_int_equal(parfun_shutdown(), PARFUN_OK);
    fake_reset();
    return 0;
}

static void set_up(const struct scene *scene)
{
    const struct fake_device like[3] = { { .lanes = 2 }, { .lanes = 3 },
        { .lanes = 1, .shared_memory = true } };
    fake_set_devices(like, scene->devices);
}

static void tear_down(const char *what)
{
    enum parfun_status status = parfun_shutdown();
    if (status)
        fail_msg("%s: shutdown: %s", what, parfun_error());
    if (fake_live())
        fail_msg("%s: %zu objects are left", what, fake_live());
    if (fake_breach())
        fail_msg("%s: %s", what, fake_breach());
    fake_reset();
}

/* One call; what it must be like. */
static void try_call(const struct test_call *call, struct parfun_function *function,
        bool must_succeed, const char *what)
{
    const char *wrong;
    enum parfun_status status = call->run(function, ITEMS, &wrong);
    if (wrong)
        fail_msg("%s: %s", what, wrong);
    if (status && must_succeed)
        fail_msg("%s: %s: %s", what, parfun_status_text(status), parfun_error());
    if (status && !*parfun_error())
        fail_msg("%s: %s without a sentence", what, parfun_status_text(status));
    if (status && !strstr(parfun_error(), call->name)
            && !(test_calls_keep && strstr(parfun_error(), "parfun_update_host()")))
        fail_msg("%s: \"%s\" does not name the function", what, parfun_error());
}

static void try_failure(const struct scene *scene, const struct test_call *call,
        const struct fake_failure *failure, size_t fixed)
{
    struct parfun_function *function;
    char what[200];
    snprintf(what, sizeof what, "%s, %s%s, size %zu, call %d no. %u%s%s: %s",
            scene->name, call->name, test_calls_keep ? " of kept arrays" : "",
            fixed, (int)failure->call, failure->nth,
            failure->for_ever ? " and on" : "", failure->late ? " late" : "",
            parfun_status_text(failure->status));
    set_up(scene);
    fake_fail(failure);
    if (parfun_set_backend(scene->selector))
        fail_msg("%s: %s", what, parfun_error());
    if (parfun_function_create(call->kernel,
                PARFUN_OPTIONS(.fixed_partition_size = fixed), &function))
        fail_msg("%s: %s", what, parfun_error());
    try_call(call, function, scene->survives, what);
    try_call(call, function, scene->survives, what); /* the next one */
    parfun_function_destroy(function);
    tear_down(what);
}

/* The thread sanitizer takes ten times as long, and needs no failure twice. */
#ifdef __SANITIZE_THREAD__
enum { SCENE_STEP = 4 };
#else
enum { SCENE_STEP = 1 };
#endif

static void try_failures(const struct test_call *call, enum fake_call operation)
{
    static const enum parfun_status statuses[] = { PARFUN_DEVICE_FAILED,
        PARFUN_NO_MEMORY };
    const bool can_be_late = operation == FAKE_WRITE || operation == FAKE_READ
            || operation == FAKE_MOVE || operation == FAKE_LAUNCH;
    const unsigned step = SCENE_STEP * (test_calls_keep ? 2 : 1),
                   most = test_calls_keep ? 3 : 6;
    for (unsigned s = 0; s < SCENES; s += step)
        for (unsigned nth = 0; nth < most; nth++)
            for (unsigned bits = 0; bits < 16; bits++) {
                struct fake_failure failure = { .device = 0,
                    .call = operation,
                    .nth = nth,
                    .for_ever = bits & 1,
                    .late = bits & 2,
                    .status = statuses[bits >> 2 & 1] };
                if (failure.late && !can_be_late)
                    continue;
                try_failure(&scenes[s], call, &failure, bits & 8 ? SIZE : 0);
            }
}

static void try_operation(enum fake_call operation)
{
    /* building kernels has nothing to do with arrays, moves are of kept ones alone */
    const int first = operation == FAKE_MOVE,
              end = operation == FAKE_CODE_CREATE ? 1 : 2;
    for (int keep = first; keep < end; keep++) {
        test_calls_keep = keep;
        for (unsigned c = 0; c < test_call_count; c++)
            try_failures(&test_calls[c], operation);
    }
    test_calls_keep = false;
}

/* ---- All is well -------------------------------------------------------------- */

static void run_all(void)
{
    static const size_t items[] = { 8, 16, 64, 104, 1024, 4096, 10000 };
    const struct fake_failure none = { .device = 7 };
    for (unsigned s = 0; s < SCENES; s++)
        for (unsigned c = 0; c < test_call_count; c++) {
            struct parfun_function *function;
            try_failure(&scenes[s], &test_calls[c], &none, SIZE);
            set_up(&scenes[s]);
            assert_int_equal(parfun_set_backend(scenes[s].selector), PARFUN_OK);
            assert_int_equal(
                    parfun_function_create(test_calls[c].kernel, NULL, &function),
                    PARFUN_OK);
            for (unsigned i = 0; i < sizeof items / sizeof items[0]; i++) {
                const char *wrong;
                enum parfun_status status =
                        test_calls[c].run(function, items[i], &wrong);
                if (status || wrong)
                    fail_msg("%s, %s, %zu items: %s", scenes[s].name,
                            test_calls[c].name, items[i],
                            wrong ? wrong : parfun_error());
            }
            parfun_function_destroy(function);
            tear_down(test_calls[c].name);
        }
}

static void runs_every_kind_of_call_on_every_mix(void **state)
{
    (void)state;
    run_all();
    test_calls_keep = true;
    run_all();
    test_calls_keep = false;
}

/* ---- One operation fails -------------------------------------------------------- */

static void survives_kernels_that_can_not_be_built(void **state)
{
    (void)state;
    try_operation(FAKE_CODE_CREATE);
}

static void survives_memories_that_can_not_be_had(void **state)
{
    (void)state;
    try_operation(FAKE_MEMORY_CREATE);
}

static void survives_writes_that_fail(void **state)
{
    (void)state;
    try_operation(FAKE_WRITE);
}

static void survives_reads_that_fail(void **state)
{
    (void)state;
    try_operation(FAKE_READ);
}

static void survives_moves_that_fail(void **state)
{
    (void)state;
    try_operation(FAKE_MOVE);
}

static void survives_launches_that_fail(void **state)
{
    (void)state;
    try_operation(FAKE_LAUNCH);
}

static void survives_marks_that_fail(void **state)
{
    (void)state;
    try_operation(FAKE_MARK);
}

static void survives_waits_that_fail(void **state)
{
    (void)state;
    try_operation(FAKE_WAIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(runs_every_kind_of_call_on_every_mix, forget),
        cmocka_unit_test_teardown(survives_kernels_that_can_not_be_built, forget),
        cmocka_unit_test_teardown(survives_memories_that_can_not_be_had, forget),
        cmocka_unit_test_teardown(survives_writes_that_fail, forget),
        cmocka_unit_test_teardown(survives_reads_that_fail, forget),
        cmocka_unit_test_teardown(survives_moves_that_fail, forget),
        cmocka_unit_test_teardown(survives_launches_that_fail, forget),
        cmocka_unit_test_teardown(survives_marks_that_fail, forget),
        cmocka_unit_test_teardown(survives_waits_that_fail, forget),
    };
    return cmocka_run_group_tests_name("fault.device", tests, NULL, NULL);
}
