/* SPDX-License-Identifier: Apache-2.0 */
/* prototype.c: OpenCL C's parameters and their clauses as C's parameters. */
#include "prototype.h"

#include "names.h"

#include <ctype.h>
#include <string.h>

const char *cc_prototype_tag(const char *type)
{
    if (strncmp(type, "struct ", 7) != 0)
        return NULL;
    for (const char *c = type + 7; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_')
            return NULL;
    return type + 7;
}

/* Without memory of half's own in C it is stored as a uint16_t. */
static const char *number_type(enum pf_type type, unsigned width)
{
    const struct pf_type_info *info =
            pf_type_info(type == PF_TYPE_HALF ? PF_TYPE_USHORT : type);

    return width == 1 ? info->c_name : cc_format("parfun_%s%u", info->name, width);
}

/* Whether it is, or points at, a number or a vector. */
static bool is_number(const struct parfun_parameter *parameter)
{
    unsigned width;

    return pf_type_parse(parameter->type, &width) != PF_TYPE_OTHER;
}

/* The name of what a parameter is or points at; NULL where C has none. */
static const char *c_type(const struct parfun_parameter *parameter)
{
    unsigned width;
    enum pf_type type = pf_type_parse(parameter->type, &width);

    if (type != PF_TYPE_OTHER)
        return number_type(type, width);
    return cc_prototype_tag(parameter->type) ? parameter->type : NULL;
}

static const char *extent_text(
        const struct cc_kernel *kernel, const struct pf_extent *extent)
{
    struct cc_text text = { 0 };

    if (extent->factor != 1 || !extent->count)
        cc_add(&text, "%zu", extent->factor);
    for (unsigned i = 0; i < extent->count; i++)
        cc_add(&text, "%s%s", text.length ? " * " : "",
                kernel->parameters[extent->parameter[i]].name);
    return text.data;
}

static const char *per_item(
        const struct cc_kernel *kernel, const struct pf_argument *argument)
{
    const char *extent = extent_text(kernel, &argument->extent);

    return cc_format("%s element%s per %s", extent, strcmp(extent, "1") ? "s" : "",
            kernel->clauses->grouped ? "group" : "item");
}

static const char *input_note(
        const struct cc_kernel *kernel, const struct pf_argument *argument)
{
    const char *extent = extent_text(kernel, &argument->extent);

    switch (argument->split) {
    case PF_SPLIT_ROWS:
        if (argument->halo.factor)
            return cc_format("input: %s, and %s more rows at either end",
                    per_item(kernel, argument),
                    extent_text(kernel, &argument->halo));
        return cc_format("input: %s", per_item(kernel, argument));
    case PF_SPLIT_COLUMNS:
        return cc_format("input: 1 column per item, its elements %s apart", extent);
    case PF_SPLIT_GROUP:
        return "input: 1 element per row of the table";
    case PF_SPLIT_NONE:
        break;
    }
    return "input: the whole array for every partition";
}

static const char *array_note(
        const struct cc_kernel *kernel, const struct pf_argument *argument)
{
    const char *extent = extent_text(kernel, &argument->extent);
    const char *verb =
            argument->split == PF_SPLIT_NONE ? "output" : "input and output";

    switch (argument->combine) {
    case PF_COMBINE_ROWS:
        return cc_format("%s: %s", verb, per_item(kernel, argument));
    case PF_COMBINE_COLUMNS:
        return cc_format(
                "%s: 1 column per item, its elements %s apart", verb, extent);
    case PF_COMBINE_REDUCE:
        return cc_format(
                "output: the %s, 1 value", pf_operator_name(argument->operation));
    case PF_COMBINE_ACCUMULATE:
        return cc_format("output: %s elements, the %s of the partitions'", extent,
                pf_operator_name(argument->operation));
    case PF_COMBINE_PACK:
        return "output: the elements kept; room for 1 per item";
    case PF_COMBINE_SHARED:
        return "output: the whole array";
    case PF_COMBINE_EACH:
        return "output: what the combiner makes of the partitions'";
    case PF_COMBINE_GROUP:
        return "output: 1 element per row of the groups, in their order";
    case PF_COMBINE_SCATTER:
        return cc_format("%s: 1 element per row of the table", verb);
    case PF_COMBINE_NONE:
        break;
    }
    return input_note(kernel, argument);
}

static struct cc_c_parameter array_parameter(
        const struct cc_kernel *kernel, unsigned index)
{
    const struct parfun_parameter *parameter = &kernel->parameters[index];
    const struct pf_argument *argument = &kernel->clauses->arguments[index];
    const char *type = c_type(parameter);

    if (argument->combine == PF_COMBINE_EACH)
        type = NULL;
    if (argument->combine == PF_COMBINE_REDUCE
            && argument->result_type != PF_TYPE_OTHER)
        type = number_type(argument->result_type, argument->width);
    return (struct cc_c_parameter){
        .kind = CC_C_ARRAY,
        .parameter = index,
        .type = cc_format("%s%s *",
                argument->combine == PF_COMBINE_NONE ? "const " : "",
                type ? type : "void"),
        .name = parameter->name,
        .note = array_note(kernel, argument),
        .sized = is_number(parameter) && argument->combine != PF_COMBINE_EACH,
    };
}

static struct cc_c_parameter value_parameter(
        const struct cc_kernel *kernel, unsigned index)
{
    const struct parfun_parameter *parameter = &kernel->parameters[index];
    const char *type = c_type(parameter);
    bool number = is_number(parameter);

    return (struct cc_c_parameter){
        .kind = number ? CC_C_VALUE : CC_C_STRUCT,
        .parameter = index,
        .type = number ? cc_format("%s ", type)
                       : cc_format("const %s *", type ? type : "void"),
        .name = parameter->name,
        .note = number ? "value" : cc_format("value, a %s", parameter->type),
        .sized = number,
    };
}

static bool taken(
        const struct cc_prototype *prototype, size_t own, const char *name)
{
    for (size_t i = 0; i < prototype->count; i++)
        if (i != own && !strcmp(prototype->parameters[i].name, name))
            return true;
    return cc_name_is_keyword(name);
}

/* A name that is a word of C++, or another parameter's, gets an underscore; the
 * kernel's own names come first. */
static void rename_clashes(struct cc_prototype *prototype)
{
    for (int own = 1; own >= 0; own--)
        for (size_t i = 0; i < prototype->count; i++) {
            struct cc_c_parameter *c = &prototype->parameters[i];
            bool generated = c->kind == CC_C_ITEMS || c->kind == CC_C_COUNT
                    || c->kind == CC_C_PACKED;
            while (own ? cc_name_is_keyword(c->name)
                       : generated && taken(prototype, i, c->name))
                c->name = cc_format("%s_", c->name);
        }
}

static void add_value(const struct cc_kernel *kernel,
        const struct pf_caller_value *value, struct cc_prototype *prototype)
{
    struct cc_c_parameter *next = &prototype->parameters[prototype->count++];
    const struct pf_argument *argument;

    if (value->kind == PF_GIVE_COUNT) {
        *next = (struct cc_c_parameter){ .kind = CC_C_PACKED,
            .parameter = value->parameter,
            .type = "size_t *",
            .name = kernel->clauses->pack_count == 1
                    ? "count"
                    : cc_format("count%u", value->parameter + 1),
            .note = "output: the number of elements kept" };
        return;
    }
    argument = &kernel->clauses->arguments[value->parameter];
    if (argument->role != PF_ROLE_ARRAY) {
        *next = value_parameter(kernel, value->parameter);
        return;
    }
    *next = array_parameter(kernel, value->parameter);
    if (argument->split == PF_SPLIT_NONE && argument->combine == PF_COMBINE_NONE)
        prototype->parameters[prototype->count++] =
                (struct cc_c_parameter){ .kind = CC_C_COUNT,
                    .parameter = value->parameter,
                    .type = "size_t ",
                    .name = cc_format("%s_count", next->name),
                    .note = cc_format("the number of elements of %s", next->name) };
}

struct cc_prototype cc_prototype_make(const struct cc_kernel *kernel)
{
    const struct pf_clauses *clauses = kernel->clauses;
    struct cc_prototype prototype = { 0 };

    prototype.parameters = cc_memory(
            2 * (size_t)clauses->value_count + 1, sizeof *prototype.parameters);
    prototype.parameters[prototype.count++] = clauses->grouped
            ? (struct cc_c_parameter){ .kind = CC_C_ITEMS,
                  .type = "const struct parfun_groups *",
                  .name = "groups",
                  .note = "the items, made by parfun_group_by()" }
            : (struct cc_c_parameter){ .kind = CC_C_ITEMS,
                  .type = "size_t ",
                  .name = "items",
                  .note = "how many items there are" };
    for (unsigned i = 0; i < clauses->value_count; i++)
        add_value(kernel, &clauses->values[i], &prototype);
    rename_clashes(&prototype);
    return prototype;
}

void cc_prototype_add(struct cc_text *text, const struct cc_kernel *kernel,
        const struct cc_prototype *prototype, bool numbered)
{
    size_t column;

    cc_add(text, "enum parfun_status %s(", kernel->c_name);
    column = strlen("enum parfun_status (") + strlen(kernel->c_name);
    if (!numbered)
        column += strlen("PARFUN_TRY ");
    for (size_t i = 0; i < prototype->count; i++) {
        const struct cc_c_parameter *c = &prototype->parameters[i];
        const char *name = numbered ? cc_format("pf_%zu", i) : c->name;
        const char *end = i + 1 == prototype->count ? ")" : ",";
        size_t length = strlen(c->type) + strlen(name) + strlen(end);
        if (i && column + 1 + length > 79) {
            cc_add(text, "\n        ");
            column = 8;
        } else if (i) {
            cc_add(text, " ");
            column++;
        }
        cc_add(text, "%s%s%s", c->type, name, end);
        column += length;
    }
}
