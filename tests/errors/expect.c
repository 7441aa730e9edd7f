/* SPDX-License-Identifier: Apache-2.0 */
/* expect.c: looks at statuses and sentences. */
#include "expect.h"

#include "errors.h"

#include <string.h>

/* Of a sentence that a stranger is to understand. */
static const char *find_fault(const char *sentence)
{
    const size_t length = strlen(sentence);

    if (!length)
        return "is empty";
    if (sentence[length - 1] == '\n')
        return "ends with an empty line";
    if (strstr(sentence, "(null)"))
        return "prints a NULL";
    return NULL;
}

void expect_failure(const char *file, int line, const char *call,
        enum parfun_status got, enum parfun_status wanted, const char *const *words)
{
    const char *sentence = parfun_error();
    const char *fault = find_fault(sentence);

    if (got != wanted)
        fail_msg("%s:%d: %s: %s instead of %s: %s", file, line, call,
                parfun_status_text(got), parfun_status_text(wanted), sentence);
    if (fault)
        fail_msg("%s:%d: %s: \"%s\" %s", file, line, call, sentence, fault);
    for (; *words; words++)
        if (!strstr(sentence, *words))
            fail_msg("%s:%d: %s: \"%s\" does not say \"%s\"", file, line, call,
                    sentence, *words);
}

void expect_success(
        const char *file, int line, const char *call, enum parfun_status got)
{
    if (got)
        fail_msg("%s:%d: %s: %s: %s", file, line, call, parfun_status_text(got),
                parfun_error());
}

void expect_next_call_to_work(void)
{
    enum { ITEMS = 100 };
    float x[ITEMS], y[ITEMS];

    for (int i = 0; i < ITEMS; i++) {
        x[i] = (float)i;
        y[i] = 1;
    }
    EXPECT_SUCCESS(e_saxpy(ITEMS, 2, x, y));
    for (int i = 0; i < ITEMS; i++)
        if (y[i] != (float)(2 * i + 1))
            fail_msg("the next call is wrong at item %d", i);
}

int expect_threads(void **state)
{
    (void)state;
    return parfun_set_backend("threads:2") != PARFUN_OK;
}

int expect_shutdown(void **state)
{
    (void)state;
    return parfun_shutdown() != PARFUN_OK;
}

int expect_to_go_on(void **state)
{
    EXPECT_SUCCESS(parfun_set_options(e_twice_function(), NULL));
    assert_int_equal(expect_threads(state), 0);
    expect_next_call_to_work();
    return 0;
}
