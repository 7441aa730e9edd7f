/* SPDX-License-Identifier: Apache-2.0 */
/*
 * half.h: vload_half, vstore_half and their sisters (section 6.12.7).
 *
 * `half` is a type of memory only, so halves are accessed as ushort.  Rounding
 * modes other than to nearest start from the nearest half and step to its
 * neighbour if it lies on the wrong side.
 */

/* ---- One half ----------------------------------------------------------------- */

PF_ONE float pf_from_half(ushort pf_h)
{
    uint pf_m = (pf_h & 0x7fffu) << 13;
    uint pf_sign = (pf_h & 0x8000u) << 16;
    /* Exponents move by 112; denormals are put right by the multiplication. */
    float pf_f = __builtin_astype(pf_m, float) * 0x1p112f;
    uint pf_bits = __builtin_astype(pf_f, uint);
    pf_bits = pf_m >= 0x0f800000u ? pf_m | 0x7f800000u : pf_bits;
    pf_bits |= pf_m > 0x0f800000u ? 0x00400000u : 0u;
    return __builtin_astype(pf_bits | pf_sign, float);
}
PF_ONE uint pf_to_half_rte(float pf_x)
{
    uint pf_b = __builtin_astype(pf_x, uint);
    uint pf_m = pf_b & 0x7fffffffu;
    uint pf_sign = (pf_b >> 16) & 0x8000u;
    /* Below 2^-14 halves are multiples of 2^-24: adding 0.5 rounds to those. */
    float pf_d = __builtin_astype(pf_m, float) + 0.5f;
    uint pf_denormal = __builtin_astype(pf_d, uint) - 0x3f000000u;
    uint pf_normal = (pf_m - 0x38000000u + 0xfffu + ((pf_m >> 13) & 1)) >> 13;
    uint pf_h = pf_m < 0x38800000u ? pf_denormal : pf_normal;
    pf_h = pf_m >= 0x47800000u ? 0x7c00u : pf_h;
    pf_h = pf_m > 0x7f800000u ? 0x7e00u | ((pf_m >> 13) & 0x3ffu) : pf_h;
    return pf_h | pf_sign;
}

/* Less than zero: h + 1 is the neighbour below, h - 1 the one above. */
PF_ONE ushort pf_half_rte(float pf_x) { return (ushort)pf_to_half_rte(pf_x); }
PF_ONE ushort pf_half_rtz(float pf_x)
{
    uint pf_h = pf_to_half_rte(pf_x);
    float pf_y = __builtin_fabsf(pf_from_half((ushort)pf_h));
    return (ushort)(pf_y > __builtin_fabsf(pf_x) ? pf_h - 1 : pf_h);
}
PF_ONE ushort pf_half_rtp(float pf_x)
{
    uint pf_h = pf_to_half_rte(pf_x);
    uint pf_up = pf_x < 0 ? pf_h - 1 : pf_h + 1;
    return (ushort)(pf_from_half((ushort)pf_h) < pf_x ? pf_up : pf_h);
}
PF_ONE ushort pf_half_rtn(float pf_x)
{
    uint pf_h = pf_to_half_rte(pf_x);
    uint pf_down = pf_x < 0 ? pf_h + 1 : pf_h - 1;
    return (ushort)(pf_from_half((ushort)pf_h) > pf_x ? pf_down : pf_h);
}

/* A double goes through a float whose last bit says whether anything was lost
 * (round to odd), so that it is rounded once, not twice. */
PF_ONE float pf_odd_float(double pf_x)
{
    float pf_f = (float)pf_x;
    uint pf_b = __builtin_astype(pf_f, uint);
    pf_b -= __builtin_fabs((double)pf_f) > __builtin_fabs(pf_x) ? 1 : 0;
    pf_b |= (double)__builtin_astype(pf_b, float) != pf_x && pf_x == pf_x;
    return __builtin_astype(pf_b, float);
}
#define PF_HALF_DOUBLE(MODE)                                                  \
    PF_ONE ushort pf_half_double_##MODE(double pf_x)                          \
    {                                                                         \
        return pf_half_##MODE(pf_odd_float(pf_x));                            \
    }
PF_HALF_DOUBLE(rte)
PF_HALF_DOUBLE(rtz)
PF_HALF_DOUBLE(rtp)
PF_HALF_DOUBLE(rtn)
#undef PF_HALF_DOUBLE

/* ---- Loads -------------------------------------------------------------------------- */

#define PF_PIECE(G, s) G(pf_v.s)
#define PF_LOAD_HALVES(n, A, NAME, LOAD)                                      \
    PF_FN float##n NAME##n(size_t pf_i, const A half *pf_p)                   \
    {                                                                         \
        ushort##n pf_v = LOAD(pf_i, (const A ushort *)pf_p);                  \
        return (float##n)(PF_EACH_##n(PF_PIECE, pf_from_half));               \
    }
#define PF_LOAD_HALF(A)                                                       \
    PF_FN float vload_half(size_t pf_i, const A half *pf_p)                   \
    {                                                                         \
        return pf_from_half(((const A ushort *)pf_p)[pf_i]);                  \
    }                                                                         \
    PF_FN float vloada_half(size_t pf_i, const A half *pf_p)                  \
    {                                                                         \
        return pf_from_half(((const A ushort *)pf_p)[pf_i]);                  \
    }                                                                         \
    PF_LOAD_HALVES(2, A, vload_half, vload2)                                  \
    PF_LOAD_HALVES(3, A, vload_half, vload3)                                  \
    PF_LOAD_HALVES(4, A, vload_half, vload4)                                  \
    PF_LOAD_HALVES(8, A, vload_half, vload8)                                  \
    PF_LOAD_HALVES(16, A, vload_half, vload16)                                \
    PF_LOAD_HALVES(2, A, vloada_half, vload2)                                 \
    PF_LOAD_HALVES(3, A, vloada_half, PF_LOAD_PADDED)                         \
    PF_LOAD_HALVES(4, A, vloada_half, vload4)                                 \
    PF_LOAD_HALVES(8, A, vloada_half, vload8)                                 \
    PF_LOAD_HALVES(16, A, vloada_half, vload16)
/* Aligned vectors of three lie four halves apart. */
#define PF_LOAD_PADDED(i, p) vload3(0, (p) + 4 * (i))
PF_LOAD_HALF(__private)
PF_LOAD_HALF(__local)
PF_LOAD_HALF(__global)
PF_LOAD_HALF(__constant)
#undef PF_LOAD_PADDED
#undef PF_LOAD_HALF
#undef PF_LOAD_HALVES
#undef PF_PIECE

/* ---- Stores ---------------------------------------------------------------------------- */

#define PF_STORE_N(n, A, T, NAME, MODE, G, STORE)                             \
    PF_FN void NAME##n##MODE(T##n pf_x, size_t pf_i, A half *pf_p)            \
    {                                                                         \
        STORE((ushort##n)(PF_EACH_##n(PF_CALL_1, G)), pf_i,                   \
                (A ushort *)pf_p);                                            \
    }
#define PF_STORE_PADDED(x, i, p) vstore3(x, 0, (p) + 4 * (i))
#define PF_STORES(A, T, MODE, G)                                              \
    PF_FN void vstore_half##MODE(T pf_x, size_t pf_i, A half *pf_p)           \
    {                                                                         \
        ((A ushort *)pf_p)[pf_i] = G(pf_x);                                   \
    }                                                                         \
    PF_STORE_N(2, A, T, vstore_half, MODE, G, vstore2)                        \
    PF_STORE_N(3, A, T, vstore_half, MODE, G, vstore3)                        \
    PF_STORE_N(4, A, T, vstore_half, MODE, G, vstore4)                        \
    PF_STORE_N(8, A, T, vstore_half, MODE, G, vstore8)                        \
    PF_STORE_N(16, A, T, vstore_half, MODE, G, vstore16)                      \
    PF_STORE_N(2, A, T, vstorea_half, MODE, G, vstore2)                       \
    PF_STORE_N(3, A, T, vstorea_half, MODE, G, PF_STORE_PADDED)               \
    PF_STORE_N(4, A, T, vstorea_half, MODE, G, vstore4)                       \
    PF_STORE_N(8, A, T, vstorea_half, MODE, G, vstore8)                       \
    PF_STORE_N(16, A, T, vstorea_half, MODE, G, vstore16)
#define PF_STORE_MODES(A, T, G)   \
    PF_STORES(A, T, , G##rte)     \
    PF_STORES(A, T, _rte, G##rte) \
    PF_STORES(A, T, _rtz, G##rtz) \
    PF_STORES(A, T, _rtp, G##rtp) \
    PF_STORES(A, T, _rtn, G##rtn)
#define PF_STORE_HALF(A)                       \
    PF_STORE_MODES(A, float, pf_half_)         \
    PF_STORE_MODES(A, double, pf_half_double_)
PF_STORE_HALF(__private)
PF_STORE_HALF(__local)
PF_STORE_HALF(__global)
#undef PF_STORE_HALF
#undef PF_STORE_MODES
#undef PF_STORES
#undef PF_STORE_PADDED
#undef PF_STORE_N
