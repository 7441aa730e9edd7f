/* SPDX-License-Identifier: Apache-2.0 */
/* reduce_device.c: kernels/reduce.cl, described for one reduction. */
#include "runtime/reduce_device.h"

#include "runtime/reduce_source.h"

#include <stdio.h>
#include <string.h>

/* The type whose arithmetic is meant: sums of signed integers wrap. */
static enum pf_type working_type(const struct pf_reduction *reduction)
{
    static const enum pf_type wrapping[] = {
        [PF_TYPE_CHAR] = PF_TYPE_UCHAR,
        [PF_TYPE_SHORT] = PF_TYPE_USHORT,
        [PF_TYPE_INT] = PF_TYPE_UINT,
        [PF_TYPE_LONG] = PF_TYPE_ULONG,
    };
    const enum pf_type type = reduction->result_type;

    if (reduction->operation == PF_MIN || reduction->operation == PF_MAX
            || !pf_type_info(type)->is_integer || !pf_type_info(type)->is_signed)
        return type;
    return wrapping[type];
}

static void write_type(char *to, size_t bytes, enum pf_type type, unsigned width)
{
    snprintf(to, bytes, width > 1 ? "%s%u" : "%s", pf_type_info(type)->name, width);
}

static void write_build(struct pf_reduce_device *device,
        const struct pf_reduction *reduction, const char *working)
{
    static const char *const operators[] = {
        [PF_SUM] = "PF_SUM",
        [PF_MIN] = "PF_MIN",
        [PF_MAX] = "PF_MAX",
        [PF_PRODUCT] = "PF_PRODUCT",
        [PF_AND] = "PF_AND",
        [PF_OR] = "PF_OR",
        [PF_XOR] = "PF_XOR",
    };
    const bool doubles = reduction->type == PF_TYPE_DOUBLE
            || reduction->result_type == PF_TYPE_DOUBLE;

    snprintf(device->build, sizeof device->build,
            "-DPF_VALUE=%s -DPF_RESULT=%s -DPF_AS=as_%s -DPF_CONVERT=convert_%s "
            "-DPF_LANES=%d -DPF_BLOCK=%d -D%s%s%s",
            device->value, working, working, device->result, PF_REDUCE_LANES,
            PF_REDUCE_BLOCK, operators[reduction->operation],
            pf_type_info(reduction->result_type)->is_integer ? " -DPF_INTEGERS"
                                                             : "",
            doubles ? " -DPF_DOUBLES" : "");
    if (doubles)
        device->kernel.flags |= PARFUN_KERNEL_DOUBLES;
}

void pf_reduce_device_init(
        struct pf_reduce_device *device, const struct pf_reduction *reduction)
{
    const uint32_t value_bytes = (uint32_t)pf_reduce_value_bytes(reduction);
    const uint32_t result_bytes = (uint32_t)pf_reduce_result_bytes(reduction);
    char working[sizeof device->result];

    memset(device, 0, sizeof *device);
    write_type(
            device->value, sizeof device->value, reduction->type, reduction->width);
    write_type(device->result, sizeof device->result, reduction->result_type,
            reduction->width);
    write_type(working, sizeof working, working_type(reduction), reduction->width);
    device->parameters[0] = (struct parfun_parameter){ .name = "values",
        .type = device->value,
        .bytes = value_bytes,
        .alignment = value_bytes,
        .space = PARFUN_GLOBAL_SPACE,
        .is_const = 1 };
    device->parameters[1] = (struct parfun_parameter){ .name = "first",
        .type = "ulong",
        .bytes = 8,
        .alignment = 8,
        .space = PARFUN_VALUE_SPACE };
    device->parameters[2] = (struct parfun_parameter){ .name = "blocks",
        .type = device->result,
        .bytes = result_bytes,
        .alignment = result_bytes,
        .space = PARFUN_GLOBAL_SPACE };
    device->kernel = (struct parfun_kernel){ .abi = PARFUN_KERNEL_ABI,
        .flags = PARFUN_KERNEL_BARRIERS | PARFUN_KERNEL_GROUPS
                | PARFUN_KERNEL_GROUP_EXTENT,
        .name = "pf_reduce_blocks",
        .file = "reduce.cl",
        .source = pf_reduce_source,
        .build = device->build,
        .parameters = device->parameters,
        .parameter_count = 3,
        .required_group = { PF_REDUCE_LANES, 1, 1 } };
    write_build(device, reduction, working);
}
