/* A struct that a kernel is given by value. */
#include <stdio.h>
#include "sphere.h"
#include "structs.h"

enum { N = 3 };

static const parfun_float4 place[N] = { { { 0, 0, 0, 0 } }, { { 4, 0, 0, 0 } },
    { { 4, 5, 0, 0 } } };

int main(void)
{
    float outside[N];
    enum parfun_status status;
    /* part: call */
    struct sphere sphere = { .centre = { { 4, 0, 0, 0 } }, .radius = 2 };

    status = measure(N, &sphere, place, outside);
    /* end */
    if (status)
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    printf("%g %g %g\n", (double)outside[0], (double)outside[1],
            (double)outside[2]);
    return outside[0] != 2 || outside[1] != -2 || outside[2] != 3;
}
