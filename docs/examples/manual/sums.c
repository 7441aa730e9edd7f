/* How results are combined. */
#include <parfun.h>
#include <stdio.h>
#include "sums.h"

enum { N = 1000 };

int main(void)
{
    static float x[N], y[N], kept[N];
    static unsigned char grey[N];
    unsigned bins[256];
    enum parfun_status status;
    float result = 0;
    size_t count = 0;

    for (int i = 0; i < N; i++)
        x[i] = (float)(i % 10), y[i] = 2, grey[i] = (unsigned char)(i % 4);
    /* part: dot */
    status = dot_product(N, x, y, &result);
    /* end */
    /* part: pick */
    if (!status)
        status = cheaper(N, 3, x, kept, &count); /* kept has room for all */
    /* end */
    if (!status)
        status = count_greys(N, grey, bins);
    if (status)
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    return result != 9000 || count != 300 || kept[2] != 2 || bins[3] != 250;
}
