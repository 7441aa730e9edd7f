/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signature_type.h: C's names of types, word by word: "unsigned long int" in any
 * order, "struct body", "int32_t", and typedefs that nothing is known of.
 */
#ifndef PF_SIGNATURE_TYPE_H
#define PF_SIGNATURE_TYPE_H

#include <parfun/kernel.h>

struct pf_c_word {
    const char *text;
    size_t length;
};

/* All zero: no word yet. */
struct pf_c_type {
    unsigned words;
    bool tagged, tag_named; /* struct, union, enum; and its name */
    struct pf_c_word typedef_name;
    unsigned char is_void, is_char, is_short, is_int, is_long, is_float, is_double,
            is_bool, is_signed, is_unsigned; /* how often each was written */
};

bool pf_c_word_is(struct pf_c_word word, const char *text);
bool pf_c_is_keyword(struct pf_c_word word);

/* Does a word that is no qualifier go on with the type, or is it the name of the
 * parameter? */
bool pf_c_type_takes(const struct pf_c_type *type, struct pf_c_word word);
/* false: the words together are no type. */
bool pf_c_type_add(struct pf_c_type *type, struct pf_c_word word);
bool pf_c_type_is_complete(const struct pf_c_type *type);
bool pf_c_type_is_void(const struct pf_c_type *type);

/* Sets type, bytes and alignment; of an opaque type bytes is 0 and type NULL. */
void pf_c_type_describe(
        const struct pf_c_type *type, struct parfun_parameter *parameter);

#endif
