/* SPDX-License-Identifier: Apache-2.0 */
/* library.c: dlopen of the OpenCL loader, and its table of functions. */
#include "backends/opencl/library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
#define ENTRY(name) { #name, offsetof(struct pf_opencl_library, name) },
    PF_OPENCL_FUNCTIONS(ENTRY)
#undef ENTRY
};

const char *pf_opencl_library_open(struct pf_opencl_library *library)
{
    void *handle = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return "no OpenCL here: libOpenCL.so.1 was not found; on Debian: "
               "apt-get install ocl-icd-libopencl1, and a driver such as "
               "pocl-opencl-icd";
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *symbol = dlsym(handle, functions[i].name);
        if (!symbol)
            return "libOpenCL.so.1 is older than OpenCL 1.2; on Debian: "
                   "apt-get install ocl-icd-libopencl1";
        /* POSIX lets a data pointer hold a function's; ISO C has no cast. */
        memcpy((char *)library + functions[i].offset, &symbol, sizeof symbol);
    }
    return NULL;
}
