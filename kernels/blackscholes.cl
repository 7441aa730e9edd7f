/* SPDX-License-Identifier: Apache-2.0 */
/* blackscholes.cl: option prices, one by one and as a book under many scenarios. */

/* Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17: within
 * 7.5e-8. */
static float normal(float x)
{
    float k = 1 / (1 + 0.2316419f * fabs(x));
    float tail = 0.3989422804f * exp(-x * x / 2) * k
            * (0.319381530f
                    + k * (-0.356563782f
                            + k * (1.781477937f
                                    + k * (-1.821255978f + k * 1.330274429f))));

    return x < 0 ? tail : 1 - tail;
}

#define REAL float
#include "option_price.h"

#pragma parfun split(spot, strike, rate, dividend, volatility, time)
#pragma parfun combine(call, put)
kernel void black_scholes(global const float *spot, global const float *strike,
        global const float *rate, global const float *dividend,
        global const float *volatility, global const float *time,
        global float *call, global float *put)
{
    size_t i = get_global_id(0);
    float forward;
    float price = call_price(spot[i], strike[i], rate[i], dividend[i],
            volatility[i], time[i], &forward);

    call[i] = price;
    put[i] = price - forward;
}

/* One item is one scenario: the change of four markets, and the value of the whole
 * book after it.  Option j is written on market[j], worth `level` points today;
 * there are calls[j] calls and puts[j] puts of it, fewer than none if sold. */
#pragma parfun split(change) combine(value)
kernel void value_book(uint options, float rate, float4 level,
        global const uint *market, global const float *strike,
        global const float *volatility, global const float *time,
        global const float *calls, global const float *puts,
        global const float4 *change, global float *value)
{
    size_t i = get_global_id(0);
    float4 spot = level * change[i];
    float total = 0;

    for (uint j = 0; j < options; j++) {
        uint m = market[j];
        float s = m == 0 ? spot.x : m == 1 ? spot.y : m == 2 ? spot.z : spot.w;
        float forward;
        float price = call_price(
                s, strike[j], rate, 0, volatility[j], time[j], &forward);

        total += (calls[j] + puts[j]) * price - puts[j] * forward;
    }
    value[i] = total;
}
