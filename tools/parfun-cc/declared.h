/* SPDX-License-Identifier: Apache-2.0 */
/* declared.h: which words a text declares itself: macros, types, functions, variables. */
#ifndef CC_DECLARED_H
#define CC_DECLARED_H

#include "text.h"

/* Adds them to *words, as they stand in the text, whatever its conditions. */
void cc_declared_find(const struct cc_text *text, struct cc_list *words);

#endif
