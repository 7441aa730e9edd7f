/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_test.c: profiles and traces as users read them: every line, every column,
 * and that their sums are those of parfun_get_profile().  What fails leaves none.
 */
#include "child.h"
#include "errors.h"
#include "expect.h"
#include "support/folder.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ITEMS = 64, SIZE = 10 };

static int numbers[ITEMS], results[ITEMS];
static char folder[256], path[300];

static int make_folder(void **state)
{
    (void)state;
    if (test_folder_make(folder, sizeof folder))
        return 1;
    (void)snprintf(path, sizeof path, "%s/trace.csv", folder);
    return parfun_set_backend("threads:2") != PARFUN_OK;
}

static int remove_folder(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return parfun_shutdown() != PARFUN_OK;
}

static int go_on(void **state)
{
    (void)state;
    (void)unlink(path);
    EXPECT_SUCCESS(parfun_set_options(e_twice_function(), NULL));
    EXPECT_SUCCESS(parfun_set_options(e_sum_function(), NULL));
    expect_next_call_to_work();
    return 0;
}

/* ---- Traces ----------------------------------------------------------------------------- */

static const char header[] =
        "requested_partition_size,partition_size,partition_duration,"
        "function_duration,combine_duration,first,device,start,copy_in,kernel,"
        "copy_out\n";

/* The sums of a trace that is as it must be; rows 0: there is no file. */
struct trace {
    size_t rows, items;
    uint64_t partitioning, function, combining;
    bool requested; /* sizes stand in the first column */
};

static void read_row(const char *line, struct trace *trace)
{
    size_t requested, size, first;
    uint64_t partitioning, function, combining, start, in, kernel, out;
    char device[32];
    int end = 0;
    const bool blank = line[0] == ',';

    if (!blank)
        assert_int_equal(sscanf(line, "%zu", &requested), 1);
    line = strchr(line, ',');
    assert_non_null(line);
    assert_int_equal(
            sscanf(line,
                    ",%zu,%" SCNu64 ",%" SCNu64 ",%" SCNu64 ",%zu,%31[^,],%" SCNu64
                    ",%" SCNu64 ",%" SCNu64 ",%" SCNu64 "\n%n",
                    &size, &partitioning, &function, &combining, &first, device,
                    &start, &in, &kernel, &out, &end),
            10);
    assert_int_equal(line[end], '\0');
    assert_int_equal(first, trace->items); /* in order, without a gap */
    assert_true(size > 0 && strlen(device) > 0 && kernel == function);
    if (!blank)
        assert_true(requested > 0);
    assert_true(!trace->rows || trace->requested == !blank);
    trace->requested = !blank;
    trace->rows++;
    trace->items += size;
    trace->partitioning += partitioning;
    trace->function += function;
    trace->combining += combining;
}

static struct trace read_trace(void)
{
    struct trace trace = { 0 };
    char line[512];
    FILE *file = fopen(path, "r");

    if (!file)
        return trace;
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, header);
    while (fgets(line, sizeof line, file))
        read_row(line, &trace);
    (void)fclose(file);
    return trace;
}

static void traces_each_partition_in_order(void **state)
{
    (void)state;
    static float floats[100000];
    double total;
    struct parfun_profile profile = { .size = sizeof profile };
    struct trace trace;

    EXPECT_SUCCESS(parfun_set_options(e_sum_function(),
            PARFUN_OPTIONS(.trace_export = path, .fixed_partition_size = 999)));
    EXPECT_SUCCESS(e_sum(100000, floats, &total));
    EXPECT_SUCCESS(parfun_get_profile(e_sum_function(), &profile));
    trace = read_trace();
    assert_int_equal(trace.rows, 101);
    assert_int_equal(trace.items, 100000);
    assert_false(trace.requested);
    assert_true(trace.function == profile.compute_ns);
    assert_true(trace.partitioning == profile.partitioning_ns);
    assert_true(trace.combining == profile.combining_ns && trace.combining > 0);
    assert_int_equal(profile.partitions, trace.rows);
    assert_int_equal(profile.items, trace.items);
    assert_true(profile.total_ns
            == profile.compute_ns + profile.partitioning_ns + profile.combining_ns);
}

static void gives_the_size_that_the_estimator_asked_for(void **state)
{
    (void)state;
    struct trace trace;

    EXPECT_SUCCESS(parfun_set_options(
            e_twice_function(), PARFUN_OPTIONS(.trace_export = path)));
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results));
    trace = read_trace();
    assert_int_equal(trace.items, ITEMS);
    assert_true(trace.requested);
}

static void rewrites_the_trace_at_each_call(void **state)
{
    (void)state;
    EXPECT_SUCCESS(parfun_set_options(e_twice_function(),
            PARFUN_OPTIONS(.trace_export = path, .fixed_partition_size = 1)));
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results));
    assert_int_equal(read_trace().rows, ITEMS);
    EXPECT_SUCCESS(e_twice(3, numbers, results));
    assert_int_equal(read_trace().rows, 3);
}

static size_t rule_of_0(size_t items, void *user)
{
    (void)items, (void)user;
    return 0;
}

static void leaves_no_trace_of_a_call_that_failed(void **state)
{
    (void)state;
    EXPECT_SUCCESS(parfun_set_options(e_twice_function(),
            PARFUN_OPTIONS(.trace_export = path, .fixed_rule = rule_of_0)));
    EXPECT_FAILURE(e_twice(ITEMS, numbers, results), PARFUN_INVALID, "fixed_rule");
    assert_int_equal(access(path, F_OK), -1);
    if (parfun_push_backend("opencl") != PARFUN_OK)
        return;
    EXPECT_SUCCESS(parfun_set_options(e_broken_function(),
            PARFUN_OPTIONS(.clauses = "split(x) combine(y) build(-DBROKEN)",
                    .trace_export = path)));
    EXPECT_FAILURE(e_broken(ITEMS, numbers, results), PARFUN_COMPILE, "e_broken()");
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(parfun_pop_backend(), PARFUN_OK);
    EXPECT_SUCCESS(parfun_set_options(e_broken_function(), NULL));
}

static void refuses_a_trace_that_can_not_be_written(void **state)
{
    (void)state;
    char missing[320];
    const char *const names[] = { missing, folder, "" };

    (void)snprintf(missing, sizeof missing, "%s/none/trace.csv", folder);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        EXPECT_SUCCESS(parfun_set_options(
                e_twice_function(), PARFUN_OPTIONS(.trace_export = names[i])));
        EXPECT_FAILURE(e_twice(ITEMS, numbers, results), PARFUN_INVALID,
                "e_twice(): the trace \"", names[i],
                "can not be written: ", "parfun_options.trace_export");
    }
}

/* The results are there, also those that went through an aligned copy. */
static void keeps_the_results_when_the_trace_does_not_fit_the_disk(void **state)
{
    (void)state;
    char out[ITEMS * sizeof(int) + 8];

    if (access("/dev/full", W_OK))
        skip();
    EXPECT_SUCCESS(parfun_set_options(
            e_twice_function(), PARFUN_OPTIONS(.trace_export = "/dev/full")));
    for (int i = 0; i < ITEMS; i++)
        numbers[i] = i;
    EXPECT_FAILURE(e_twice(ITEMS, numbers, (int *)(void *)(out + 1)), PARFUN_SYSTEM,
            "e_twice(): the results are complete", "/dev/full",
            "No space left on device");
    for (int i = 0; i < ITEMS; i++) {
        int got;

        memcpy(&got, out + 1 + (size_t)i * sizeof got, sizeof got);
        assert_int_equal(got, 2 * i);
    }
}

static void *trace_on_and_on(void *data)
{
    int in[ITEMS] = { 0 }, out[ITEMS];

    for (int i = 0; i < 50; i++)
        if (e_twice(*(size_t *)data, in, out))
            return data;
    return NULL;
}

static void keeps_the_traces_of_threads_apart(void **state)
{
    (void)state;
    size_t items[2] = { 7, ITEMS };
    pthread_t thread[2];
    struct trace trace;

    EXPECT_SUCCESS(parfun_set_options(e_twice_function(),
            PARFUN_OPTIONS(.trace_export = path, .fixed_partition_size = 1)));
    for (int i = 0; i < 2; i++)
        assert_int_equal(
                pthread_create(&thread[i], NULL, trace_on_and_on, &items[i]), 0);
    for (int i = 0; i < 2; i++) {
        void *wrong;

        assert_int_equal(pthread_join(thread[i], &wrong), 0);
        assert_null(wrong);
    }
    trace = read_trace();
    assert_true(trace.items == items[0] || trace.items == items[1]);
}

/* ---- Profiles ------------------------------------------------------------------------------ */

/* Reads the number or the time of a line with this label; what follows the line. */
static const char *expect_line(const char *text, const char *label, double *value)
{
    unsigned hours, minutes;
    double seconds;

    if (strncmp(text, label, strlen(label)) != 0)
        fail_msg("\"%s\" instead of \"%s\"", text, label);
    text += strlen(label);
    if (sscanf(text, "%u:%2u:%lf", &hours, &minutes, &seconds) == 3)
        *value = 3600.0 * hours + 60.0 * minutes + seconds;
    else
        assert_int_equal(sscanf(text, "%lf", value), 1);
    text = strchr(text, '\n');
    assert_non_null(text);
    return text + 1;
}

static void assert_near(double a, double b, double far)
{
    if (a > b + far || b > a + far)
        fail_msg("%.7g is not about %.7g", a, b);
}

/* Reads a report up to its devices; checks its sums, in microseconds. */
static const char *read_report(const char *text, bool estimator)
{
    double total, compute, min, max, avg, overhead, partitioning, each, combining,
            speedup, partitions, size;
    const double rounding = 3e-6;

    text = expect_line(text, "    total CPU execution time: ", &total);
    text = expect_line(text, "    compute time: ", &compute);
    text = expect_line(text, "        min.: ", &min);
    text = expect_line(text, "        max.: ", &max);
    text = expect_line(text, "        avg.: ", &avg);
    text = expect_line(text, "    total parallel overhead: ", &overhead);
    text = expect_line(text, "        total partitioning: ", &partitioning);
    text = expect_line(text, "        average partitioning: ", &each);
    text = expect_line(text, "        total combining: ", &combining);
    text = expect_line(text, "    maximum speedup (theoretical): ", &speedup);
    text = expect_line(text, "    total partition count: ", &partitions);
    assert_true(partitions >= 1 && speedup >= 0.99);
    assert_near(total, compute + overhead, rounding);
    assert_near(overhead, partitioning + combining, rounding);
    assert_true(min <= avg + rounding && avg <= max + rounding);
    assert_near(avg * partitions, compute, partitions * rounding);
    if (!estimator)
        return text;
    assert_true(strncmp(text, "    current estimator state: running\n", 37) == 0
            || strncmp(text, "    current estimator state: learning\n", 38) == 0);
    text = strchr(text, '\n') + 1;
    text = expect_line(text, "    current estimated partition size: ", &size);
    if (strncmp(text, "    estimator function: ", 24) == 0) {
        double alpha, beta;

        assert_int_equal(
                sscanf(text,
                        "    estimator function: f(partition_size) = %lf + "
                        "%lf / partition_size\n",
                        &alpha, &beta),
                2);
        text = strchr(text, '\n') + 1;
    }
    text = expect_line(text, "    largest partition chosen: ", &size);
    return text;
}

static int play_profile(void)
{
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results));
    return 0;
}

static int play_flag(void)
{
    double total;

    EXPECT_SUCCESS(parfun_set_options(e_sum_function(),
            PARFUN_OPTIONS(.flags = PARFUN_PROFILE, .fixed_partition_size = SIZE)));
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results)); /* unasked: silent */
    EXPECT_SUCCESS(e_sum(ITEMS, (float[ITEMS]){ 0 }, &total));
    return 0;
}

static int play_failure(void)
{
    EXPECT_FAILURE(e_twice(ITEMS, NULL, results), PARFUN_INVALID, "NULL");
    EXPECT_SUCCESS(parfun_set_options(
            e_twice_function(), PARFUN_OPTIONS(.fixed_rule = rule_of_0)));
    EXPECT_FAILURE(e_twice(ITEMS, numbers, results), PARFUN_INVALID, "rule");
    EXPECT_SUCCESS(e_twice(0, NULL, NULL)); /* nothing ran */
    return 0;
}

static size_t nest(size_t items, void *user)
{
    (void)user;
    expect_next_call_to_work();
    return items / 2;
}

static int play_nested(void)
{
    EXPECT_SUCCESS(parfun_set_options(
            e_twice_function(), PARFUN_OPTIONS(.fixed_rule = nest)));
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results));
    return 0;
}

static const struct scene scenes[] = {
    { "profile", play_profile },
    { "flag", play_flag },
    { "failure", play_failure },
    { "nested", play_nested },
};

static void prints_the_report_of_the_python_library(void **state)
{
    (void)state;
    struct child child;
    const char *rest;

    CHILD_RUN("profile", &child, "PARFUN_PROFILE=1", "PARFUN_BACKEND=serial");
    child_expect_success(&child);
    assert_memory_equal(child.said, "e_twice()\n", 10);
    rest = read_report(child.said + 10, true);
    assert_memory_equal(rest,
            "    device serial (1 CPU thread): 100.00% of the items, busy 0:00:",
            65);
    assert_non_null(strstr(rest, "items a second\n"));
    assert_int_equal(strchr(rest, '\n')[1], '\0'); /* the last line */
}

static void prints_no_estimator_where_sizes_are_fixed(void **state)
{
    (void)state;
    struct child child;
    const char *rest;

    CHILD_RUN("flag", &child, "PARFUN_BACKEND=threads:2");
    child_expect_success(&child);
    assert_memory_equal(child.said, "e_sum()\n", 8);
    rest = read_report(child.said + 8, false);
    assert_memory_equal(rest, "    device threads (2 CPU threads): 100.00%", 43);
    assert_non_null(strstr(rest, ", 7 partitions, "));
}

static void prints_nothing_of_calls_that_fail(void **state)
{
    (void)state;
    struct child child;

    CHILD_RUN("failure", &child, "PARFUN_PROFILE=1");
    child_expect_success(&child);
    assert_string_equal(child.said, "");
}

static void reports_the_outermost_call_alone(void **state)
{
    (void)state;
    struct child child;
    char variable[320];

    (void)snprintf(variable, sizeof variable, "PARFUN_TRACE=%s", path);
    CHILD_RUN("nested", &child, "PARFUN_PROFILE=1", variable);
    child_expect_success(&child);
    assert_memory_equal(child.said, "e_twice()\n", 10);
    assert_null(strstr(child.said, "e_saxpy"));
    assert_int_equal(read_trace().items, ITEMS);
    assert_int_equal(read_trace().rows, 2);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(traces_each_partition_in_order, go_on),
        cmocka_unit_test_teardown(
                gives_the_size_that_the_estimator_asked_for, go_on),
        cmocka_unit_test_teardown(rewrites_the_trace_at_each_call, go_on),
        cmocka_unit_test_teardown(leaves_no_trace_of_a_call_that_failed, go_on),
        cmocka_unit_test_teardown(refuses_a_trace_that_can_not_be_written, go_on),
        cmocka_unit_test_teardown(
                keeps_the_results_when_the_trace_does_not_fit_the_disk, go_on),
        cmocka_unit_test_teardown(keeps_the_traces_of_threads_apart, go_on),
        cmocka_unit_test_teardown(prints_the_report_of_the_python_library, go_on),
        cmocka_unit_test_teardown(prints_no_estimator_where_sizes_are_fixed, go_on),
        cmocka_unit_test_teardown(prints_nothing_of_calls_that_fail, go_on),
        cmocka_unit_test_teardown(reports_the_outermost_call_alone, go_on),
    };
    const int played =
            child_play(argc, argv, scenes, sizeof scenes / sizeof *scenes);

    return without_leaks(played >= 0 ? played
                                     : cmocka_run_group_tests_name("errors.report",
                                               tests, make_folder, remove_folder));
}
