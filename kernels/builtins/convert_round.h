/* SPDX-License-Identifier: Apache-2.0 */
/*
 * convert_round.h: rounding modes.  pf_whole_rtp(x) is x rounded to a whole
 * number, for conversions to integers; pf_float_rtp(x) and pf_double_rtp(x) are
 * x as that type, rounded where it does not fit.
 */

/* ---- To whole numbers -------------------------------------------------------- */

#define PF_SAME(V)                                      \
    PF_FN V pf_whole_rte(V pf_x) { return pf_x; }       \
    PF_FN V pf_whole_rtz(V pf_x) { return pf_x; }       \
    PF_FN V pf_whole_rtp(V pf_x) { return pf_x; }       \
    PF_FN V pf_whole_rtn(V pf_x) { return pf_x; }
#define PF_SAME_N(n, T) PF_SAME(T##n)
#define PF_SAME_ALL(T, U, S, BITS) PF_SAME(T) PF_WIDTHS(PF_SAME_N, T)
PF_INTEGERS(PF_SAME_ALL)
#undef PF_SAME_ALL
#undef PF_SAME_N
#undef PF_SAME

#define PF_WHOLE(T, f)                                  \
    PF_ALL1(T, pf_whole_rte, __builtin_rint##f, T)      \
    PF_ALL1(T, pf_whole_rtz, __builtin_trunc##f, T)     \
    PF_ALL1(T, pf_whole_rtp, __builtin_ceil##f, T)      \
    PF_ALL1(T, pf_whole_rtn, __builtin_floor##f, T)
PF_WHOLE(float, f)
PF_WHOLE(double, )
#undef PF_WHOLE

/* ---- To floating point ---------------------------------------------------------- */

/* y is x rounded to nearest; these give its neighbours. */
#define PF_NEIGHBOURS(T, I, f, LEAST)                                         \
    PF_ONE T pf_above##f(T pf_y)                                              \
    {                                                                         \
        I pf_b = __builtin_astype(pf_y, I);                                   \
        T pf_r = __builtin_astype(pf_b + (pf_b < 0 ? -1 : 1), T);             \
        return pf_y == 0 ? (T)LEAST : pf_r;                                   \
    }                                                                         \
    PF_ONE T pf_below##f(T pf_y) { return -pf_above##f(-pf_y); }
PF_NEIGHBOURS(float, int, f, 0x1p-149)
PF_NEIGHBOURS(double, long, , 0x1p-1074)
#undef PF_NEIGHBOURS

/* PF_MORE(y, x): is the rounded y really more than x?  For integers y may be
 * 2^63 or 2^64, which no integer holds. */
PF_ONE bool pf_more_long(double pf_y, long pf_x)
{
    return pf_y >= 0x1p63 || (long)pf_y > pf_x;
}
PF_ONE bool pf_less_long(double pf_y, long pf_x)
{
    return pf_y < 0x1p63 && (long)pf_y < pf_x;
}
PF_ONE bool pf_more_ulong(double pf_y, ulong pf_x)
{
    return pf_y >= 0x1p64 || (ulong)pf_y > pf_x;
}
PF_ONE bool pf_less_ulong(double pf_y, ulong pf_x)
{
    return pf_y < 0x1p64 && (ulong)pf_y < pf_x;
}
PF_ONE bool pf_more_double(double pf_y, double pf_x) { return pf_y > pf_x; }
PF_ONE bool pf_less_double(double pf_y, double pf_x) { return pf_y < pf_x; }

#define PF_ROUND(D, f, S, C)                                                  \
    PF_ONE D pf_##D##_rte_##S(S pf_x) { return (D)pf_x; }                     \
    PF_ONE D pf_##D##_rtp_##S(S pf_x)                                         \
    {                                                                         \
        D pf_y = (D)pf_x;                                                     \
        return pf_less_##C(pf_y, pf_x) ? pf_above##f(pf_y) : pf_y;            \
    }                                                                         \
    PF_ONE D pf_##D##_rtn_##S(S pf_x)                                         \
    {                                                                         \
        D pf_y = (D)pf_x;                                                     \
        return pf_more_##C(pf_y, pf_x) ? pf_below##f(pf_y) : pf_y;            \
    }                                                                         \
    PF_ONE D pf_##D##_rtz_##S(S pf_x)                                         \
    {                                                                         \
        return pf_x < 0 ? pf_##D##_rtp_##S(pf_x) : pf_##D##_rtn_##S(pf_x);    \
    }                                                                         \
    PF_ALL1(D, pf_##D##_rte, pf_##D##_rte_##S, S)                             \
    PF_ALL1(D, pf_##D##_rtp, pf_##D##_rtp_##S, S)                             \
    PF_ALL1(D, pf_##D##_rtn, pf_##D##_rtn_##S, S)                             \
    PF_ALL1(D, pf_##D##_rtz, pf_##D##_rtz_##S, S)
#define PF_ROUND_FROM(S, C) PF_ROUND(float, f, S, C) PF_ROUND(double, , S, C)
PF_ROUND_FROM(char, long)
PF_ROUND_FROM(uchar, long)
PF_ROUND_FROM(short, long)
PF_ROUND_FROM(ushort, long)
PF_ROUND_FROM(int, long)
PF_ROUND_FROM(uint, long)
PF_ROUND_FROM(long, long)
PF_ROUND_FROM(ulong, ulong)
PF_ROUND_FROM(float, double)
PF_ROUND_FROM(double, double)
#undef PF_ROUND_FROM
#undef PF_ROUND
