/* SPDX-License-Identifier: Apache-2.0 */
/* arrays_inside.h: what arrays.c and arrays_move.c share; nobody else's. */
#ifndef PF_ARRAYS_INSIDE_H
#define PF_ARRAYS_INSIDE_H

#include "runtime/arrays.h"
#include "runtime/keep.h"
#include "runtime/spares.h"

/* How an argument reaches the device. */
enum pf_way {
    PF_WAY_VALUE, /* by value, or local memory */
    PF_WAY_WHOLE, /* one memory for the call; filled once, or shared */
    PF_WAY_SHARED, /* one memory in the host's own; outputs are handed back by parts */
    PF_WAY_KEPT,  /* the device's copy of a kept range, which outlives the call */
    PF_WAY_MOVED, /* staged, to and from that copy: the kernel takes no offsets */
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
    bool reached; /* results go straight to the caller's memory */
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
    struct pf_memory **memory; /* whole, shared and kept */
    void **accumulated;        /* this device's copies */
    uint64_t bytes_in, bytes_out;
    char **sent; /* what was sent whole, in the library's memory; or NULL */
    size_t *sent_bytes;
    const struct pf_limits *limits;
    bool apart;    /* nothing moves between the device and the caller's memory */
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

/* A memory of the device; copies of kept ranges that no call uses make room for it.
 * In `lane` is nothing that another waits for. */
enum parfun_status pf_arrays_new_memory(struct pf_arrays *arrays, unsigned lane,
        size_t bytes, void *host, unsigned access, struct pf_memory **memory,
        bool *zero_copy);

/* Lets the device work in the caller's array itself, if it can and the array is only
 * read or only written. */
enum parfun_status pf_arrays_share(
        struct pf_arrays *arrays, unsigned index, bool *shared);

/* Room in the lane for the argument's part of a partition: on the device, and in host
 * memory of the library's. */
enum parfun_status pf_arrays_reserve(struct pf_arrays *arrays, unsigned lane,
        struct pf_staged *staged, size_t bytes);
enum parfun_status pf_arrays_reserve_bounce(
        const struct pf_arrays *arrays, struct pf_staged *staged, size_t bytes);

/* What is to be sent once for the whole call: from the caller's array, or apart from a
 * copy of it. */
enum parfun_status pf_arrays_sender(
        struct pf_arrays *arrays, unsigned index, size_t bytes, char **sender);

/* After a partition something of the argument goes to the host. */
bool pf_arrays_comes_back(const struct pf_arrays *arrays, unsigned index);

/* ---- arrays_keep.c: arguments in kept memory ---- */

/* They are in the device's copy. */
bool pf_arrays_is_in_copy(const struct pf_arrays *arrays, unsigned index);

/* Places it; if it can be neither shared nor kept, the host has the newest, and it is
 * the caller's to place. */
enum parfun_status pf_arrays_keep_place(
        struct pf_arrays *arrays, unsigned index, bool *placed);
/* What was queued meanwhile is there. */
enum parfun_status pf_arrays_keep_sent(struct pf_arrays *arrays);
/* The lane's partition is about to be launched, whatever way the argument goes. */
enum parfun_status pf_arrays_keep_in(
        struct pf_arrays *arrays, unsigned lane, unsigned index);
/* It was launched: what it wrote goes to the copy. */
enum parfun_status pf_arrays_keep_out(
        struct pf_arrays *arrays, unsigned lane, unsigned index);
/* It has succeeded. */
void pf_arrays_keep_done(
        const struct pf_arrays *arrays, unsigned lane, unsigned index);
/* The copies are not used by this call any more. */
void pf_arrays_keep_leave(struct pf_arrays *arrays);

/* After the kernel: reduces and reads what the partition contributes. */
enum parfun_status pf_arrays_reduce_out(
        struct pf_arrays *arrays, unsigned lane, unsigned index);
void pf_arrays_reduce_collect(const struct pf_arrays *arrays, unsigned lane,
        unsigned index, struct pf_reduce_part *part);

#endif
