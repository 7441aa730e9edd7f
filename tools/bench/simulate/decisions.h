/* SPDX-License-Identifier: Apache-2.0 */
/* decisions.h: what a decision costs on this machine, by its clock. */
#ifndef SIM_DECISIONS_H
#define SIM_DECISIONS_H

/* Seconds of one partition's pf_plan_take() and pf_plan_done() with so many CPU
 * workers; the median of several calls. */
double sim_decision_s(unsigned workers);

#endif
