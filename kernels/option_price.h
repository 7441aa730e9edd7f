/* SPDX-License-Identifier: Apache-2.0 */
/*
 * option_price.h: what European options are worth by the formula of Black, Scholes
 * and Merton: rates and dividends compound continuously, times are in years.
 * `REAL` is float or double, and normal(x) the share of a normal distribution
 * below x.
 */

/* A call; *forward is what its holder would get, and pay, for sure: the put is worth
 * call - forward. */
static REAL call_price(REAL spot, REAL strike, REAL rate, REAL dividend,
        REAL volatility, REAL time, REAL *forward)
{
    REAL deviation = volatility * sqrt(time);
    REAL drift = (rate - dividend + volatility * volatility / 2) * time;
    REAL d1 = (log(spot / strike) + drift) / deviation;
    REAL receive = spot * exp(-dividend * time);
    REAL pay = strike * exp(-rate * time);

    *forward = receive - pay;
    return receive * normal(d1) - pay * normal(d1 - deviation);
}
