/* SPDX-License-Identifier: Apache-2.0 */
/* native.c: which of a kernel's instruction-set variants this machine runs. */
#include "backends/host/host.h"

#include "runtime/base/error.h"

#include <string.h>

/* The builtin takes literals only. */
static bool runs_here(const char *isa)
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

const struct parfun_variant *pf_native_choose(const struct parfun_kernel *kernel)
{
    for (uint32_t i = 0; i < kernel->variant_count; i++)
        if (runs_here(kernel->variants[i].isa))
            return &kernel->variants[i];
    return NULL;
}

/* The code of a kernel is its variant, which is constant and nobody's to free. */
enum parfun_status pf_native_create(struct pf_device *device,
        const struct pf_code_request *request, struct pf_code **code)
{
    const struct parfun_kernel *kernel = request->kernel;
    if (!kernel->variant_count)
        return pf_fail(PARFUN_UNSUPPORTED,
                "the kernel has no native code, which \"%s\" needs: compile it "
                "with parfun_add_kernels(), or choose an OpenCL device",
                device->selector);
    const struct parfun_variant *variant = pf_native_choose(kernel);
    if (!variant)
        return pf_fail(PARFUN_UNSUPPORTED,
                "the kernel has no native code for this processor, only for %s and "
                "newer: compile it with a \"generic\" variant",
                kernel->variants[kernel->variant_count - 1].isa);
    *code = (struct pf_code *)(uintptr_t)variant;
    return PARFUN_OK;
}

void pf_native_destroy(struct pf_device *device, struct pf_code *code)
{
    (void)device, (void)code;
}

const struct parfun_variant *pf_native_get(const struct pf_code *code)
{
    return (const struct parfun_variant *)(const void *)code;
}
