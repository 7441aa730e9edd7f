/* SPDX-License-Identifier: Apache-2.0 */
/* selector_say.c: what is said of a backend that there is not. */
#include "runtime/selector.h"

#include "backends/table.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/nearest.h"

#include <string.h>
#include <strings.h>

enum { NAMES_MAX = 16 };

/* What other programs and vendors call what is reached otherwise here. */
static const struct {
    const char *word, *selector;
} meanings[] = {
    { "cpu", "threads" },
    { "openmp", "threads" },
    { "omp", "threads" },
    { "pthreads", "threads" },
    { "gpu", "opencl:gpu" },
    { "accelerator", "opencl:accelerator" },
    { "cl", "opencl" },
    { "cuda", "opencl:nvidia" },
    { "nvidia", "opencl:nvidia" },
    { "amd", "opencl:amd" },
    { "hip", "opencl:amd" },
    { "rocm", "opencl:amd" },
    { "intel", "opencl:intel" },
    { "pocl", "opencl:pocl" },
};

/* A selector that may have been meant, or NULL. */
static const char *guess(const char *name)
{
    const char *names[NAMES_MAX] = { "auto" };
    size_t count = 1;

    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (strcasecmp(name, meanings[i].word) == 0
                && (!pf_text_begins(meanings[i].selector, "opencl")
                        || pf_backend_find("opencl")))
            return meanings[i].selector;
    for (size_t i = 0; pf_backend_table[i] && count < NAMES_MAX; i++)
        names[count++] = pf_backend_table[i]->name;
    return pf_nearest_find(name, strlen(name), names, count);
}

/* "threads 2", "opencl gpu": the word behind the blanks, or NULL. */
static const char *find_condition(const char *name, size_t length)
{
    const char *word = name + length + strspn(name + length, " \t");
    const struct pf_backend *backend;

    if (!*word || word[strcspn(word, " \t")])
        return NULL;
    for (size_t i = 0; (backend = pf_backend_table[i]) != NULL; i++)
        if (strlen(backend->name) == length
                && strncmp(backend->name, name, length) == 0
                && (!backend->native
                        || (strcmp(backend->name, "threads") == 0
                                && word[strspn(word, "0123456789")] == '\0')))
            return word;
    return NULL;
}

enum parfun_status pf_selector_unknown(const char *selector, const char *name)
{
    const size_t length = strcspn(name, " \t");
    const char *word = name[length] ? find_condition(name, length) : NULL;
    const char *meant = guess(name);
    struct pf_text known = { 0 };
    enum parfun_status status;

    if (word)
        return pf_fail(PARFUN_INVALID,
                "backend \"%s\": a colon is missing before \"%s\"; write \"%.*s:%s\"",
                selector, word, (int)length, name, word);
    pf_text_add(&known, "auto");
    for (size_t i = 0; pf_backend_table[i]; i++)
        pf_text_format(&known, ", %s", pf_backend_table[i]->name);
    status = pf_fail(PARFUN_NO_BACKEND,
            "backend \"%s\": there is no backend \"%s\" in this build; there are "
            "%s%s%s%s",
            selector, name, pf_text_get(&known), meant ? "; did you mean \"" : "",
            meant ? meant : "", meant ? "\"?" : "");
    pf_text_finish(&known);
    return status;
}
