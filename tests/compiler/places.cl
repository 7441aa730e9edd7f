/* SPDX-License-Identifier: Apache-2.0 */
/* places.cl: built-in functions that are computed inline. */
#pragma parfun split(x) combine(rows(3): y)
kernel void inline_functions(global const float *x, global float *y)
{
    size_t i = get_global_id(0);

    y[3 * i] = rsqrt(x[i]);
    y[3 * i + 1] = exp(x[i]);
    y[3 * i + 2] = log(x[i]);
}
