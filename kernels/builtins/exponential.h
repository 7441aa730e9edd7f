/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exponential.h: exp() and the float log(), inline.  libmvec's vector versions
 * exceed OpenCL's bound of 3 units in the last place; these stay at 1, and
 * without a call the loop around them keeps its values in registers.
 */

/* Fused where the instruction set has it, which is not known here: the same text
 * becomes code for several. */
#pragma OPENCL FP_CONTRACT DEFAULT
#define PF_STEP(a, b, c) ((a) * (b) + (c))

/* Cody and Waite's: x = n log(2) + r, with the polynomial of Moshier's Cephes for
 * exp(r), its terms in pairs that do not wait for one another.  1.5 * 2^23 + n has n
 * in its last bits.  2^n is multiplied in two parts, so that results may be denormal;
 * what is below all of them becomes 0 before, as processors take a hundred times as
 * long to find that out.  NaN passes both limits, and whatever n is then, it remains. */
PF_ONE float pf_expf(float pf_x)
{
    float pf_c = pf_x < -104.0f ? -104.0f : pf_x;
    pf_c = pf_c > 88.8f ? 88.8f : pf_c;
    float pf_b = PF_STEP(pf_c, 1.44269504088896341f, 0x1.8p23f);
    float pf_n = pf_b - 0x1.8p23f;
    float pf_r = PF_STEP(pf_n, -0.693359375f, pf_c);
    pf_r = PF_STEP(pf_n, 2.12194440e-4f, pf_r);
    float pf_z = pf_r * pf_r;
    float pf_p = PF_STEP(1.9875691500e-4f, pf_r, 1.3981999507e-3f);
    float pf_q = PF_STEP(8.3334519073e-3f, pf_r, 4.1665795894e-2f);
    pf_p = PF_STEP(pf_p, pf_z, pf_q);
    pf_q = PF_STEP(1.6666665459e-1f, pf_r, 5.0000001201e-1f);
    pf_p = PF_STEP(pf_p, pf_z, pf_q);
    float pf_y = PF_STEP(pf_p, pf_z, pf_r) + 1.0f;
    pf_y = pf_c <= -104.0f ? 0 : pf_y;
    int pf_k = (int)(__builtin_astype(pf_b, uint) - 0x4b400000u);
    int pf_half = pf_k >> 1;
    pf_y *= __builtin_astype((pf_half + 127) << 23, float);
    return pf_y * __builtin_astype((pf_k - pf_half + 127) << 23, float);
}

/* Likewise, with Taylor's polynomial: its next term is below 2^-57.  NaN takes the
 * lower limit, as no integer stands for it. */
PF_ONE double pf_exp(double pf_x)
{
    double pf_c = pf_x < 710.0 ? pf_x : 710.0;
    pf_c = pf_x > -746.0 ? pf_c : -746.0;
    double pf_n = __builtin_rint(pf_c * 1.44269504088896340736);
    double pf_r = PF_STEP(pf_n, -6.93147180369123816490e-1, pf_c);
    pf_r = PF_STEP(pf_n, -1.90821492927058770002e-10, pf_r);
    double pf_p = PF_STEP(1.6059043836821615e-10, pf_r, 2.0876756987868099e-9);
    pf_p = PF_STEP(pf_p, pf_r, 2.5052108385441719e-8);
    pf_p = PF_STEP(pf_p, pf_r, 2.7557319223985891e-7);
    pf_p = PF_STEP(pf_p, pf_r, 2.7557319223985891e-6);
    pf_p = PF_STEP(pf_p, pf_r, 2.4801587301587302e-5);
    pf_p = PF_STEP(pf_p, pf_r, 1.9841269841269841e-4);
    pf_p = PF_STEP(pf_p, pf_r, 1.3888888888888889e-3);
    pf_p = PF_STEP(pf_p, pf_r, 8.3333333333333333e-3);
    pf_p = PF_STEP(pf_p, pf_r, 4.1666666666666667e-2);
    pf_p = PF_STEP(pf_p, pf_r, 1.6666666666666667e-1);
    pf_p = PF_STEP(pf_p, pf_r, 0.5);
    double pf_y = PF_STEP(pf_p, pf_r * pf_r, pf_r) + 1.0;
    pf_y = pf_c <= -746.0 ? 0 : pf_y;
    int pf_k = (int)pf_n, pf_half = pf_k >> 1;
    pf_y *= __builtin_astype((long)(pf_half + 1023) << 52, double);
    pf_y *= __builtin_astype((long)(pf_k - pf_half + 1023) << 52, double);
    return pf_x == pf_x ? pf_y : pf_x;
}

/* x = 2^e m with m in [sqrt(1/2), sqrt(2)), and a polynomial
 * for log(1 + (m - 1)), with Moshier's coefficients (Cephes).  Below 1 unit in
 * the last place. */
PF_ONE float pf_logf(float pf_x)
{
    bool pf_tiny = pf_x < 0x1p-126f;
    int pf_i = __builtin_astype(pf_tiny ? pf_x * 0x1p23f : pf_x, int);
    int pf_e = (pf_i - 0x3f3504f3) >> 23;
    float pf_m = __builtin_astype(pf_i - (int)((uint)pf_e << 23), float) - 1.0f;
    float pf_f = (float)(pf_e - (pf_tiny ? 23 : 0));
    float pf_z = pf_m * pf_m;
    float pf_p = PF_STEP(-1.1514610310e-1f, pf_m, 1.1676998740e-1f);
    float pf_q = PF_STEP(-1.2420140846e-1f, pf_m, 1.4249322787e-1f);
    pf_p = PF_STEP(7.0376836292e-2f, pf_z, pf_p);
    pf_p = PF_STEP(pf_p, pf_z, pf_q);
    pf_q = PF_STEP(-1.6668057665e-1f, pf_m, 2.0000714765e-1f);
    float pf_s = PF_STEP(-2.4999993993e-1f, pf_m, 3.3333331174e-1f);
    pf_q = PF_STEP(pf_q, pf_z, pf_s);
    pf_p = PF_STEP(pf_p, pf_z * pf_z, pf_q);
    float pf_y = PF_STEP(pf_f, -2.12194440e-4f, pf_p * (pf_m * pf_z));
    pf_y = pf_m + PF_STEP(-0.5f, pf_z, pf_y);
    pf_y = PF_STEP(pf_f, 0.693359375f, pf_y);
    pf_y = pf_x == __builtin_inff() ? pf_x : pf_y;
    pf_y = pf_x == 0 ? -__builtin_inff() : pf_y;
    return pf_x >= 0 ? pf_y : __builtin_nanf("");
}

#undef PF_STEP
#pragma OPENCL FP_CONTRACT OFF
