/* SPDX-License-Identifier: Apache-2.0 */
/* selector.c: the grammar of selectors. */
#include "runtime/selector.h"

#include "backends/table.h"
#include "runtime/base/error.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* The Python library's names. */
static const char *const alias[][2] = {
    { "local_single_process", "serial" },
    { "local_multiprocessing", "threads" },
};

static char *trim(char *text)
{
    char *end;

    while (isspace((unsigned char)*text))
        text++;
    end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    *end = '\0';
    return text;
}

static bool is_choice(const char *word, size_t length)
{
    if (length == 4 && memcmp(word, "auto", 4) == 0)
        return true;
    for (size_t i = 0; i < sizeof alias / sizeof *alias; i++)
        if (strlen(alias[i][0]) == length && memcmp(word, alias[i][0], length) == 0)
            return true;
    for (size_t i = 0; pf_backend_table[i]; i++)
        if (strlen(pf_backend_table[i]->name) == length
                && memcmp(word, pf_backend_table[i]->name, length) == 0)
            return true;
    return false;
}

/* Is there a choice among the words of this text, but for the first one? */
static enum parfun_status check_commas(const char *selector, const char *text)
{
    const char *word = text + strcspn(text, " \t");

    for (; *(word += strspn(word, " \t")); word += strcspn(word, " \t"))
        if (is_choice(word, strcspn(word, " \t")))
            return pf_fail(PARFUN_INVALID,
                    "backend \"%s\": a comma is missing before \"%.*s\"; choices are "
                    "joined as in \"threads:1, opencl:gpu\"",
                    selector, (int)strcspn(word, " \t"), word);
    return PARFUN_OK;
}

/* Cuts "opencl:pocl:/a:b/" at the colons outside slashes and of pci=. */
static enum parfun_status cut_term(
        const char *selector, char *text, struct pf_selector_term *term)
{
    char *at = trim(text);

    *term = (struct pf_selector_term){ .backend = at };
    while (*at && *at != ':')
        at++;
    while (*at == ':') {
        *at++ = '\0';
        if (term->which_count == PF_SELECTOR_WHICH_MAX)
            return pf_fail(PARFUN_INVALID,
                    "backend \"%s\": more than %d conditions in one term", selector,
                    (int)PF_SELECTOR_WHICH_MAX);
        at += strspn(at, " \t");
        term->which[term->which_count++] = at;
        if (*at == '/') {
            at = strchr(at + 1, '/');
            if (!at)
                return pf_fail(PARFUN_INVALID,
                        "backend \"%s\": the name after '/' needs a second '/' "
                        "at its end",
                        selector);
            at++;
            at += strspn(at, " \t");
        } else if (strncmp(at, "pci=", 4) == 0) {
            at += strlen(at);
        } else {
            while (*at && *at != ':')
                at++;
        }
    }
    if (*at) {
        PF_TRY(check_commas(selector, at - 1));
        return pf_fail(
                PARFUN_INVALID, "backend \"%s\": unexpected \"%s\"", selector, at);
    }
    term->backend = trim(term->backend);
    PF_TRY(check_commas(selector, term->backend));
    for (unsigned w = 0; w < term->which_count; w++) {
        term->which[w] = trim(term->which[w]);
        if (term->which[w][0] != '/')
            PF_TRY(check_commas(selector, term->which[w]));
    }
    for (size_t i = 0; i < sizeof alias / sizeof *alias; i++)
        if (strcmp(term->backend, alias[i][0]) == 0)
            memcpy(term->backend, alias[i][1], strlen(alias[i][1]) + 1);
    return PARFUN_OK;
}

/* Ends at a comma outside slashes. */
static char *next_term(char **rest)
{
    char *begin = *rest, *at = begin;
    bool name = false;

    for (; *at && (name || *at != ','); at++)
        if (*at == '/')
            name = !name;
    *rest = *at ? at + 1 : NULL;
    *at = '\0';
    return begin;
}

enum parfun_status pf_selector_next(
        const char *selector, char **rest, struct pf_selector_term *term)
{
    PF_TRY(cut_term(selector, next_term(rest), term));
    if (!*term->backend)
        return pf_fail(PARFUN_INVALID,
                "backend \"%s\": a name is missing; try \"auto\", \"threads\" "
                "or \"opencl:gpu\"",
                selector);
    return PARFUN_OK;
}

/* An empty condition would match every device. */
enum parfun_status pf_selector_check(
        const char *selector, const struct pf_selector_term *term)
{
    for (unsigned w = 0; w < term->which_count; w++)
        if (!*term->which[w] || strcmp(term->which[w], "//") == 0)
            return pf_fail(PARFUN_INVALID,
                    "backend \"%s\": after \"%s:\" a condition is missing; try "
                    "\"gpu\", a number, or a part of the device's name such as "
                    "\"/Arc/\"",
                    selector, term->backend);
    return PARFUN_OK;
}
