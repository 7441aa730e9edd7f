/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile_test.c: sums and reports of made-up calls: long ones, devices that were
 * dropped or not used, the speed-up of the Python library's example.
 */
#include "runtime/profile.h"

#include "runtime/base/clock.h"
#include "support/cmocka.h"
#include "support/fake_kernels.h"

#include <stdlib.h>
#include <string.h>

static struct pf_device host = { .host = true,
    .name = (char[]){ "8 CPU threads" },
    .selector = (char[]){ "threads" } };
static struct pf_device gpu = { .name = (char[]){ "GPU" },
    .selector = (char[]){ "opencl:0" } };
static const struct pf_call call = { .kernel = &fake_saxpy };

/* Two CPU workers and a device. */
struct scene {
    struct pf_tally tally[3];
    bool ready[3];
    struct pf_run run;
};

static struct pf_run *make(struct scene *scene)
{
    *scene = (struct scene){
        .tally = { { .device = &host }, { .device = &host }, { .device = &gpu } },
        .ready = { true, true, true },
        .run = { .call = &call, .workers = 3, .cpu_workers = 2 },
    };
    scene->run.tally = scene->tally;
    scene->run.ready = scene->ready;
    scene->run.begin_ns = pf_clock_ns();
    return &scene->run;
}

static void expect_line(const char *report, const char *line)
{
    if (!strstr(report, line))
        fail_msg("there is no \"%s\" in\n%s", line, report);
}

static void sums_over_the_workers_that_worked(void **state)
{
    (void)state;
    struct scene scene;
    struct pf_run *run = make(&scene);
    struct parfun_profile profile;

    scene.tally[0] = (struct pf_tally){ .device = &host,
        .compute_ns = 50,
        .compute_min_ns = 10,
        .compute_max_ns = 40,
        .partitioning_ns = 3,
        .partitions = 2,
        .items = 20 };
    scene.tally[2] = (struct pf_tally){ .device = &gpu,
        .compute_ns = 7,
        .compute_min_ns = 7,
        .compute_max_ns = 7,
        .partitioning_ns = 1,
        .partitions = 1,
        .items = 5 };
    run->combining_ns = 2;
    pf_profile_fill(run, &profile);
    assert_int_equal(profile.size, sizeof profile);
    assert_int_equal(profile.compute_ns, 57);
    assert_int_equal(profile.compute_min_ns, 7); /* not the idle worker's 0 */
    assert_int_equal(profile.compute_max_ns, 40);
    assert_int_equal(profile.partitioning_ns, 4);
    assert_int_equal(profile.combining_ns, 2);
    assert_int_equal(profile.total_ns, 63);
    assert_int_equal(profile.partitions, 3);
    assert_int_equal(profile.items, 25);
}

/* Total 274, overhead 186, longest piece 25. */
static void gives_the_speed_up_of_the_python_library(void **state)
{
    (void)state;
    struct scene scene;
    const struct parfun_profile profile = { .total_ns = 274000,
        .compute_ns = 88000,
        .compute_min_ns = 11000,
        .compute_max_ns = 25000,
        .partitioning_ns = 170000,
        .combining_ns = 16000,
        .partitions = 5,
        .items = 50 };
    char *report = pf_profile_report(make(&scene), &profile);

    expect_line(report, "saxpy()\n    total CPU execution time: 0:00:00.000274.\n");
    expect_line(report, "    compute time: 0:00:00.000088 (32.12%)\n");
    expect_line(report, "        avg.: 0:00:00.000018\n");
    expect_line(report, "    total parallel overhead: 0:00:00.000186 (67.88%)\n");
    expect_line(report, "        total combining: 0:00:00.000016 (5.84%)\n");
    expect_line(report, "    maximum speedup (theoretical): 1.47x\n");
    expect_line(report, "    total partition count: 5\n");
    assert_null(strstr(report, "estimator"));
    free(report);
}

/* Where its longest piece takes longer than all that is not parallel. */
static void no_call_is_faster_than_its_longest_piece(void **state)
{
    (void)state;
    struct scene scene;
    const struct parfun_profile profile = { .total_ns = 274000,
        .compute_ns = 264000,
        .compute_max_ns = 100000,
        .partitioning_ns = 4000,
        .combining_ns = 6000,
        .partitions = 5,
        .items = 50 };
    char *report = pf_profile_report(make(&scene), &profile);

    expect_line(report, "    maximum speedup (theoretical): 2.74x\n");
    free(report);
}

static void writes_hours_and_rounds_to_microseconds(void **state)
{
    (void)state;
    struct scene scene;
    const struct parfun_profile profile = {
        .total_ns = UINT64_C(3723004005500), .partitions = 1, .items = 1
    };
    char *report = pf_profile_report(make(&scene), &profile);

    expect_line(report, "    total CPU execution time: 1:02:03.004006.\n");
    free(report);
}

static void says_which_devices_took_part_and_which_did_not(void **state)
{
    (void)state;
    struct scene scene;
    struct pf_run *run = make(&scene);
    const struct parfun_profile profile = {
        .partitions = 3, .items = 40, .wall_ns = 1000000000
    };
    char *report;

    scene.tally[0] =
            (struct pf_tally){ .device = &host, .partitions = 1, .items = 10 };
    scene.tally[1] = scene.tally[0];
    scene.tally[2].reason = (char[]){ "it has no doubles" };
    report = pf_profile_report(run, &profile);
    expect_line(report,
            "    device threads (2 CPU threads): 50.00% of the items, "
            "busy 0:00:00.000000, 2 partitions, 20 items a second\n");
    expect_line(report, "    device opencl:0 (GPU): not used: it has no doubles\n");
    free(report);
    scene.tally[2].reason = NULL;
    scene.ready[2] = false;
    report = pf_profile_report(run, &profile);
    expect_line(report,
            "    device opencl:0 (GPU): not used: its kernel was still being built\n");
    free(report);
    scene.tally[2] = (struct pf_tally){ .device = &gpu,
        .partitions = 1,
        .items = 20,
        .bytes_in = 1536,
        .bytes_out = 80,
        .status = PARFUN_DEVICE_FAILED,
        .reason = (char[]){ "it burns" } };
    report = pf_profile_report(run, &profile);
    expect_line(report,
            "    device opencl:0 (GPU): 50.00% of the items, busy 0:00:00.000000, 1 "
            "partition, 20 items a second, 1.5 KiB copied in, 80 bytes out; "
            "dropped: it burns\n");
    free(report);
}

static void says_how_many_rows_are_in_no_group(void **state)
{
    (void)state;
    struct scene scene;
    struct parfun_profile profile = { .dropped = 21 };
    char *report = pf_profile_report(make(&scene), &profile);

    expect_line(report, "    rows left out, as a key is null: 21\n");
    free(report);
    profile.dropped = 0;
    report = pf_profile_report(make(&scene), &profile);
    assert_null(strstr(report, "left out"));
    free(report);
}

static void divides_by_nothing(void **state)
{
    (void)state;
    struct scene scene;
    const struct parfun_profile profile = { 0 };
    char *report = pf_profile_report(make(&scene), &profile);

    assert_null(strstr(report, "nan"));
    assert_null(strstr(report, "inf"));
    expect_line(report, "    device threads (2 CPU threads): not used\n");
    free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_over_the_workers_that_worked),
        cmocka_unit_test(gives_the_speed_up_of_the_python_library),
        cmocka_unit_test(no_call_is_faster_than_its_longest_piece),
        cmocka_unit_test(writes_hours_and_rounds_to_microseconds),
        cmocka_unit_test(says_which_devices_took_part_and_which_did_not),
        cmocka_unit_test(says_how_many_rows_are_in_no_group),
        cmocka_unit_test(divides_by_nothing),
    };
    return cmocka_run_group_tests_name("unit.profile", tests, NULL, NULL);
}
