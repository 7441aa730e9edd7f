/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signature.h: the parameters of a function written in C, from the text of their
 * declarations:
 *
 *     const double *x, const char *const *names, struct body *bodies, size_t n
 *
 * A pointer is an array: an input if what it points at is const, else an output.
 * Arithmetic types are known by size; structs, unions, enums, typedefs and what
 * void * points at are opaque, and as large as the caller's values say.
 */
#ifndef PF_SIGNATURE_H
#define PF_SIGNATURE_H

#include <parfun/kernel.h>

enum { PF_SIGNATURE_BYTES = 16384, PF_SIGNATURE_PARAMETERS = 255 };

/* The function described as kernels are, for all that reads their descriptions: no
 * native code, no text.  parameter.bytes 0: opaque. */
struct pf_signature {
    struct parfun_kernel kernel;
    char *text; /* holds the strings */
    struct parfun_parameter *parameters;
};

/* On failure PARFUN_INVALID, naming the function and the character of the text where
 * the mistake is, or PARFUN_NO_MEMORY.  Free with pf_signature_destroy(). */
enum parfun_status pf_signature_create(
        const char *name, const char *text, struct pf_signature **signature);

/* Takes NULL. */
void pf_signature_destroy(struct pf_signature *signature);

#endif
