/* SPDX-License-Identifier: Apache-2.0 */
/* type.h: OpenCL C's scalar types, as the runtime and the kernel compiler know
 * them. */
#ifndef PF_BASE_TYPE_H
#define PF_BASE_TYPE_H

#include <stdbool.h>
#include <stddef.h>

enum pf_type {
    PF_TYPE_OTHER, /* structs, pointers, void: only their size is known */
    PF_TYPE_CHAR,
    PF_TYPE_UCHAR,
    PF_TYPE_SHORT,
    PF_TYPE_USHORT,
    PF_TYPE_INT,
    PF_TYPE_UINT,
    PF_TYPE_LONG,
    PF_TYPE_ULONG,
    PF_TYPE_HALF,
    PF_TYPE_FLOAT,
    PF_TYPE_DOUBLE
};

struct pf_type_info {
    const char *name;   /* in OpenCL C: "uchar" */
    const char *c_name; /* in the generated header: "uint8_t" */
    unsigned char bytes;
    bool is_integer, is_signed;
};

/* For PF_TYPE_OTHER: names "", 0 bytes. */
const struct pf_type_info *pf_type_info(enum pf_type type);

/* Reads "float", "unsigned int", "size_t", "float4" ...: the scalar type, and in
 * *width the number of components (1, 2, 3, 4, 8 or 16; a vector of 3 is stored
 * as 4).  PF_TYPE_OTHER and width 1 for any other name. */
enum pf_type pf_type_parse(const char *name, unsigned *width);

#endif
