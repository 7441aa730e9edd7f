/* SPDX-License-Identifier: Apache-2.0 */
/*
 * declaration.h: what can be told about a kernel from its text alone, for OpenCL devices
 * where there is no parfun-cc.  Drivers do not say: not what a kernel asks for, and
 * neither names nor sizes of its parameters reliably.
 *
 * Pure.  It reads declarations, simple macros and typedefs, and looks which words a
 * kernel reaches; what it does not understand it refuses.
 */
#ifndef PF_DECLARATION_H
#define PF_DECLARATION_H

#include <parfun/kernel.h>

struct pf_declaration;

/*
 * Describes the kernel `name` of a text, which `file` stands for in messages; both are
 * copied.  PARFUN_INVALID if there is none, with the names of those there are, or for
 * a misplaced `#pragma parfun`; PARFUN_COMPILE for what no kernel may have;
 * PARFUN_UNSUPPORTED for what only a compiler understands.
 */
enum parfun_status pf_declaration_create(const char *file, const char *text,
        const char *name, struct pf_declaration **source);
void pf_declaration_destroy(struct pf_declaration *source);

/* Without native code; valid as long as the source. */
const struct parfun_kernel *pf_declaration_kernel(
        const struct pf_declaration *source);

/* PARFUN_INVALID: there is no kernel `name`, but `names` ("f, g", or ""). */
enum parfun_status pf_declaration_fail_name(const char *name, const char *names);

/* PARFUN_COMPILE for a text that includes files: it has no folder. */
enum parfun_status pf_declaration_check_includes(
        const char *file, const char *text);

#endif
