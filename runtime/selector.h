/* SPDX-License-Identifier: Apache-2.0 */
/*
 * selector.h: reads the terms of selectors.  The grammar is that of selection.h.
 */
#ifndef PF_SELECTOR_H
#define PF_SELECTOR_H

#include <parfun.h>

enum { PF_SELECTOR_WHICH_MAX = 8 };

struct pf_selector_term {
    char *backend; /* not empty; a name of the Python library's is ours already */
    char *which[PF_SELECTOR_WHICH_MAX]; /* may be empty */
    unsigned which_count;
};

/* Reads the term at *rest, which is a copy of `selector` at first, and cuts it off; NULL
 * is behind the last one.  PARFUN_INVALID, with `selector` in the sentence. */
enum parfun_status pf_selector_next(
        const char *selector, char **rest, struct pf_selector_term *term);

/* PARFUN_NO_BACKEND for a name that is no backend's, with what it may have meant; or
 * PARFUN_INVALID where a colon is missing. */
enum parfun_status pf_selector_unknown(const char *selector, const char *name);

/* No condition is empty: for devices. */
enum parfun_status pf_selector_check(
        const char *selector, const struct pf_selector_term *term);

#endif
