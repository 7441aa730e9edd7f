/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expect.h: what every error must be like: the status, a sentence with certain
 * words, and a library that goes on.
 */
#ifndef PF_TESTS_ERRORS_EXPECT_H
#define PF_TESTS_ERRORS_EXPECT_H

#include "support/cmocka.h"
#include "support/leaks.h"

#include <parfun.h>

/* The call fails with `status`, and parfun_error() has all of the words that
 * follow: the call, the argument or device, the cause, the remedy. */
#define EXPECT_FAILURE(call, status, ...)                       \
    expect_failure(__FILE__, __LINE__, #call, (call), (status), \
            (const char *const[]){ __VA_ARGS__, NULL })

#define EXPECT_SUCCESS(call) expect_success(__FILE__, __LINE__, #call, (call))

void expect_failure(const char *file, int line, const char *call,
        enum parfun_status got, enum parfun_status wanted,
        const char *const *words);

void expect_success(
        const char *file, int line, const char *call, enum parfun_status got);

/* A call of e_saxpy() succeeds and is right. */
void expect_next_call_to_work(void);

/* For groups of tests: they begin with two threads, and end with a shutdown.  After
 * each test: with two threads and without options calls work.  0 on success. */
int expect_threads(void **state);
int expect_shutdown(void **state);
int expect_to_go_on(void **state);

#endif
