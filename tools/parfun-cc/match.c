/* SPDX-License-Identifier: Apache-2.0 */
/* match.c: a pragma belongs to the kernel that is defined next. */
#include "match.h"

#include "file.h"
#include "names.h"
#include <ctype.h>
#include <string.h>

static struct cc_kernel *find_name(struct cc_kernels *kernels, const char *name)
{
    for (size_t i = 0; i < kernels->count; i++)
        if (!strcmp(kernels->items[i].name, name))
            return &kernels->items[i];
    return NULL;
}

/* The kernel of a definition whose name or word `kernel` is a macro: the only one
 * that clang saw on the definition's first lines. */
static struct cc_kernel *find_line(
        struct cc_kernels *kernels, const struct pf_definition *definition)
{
    struct cc_kernel *found = NULL;

    for (size_t i = 0; i < kernels->count; i++) {
        struct cc_kernel *kernel = &kernels->items[i];
        if (kernel->line < definition->first_line
                || kernel->line > definition->last_line || kernel->pragma_count)
            continue;
        if (found && found->line == kernel->line)
            return NULL;
        if (!found || kernel->line < found->line)
            found = kernel;
    }
    return found;
}

static enum cc_exit take_definition(const char *file,
        struct pf_definition *definition, struct cc_kernels *kernels)
{
    struct cc_kernel *kernel =
            definition->name ? find_name(kernels, definition->name) : NULL;
    struct cc_place place = { file, 0, 0 };

    if (!kernel)
        kernel = find_line(kernels, definition);
    place.line = definition->pragmas[0].line;
    if (!kernel)
        return cc_error(place,
                "no kernel follows this `#pragma parfun`: %s (line "
                "%u) is none here; put the pragma directly above a "
                "kernel",
                definition->name ? definition->name : "what follows",
                definition->name ? definition->name_line : definition->first_line);
    if (kernel->pragma_count)
        return cc_error(place,
                "kernel %s has clauses already, at line %u; put "
                "all pragmas above one definition",
                kernel->name, kernel->pragmas[0].line);
    kernel->pragmas = definition->pragmas;
    kernel->pragma_count = definition->pragma_count;
    return CC_RIGHT;
}

static bool is_identifier(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_')
            return false;
    return true;
}

/* `name` is OpenCL C's; C puts the prefix in front. */
static enum cc_exit check_name(
        struct cc_place place, const char *name, const char *prefix, bool only)
{
    const char *c_name = cc_format("%s%s", prefix, name);

    if (!is_identifier(name))
        return cc_error(place,
                "kernel %s: C needs a name of letters, digits and _; rename the "
                "kernel",
                name);
    if (!strncmp(c_name, "parfun_", 7) || !strncmp(c_name, "pf_", 3))
        return cc_error(place,
                "kernel %s: names that begin with parfun_ or pf_ are the library's; "
                "rename it",
                c_name);
    if (cc_name_is_builtin(name) && !*prefix)
        return cc_error(place,
                "kernel %s is called like a built-in function of OpenCL C, which "
                "drivers refuse; rename it, or give a prefix (PREFIX in CMake, "
                "--prefix)",
                name);
    if (only)
        return CC_RIGHT;
    if (cc_name_is_keyword(c_name))
        return cc_error(place,
                "kernel %s is called like a word of C or C++; rename it, or give a "
                "prefix (PREFIX in CMake, --prefix)",
                c_name);
    if (cc_name_is_library(c_name))
        return cc_error(place,
                "kernel %s is called like a function of the C library; rename it, "
                "or give a prefix (PREFIX in CMake, --prefix)",
                c_name);
    return CC_RIGHT;
}

enum cc_exit cc_match_names(
        const char *file, const struct pf_scan *scan, const char *prefix, bool only)
{
    enum cc_exit result = CC_RIGHT;

    for (size_t i = 0; i < scan->count; i++) {
        const struct pf_definition *definition = &scan->definitions[i];
        struct cc_place place = { file, definition->name_line, 0 };
        if (definition->kernel && definition->name
                && check_name(place, definition->name, prefix, only))
            result = CC_WRONG;
    }
    return result;
}

static enum cc_exit check_parameters(
        const char *file, const struct cc_kernel *kernel)
{
    for (unsigned i = 0; i < kernel->parameter_count; i++)
        if (!*kernel->parameters[i].name)
            return cc_error((struct cc_place){ file, kernel->line, 0 },
                    "kernel %s: parameter %u has no name; clauses and C need one",
                    kernel->name, i + 1);
    return CC_RIGHT;
}

/* saxpy_function() is generated, too. */
static enum cc_exit check_pairs(const char *file, const struct cc_kernels *kernels)
{
    for (size_t a = 0; a < kernels->count; a++)
        for (size_t b = 0; b < kernels->count; b++)
            if (!strcmp(cc_format("%s_function", kernels->items[a].c_name),
                        kernels->items[b].c_name))
                return cc_error(
                        (struct cc_place){ file, kernels->items[b].line, 0 },
                        "kernel %s: that is the name of a function generated for "
                        "kernel %s; rename one",
                        kernels->items[b].name, kernels->items[a].name);
    return CC_RIGHT;
}

enum cc_exit cc_match(const char *file, struct pf_scan *scan, const char *prefix,
        bool only, struct cc_kernels *kernels)
{
    enum cc_exit result = CC_RIGHT;

    for (size_t i = 0; i < scan->count; i++)
        if (scan->definitions[i].pragma_count
                && take_definition(file, &scan->definitions[i], kernels))
            result = CC_WRONG;
    if (!kernels->count && !only)
        return cc_error((struct cc_place){ file, 0, 0 },
                "no kernel; one begins with `kernel void`");
    for (size_t i = 0; i < kernels->count; i++) {
        struct cc_kernel *kernel = &kernels->items[i];
        size_t length = strlen(prefix);
        bool renamed = length && !strncmp(kernel->name, prefix, length)
                && cc_name_is_builtin(kernel->name + length);
        const char *name = renamed ? kernel->name + length : kernel->name;
        kernel->c_name = cc_format("%s%s", prefix, name);
        if (check_name(
                    (struct cc_place){ file, kernel->line, 0 }, name, prefix, only)
                || check_parameters(file, kernel))
            result = CC_WRONG;
    }
    return result || only ? result : check_pairs(file, kernels);
}

void cc_match_rename(struct cc_text *text, struct pf_scan *scan, const char *prefix)
{
    struct cc_text renamed = { 0 };
    size_t done = 0;

    for (size_t i = 0; i < scan->count; i++) {
        struct pf_definition *definition = &scan->definitions[i];
        if (!definition->kernel || !definition->name || !*prefix
                || !cc_name_is_builtin(definition->name))
            continue;
        cc_append(&renamed, text->data + done, definition->name_at - done);
        cc_add(&renamed, "%s", prefix);
        done = definition->name_at;
        definition->name = cc_format("%s%s", prefix, definition->name);
    }
    cc_append(&renamed, text->data + done, text->length - done);
    *text = renamed;
}

struct parfun_kernel cc_match_describe(
        const char *file, const struct cc_kernel *kernel)
{
    return (struct parfun_kernel){
        .abi = PARFUN_KERNEL_ABI,
        .flags = kernel->flags,
        .name = kernel->name,
        .file = cc_path_name(file),
        .source = "",
        .build = "",
        .parameters = kernel->parameters,
        .pragmas = kernel->pragmas,
        .parameter_count = kernel->parameter_count,
        .pragma_count = kernel->pragma_count,
        .required_group = { kernel->required_group[0], kernel->required_group[1],
                kernel->required_group[2] },
    };
}

enum cc_exit cc_match_clauses(const char *file, struct cc_kernels *kernels)
{
    enum cc_exit result = CC_RIGHT;

    for (size_t i = 0; i < kernels->count; i++) {
        struct cc_kernel *kernel = &kernels->items[i];
        struct parfun_kernel described = cc_match_describe(file, kernel);
        if (!kernel->pragma_count)
            continue;
        if (pf_clauses_create(&described, file, kernel->pragmas,
                    kernel->pragma_count, &kernel->clauses)) {
            kernel->clauses = NULL;
            result = cc_error_again();
        }
    }
    return result;
}

/* Surely more items than one, each with an element of its own of the results. */
static bool has_items(const struct pf_clauses *clauses)
{
    bool split = false;

    for (unsigned i = 0; i < clauses->argument_count; i++) {
        if (clauses->arguments[i].generator)
            return false;
        split |= clauses->arguments[i].split != PF_SPLIT_NONE;
    }
    return split && !clauses->grouped;
}

static bool is_plain(const struct pf_argument *argument)
{
    return argument->combine == PF_COMBINE_ROWS && argument->extent.factor == 1
            && !argument->extent.count;
}

/* An item has one element, and its neighbours' are not there at the partition's ends. */
static bool has_no_neighbours(
        const struct pf_clauses *clauses, const struct pf_argument *argument)
{
    const bool split = argument->split == PF_SPLIT_ROWS
            || (argument->split == PF_SPLIT_NONE
                    && argument->combine == PF_COMBINE_ROWS);

    return split && argument->extent.factor == 1 && !argument->extent.count
            && !argument->halo.factor && clauses->dimensions == 1
            && !clauses->absolute;
}

static struct cc_place place_of(const char *file, struct cc_written written)
{
    return (struct cc_place){ file, written.line, written.column };
}

/* What a kernel does with an array that its clauses do not allow for. */
static enum cc_exit check_array(const char *file, const struct cc_list *language,
        const struct cc_kernel *kernel, unsigned index)
{
    const struct pf_clauses *clauses = kernel->clauses;
    const struct pf_argument *argument = &clauses->arguments[index];
    const struct cc_written fixed = kernel->fixed[index];
    const struct cc_written update = kernel->update[index];
    const struct cc_written beside = kernel->neighbour[index];
    const char *name = kernel->parameters[index].name;
    const char *operation = pf_operator_name(argument->operation);

    if (argument->role != PF_ROLE_ARRAY)
        return CC_RIGHT;
    if (fixed.line && argument->combine == PF_COMBINE_REDUCE)
        return cc_warning(language, place_of(file, fixed),
                "combine(%s: %s) joins one value of each item, but all items write the "
                "same element: write %s[get_global_id(0)]",
                operation, name, name);
    if (fixed.line && fixed.by_all && is_plain(argument) && has_items(clauses))
        return cc_warning(language, place_of(file, fixed),
                "combine(%s) keeps one element of each item, but all items write the "
                "same element: write %s[get_global_id(%u)], and, if one value of them "
                "all is meant, combine(sum: %s) or its like",
                name, name, clauses->dimensions - 1, name);
    if (update.line && argument->combine == PF_COMBINE_ACCUMULATE)
        return cc_warning(language, place_of(file, update),
                "combine(accumulate(%s, ...): %s) is updated by several items at once, "
                "and devices lose updates that are no atomics: write atomic_add(&%s[i], "
                "x) or the like; of floats see docs/reductions.md",
                operation, name, name);
    if (beside.line && has_no_neighbours(clauses, argument))
        return cc_warning(language, place_of(file, beside),
                "this element of '%s' is another item's, and may be another "
                "partition's: %s",
                name,
                argument->split == PF_SPLIT_ROWS
                        ? "split it as rows(1), halo(N), where an item's own is at "
                          "get_global_id(0) + N, or give it whole, with ids(absolute)"
                        : "each item writes its own, at get_global_id(0)");
    return CC_RIGHT;
}

static enum cc_exit check_results(const char *file, const struct cc_list *language,
        const struct cc_kernel *kernel)
{
    enum cc_exit result = CC_RIGHT;

    for (unsigned i = 0; i < kernel->clauses->argument_count; i++)
        if (check_array(file, language, kernel, i))
            result = CC_WRONG;
    return result;
}

enum cc_exit cc_match_results(const char *file, const struct cc_list *language,
        const struct cc_kernels *kernels)
{
    enum cc_exit result = CC_RIGHT;

    for (size_t i = 0; i < kernels->count; i++)
        if (kernels->items[i].clauses
                && check_results(file, language, &kernels->items[i]))
            result = CC_WRONG;
    return result;
}

void cc_match_tell(const char *file, const struct cc_kernels *kernels)
{
    for (size_t i = 0; i < kernels->count; i++)
        if (!kernels->items[i].pragma_count)
            cc_note((struct cc_place){ file, kernels->items[i].line, 0 },
                    "kernel %s has no `#pragma parfun` directly above it, so there "
                    "is no function %s()",
                    kernels->items[i].name, kernels->items[i].c_name);
}

const char *cc_match_only(const char *name, struct cc_kernels *kernels)
{
    struct cc_kernel *found = NULL;
    struct cc_text names = { 0 };

    cc_append(&names, "", 0);
    for (size_t i = 0; i < kernels->count; i++) {
        struct cc_kernel *kernel = &kernels->items[i];

        cc_add(&names, "%s%s", i ? ", " : "", kernel->name);
        if (!strcmp(kernel->name, name))
            found = kernel;
    }
    if (found)
        kernels->items[0] = *found;
    kernels->count = found != NULL;
    return names.data;
}

void cc_match_lenient(
        const char *file, const char *clauses, struct cc_kernels *kernels)
{
    const struct parfun_pragma given = { clauses, 1, 1 };

    for (size_t i = 0; i < kernels->count; i++) {
        struct cc_kernel *kernel = &kernels->items[i];
        const struct parfun_kernel described = cc_match_describe(file, kernel);
        const struct parfun_pragma *pragmas = clauses ? &given : kernel->pragmas;

        if (pf_clauses_create(&described, file, pragmas,
                    clauses ? 1 : kernel->pragma_count, &kernel->clauses))
            kernel->clauses = NULL;
    }
}

void cc_match_finish(struct cc_kernels *kernels)
{
    for (size_t i = 0; i < kernels->count; i++) {
        pf_clauses_destroy(kernels->items[i].clauses);
        kernels->items[i].clauses = NULL;
    }
}
