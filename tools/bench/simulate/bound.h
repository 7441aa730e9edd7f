/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bound.h: what a call takes at least, however it is scheduled.  Knows every speed
 * and every fault, ignores noise and the overhead of partitions.
 */
#ifndef SIM_BOUND_H
#define SIM_BOUND_H

#include "tools/bench/simulate/call.h"

/* Seconds of a mean item: of execution, and of the slowest stage. */
double sim_bound_rate(const struct sim_call *call, unsigned worker);
double sim_bound_stage(const struct sim_call *call, unsigned worker);

/* Seconds from the call's begin to a device's first work. */
double sim_bound_start(const struct sim_call *call, unsigned worker);

/* How long does `seconds` of normal execution take from `start` on? */
double sim_bound_stretch(
        const struct sim_call *call, bool is_cpu, double start, double seconds);

double sim_bound(const struct sim_call *call);

/* The time of the best single worker, without any decision. */
double sim_bound_single(const struct sim_call *call);

#endif
