/* part: kernel */
#pragma parfun split(group: value) offsets(begin) combine(scatter: difference)
kernel void to_mean(global const double *value, global const uint *begin,
        global double *difference)
{
    size_t group = get_global_id(0);
    double sum = 0;

    for (uint row = begin[group]; row < begin[group + 1]; row++)
        sum += value[row];
    sum /= begin[group + 1] - begin[group];
    for (uint row = begin[group]; row < begin[group + 1]; row++)
        difference[row] = value[row] - sum;
}
/* end */
