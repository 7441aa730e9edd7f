/* part: dot */
#pragma parfun split(x, y) combine(sum: result)
kernel void dot_product(
        global const float *x, global const float *y, global float *result)
{
    size_t i = get_global_id(0);

    result[i] = x[i] * y[i];
}
/* end */

/* part: bins */
#pragma parfun split(grey) combine(accumulate(sum, 256): bins)
kernel void count_greys(global const uchar *grey, global uint *bins)
{
    atomic_inc(&bins[grey[get_global_id(0)]]);
}
/* end */

/* part: pick */
#pragma parfun split(price) combine(pack(wanted): kept)
kernel void cheaper(
        float limit, global const float *price, global uchar *wanted, global float *kept)
{
    size_t i = get_global_id(0);

    wanted[i] = price[i] < limit;
    kept[i] = price[i];
}
/* end */
