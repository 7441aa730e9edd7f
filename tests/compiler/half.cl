/* SPDX-License-Identifier: Apache-2.0 */
/* half.cl: halves to floats, and floats and doubles to halves in every rounding mode,
 * alone and in vectors of three. */

kernel void half_load(global float *out, global const half *x)
{
    size_t i = get_global_id(0), n = get_global_size(0);
    out[i] = vload_half(i, x);
    out[n + i] = vload_half3(i / 3, x).s0;
    out[2 * n + i] = vloada_half16(i / 16, x).se;
}

#define STORE(m, MODE) \
    vstore_half##MODE(x[i], m * n + i, out); \
    vstore_half3##MODE((V)(x[i], 0, x[i]), i, out + 5 * n + 3 * m * n);
#define KERNEL(T)                                                             \
    kernel void half_store_##T(global half *out, global const T *x)           \
    {                                                                         \
        size_t i = get_global_id(0), n = get_global_size(0);                  \
        STORE(0, ) STORE(1, _rte) STORE(2, _rtz) STORE(3, _rtp) STORE(4, _rtn) \
    }
#define V float3
KERNEL(float)
#undef V
#define V double3
KERNEL(double)
