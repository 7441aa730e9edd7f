/* SPDX-License-Identifier: Apache-2.0 */
/* devices.c: what one OpenCL device is: names, place, limits. */
#include "backends/opencl/opencl.h"

#include "backends/table.h"
#include "runtime/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of extensions; their headers are not everywhere. */
enum {
    PCI_BUS_INFO_KHR = 0x410F,
    PCI_BUS_ID_NV = 0x4008,
    PCI_SLOT_ID_NV = 0x4009,
    PCI_DOMAIN_ID_NV = 0x400A
};

/* Work-items of the group that guarded kernels run in.  On processors a group is a
 * loop, which must be long enough to pay for its start; on GPUs some 4 warps fill
 * a core without using up its registers. */
enum { GROUP_ON_CPU = 256, GROUP_ON_GPU = 128 };

enum { PAGE_BYTES = 4096 };

char *pf_opencl_platform_text(const struct pf_opencl_library *cl,
        cl_platform_id platform, cl_platform_info info)
{
    size_t bytes = 0;
    if (cl->clGetPlatformInfo(platform, info, 0, NULL, &bytes) != CL_SUCCESS)
        return pf_text_copy("");
    char *text = calloc(1, bytes + 1);
    if (text)
        (void)cl->clGetPlatformInfo(platform, info, bytes, text, NULL);
    return text;
}

char *pf_opencl_device_text(
        const struct pf_opencl_library *cl, cl_device_id id, cl_device_info info)
{
    size_t bytes = 0;
    if (cl->clGetDeviceInfo(id, info, 0, NULL, &bytes) != CL_SUCCESS)
        return pf_text_copy("");
    char *text = calloc(1, bytes + 1);
    if (text)
        (void)cl->clGetDeviceInfo(id, info, bytes, text, NULL);
    return text;
}

/* A value; all zero if the driver does not say. */
#define GET(device, info, value)                \
    (memset((value), 0, sizeof *(value)),       \
            (void)(device)->cl.clGetDeviceInfo( \
                    (device)->id, (info), sizeof *(value), (value), NULL))

/* ---- Of what use is it? -------------------------------------------------------- */

/* NULL, or the reason why it can not be used. */
static const char *refuse(
        const struct pf_opencl_device *device, cl_device_type type)
{
    cl_bool available, compiler, little;
    cl_uint address_bits;
    char version[64] = "";
    unsigned major = 0, minor = 0;
    GET(device, CL_DEVICE_AVAILABLE, &available);
    GET(device, CL_DEVICE_COMPILER_AVAILABLE, &compiler);
    GET(device, CL_DEVICE_ENDIAN_LITTLE, &little);
    GET(device, CL_DEVICE_ADDRESS_BITS, &address_bits);
    (void)device->cl.clGetDeviceInfo(
            device->id, CL_DEVICE_VERSION, sizeof version - 1, version, NULL);
    if (!available)
        return "it is not available";
    if (!compiler)
        return "its driver has no compiler";
    if (type == CL_DEVICE_TYPE_CUSTOM)
        return "it runs no kernels of ours";
    if (!little || address_bits != 64)
        return "it is not a 64-bit little-endian device";
    if (sscanf(version, "OpenCL %u.%u", &major, &minor) == 2
            && (major < 1 || (major == 1 && minor < 2)))
        return "it is older than OpenCL 1.2";
    return NULL;
}

/* ---- Limits ------------------------------------------------------------------------ */

static bool has_extension(const char *extensions, const char *name)
{
    size_t bytes = strlen(name);
    for (const char *at = extensions; (at = strstr(at, name)); at += bytes)
        if ((at == extensions || at[-1] == ' ')
                && (at[bytes] == ' ' || at[bytes] == '\0'))
            return true;
    return false;
}

static void get_memory_limits(
        struct pf_opencl_device *device, struct pf_device_limits *limits)
{
    cl_ulong local, constant, allocation, global;
    cl_uint align_bits;
    cl_bool unified;
    GET(device, CL_DEVICE_LOCAL_MEM_SIZE, &local);
    GET(device, CL_DEVICE_MAX_CONSTANT_BUFFER_SIZE, &constant);
    GET(device, CL_DEVICE_MAX_MEM_ALLOC_SIZE, &allocation);
    GET(device, CL_DEVICE_GLOBAL_MEM_SIZE, &global);
    GET(device, CL_DEVICE_MEM_BASE_ADDR_ALIGN, &align_bits);
    GET(device, CL_DEVICE_HOST_UNIFIED_MEMORY, &unified);
    const bool cpu = device->base.kind == PF_DEVICE_CPU;
    limits->local_bytes = local;
    limits->constant_bytes = constant;
    limits->allocation_bytes = allocation;
    limits->shared_memory = cpu || unified;
    /* The rest is for others: other programs, the driver, the host's own. */
    limits->memory_bytes = limits->shared_memory ? global / 2 : global - global / 8;
    /* Processors work at any address that suits the elements; the others' memory
     * units map whole pages. */
    limits->alignment = 1;
    if (!cpu)
        limits->alignment =
                align_bits / 8 > PAGE_BYTES ? align_bits / 8 : PAGE_BYTES;
}

static void get_limits(struct pf_opencl_device *device, const char *extensions)
{
    struct pf_device_limits *limits = &device->base.limits;
    cl_device_fp_config single;
    GET(device, CL_DEVICE_MAX_WORK_GROUP_SIZE, &limits->group_items);
    GET(device, CL_DEVICE_MAX_WORK_ITEM_SIZES, &limits->group_size);
    GET(device, CL_DEVICE_MAX_COMPUTE_UNITS, &limits->compute_units);
    GET(device, CL_DEVICE_SINGLE_FP_CONFIG, &single);
    limits->doubles = has_extension(extensions, "cl_khr_fp64");
    limits->int64_atomics = has_extension(extensions, "cl_khr_int64_base_atomics")
            && has_extension(extensions, "cl_khr_int64_extended_atomics");
    limits->denormals = (single & CL_FP_DENORM) != 0;
    device->correct_rounding = (single & CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0;
    get_memory_limits(device, limits);

    size_t group = device->base.kind == PF_DEVICE_CPU ? GROUP_ON_CPU : GROUP_ON_GPU;
    while (group > limits->group_items && group > 1)
        group /= 2;
    device->free_group = group;
}

/* ---- Names ---------------------------------------------------------------------------- */

/* Where it is on the PCI bus; "" if the driver does not tell. */
static char *get_pci(const struct pf_opencl_device *device, const char *extensions)
{
    struct {
        cl_uint domain, bus, device, function;
    } place;
    if (has_extension(extensions, "cl_khr_pci_bus_info")) {
        GET(device, PCI_BUS_INFO_KHR, &place);
    } else if (has_extension(extensions, "cl_nv_device_attribute_query")) {
        cl_uint slot;
        GET(device, PCI_DOMAIN_ID_NV, &place.domain);
        GET(device, PCI_BUS_ID_NV, &place.bus);
        GET(device, PCI_SLOT_ID_NV, &slot);
        place.device = slot >> 3;
        place.function = slot & 7;
    } else {
        return pf_text_copy("");
    }
    return pf_text_print("%04x:%02x:%02x.%u", place.domain, place.bus, place.device,
            place.function);
}

/* Drivers see neither affinity masks nor quotas: a processor is cut down to the
 * cores that this process may use. */
static void limit_cores(struct pf_opencl_device *device, unsigned processors)
{
    cl_uint units;
    GET(device, CL_DEVICE_MAX_COMPUTE_UNITS, &units);
    if (processors == 0 || units <= processors)
        return;
    const cl_device_partition_property properties[] = {
        CL_DEVICE_PARTITION_BY_COUNTS, (cl_device_partition_property)processors,
        CL_DEVICE_PARTITION_BY_COUNTS_LIST_END, 0
    };
    cl_device_id part;
    if (device->cl.clCreateSubDevices(device->id, properties, 1, &part, NULL)
            != CL_SUCCESS)
        return;
    device->id = part;
}

static enum pf_device_kind kind(cl_device_type type)
{
    if (type & CL_DEVICE_TYPE_CPU)
        return PF_DEVICE_CPU;
    return type & CL_DEVICE_TYPE_GPU ? PF_DEVICE_GPU : PF_DEVICE_ACCELERATOR;
}

/* PoCL before 6: see launch.c. */
static bool must_keep_shapes_apart(const char *platform_version)
{
    const char *pocl = strcasestr(platform_version, "pocl ");
    return pocl && strtoul(pocl + strlen("pocl "), NULL, 10) < 6;
}

static bool get_names(struct pf_opencl_device *device, const char *extensions)
{
    struct pf_device *base = &device->base;
    base->name = pf_opencl_device_text(&device->cl, device->id, CL_DEVICE_NAME);
    base->driver =
            pf_opencl_device_text(&device->cl, device->id, CL_DRIVER_VERSION);
    base->platform = pf_opencl_platform_text(
            &device->cl, device->platform, CL_PLATFORM_NAME);
    base->selector = pf_text_print("opencl:%u", base->index);
    base->pci = get_pci(device, extensions);
    device->platform_version = pf_opencl_platform_text(
            &device->cl, device->platform, CL_PLATFORM_VERSION);
    device->shapes_apart = device->platform_version
            && must_keep_shapes_apart(device->platform_version);
    return base->name && base->driver && base->platform && base->selector
            && base->pci && device->platform_version;
}

/* ---- Life -------------------------------------------------------------------------------- */

static bool fill(struct pf_opencl_device *device,
        const struct pf_opencl_found *found, cl_device_type type)
{
    const struct pf_backend_options *options = found->options;
    struct pf_device *base = &device->base;
    base->backend = &pf_backend_opencl;
    base->kind = kind(type);
    base->same_cpu = base->kind == PF_DEVICE_CPU;
    base->index = found->index;
    base->workers = 1;
    device->zero_copy = options->zero_copy != PF_ZERO_COPY_OFF;
    device->zero_copy_forced = options->zero_copy == PF_ZERO_COPY_ON;
    if (base->same_cpu)
        limit_cores(device, options->processors);
    char *extensions =
            pf_opencl_device_text(&device->cl, device->id, CL_DEVICE_EXTENSIONS);
    bool filled = extensions && get_names(device, extensions);
    if (options->cache_dir) {
        device->cache_dir = pf_text_copy(options->cache_dir);
        filled = filled && device->cache_dir;
    }
    if (filled)
        get_limits(device, extensions);
    free(extensions);
    /* Copies run beside kernels where the device has memory of its own. */
    base->lanes = base->limits.shared_memory ? 2 : PF_OPENCL_LANES;
    return filled;
}

enum parfun_status pf_opencl_device_create(const struct pf_opencl_found *found,
        struct pf_opencl_device **result, const char **why)
{
    *result = NULL;
    struct pf_opencl_device *device = calloc(1, sizeof *device);
    if (!device)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for an OpenCL device");
    device->cl = *found->cl;
    device->platform = found->platform;
    device->id = device->whole = found->id;
    cl_device_type type;
    GET(device, CL_DEVICE_TYPE, &type);
    *why = refuse(device, type);
    if (*why) {
        pf_opencl_close(&device->base);
        return PARFUN_OK;
    }
    if (!fill(device, found, type)) {
        pf_opencl_close(&device->base);
        return pf_fail(PARFUN_NO_MEMORY, "no memory for an OpenCL device");
    }
    *result = device;
    return PARFUN_OK;
}

enum parfun_status pf_opencl_part(
        struct pf_device *base, unsigned units, struct pf_device **part)
{
    struct pf_opencl_device *device = pf_opencl_device(base), *made;
    const struct pf_backend_options options = {
        .processors = units,
        .cache_dir = device->cache_dir,
        .zero_copy = device->zero_copy_forced ? PF_ZERO_COPY_ON
                : device->zero_copy           ? PF_ZERO_COPY_AUTO
                                              : PF_ZERO_COPY_OFF,
    };
    const struct pf_opencl_found found = { &device->cl, &options, device->platform,
        device->whole, base->index };
    const char *why;
    *part = NULL;
    PF_TRY(pf_opencl_device_create(&found, &made, &why));
    if (made && made->base.limits.compute_units > units) {
        pf_opencl_close(&made->base);
        made = NULL;
    }
    if (made)
        *part = &made->base;
    return PARFUN_OK;
}

void pf_opencl_close(struct pf_device *base)
{
    if (!base)
        return;
    struct pf_opencl_device *device = pf_opencl_device(base);
    pf_opencl_context_finish(device);
    if (device->id != device->whole && !device->lost)
        device->cl.clReleaseDevice(device->id);
    free(base->name);
    free(base->platform);
    free(base->driver);
    free(base->selector);
    free(base->pci);
    free(device->platform_version);
    free(device->cache_dir);
    free(device);
}
