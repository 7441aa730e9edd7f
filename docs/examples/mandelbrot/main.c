/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Draws the Mandelbrot set.  Rows cost very different times, and nobody says how
 * many to hand out at once: the library finds out.
 *
 *     mandelbrot [BACKEND]        writes mandelbrot.pgm
 */
#include <parfun.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "mandelbrot.h"

enum { WIDTH = 2400, HEIGHT = 1600, LIMIT = 2000 };

/* Grey by the logarithm of the steps; the set itself is black. */
static int shade(int32_t steps)
{
    return steps == LIMIT ? 0 : 255 - (int)(255 * log(1 + steps) / log(1 + LIMIT));
}

static int write_picture(const char *path, const int32_t *steps)
{
    FILE *file = fopen(path, "wb");
    int failed;

    if (!file)
        return perror(path), 1;
    fprintf(file, "P5 %d %d 255\n", WIDTH, HEIGHT);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        putc(shade(steps[i]), file);
    failed = ferror(file);
    if (fclose(file) || failed)
        return perror(path), 1;
    return 0;
}

int main(int argc, char **argv)
{
    const float step = 2.4f / HEIGHT;
    int32_t *steps = malloc(sizeof *steps * WIDTH * HEIGHT);
    struct parfun_profile profile = { .size = sizeof profile };
    int failed;

    if (!steps)
        return perror("mandelbrot"), 1;
    if ((argc > 1 && parfun_set_backend(argv[1]))
            || mandelbrot(HEIGHT, WIDTH, -2.4f, -1.2f, step, LIMIT, steps)
            || parfun_get_profile(mandelbrot_function(), &profile))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    failed = write_picture("mandelbrot.pgm", steps);
    free(steps);
    if (!failed)
        printf("mandelbrot.pgm: %d x %d, %d rows in %zu partitions on \"%s\", "
               "%.0f ms\n",
                WIDTH, HEIGHT, HEIGHT, profile.partitions, parfun_backend(),
                1e-6 * (double)profile.wall_ns);
    return failed;
}
