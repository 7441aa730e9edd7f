/* SPDX-License-Identifier: Apache-2.0 */
/* nbody.cl: the pull of all bodies (x, y, z, mass) on each. */
#pragma parfun split(position) combine(acceleration)
kernel void attract(uint count, float softening, global const float4 *all,
        global const float4 *position, global float4 *acceleration)
{
    size_t i = get_global_id(0);
    float4 p = position[i], a = (float4)(0);

    for (uint j = 0; j < count; j++) {
        float4 d = all[j] - p;
        float r2 = softening + d.x * d.x + d.y * d.y + d.z * d.z;
        float inverse = rsqrt(r2);

        a += d * (all[j].w * inverse * inverse * inverse);
    }
    a.w = 0;
    acceleration[i] = a;
}
