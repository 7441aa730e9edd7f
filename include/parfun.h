/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parfun.h: one kernel, every core and every OpenCL device.
 *
 * A numeric programmer writes a kernel in OpenCL C and says with clauses how its
 * arguments are split and its results combined:
 *
 *     #pragma parfun split(x, y) combine(y)
 *     kernel void saxpy(float a, global const float *x, global float *y)
 *     { size_t i = get_global_id(0);  y[i] = a * x[i] + y[i]; }
 *
 * parfun_add_kernels(app saxpy.cl) in CMake turns the file into a C function,
 *
 *     enum parfun_status saxpy(size_t items, float a, const float *x, float *y);
 *
 * which runs partitions of the items natively on every CPU core and as kernel
 * launches on every OpenCL device.  Most programs need nothing else of this
 * header than parfun_error() and parfun_set_backend().
 *
 * Rules that hold for every function:
 *
 *  - What can fail returns enum parfun_status, and ignoring it is a warning.
 *    parfun_error() then holds a sentence for this thread: the call, the
 *    argument or device, the cause, the remedy.  Results go to the last
 *    argument, which is left alone on failure.
 *  - Every function may be called from any thread.
 *  - Structs that begin with `size` may grow.  Zero means the default.  The
 *    others are frozen.
 *  - Nothing prints, exits or aborts unless asked to.
 *  - Sizes are in bytes where the name says so, else in items or elements.
 */
#ifndef PARFUN_H
#define PARFUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The library's version; the build system reads it here. */
#define PARFUN_VERSION_MAJOR 0
#define PARFUN_VERSION_MINOR 1
#define PARFUN_VERSION_PATCH 0
#define PARFUN_VERSION "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define PARFUN_API __attribute__((visibility("default")))
#define PARFUN_TRY __attribute__((visibility("default"), warn_unused_result))
#else
#define PARFUN_API
#define PARFUN_TRY
#endif

/* The version of the library that is loaded, as "0.1.0". */
PARFUN_API const char *parfun_version(void);

/* ---- Errors -------------------------------------------------------------- */

enum parfun_status {
    PARFUN_OK = 0,
    PARFUN_INVALID = 1,         /* a bad argument; nothing was started */
    PARFUN_NO_MEMORY = 2,       /* out of host memory */
    PARFUN_NO_BACKEND = 3,      /* no backend of that name in this build */
    PARFUN_NO_DEVICE = 4,       /* the backend found nothing usable here */
    PARFUN_UNSUPPORTED = 5,     /* no chosen device can run this function */
    PARFUN_COMPILE = 6,         /* the kernel does not compile: see the log */
    PARFUN_DEVICE_FAILED = 7,   /* every chosen device failed */
    PARFUN_FUNCTION_FAILED = 8, /* your function or combiner said so */
    PARFUN_CANCELLED = 9,
    PARFUN_TIMED_OUT = 10,
    PARFUN_SYSTEM = 11 /* the operating system refused */
};

/* The name of a status, such as "PARFUN_INVALID"; of another number, "unknown
 * status".  Static. */
PARFUN_API const char *parfun_status_text(enum parfun_status status);

/* What went wrong in this thread's last failed call: one sentence or more, with
 * a compiler's log where there is one.  "" if nothing has; never NULL; valid
 * until this thread's next call of the library. */
PARFUN_API const char *parfun_error(void);

/* ---- Where functions run -------------------------------------------------- */

/*
 * Choose the backend of the whole process.
 *
 *   "auto"      every CPU core, and every OpenCL device that is not the same
 *               CPU; with no OpenCL, the cores alone (the default)
 *   "threads"   CPU threads, sized by hwloc; "threads:4" takes four
 *   "opencl"    every OpenCL device; "opencl:gpu", "opencl:pocl", "opencl:0",
 *               "opencl:/Arc/" choose among them
 *   "serial"    partitions one after another in the calling thread
 *   "none"      no partitions but those of a fixed size: a plain call in the
 *               calling thread
 *
 * A comma joins choices: "threads:1, opencl:pocl".  Calls under way keep the
 * choice they began with.  On failure the previous choice stays:
 * PARFUN_INVALID for what the grammar does not know (docs/backends.md),
 * PARFUN_NO_BACKEND for an unknown name, PARFUN_NO_DEVICE if nothing matches.
 */
PARFUN_TRY enum parfun_status parfun_set_backend(const char *selector);

/* The same for this thread only, until popped; scopes nest. */
PARFUN_TRY enum parfun_status parfun_push_backend(const char *selector);

/* PARFUN_INVALID if this thread has pushed none. */
PARFUN_API enum parfun_status parfun_pop_backend(void);

/* The selector in force in this thread, as set; valid until this thread's next
 * call of the library. */
PARFUN_API const char *parfun_backend(void);

/* Wait for calls under way, keep what was learned in the cache folder for the next
 * process (docs/options.md), then stop threads and close devices; the chosen
 * backends are forgotten, options of functions are not.  The library starts again
 * at the next call.  PARFUN_INVALID from inside a call. */
PARFUN_API enum parfun_status parfun_shutdown(void);

/* ---- Functions -------------------------------------------------------------- */

/* A kernel with its clauses and options.  For a kernel compiled by
 * parfun_add_kernels(), NAME_function() gives the object of the generated
 * function NAME(); parfun_function_create() makes others. */
struct parfun_function;
struct parfun_kernel; /* generated; see <parfun/kernel.h> */

/* The size in items of the partitions of a call over `items` items; 0 is
 * PARFUN_INVALID.  Runs once per call, on the calling thread; it must not call its own
 * function. */
typedef size_t parfun_size_rule(size_t items, void *user);

enum parfun_flag {
    PARFUN_PROFILE = 1 << 0 /* print a report after each call, to stderr */
};

struct parfun_options {
    size_t size;                   /* sizeof(struct parfun_options) */
    const char *clauses;           /* in place of the kernel's own */
    size_t fixed_partition_size;   /* items */
    size_t initial_partition_size; /* items, while nothing is learned; excludes
                                      a fixed size */
    parfun_size_rule *fixed_rule, *initial_rule; /* the same, computed */
    void *user;               /* handed to every function above */
    const char *trace_export; /* a CSV file, rewritten by each call */
    uint64_t flags;           /* enum parfun_flag */
};

#ifndef __cplusplus /* there: parfun_options options{}; options.size = sizeof options; */
#define PARFUN_OPTIONS(...) \
    (&(struct parfun_options){ .size = sizeof(struct parfun_options), __VA_ARGS__ })
#endif

/* Replace all options of a function, from its next call on (calls under way keep
 * theirs); everything is copied but `user`.  NULL: the defaults.  Refused options
 * (PARFUN_INVALID) leave the old ones. */
PARFUN_TRY enum parfun_status parfun_set_options(
        struct parfun_function *function, const struct parfun_options *options);

/* Another function from a compiled-in kernel, with options of its own. */
PARFUN_TRY enum parfun_status parfun_function_create(
        const struct parfun_kernel *kernel, const struct parfun_options *options,
        struct parfun_function **function);

/* Takes NULL.  Not for functions of generated NAME_function(), which live as long
 * as the process: ignored.  Calls under way are waited for; from inside a call, a
 * function that is under way is left alone, and parfun_error() says so. */
PARFUN_API void parfun_function_destroy(struct parfun_function *function);

/* ---- Calling by hand -------------------------------------------------------- */

/* One per parameter that the caller gives, in the parameters' order. */
struct parfun_value {
    void *data;   /* a value's address, or an array; inputs are not written */
    size_t bytes; /* of the value or of one element; checked */
    size_t count; /* elements; must be given for an array that is neither split
                     nor combined, and is checked if given for one that is;
                     0 for a value */
};

#ifndef __cplusplus /* there: parfun_value{ address, bytes, count } */
#define PARFUN_VALUE(address) \
    ((struct parfun_value){ (void *)(address), sizeof *(address), 0 })
#define PARFUN_ARRAY(array) \
    ((struct parfun_value){ (void *)(array), sizeof *(array), 0 })
#define PARFUN_COUNTED(array, count) \
    ((struct parfun_value){ (void *)(array), sizeof *(array), (count) })
#endif

/*
 * Run the function over `items` items and wait.  Arrays stay the caller's; inputs
 * are not written; no array that is written may overlap another one.  After the
 * last output of a pack() clause comes PARFUN_VALUE() of its size_t count.
 * After a failure outputs hold unspecified values.  0 items is a success: nothing
 * runs, reductions give their identity, counts are 0.
 */
PARFUN_TRY enum parfun_status parfun_call(struct parfun_function *function,
        size_t items, const struct parfun_value *values, size_t value_count);

#ifndef __cplusplus
#define PARFUN_CALL(function, items, ...)                                    \
    parfun_call((function), (items), (struct parfun_value[]){ __VA_ARGS__ }, \
            sizeof((struct parfun_value[]){ __VA_ARGS__ })                   \
                    / sizeof(struct parfun_value))
#endif

/* ---- Memory that stays on the devices ----------------------------------------- */

/*
 * Between keep and release, calls given arrays inside [memory, memory + bytes) use
 * copies that the devices keep, and move only what is out of date there:
 *
 *     parfun_keep(position, bytes)          before the first call
 *     ... calls ...
 *     parfun_update_host(position)          before the program reads it
 *     parfun_update_devices(position)       after the program has written it
 *     parfun_release(position)              after the last call
 *
 * The results of a call may be on a device alone until update_host: that is what
 * keeping is for.  Calls see the newest values wherever they run.  Between calls
 * the program may read what no call has written, and after update_host all; it
 * writes after update_host, if calls have written, and before update_devices.
 * An array lies in one kept range or in none; several arrays may share a range.
 * The memory stays the caller's, and must stay valid until it is released.
 *
 * Any number of calls, of any threads, may use a kept range at once, as they may use
 * memory that is not kept: none may write what another reads or writes.
 *
 * docs/memory.md has the rest: what moves when, failures, devices too small.
 */

/* PARFUN_INVALID if the memory is NULL or empty, overlaps memory that is kept, or is
 * in use by a call.  Nothing is copied yet, and no device is opened. */
PARFUN_TRY enum parfun_status parfun_keep(const void *memory, size_t bytes);

/* Bring to the host what only devices have.  `memory` is what parfun_keep() was given,
 * here and below: else PARFUN_INVALID.  PARFUN_DEVICE_FAILED if a device that had the
 * newest values has failed; the others are brought all the same. */
PARFUN_TRY enum parfun_status parfun_update_host(void *memory);

/* The host's values are the newest, in the whole range, whatever devices have.
 * PARFUN_INVALID while a call uses the range. */
PARFUN_TRY enum parfun_status parfun_update_devices(const void *memory);

/* Discards what only devices have, and their copies.  PARFUN_INVALID while a call uses
 * the range, which then stays kept. */
PARFUN_API enum parfun_status parfun_release(const void *memory);

/* ---- What happened -------------------------------------------------------------- */

/* Of the last call of a function that this thread finished.  Times are
 * nanoseconds: wall time on the CPU, event time on OpenCL devices, summed over
 * partitions where it says so. */
struct parfun_profile {
    size_t size;
    uint64_t total_ns;   /* compute + partitioning + combining */
    uint64_t compute_ns; /* summed over partitions */
    uint64_t compute_min_ns, compute_max_ns; /* of one partition */
    uint64_t partitioning_ns, combining_ns;  /* summed */
    uint64_t wall_ns;                        /* from the call to its return */
    size_t partitions, items;
    size_t partition_size;    /* what the Python library would estimate, in items;
                                 0 where sizes were fixed */
    double alpha_ns, beta_ns; /* its f(partition_size) = alpha + beta / size, both 0
                                 while unknown */
};

/* Writes at most profile->size bytes.  PARFUN_INVALID if this thread has finished
 * no call of the function. */
PARFUN_TRY enum parfun_status parfun_get_profile(
        struct parfun_function *function, struct parfun_profile *profile);

#ifdef __cplusplus
}
#endif

#endif
