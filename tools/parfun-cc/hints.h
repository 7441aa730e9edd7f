/* SPDX-License-Identifier: Apache-2.0 */
/* hints.h: what clang's errors leave unsaid to who writes C. */
#ifndef CC_HINTS_H
#define CC_HINTS_H

#include "runtime/scan.h"
#include "text.h"

/* For a text that clang has refused: notes on words of C that OpenCL C has not, each at
 * its first place; not on those that the text, with what it includes, declares. */
void cc_hints_give(const char *file, const struct cc_text *text,
        const struct cc_text *expanded, const struct pf_scan *scan);

#endif
