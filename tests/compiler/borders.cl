/* SPDX-License-Identifier: Apache-2.0 */
/* borders.cl: per condition, a kernel that chooses by it and one that returns early,
 * after an effect; then conditions one after the other, and around barriers. */
#define ARGS                                                                  \
    global uint *out, global const uint *in, int w, int h, int r, ulong n
#define PLACE                                                                 \
    const int x = (int)get_global_id(0), y = (int)get_global_id(1);           \
    const uint ux = (uint)x, uy = (uint)y, uw = (uint)w, ur = (uint)r;        \
    const size_t at = y * get_global_size(0) + x

#define BORDER(name, condition)                                               \
    kernel void choose_##name(ARGS)                                           \
    {                                                                         \
        PLACE;                                                                \
        if (condition)                                                        \
            out[at] = in[at] + 3 * in[at + 1] + 5 * in[at + 2];               \
        else                                                                  \
            out[at] = in[at + 1];                                             \
    }                                                                         \
    kernel void leave_##name(ARGS)                                            \
    {                                                                         \
        PLACE;                                                                \
        out[at] = in[at];                                                     \
        if (condition)                                                        \
            return;                                                           \
        out[at] += in[at + 2];                                                \
    }
#include "borders.def"

kernel void one_after_the_other(ARGS)
{
    PLACE;
    uint sum = 7;
    if (x > 0)
        sum += in[at];
    if (x < w - 1)
        sum += 3 * in[at + 2];
    if (y == 0)
        sum ^= in[at + 1];
    else if (x == r)
        sum *= in[at + 1];
    out[at] = sum;
}

kernel void around_barriers(ARGS)
{
    local uint t[256];
    const uint lx = (uint)get_local_id(0), size = (uint)get_local_size(0);
    PLACE;
    t[lx] = in[at] % 1000u;
    barrier(CLK_LOCAL_MEM_FENCE);
    uint sum = t[lx];
    if (lx > 0 && lx < size - 1)
        sum = t[lx - 1] + t[lx + 1];
    barrier(CLK_LOCAL_MEM_FENCE);
    t[lx] = sum + (uw ^ uw) + (ur ^ ur) + (ux ^ ux) + (uy ^ uy);
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint k = size / 2; k > 0; k /= 2) {
        if (lx < k)
            t[lx] += t[lx + k];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    out[at] = t[0] + lx;
}
