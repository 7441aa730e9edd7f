/* SPDX-License-Identifier: Apache-2.0 */
/* histogram.cl: how often each of 256 values occurs. */
#pragma parfun split(pixel) combine(accumulate(sum, 256): bins)
kernel void histogram(global const uchar *pixel, global uint *bins)
{
    atomic_inc(&bins[pixel[get_global_id(0)]]);
}
