/* SPDX-License-Identifier: Apache-2.0 */
/* native.c: which of a kernel's instruction-set variants this machine runs. */
#include "backends/host/host.h"

#include "runtime/base/error.h"
#include "runtime/base/isa.h"

const struct parfun_variant *pf_native_choose(const struct parfun_kernel *kernel)
{
    for (uint32_t i = 0; i < kernel->variant_count; i++)
        if (pf_isa_runs(kernel->variants[i].isa))
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
