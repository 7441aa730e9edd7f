/* SPDX-License-Identifier: Apache-2.0 */
/*
 * machine.c: hwloc's topology, cut down to the processors that the process is
 * bound to.  hwloc costs milliseconds and may fail; the number of processors
 * depends on neither, so the affinity is asked for first and is the fallback.
 */
#include "runtime/base/machine.h"
#include "runtime/base/error.h"
#include "runtime/base/quota.h"

#include <assert.h>
#include <errno.h>
#include <hwloc.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

enum {
    /* When hwloc does not know: the least that current processors have. */
    DEFAULT_L1_BYTES = 32 * 1024,
    DEFAULT_L2_BYTES = 256 * 1024,
    FIRST_MASK = 1024,
    LAST_MASK = 1 << 20
};

/* Processors by the operating system's number. */
struct list {
    unsigned *numbers;
    unsigned count;
};

static enum parfun_status no_memory(void)
{
    return pf_fail(PARFUN_NO_MEMORY, "out of memory for the machine's topology");
}

/* ---- Affinity ------------------------------------------------------------------ */

static enum parfun_status allocate(unsigned count, struct list *list)
{
    list->count = 0;
    list->numbers = calloc(count ? count : 1, sizeof *list->numbers);
    return list->numbers ? PARFUN_OK : no_memory();
}

/* The main thread's processors: what taskset and cpusets have set, whatever the
 * calling thread has been bound to since. */
static bool ask_affinity(cpu_set_t **mask, size_t *bits)
{
    for (*bits = FIRST_MASK; *bits <= LAST_MASK; *bits *= 2) {
        size_t bytes = CPU_ALLOC_SIZE(*bits);
        *mask = CPU_ALLOC(*bits);
        if (!*mask)
            return false;
        CPU_ZERO_S(bytes, *mask);
        if (sched_getaffinity(getpid(), bytes, *mask) == 0)
            return true;
        CPU_FREE(*mask);
        if (errno != EINVAL) /* too small a mask */
            break;
    }
    *mask = NULL;
    return false;
}

/* Without an answer: as if bound to nothing, all those that are present. */
static enum parfun_status find_bound(struct list *bound)
{
    cpu_set_t *mask = NULL;
    size_t bits = 0;
    if (!ask_affinity(&mask, &bits)) {
        long online = sysconf(_SC_NPROCESSORS_ONLN);
        unsigned count = online > 0 ? (unsigned)online : 1;
        PF_TRY(allocate(count, bound));
        for (; bound->count < count; bound->count++)
            bound->numbers[bound->count] = bound->count;
        return PARFUN_OK;
    }
    size_t bytes = CPU_ALLOC_SIZE(bits);
    enum parfun_status status = allocate((unsigned)CPU_COUNT_S(bytes, mask), bound);
    for (size_t i = 0; i < bits && status == PARFUN_OK; i++)
        if (CPU_ISSET_S(i, bytes, mask))
            bound->numbers[bound->count++] = (unsigned)i;
    CPU_FREE(mask);
    return status;
}

static enum parfun_status copy_bound(
        const unsigned *numbers, unsigned count, struct list *bound)
{
    PF_TRY(allocate(count, bound));
    memcpy(bound->numbers, numbers, count * sizeof *numbers);
    bound->count = count;
    return PARFUN_OK;
}

static unsigned least(unsigned present, unsigned quota)
{
    unsigned processors = quota && quota < present ? quota : present;
    return processors ? processors : 1;
}

unsigned pf_machine_processors(void)
{
    unsigned present = 0;
    size_t bits = 0;
    cpu_set_t *mask = NULL;
    if (ask_affinity(&mask, &bits)) {
        present = (unsigned)CPU_COUNT_S(CPU_ALLOC_SIZE(bits), mask);
        CPU_FREE(mask);
    } else {
        long online = sysconf(_SC_NPROCESSORS_ONLN);
        present = online > 0 ? (unsigned)online : 1;
    }
    return least(present, pf_quota_processors(""));
}

/* ---- hwloc ---------------------------------------------------------------------- */

/* NULL on success, or what failed. */
static const char *load_topology(
        const struct pf_machine_origin *origin, hwloc_topology_t *loaded)
{
    /* hwloc's own ways to GPUs: 230 ms for OpenCL's alone, and drivers that
     * crash.  Devices are the backends' business. */
    static const char *const unwanted[] = { "opencl", "cuda", "nvml", "rsmi",
        "levelzero", "gl", "pci" };
    hwloc_topology_t topology;
    if (hwloc_topology_init(&topology))
        return "affinity: hwloc_topology_init failed";
    for (size_t i = 0; i < sizeof unwanted / sizeof unwanted[0]; i++)
        hwloc_topology_set_components(
                topology, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, unwanted[i]);

    const char *failed = NULL;
    if (origin->synthetic
            && hwloc_topology_set_synthetic(topology, origin->synthetic))
        failed = "affinity: hwloc_topology_set_synthetic failed";
    else if (origin->xml && hwloc_topology_set_xml(topology, origin->xml))
        failed = "affinity: hwloc_topology_set_xml failed";
    else if (hwloc_topology_load(topology))
        failed = "affinity: hwloc_topology_load failed";
    if (failed) {
        hwloc_topology_destroy(topology);
        return failed;
    }
    *loaded = topology;
    return NULL;
}

/* Leaves what the process is bound to. */
static const char *restrict_topology(
        hwloc_topology_t topology, const struct list *bound)
{
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    if (!set)
        return "affinity: hwloc_bitmap_alloc failed";
    int failed = 0;
    for (unsigned i = 0; i < bound->count && !failed; i++)
        failed = hwloc_bitmap_set(set, bound->numbers[i]);
    if (!failed)
        failed = hwloc_topology_restrict(topology, set, 0);
    hwloc_bitmap_free(set);
    return failed ? "affinity: hwloc_topology_restrict failed" : NULL;
}

static unsigned count_objects(hwloc_topology_t topology, hwloc_obj_type_t type)
{
    int count = hwloc_get_nbobjs_by_type(topology, type);
    return count > 0 ? (unsigned)count : 0;
}

static size_t smallest_share(
        hwloc_topology_t topology, hwloc_obj_type_t type, size_t otherwise)
{
    size_t smallest = SIZE_MAX;
    for (hwloc_obj_t cache = NULL;
            (cache = hwloc_get_next_obj_by_type(topology, type, cache));) {
        int cores = hwloc_get_nbobjs_inside_cpuset_by_type(
                topology, cache->cpuset, HWLOC_OBJ_CORE);
        size_t share =
                (size_t)cache->attr->cache.size / (cores > 0 ? (size_t)cores : 1);
        if (share && share < smallest)
            smallest = share;
    }
    return smallest == SIZE_MAX ? otherwise : smallest;
}

/* ---- The order of processors -------------------------------------------------- */

/* Takes one processor out of `left`: at each level from the part that has given
 * the fewest so far, which is counted in the objects' userdata. */
static unsigned take_spread(hwloc_obj_t object, hwloc_bitmap_t left)
{
    while (object->arity) {
        hwloc_obj_t best = NULL;
        for (hwloc_obj_t child = object->first_child; child;
                child = child->next_sibling) {
            if (!hwloc_bitmap_intersects(child->cpuset, left))
                continue;
            if (!best || (uintptr_t)child->userdata < (uintptr_t)best->userdata)
                best = child;
        }
        assert(best); /* the tree's sets are those of its leaves */
        object = best;
        object->userdata = (void *)((uintptr_t)object->userdata + 1);
    }
    hwloc_bitmap_clr(left, object->os_index);
    return object->os_index;
}

/* Appends the n-th processor of each core, in the cores' order. */
static void order_close(hwloc_topology_t topology, int n, struct list *close)
{
    hwloc_obj_type_t type = HWLOC_OBJ_CORE;
    if (count_objects(topology, type) == 0)
        type = HWLOC_OBJ_PU;
    for (hwloc_obj_t core = NULL;
            (core = hwloc_get_next_obj_by_type(topology, type, core));) {
        int number = hwloc_bitmap_first(core->cpuset);
        for (int i = 0; i < n && number >= 0; i++)
            number = hwloc_bitmap_next(core->cpuset, number);
        if (number >= 0)
            close->numbers[close->count++] = (unsigned)number;
    }
}

/* Round n takes the n-th processor of each core. */
static bool order_rounds(hwloc_topology_t topology, unsigned present,
        struct list *close, struct list *spread)
{
    hwloc_bitmap_t left = hwloc_bitmap_alloc();
    if (!left)
        return false;
    bool failed = false;
    for (int n = 0; spread->count < present && !failed; n++) {
        unsigned begin = close->count;
        order_close(topology, n, close);
        failed = close->count == begin;
        for (unsigned i = begin; i < close->count && !failed; i++)
            failed = hwloc_bitmap_set(left, close->numbers[i]) != 0;
        while (!failed && !hwloc_bitmap_iszero(left))
            spread->numbers[spread->count++] =
                    take_spread(hwloc_get_root_obj(topology), left);
    }
    hwloc_bitmap_free(left);
    return !failed;
}

static enum parfun_status order(
        hwloc_topology_t topology, unsigned present, struct pf_machine *machine)
{
    struct list close = { 0 }, spread = { 0 };
    enum parfun_status status = allocate(present, &close);
    if (status == PARFUN_OK)
        status = allocate(present, &spread);
    if (status == PARFUN_OK && !order_rounds(topology, present, &close, &spread))
        status = no_memory();
    if (status != PARFUN_OK) {
        free(close.numbers);
        free(spread.numbers);
        return status;
    }
    machine->close = close.numbers;
    machine->spread = spread.numbers;
    machine->places = present;
    return PARFUN_OK;
}

/* ---- All of it -------------------------------------------------------------------- */

static enum parfun_status describe(hwloc_topology_t topology, unsigned quota,
        bool made_up, struct pf_machine *machine)
{
    unsigned present = count_objects(topology, HWLOC_OBJ_PU);
    machine->source = "hwloc";
    machine->processors = least(present, quota);
    machine->cores = count_objects(topology, HWLOC_OBJ_CORE);
    if (machine->cores == 0)
        machine->cores = present;
    machine->l1_bytes =
            smallest_share(topology, HWLOC_OBJ_L1CACHE, DEFAULT_L1_BYTES);
    machine->l2_bytes =
            smallest_share(topology, HWLOC_OBJ_L2CACHE, DEFAULT_L2_BYTES);
    /* HWLOC_XMLFILE and HWLOC_SYNTHETIC describe machines elsewhere. */
    if (!made_up && !hwloc_topology_is_thissystem(topology)) {
        machine->source = "hwloc: a topology that is not this machine's";
        return PARFUN_OK;
    }
    return order(topology, present, machine);
}

/* Every processor its own core. */
static enum parfun_status describe_plainly(const struct list *bound, unsigned quota,
        const char *why, struct pf_machine *machine)
{
    struct list close = { 0 }, spread = { 0 };
    PF_TRY(copy_bound(bound->numbers, bound->count, &close));
    if (copy_bound(bound->numbers, bound->count, &spread) != PARFUN_OK) {
        free(close.numbers);
        return PARFUN_NO_MEMORY;
    }
    *machine = (struct pf_machine){
        .processors = least(bound->count, quota),
        .cores = bound->count ? bound->count : 1,
        .l1_bytes = DEFAULT_L1_BYTES,
        .l2_bytes = DEFAULT_L2_BYTES,
        .close = close.numbers,
        .spread = spread.numbers,
        .places = bound->count,
        .source = why,
    };
    return PARFUN_OK;
}

static enum parfun_status load_bound(const struct pf_machine_origin *origin,
        const struct list *bound, struct pf_machine *machine)
{
    unsigned quota = pf_quota_processors(origin->root ? origin->root : "");
    hwloc_topology_t topology = NULL;
    const char *failed = "affinity: hwloc was not asked";
    if (!origin->plain)
        failed = load_topology(origin, &topology);
    if (failed)
        return describe_plainly(bound, quota, failed, machine);

    failed = restrict_topology(topology, bound);
    struct pf_machine described = { 0 };
    enum parfun_status status = failed
            ? describe_plainly(bound, quota, failed, &described)
            : describe(topology, quota, origin->synthetic || origin->xml,
                      &described);
    hwloc_topology_destroy(topology);
    if (status == PARFUN_OK)
        *machine = described;
    return status;
}

enum parfun_status pf_machine_load_from(
        const struct pf_machine_origin *origin, struct pf_machine *machine)
{
    struct list bound = { 0 };
    PF_TRY(origin->bound ? copy_bound(origin->bound, origin->bound_count, &bound)
                         : find_bound(&bound));
    enum parfun_status status = load_bound(origin, &bound, machine);
    free(bound.numbers);
    return status;
}

enum parfun_status pf_machine_load(struct pf_machine *machine)
{
    /* hwloc runs plug-ins that environment variables name: not with privileges
     * that the caller lacks. */
    struct pf_machine_origin here = { .plain = getauxval(AT_SECURE) != 0 };
    return pf_machine_load_from(&here, machine);
}

void pf_machine_finish(struct pf_machine *machine)
{
    free(machine->close);
    free(machine->spread);
    *machine = (struct pf_machine){ 0 };
}
