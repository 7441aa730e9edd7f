/* SPDX-License-Identifier: Apache-2.0 */
/* quiet.h: did anything else want the processors? */
#ifndef QUIET_H
#define QUIET_H

/* Seconds that the threads of this process have spent ready to run without a
 * processor, so far; 0 where the kernel does not say. */
double quiet_waited(void);

#endif
