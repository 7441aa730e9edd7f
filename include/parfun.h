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
 *  - Every function may be called from any thread, also from inside a parallel
 *    function (nested calls, which are parallel, too); but not set_backend, shutdown
 *    or the destruction of a running function from a body, generator, combiner, discard
 *    or progress function: PARFUN_INVALID.
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
#define PARFUN_PRINTF(format_at, first_at) \
    __attribute__((format(printf, format_at, first_at)))
#else
#define PARFUN_API
#define PARFUN_TRY
#define PARFUN_PRINTF(format_at, first_at)
#endif

/* The version of the library that is loaded, as "0.1.0". */
PARFUN_API const char *parfun_version(void);

/* ---- Errors -------------------------------------------------------------- */

enum parfun_status {
    PARFUN_OK = 0,
    PARFUN_INVALID = 1,         /* a bad argument; nothing was started, unless
                                   a generator's pieces are what is wrong */
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

/* The same for this thread only, until popped; scopes nest.  What a call runs on its
 * workers inherits the call's choice.  Scopes that a body leaves open are closed after
 * it. */
PARFUN_TRY enum parfun_status parfun_push_backend(const char *selector);

/* PARFUN_INVALID if this thread has pushed none, or the body that calls this. */
PARFUN_API enum parfun_status parfun_pop_backend(void);

/* The selector in force in this thread, as set; valid until this thread's next
 * call of the library. */
PARFUN_API const char *parfun_backend(void);

/* Wait for calls under way, keep what was learned in the cache folder for the next
 * process (docs/options.md), then stop threads and close devices; the chosen
 * backends are forgotten, options of functions are not.  The library starts again
 * at the next call.  PARFUN_INVALID from inside a call, and while this thread has
 * started calls that are not finished. */
PARFUN_API enum parfun_status parfun_shutdown(void);

/* ---- Functions -------------------------------------------------------------- */

/* A kernel, or a function written in C, with its clauses and options.  For a kernel
 * compiled by parfun_add_kernels(), NAME_function() gives the object of the generated
 * function NAME(); parfun_function_create() makes others, parfun_function_from_c()
 * those written in C. */
struct parfun_function;
struct parfun_kernel;    /* generated; see <parfun/kernel.h> */
struct parfun_partition; /* what one run of a function in C sees */
struct parfun_split;     /* the call as a partition generator sees it */
struct parfun_results;   /* the partitions' results, for a combiner */

/* The size in items of the partitions of a call over `items` items (rows of groups); 0 is
 * PARFUN_INVALID.  Runs once per call, on the calling thread; it must not call its own
 * function. */
typedef size_t parfun_size_rule(size_t items, void *user);

/* One partition of a custom split: items [first, first + count), or, with
 * `indices`, those `count` items in that order (the array stays valid until
 * the generator is called again).  All zero before a call's first piece, and
 * kept from piece to piece, so that a generator goes on from its last one. */
struct parfun_piece {
    size_t first, count;
    const size_t *indices;
    void *state; /* the generator's own */
};

/* Give the next partition; a count of zero is the end.  `wanted` is the number of
 * items that the library would choose; it is zero in one last call, also after
 * a failure, made only if `state` is set, to free it.  Runs on the calling
 * thread, one piece at a time, only as partitions are needed.  A status other than
 * PARFUN_OK, with parfun_fail(), ends the call. */
typedef enum parfun_status parfun_generator(struct parfun_split *split,
        size_t wanted, struct parfun_piece *piece, void *user);

/* Combine results, taken one by one with parfun_next(), in partition order, while
 * others still run; on the calling thread, once per call that has succeeded in
 * starting, also for one partition or none.  `combined` is where the caller of the
 * function wants the outcome: the value given for the first each() output; never NULL.
 * It may stop early: what has not begun is then not run, and other outputs hold
 * unspecified values. */
typedef enum parfun_status parfun_combiner(
        struct parfun_results *results, void *combined, void *user);

/*
 * Takes back results of an each() output that neither the combiner nor parfun_next() was
 * given, as the call failed, was cancelled or timed out, or as they stopped early: to free
 * what the elements point to.  `elements` are the `count` ones of one partition, as its
 * body left them, and are the library's; `argument` names the output.  Called for each
 * such output of each partition whose body has succeeded, in partition order, on the
 * thread that is in parfun_call() or parfun_finish(), before that returns.  What a body
 * makes before it fails is the body's own to free, and what parfun_next() has given the
 * taker's.
 */
typedef void parfun_discard(
        const char *argument, void *elements, size_t count, void *user);

/* Called on the calling thread, about ten times a second and once when all is done,
 * as far as bodies written in C allow; returning false cancels the call. */
typedef bool parfun_progress(size_t done, size_t items, void *user);

struct parfun_named_generator {
    const char *name; /* as in split(by(NAME): argument) */
    parfun_generator *generator;
};

enum parfun_flag {
    PARFUN_PROFILE = 1 << 0 /* print a report after each call, to stderr */
};

struct parfun_options {
    size_t size;                   /* sizeof(struct parfun_options) */
    const char *clauses;           /* in place of the kernel's own */
    size_t fixed_partition_size;   /* items; with groups, rows */
    size_t initial_partition_size; /* items, while nothing is learned; excludes
                                      a fixed size */
    parfun_size_rule *fixed_rule, *initial_rule;     /* the same, computed */
    const struct parfun_named_generator *generators; /* ends with {0} */
    parfun_combiner *combiner; /* of the outputs that are combine(each(N): ...) */
    parfun_progress *progress;
    void *user;               /* handed to every function above, and to the body */
    double timeout_s;         /* of a call; 0: none */
    const char *trace_export; /* a CSV file, rewritten by each call */
    uint64_t flags;           /* enum parfun_flag */
    parfun_discard *discard;  /* of each() results that nobody takes */
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

/* Another function from a compiled-in kernel, with options of its own: that of the kernel
 * NAME is &parfun_kernel_NAME, in the header that parfun-cc makes. */
PARFUN_TRY enum parfun_status parfun_function_create(
        const struct parfun_kernel *kernel, const struct parfun_options *options,
        struct parfun_function **function);

/*
 * A function from OpenCL C text: the kernel of that name, with the `#pragma parfun`
 * above it, or with options->clauses.  Everything is copied; destroy it with
 * parfun_function_destroy().
 *
 * Where parfun-cc is installed (beside the library, in PATH, or as PARFUN_CC says) it
 * compiles native code: half a second, and less than a millisecond when the cache
 * folder has it (without such a folder each call compiles).  OpenCL devices compile the
 * text themselves.  Without parfun-cc an OpenCL device of the CPU runs it where the CPU
 * is chosen (docs/kernels.md).
 *
 * PARFUN_COMPILE, with the compiler's log, for a text that is wrong; then
 * PARFUN_INVALID if there is no such kernel, or if its clauses are wrong.
 * PARFUN_UNSUPPORTED if nothing here compiles it: the sentence says what to install.
 */
PARFUN_TRY enum parfun_status parfun_function_compile(const char *source,
        const char *kernel_name, const struct parfun_options *options,
        struct parfun_function **function);

/* The body of a function written in C: works on one partition, on a CPU worker, or in
 * the calling thread (backends "none" and "serial").  Several run at once.  A status
 * other than PARFUN_OK, with parfun_fail(), is the call's. */
typedef enum parfun_status parfun_body(
        struct parfun_partition *partition, void *user);

/*
 * A function written in C.  `signature` declares its parameters as in C:
 * "const double *x, double a, double *y".  Pointers to what is const are inputs, other
 * pointers outputs; each is the array of a clause in options->clauses, which must be
 * given.  Structs, enums, typedefs, and what void * points at are as large as the
 * callers' values say.  Everything is copied but options->user.
 *
 * It runs on the CPU workers whatever backend is chosen.  PARFUN_INVALID with the place
 * of the mistake for what is no declaration, or no clause.
 */
PARFUN_TRY enum parfun_status parfun_function_from_c(const char *name,
        const char *signature, parfun_body *body,
        const struct parfun_options *options, struct parfun_function **function);

/* Takes NULL.  Not for functions of generated NAME_function(), which live as long
 * as the process: ignored.  Calls under way are waited for; from inside a call, a
 * function that is under way is left alone, and parfun_error() says so. */
PARFUN_API void parfun_function_destroy(struct parfun_function *function);

/* ---- Inside bodies, generators and combiners ------------------------------------ */

/*
 * What the body sees, or what a combiner was given: the first element of the
 * partition's part of an argument; of a value its address.  NULL if there is no such
 * argument.  Inputs must not be written.  Valid until the body returns, or until the
 * next parfun_next().
 *
 * Of a reduction, and of a pack()'s outputs and flag, the part has one element per item,
 * of an each() output N zeroed ones, of an accumulated one as many as the clause says,
 * which begin as the operator's identity or as other partitions left them.
 */
PARFUN_API void *parfun_argument(
        struct parfun_partition *partition, const char *name);

/* How many items the partition has, and where they begin in the whole call; with index
 * lists of a generator: how many items were given before them. */
PARFUN_API size_t parfun_items(const struct parfun_partition *partition);
PARFUN_API size_t parfun_first(const struct parfun_partition *partition);

/* How many items the partition's part of an argument has: of one that is split or
 * combined by items those of the partition, of others their elements, of a value 1.  0
 * if there is no such argument. */
PARFUN_API size_t parfun_items_of(
        const struct parfun_partition *partition, const char *name);

/* Returns PARFUN_FUNCTION_FAILED, with a reason that reaches the caller; of several
 * partitions that fail the first one's, in item order. */
PARFUN_API enum parfun_status parfun_fail(const char *format, ...)
        PARFUN_PRINTF(1, 2);

/* For generators: the beginning of an argument's whole data (a value's address; NULL
 * if there is no such argument), and the number of items. */
PARFUN_API const void *parfun_split_argument(
        struct parfun_split *split, const char *name);
PARFUN_API size_t parfun_split_items(const struct parfun_split *split);

/* For combiners: the next partition in order, NULL after the last; works on others
 * while it waits.  A status other than PARFUN_OK is the call's own failure.  At most
 * four partitions per worker wait to be taken. */
PARFUN_TRY enum parfun_status parfun_next(
        struct parfun_results *results, struct parfun_partition **partition);

/* ---- Calling by hand -------------------------------------------------------- */

/* One per parameter that the caller gives, in the parameters' order. */
struct parfun_value {
    void *data;   /* a value's address, or an array; inputs are not written */
    size_t bytes; /* of the value or of one element; checked, or taken as it is where
                     the type is opaque, and for outputs of a combiner of one's own */
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
 * are not written; no array that is written may overlap another one, but the same array
 * may be an input and an output that are split alike, without a halo.  After the last
 * output of a pack() clause comes PARFUN_VALUE() of its size_t count.
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

/*
 * Start a call and go on.  The library's threads and devices work on it; this thread
 * takes part in parfun_next() and parfun_finish(), and there its generator, combiner
 * and progress function run.  (With backends that have no thread but the caller's the
 * whole call does.)  Arrays and values must live until parfun_finish(), which waits,
 * frees, and returns the call's status; from any thread, but one at a time.  What a body
 * starts it must finish.
 *
 * Between them, parfun_results() gives the partitions' results of each() outputs that
 * have no combiner, in order, as they come, with parfun_next(); NULL if the function has
 * no such output or it has a combiner.  What is not taken is dropped by
 * parfun_finish(), which gives it to options->discard.
 */
struct parfun_running;
PARFUN_TRY enum parfun_status parfun_start(struct parfun_function *function,
        size_t items, const struct parfun_value *values, size_t value_count,
        struct parfun_running **running);
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored \
        "-Wshadow" /* a function named like a struct, as in C */
#endif
PARFUN_API struct parfun_results *parfun_results(struct parfun_running *running);
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
PARFUN_TRY enum parfun_status parfun_finish(struct parfun_running *running);

/* Stop a call, or with NULL every call of the process that is under way: what has
 * not begun is not run; they return PARFUN_CANCELLED.  Safe in a signal handler.  Not
 * after parfun_finish(), which frees `running`. */
PARFUN_API void parfun_cancel(struct parfun_running *running);

/*
 * The same over groups, for a function whose clauses say what is split or combined by
 * group: one item is one group.  Arrays that are split(group: ...) or combine(scatter:
 * ...) have one element per row of the table, in its order; where a row is in no group
 * results are left alone.  combine(group: ...) gives one element per row of the groups,
 * in their order, and other clauses mean one element per group.  Sizes of partitions
 * count rows; no group is cut.  0 groups are a success, as 0 items are.
 */
struct parfun_groups;
PARFUN_TRY enum parfun_status parfun_call_groups(struct parfun_function *function,
        const struct parfun_groups *groups, const struct parfun_value *values,
        size_t value_count);

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
    size_t partitions, items; /* of groups: their rows, as in all sizes */
    size_t partition_size;    /* what the Python library would estimate, in items;
                                 0 where sizes were fixed */
    double alpha_ns, beta_ns; /* its f(partition_size) = alpha + beta / size, both 0
                                 while unknown */
    size_t dropped;           /* rows in no group, as a key is null */
};

/* Writes at most profile->size bytes.  PARFUN_INVALID if this thread has finished
 * no call of the function. */
PARFUN_TRY enum parfun_status parfun_get_profile(
        struct parfun_function *function, struct parfun_profile *profile);

#ifdef __cplusplus
}
#endif

/* Generators made of generators. */
#include <parfun/pieces.h>
/* Tables and groups. */
#include <parfun/tables.h>

#endif
