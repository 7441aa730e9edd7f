/* SPDX-License-Identifier: Apache-2.0 */
/* declaration_flags.c: walks from a kernel through the functions and macros it names. */
#include "runtime/declaration_flags.h"

#include "runtime/base/error.h"
#include "runtime/base/lexer.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    uint32_t flags;
} meanings[] = {
    { "barrier", PARFUN_KERNEL_BARRIERS },
    { "local", PARFUN_KERNEL_BARRIERS },
    { "__local", PARFUN_KERNEL_BARRIERS },
    { "async_work_group_copy", PARFUN_KERNEL_BARRIERS },
    { "async_work_group_strided_copy", PARFUN_KERNEL_BARRIERS },
    { "wait_group_events", PARFUN_KERNEL_BARRIERS },
    { "get_local_id", PARFUN_KERNEL_GROUPS },
    { "get_local_size", PARFUN_KERNEL_GROUPS },
    { "get_group_id", PARFUN_KERNEL_GROUPS | PARFUN_KERNEL_GROUP_EXTENT },
    { "get_num_groups", PARFUN_KERNEL_GROUP_EXTENT },
    { "get_global_size", PARFUN_KERNEL_EXTENT },
    { "printf", PARFUN_KERNEL_PRINTF },
    { "double", PARFUN_KERNEL_DOUBLES },
    { "double2", PARFUN_KERNEL_DOUBLES },
    { "double3", PARFUN_KERNEL_DOUBLES },
    { "double4", PARFUN_KERNEL_DOUBLES },
    { "double8", PARFUN_KERNEL_DOUBLES },
    { "double16", PARFUN_KERNEL_DOUBLES },
};

struct walk {
    const char *text;
    const struct pf_scan *scan;
    struct pf_words *words;
    struct piece {
        const char *at;
        size_t length;
    } *waiting; /* room for every definition and word */
    size_t waiting_count;
    bool *reached; /* definitions */
    uint32_t flags;
};

static void wait_for(struct walk *walk, const char *at, size_t length)
{
    walk->waiting[walk->waiting_count++] = (struct piece){ at, length };
}

static void reach(struct walk *walk, const char *name, size_t length)
{
    struct pf_word *word = pf_words_find(walk->words, name, length);

    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (strncmp(meanings[i].word, name, length) == 0
                && !meanings[i].word[length])
            walk->flags |= meanings[i].flags;
    if (word && !word->visited) {
        word->visited = true;
        wait_for(walk, word->meaning, strlen(word->meaning));
    }
    for (size_t d = 0; d < walk->scan->count; d++) {
        const struct pf_definition *definition = &walk->scan->definitions[d];

        if (walk->reached[d] || !definition->name
                || strncmp(definition->name, name, length) != 0
                || definition->name[length])
            continue;
        walk->reached[d] = true;
        wait_for(walk, walk->text + definition->begin,
                definition->end - definition->begin);
    }
}

static void walk_on(struct walk *walk)
{
    while (walk->waiting_count) {
        const struct piece piece = walk->waiting[--walk->waiting_count];
        struct pf_lexer lexer = pf_lexer_begin(piece.at, piece.length);
        struct pf_token token;

        while ((token = pf_lexer_next(&lexer)).kind != PF_TOKEN_END)
            if (token.kind == PF_TOKEN_WORD)
                reach(walk, piece.at + token.begin, token.end - token.begin);
    }
}

enum parfun_status pf_declaration_flags(const char *text,
        const struct pf_scan *scan, const struct pf_definition *kernel,
        struct pf_words *words, uint32_t *flags)
{
    struct walk walk = { .text = text, .scan = scan, .words = words };
    enum parfun_status status = PARFUN_OK;

    walk.waiting = calloc(scan->count + words->count + 1, sizeof *walk.waiting);
    walk.reached = calloc(scan->count, sizeof *walk.reached);
    if (walk.waiting && walk.reached) {
        reach(&walk, kernel->name, strlen(kernel->name));
        walk_on(&walk);
        /* Functions of this name may be for 32 bits, too: the extension tells. */
        if (strstr(text, "cl_khr_int64_"))
            walk.flags |= PARFUN_KERNEL_INT64_ATOMICS;
        *flags = walk.flags;
    } else {
        status = pf_fail(PARFUN_NO_MEMORY, "no memory to read a kernel's text");
    }
    free(walk.waiting);
    free(walk.reached);
    return status;
}
