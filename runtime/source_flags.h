/* SPDX-License-Identifier: Apache-2.0 */
/* source_flags.h: what a kernel asks for, by the words that it reaches. */
#ifndef PF_SOURCE_FLAGS_H
#define PF_SOURCE_FLAGS_H

#include "runtime/scan.h"
#include "runtime/source_words.h"

/* enum parfun_kernel_flag of a definition: its words, those of the functions and
 * macros that they name, and so on.  Code that is never reached counts, too. */
enum parfun_status pf_source_flags(const char *text, const struct pf_scan *scan,
        const struct pf_definition *kernel, struct pf_words *words,
        uint32_t *flags);

#endif
