/* SPDX-License-Identifier: Apache-2.0 */
/* convert_saturate.h: pf_sat_T(x), to the nearest value that the integer type T
 * can hold; fractions are dropped, NaN becomes 0. */

/* From integers.  Comparisons are between values, whatever the signs: those
 * below zero are told apart first. */
#define PF_SAT_INTEGER(D, S, LOW, HIGH)                                       \
    PF_ONE D pf_sat_##D##_##S(S pf_x)                                         \
    {                                                                         \
        D pf_y = pf_x > 0 && (ulong)pf_x > (ulong)HIGH ? (D)HIGH : (D)pf_x;   \
        return pf_x < 0 && (long)pf_x < (long)LOW ? (D)LOW : pf_y;            \
    }                                                                         \
    PF_ALL1(D, pf_sat_##D, pf_sat_##D##_##S, S)

/* From floating point.  HIGH rounded to S may be one more than HIGH. */
#define PF_SAT_FLOAT(D, S, LOW, HIGH)                                         \
    PF_ONE D pf_sat_##D##_##S(S pf_x)                                         \
    {                                                                         \
        D pf_y = pf_x >= (S)HIGH ? (D)HIGH : (D)pf_x;                         \
        pf_y = pf_x <= (S)LOW ? (D)LOW : pf_y;                                \
        return pf_x != pf_x ? (D)0 : pf_y;                                    \
    }                                                                         \
    PF_ALL1(D, pf_sat_##D, pf_sat_##D##_##S, S)

#define PF_SAT(D, LOW, HIGH)                                                  \
    PF_SAT_INTEGER(D, char, LOW, HIGH) PF_SAT_INTEGER(D, uchar, LOW, HIGH)    \
    PF_SAT_INTEGER(D, short, LOW, HIGH) PF_SAT_INTEGER(D, ushort, LOW, HIGH)  \
    PF_SAT_INTEGER(D, int, LOW, HIGH) PF_SAT_INTEGER(D, uint, LOW, HIGH)      \
    PF_SAT_INTEGER(D, long, LOW, HIGH) PF_SAT_INTEGER(D, ulong, LOW, HIGH)    \
    PF_SAT_FLOAT(D, float, LOW, HIGH) PF_SAT_FLOAT(D, double, LOW, HIGH)
PF_SAT(char, SCHAR_MIN, SCHAR_MAX)
PF_SAT(uchar, 0, UCHAR_MAX)
PF_SAT(short, SHRT_MIN, SHRT_MAX)
PF_SAT(ushort, 0, USHRT_MAX)
PF_SAT(int, (INT_MIN), INT_MAX)
PF_SAT(uint, 0, UINT_MAX)
PF_SAT(long, (LONG_MIN), LONG_MAX)
PF_SAT(ulong, 0, ULONG_MAX)
#undef PF_SAT
#undef PF_SAT_FLOAT
#undef PF_SAT_INTEGER
