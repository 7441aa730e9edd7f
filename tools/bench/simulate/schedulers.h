/* SPDX-License-Identifier: Apache-2.0 */
/* schedulers.h: parfun's own plan, and published schedulers to compare it with. */
#ifndef SIM_SCHEDULERS_H
#define SIM_SCHEDULERS_H

#include "tools/bench/simulate/call.h"

/* runtime/plan.h and runtime/model.h, as calls use them. */
extern const struct sim_scheduler sim_parfun;

/* Those marked "oracle" are given the true speeds. */
enum { SIM_RIVALS = 7 };
extern const struct sim_scheduler *const sim_rival[SIM_RIVALS];

#endif
