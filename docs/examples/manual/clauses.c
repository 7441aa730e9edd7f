/* Calls of the kernels of docs/kernels.md. */
#include <parfun.h>
#include <stdio.h>
#include "clauses.h"

enum { N = 64, WIDTH = 32 };

static int check_transpose(void)
{
    static float in[WIDTH * N], out[WIDTH * N];

    for (int i = 0; i < WIDTH * N; i++)
        in[i] = (float)i;
    if (transpose(N, WIDTH, N, in, out))
        return 1;
    for (int row = 0; row < WIDTH; row++)
        for (int column = 0; column < N; column++)
            if (out[column * WIDTH + row] < in[row * N + column]
                    || out[column * WIDTH + row] > in[row * N + column])
                return (void)parfun_fail("wrong at %d, %d", row, column), 1;
    return 0;
}

int main(void)
{
    static float price[N], position[3 * N], kept[N];
    static int steps[N * WIDTH];
    uint64_t index[N];
    size_t count = 0;
    float low = 0, high = 0;

    for (int i = 0; i < N; i++) {
        price[i] = (float)i;
        position[3 * i + 2] = 100;
    }
    if (extremes(N, price, position, &low, &high)
            || mandelbrot(N, WIDTH, -2, -1, 1.0f / 16, 50, steps)
            || above(N, 59, price, kept, index, &count) || check_transpose())
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    return count != 4 || index[0] != 60 || kept[3] < 63 || low < 0 || high < 100;
}
