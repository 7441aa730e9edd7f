/* SPDX-License-Identifier: Apache-2.0 */
/* prototype.h: the C function of a kernel, for its header and its definition. */
#ifndef CC_PROTOTYPE_H
#define CC_PROTOTYPE_H

#include "kernels.h"

enum cc_c_kind {
    CC_C_ITEMS,  /* size_t items */
    CC_C_VALUE,  /* a number or a vector */
    CC_C_STRUCT, /* a pointer to a struct that the kernel gets as a value */
    CC_C_ARRAY,
    CC_C_COUNT, /* of the array before it */
    CC_C_PACKED /* receives the number of packed elements */
};

struct cc_c_parameter {
    enum cc_c_kind kind;
    unsigned parameter; /* of the kernel; not of items */
    const char *type;   /* ends with a blank or '*' */
    const char *name;
    const char *note; /* what it is for */
    bool sized;       /* C knows the size of an element */
};

struct cc_prototype {
    struct cc_c_parameter *parameters;
    size_t count;
};

/* The kernel must have clauses. */
struct cc_prototype cc_prototype_make(const struct cc_kernel *kernel);

/* "enum parfun_status saxpy(size_t items, float a)": in lines of 80 columns, with
 * the parameters' names or, in definitions, numbered ones that cannot clash. */
void cc_prototype_add(struct cc_text *text, const struct cc_kernel *kernel,
        const struct cc_prototype *prototype, bool numbered);

/* The tag of "struct body", which headers declare; NULL for other types. */
const char *cc_prototype_tag(const char *type);

#endif
