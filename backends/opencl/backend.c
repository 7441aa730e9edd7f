/* SPDX-License-Identifier: Apache-2.0 */
/* backend.c: the OpenCL backend's table. */
#include "backends/opencl/opencl.h"
#include "backends/table.h"

const struct pf_backend pf_backend_opencl = {
    .name = "opencl",
    .summary = "OpenCL devices: GPUs, accelerators, CPUs through a driver",
    .cuts = true,
    .open = pf_opencl_open,
    .close = pf_opencl_close,
    .part = pf_opencl_part,
    .give_up = pf_opencl_give_up,
    .code_create = pf_opencl_code_create,
    .code_destroy = pf_opencl_code_destroy,
    .offsets = pf_opencl_code_offsets,
    .memory_create = pf_opencl_memory_create,
    .memory_destroy = pf_opencl_memory_destroy,
    .write = pf_opencl_write,
    .read = pf_opencl_read,
    .move = pf_opencl_move,
    .launch = pf_opencl_launch,
    .inputs_taken = pf_opencl_inputs_taken,
    .mark = pf_opencl_mark,
    .wait = pf_opencl_wait,
};
