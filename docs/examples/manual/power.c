/* What the Python library's quick start begins with. */
#include <parfun.h>
#include <stdio.h>
#include "power.h"

int main(void)
{
    /* part: call */
    const float values[] = { 1, 2, 3 };
    float result[3];
    enum parfun_status status = parfun_push_backend("threads");

    if (!status) {
        status = list_pow(3, 2, values, result);
        (void)parfun_pop_backend();
    }
    if (status)
        fprintf(stderr, "%s\n", parfun_error());
    /* end */
    return status || result[2] < 8.999f || result[2] > 9.001f;
}
