/* SPDX-License-Identifier: Apache-2.0 */
/* arrays_inside.h: what arrays.c and arrays_move.c share; nobody else's. */
#ifndef PF_ARRAYS_INSIDE_H
#define PF_ARRAYS_INSIDE_H

#include "runtime/arrays.h"
#include "runtime/spares.h"

/* How an argument reaches the device. */
enum pf_way {
    PF_WAY_VALUE, /* by value, or local memory */
    PF_WAY_WHOLE, /* one memory for the call; filled once, or shared */
    PF_WAY_SHARED, /* one memory in the host's own; outputs are handed back by parts */
    PF_WAY_STAGED /* a memory per lane for one partition's part */
};

struct pf_staged {
    struct pf_memory *memory;
    size_t bytes;
    char *bounce; /* host memory of the library's, or NULL */
    size_t bounce_bytes;
    char *gathered; /* items that lie here and there, or NULL */
    size_t gathered_bytes;

    /* Of reductions; see arrays_reduce.c. */
    struct pf_code *reducer; /* NULL: the host reduces */
    struct pf_memory *blocks;
    char *blocks_bounce;
    size_t blocks_bytes, blocks_room; /* on the device; of the host */
    size_t head, block_count, tail; /* of this partition: values, blocks, values */
};

struct pf_lane {
    struct pf_part part;
    size_t first; /* of the first generator's cut, or the part's */
    uint64_t items_value, first_value;
    struct pf_launch_argument *arguments;
    struct pf_staged *staged;
};

struct pf_arrays {
    const struct pf_call *call;
    struct pf_driver *driver;
    struct pf_device *device; /* the driver's */
    struct pf_code *code;
    bool spread; /* staged memory has room for all items, because absolute indices
                    meet offsets that can not be negative */
    enum pf_way *way;
    struct pf_memory **memory; /* whole and shared */
    void **accumulated;        /* this device's copies */
    uint64_t bytes_in, bytes_out;
    bool in_place; /* the device works in the host's memory */
    bool deferred; /* results are fetched apart from the launch */
    unsigned lanes;
    struct pf_lane lane[];
};

/* The caller's array, or the library's flags. */
bool pf_arrays_is_array(const struct pf_call_argument *argument);

bool pf_arrays_is_combined(
        const struct pf_call_argument *argument, enum pf_combine combine);

/* The kernel works on a copy of the partition's own: accumulated, or each(). */
bool pf_arrays_is_copied(const struct pf_call_argument *argument);

/* The kernel's results need another step before they are the caller's. */
bool pf_arrays_is_indirect(const struct pf_call_argument *argument);

/* An input that every partition sees whole. */
bool pf_arrays_is_whole(const struct pf_call_argument *argument);

/* Bytes of one partition's part on the device: of `count` elements as in
 * pf_call_span(). */
size_t pf_arrays_part_bytes(const struct pf_call_argument *argument, size_t count);

/* After the kernel: reduces and reads what the partition contributes. */
enum parfun_status pf_arrays_reduce_out(
        struct pf_arrays *arrays, unsigned lane, unsigned index);
void pf_arrays_reduce_collect(const struct pf_arrays *arrays, unsigned lane,
        unsigned index, struct pf_reduce_part *part);

#endif
