/* How arguments are split. */
#include <parfun.h>
#include <stdio.h>
#include "splits.h"

enum { N = 100, WIDTH = 5 };

int main(void)
{
    static float picture[N * WIDTH], brightest[N], zero[N], x[N], y[N], distance[N];
    static float value[N], height[N + 2], slope[N];
    const float table[3] = { 10, 20, 30 };
    unsigned index[N];

    for (unsigned i = 0; i < N; i++) {
        picture[i * WIDTH + i % WIDTH] = (float)(i + 1);
        x[i] = 3, y[i] = 4;
        index[i] = i % 3;
    }
    for (int i = 0; i < N + 2; i++)
        height[i] = (float)(2 * i);
    if (brightest_of_rows(N, WIDTH, picture, brightest)
            || distances(N, zero, zero, x, y, distance)
            /* part: count */
            || look_up(N, table, 3, index, value) /* 3: elements of the table */
            /* end */
            || slopes(N, height, slope))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    for (int i = 0; i < N; i++)
        if (brightest[i] != (float)(i + 1) || distance[i] != 5
                || value[i] != table[i % 3] || slope[i] != 2)
            return fprintf(stderr, "wrong at %d\n", i), 1;
    return 0;
}
