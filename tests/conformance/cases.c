/* SPDX-License-Identifier: Apache-2.0 */
/* cases.c: calls of the conformance kernels, in one table. */
#include "cases.h"

#include "conformance.h"

#include <string.h>

enum { WIDTH = 17, BINS = 200, GROUP_WIDTH = 24 };

static enum parfun_status run_saxpy(size_t n, const struct inputs *in, char *out)
{
    float *y = (float *)(void *)out;

    for (size_t i = 0; i < n; i++)
        y[i] = in->floats[n - 1 - i];
    return c_saxpy(n, 1.5f, in->floats, y);
}

static enum parfun_status run_waves(size_t n, const struct inputs *in, char *out)
{
    return c_waves(n, in->floats, (float *)(void *)out);
}

static enum parfun_status run_doubles(size_t n, const struct inputs *in, char *out)
{
    return c_doubles(n, in->doubles, (double *)(void *)out);
}

static enum parfun_status run_grey(size_t n, const struct inputs *in, char *out)
{
    return c_grey(n, in->bytes + 1, (uint8_t *)out);
}

static enum parfun_status run_pairs(size_t n, const struct inputs *in, char *out)
{
    const struct parfun_value values[] = {
        { in->integers, 2 * sizeof(int), 0 },
        { out, 2 * sizeof(int), 0 },
    };

    return parfun_call(c_pairs_function(), n, values, 2);
}

static enum parfun_status run_column_filter(
        size_t n, const struct inputs *in, char *out)
{
    return c_column_filter(n, WIDTH, in->integers, (int *)(void *)out);
}

static enum parfun_status run_columns(size_t n, const struct inputs *in, char *out)
{
    return c_columns(n, WIDTH, (int)n, in->integers, (int *)(void *)out);
}

static enum parfun_status run_floats(size_t n, const struct inputs *in, char *out)
{
    struct {
        double wide;
        float low, high, single, none;
    } result = { 0 };
    enum parfun_status status = c_floats(
            n, in->floats, &result.low, &result.high, &result.single, &result.wide);

    memcpy(out, &result, sizeof result);
    return status;
}

static enum parfun_status run_integers(size_t n, const struct inputs *in, char *out)
{
    struct {
        int64_t wide;
        int sum;
        uint32_t product, all, any, odd, none;
    } result = { 0 };
    enum parfun_status status = c_integers(n, in->integers, &result.sum,
            &result.wide, &result.product, &result.all, &result.any, &result.odd);

    memcpy(out, &result, sizeof result);
    return status;
}

static enum parfun_status run_vectors(size_t n, const struct inputs *in, char *out)
{
    return c_vectors(n, (const parfun_float4 *)(const void *)in->floats,
            (parfun_float4 *)(void *)out);
}

static enum parfun_status run_counts(size_t n, const struct inputs *in, char *out)
{
    return c_counts(n, BINS, in->bytes, (uint32_t *)(void *)out);
}

static enum parfun_status run_highest(size_t n, const struct inputs *in, char *out)
{
    return c_highest(n, in->integers, (int *)(void *)out);
}

/* Only what was kept is compared: the rest of the outputs is unspecified. */
static enum parfun_status run_filter(size_t n, const struct inputs *in, char *out)
{
    size_t *count = (size_t *)(void *)out;
    uint64_t *index = (uint64_t *)(void *)out + 2;
    int *kept = (int *)(void *)(index + n);
    int16_t *rest = (int16_t *)(void *)(kept + n);
    enum parfun_status status =
            c_filter(n, 60, in->integers, kept, index, &count[0], rest, &count[1]);

    if (status)
        return status;
    memset(index + count[0], 0, (n - count[0]) * sizeof *index);
    memset(kept + count[0], 0, (n - count[0]) * sizeof *kept);
    memset(rest + count[1], 0, (n - count[1]) * sizeof *rest);
    return PARFUN_OK;
}

static enum parfun_status run_gather(size_t n, const struct inputs *in, char *out)
{
    static const float weights[4] = { 1, -2, 0.5f, 3 };

    return c_gather(
            n, 1000, in->floats, 1000, in->order, weights, 4, (float *)(void *)out);
}

static enum parfun_status run_absolute(size_t n, const struct inputs *in, char *out)
{
    return c_absolute(n, in->integers, in->integers, n + !n, (int *)(void *)out);
}

static enum parfun_status run_absolute_sum(
        size_t n, const struct inputs *in, char *out)
{
    return c_absolute_sum(n, in->integers, (int64_t *)(void *)out);
}

static enum parfun_status run_reverse_groups(
        size_t n, const struct inputs *in, char *out)
{
    return c_reverse_groups(n, in->integers, (int *)(void *)out);
}

static enum parfun_status run_group_ids(
        size_t n, const struct inputs *in, char *out)
{
    (void)in;
    return c_group_ids(n, GROUP_WIDTH, (int *)(void *)out);
}

static enum parfun_status run_planes(size_t n, const struct inputs *in, char *out)
{
    (void)in;
    return c_planes(n, 5, 3, (uint32_t *)(void *)out);
}

static enum parfun_status run_scatter(size_t n, const struct inputs *in, char *out)
{
    return c_scatter(n, in->order, (uint32_t *)(void *)out);
}

static enum parfun_status run_particles(
        size_t n, const struct inputs *in, char *out)
{
    const struct particle {
        float place[3];
        int kind;
    } step = { { 1, 2, -3 }, 5 };
    const struct parfun_value values[] = {
        PARFUN_VALUE(&step),
        { in->floats, sizeof step, 0 },
        { out, sizeof step, 0 },
    };

    return parfun_call(c_particles_function(), n, values, 3);
}

/* The same input twice, and an address that the element type does not like. */
static enum parfun_status run_twice(size_t n, const struct inputs *in, char *out)
{
    const struct parfun_value values[] = {
        { in->bytes + 1, sizeof(int), 0 },
        { in->bytes + 1, sizeof(int), 0 },
        { out + 1, sizeof(int), 0 },
    };

    return parfun_call(c_twice_function(), n, values, 3);
}

static enum parfun_status run_exact(size_t n, const struct inputs *in, char *out)
{
    return c_exact(n, in->integers, (int *)(void *)out);
}

static enum parfun_status run_escape(size_t n, const struct inputs *in, char *out)
{
    (void)in;
    return c_escape(n, 300, (int *)(void *)out);
}

#define CASE(case_) \
    .name = #case_, .run = run_##case_, .function = c_##case_##_function

const struct conformance_case conformance_cases[] = {
    { CASE(saxpy), .out_bytes = 4 },
    { CASE(waves), .out_bytes = 4, .ulp = 16 },
    { CASE(doubles), .out_bytes = 8 },
    { CASE(grey), .out_bytes = 1, .most = 1000000 },
    { CASE(pairs), .out_bytes = 8, .most = 200000 },
    { CASE(column_filter), .out_bytes = 4 * WIDTH, .most = 10000 },
    { CASE(columns), .out_bytes = 4 * WIDTH, .most = 10000 },
    { CASE(floats), .out_extra = 24 },
    { CASE(integers), .out_extra = 32 },
    { CASE(vectors), .out_extra = 16, .most = 200000 },
    { CASE(counts), .out_extra = 4 * BINS },
    { CASE(highest), .out_extra = 64 },
    { CASE(filter), .out_bytes = 14, .out_extra = 16 },
    { CASE(gather), .out_bytes = 4 },
    { CASE(absolute), .out_bytes = 4 },
    { CASE(absolute_sum), .out_extra = 8 },
    { CASE(reverse_groups), .out_bytes = 4, .multiple = 64 },
    { CASE(group_ids), .out_bytes = 4 * GROUP_WIDTH, .multiple = 8, .most = 10000 },
    { CASE(planes), .out_bytes = 60, .most = 10000 },
    { CASE(scatter), .out_bytes = 4, .host_only = true },
    { CASE(particles), .out_bytes = 16, .most = 200000 },
    { CASE(twice), .out_bytes = 4, .out_extra = 1, .most = 500000 },
    { CASE(exact), .out_bytes = 4 },
    { CASE(escape), .out_bytes = 4 * 300, .most = 1000 },
};

const size_t conformance_case_count =
        sizeof conformance_cases / sizeof *conformance_cases;
