/* SPDX-License-Identifier: Apache-2.0 */
/* native.c: picks a variant, fills the range. */
#include "native.h"

#include <string.h>

static bool runs_here(const char *isa)
{
#ifdef __x86_64__
    if (strcmp(isa, "x86-64-v4") == 0)
        return __builtin_cpu_supports("avx512f")
                && __builtin_cpu_supports("avx512vl")
                && __builtin_cpu_supports("avx512bw")
                && __builtin_cpu_supports("avx512dq")
                && __builtin_cpu_supports("avx512cd");
    if (strcmp(isa, "x86-64-v3") == 0)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                && __builtin_cpu_supports("bmi2");
    if (strcmp(isa, "x86-64-v2") == 0)
        return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
#endif
    return strcmp(isa, "generic") == 0;
}

const struct parfun_variant *native_variant(const struct parfun_kernel *kernel)
{
    uint32_t i = 0;

    while (i + 1 < kernel->variant_count && !runs_here(kernel->variants[i].isa))
        i++;
    return &kernel->variants[i];
}

void native_run(const struct parfun_variant *variant, const size_t size[2],
        size_t group, void *const *arguments)
{
    static _Alignas(128) char scratch[1 << 20];
    const size_t side = group > 0 ? group : 1;
    struct parfun_ndrange range = {
        .dimensions = size[1] > 0 ? 2 : 1,
        .abi = PARFUN_KERNEL_ABI,
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
    };

    for (int d = 0; d < 3; d++) {
        const size_t n = d < 2 && size[d] > 0 ? size[d] : 1;

        range.global_size[d] = n;
        range.local_size[d] = d < (int)range.dimensions ? side : 1;
        range.group_count[d] = range.group_end[d] = n / range.local_size[d];
    }
    variant->run(&range, arguments);
}
