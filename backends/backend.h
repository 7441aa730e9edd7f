/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backend.h: what a backend gives the runtime.  A backend is a technology that
 * runs partitions: a static const struct pf_backend, listed in table.c.  It
 * includes nothing of the runtime but runtime/base.
 *
 * Promises that keep it small:
 *
 *  - A device is used by one thread at a time (which may change): no locks.
 *    open(), close() and the device's constant fields are the exceptions named
 *    below.
 *  - Work in a lane happens in the order asked.  Different lanes may overlap.
 *  - mark() gives a growing number for a point in a lane; nothing is to be freed.
 *
 * Two kinds of devices: `host` devices run native code in the calling thread, on
 * the caller's memory, and have native() alone; the others have memory of their
 * own and everything else.  Every failure has a sentence (pf_fail) naming the
 * device, the driver's call and the name of its error code.  After a call has
 * returned PARFUN_DEVICE_FAILED nothing but close() is called on the device, and
 * *_destroy, which then make no driver call.
 *
 * *_destroy may be called while a kernel that uses the object still runs: it then
 * lasts until that has ended.
 */
#ifndef PF_BACKEND_H
#define PF_BACKEND_H

#include "runtime/base/type.h"
#include <parfun/kernel.h>

struct pf_device;
struct pf_code;   /* a kernel built for a device */
struct pf_memory; /* an array on a device */

enum pf_device_kind { PF_DEVICE_CPU, PF_DEVICE_GPU, PF_DEVICE_ACCELERATOR };

struct pf_device_limits {
    size_t group_items; /* work-items in a work-group */
    size_t group_size[3];
    size_t local_bytes;      /* local memory of a work-group */
    size_t constant_bytes;   /* one constant argument */
    size_t allocation_bytes; /* one memory */
    size_t memory_bytes;     /* all of them together: the budget */
    size_t alignment;        /* of host memory for zero copy, bytes */
    unsigned compute_units;
    bool doubles, int64_atomics;
    bool denormals;     /* float results are not flushed to zero */
    bool shared_memory; /* the device works in the host's memory */
};

/* The base of every device: constant after open(). */
struct pf_device {
    const struct pf_backend *backend;
    enum pf_device_kind kind;
    char *name;       /* "NVIDIA H200", or "2 CPU threads" */
    char *platform;   /* "Portable Computing Language"; "" for host devices */
    char *driver;     /* version, for cache keys; "" for host devices */
    char *selector;   /* what selects it alone: "opencl:0", "threads" */
    char *pci;        /* "0000:01:00.0", or "" */
    bool host;        /* runs native code in the calling thread */
    bool same_cpu;    /* its cores are those that host devices run on */
    unsigned index;   /* in its backend's list */
    unsigned workers; /* host devices: cores they have; others: 1 */
    unsigned lanes;   /* independent queues; 1 for host devices */
    struct pf_device_limits limits;
};

struct pf_device_list {
    struct pf_device **devices; /* owned by who opened them */
    size_t count;
    char *skipped; /* sentences, one a line: platforms and devices that were left
                      out, and why; never NULL */
};

/* What the runtime tells a backend when it opens it. */
struct pf_backend_options {
    unsigned processors;        /* that this process may use, from pf_machine */
    const char *cache_dir;      /* private folder for built programs; NULL: none */
    const char *pocl_cache_dir; /* POCL_CACHE_DIR as set by the user, or NULL */
    enum { PF_ZERO_COPY_AUTO, PF_ZERO_COPY_ON, PF_ZERO_COPY_OFF } zero_copy;
    bool secure; /* the process has privileges: run no foreign code */
};

/* How a function uses a kernel: what its code is built for. */
struct pf_code_request {
    const struct parfun_kernel *kernel;
    const char *build;   /* options of the clauses; "" if none */
    unsigned dimensions; /* of the NDRange */
    size_t group[3];     /* the work-group's size; all 0: free */
    bool absolute;       /* get_global_id counts from launch->first */
};

struct pf_launch_argument {
    const void *value; /* by value: `bytes` of it, copied.  NULL for the others */
    size_t bytes;      /* of the value, or of local memory */
    struct pf_memory *memory;
    ptrdiff_t offset; /* bytes from the memory's beginning to where the kernel's
                          pointer points; with absolute ids it may be negative */
};

struct pf_launch {
    size_t size[3]; /* work-items, exact; 1 in unused dimensions */
    size_t first;   /* absolute ids: of the last dimension */
    const struct pf_launch_argument *arguments; /* one per parameter */
};

enum pf_access { PF_ACCESS_READ = 1, PF_ACCESS_WRITE = 2 }; /* by the kernel */

/* A copy between host and device: `rows` rows of `row_bytes`; contiguous with
 * rows = 1. */
struct pf_copy {
    struct pf_memory *memory;
    size_t offset; /* of the first byte in the memory */
    void *host;    /* not written by write(); stays valid until the
                                   lane's next mark has been waited for */
    size_t rows, row_bytes;
    size_t host_pitch, memory_pitch; /* bytes from row to row */
};

/* A copy within a device. */
struct pf_move {
    struct pf_memory *from,
            *to; /* two memories of the device's own: no zero copy */
    size_t from_offset, to_offset, bytes;
};

/* What happened in a lane between two marks; seconds of device time. */
struct pf_lane_times {
    double copy_in_s, kernel_s, copy_out_s;
    uint64_t begin_ns, end_ns; /* of the kernels, in the clock of pf_clock_ns();
                                  0 if there were none */
};

struct pf_backend {
    const char *name;
    const char *summary; /* for lists: "CPU threads, native code" */
    bool cuts;           /* the library may cut calls into partitions */

    /* All devices of this backend, opened lazily where that is dear.  An empty
     * list with reasons in `skipped` is a success; a failure is one of the
     * library's own (no memory).  Called under a lock of the runtime, once until
     * everything is closed. */
    enum parfun_status (*open)(
            const struct pf_backend_options *options, struct pf_device_list *list);

    /* Frees the device, or leaks on purpose what a lost one may still use. */
    void (*close)(struct pf_device *device);

    /* May be NULL.  Another device made of `units` of this one's compute units: what
     * is left of a CPU beside host threads.  The caller closes it, before this one.
     * NULL with PARFUN_OK if the driver can not do that. */
    enum parfun_status (*part)(
            struct pf_device *device, unsigned units, struct pf_device **part);

    /* Not for host devices.  The runtime gives the device up, as it hangs: from
     * now on it is as after PARFUN_DEVICE_FAILED. */
    void (*give_up)(struct pf_device *device);

    /* Build a kernel, or find it in the cache.  May take seconds.  The kernel
     * stays valid as long as the code.  PARFUN_COMPILE with the log;
     * PARFUN_UNSUPPORTED if the device can not run it, naming the limit. */
    enum parfun_status (*code_create)(struct pf_device *device,
            const struct pf_code_request *request, struct pf_code **code);
    void (*code_destroy)(struct pf_device *device, struct pf_code *code);

    /* Not for host devices.  Whether a launch's arguments may have offsets.  If not
     * (kernels with barriers or local memory), make a memory that begins where the
     * kernel's pointer points. */
    bool (*offsets)(const struct pf_code *code);

    /* Host devices only: the variant of a kernel for this machine.  Any thread may
     * then run it, several at once. */
    const struct parfun_variant *(*native)(const struct pf_code *code);

    /* The others only, like all that follow.  `host`, if not NULL, is memory of the
     * caller's that the device may use itself until the memory is destroyed;
     * whether it does, zero_copy tells.  PARFUN_NO_MEMORY beyond the device's
     * budget. */
    enum parfun_status (*memory_create)(struct pf_device *device, size_t bytes,
            void *host, unsigned access, struct pf_memory **memory,
            bool *zero_copy);
    void (*memory_destroy)(struct pf_device *device, struct pf_memory *memory);

    /* Start a copy to or from the device.  With zero copy, and host pointing into
     * the memory's own host range, write() hands the range to the device and
     * read() back to the host. */
    enum parfun_status (*write)(
            struct pf_device *device, unsigned lane, const struct pf_copy *copy);
    enum parfun_status (*read)(
            struct pf_device *device, unsigned lane, const struct pf_copy *copy);
    /* Start a copy from one memory to another. */
    enum parfun_status (*move)(
            struct pf_device *device, unsigned lane, const struct pf_move *move);
    /* Start a kernel.  PARFUN_UNSUPPORTED if the device can not run it like this, as it
     * needs more of something than there is: nothing has begun. */
    enum parfun_status (*launch)(struct pf_device *device, unsigned lane,
            struct pf_code *code, const struct pf_launch *launch);

    /* Whether nothing in the lane still waits to read the host's memory. */
    bool (*inputs_taken)(struct pf_device *device, unsigned lane);

    /* Submit all that the lane holds; *mark is greater than every earlier one of
     * the lane, and never 0. */
    enum parfun_status (*mark)(
            struct pf_device *device, unsigned lane, uint64_t *mark);

    /* Block until the mark is reached, or the clock reaches end_ns (UINT64_MAX:
     * never): then *reached is false.  Fails if anything before it failed (the
     * execution status of each event is looked at).  `times` may be NULL. */
    enum parfun_status (*wait)(struct pf_device *device, unsigned lane,
            uint64_t mark, uint64_t end_ns, bool *reached,
            struct pf_lane_times *times);
};

#endif
