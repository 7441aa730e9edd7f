/* SPDX-License-Identifier: Apache-2.0 */
/* clock.h: monotonic time. */
#ifndef PF_BASE_CLOCK_H
#define PF_BASE_CLOCK_H

#include <stdint.h>

uint64_t pf_clock_ns(void); /* CLOCK_MONOTONIC */

#endif
