/* SPDX-License-Identifier: Apache-2.0 */
/* book.h: a made-up book of options on the two markets. */
#ifndef BOOK_H
#define BOOK_H

#include "market.h"

/* As in kernels/blackscholes.cl. */
struct position {
    uint32_t market;
    float strike, volatility, time;
    float calls, puts;
};

#define BOOK_RATE 0.02f     /* a year */
#define BOOK_MULTIPLIER 100 /* dollars per point and option, as usual for indices */

/* `count` positions, by turns in calls and puts and in the two markets: strikes
 * within 30 % of the last level, one month to two years to go, volatility that of the
 * history with a smile, up to 20 options bought or 25 sold.  Always the same. */
void book_make(const struct history *history, size_t count, struct position *book);

#endif
