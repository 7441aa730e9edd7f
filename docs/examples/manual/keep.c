/* Data that stays on the devices between calls. */
#include <parfun.h>
#include <stdio.h>
#include "keep.h"

enum { N = 1000, STEPS = 10 };

/* part: keep */
static enum parfun_status step_often(float *position, float *next)
{
    const size_t bytes = N * sizeof *position;
    enum parfun_status status = parfun_keep(position, bytes);

    if (!status)
        status = parfun_keep(next, bytes);
    for (int step = 0; !status && step < STEPS; step += 2) {
        status = relax(N, N, position, N, position, next);
        if (!status)
            status = relax(N, N, next, N, next, position);
    }
    if (!status)
        status = parfun_update_host(position); /* to be read here */
    (void)parfun_release(position);
    (void)parfun_release(next);
    return status;
}
/* end */

int main(void)
{
    static float position[N], next[N];
    float least, most;

    for (int i = 0; i < N; i++)
        position[i] = (float)(i % 2);
    if (step_often(position, next))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    least = most = position[0];
    for (int i = 0; i < N; i++) {
        least = position[i] < least ? position[i] : least;
        most = position[i] > most ? position[i] : most;
    }
    printf("from %g to %g\n", (double)least, (double)most);
    return most - least > 0.01f || least < 0.45f || most > 0.55f;
}
