/* Kernels of docs/kernels.md. */

/* part: shapes */
#pragma parfun split(x) split(rows(3): position)
#pragma parfun combine(min: low) combine(max: high)
/* end */
kernel void extremes(global const float *x, global const float *position,
        global float *low, global float *high)
{
    size_t i = get_global_id(0);

    low[i] = fmin(x[i], position[3 * i]);
    high[i] = fmax(x[i], position[3 * i + 2]);
}

/* part: range */
#pragma parfun range(width, items) first(row) combine(rows(width): steps)
kernel void mandelbrot(int width, float left, float top, float step, int limit,
        int row, global int *steps)
/* end */
{
    int x = (int)get_global_id(0), y = (int)get_global_id(1), n = 0;
    float a = left + x * step, b = top + (row + y) * step, u = a, v = b;

    for (; n < limit && u * u + v * v < 4; n++) {
        float t = u * u - v * v + a;

        v = 2 * u * v + b;
        u = t;
    }
    steps[y * width + x] = n;
}

/* part: groups */
#pragma parfun range(width, items) workgroup(16, 16) local(16*17: tile)
#pragma parfun split(columns(height): in) combine(rows(width): out)
kernel void transpose(int width, int height, global const float *in,
        global float *out, local float *tile)
/* end */
{
    int x = (int)get_local_id(0), y = (int)get_local_id(1);
    int column = (int)get_group_id(1) * 16, row = (int)get_group_id(0) * 16;

    tile[x * 17 + y] = in[(row + y) * height + column + x];
    barrier(CLK_LOCAL_MEM_FENCE);
    out[(column + y) * width + row + x] = tile[y * 17 + x];
}

/* part: call */
#pragma parfun split(price) combine(pack(wanted): kept, index) first(row)
kernel void above(float limit, global const float *price, ulong row,
        global uchar *wanted, global float *kept, global ulong *index)
/* end */
{
    size_t i = get_global_id(0);

    wanted[i] = price[i] > limit;
    kept[i] = price[i];
    index[i] = row + i;
}
