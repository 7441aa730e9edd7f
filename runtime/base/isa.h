/* SPDX-License-Identifier: Apache-2.0 */
/* isa.h: the instruction sets that native code comes in, as parfun-cc names them. */
#ifndef PF_BASE_ISA_H
#define PF_BASE_ISA_H

#include <stdbool.h>

/* Whether this processor runs code for "x86-64-v3" and the like; "generic" always. */
bool pf_isa_runs(const char *isa);

/* The most demanding one that it runs.  Static. */
const char *pf_isa_best(void);

#endif
