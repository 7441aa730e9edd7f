/* A kernel known only at run time. */
#include <parfun.h>
#include <stdio.h>

enum { N = 1000 };

/* part: text */
static const char source[] =
        "#pragma parfun split(x) combine(y)\n"
        "kernel void cube(global const double *x, global double *y)\n"
        "{ size_t i = get_global_id(0); y[i] = x[i] * x[i] * x[i]; }\n";

static enum parfun_status cube_all(const double *x, double *y)
{
    struct parfun_function *cube;
    enum parfun_status status =
            parfun_function_compile(source, "cube", NULL, &cube);

    if (status)
        return status;
    status = PARFUN_CALL(cube, N, PARFUN_ARRAY(x), PARFUN_ARRAY(y));
    parfun_function_destroy(cube);
    return status;
}
/* end */

int main(void)
{
    static double x[N], y[N];

    for (int i = 0; i < N; i++)
        x[i] = i;
    if (cube_all(x, y))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    return y[10] != 1000;
}
