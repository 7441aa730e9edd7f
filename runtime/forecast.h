/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forecast.h: how much work is where, how fast everybody is in this call, and when
 * all who take part will have finished together.
 *
 * Units: seconds since the call began, items, work (items weighted by the density).
 */
#ifndef PF_FORECAST_H
#define PF_FORECAST_H

#include "runtime/plan_state.h"

/* Work of a range of items, as far as decisions trust the density, and with the
 * learned density in any case. */
double pf_forecast_work(const struct pf_plan *plan, size_t first, size_t items);
double pf_forecast_learned_work(
        const struct pf_plan *plan, size_t first, size_t items);

/* Items from there on that hold this much work; may be more than there are. */
double pf_forecast_items(
        const struct pf_plan *plan, struct pf_plan_place place, double work);

/* Mean items per unit of work that is left. */
double pf_forecast_items_per_work(const struct pf_plan *plan);

/* Refreshes plan->speed; before each decision. */
void pf_forecast_speeds(struct pf_plan *plan);

/* Seconds from a decision to the first useful work of a device. */
double pf_forecast_start_cost(const struct pf_device_facts *facts);

/* From when on does this worker turn time into work, if given more now? */
double pf_forecast_available(
        const struct pf_plan *plan, unsigned worker, double now);

/* The time when all active workers together have done what is left.  `without`:
 * not counting this worker (PF_FORECAST_ALL: counting all).  `awake`: counting
 * sleeping CPU workers, too, from when they could be awake. */
#define PF_FORECAST_ALL (~0u)
double pf_forecast_finish(
        struct pf_plan *plan, double now, unsigned without, bool awake);

/* The same if only the CPU workers, or only the devices, worked from now on. */
double pf_forecast_finish_side(
        struct pf_plan *plan, double now, enum pf_plan_side side);

/* A partition of this class took `measured` seconds net of its overhead. */
void pf_forecast_level(
        struct pf_plan *plan, unsigned c, double predicted, double measured);

#endif
