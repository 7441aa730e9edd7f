/* SPDX-License-Identifier: Apache-2.0 */
/* functions.h: for tests of functions written in C, which run on every backend that
 * their program's arguments name. */
#ifndef PF_TESTS_FUNCTIONS_H
#define PF_TESTS_FUNCTIONS_H

#include "support/cmocka.h"
#include "support/leaks.h"

#include <parfun.h>

#include <stdio.h>
#include <string.h>

static inline void must_at(enum parfun_status status, const char *what, int line)
{
    if (status)
        fail_msg("line %d: %s: %s: %s", line, what, parfun_status_text(status),
                parfun_error());
}

#define MUST(call) must_at((call), #call, __LINE__)

/* The call fails, and its sentence contains the text. */
static inline void must_fail_at(enum parfun_status status,
        enum parfun_status wanted, const char *text, const char *what, int line)
{
    if (status != wanted || !strstr(parfun_error(), text))
        fail_msg("line %d: %s: %s: \"%s\"; wanted %s: \"%s\"", line, what,
                parfun_status_text(status), parfun_error(),
                parfun_status_text(wanted), text);
}

#define MUST_FAIL(call, status, text) \
    must_fail_at((call), (status), (text), #call, __LINE__)

static inline struct parfun_function *make(const char *name, const char *signature,
        parfun_body *body, const struct parfun_options *options)
{
    struct parfun_function *function = NULL;

    if (parfun_function_from_c(name, signature, body, options, &function))
        fail_msg("%s: %s", name, parfun_error());
    return function;
}

/* Runs the tests once on each backend; the number of those that failed. */
static inline int run_on_backends(int count, char **backends,
        const struct CMUnitTest *tests, size_t test_count)
{
    int failures = 0;

    for (int i = 1; i < count; i++) {
        if (parfun_set_backend(backends[i])) {
            fprintf(stderr, "%s\n", parfun_error());
            return 1;
        }
        failures +=
                _cmocka_run_group_tests(backends[i], tests, test_count, NULL, NULL);
    }
    if (parfun_shutdown())
        failures++;
    return without_leaks(failures);
}

#define RUN_ON_BACKENDS(argc, argv, tests) \
    run_on_backends((argc), (argv), (tests), sizeof(tests) / sizeof(tests)[0])

#endif
