/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up and recorded machines: how many workers each may have, and where. */
#include "runtime/base/machine.h"
#include "runtime/base/text.h"
#include "support/cmocka.h"
#include "support/folder.h"

#define HYBRID PARFUN_SOURCE_DIR "/tests/unit/machines/hybrid.xml"
#define SMALL "pack:1 core:4 pu:1"
#define SERVER                                                        \
    "pack:2 l3:1(size=8388608) l2:2(size=1048576) l1d:2(size=49152) " \
    "core:1 pu:2"

/* Numbers of processors as text: "0 2 1". */
static char *list(const unsigned *numbers, unsigned count)
{
    struct pf_text text = { 0 };
    for (unsigned i = 0; i < count; i++)
        pf_text_format(&text, "%s%u", i ? " " : "", numbers[i]);
    return pf_text_take(&text);
}

static unsigned read_list(const char *text, unsigned *numbers)
{
    unsigned count = 0;
    for (char *end; *text; text = end)
        numbers[count++] = (unsigned)strtoul(text, &end, 10);
    return count;
}

static const struct row {
    const char *what;
    const char *synthetic, *xml;
    const char *bound; /* processors of the process */
    const char *quota; /* a version 2 limit; NULL: none */
    unsigned processors, cores;
    size_t l1_bytes, l2_bytes;
    const char *close, *spread;
} rows[] = {
    { "a small machine", SMALL, NULL, "0 1 2 3", NULL, 4, 4, 32768, 262144,
            "0 1 2 3", "0 1 2 3" },
    { "bound to two of four", SMALL, NULL, "1 3", NULL, 2, 2, 32768, 262144, "1 3",
            "1 3" },
    { "a quota below the number of processors", SMALL, NULL, "0 1 2 3",
            "250000 100000", 3, 4, 32768, 262144, "0 1 2 3", "0 1 2 3" },
    { "a quota above it", SMALL, NULL, "0 1", "800000 100000", 2, 2, 32768, 262144,
            "0 1", "0 1" },
    { "a quota of half a processor", SMALL, NULL, "0 1 2 3", "50000 100000", 1, 4,
            32768, 262144, "0 1 2 3", "0 1 2 3" },
    { "processors that are offline", SMALL, NULL, "0 1 2 3 4 5 6 7", NULL, 4, 4,
            32768, 262144, "0 1 2 3", "0 1 2 3" },
    { "two packages of four cores of two threads", SERVER, NULL,
            "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", NULL, 16, 8, 49152, 524288,
            "0 2 4 6 8 10 12 14 1 3 5 7 9 11 13 15",
            "0 8 4 12 2 10 6 14 1 9 5 13 3 11 7 15" },
    { "one core of the first package, all of the second", SERVER, NULL,
            "0 1 8 9 10 11 12 13 14 15", NULL, 10, 5, 49152, 524288,
            "0 8 10 12 14 1 9 11 13 15", "0 8 12 10 14 1 9 13 11 15" },
    { "second threads of cores alone", SERVER, NULL, "1 3", NULL, 2, 2, 49152,
            524288, "1 3", "1 3" },
    { "cores of two kinds", NULL, HYBRID, "0 1 2 3 4 6 8 10", NULL, 8, 6, 32768,
            655360, "0 2 4 6 8 10 1 3", "0 4 8 2 6 10 1 3" },
    { "an hwloc file that is none", NULL, "/dev/null", "2 5 6", NULL, 3, 3, 32768,
            262144, "2 5 6", "2 5 6" },
    { "a topology without the processors bound to", SMALL, NULL, "8 9", NULL, 2, 2,
            32768, 262144, "8 9", "8 9" },
    { "a description that makes no sense", "core:core", NULL, "0 1", NULL, 2, 2,
            32768, 262144, "0 1", "0 1" },
};

static void put_quota(const char *root, const char *quota)
{
    assert_int_equal(test_folder_put(root, "proc/self/cgroup", "0::/\n"), 0);
    assert_int_equal(test_folder_put(root, "proc/self/mountinfo",
                             "30 23 0:26 / /cgroup rw - cgroup2 cgroup2 rw\n"),
            0);
    assert_int_equal(test_folder_put(root, "cgroup/cpu.max", quota), 0);
}

static void check_row(const struct row *row)
{
    char root[256];
    unsigned bound[64];
    struct pf_machine machine;
    assert_int_equal(test_folder_make(root, sizeof root), 0);
    put_quota(root, row->quota ? row->quota : "max 100000\n");
    struct pf_machine_origin origin = {
        .root = root,
        .synthetic = row->synthetic,
        .xml = row->xml,
        .bound = bound,
        .bound_count = read_list(row->bound, bound),
    };
    assert_int_equal(pf_machine_load_from(&origin, &machine), PARFUN_OK);
    test_folder_remove(root);

    char *close = list(machine.close, machine.places);
    char *spread = list(machine.spread, machine.places);
    if (machine.processors != row->processors || machine.cores != row->cores
            || machine.l1_bytes != row->l1_bytes
            || machine.l2_bytes != row->l2_bytes || strcmp(close, row->close) != 0
            || strcmp(spread, row->spread) != 0)
        fail_msg("%s: %u processors, %u cores, L1 %zu, L2 %zu, close %s, spread "
                 "%s (%s)",
                row->what, machine.processors, machine.cores, machine.l1_bytes,
                machine.l2_bytes, close, spread, machine.source);
    free(close);
    free(spread);
    pf_machine_finish(&machine);
}

static void takes_what_the_process_may_use(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_row(&rows[i]);
}

static void says_where_its_knowledge_comes_from(void **state)
{
    (void)state;
    struct pf_machine_origin origin = { .synthetic = SMALL };
    struct pf_machine machine;
    assert_int_equal(pf_machine_load_from(&origin, &machine), PARFUN_OK);
    assert_string_equal(machine.source, "hwloc");
    pf_machine_finish(&machine);
    origin.synthetic = "core:core";
    assert_int_equal(pf_machine_load_from(&origin, &machine), PARFUN_OK);
    assert_string_equal(
            machine.source, "affinity: hwloc_topology_set_synthetic failed");
    pf_machine_finish(&machine);
}

static void agrees_with_and_without_hwloc(void **state)
{
    (void)state;
    struct pf_machine_origin plainly = { .plain = true };
    struct pf_machine with, without;
    assert_int_equal(pf_machine_load(&with), PARFUN_OK);
    assert_int_equal(pf_machine_load_from(&plainly, &without), PARFUN_OK);
    assert_int_equal(with.processors, without.processors);
    assert_int_equal(with.processors, pf_machine_processors());
    assert_true(with.processors > 0);
    assert_true(with.cores > 0);
    assert_true(with.l1_bytes >= 4096);
    assert_true(with.l2_bytes >= with.l1_bytes);
    pf_machine_finish(&with);
    pf_machine_finish(&without);
    assert_null(with.close);
}

static void does_not_bind_to_a_machine_elsewhere(void **state)
{
    (void)state;
    struct pf_machine machine;
    assert_int_equal(setenv("HWLOC_SYNTHETIC", "core:64 pu:1", 1), 0);
    assert_int_equal(pf_machine_load(&machine), PARFUN_OK);
    assert_int_equal(unsetenv("HWLOC_SYNTHETIC"), 0);
    assert_int_equal(machine.places, 0);
    assert_null(machine.close);
    assert_true(machine.processors <= 64);
    assert_true(machine.processors > 0);
    pf_machine_finish(&machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_the_process_may_use),
        cmocka_unit_test(says_where_its_knowledge_comes_from),
        cmocka_unit_test(agrees_with_and_without_hwloc),
        cmocka_unit_test(does_not_bind_to_a_machine_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
