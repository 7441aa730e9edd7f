/* SPDX-License-Identifier: Apache-2.0 */
/* stub.c: in place of the library: tells what a generated function asks of it,
 * and runs each native variant that this CPU has over the items. */
#include <parfun/kernel.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct parfun_function *parfun_kernel_function(
        const struct parfun_kernel *kernel, struct parfun_function **slot)
{
    (void)slot;
    printf("function %s\n", kernel->name);
    return NULL;
}

static int runs_here(const char *isa)
{
    if (!strcmp(isa, "generic"))
        return 1;
    if (getenv("GENERIC_ONLY"))
        return 0;
#if defined(__x86_64__)
    if (!strcmp(isa, "x86-64-v2"))
        return __builtin_cpu_supports("sse4.2");
    if (!strcmp(isa, "x86-64-v3"))
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (!strcmp(isa, "x86-64-v4"))
        return __builtin_cpu_supports("avx512vl")
                && __builtin_cpu_supports("avx512dq");
#endif
    return 0;
}

/* All parameters are the caller's: no items(), first() and so on. */
static void run(const struct parfun_kernel *kernel,
        const struct parfun_variant *variant, size_t items,
        const struct parfun_value *values)
{
    static _Alignas(128) char scratch[1 << 20];
    void *pointers[32];
    void *arguments[32];
    struct parfun_ndrange range = { .dimensions = 1,
        .abi = PARFUN_KERNEL_ABI,
        .global_size = { items, 1, 1 },
        .local_size = { 64, 1, 1 },
        .group_count = { (items + 63) / 64, 1, 1 },
        .group_end = { (items + 63) / 64, 1, 1 },
        .scratch = scratch,
        .scratch_bytes = sizeof scratch };

    for (unsigned i = 0; i < kernel->parameter_count; i++) {
        pointers[i] = values[i].data;
        arguments[i] = kernel->parameters[i].space == PARFUN_VALUE_SPACE
                ? values[i].data
                : (void *)&pointers[i];
    }
    variant->run(&range, arguments);
}

enum parfun_status parfun_kernel_call(const struct parfun_kernel *kernel,
        struct parfun_function **slot, size_t items,
        const struct parfun_value *values, size_t value_count)
{
    (void)slot;
    printf("call %s items %zu", kernel->name, items);
    for (size_t i = 0; i < value_count; i++)
        printf(" %zu:%zu", values[i].bytes, values[i].count);
    printf("\n");
    if (value_count != kernel->parameter_count || getenv("DRY"))
        return PARFUN_OK;
    for (unsigned v = 0; v < kernel->variant_count; v++)
        if (runs_here(kernel->variants[v].isa))
            run(kernel, &kernel->variants[v], items, values);
    return PARFUN_OK;
}
