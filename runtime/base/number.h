/* SPDX-License-Identifier: Apache-2.0 */
/* number.h: the larger and the smaller of two numbers, without a call: libm's fmax() is
 * one, unless the compiler may ignore NaN, and made up a third of a decision.  Pure. */
#ifndef PF_NUMBER_H
#define PF_NUMBER_H

/* `other` if `value` is NaN. */
static inline double pf_number_max(double value, double other)
{
    return value > other ? value : other;
}

static inline double pf_number_min(double value, double other)
{
    return value < other ? value : other;
}

#endif
