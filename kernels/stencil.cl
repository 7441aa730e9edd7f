/* SPDX-License-Identifier: Apache-2.0 */
/* stencil.cl: one step of heat flow.  Every row sees its neighbours: `in` has a row
 * more above and below than there are items.  The outer columns stay. */
#pragma parfun range(width, items) split(rows(width), halo(1): in)
#pragma parfun combine(rows(width): out)
kernel void diffuse(int width, global const float *in, global float *out)
{
    int x = (int)get_global_id(0), y = (int)get_global_id(1);
    int here = (y + 1) * width + x; /* in[0] is the row above */

    if (x > 0 && x < width - 1)
        out[y * width + x] = 0.5f * in[here]
                + 0.125f * (in[here - 1] + in[here + 1] + in[here - width]
                        + in[here + width]);
    else
        out[y * width + x] = in[here];
}
