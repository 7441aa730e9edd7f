/* SPDX-License-Identifier: Apache-2.0 */
/* stand_in.h: an OpenCL device of the CPU's, for functions without native code. */
#ifndef PF_STAND_IN_H
#define PF_STAND_IN_H

#include "runtime/process.h"

/* In a call that has begun: if only the CPU is chosen, and `missing` says why there is
 * no native code for it (NULL: there is), the call uses such a device instead.
 * PARFUN_UNSUPPORTED, and what to install, if there is none. */
enum parfun_status pf_stand_in(struct pf_entry *entry, const char *missing);

#endif
