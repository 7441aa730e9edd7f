/* SPDX-License-Identifier: Apache-2.0 */
/* calls.c: one call of each kind, checked. */
#include "support/calls.h"

#include "support/native_kernels.h"

#include <stdlib.h>
#include <string.h>

enum { BINS = 16, WIDTH = 3 };

/* Numbers that depend on their place alone; none is 0. */
static int number_at(size_t i)
{
    return ((int)((i * 2654435761u >> 7) % 2001) - 1000) | 1;
}

/* ---- Arrays ------------------------------------------------------------------- */

bool test_calls_keep;

/* What this thread's call has kept. */
enum { KEPT = 4 };
static _Thread_local void *kept_array[KEPT];

/* NULL if it can not be kept. */
static void *keep(void *memory, size_t bytes)
{
    unsigned k = 0;
    if (!memory || !test_calls_keep || !bytes)
        return memory;
    while (kept_array[k])
        k++;
    if (parfun_keep(memory, bytes)) {
        free(memory);
        return NULL;
    }
    kept_array[k] = memory;
    return memory;
}

static void discard(void *memory)
{
    for (unsigned k = 0; k < KEPT; k++)
        if (memory && kept_array[k] == memory) {
            (void)parfun_release(memory);
            kept_array[k] = NULL;
        }
    free(memory);
}

/* The results can be looked at. */
static enum parfun_status have(enum parfun_status status)
{
    for (unsigned k = 0; k < KEPT && !status; k++)
        if (kept_array[k])
            status = parfun_update_host(kept_array[k]);
    return status;
}

#define CALL(...) have(PARFUN_CALL(__VA_ARGS__))

static int *new_ints(size_t count)
{
    int *made = malloc((count + 1) * sizeof *made);
    for (size_t i = 0; made && i < count; i++)
        made[i] = number_at(i);
    return keep(made, count * sizeof *made);
}

static float *new_floats(size_t count)
{
    float *made = malloc((count + 1) * sizeof *made);
    for (size_t i = 0; made && i < count; i++)
        made[i] = (float)number_at(i) / 8;
    return keep(made, count * sizeof *made);
}

static int *new_bins(size_t count)
{
    int *made = new_ints(count);
    for (size_t i = 0; made && i < count; i++)
        made[i] = (int)((unsigned)made[i] % BINS);
    return made;
}

static bool are_untouched(const int *given, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (given[i] != number_at(i))
            return false;
    return true;
}

/* ---- Calls -------------------------------------------------------------------- */

/* The plain answers follow; a failed call only has its inputs looked at. */
#define BEGIN(ok)                                 \
    enum parfun_status status = PARFUN_NO_MEMORY; \
    *wrong = NULL;                                \
    if (!(ok)) {                                  \
        *wrong = "the test has no memory";        \
        goto done;                                \
    }
#define EXPECT(condition, sentence) \
    do                              \
        if (!(condition))           \
            *wrong = (sentence);    \
    while (0)

static enum parfun_status run_saxpy(
        struct parfun_function *function, size_t items, const char **wrong)
{
    float a = 2, *x = new_floats(items), *y = new_floats(items);
    BEGIN(x && y)
    status = CALL(
            function, items, PARFUN_VALUE(&a), PARFUN_ARRAY(x), PARFUN_ARRAY(y));
    for (size_t i = 0; i < items; i++) {
        EXPECT(x[i] == (float)number_at(i) / 8, "saxpy changed x");
        if (!status)
            EXPECT(y[i] == 3 * x[i], "saxpy's y is wrong");
    }
done:
    discard(x);
    discard(y);
    return status;
}

static enum parfun_status run_twice(
        struct parfun_function *function, size_t items, const char **wrong)
{
    int *x = new_ints(items), *y = new_ints(items);
    BEGIN(x && y)
    status = CALL(function, items, PARFUN_ARRAY(x), PARFUN_ARRAY(y));
    EXPECT(are_untouched(x, items), "twice changed x");
    for (size_t i = 0; i < items && !status; i++)
        EXPECT(y[i] == 2 * x[i], "twice's y is wrong");
done:
    discard(x);
    discard(y);
    return status;
}

static enum parfun_status run_blur(
        struct parfun_function *function, size_t items, const char **wrong)
{
    int w = WIDTH, *in = new_ints((items + 2) * WIDTH),
        *out = new_ints(items * WIDTH);
    BEGIN(in && out)
    status = CALL(function, items, PARFUN_VALUE(&w),
            PARFUN_COUNTED(in, (items + 2) * WIDTH),
            PARFUN_COUNTED(out, items * WIDTH));
    EXPECT(are_untouched(in, (items + 2) * WIDTH), "blur changed its input");
    for (size_t i = 0; i < items * WIDTH && !status; i++)
        EXPECT(out[i] == in[i] + in[i + WIDTH] + in[i + 2 * WIDTH],
                "blur's output is wrong");
done:
    discard(in);
    discard(out);
    return status;
}

static enum parfun_status run_gather(
        struct parfun_function *function, size_t items, const char **wrong)
{
    int *index = new_bins(items), *table = new_ints(BINS), *out = new_ints(items);
    BEGIN(index && table && out)
    status = CALL(function, items, PARFUN_ARRAY(index), PARFUN_COUNTED(table, BINS),
            PARFUN_ARRAY(out));
    EXPECT(are_untouched(table, BINS), "gather changed its table");
    for (size_t i = 0; i < items && !status; i++)
        EXPECT(out[i] == table[index[i]], "gather's output is wrong");
done:
    discard(index);
    discard(table);
    discard(out);
    return status;
}

static enum parfun_status run_number(
        struct parfun_function *function, size_t items, const char **wrong)
{
    int *out = new_ints(items);
    BEGIN(out)
    status = CALL(function, items, PARFUN_ARRAY(out));
    for (size_t i = 0; i < items && !status; i++)
        EXPECT(out[i] == (int)i, "number's ids are not absolute");
done:
    discard(out);
    return status;
}

static enum parfun_status run_columns(
        struct parfun_function *function, size_t items, const char **wrong)
{
    const size_t columns = items + 5;
    int rows = WIDTH, stride = (int)columns, *in = new_ints(columns * WIDTH),
        *out = new_ints(items);
    BEGIN(in && out)
    status = CALL(function, items, PARFUN_VALUE(&rows), PARFUN_VALUE(&stride),
            PARFUN_ARRAY(in), PARFUN_ARRAY(out));
    EXPECT(are_untouched(in, columns * WIDTH), "columns changed its input");
    for (size_t i = 0; i < items && !status; i++)
        EXPECT(out[i] == in[i] + in[columns + i] + in[2 * columns + i],
                "columns' sums are wrong");
done:
    discard(in);
    discard(out);
    return status;
}

static enum parfun_status run_plane(
        struct parfun_function *function, size_t items, const char **wrong)
{
    int w = WIDTH, *a = new_ints(items * WIDTH), *b = new_ints(items * WIDTH);
    BEGIN(a && b)
    status = CALL(
            function, items, PARFUN_VALUE(&w), PARFUN_ARRAY(a), PARFUN_ARRAY(b));
    EXPECT(are_untouched(a, items * WIDTH), "plane changed its input");
    for (size_t i = 0; i < items * WIDTH && !status; i++)
        EXPECT(b[i] == a[i] + (int)(i % WIDTH), "plane's output is wrong");
done:
    discard(a);
    discard(b);
    return status;
}

static enum parfun_status run_places(
        struct parfun_function *function, size_t items, const char **wrong)
{
    int64_t *out = keep(calloc(items + 1, sizeof *out), items * sizeof *out);
    uint64_t *extent =
            keep(calloc(items + 1, sizeof *extent), items * sizeof *extent);
    BEGIN(out && extent)
    status = CALL(function, items, PARFUN_ARRAY(out), PARFUN_ARRAY(extent));
    for (size_t i = 0; i < items && !status; i++) {
        EXPECT(out[i] == (int64_t)i, "first() is wrong");
        EXPECT(extent[i] > 0 && extent[i] <= items, "items() is wrong");
    }
done:
    discard(out);
    discard(extent);
    return status;
}

/* Eighths below 2^7, times each other: their sum is exact up to 2^17 of them. */
static enum parfun_status run_dot(
        struct parfun_function *function, size_t items, const char **wrong)
{
    float *x = new_floats(items), *y = malloc((items + 1) * sizeof *y), sum = -1;
    double plain = 0;
    BEGIN(x && y)
    for (size_t i = 0; i < items; i++) {
        y[i] = (float)(i % 3);
        plain += (double)x[i] * (double)y[i];
    }
    status = CALL(
            function, items, PARFUN_ARRAY(x), PARFUN_ARRAY(y), PARFUN_VALUE(&sum));
    if (!status)
        EXPECT((double)sum == plain, "dot's sum is wrong");
done:
    discard(x);
    discard(y);
    return status;
}

static enum parfun_status run_count(
        struct parfun_function *function, size_t items, const char **wrong)
{
    int n = BINS, *bin = new_bins(items);
    uint32_t counts[BINS], plain[BINS] = { 0 };
    BEGIN(bin)
    memset(counts, 0x77, sizeof counts);
    for (size_t i = 0; i < items; i++)
        plain[bin[i]]++;
    status = CALL(function, items, PARFUN_ARRAY(bin), PARFUN_VALUE(&n),
            PARFUN_ARRAY(counts));
    if (!status)
        EXPECT(memcmp(counts, plain, sizeof counts) == 0, "counts are wrong");
done:
    discard(bin);
    return status;
}

/* What is updated in place must be so once, whatever fails. */
static enum parfun_status run_shift(
        struct parfun_function *function, size_t items, const char **wrong)
{
    int n = BINS, *bin = new_bins(items);
    uint32_t counts[BINS], plain[BINS] = { 0 };
    BEGIN(bin)
    for (size_t i = 0; i < items; i++)
        plain[bin[i]]++;
    status = CALL(function, items, PARFUN_ARRAY(bin), PARFUN_VALUE(&n),
            PARFUN_ARRAY(counts));
    if (!status)
        EXPECT(memcmp(counts, plain, sizeof counts) == 0,
                "shift's counts are wrong");
    for (size_t i = 0; i < items && !status; i++)
        EXPECT(bin[i] == n + (int)((unsigned)number_at(i) % BINS),
                "bins are not where they should be");
done:
    discard(bin);
    return status;
}

static enum parfun_status run_weigh(
        struct parfun_function *function, size_t items, const char **wrong)
{
    int n = BINS, *bin = new_bins(items);
    float *weight = new_floats(items), sums[BINS];
    double plain[BINS] = { 0 };
    BEGIN(bin && weight)
    memset(sums, 0x77, sizeof sums);
    for (size_t i = 0; i < items; i++)
        plain[bin[i]] += (double)weight[i];
    status = CALL(function, items, PARFUN_ARRAY(bin), PARFUN_ARRAY(weight),
            PARFUN_VALUE(&n), PARFUN_ARRAY(sums));
    for (size_t i = 0; i < BINS && !status; i++)
        EXPECT((double)sums[i] == plain[i], "weights are wrong");
done:
    discard(bin);
    discard(weight);
    return status;
}

static enum parfun_status run_pick(
        struct parfun_function *function, size_t items, const char **wrong)
{
    int *x = new_ints(items), *kept = new_ints(items);
    size_t count = 12345, next = 0;
    BEGIN(x && kept)
    status = CALL(function, items, PARFUN_ARRAY(x), PARFUN_ARRAY(kept),
            PARFUN_VALUE(&count));
    EXPECT(are_untouched(x, items), "pick changed its input");
    for (size_t i = 0; i < items && !status; i++)
        if (x[i] > 0)
            EXPECT(kept[next++] == x[i], "pick kept another element");
    if (!status)
        EXPECT(count == next, "pick's count is wrong");
done:
    discard(x);
    discard(kept);
    return status;
}

static enum parfun_status run_reverse(
        struct parfun_function *function, size_t items, const char **wrong)
{
    int *x = new_ints(items), *y = new_ints(items);
    BEGIN(x && y)
    status = CALL(function, items, PARFUN_ARRAY(x), PARFUN_ARRAY(y));
    EXPECT(are_untouched(x, items), "reverse changed its input");
    for (size_t i = 0; i < items && !status; i++)
        EXPECT(y[i] == x[i - i % 8 + (7 - i % 8)], "reverse's output is wrong");
done:
    discard(x);
    discard(y);
    return status;
}

/* Between the columns that are called for lie others, which stay as they are. */
static enum parfun_status run_lift(
        struct parfun_function *function, size_t items, const char **wrong)
{
    const size_t columns = items + 5;
    int rows = WIDTH, stride = (int)columns, *x = new_ints(items),
        *out = new_ints(columns * WIDTH);
    BEGIN(x && out)
    status = CALL(function, items, PARFUN_VALUE(&rows), PARFUN_VALUE(&stride),
            PARFUN_ARRAY(x), PARFUN_ARRAY(out));
    EXPECT(are_untouched(x, items), "lift changed its input");
    for (size_t i = 0; i < columns * WIDTH && !status; i++)
        EXPECT(out[i] == number_at(i) + (i % columns < items ? x[i % columns] : 0),
                "lift's output is wrong");
done:
    discard(x);
    discard(out);
    return status;
}

const struct test_call test_calls[] = {
    { "saxpy", &native_saxpy, 1, run_saxpy },
    { "twice", &native_twice, 1, run_twice },
    { "blur", &native_blur, 1, run_blur },
    { "gather", &native_gather, 1, run_gather },
    { "number", &native_number, 1, run_number },
    { "columns", &native_columns, 1, run_columns },
    { "plane", &native_plane, 1, run_plane },
    { "places", &native_places, 1, run_places },
    { "dot", &native_dot, 1, run_dot },
    { "count", &native_count, 1, run_count },
    { "weigh", &native_weigh, 1, run_weigh },
    { "pick", &native_pick, 1, run_pick },
    { "reverse", &native_reverse, 8, run_reverse },
    { "lift", &native_lift, 1, run_lift },
    { "shift", &native_shift, 1, run_shift },
};

const unsigned test_call_count = sizeof test_calls / sizeof test_calls[0];
