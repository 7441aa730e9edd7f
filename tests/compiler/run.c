/* SPDX-License-Identifier: Apache-2.0 */
/* run.c: see run.h. */
#include "run.h"

#include "support/cmocka.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 128, FENCE = 256, RUBBISH = 0xa5 };

bool can_run(const char *isa)
{
#ifdef __x86_64__
    __builtin_cpu_init();
    if (strcmp(isa, "x86-64-v4") == 0)
        return __builtin_cpu_supports("avx512f")
                && __builtin_cpu_supports("avx512bw")
                && __builtin_cpu_supports("avx512cd")
                && __builtin_cpu_supports("avx512dq")
                && __builtin_cpu_supports("avx512vl");
    if (strcmp(isa, "x86-64-v3") == 0)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                && __builtin_cpu_supports("bmi2");
    if (strcmp(isa, "x86-64-v2") == 0)
        return __builtin_cpu_supports("sse4.2");
#endif
    return strcmp(isa, "generic") == 0;
}

/* At least `bytes`, and FENCE bytes behind them. */
static unsigned char *fenced(size_t bytes)
{
    size_t all = (bytes + FENCE + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    unsigned char *memory = aligned_alloc(ALIGNMENT, all);

    assert_non_null(memory);
    memset(memory, RUBBISH, all);
    return memory;
}

static void free_fenced(unsigned char *memory, size_t bytes)
{
    for (size_t i = bytes; i < bytes + FENCE; i++)
        assert_int_equal(memory[i], RUBBISH);
    free(memory);
}

void run_kernel(const struct parfun_variant *variant, const struct range *range,
        size_t pieces, void *const *arguments, size_t local_bytes)
{
    struct parfun_ndrange box = { .dimensions = range->dimensions,
        .abi = PARFUN_KERNEL_ABI };
    size_t items = 1, scratch_bytes, count;
    unsigned char *local, *scratch;
    int last = 0;

    for (int d = 0; d < 3; d++) {
        box.global_size[d] = range->global[d];
        box.global_offset[d] = range->offset[d];
        box.local_size[d] = range->local[d];
        box.group_count[d] = box.group_end[d] =
                (range->global[d] + range->local[d] - 1) / range->local[d];
        items *= range->local[d];
        if (box.group_count[d] > 1)
            last = d;
    }
    scratch_bytes = variant->scratch_fixed + variant->scratch_item * items;
    local = fenced(local_bytes);
    scratch = fenced(scratch_bytes);
    box.local_memory = local;
    box.local_bytes = local_bytes;
    box.scratch = scratch;
    box.scratch_bytes = scratch_bytes;

    count = box.group_count[last];
    for (size_t i = 0; i < pieces; i++) {
        box.group_begin[last] = count * i / pieces;
        box.group_end[last] = count * (i + 1) / pieces;
        if (box.group_begin[last] < box.group_end[last])
            variant->run(&box, arguments);
    }
    free_fenced(local, local_bytes);
    free_fenced(scratch, scratch_bytes);
}
