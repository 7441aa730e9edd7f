/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clauses.h: the language of `#pragma parfun` and of parfun_options.clauses.
 * Strings in, a checked plan out: what every parameter of a kernel is for.  Pure:
 * used by the runtime and by the kernel compiler.
 *
 *     clause   := name '(' [modifier (',' modifier)* ':'] argument (',' argument)* ')'
 *     modifier := name ['(' argument (',' argument)* ')']
 *     argument := name | extent | '*'        extent := factor ('*' factor)*
 *     factor   := unsigned number | parameter
 *
 * Clauses are separated by blanks or comments.  local(extent: names) has an extent
 * for a modifier.  build(...) holds anything with balanced parentheses.  Meaning:
 * docs/kernels.md.
 */
#ifndef PF_CLAUSES_H
#define PF_CLAUSES_H

#include "runtime/base/type.h"
#include <parfun/kernel.h>

enum {
    PF_EXTENT_PARAMETERS = 4,
    PF_DIMENSIONS = 3,
    PF_PACKS_MAX = 8,
    PF_GENERATORS_MAX = 4
};

/* A product of a number and of scalar parameters. */
struct pf_extent {
    size_t factor;
    unsigned char count; /* of parameters */
    unsigned char parameter[PF_EXTENT_PARAMETERS];
};

/* What fills a parameter. */
enum pf_role {
    PF_ROLE_VALUE,   /* the caller's scalar or struct */
    PF_ROLE_ITEMS,   /* the partition's number of items */
    PF_ROLE_FIRST,   /* the index of its first */
    PF_ROLE_LOCAL,   /* local memory; `extent` elements per work-group */
    PF_ROLE_FLAG,    /* the flags of a pack clause: memory of the library's */
    PF_ROLE_OFFSETS, /* where the groups of the partition begin, and the last ends */
    PF_ROLE_ARRAY    /* the caller's array, see split and combine */
};

enum pf_split {
    PF_SPLIT_NONE,    /* not read by parts: whole, if it is an input */
    PF_SPLIT_ROWS,    /* `extent` elements per item, `halo` rows on either side */
    PF_SPLIT_COLUMNS, /* item i is i, i + stride, ...: `extent` is the stride */
    PF_SPLIT_GROUP    /* one element per row of the groups, in their order */
};

enum pf_combine {
    PF_COMBINE_NONE,
    PF_COMBINE_ROWS,       /* in place; `extent` elements per item */
    PF_COMBINE_COLUMNS,    /* in place; `extent` is the stride */
    PF_COMBINE_REDUCE,     /* one element per item, reduced to one value */
    PF_COMBINE_ACCUMULATE, /* `extent` elements that begin as the identity */
    PF_COMBINE_PACK,       /* one element per item, kept where the flag is set */
    PF_COMBINE_SHARED,     /* the whole array, written in places of its own */
    PF_COMBINE_EACH,   /* `extent` zeroed elements for a combiner of the user's */
    PF_COMBINE_GROUP,  /* one element per row of the groups, in their order */
    PF_COMBINE_SCATTER /* the same, back where the rows came from */
};

enum pf_operator { PF_SUM, PF_MIN, PF_MAX, PF_PRODUCT, PF_AND, PF_OR, PF_XOR };

struct pf_argument {
    enum pf_role role;
    enum pf_split split;
    enum pf_combine combine;
    enum pf_operator operation; /* of reduce and accumulate */
    enum pf_type type;          /* scalar type of the elements */
    unsigned char width;        /* components of the elements: 1, 2, 3, 4, 8, 16 */
    enum pf_type result_type;   /* of a reduction: `type`, or the wider one */
    unsigned char pack;         /* of pack outputs and flags: which pack clause */
    struct pf_extent extent;    /* rows, stride, or number; split and combine of
                                    one parameter have the same */
    struct pf_extent halo;      /* rows on either side; factor 0: none */
    unsigned char generator;    /* of by(): its number from 1; 0: the call's cuts */
    struct pf_extent column_rows; /* columns(S, R): R; factor 0: the product of
                                    the other dimensions of range() */
};

/* One value that the caller gives, in order. */
struct pf_caller_value {
    enum pf_value_kind {
        PF_GIVE_PARAMETER, /* of `parameter`: a value, or an array */
        PF_GIVE_COUNT /* a size_t that receives the count of pack `parameter` */
    } kind;
    unsigned parameter;
};

struct pf_clauses {
    struct pf_argument *arguments; /* one per parameter of the kernel */
    unsigned argument_count;
    struct pf_caller_value *values;
    unsigned value_count;
    unsigned pack_count;
    unsigned each_count;                 /* outputs that are each() */
    char *generators[PF_GENERATORS_MAX]; /* names in by() */
    unsigned generator_count;
    unsigned dimensions;                   /* 1 to 3 */
    struct pf_extent range[PF_DIMENSIONS]; /* without the last: the items */
    size_t workgroup[PF_DIMENSIONS];       /* 1 in unused ones; all 0: none.  Also
                                               from reqd_work_group_size */
    bool absolute;                         /* ids(absolute) */
    bool grouped;   /* items are groups: something is split or combined by group, or
                     receives their offsets */
    bool host_only; /* combine(shared: ...): CPU workers only */
    bool replaced;  /* by options: native code was compiled for others */
    char *build;    /* options; "" if none */
};

/*
 * Parse and check the clauses of a kernel (of which name, file, parameters, flags
 * and required_group are read).  `pragmas` are in the order of the text; `file`
 * goes before positions in messages (NULL: "clauses").  On failure PARFUN_INVALID,
 * with "file:line:column: error: sentence", or PARFUN_NO_MEMORY.  Free with
 * pf_clauses_destroy().
 */
enum parfun_status pf_clauses_create(const struct parfun_kernel *kernel,
        const char *file, const struct parfun_pragma *pragmas, size_t pragma_count,
        struct pf_clauses **clauses);

void pf_clauses_destroy(struct pf_clauses *clauses);

/* The words of the language, for messages and documents. */
const char *pf_operator_name(enum pf_operator operation);

#endif
