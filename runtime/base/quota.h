/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quota.h: how much CPU time containers leave to this process: the limits of
 * Linux control groups, versions 1 and 2.
 */
#ifndef PF_BASE_QUOTA_H
#define PF_BASE_QUOTA_H

/*
 * The smallest quota among the process's group and all groups above it that can
 * be seen, in processors, rounded up: half a processor's time counts as 1.  0 if
 * there is none.  `root` stands before /proc and /sys: "" but in tests.  Files
 * that are missing or make no sense are passed over.
 */
unsigned pf_quota_processors(const char *root);

#endif
