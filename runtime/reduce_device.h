/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reduce_device.h: a reduction's whole blocks, reduced on an OpenCL device by
 * kernels/reduce.cl.  The result is handed to pf_reduce_part_blocks().  Not for
 * devices that flush denormals to zero: they would give other bits.
 */
#ifndef PF_REDUCE_DEVICE_H
#define PF_REDUCE_DEVICE_H

#include "runtime/reduce.h"

/*
 * A kernel with the parameters (values, ulong first, blocks).  Launch it with
 * PF_REDUCE_LANES work-items per block, in work-groups of PF_REDUCE_LANES: it reads
 * PF_REDUCE_BLOCK values per block, from values[first] on, and writes one element
 * of the result's type.  Build it with no options but its own: fast math would give
 * other bits.  The kernel points into the struct, which must stay where it is as
 * long as code made of it lives.
 */
struct pf_reduce_device {
    struct parfun_kernel kernel;
    struct parfun_parameter parameters[3];
    char value[16], result[16]; /* OpenCL C's names of the types */
    char build[256];
};

void pf_reduce_device_init(
        struct pf_reduce_device *device, const struct pf_reduction *reduction);

#endif
