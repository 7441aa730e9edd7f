/* Kernels over groups, for every clause that knows them. */

/* One result of every kind, from a column and the rows' own numbers. */
#pragma parfun split(group: value, number) split(weight) offsets(begin) items(groups)
#pragma parfun combine(scatter: back) combine(group: sorted) combine(rows(2): ends)
#pragma parfun combine(sum: total) combine(accumulate(max, 4): most)
kernel void g_everything(global const int *value, global const ulong *number,
        global const int *weight, global const uint *begin, uint groups,
        global int *back, global ulong *sorted, global int *ends, global long *total,
        global int *most)
{
    size_t group = get_global_id(0);
    uint first = begin[group], end = begin[group + 1];
    int sum = 0;

    for (uint i = first; i < end; i++)
        sum += value[i];
    for (uint i = first; i < end; i++) {
        back[i] = value[i] - sum * weight[group];
        sorted[i] = number[i];
    }
    ends[2 * group] = value[first];
    ends[2 * group + 1] = value[end - 1];
    total[group] = group < groups ? sum : -1;
    atomic_max(&most[0], (int)(end - first));
}

/* In place, with wide offsets, and results for some groups alone. */
#pragma parfun split(group: value) combine(scatter: value) offsets(begin)
#pragma parfun combine(pack(large): rows)
kernel void g_update(global uchar *value, global const ulong *begin,
        global uchar *large, global ulong *rows)
{
    size_t group = get_global_id(0);
    uchar last = value[begin[group + 1] - 1];

    for (ulong i = begin[group]; i < begin[group + 1]; i++)
        value[i] = value[i] ^ last;
    rows[group] = begin[group + 1] - begin[group];
    large[group] = rows[group] > 2;
}

/* Columns of two tables, and work-items for each group. */
#pragma parfun range(lanes, items) split(group: left, right) offsets(begin)
#pragma parfun combine(rows(lanes): products)
kernel void g_pairs(int lanes, global const float4 *left,
        global const ushort *right, global const int *begin, global float *products)
{
    int lane = get_global_id(0);
    size_t group = get_global_id(1);
    float sum = 0;

    for (int i = begin[group] + lane; i < begin[group + 1]; i += lanes)
        sum += left[i].y * right[i];
    products[group * lanes + lane] = sum;
}

/* Nothing of it knows groups. */
#pragma parfun combine(y)
kernel void g_plain(global uchar *y)
{
    y[get_global_id(0)] = 0;
}
