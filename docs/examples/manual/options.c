/* Partition sizes, profile, trace, limits. */
#include <parfun.h>
#include <stdio.h>
#include "saxpy.h"

enum { N = 100000 };

/* part: rule */
static size_t hundredth(size_t items, void *user)
{
    (void)user;
    return items / 100;
}
/* end */

/* part: progress */
static bool show(size_t done, size_t items, void *user)
{
    (void)user;
    fprintf(stderr, "\r%zu of %zu", done, items);
    return true; /* false cancels the call */
}
/* end */

static enum parfun_status run(float *x, float *y)
{
    enum parfun_status status;

    /* part: fixed */
    status = parfun_set_options(
            saxpy_function(), PARFUN_OPTIONS(.fixed_partition_size = 10000));
    /* end */
    if (!status)
        status = saxpy(N, 2, x, y);
    /* part: profile */
    struct parfun_profile profile = { .size = sizeof profile };

    if (!status)
        status = parfun_get_profile(saxpy_function(), &profile);
    /* end */
    if (status)
        return status;
    if (profile.partitions != N / 10000)
        return parfun_fail("%zu partitions", profile.partitions);
    /* part: initial */
    status = parfun_set_options(
            saxpy_function(), PARFUN_OPTIONS(.initial_rule = hundredth));
    /* end */
    if (!status)
        status = saxpy(N, 2, x, y);
    if (status)
        return status;
    /* part: trace */
    status = parfun_set_options(saxpy_function(),
            PARFUN_OPTIONS(.flags = PARFUN_PROFILE, .trace_export = "saxpy.csv",
                    .progress = show, .timeout_s = 30));
    /* end */
    return status ? status : saxpy(N, 2, x, y);
}

int main(void)
{
    static float x[N], y[N];

    for (int i = 0; i < N; i++)
        x[i] = 1;
    if (run(x, y))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    remove("saxpy.csv");
    return y[N - 1] != 6;
}
