/* SPDX-License-Identifier: Apache-2.0 */
/* workers_test.c: that helpers come, leave, and are never lost or left behind. */
#include "runtime/workers.h"
#include "runtime/base/clock.h"
#include "support/cmocka.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

struct work {
    struct pf_job job;
    struct pf_workers *pool;
    atomic_uint entered, inside, most;
    atomic_uint left; /* units of work */
    atomic_bool open; /* helpers may leave */
    bool long_enough; /* they have been there */
    struct pf_job *nested;
};

static struct work *work_of(struct pf_job *job)
{
    return (struct work *)(void *)job;
}

static struct pf_workers *new_pool(unsigned threads)
{
    struct pf_workers *pool = NULL;
    assert_int_equal(pf_workers_create(threads, NULL, &pool), PARFUN_OK);
    return pool;
}

static void nap(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
}

static void enter(struct work *work)
{
    unsigned inside = atomic_fetch_add(&work->inside, 1) + 1, most = work->most;
    while (inside > most
            && !atomic_compare_exchange_weak(&work->most, &most, inside))
        ;
    atomic_fetch_add(&work->entered, 1);
}

/* Stays until it may leave. */
static bool stay(struct pf_job *job)
{
    struct work *work = work_of(job);
    enter(work);
    while (!work->open)
        nap();
    atomic_fetch_sub(&work->inside, 1);
    return false;
}

static bool take_units(struct pf_job *job)
{
    struct work *work = work_of(job);
    unsigned left = work->left;
    enter(work);
    while (left)
        if (atomic_compare_exchange_weak(&work->left, &left, left - 1))
            left = work->left;
    atomic_fetch_sub(&work->inside, 1);
    return false;
}

static void wait_for(atomic_uint *number, unsigned least)
{
    while (*number < least)
        nap();
}

static void helpers_enter_and_leave(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(3);
    struct work work = { .job = { .run = stay } };
    (void)pf_workers_post(pool, &work.job, 3);
    wait_for(&work.inside, 3);
    work.open = true;
    pf_workers_retract(pool, &work.job);
    assert_int_equal(work.inside, 0);
    assert_int_equal(work.entered, 3);
    pf_workers_destroy(pool);
}

static void no_more_helpers_enter_than_were_asked_for(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(8);
    struct work first = { .job = { .run = stay } },
                second = { .job = { .run = stay } };
    (void)pf_workers_post(pool, &first.job, 8); /* eight threads exist now */
    wait_for(&first.inside, 8);
    first.open = true;
    pf_workers_retract(pool, &first.job);
    (void)pf_workers_post(pool, &second.job, 1);
    wait_for(&second.inside, 1);
    (void)pf_workers_post(pool, &second.job, 2); /* two more */
    wait_for(&second.inside, 3);
    for (int i = 0; i < 20; i++)
        nap();
    second.open = true;
    pf_workers_retract(pool, &second.job);
    assert_int_equal(second.entered, 3);
    pf_workers_destroy(pool);
}

static void no_more_threads_start_than_the_limit(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(2);
    struct work work = { .job = { .run = stay } };
    (void)pf_workers_post(pool, &work.job, 50);
    wait_for(&work.inside, 2);
    for (int i = 0; i < 20; i++)
        nap();
    assert_int_equal(work.most, 2);
    pf_workers_limit(pool, 4);
    pf_workers_limit(pool, 1); /* never fewer */
    (void)pf_workers_post(pool, &work.job, 2);
    wait_for(&work.inside, 4);
    work.open = true;
    pf_workers_retract(pool, &work.job);
    assert_int_equal(work.most, 4);
    pf_workers_destroy(pool);
}

static void a_pool_without_threads_helps_nobody(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(0);
    struct work work = { .job = { .run = stay } };
    (void)pf_workers_post(pool, &work.job, 5);
    pf_workers_retract(pool, &work.job);
    assert_int_equal(work.entered, 0);
    pf_workers_destroy(pool);
    pf_workers_destroy(NULL);
}

static void nobody_enters_a_retracted_job(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(1);
    struct work busy = { .job = { .run = stay } },
                work = { .job = { .run = stay } };
    (void)pf_workers_post(pool, &busy.job, 1);
    wait_for(&busy.inside, 1);
    (void)pf_workers_post(pool, &work.job, 1);
    pf_workers_retract(pool, &work.job);
    busy.open = true;
    pf_workers_retract(pool, &busy.job);
    pf_workers_destroy(pool);
    assert_int_equal(work.entered, 0);
}

static void jobs_share_the_threads(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(2);
    struct work first = { .job = { .run = stay } },
                second = { .job = { .run = stay } };
    (void)pf_workers_post(pool, &first.job, 1);
    wait_for(&first.inside, 1);
    (void)pf_workers_post(pool, &first.job, 1);
    wait_for(&first.inside, 2);
    (void)pf_workers_post(pool, &second.job, 2);
    first.open = true;
    wait_for(&second.inside, 2); /* those who left the first */
    second.open = true;
    pf_workers_retract(pool, &second.job);
    pf_workers_retract(pool, &first.job);
    pf_workers_destroy(pool);
}

/* Stays until it may leave, or is wanted elsewhere. */
static bool lend(struct pf_job *job)
{
    struct work *work = work_of(job);
    bool wanted = false;
    enter(work);
    while (!work->open && !wanted) {
        nap();
        wanted = pf_workers_wanted_elsewhere(work->pool, job, work->long_enough);
    }
    atomic_fetch_sub(&work->inside, 1);
    return wanted;
}

static void a_helper_leaves_for_a_job_with_fewer_and_comes_back(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(3);
    struct work first = { .job = { .run = lend }, .pool = pool },
                second = { .job = { .run = lend, .attended = true }, .pool = pool };
    (void)pf_workers_post(pool, &first.job, 3);
    wait_for(&first.inside, 3);
    (void)pf_workers_post(pool, &second.job, 3);
    wait_for(&second.inside, 1); /* and its owner: as many as are left there */
    for (int i = 0; i < 20; i++)
        nap();
    assert_int_equal(second.inside, 1);
    assert_int_equal(first.inside, 2);
    second.open = true;
    pf_workers_retract(pool, &second.job);
    wait_for(&first.inside, 3);
    first.open = true;
    pf_workers_retract(pool, &first.job);
    assert_int_equal(first.inside, 0);
    pf_workers_destroy(pool);
}

static void no_more_helpers_leave_than_are_wanted(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(6);
    struct work first = { .job = { .run = lend }, .pool = pool },
                second = { .job = { .run = lend, .attended = true }, .pool = pool };
    (void)pf_workers_post(pool, &first.job, 6);
    wait_for(&first.inside, 6);
    (void)pf_workers_post(pool, &second.job, 1);
    wait_for(&second.inside, 1);
    for (int i = 0; i < 20; i++)
        nap();
    assert_int_equal(first.inside, 5);
    assert_int_equal(first.entered, 6); /* nobody went, and came back */
    first.open = second.open = true;
    pf_workers_retract(pool, &second.job);
    pf_workers_retract(pool, &first.job);
    pf_workers_destroy(pool);
}

static void the_only_helper_serves_jobs_in_turn(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(1);
    struct work first = {
        .job = { .run = lend }, .pool = pool, .long_enough = true
    };
    struct work second = {
        .job = { .run = lend }, .pool = pool, .long_enough = true
    };
    (void)pf_workers_post(pool, &first.job, 1);
    wait_for(&first.entered, 1);
    (void)pf_workers_post(pool, &second.job, 1);
    wait_for(&first.entered, 10);
    wait_for(&second.entered, 10);
    first.open = second.open = true;
    pf_workers_retract(pool, &first.job);
    pf_workers_retract(pool, &second.job);
    pf_workers_destroy(pool);
}

static void nobody_leaves_for_a_nested_job_nor_where_as_many_work(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(2);
    struct work first = { .job = { .run = stay }, .pool = pool },
                nested = { .job = { .run = stay, .nested = true } },
                equal = { .job = { .run = stay, .attended = true } };
    (void)pf_workers_post(pool, &first.job, 2);
    wait_for(&first.inside, 2);
    assert_false(pf_workers_wanted_elsewhere(pool, &first.job, true));
    (void)pf_workers_post(pool, &nested.job, 1);
    assert_false(pf_workers_wanted_elsewhere(pool, &first.job, true));
    (void)pf_workers_post(pool, &equal.job, 1);
    assert_false(pf_workers_wanted_elsewhere(pool, &first.job, false));
    assert_true(pf_workers_wanted_elsewhere(pool, &first.job, true));
    pf_workers_retract(pool, &equal.job);
    pf_workers_retract(pool, &nested.job);
    first.open = true;
    pf_workers_retract(pool, &first.job);
    pf_workers_destroy(pool);
}

/* A helper that has a job of its own, as in nested calls: with every thread busy it
 * finishes by itself. */
static bool post_nested(struct pf_job *job)
{
    struct work *outer = work_of(job);
    struct work inner = { .job = { .run = take_units }, .left = 10 };
    enter(outer);
    (void)pf_workers_post(outer->pool, &inner.job, 3);
    (void)take_units(&inner.job);
    pf_workers_retract(outer->pool, &inner.job);
    atomic_fetch_sub(&outer->left, inner.left == 0);
    atomic_fetch_sub(&outer->inside, 1);
    return false;
}

static void nested_jobs_finish(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(3);
    for (int i = 0; i < 500; i++) {
        struct work work = {
            .job = { .run = post_nested }, .pool = pool, .left = 4
        };
        (void)pf_workers_post(pool, &work.job, 3);
        (void)post_nested(&work.job);
        pf_workers_retract(pool, &work.job);
        assert_int_equal(work.left, 4 - work.entered);
    }
    pf_workers_destroy(pool);
}

static void no_wake_up_is_lost(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(2);
    for (int i = 0; i < 10000; i++) {
        struct work work = { .job = { .run = take_units }, .left = 1 };
        (void)pf_workers_post(pool, &work.job, 1 + (unsigned)i % 2);
        while (work.left) /* only a helper takes it */
            ;
        pf_workers_retract(pool, &work.job);
        assert_int_equal(work.inside, 0);
    }
    pf_workers_destroy(pool);
}

/* Helpers wait for about 50 us before they sleep. */
static void no_wake_up_is_lost_as_helpers_go_to_sleep(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(2);
    for (int i = 0; i < 5000; i++) {
        struct work work = { .job = { .run = take_units }, .left = 1 };
        const uint64_t end = pf_clock_ns() + 40000 + 10 * ((uint64_t)i % 2000);
        while (pf_clock_ns() < end)
            ;
        (void)pf_workers_post(pool, &work.job, 1 + (unsigned)i % 2);
        while (work.left) /* only a helper takes it */
            ;
        pf_workers_retract(pool, &work.job);
    }
    pf_workers_destroy(pool);
}

static void what_waking_takes_is_learned(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(1);
    const struct pf_waking before = pf_workers_expect(pool, 1, 0).waking;
    assert_true(before.first_s > 0 && before.next_s > 0);
    for (int i = 0; i < 4; i++) {
        struct work work = { .job = { .run = take_units }, .left = 1 };
        nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
        (void)pf_workers_post(pool, &work.job, 1);
        while (work.left)
            nap();
        pf_workers_retract(pool, &work.job);
    }
    nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL); /* it sleeps */
    const struct pf_waking after = pf_workers_expect(pool, 1, 0).waking;
    assert_true(after.first_s > 0 && after.next_s > 0);
    assert_true(after.first_s < before.first_s || after.first_s > before.first_s);
    assert_true(after.next_s < before.next_s || after.next_s > before.next_s);
    pf_workers_destroy(pool);
}

static void nobody_is_patient_with_more_threads_than_processors(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(2);
    assert_true(pf_workers_expect(pool, 0, 0).patient);
    assert_true(pf_workers_expect(pool, 2, 0).patient);
    assert_false(pf_workers_expect(pool, 3, 0).patient);
    assert_false(pf_workers_expect(pool, 1, 0).patient); /* they stay */
    pf_workers_destroy(pool);
}

/* A helper asks for another one while the owner already waits for it to leave. */
static bool post_again(struct pf_job *job)
{
    struct work *work = work_of(job);
    enter(work);
    if (work->entered == 1) {
        while (!work->open)
            nap();
        for (int i = 0; i < 20; i++) /* the owner is in pf_workers_retract() */
            nap();
        (void)pf_workers_post(work->pool, job, 2);
    }
    atomic_fetch_sub(&work->inside, 1);
    return false;
}

static void a_post_by_a_helper_does_not_outlive_the_job(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads < 4; threads++) {
        struct pf_workers *pool = new_pool(threads);
        struct work *work = calloc(1, sizeof *work);
        struct work next = { .job = { .run = take_units }, .left = 1 };
        unsigned entered;
        assert_non_null(work);
        work->job.run = post_again;
        work->pool = pool;
        (void)pf_workers_post(pool, &work->job, 1);
        wait_for(&work->entered, 1);
        work->open = true;
        pf_workers_retract(pool, &work->job);
        entered = work->entered;
        assert_int_equal(work->inside, 0);
        assert_false(work->job.posted);
        for (int i = 0; i < 20; i++)
            nap();
        assert_int_equal(work->entered, entered);
        free(work);
        (void)pf_workers_post(pool, &next.job, 1);
        while (next.left)
            nap();
        pf_workers_retract(pool, &next.job);
        pf_workers_destroy(pool);
    }
}

static void a_post_by_a_helper_who_goes_on_to_another_job_has_no_effect(
        void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(1);
    struct work work = { .job = { .run = post_again }, .pool = pool },
                other = { .job = { .run = take_units }, .left = 1 };
    (void)pf_workers_post(pool, &work.job, 1);
    wait_for(&work.entered, 1);
    (void)pf_workers_post(pool, &other.job, 1); /* the older one */
    work.open = true;
    pf_workers_retract(pool, &work.job);
    assert_false(work.job.posted);
    while (other.left)
        nap();
    pf_workers_retract(pool, &other.job);
    assert_int_equal(work.entered, 1);
    pf_workers_destroy(pool);
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void idle_threads_use_no_time(void **state)
{
    (void)state;
    struct pf_workers *pool = new_pool(4);
    struct work work = { .job = { .run = stay } };
    (void)pf_workers_post(pool, &work.job, 4);
    wait_for(&work.inside, 4);
    work.open = true;
    pf_workers_retract(pool, &work.job);
    const double before = cpu_seconds();
    nanosleep(&(struct timespec){ .tv_nsec = 200000000 }, NULL);
    assert_true(cpu_seconds() - before < 0.05);
    pf_workers_destroy(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(helpers_enter_and_leave),
        cmocka_unit_test(no_more_helpers_enter_than_were_asked_for),
        cmocka_unit_test(no_more_threads_start_than_the_limit),
        cmocka_unit_test(a_pool_without_threads_helps_nobody),
        cmocka_unit_test(nobody_enters_a_retracted_job),
        cmocka_unit_test(jobs_share_the_threads),
        cmocka_unit_test(a_helper_leaves_for_a_job_with_fewer_and_comes_back),
        cmocka_unit_test(no_more_helpers_leave_than_are_wanted),
        cmocka_unit_test(the_only_helper_serves_jobs_in_turn),
        cmocka_unit_test(nobody_leaves_for_a_nested_job_nor_where_as_many_work),
        cmocka_unit_test(nested_jobs_finish),
        cmocka_unit_test(no_wake_up_is_lost),
        cmocka_unit_test(no_wake_up_is_lost_as_helpers_go_to_sleep),
        cmocka_unit_test(what_waking_takes_is_learned),
        cmocka_unit_test(nobody_is_patient_with_more_threads_than_processors),
        cmocka_unit_test(a_post_by_a_helper_does_not_outlive_the_job),
        cmocka_unit_test(
                a_post_by_a_helper_who_goes_on_to_another_job_has_no_effect),
        cmocka_unit_test(idle_threads_use_no_time),
    };
    return cmocka_run_group_tests_name("workers", tests, NULL, NULL);
}
