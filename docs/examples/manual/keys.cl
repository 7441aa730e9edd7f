/* part: kernel */
#pragma parfun split(group: row, value) offsets(begin) combine(any, mean)
kernel void means(global const uint *row, global const double *value,
        global const uint *begin, global uint *any, global double *mean)
{
    size_t group = get_global_id(0);
    double sum = 0;

    for (uint i = begin[group]; i < begin[group + 1]; i++)
        sum += value[i];
    any[group] = row[begin[group]];
    mean[group] = sum / (begin[group + 1] - begin[group]);
}
/* end */
