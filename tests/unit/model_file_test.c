/* SPDX-License-Identifier: Apache-2.0 */
/* model_file_test.c: what was learned comes back from a file, and nothing else. */
#include "support/cmocka.h"
#include "support/folder.h"

#include "runtime/base/file.h"
#include "runtime/base/text.h"
#include "runtime/model_file.h"

#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { CLASSES = 3 };

static const struct pf_model_keys keys = { .function = 42,
    .device = { 1001, 1002, 1003 } };

/* Three classes that were used, with rates of 1, 2 and 3 us. */
static void learn(struct pf_model *model)
{
    const struct pf_device_facts facts = { .overhead_s = 1e-6, .width = 1 };

    pf_model_init(model, CLASSES);
    for (unsigned c = 0; c < CLASSES; c++)
        for (unsigned n = 0; n < 4; n++) {
            const double work = 1000 << n;

            (void)pf_model_observe(model, c, work, 1e-6 * (c + 1) * work);
            pf_model_fit(model, c, &facts, c == 0);
        }
    model->calls = 7;
}

static size_t pack(const struct pf_model *model, unsigned char *bytes)
{
    const size_t count = pf_model_file_pack(model, &keys, bytes);

    assert_true(count > 0 && count <= PF_MODEL_FILE_BYTES);
    return count;
}

static void gives_back_what_was_learned(void **state)
{
    unsigned char bytes[PF_MODEL_FILE_BYTES];
    struct pf_model learned, read;

    (void)state;
    learn(&learned);
    pf_model_init(&read, CLASSES);
    assert_true(pf_model_file_unpack(&read, &keys, bytes, pack(&learned, bytes)));
    assert_memory_equal(&read, &learned, sizeof read);
}

static void finds_devices_again_in_another_order(void **state)
{
    const struct pf_model_keys others = { .function = 42,
        .device = { 1003, 9, 1001 } };
    unsigned char bytes[PF_MODEL_FILE_BYTES];
    struct pf_model learned, read;

    (void)state;
    learn(&learned);
    pf_model_init(&read, CLASSES);
    assert_true(pf_model_file_unpack(&read, &others, bytes, pack(&learned, bytes)));
    assert_memory_equal(&read.device_class[0], &learned.device_class[2],
            sizeof read.device_class[0]);
    assert_true(read.device_class[1].seconds_per_item <= 0);
    assert_memory_equal(&read.device_class[2], &learned.device_class[0],
            sizeof read.device_class[0]);
}

static void keeps_nothing_of_an_unused_or_invalid_model(void **state)
{
    unsigned char bytes[PF_MODEL_FILE_BYTES];
    struct pf_model model;

    (void)state;
    pf_model_init(&model, CLASSES);
    assert_int_equal(pf_model_file_pack(&model, &keys, bytes), 0);
    learn(&model);
    model.device_class[1].overhead_s = NAN;
    assert_int_equal(pf_model_file_pack(&model, &keys, bytes), 0);
}

static void assert_ignored(const unsigned char *bytes, size_t count)
{
    struct pf_model read, empty;

    pf_model_init(&read, CLASSES);
    pf_model_init(&empty, CLASSES);
    assert_false(pf_model_file_unpack(&read, &keys, bytes, count));
    assert_memory_equal(&read, &empty, sizeof read);
}

static void ignores_every_shorter_file(void **state)
{
    unsigned char bytes[PF_MODEL_FILE_BYTES];
    struct pf_model learned;
    size_t count;

    (void)state;
    learn(&learned);
    count = pack(&learned, bytes);
    for (size_t n = 0; n < count; n++)
        assert_ignored(bytes, n);
}

static void ignores_a_file_with_any_byte_changed(void **state)
{
    unsigned char bytes[PF_MODEL_FILE_BYTES];
    struct pf_model learned;
    size_t count;

    (void)state;
    learn(&learned);
    count = pack(&learned, bytes);
    for (size_t n = 0; n < count; n += n < 700 ? 1 : 37) {
        bytes[n] ^= 0x10;
        assert_ignored(bytes, count);
        bytes[n] ^= 0x10;
    }
}

static void ignores_the_file_of_another_function(void **state)
{
    struct pf_model_keys others = keys;
    unsigned char bytes[PF_MODEL_FILE_BYTES];
    struct pf_model learned;

    (void)state;
    learn(&learned);
    others.function++;
    assert_ignored(bytes, pf_model_file_pack(&learned, &others, bytes));
}

static void keys_differ_where_texts_do(void **state)
{
    const uint64_t ab_c = pf_model_key(pf_model_key(PF_MODEL_KEY, "ab"), "c");

    (void)state;
    assert_true(ab_c == pf_model_key(pf_model_key(PF_MODEL_KEY, "ab"), "c"));
    assert_true(ab_c != pf_model_key(pf_model_key(PF_MODEL_KEY, "a"), "bc"));
    assert_true(pf_model_key(PF_MODEL_KEY, NULL) == pf_model_key(PF_MODEL_KEY, ""));
}

/* ---- Files -------------------------------------------------------------------------- */

static void a_saved_model_is_loaded(void **state)
{
    struct pf_model learned, read;

    learn(&learned);
    pf_model_init(&read, CLASSES);
    pf_model_file_save(*state, &learned, &keys);
    pf_model_file_load(*state, &read, &keys);
    assert_memory_equal(&read, &learned, sizeof read);
}

static void no_file_is_no_knowledge(void **state)
{
    struct pf_model read, empty;
    struct pf_model_keys others = keys;

    others.function = 43;
    pf_model_init(&read, CLASSES);
    pf_model_init(&empty, CLASSES);
    pf_model_file_load(*state, &read, &others);
    assert_memory_equal(&read, &empty, sizeof read);
}

/* Whoever can write a file of ours could make us wait for ever. */
static void a_file_that_others_may_write_is_ignored(void **state)
{
    char *path = pf_text_print("%s/%016x.model", (const char *)*state, 42);
    struct pf_model learned, read, empty;

    assert_non_null(path);
    learn(&learned);
    pf_model_init(&read, CLASSES);
    pf_model_init(&empty, CLASSES);
    pf_model_file_save(*state, &learned, &keys);
    assert_int_equal(chmod(path, 0622), 0);
    pf_model_file_load(*state, &read, &keys);
    assert_memory_equal(&read, &empty, sizeof read);
    free(path);
}

static void a_file_that_is_too_large_is_ignored(void **state)
{
    static const char zeros[PF_MODEL_FILE_BYTES + 1];
    struct pf_model read, empty;

    pf_model_init(&read, CLASSES);
    pf_model_init(&empty, CLASSES);
    assert_int_equal(pf_file_write_private(
                             *state, "000000000000002a.model", zeros, sizeof zeros),
            PARFUN_OK);
    pf_model_file_load(*state, &read, &keys);
    assert_memory_equal(&read, &empty, sizeof read);
}

static void a_folder_that_can_not_be_made_is_no_failure(void **state)
{
    struct pf_model learned;

    (void)state;
    learn(&learned);
    pf_model_file_save("/proc/parfun", &learned, &keys);
}

static char folder[64];

static int make_folder(void **state)
{
    *state = folder;
    return test_folder_make(folder, sizeof folder);
}

static int remove_folder(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

#define WITH_FOLDER(test) \
    cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_was_learned),
        cmocka_unit_test(finds_devices_again_in_another_order),
        cmocka_unit_test(keeps_nothing_of_an_unused_or_invalid_model),
        cmocka_unit_test(ignores_every_shorter_file),
        cmocka_unit_test(ignores_a_file_with_any_byte_changed),
        cmocka_unit_test(ignores_the_file_of_another_function),
        cmocka_unit_test(keys_differ_where_texts_do),
        WITH_FOLDER(a_saved_model_is_loaded),
        WITH_FOLDER(no_file_is_no_knowledge),
        WITH_FOLDER(a_file_that_others_may_write_is_ignored),
        WITH_FOLDER(a_file_that_is_too_large_is_ignored),
        cmocka_unit_test(a_folder_that_can_not_be_made_is_no_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
