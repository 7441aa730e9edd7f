/* SPDX-License-Identifier: Apache-2.0 */
/* declaration_flags.h: what a kernel asks for, by the words that it reaches. */
#ifndef PF_DECLARATION_FLAGS_H
#define PF_DECLARATION_FLAGS_H

#include "runtime/scan.h"
#include "runtime/words.h"

/* enum parfun_kernel_flag of a definition: its words, those of the functions and
 * macros that they name, and so on.  Code that is never reached counts, too. */
enum parfun_status pf_declaration_flags(const char *text,
        const struct pf_scan *scan, const struct pf_definition *kernel,
        struct pf_words *words, uint32_t *flags);

#endif
