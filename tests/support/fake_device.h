/* SPDX-License-Identifier: Apache-2.0 */
/* fake_device.h: what the files of the fake backend share. */
#ifndef PF_TESTS_FAKE_DEVICE_H
#define PF_TESTS_FAKE_DEVICE_H

#include "support/fake_backend.h"

#include <stdatomic.h>

enum { FAKE_LANES = 8 };

/* Freed when neither the runtime nor an operation holds it. */
struct fake_memory {
    struct device *owner;
    unsigned char *data;
    size_t bytes;
    bool shared;    /* data is the caller's */
    bool destroyed; /* by the runtime */
    unsigned holders;
};

struct fake_code {
    struct device *owner;
    const struct parfun_kernel *kernel;
    const struct parfun_variant *variant;
    unsigned dimensions;
    size_t group[3];
    bool absolute;
};

struct fake_operation {
    enum fake_call call;
    enum parfun_status late; /* fails when it is waited for */
    bool hangs, executed;
    unsigned wakes;            /* hangs until there are more */
    size_t moved;              /* bytes of a copy; 0 with zero copy */
    uint64_t begin_ns, end_ns; /* as scheduled when it was submitted */
    struct pf_copy copy;
    struct pf_move move;
    /* Of a launch: all copied, as the caller's need not last. */
    struct fake_code code;
    struct pf_launch launch;
    struct pf_launch_argument *arguments;
};

struct fake_mark {
    uint64_t number, end_ns;
    size_t operations; /* since the one before */
};

struct fake_lane {
    struct fake_operation *operations;
    size_t operation_count;
    struct fake_mark *marks;
    size_t mark_count;
    size_t unmarked;
    uint64_t newest, free_ns;
};

struct device {
    struct pf_device base;
    struct fake_device like;
    struct fake_lane lanes[FAKE_LANES];
    uint64_t copies_free_ns, kernels_free_ns;
    size_t memory_used;
    bool lost;
    atomic_bool in_use;
    struct device *next_zombie;
};

/* ---- fake_backend.c ---- */

struct device *fake_device_of(struct pf_device *device);
struct fake_memory *fake_memory_of(struct pf_memory *memory);
/* Every call of the interface but destroyers begins and ends with these two. */
enum parfun_status fake_enter(
        struct device *device, enum fake_call call, struct fake_failure *failure);
enum parfun_status fake_leave(struct device *device, enum parfun_status status);
__attribute__((format(printf, 2, 3))) void fake_breach_add(
        const struct device *device, const char *format, ...);
void fake_let_go(struct fake_memory *memory);
bool fake_offsets(const struct pf_code *code);
void fake_count_bytes(enum fake_call call, size_t bytes);
unsigned fake_wakes(void);
/* Until the time comes (false), or there are more wakes than `wakes`. */
bool fake_sleep(uint64_t end_ns, unsigned wakes);

/* ---- fake_lane.c ---- */

enum parfun_status fake_write(
        struct pf_device *device, unsigned lane, const struct pf_copy *copy);
enum parfun_status fake_read(
        struct pf_device *device, unsigned lane, const struct pf_copy *copy);
enum parfun_status fake_move(
        struct pf_device *device, unsigned lane, const struct pf_move *move);
enum parfun_status fake_launch(struct pf_device *device, unsigned lane,
        struct pf_code *code, const struct pf_launch *launch);
bool fake_inputs_taken(struct pf_device *device, unsigned lane);
enum parfun_status fake_mark(
        struct pf_device *device, unsigned lane, uint64_t *mark);
enum parfun_status fake_wait(struct pf_device *device, unsigned lane, uint64_t mark,
        uint64_t end_ns, bool *reached, struct pf_lane_times *times);
bool fake_lanes_hang(const struct device *device);
/* Frees what the lanes hold; before that does it, if `run`. */
void fake_lanes_finish(struct device *device, bool run);

/* fake_run.c: does what an operation says, now. */
enum parfun_status fake_execute(const struct fake_operation *operation);

#endif
