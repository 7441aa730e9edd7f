/* SPDX-License-Identifier: Apache-2.0 */
/*
 * waking.h: what it takes to wake threads, learned from those that were woken.  Pure.
 *
 * Late wakings are held against nobody: on a busy machine threads wait for processors,
 * and calls that are therefore not shared out would never find out that waking has
 * become cheap again.  So what is learned is the time of the quick ones, and it is
 * forgotten where no call confirms it.
 */
#ifndef PF_WAKING_H
#define PF_WAKING_H

struct pf_waking {
    double first_s; /* until the first of them runs */
    double next_s;  /* that each costs who wakes it */
};

/* Before anybody was woken. */
extern const struct pf_waking pf_waking_unknown;

/* One of the two times, measured once. */
void pf_waking_learn(double *typical_s, double measured_s);

/* A call asks for it: what was learned fades, unless it is learned again. */
void pf_waking_fade(struct pf_waking *waking);

#endif
