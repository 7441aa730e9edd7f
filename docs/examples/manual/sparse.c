/* A sparse matrix, row by row, times a vector. */
#include <parfun.h>
#include <stdio.h>
#include "sparse.h"

enum { ROWS = 3, COLUMNS = 4, ENTRIES = 5 };

/* 1 0 2 0 / 0 0 0 0 / 3 4 0 5 */
static const uint32_t begin[ROWS + 1] = { 0, 2, 2, ENTRIES };
static const uint32_t column[ENTRIES] = { 0, 2, 0, 1, 3 };
static const double value[ENTRIES] = { 1, 2, 3, 4, 5 };

int main(void)
{
    static const double x[COLUMNS] = { 1, 10, 100, 1000 };
    double y[ROWS];
    enum parfun_status status;
    /* part: call */
    status = multiply(
            ROWS, begin, ROWS + 1, column, ENTRIES, value, ENTRIES, x, COLUMNS, y);
    /* end */
    if (status)
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    printf("%g %g %g\n", y[0], y[1], y[2]);
    return y[0] != 201 || y[1] != 0 || y[2] != 5043;
}
