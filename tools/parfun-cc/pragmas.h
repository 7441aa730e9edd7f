/* SPDX-License-Identifier: Apache-2.0 */
/* pragmas.h: pragmas of a text that are parfun's, or were meant to be. */
#ifndef CC_PRAGMAS_H
#define CC_PRAGMAS_H

#include "message.h"
#include "text.h"

/* Warns of pragmas whose first word is nearly `parfun`; `language`: clang's options. */
enum cc_exit cc_pragmas_check(const char *file, const struct cc_text *text,
        const struct cc_list *language);

/* Puts blanks in place of parfun's own, which clang does not know. */
void cc_pragmas_blank(struct cc_text *text);

#endif
