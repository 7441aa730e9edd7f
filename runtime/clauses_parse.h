/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clauses_parse.h: the text of clauses as a tree, before anything is known about
 * what its names mean; and sentences that say where in the text a mistake is.
 * Between the clauses*.c files only.
 */
#ifndef PF_CLAUSES_PARSE_H
#define PF_CLAUSES_PARSE_H

#include <parfun/kernel.h>

/* What is read, and what messages say about it.  Borrowed. */
struct pf_clause_source {
    const struct parfun_kernel *kernel;
    const char *file;
    const struct parfun_pragma *pragmas;
    size_t pragma_count;
};

/* A part of a pragma's text: also the place of a mistake.  text NULL: none. */
struct pf_clause_word {
    const char *text;
    size_t length;
    size_t pragma; /* index */
};

struct pf_clause_factor {
    struct pf_clause_word word;
    bool is_number;
    size_t number;
};

/* A product of factors; one without any is `*`. */
struct pf_clause_argument {
    struct pf_clause_word word;
    const struct pf_clause_factor *factors;
    size_t factor_count;
};

struct pf_clause_modifier {
    struct pf_clause_word name; /* in local(N: p) what stands for N */
    const struct pf_clause_argument *arguments;
    size_t argument_count;
};

struct pf_clause {
    struct pf_clause_word name;
    const struct pf_clause_modifier *modifiers;
    size_t modifier_count;
    const struct pf_clause_argument *arguments;
    size_t argument_count;
    struct pf_clause_word raw; /* build(): all between its parentheses */
};

/* All clauses of all pragmas, in order; they point into the source's texts. */
struct pf_clause_list {
    struct pf_clause *clauses;
    size_t count;
    struct pf_clause_modifier *modifiers; /* room for those of all clauses */
    struct pf_clause_argument *arguments;
    struct pf_clause_factor *factors;
};

/* Into *list, which pf_clauses_parse_finish() empties, also after a failure. */
enum parfun_status pf_clauses_parse(
        const struct pf_clause_source *source, struct pf_clause_list *list);
void pf_clauses_parse_finish(struct pf_clause_list *list);

/* PARFUN_INVALID, "file:line:column: error: sentence", about a word. */
__attribute__((format(printf, 3, 4))) enum parfun_status pf_clauses_say(
        const struct pf_clause_source *source, struct pf_clause_word word,
        const char *format, ...);

/* A word for a sentence, shortened if it is long: printf("%.*s", PF_WORD(word)). */
#define PF_WORD(word) (int)((word).length < 60 ? (word).length : 60), (word).text

bool pf_clauses_word_is(struct pf_clause_word word, const char *text);

/* The one of `count` names that the word was probably meant to be, or NULL. */
const char *pf_clauses_nearest(
        struct pf_clause_word word, const char *const *names, size_t count);

#endif
