/*
 * How far the values of each group are from their mean, absolutely and in standard
 * deviations.  Values that are not known are NaN, and so are their results.
 *
 * One item is one group.  In a partition it finds its rows side by side, from begin[g]
 * to begin[g + 1]; results go back to where the rows are in the table.
 */
#pragma parfun split(group: value) offsets(begin)
#pragma parfun combine(scatter: difference, squared, relative) combine(mean)
kernel void relative_metrics(global const double *value, global const uint *begin,
        global double *difference, global double *squared, global double *relative,
        global double *mean)
{
    size_t group = get_global_id(0);
    double sum = 0, squares = 0;
    uint known = 0;

    for (uint i = begin[group]; i < begin[group + 1]; i++)
        if (!isnan(value[i])) {
            sum += value[i];
            known++;
        }
    mean[group] = sum / known; /* NaN where nothing is known */
    for (uint i = begin[group]; i < begin[group + 1]; i++) {
        double d = value[i] - mean[group];

        difference[i] = d;
        squared[i] = d * d;
        if (!isnan(d))
            squares += d * d;
    }
    double deviation = sqrt(squares / (known - 1.0)); /* of one value: 0 / 0 */
    for (uint i = begin[group]; i < begin[group + 1]; i++)
        relative[i] = difference[i] / deviation;
}
