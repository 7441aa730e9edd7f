/* SPDX-License-Identifier: Apache-2.0 */
/*
 * opencl.h: what the files of the OpenCL backend share.
 *
 * A device has one context, made when it is first used, and two or three lanes,
 * each an in-order queue.  A kernel is built once per device and has one kernel
 * object per lane, as clSetKernelArg() keeps state.  Once a device is `lost` no
 * function here calls its driver again: what its driver may still use is leaked.
 */
#ifndef PF_OPENCL_H
#define PF_OPENCL_H

#include "backends/backend.h"
#include "backends/opencl/library.h"
#include "runtime/base/error.h"

enum { PF_OPENCL_LANES = 3 };

struct pf_opencl_lane;

struct pf_opencl_device {
    struct pf_device base;
    struct pf_opencl_library cl;
    cl_platform_id platform;
    cl_device_id id;
    cl_device_id whole; /* the driver's own device: `id`, or what it is part of */
    bool correct_rounding; /* of / and sqrt, if the build option asks for it */
    char *platform_version;
    char *cache_dir; /* NULL: none */
    bool zero_copy, zero_copy_forced;
    bool shapes_apart; /* launches of a kernel in two shapes must not overlap */
    size_t free_group; /* work-items of a work-group that we may choose */

    cl_context context; /* NULL until the device is used */
    struct pf_opencl_lane *lanes[PF_OPENCL_LANES];
    size_t memory_used; /* bytes of all memories, of the budget */
    bool lost;
};

struct pf_opencl_device *pf_opencl_device(struct pf_device *device);

/* ---- discover.c: which devices there are ---- */

enum parfun_status pf_opencl_open(
        const struct pf_backend_options *options, struct pf_device_list *list);

/* ---- devices.c: what one device is ---- */

struct pf_opencl_found {
    const struct pf_opencl_library *cl;
    const struct pf_backend_options *options;
    cl_platform_id platform;
    cl_device_id id;
    unsigned index;
};

/* *device is NULL if it is of no use, and *why (static) says why.  Fails for lack
 * of memory only. */
enum parfun_status pf_opencl_device_create(const struct pf_opencl_found *found,
        struct pf_opencl_device **device, const char **why);
void pf_opencl_close(struct pf_device *device);
enum parfun_status pf_opencl_part(
        struct pf_device *device, unsigned units, struct pf_device **part);

/* A string of a platform or device; the caller frees it.  "" if the driver does
 * not say, NULL for lack of memory. */
char *pf_opencl_platform_text(const struct pf_opencl_library *cl,
        cl_platform_id platform, cl_platform_info info);
char *pf_opencl_device_text(
        const struct pf_opencl_library *cl, cl_device_id id, cl_device_info info);

/* ---- context.c: the device's objects that wait for its first use ---- */

enum parfun_status pf_opencl_context_need(struct pf_opencl_device *device);
void pf_opencl_context_finish(struct pf_opencl_device *device);
void pf_opencl_give_up(struct pf_device *device);

/* ---- status.c ---- */

/* "CL_OUT_OF_RESOURCES"; "unknown OpenCL error" for other numbers. */
const char *pf_opencl_status_name(cl_int code);

/* Both set the sentence "WHAT on DEVICE: CALL: CODE".  `what` is a kernel's name
 * or the like.  _create() is for calls that make objects, where no resources are
 * no memory; _run() is for work: unless it is memory that was lacking, the device
 * is lost from then on. */
enum parfun_status pf_opencl_fail_create(struct pf_opencl_device *device,
        const char *what, const char *call, cl_int code);
enum parfun_status pf_opencl_fail_run(struct pf_opencl_device *device,
        const char *what, const char *call, cl_int code);
/* The same for a launch that was refused.  Where a work-group needs more than the
 * device has, that is the kernel's fault: PARFUN_UNSUPPORTED, and the device lives. */
enum parfun_status pf_opencl_fail_launch(
        struct pf_opencl_device *device, const char *what, cl_int code);

/* PARFUN_DEVICE_FAILED if the device is lost. */
enum parfun_status pf_opencl_check(const struct pf_opencl_device *device);

/* ---- code.c ---- */

struct pf_opencl_code {
    const struct parfun_kernel *kernel;
    struct pf_opencl_device *device;
    cl_program program;
    cl_kernel kernels[PF_OPENCL_LANES];
    unsigned dimensions;
    bool wrapped; /* our kernel calls the user's, with offsets */
    bool guarded; /* and returns outside the range: sizes are padded */
    bool absolute;
    size_t group[3];    /* as asked for; all 0: free */
    size_t free_group;  /* at most device->free_group */
    size_t local_bytes; /* of the kernel's own local variables */
    char *cache_file;   /* where it is to be saved once it has run; or NULL */
    void *cache_key;
    size_t cache_key_bytes;
};

struct pf_opencl_code *pf_opencl_code(struct pf_code *code);

enum parfun_status pf_opencl_code_create(struct pf_device *device,
        const struct pf_code_request *request, struct pf_code **code);
void pf_opencl_code_destroy(struct pf_device *device, struct pf_code *code);
bool pf_opencl_code_offsets(const struct pf_code *code);

/* ---- guard.c ---- */

/* The program's text: the user's, and unless code->wrapped is false our kernel,
 * named pf_guard_NAME, which takes the user's parameters, then a `long` per
 * pointer to global or constant memory (bytes to add to it), and if
 * code->guarded an `ulong` per dimension (where the ids end).  Free it. */
enum parfun_status pf_opencl_guard_text(
        const struct pf_opencl_code *code, char **text);

/* ---- cache.c: built programs on disk ---- */

/* Fills code->cache_file and cache_key.  A cache that does not work is none. */
void pf_opencl_cache_name(
        struct pf_opencl_code *code, const char *text, const char *options);
/* A program that was saved, not yet built; NULL if there is none. */
cl_program pf_opencl_cache_load(struct pf_opencl_code *code);
/* Call it after the first launch that succeeded; later calls do nothing. */
void pf_opencl_cache_save(struct pf_opencl_code *code);
void pf_opencl_cache_finish(struct pf_opencl_code *code);

/* ---- memory.c ---- */

struct pf_opencl_memory {
    cl_mem object;
    size_t bytes, charged;
    unsigned char *host; /* with zero copy; else NULL */
};

struct pf_opencl_memory *pf_opencl_memory(struct pf_memory *memory);

enum parfun_status pf_opencl_memory_create(struct pf_device *device, size_t bytes,
        void *host, unsigned access, struct pf_memory **memory, bool *zero_copy);
void pf_opencl_memory_destroy(struct pf_device *device, struct pf_memory *memory);
enum parfun_status pf_opencl_write(
        struct pf_device *device, unsigned lane, const struct pf_copy *copy);
enum parfun_status pf_opencl_read(
        struct pf_device *device, unsigned lane, const struct pf_copy *copy);
enum parfun_status pf_opencl_move(
        struct pf_device *device, unsigned lane, const struct pf_move *move);

/* ---- launch.c ---- */

enum parfun_status pf_opencl_launch(struct pf_device *device, unsigned lane,
        struct pf_code *code, const struct pf_launch *launch);

/* ---- times.c ---- */

enum pf_opencl_work { PF_OPENCL_COPY_IN, PF_OPENCL_KERNEL, PF_OPENCL_COPY_OUT };

/* What the host knows of a command: the clock around its enqueue, and at the mark. */
struct pf_opencl_span {
    enum pf_opencl_work work;
    uint64_t before_ns, after_ns, done_ns;
};

/* From the device's clock to the host's.  An event's time of queueing lies between
 * two readings of the host's clock; the closest two of a lane's events say by how
 * much the clocks differ, at any time, without a call for it. */
struct pf_opencl_clock {
    uint64_t add_ns;   /* modulo 2^64 */
    uint64_t error_ns; /* UINT64_MAX: unknown */
};
#define PF_OPENCL_CLOCK_UNKNOWN { 0, UINT64_MAX }

/* Adds what one command took. */
void pf_opencl_times_add(struct pf_lane_times *times,
        const struct pf_opencl_library *cl, cl_event event,
        const struct pf_opencl_span *span, struct pf_opencl_clock *clock);

/* ---- lane.c ---- */

enum parfun_status pf_opencl_lane_create(
        struct pf_opencl_device *device, struct pf_opencl_lane **lane);
/* False if the driver may still use the lane's objects: they are leaked, and the
 * lane itself is freed by the last callback. */
bool pf_opencl_lane_destroy(
        struct pf_opencl_device *device, struct pf_opencl_lane *lane);
/* Whether something was enqueued that has not been waited for. */
bool pf_opencl_lane_holds(const struct pf_opencl_lane *lane);
cl_command_queue pf_opencl_lane_queue(const struct pf_opencl_lane *lane);

/* Before an enqueue: where the call shall put its event; there is room for it, so
 * that none is lost.  `what` names it in messages.  NULL without memory. */
cl_event *pf_opencl_lane_reserve(
        struct pf_opencl_lane *lane, enum pf_opencl_work work, const char *what);
/* After an enqueue that succeeded.  Code is saved once it has run. */
void pf_opencl_lane_add(struct pf_opencl_lane *lane);
void pf_opencl_lane_add_launch(
        struct pf_opencl_lane *lane, struct pf_opencl_code *code, unsigned shape);
/* The event of the last launch of this code in another shape; NULL: none. */
cl_event pf_opencl_lane_other_shape(const struct pf_opencl_lane *lane,
        const struct pf_opencl_code *code, unsigned shape);
/* The code goes away: forget it. */
void pf_opencl_lane_forget(
        struct pf_opencl_lane *lane, const struct pf_opencl_code *code);

bool pf_opencl_inputs_taken(struct pf_device *device, unsigned lane);
enum parfun_status pf_opencl_mark(
        struct pf_device *device, unsigned lane, uint64_t *mark);
enum parfun_status pf_opencl_wait(struct pf_device *device, unsigned lane,
        uint64_t mark, uint64_t end_ns, bool *reached, struct pf_lane_times *times);

#endif
