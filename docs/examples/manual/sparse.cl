/* part: kernel */
#pragma parfun ids(absolute) combine(y)
kernel void multiply(global const uint *begin, global const uint *column,
        global const double *value, global const double *x, global double *y)
{
    size_t row = get_global_id(0);
    double sum = 0;

    for (uint k = begin[row]; k < begin[row + 1]; k++)
        sum += value[k] * x[column[k]];
    y[row] = sum;
}
/* end */
