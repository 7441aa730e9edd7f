/* SPDX-License-Identifier: Apache-2.0 */
/* book.c: the positions. */
#include "book.h"

#include <math.h>

/* Far from what the scenarios draw. */
#define COUNTER ((uint64_t)1 << 62)

void book_make(const struct history *history, size_t count, struct position *book)
{
    const double volatility[2] = { history_volatility(history, 0),
        history_volatility(history, 1) };

    for (size_t j = 0; j < count; j++) {
        const uint32_t market = (uint32_t)(j / 2 % 2);
        const uint64_t counter = COUNTER + 3 * j;
        const double moneyness = 0.7 + 0.6 * random_number(counter);
        const double years = 1.0 / 12 + 23.0 / 12 * random_number(counter + 1);
        const double skew = log(moneyness);
        const float options = (float)floor(46 * random_number(counter + 2)) - 25;

        book[j] = (struct position){
            .market = market,
            .strike =
                    (float)(history->level[history->days - 1][market] * moneyness),
            .volatility = (float)(volatility[market]
                    * (1 - 0.4 * skew + 0.8 * skew * skew)),
            .time = (float)years,
            .calls = j % 2 == 0 ? options : 0,
            .puts = j % 2 == 1 ? options : 0,
        };
    }
}
