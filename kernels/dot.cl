/* SPDX-License-Identifier: Apache-2.0 */
/* dot.cl: sums over items, one value each; the library adds them up. */
#pragma parfun split(x, y) combine(sum: total)
kernel void dot_product(
        global const float *x, global const float *y, global float *total)
{
    size_t i = get_global_id(0);

    total[i] = x[i] * y[i];
}

#pragma parfun split(x) combine(sum: total)
kernel void sum_floats(global const float *x, global float *total)
{
    size_t i = get_global_id(0);

    total[i] = x[i];
}
