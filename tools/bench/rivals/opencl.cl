/* SPDX-License-Identifier: Apache-2.0 */
/* opencl.cl: reductions as one writes them for a CPU, one stretch per work-item; the
 * host adds up.  The other kernels are those of kernels/. */
kernel void dot_stretches(uint length, global const float16 *x, global const float16 *y,
        global float *sums)
{
    size_t i = get_global_id(0);
    float16 sum = 0;

    for (size_t j = i * length; j < (i + 1) * length; j++)
        sum += x[j] * y[j];
    float8 s8 = sum.lo + sum.hi;
    float4 s4 = s8.lo + s8.hi;
    sums[i] = s4.x + s4.y + s4.z + s4.w;
}

kernel void histogram_stretches(uint length, global const uchar *pixel,
        global uint *bins)
{
    size_t i = get_global_id(0);
    uint own[256];

    for (uint bin = 0; bin < 256; bin++)
        own[bin] = 0;
    for (size_t j = i * length; j < (i + 1) * length; j++)
        own[pixel[j]]++;
    for (uint bin = 0; bin < 256; bin++)
        bins[i * 256 + bin] = own[bin];
}
