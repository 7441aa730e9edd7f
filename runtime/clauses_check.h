/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clauses_check.h: the state while clauses are checked against their kernel.
 * Between the clauses*.c files only.
 *
 * clauses_apply.c takes the clauses one by one (clauses_arrays.c: those about
 * arrays) and refuses what is wrong by itself; clauses_check.c then looks at each
 * parameter, and at the whole.
 */
#ifndef PF_CLAUSES_CHECK_H
#define PF_CLAUSES_CHECK_H

#include "runtime/clauses.h"
#include "runtime/clauses_parse.h"

/* More are refused: their indices are kept in bytes. */
enum { PF_CLAUSES_PARAMETERS = 255 };

/* Where each parameter was named, for messages; no text: it was not. */
struct pf_clause_use {
    struct pf_clause_word split, combine, fill;
    bool split_plain, combine_plain; /* without rows, columns, group or scatter */
    /* As it says itself; split and combine of one parameter are joined later. */
    struct pf_extent split_extent, combine_extent;
    struct pf_extent split_rows, combine_rows; /* R of columns(S, R) */
};

struct pf_clause_check {
    const struct pf_clause_source *source;
    struct pf_clauses *clauses;
    struct pf_clause_use *uses;                         /* one per parameter */
    struct pf_clause_word range, workgroup, ids, build; /* where they stand */
    struct pf_clause_word grouped; /* the first word that makes items groups */
    size_t workgroup_dimensions;
    const struct pf_clause *rest; /* split(*) */
};

/* Every clause for itself. */
enum parfun_status pf_clauses_apply(
        struct pf_clause_check *check, const struct pf_clause_list *list);

/* Its parts for split() and combine().  The last, after all clauses: split(*) splits
 * the inputs in global memory that no other clause names. */
enum parfun_status pf_clauses_split(
        struct pf_clause_check *check, const struct pf_clause *clause);
enum parfun_status pf_clauses_combine(
        struct pf_clause_check *check, const struct pf_clause *clause);
enum parfun_status pf_clauses_split_rest(struct pf_clause_check *check);

/* Then all of them together.  Fills the caller's values, too. */
enum parfun_status pf_clauses_check(struct pf_clause_check *check);

/* The extent that an argument is. */
enum parfun_status pf_clauses_extent(const struct pf_clause_check *check,
        const struct pf_clause_argument *argument, struct pf_extent *extent);

/* The parameter that an argument names. */
enum parfun_status pf_clauses_parameter(const struct pf_clause_check *check,
        const struct pf_clause_argument *argument, unsigned *index);

/* Items are groups from this word on. */
void pf_clauses_group(struct pf_clause_check *check, struct pf_clause_word word);

/* An array that clauses may split; one that the kernel may write. */
bool pf_clauses_is_array(const struct parfun_parameter *parameter);
bool pf_clauses_is_output(const struct parfun_parameter *parameter);

#endif
