/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call.h: one call as checked: every argument with its memory, its size per item
 * and what the kernel does with it.  After pf_call_check() nothing is validated
 * any more.  Nothing here runs anything.
 */
#ifndef PF_CALL_H
#define PF_CALL_H

#include "runtime/clauses.h"
#include "runtime/cuts.h"
#include "runtime/groups.h"
#include "runtime/reduce.h"

enum { PF_CALL_ITEMS_MAX = 1 << 30 /* of one partition: ids stay below 2^31 */ };

struct pf_call_argument {
    const struct pf_argument *plan;
    const struct parfun_parameter *parameter;
    void *given; /* the caller's value or array */
    char *host;  /* the same, or an aligned copy of the array */
    size_t element_bytes;
    size_t item_bytes;    /* from one item to the next: rows, and columns (one
                             element); 0 for whole, shared and accumulated arrays */
    size_t halo_bytes;    /* on either side of a partition */
    size_t rows, pitch;   /* columns: how many rows, bytes from row to row; others
                             1 and 0 */
    size_t bytes;         /* of the whole array, from `host` on, halo included; 0
                             for shared arrays, whose end is not known */
    size_t count;         /* elements: accumulated, local; items else unused */
    bool reads, writes;   /* by the kernel, in the caller's memory */
    bool copied;          /* host is a copy that is the call's own */
    bool stays;           /* in kept memory: the copy of the call's only worker, a
                             device, is enough; the host needs none of it */
    bool scattered;       /* in kept memory: partitions are no pieces of it */
    struct pf_kept *kept; /* the kept range that it lies in, or NULL */
    size_t kept_offset;   /* there */
    bool by_row;    /* one element per row of the groups: item_bytes is from row
                             to row */
    char *in_table; /* regroup.c: `host` and `bytes` of the table's order, while */
    size_t table_bytes;            /* they are those of the groups' */
    char *regrouped;               /* and memory for that; NULL: none is needed */
    struct pf_reduction reduction; /* of reduce and accumulate */
};

/* Where a partition's items are among the call's: from `first` on, or at `indices`. */
struct pf_cut {
    size_t first;
    const size_t *indices; /* NULL, or one per item */
};

/* The items of one partition.  With cuts NULL they are those from `first` on; else
 * there is one cut for each generator of the clauses, and `first` is how many items
 * stand before them in the order of the partitions. */
struct pf_part {
    size_t first, count;
    const struct pf_cut *cuts;
};

struct pf_call {
    const struct parfun_kernel *kernel;
    const struct pf_clauses *clauses;
    size_t items;
    const struct parfun_groups *groups; /* items are groups; NULL: they are not */
    struct pf_cuts
            cuts;    /* of groups: their rows, which sizes of partitions count */
    size_t rows;     /* of all groups; items without groups */
    size_t multiple; /* partitions are multiples of it; items is, too */
    unsigned dimensions;
    size_t inner[2];    /* sizes of the dimensions before the last; 1 if none */
    size_t inner_items; /* their product */
    struct pf_call_argument *arguments; /* one per parameter of the kernel */
    size_t *pack_count[PF_PACKS_MAX];   /* where the counts go */
    bool ordered;                       /* something is combined in item order */
    double bytes_in, bytes_out;         /* per item, that a device moves */
};

/*
 * Check the values against the clauses: number, sizes, NULL, counts, extents,
 * overflow, overlap, multiples of the work-group.  `arguments` of the call is room
 * for the kernel's parameters.  Misaligned arrays are copied.  On failure
 * PARFUN_INVALID naming the argument (or PARFUN_NO_MEMORY) and nothing is held.
 */
enum parfun_status pf_call_check(struct pf_call *call,
        const struct parfun_kernel *kernel, const struct pf_clauses *clauses,
        size_t items, const struct parfun_value *values, size_t value_count);

/* The same with groups for the items. */
enum parfun_status pf_call_check_groups(struct pf_call *call,
        const struct parfun_kernel *kernel, const struct pf_clauses *clauses,
        const struct parfun_groups *groups, const struct parfun_value *values,
        size_t value_count);

/* Gives up what check() made.  `done`: copies of outputs go back to the caller. */
void pf_call_finish(struct pf_call *call, bool done);

/* Where an argument's items of a partition are. */
struct pf_cut pf_call_cut(
        const struct pf_part *part, const struct pf_call_argument *argument);

/* Elements `first` to `first` + `count` - 1 of an array, each item_bytes wide: those of
 * a partition's items.  (With indices `first` means nothing.) */
struct pf_span {
    size_t first, count;
};
struct pf_span pf_call_span(const struct pf_call *call, const struct pf_part *part,
        const struct pf_call_argument *argument);

/* How many rows a partition's items have; without groups how many they are. */
static inline size_t pf_call_rows(
        const struct pf_call *call, size_t first, size_t count)
{
    return call->cuts.at ? call->cuts.at[first + count] - call->cuts.at[first]
                         : count;
}

/* Where the groups of a partition begin, and the last one ends, counted from its first
 * row, as elements of an offsets() parameter. */
void pf_call_offsets(const struct pf_call *call, const struct pf_part *part,
        const struct pf_call_argument *argument, void *offsets);

/* The value of an extent with this call's scalars; PARFUN_INVALID if negative or
 * too large, naming the parameter. */
enum parfun_status pf_call_extent(
        const struct pf_call *call, const struct pf_extent *extent, size_t *value);

#endif
