/* part: kernel */
#pragma parfun split(group: value) offsets(begin)
#pragma parfun combine(scatter: difference, relative) combine(average)
kernel void relative_metrics(global const double *value, global const uint *begin,
        global double *difference, global double *relative, global double *average)
{
    size_t group = get_global_id(0);
    uint first = begin[group], end = begin[group + 1];
    double sum = 0, squares = 0;

    for (uint row = first; row < end; row++)
        sum += value[row];
    average[group] = sum / (end - first);
    for (uint row = first; row < end; row++) {
        difference[row] = value[row] - average[group];
        squares += difference[row] * difference[row];
    }
    for (uint row = first; row < end; row++) /* NaN for a group of one row */
        relative[row] = difference[row] / sqrt(squares / (end - first - 1.0));
}
/* end */
