/* SPDX-License-Identifier: Apache-2.0 */
/* isa.c: asks the processor what it can do. */
#include "runtime/base/isa.h"

#include <stddef.h>
#include <string.h>

/* The builtin takes literals only. */
bool pf_isa_runs(const char *isa)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (strcmp(isa, "x86-64-v4") == 0)
        return __builtin_cpu_supports("x86-64-v4");
    if (strcmp(isa, "x86-64-v3") == 0)
        return __builtin_cpu_supports("x86-64-v3");
    if (strcmp(isa, "x86-64-v2") == 0)
        return __builtin_cpu_supports("x86-64-v2");
#endif
    return strcmp(isa, "generic") == 0;
}

const char *pf_isa_best(void)
{
    static const char *const names[] = { "x86-64-v4", "x86-64-v3", "x86-64-v2" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (pf_isa_runs(names[i]))
            return names[i];
    return "generic";
}
