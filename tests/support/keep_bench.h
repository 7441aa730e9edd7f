/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep_bench.h: for tests of kept memory: two arrays, functions that use them, fake
 * devices that count what moves, and the end of each test.
 */
#ifndef PF_TESTS_SUPPORT_KEEP_BENCH_H
#define PF_TESTS_SUPPORT_KEEP_BENCH_H

#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/native_kernels.h"

#include <string.h>
#include <time.h>

enum { N = 1000, BYTES = N * (int)sizeof(float) };

static struct parfun_function *saxpy, *twice, *gather, *reverse, *pick, *lift, *dot;
static float x[N], y[N];

static inline void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

/* ---- What has moved ------------------------------------------------------------- */

static size_t written, read_back;

static inline void count_from_here(void)
{
    written = fake_bytes_written();
    read_back = fake_bytes_read();
}

static inline size_t read_out(void)
{
    return fake_bytes_read() - read_back;
}

static inline void expect_moved(size_t in, size_t out)
{
    assert_int_equal(fake_bytes_written() - written, in);
    assert_int_equal(fake_bytes_read() - read_back, out);
    count_from_here();
}

static inline void begin(
        const char *selector, const struct fake_device *like, unsigned count)
{
    fake_set_devices(like, count);
    must(parfun_set_backend(selector));
    for (size_t i = 0; i < N; i++) {
        x[i] = (float)i;
        y[i] = 1;
    }
    count_from_here();
}

static const struct fake_device apart = { .lanes = 2 };

static inline enum parfun_status try_saxpy(void)
{
    const float a = 2;

    return PARFUN_CALL(
            saxpy, N, PARFUN_VALUE(&a), PARFUN_ARRAY(x), PARFUN_ARRAY(y));
}

/* y after so many calls. */
static inline void expect_y(unsigned calls)
{
    for (size_t i = 0; i < N; i++)
        assert_true(y[i] == 1 + (float)calls * 2 * (float)i);
}

static inline int set_up(void **state)
{
    (void)state;
    return parfun_function_create(&native_saxpy, NULL, &saxpy)
            || parfun_function_create(&native_twice, NULL, &twice)
            || parfun_function_create(&native_gather, NULL, &gather)
            || parfun_function_create(&native_reverse, NULL, &reverse)
            || parfun_function_create(&native_pick, NULL, &pick)
            || parfun_function_create(&native_lift, NULL, &lift)
            || parfun_function_create(&native_dot, NULL, &dot);
}

static inline int end(void **state)
{
    (void)state;
    native_before = NULL;
    must(parfun_shutdown());
    (void)parfun_release(x); /* of a test that has failed */
    (void)parfun_release(y);
    must(parfun_set_options(saxpy, NULL));
    assert_int_equal(fake_live(), 0);
    if (fake_breach())
        fail_msg("%s", fake_breach());
    fake_reset();
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    parfun_function_destroy(saxpy);
    parfun_function_destroy(twice);
    parfun_function_destroy(gather);
    parfun_function_destroy(reverse);
    parfun_function_destroy(pick);
    parfun_function_destroy(lift);
    parfun_function_destroy(dot);
    return 0;
}

static size_t launches; /* on the device, before it is waited for */

/* The CPU waits until the device has something in hand. */
static inline void let_the_device_begin(void)
{
    for (int i = 0; i < 20000 && !fake_is_running()
            && fake_count(0, FAKE_LAUNCH) == launches;
            i++)
        nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
}

#endif
