/* SPDX-License-Identifier: Apache-2.0 */
/* blackscholes_double.cl: option prices to the last digits. */
static double normal(double x)
{
    return erfc(-x * M_SQRT1_2) / 2;
}

#define REAL double
#include "option_price.h"

#pragma parfun split(spot, strike, rate, dividend, volatility, time)
#pragma parfun combine(call, put)
kernel void black_scholes_double(global const double *spot,
        global const double *strike, global const double *rate,
        global const double *dividend, global const double *volatility,
        global const double *time, global double *call, global double *put)
{
    size_t i = get_global_id(0);
    double forward;
    double price = call_price(spot[i], strike[i], rate[i], dividend[i],
            volatility[i], time[i], &forward);

    call[i] = price;
    put[i] = price - forward;
}
