/* SPDX-License-Identifier: Apache-2.0 */
/* What a sentence of an error must survive. */
#include "runtime/base/error.h"
#include "runtime/base/thread.h"
#include "support/cmocka.h"

#include <errno.h>
#include <string.h>

static void begins_empty(void **state)
{
    (void)state;
    assert_string_equal(pf_error_text(), "");
}

static void returns_the_status_and_keeps_the_sentence(void **state)
{
    (void)state;
    assert_int_equal(pf_fail(PARFUN_INVALID, "x is %d", 7), PARFUN_INVALID);
    assert_string_equal(pf_error_text(), "x is 7");
    assert_int_equal(pf_fail(PARFUN_SYSTEM, "later"), PARFUN_SYSTEM);
    assert_string_equal(pf_error_text(), "later");
}

static void keeps_sentences_of_any_length(void **state)
{
    (void)state;
    static char text[100001];
    for (size_t length = 500; length <= 100000; length = length * 3 / 2 + 1) {
        memset(text, 'a', length);
        text[length] = '\0';
        assert_int_equal(pf_fail(PARFUN_COMPILE, "%s", text), PARFUN_COMPILE);
        assert_string_equal(pf_error_text(), text);
    }
    assert_int_equal(pf_fail(PARFUN_INVALID, "short"), PARFUN_INVALID);
    assert_string_equal(pf_error_text(), "short");
}

static void may_be_given_its_own_sentence(void **state)
{
    (void)state;
    char want[4000] = "begin";
    assert_int_equal(pf_fail(PARFUN_INVALID, "begin"), PARFUN_INVALID);
    for (int i = 0; i < 300; i++) {
        assert_int_equal(pf_fail(PARFUN_INVALID, "%s, again", pf_error_text()),
                PARFUN_INVALID);
        strcat(want, ", again");
        assert_string_equal(pf_error_text(), want);
    }
}

static void puts_a_prefix_in_front(void **state)
{
    (void)state;
    assert_int_equal(pf_fail(PARFUN_INVALID, "y is short"), PARFUN_INVALID);
    assert_int_equal(pf_error_prefix(PARFUN_DEVICE_FAILED, "saxpy(%d): ", 3),
            PARFUN_DEVICE_FAILED);
    assert_string_equal(pf_error_text(), "saxpy(3): y is short");
}

static void leaves_errno_alone(void **state)
{
    (void)state;
    errno = EXDEV;
    assert_int_equal(pf_fail(PARFUN_SYSTEM, "%2000d", 1), PARFUN_SYSTEM);
    assert_int_equal(pf_error_prefix(PARFUN_SYSTEM, "rename: "), PARFUN_SYSTEM);
    assert_int_equal(errno, EXDEV);
}

static void clears(void **state)
{
    (void)state;
    assert_int_equal(pf_fail(PARFUN_SYSTEM, "%2000d", 1), PARFUN_SYSTEM);
    pf_error_clear();
    assert_string_equal(pf_error_text(), "");
}

static enum parfun_status fails_if(bool fail)
{
    return fail ? pf_fail(PARFUN_NO_MEMORY, "none left") : PARFUN_OK;
}

static enum parfun_status tries(bool fail, bool *went_on)
{
    PF_TRY(fails_if(fail));
    *went_on = true;
    return PARFUN_OK;
}

static void returns_from_the_calling_function(void **state)
{
    (void)state;
    bool went_on = false;
    assert_int_equal(tries(true, &went_on), PARFUN_NO_MEMORY);
    assert_false(went_on);
    assert_int_equal(tries(false, &went_on), PARFUN_OK);
    assert_true(went_on);
}

struct other {
    bool empty;
    bool kept;
};

static void fail_elsewhere(void *argument)
{
    struct other *other = argument;
    other->empty = pf_error_text()[0] == '\0';
    (void)pf_fail(PARFUN_SYSTEM, "%3000s", "elsewhere");
    other->kept = strlen(pf_error_text()) == 3000;
}

static void has_one_sentence_per_thread(void **state)
{
    (void)state;
    struct other other = { false, false };
    struct pf_thread thread;
    assert_int_equal(pf_fail(PARFUN_INVALID, "here"), PARFUN_INVALID);
    assert_int_equal(
            pf_thread_start(&thread, "other", fail_elsewhere, &other), PARFUN_OK);
    pf_thread_join(&thread);
    assert_true(other.empty);
    assert_true(other.kept);
    assert_string_equal(pf_error_text(), "here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_empty),
        cmocka_unit_test(returns_the_status_and_keeps_the_sentence),
        cmocka_unit_test(keeps_sentences_of_any_length),
        cmocka_unit_test(may_be_given_its_own_sentence),
        cmocka_unit_test(puts_a_prefix_in_front),
        cmocka_unit_test(leaves_errno_alone),
        cmocka_unit_test(clears),
        cmocka_unit_test(returns_from_the_calling_function),
        cmocka_unit_test(has_one_sentence_per_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
