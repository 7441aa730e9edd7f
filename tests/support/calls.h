/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls.h: calls of the kernels of native_kernels.h, each with made-up inputs and a
 * check of every result, so that tests can run "all kinds of calls" on whatever
 * devices they set up.
 */
#ifndef PF_TESTS_CALLS_H
#define PF_TESTS_CALLS_H

#include <parfun.h>
#include <parfun/kernel.h>

/* One kind of call. */
struct test_call {
    const char *name;
    const struct parfun_kernel *kernel;
    size_t multiple; /* of its items */
    /* Calls the function over `items` items.  If it succeeds, *wrong is NULL or says
     * which result is wrong.  On success and on failure inputs must be as before;
     * *wrong says so if not. */
    enum parfun_status (*run)(
            struct parfun_function *function, size_t items, const char **wrong);
};

/* Whether calls keep their arrays (parfun_keep) while they last. */
extern bool test_calls_keep;

extern const struct test_call test_calls[];
extern const unsigned test_call_count;

#endif
