/* SPDX-License-Identifier: Apache-2.0 */
/* signatures.c: JSON lines to kernels. */
#include "signatures.h"

#include "file.h"
#include "json.h"

#include <errno.h>
#include <string.h>

static const struct {
    const char *name;
    uint32_t flag;
} flags[] = {
    { "barriers", PARFUN_KERNEL_BARRIERS },
    { "groups", PARFUN_KERNEL_GROUPS },
    { "extent", PARFUN_KERNEL_EXTENT },
    { "group_extent", PARFUN_KERNEL_GROUP_EXTENT },
    { "doubles", PARFUN_KERNEL_DOUBLES },
    { "printf", PARFUN_KERNEL_PRINTF },
    { "int64_atomics", PARFUN_KERNEL_INT64_ATOMICS },
};

static enum cc_exit unfit(const char *path)
{
    return cc_fatal("the compiler plugin wrote something else than expected (%s); "
                    "parfun-cc and its plugin must be of one version",
            cc_path_name(path));
}

/* Hands each line's object to `take`. */
static enum cc_exit read_lines(const char *path, struct cc_kernels *kernels,
        bool (*take)(const struct cc_json *line, struct cc_kernels *kernels))
{
    struct cc_text text = { 0 };

    if (!cc_file_read(path, &text))
        return cc_fatal("the compiler plugin wrote no %s: %s; was clang given "
                        "another plugin?",
                cc_path_name(path), strerror(errno));
    for (const char *at = text.data, *end; *at; at = *end ? end + 1 : end) {
        const struct cc_json *line;
        end = at + strcspn(at, "\n");
        if (end == at)
            continue;
        line = cc_json_read(at, end);
        if (!line || line->kind != CC_JSON_OBJECT || !take(line, kernels))
            return unfit(path);
    }
    return CC_RIGHT;
}

/* An array has its elements' qualifiers before its name, though they are known apart. */
static const char *without_qualifiers(const char *type)
{
    static const char *const words[] = { "const ", "volatile ", "__global ",
        "__constant ", "__local " };
    size_t word = 0;

    while (word < sizeof words / sizeof *words) {
        const size_t length = strlen(words[word]);
        const bool found = strncmp(type, words[word], length) == 0;

        type += found ? length : 0;
        word = found ? 0 : word + 1;
    }
    return type;
}

/* The scalar's or vector's own name, so that "unsigned int", "uint" and a typedef
 * of it are one; structs as they are called. */
static const char *type_name(const char *type, const char *base)
{
    unsigned width;
    enum pf_type scalar = pf_type_parse(type, &width);

    if (scalar == PF_TYPE_OTHER)
        scalar = pf_type_parse(base, &width);
    if (scalar == PF_TYPE_OTHER)
        return without_qualifiers(type);
    return width == 1 ? pf_type_info(scalar)->name
                      : cc_format("%s%u", pf_type_info(scalar)->name, width);
}

static bool take_parameter(
        const struct cc_json *json, struct cc_kernel *kernel, size_t index)
{
    struct parfun_parameter *parameter = &kernel->parameters[index];
    uint64_t space = cc_json_number(json, "space");

    parameter->name = cc_json_string(json, "name");
    parameter->type =
            type_name(cc_json_string(json, "type"), cc_json_string(json, "base"));
    parameter->bytes = (uint32_t)cc_json_number(json, "bytes");
    parameter->alignment = (uint32_t)cc_json_number(json, "alignment");
    if (!strcmp(parameter->type, "void"))
        parameter->bytes = parameter->alignment = 1;
    parameter->space =
            cc_json_truth(json, "pointer") ? (uint8_t)space : PARFUN_VALUE_SPACE;
    parameter->is_const = cc_json_truth(json, "const")
            || parameter->space == PARFUN_CONSTANT_SPACE;
    kernel->fixed[index] =
            (struct cc_written){ (unsigned)cc_json_number(json, "fixed_line"),
                (unsigned)cc_json_number(json, "fixed_column"),
                cc_json_truth(json, "fixed_by_all") };
    kernel->update[index] =
            (struct cc_written){ (unsigned)cc_json_number(json, "update_line"),
                (unsigned)cc_json_number(json, "update_column"), false };
    kernel->neighbour[index] =
            (struct cc_written){ (unsigned)cc_json_number(json, "neighbour_line"),
                (unsigned)cc_json_number(json, "neighbour_column"), false };
    return *parameter->type && space <= PARFUN_LOCAL_SPACE;
}

static bool take_signature(const struct cc_json *line, struct cc_kernels *kernels)
{
    const struct cc_json *list = cc_json_member(line, "parameters");
    const struct cc_json *group = cc_json_member(line, "required_group");
    struct cc_kernel *items = cc_memory(kernels->count + 1, sizeof *items);
    struct cc_kernel *kernel = &items[kernels->count];
    size_t i = 0;

    if (kernels->count)
        memcpy(items, kernels->items, kernels->count * sizeof *items);
    kernels->items = items;
    kernels->count++;
    kernel->name = cc_json_string(line, "kernel");
    kernel->line = (unsigned)cc_json_number(line, "line");
    for (size_t f = 0; f < sizeof flags / sizeof *flags; f++)
        if (cc_json_truth(cc_json_member(line, "flags"), flags[f].name))
            kernel->flags |= flags[f].flag;
    if (group)
        for (const struct cc_json *n = group->first; n && i < 3; n = n->next)
            kernel->required_group[i++] = (uint32_t)n->number;
    kernel->parameter_count = (unsigned)cc_json_count(list);
    kernel->parameters =
            cc_memory(kernel->parameter_count, sizeof *kernel->parameters);
    kernel->fixed = cc_memory(kernel->parameter_count, sizeof *kernel->fixed);
    kernel->update = cc_memory(kernel->parameter_count, sizeof *kernel->update);
    kernel->neighbour =
            cc_memory(kernel->parameter_count, sizeof *kernel->neighbour);
    i = 0;
    if (list)
        for (const struct cc_json *p = list->first; p; p = p->next, i++)
            if (!take_parameter(p, kernel, i))
                return false;
    return *kernel->name != '\0';
}

enum cc_exit cc_signatures_read(const char *path, struct cc_kernels *kernels)
{
    *kernels = (struct cc_kernels){ 0 };
    return read_lines(path, kernels, take_signature);
}

static bool take_compiled(const struct cc_json *line, struct cc_kernels *kernels)
{
    const char *name = cc_json_string(line, "kernel");
    const struct cc_json *suffixes = cc_json_member(line, "suffixes");

    for (size_t i = 0; i < kernels->count; i++) {
        struct cc_kernel *kernel = &kernels->items[i];
        if (strcmp(kernel->c_name, name) != 0)
            continue;
        kernel->scratch_fixed = cc_json_number(line, "scratch_fixed");
        kernel->scratch_item = cc_json_number(line, "scratch_item");
        if (!suffixes)
            return false;
        for (const struct cc_json *s = suffixes->first; s; s = s->next) {
            if (s->kind != CC_JSON_STRING)
                return false;
            cc_push(&kernel->suffixes, s->string);
        }
        return kernel->suffixes.count > 0;
    }
    return false;
}

enum cc_exit cc_compiled_read(const char *path, struct cc_kernels *kernels)
{
    return read_lines(path, kernels, take_compiled);
}
