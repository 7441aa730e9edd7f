/* Where functions run. */
#include <parfun.h>
#include <stdio.h>
#include "saxpy.h"

enum { N = 1000 };

static enum parfun_status choose(float *x, float *y)
{
    enum parfun_status status;

    /* part: process */
    status = parfun_set_backend(
            "threads"); /* or "opencl:gpu", "threads:1, opencl" */
    if (status)
        return status;
    /* end */
    /* part: scope */
    status = parfun_push_backend(
            "serial"); /* this thread alone, until it is popped */
    if (!status) {
        status = saxpy(N, 2, x, y);
        (void)parfun_pop_backend();
    }
    /* end */
    return status;
}

int main(void)
{
    float x[N] = { 0 }, y[N] = { 0 };

    x[1] = 3;
    if (choose(x, y))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    return y[1] != 6;
}
