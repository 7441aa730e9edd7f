/* part: first */
#include <parfun.h>
#include <stdio.h>
#include "saxpy.h"

int main(void)
{
    enum { N = 1000000 };
    static float x[N], y[N];

    for (int i = 0; i < N; i++)
        x[i] = (float)i, y[i] = 1;
    if (saxpy(N, 2, x, y))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    printf("%g\n", (double)y[10]);
    return y[10] != 21;
}
/* end */
