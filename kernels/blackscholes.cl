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

/* Some options on one of two markets: fewer than none if they were sold. */
struct position {
    uint market;
    float strike, volatility, time;
    float calls, puts; /* how many */
};

/* One item is one scenario: what the markets do until then, as a factor, and what
 * the whole book is worth after it.  `level` is where the markets stand today. */
#pragma parfun split(change) combine(value)
kernel void value_book(uint positions, float rate, float2 level,
        global const struct position *book, global const float2 *change,
        global float *value)
{
    size_t i = get_global_id(0);
    float2 spot = level * change[i];
    float total = 0;

    for (uint j = 0; j < positions; j++) {
        struct position p = book[j];
        float forward;
        float price = call_price(p.market ? spot.y : spot.x, p.strike, rate, 0,
                p.volatility, p.time, &forward);

        total += (p.calls + p.puts) * price - p.puts * forward;
    }
    value[i] = total;
}
