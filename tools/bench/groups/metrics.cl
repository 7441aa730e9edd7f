/* What pandas is asked for: differences to the group's mean, their squares, and how many
 * standard deviations they are. */
#pragma parfun split(group: value) offsets(begin)
#pragma parfun combine(scatter: difference, squared, relative)
kernel void group_metrics(global const double *value, global const uint *begin,
        global double *difference, global double *squared, global double *relative)
{
    size_t group = get_global_id(0);
    uint first = begin[group], end = begin[group + 1], i = first;
    double4 sums = 0, squares = 0;

    for (; i + 4 <= end; i += 4)
        sums += vload4(0, value + i);
    for (; i < end; i++)
        sums.x += value[i];
    double mean = (sums.x + sums.y + sums.z + sums.w) / (end - first);
    for (i = first; i + 4 <= end; i += 4) {
        double4 d = vload4(0, value + i) - mean;

        squares += d * d;
    }
    for (; i < end; i++)
        squares.x += (value[i] - mean) * (value[i] - mean);
    double deviation = sqrt((squares.x + squares.y + squares.z + squares.w)
            / (end - first - 1.0));
    for (i = first; i + 4 <= end; i += 4) {
        double4 d = vload4(0, value + i) - mean;

        vstore4(d, 0, difference + i);
        vstore4(d * d, 0, squared + i);
        vstore4(d / deviation, 0, relative + i);
    }
    for (; i < end; i++) {
        double d = value[i] - mean;

        difference[i] = d;
        squared[i] = d * d;
        relative[i] = d / deviation;
    }
}
