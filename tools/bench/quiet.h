/* SPDX-License-Identifier: Apache-2.0 */
/* quiet.h: did anything else want the processors? */
#ifndef QUIET_H
#define QUIET_H

#include <sys/types.h>

/* Counts the threads of another process, too, from now on. */
void quiet_watch(pid_t process);

/* Seconds that the threads of this process, and of those watched, have spent ready to
 * run without a processor, so far; 0 where the kernel does not say. */
double quiet_waited(void);

#endif
