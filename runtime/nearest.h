/* SPDX-License-Identifier: Apache-2.0 */
/* nearest.h: what a misspelt word was meant to be.  Pure: used by the runtime and by
 * the kernel compiler. */
#ifndef PF_NEAREST_H
#define PF_NEAREST_H

#include <stddef.h>

/* The one of `count` names that the word was probably meant to be, or NULL.  Small and
 * capital letters are alike. */
const char *pf_nearest_find(
        const char *word, size_t length, const char *const *names, size_t count);

#endif
