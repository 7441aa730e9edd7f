/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c: time, without a system call where the kernel offers that. */
#include "runtime/base/clock.h"

#include <time.h>

uint64_t pf_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
