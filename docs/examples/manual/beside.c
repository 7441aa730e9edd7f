/* A call beside its caller, with results as they come. */
#include <parfun.h>
#include <stdio.h>

static enum parfun_status square(struct parfun_partition *partition, void *user)
{
    const int *x = parfun_argument(partition, "x");
    int *result = parfun_argument(partition, "result");

    (void)user;
    for (size_t i = 0; i < parfun_items(partition); i++)
        result[i] = x[i] * x[i];
    return PARFUN_OK;
}

static enum parfun_status add_as_they_come(
        struct parfun_function *function, int *x, size_t count, long *sum)
{
    struct parfun_running *running;
    struct parfun_partition *partition;
    enum parfun_status status, finished;

    /* part: beside */
    int unused; /* results are taken one by one: no array receives them */
    const struct parfun_value values[] = { PARFUN_ARRAY(x), PARFUN_ARRAY(&unused) };

    status = parfun_start(function, count, values, 2, &running);
    if (status)
        return status;
    /* the workers have begun; in order, each as soon as it is there: */
    while (!(status = parfun_next(parfun_results(running), &partition))
            && partition) {
        const int *result = parfun_argument(partition, "result");

        for (size_t i = 0; i < parfun_items(partition); i++)
            *sum += result[i];
    }
    finished = parfun_finish(running); /* waits, and frees it */
    /* end */
    return status ? status : finished;
}

enum { N = 1000 };

int main(void)
{
    static int x[N];
    struct parfun_function *function;
    long sum = 0;

    for (int i = 0; i < N; i++)
        x[i] = i;
    if (parfun_function_from_c("square", "const int *x, int *result", square,
                PARFUN_OPTIONS(.clauses = "split(x) combine(each(100): result)",
                        .fixed_partition_size = 100),
                &function)
            || add_as_they_come(function, x, N, &sum))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    parfun_function_destroy(function);
    return sum != 332833500;
}
