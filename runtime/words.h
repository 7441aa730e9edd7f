/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words.h: words of a text that stand for others: macros and typedefs, as far
 * as that is plain.
 */
#ifndef PF_WORDS_H
#define PF_WORDS_H

#include "runtime/base/text.h"

#include <parfun.h>

struct pf_word {
    char *name;
    char *meaning; /* tokens; of a macro with parameters its whole rest */
    bool plain;    /* can be put in its place */
    bool visited;  /* for who walks through a text */
};

struct pf_words {
    struct pf_word *items;
    size_t count, room;
    size_t *slots; /* 2 * room, by a hash of the name: a number from 1; 0: empty */
};

/* Collects them.  Words that are defined twice are not plain.  Finish it also after a
 * failure, which can only be PARFUN_NO_MEMORY. */
enum parfun_status pf_words_collect(const char *text, struct pf_words *words);
void pf_words_finish(struct pf_words *words);

/* NULL if the word stands for itself. */
struct pf_word *pf_words_find(
        const struct pf_words *words, const char *name, size_t length);

/* Adds the tokens of text[begin, end), plain words replaced, each followed by a
 * blank. */
void pf_words_expand(const struct pf_words *words, const char *text, size_t begin,
        size_t end, struct pf_text *expanded);

#endif
