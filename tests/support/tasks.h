/* SPDX-License-Identifier: Apache-2.0 */
/* tasks.h: the threads of this process as the system sees them. */
#ifndef PF_TESTS_TASKS_H
#define PF_TESTS_TASKS_H

/* How many threads of the library's own there are. */
unsigned tasks_of_library(void);

/* How many of them do not sleep: they run, or wait for a processor. */
unsigned tasks_awake(void);

/* How often they have been put to sleep and woken since they began, all together:
 * a thread that is blocked adds nothing. */
unsigned long tasks_switches(void);

#endif
