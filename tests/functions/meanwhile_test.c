/* SPDX-License-Identifier: Apache-2.0 */
/*
 * meanwhile_test.c: what runs at the same time: a generator or a combiner and the
 * workers, the partitions of a call inside another one, bodies and devices.  A busy
 * machine may bring a worker too late to be seen, so calls are made until it was.
 */
#include "functions/cuts.h"
#include "functions/functions.h"
#include "support/native_kernels.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>

enum { ITEMS = 365, LOOKS = 100000 };

static int x[ITEMS];

/* ---- Generators -------------------------------------------------------------------------- */

/* A body in another thread waits for the generator's next piece.  The calling thread
 * runs bodies, too: these wait for nobody. */
static struct {
    pthread_t caller;
    _Atomic size_t made;
    _Atomic bool ended, seen;
} together;

static enum parfun_status note_pieces(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const enum parfun_status status = cut_forwards(split, wanted, piece, 7);

    (void)user;
    (void)atomic_fetch_add(&together.made, 1);
    atomic_store(&together.ended, wanted == 0 || piece->count == 0);
    return status;
}

static enum parfun_status wait_for_a_piece(
        struct parfun_partition *part, void *user)
{
    const size_t made = atomic_load(&together.made);

    (void)part, (void)user;
    if (pthread_equal(pthread_self(), together.caller))
        return PARFUN_OK;
    while (!atomic_load(&together.ended) && atomic_load(&together.made) == made)
        sched_yield();
    if (atomic_load(&together.made) != made)
        atomic_store(&together.seen, true);
    return PARFUN_OK;
}

static void a_generator_runs_while_workers_run(void **state)
{
    const struct parfun_named_generator generators[] = { { "g", note_pieces },
        { 0 } };
    struct parfun_function *function = make("wait", "const int *x",
            wait_for_a_piece,
            PARFUN_OPTIONS(.clauses = "split(by(g): x)", .generators = generators));

    (void)state;
    together.caller = pthread_self();
    while (!atomic_load(&together.seen)) {
        atomic_store(&together.ended, false);
        MUST(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x)));
    }
    parfun_function_destroy(function);
}

/* ---- Combiners --------------------------------------------------------------------------- */

static _Atomic size_t ran;

static enum parfun_status count_runs(struct parfun_partition *part, void *user)
{
    (void)part, (void)user;
    (void)atomic_fetch_add(&ran, 1);
    return PARFUN_OK;
}

/* Once it has the first result it looks whether others run, and takes no part. */
static enum parfun_status look_on(
        struct parfun_results *results, void *combined, void *user)
{
    struct parfun_partition *part;

    (void)user;
    if (parfun_next(results, &part) || !part)
        return parfun_fail("there is no first one");

    const size_t before = atomic_load(&ran);

    for (unsigned look = 0; look < LOOKS && atomic_load(&ran) == before; look++)
        sched_yield();
    *(bool *)combined = atomic_load(&ran) != before;
    return PARFUN_OK;
}

static void a_combiner_runs_while_workers_run(void **state)
{
    bool others_ran = false;
    struct parfun_function *function =
            make("count", "const int *x, void *result", count_runs,
                    PARFUN_OPTIONS(.clauses = "split(x) combine(each(1): result)",
                            .combiner = look_on, .fixed_partition_size = 1));

    (void)state;
    while (!others_ran)
        MUST(PARFUN_CALL(
                function, ITEMS, PARFUN_ARRAY(x), PARFUN_VALUE(&others_ran)));
    parfun_function_destroy(function);
}

/* ---- Calls inside calls -------------------------------------------------------------------- */

static struct parfun_function *inner;
static _Atomic unsigned present;
static _Atomic bool met;

/* Waits a while for another partition of the same call. */
static enum parfun_status meet(struct parfun_partition *part, void *user)
{
    (void)part, (void)user;
    (void)atomic_fetch_add(&present, 1);
    for (unsigned look = 0; look < LOOKS && !atomic_load(&met); look++) {
        if (atomic_load(&present) > 1)
            atomic_store(&met, true);
        sched_yield();
    }
    (void)atomic_fetch_sub(&present, 1);
    return PARFUN_OK;
}

static enum parfun_status call_inner(struct parfun_partition *part, void *user)
{
    (void)part, (void)user;
    return PARFUN_CALL(inner, 2, PARFUN_ARRAY(x));
}

static void the_partitions_of_a_nested_call_run_at_once(void **state)
{
    struct parfun_function *outer = make("outer", "const int *x", call_inner,
            PARFUN_OPTIONS(.clauses = "split(x)"));

    (void)state;
    inner = make("inner", "const int *x", meet,
            PARFUN_OPTIONS(.clauses = "split(x)", .fixed_partition_size = 1));
    while (!atomic_load(&met))
        MUST(PARFUN_CALL(outer, 1, PARFUN_ARRAY(x)));
    parfun_function_destroy(inner);
    parfun_function_destroy(outer);
}

/* ---- Beside devices -------------------------------------------------------------------------- */

enum { MINUTE = 60 };

static sem_t begun, ended;

static enum parfun_status wait_for_the_device(
        struct parfun_partition *part, void *user)
{
    struct timespec end;

    (void)part, (void)user;
    (void)sem_post(&begun);
    (void)clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += MINUTE;
    return sem_timedwait(&ended, &end)
            ? parfun_fail("the device's call does not end")
            : PARFUN_OK;
}

static void *call_on_the_device(void *twice)
{
    static int y[ITEMS];
    enum parfun_status status;

    (void)sem_wait(&begun);
    status = parfun_push_backend("opencl");
    if (!status)
        status = PARFUN_CALL((struct parfun_function *)twice, ITEMS,
                PARFUN_ARRAY(x), PARFUN_ARRAY(y));
    (void)sem_post(&ended);
    return (void *)(uintptr_t)status;
}

static void a_body_runs_beside_a_device_that_runs_another_call(void **state)
{
    struct parfun_function *twice = NULL,
                           *waiting =
                                   make("wait", "const int *x", wait_for_the_device,
                                           PARFUN_OPTIONS(.clauses = "split(x)"));
    pthread_t other;
    void *status;

    (void)state;
    if (parfun_push_backend("opencl"))
        skip();
    MUST(parfun_function_create(&native_twice, NULL, &twice));
    assert_int_equal(sem_init(&begun, 0, 0) | sem_init(&ended, 0, 0), 0);
    assert_int_equal(pthread_create(&other, NULL, call_on_the_device, twice), 0);
    MUST(PARFUN_CALL(waiting, 1, PARFUN_ARRAY(x)));
    assert_int_equal(pthread_join(other, &status), 0);
    assert_null(status);
    MUST(parfun_pop_backend());
    (void)sem_destroy(&begun);
    (void)sem_destroy(&ended);
    parfun_function_destroy(twice);
    parfun_function_destroy(waiting);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_generator_runs_while_workers_run),
        cmocka_unit_test(a_combiner_runs_while_workers_run),
        cmocka_unit_test(the_partitions_of_a_nested_call_run_at_once),
        cmocka_unit_test(a_body_runs_beside_a_device_that_runs_another_call),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
