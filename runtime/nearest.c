/* SPDX-License-Identifier: Apache-2.0 */
/* nearest.c: how far names are from a word. */
#include "runtime/nearest.h"

#include <string.h>

enum { NAME = 64 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* How many letters must be put in, taken out or changed (Levenshtein), small and
 * capital ones alike, for names shorter than NAME. */
static size_t distance(const char *word, size_t word_length, const char *name)
{
    const size_t length = strlen(name);
    size_t row[NAME];

    for (size_t i = 0; i <= length; i++)
        row[i] = i;
    for (size_t k = 0; k < word_length; k++) {
        size_t diagonal = row[0];
        row[0] = k + 1;
        for (size_t i = 0; i < length; i++) {
            size_t change = diagonal + (lower(word[k]) != lower(name[i]));
            diagonal = row[i + 1];
            row[i + 1] = smaller(change, smaller(row[i], diagonal) + 1);
        }
    }
    return row[length];
}

const char *pf_nearest_find(
        const char *word, size_t length, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t best = 3;

    for (size_t i = 0; i < count; i++) {
        const size_t name_length = strlen(names[i]);
        if (name_length >= NAME || length >= NAME)
            continue;
        const size_t far = distance(word, length, names[i]);
        /* About one letter in three may differ: x is no misspelt y. */
        if (far < best && far * 3 <= larger(name_length, length) + 1) {
            best = far;
            nearest = names[i];
        }
    }
    return nearest;
}
