/* SPDX-License-Identifier: Apache-2.0 */
/* waking.c: a low quantile of times, from one to the next. */
#include "runtime/waking.h"

#include "runtime/base/number.h"

#include <math.h>

/* As on virtual machines. */
const struct pf_waking pf_waking_unknown = { 30e-6, 4e-6 };

/* Down by a quarter of the way, up by a sixteenth, and then never to more than this
 * part above: the estimate settles among the quick ones. */
static const double FALL = 1.0 / 4, RISE = 1.0 / 16;

/* Half is forgotten in 44 calls. */
static const double FADE = 1.0 / 64;

void pf_waking_learn(double *typical_s, double measured_s)
{
    const double error = measured_s - *typical_s;

    if (error < 0)
        *typical_s += FALL * error;
    else if (error > 0)
        *typical_s += RISE * pf_number_min(error, *typical_s);
}

void pf_waking_fade(struct pf_waking *waking)
{
    waking->first_s += FADE * (pf_waking_unknown.first_s - waking->first_s);
    waking->next_s += FADE * (pf_waking_unknown.next_s - waking->next_s);
}
