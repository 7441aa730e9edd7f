/* A parallel function that calls a parallel function. */
#include <parfun.h>
#include <stdio.h>
#include "nested.h"

enum { SIGNALS = 8, LENGTH = 10000 };

/* part: nested */
/* energy() is a parallel function, too, from a kernel. */
static enum parfun_status energies(struct parfun_partition *partition, void *user)
{
    const float *samples = parfun_argument(partition, "samples");
    double *result = parfun_argument(partition, "result");
    enum parfun_status status = PARFUN_OK;

    (void)user;
    for (size_t i = 0; !status && i < parfun_items(partition); i++)
        status = energy(LENGTH, samples + i * LENGTH, &result[i]);
    return status;
}
/* end */

int main(void)
{
    static float samples[SIGNALS * LENGTH];
    double result[SIGNALS];
    struct parfun_function *function;

    for (int i = 0; i < SIGNALS * LENGTH; i++)
        samples[i] = (float)(i / LENGTH);
    if (parfun_function_from_c("energies", "const float *samples, double *result",
                energies,
                PARFUN_OPTIONS(.clauses =
                                       "split(rows(10000): samples) combine(result)"),
                &function)
            || PARFUN_CALL(
                    function, SIGNALS, PARFUN_ARRAY(samples), PARFUN_ARRAY(result)))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    parfun_function_destroy(function);
    return result[3] != 9.0 * LENGTH;
}
