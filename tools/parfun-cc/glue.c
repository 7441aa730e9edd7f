/* SPDX-License-Identifier: Apache-2.0 */
/*
 * glue.c: descriptors and functions.  Names of the file's own begin with pf_ and
 * parameters are numbered, so that no name of the user's can clash with them.
 */
#include "glue.h"

#include "blocks.h"
#include "file.h"
#include "prototype.h"

#include <inttypes.h>
#include <string.h>

/* "x86-64-v4" for "x86_64_v4". */
static const char *isa_of(const char *suffix, const struct cc_list *isas)
{
    for (size_t i = 0; i < isas->count; i++) {
        char *name = cc_copy(isas->items[i], strlen(isas->items[i]));
        for (char *c = name; *c; c++)
            if (*c == '-')
                *c = '_';
        if (!strcmp(name, suffix))
            return isas->items[i];
    }
    return suffix;
}

static void add_pragmas(struct cc_text *text, const struct cc_kernel *kernel)
{
    if (!kernel->pragma_count)
        return;
    cc_add(text, "static const struct parfun_pragma pf_pragmas_%s[] = {\n",
            kernel->c_name);
    for (unsigned i = 0; i < kernel->pragma_count; i++) {
        cc_add(text, "    { ");
        cc_add_literal(text, kernel->pragmas[i].text, "");
        cc_add(text, ", %u, %u },\n", kernel->pragmas[i].line,
                kernel->pragmas[i].column);
    }
    cc_add(text, "};\n");
}

static void add_variants(struct cc_text *text, const struct cc_kernel *kernel,
        const struct cc_list *isas)
{
    const bool blocks = cc_blocks_suit(kernel);

    for (size_t i = 0; i < kernel->suffixes.count; i++) {
        const char *suffix = kernel->suffixes.items[i];
        cc_add(text, "parfun_native pf_native_%s_%s;\n", kernel->c_name, suffix);
        if (blocks)
            cc_add(text, "parfun_native_blocks pf_blocks_%s_%s;\n", kernel->c_name,
                    suffix);
    }
    cc_add(text, "static const struct parfun_variant pf_variants_%s[] = {\n",
            kernel->c_name);
    for (size_t i = 0; i < kernel->suffixes.count; i++) {
        const char *suffix = kernel->suffixes.items[i];
        cc_add(text, "    { \"%s\", pf_native_%s_%s, %" PRIu64 "u, %" PRIu64 "u, ",
                isa_of(suffix, isas), kernel->c_name, suffix, kernel->scratch_fixed,
                kernel->scratch_item);
        if (blocks)
            cc_add(text, "pf_blocks_%s_%s },\n", kernel->c_name, suffix);
        else
            cc_add(text, "0 },\n");
    }
    cc_add(text, "};\n");
}

static void add_descriptor(
        struct cc_text *text, const char *file, const struct cc_kernel *kernel)
{
    const char *name = kernel->c_name;

    if (kernel->parameter_count)
        cc_add(text, "extern const struct parfun_parameter pf_parameters_%s[];\n",
                name);
    cc_add(text,
            "extern const struct parfun_kernel parfun_kernel_%s;\n"
            "const struct parfun_kernel parfun_kernel_%s = {\n"
            "    .abi = PARFUN_KERNEL_ABI,\n    .flags = %" PRIu32 "u,\n"
            "    .name = \"%s\",\n    .file = ",
            name, name, kernel->flags, kernel->name);
    cc_add_literal(text, cc_path_name(file), "");
    cc_add(text, ",\n    .source = pf_source,\n    .build = pf_build,\n");
    if (kernel->parameter_count)
        cc_add(text, "    .parameters = pf_parameters_%s,\n", name);
    if (kernel->pragma_count)
        cc_add(text, "    .pragmas = pf_pragmas_%s,\n", name);
    cc_add(text,
            "    .variants = pf_variants_%s,\n    .parameter_count = %u,\n"
            "    .pragma_count = %u,\n    .variant_count = %zu,\n"
            "    .required_group = { %" PRIu32 "u, %" PRIu32 "u, %" PRIu32
            "u },\n};\n",
            name, kernel->parameter_count, kernel->pragma_count,
            kernel->suffixes.count, kernel->required_group[0],
            kernel->required_group[1], kernel->required_group[2]);
}

/* One value of the call; the count of an array is the next parameter. */
static void add_value(struct cc_text *text, const struct cc_kernel *kernel,
        const struct cc_prototype *prototype, size_t i)
{
    const struct cc_c_parameter *c = &prototype->parameters[i];
    bool counted = i + 1 < prototype->count
            && prototype->parameters[i + 1].kind == CC_C_COUNT;
    const char *size = c->sized ? cc_format("sizeof *pf_%zu", i)
                                : cc_format("parfun_kernel_%s.parameters[%u].bytes",
                                          kernel->c_name, c->parameter);

    switch (c->kind) {
    case CC_C_ITEMS:
    case CC_C_COUNT:
        break;
    case CC_C_VALUE:
        cc_add(text, "        { &pf_%zu, sizeof pf_%zu, 0 },\n", i, i);
        break;
    case CC_C_PACKED:
        cc_add(text, "        { pf_%zu, sizeof *pf_%zu, 0 },\n", i, i);
        break;
    case CC_C_STRUCT:
    case CC_C_ARRAY:
        cc_add(text, "        { (void *)pf_%zu, %s, ", i, size);
        cc_add(text, counted ? "pf_%zu },\n" : "0 },\n", i + 1);
        break;
    }
}

static void add_function(struct cc_text *text, const struct cc_kernel *kernel)
{
    const char *name = kernel->c_name;
    const char *call = kernel->clauses->grouped ? "call_groups" : "call";
    struct cc_prototype prototype = cc_prototype_make(kernel);
    struct cc_list declared = { 0 };

    for (size_t i = 0; i < prototype.count; i++) {
        const struct cc_c_parameter *c = &prototype.parameters[i];
        const char *type = c->kind == CC_C_ITEMS || c->kind == CC_C_PACKED
                ? ""
                : kernel->parameters[c->parameter].type;
        if (cc_prototype_tag(type) && !cc_list_has(&declared, type)) {
            cc_push(&declared, type);
            cc_add(text, "%s;\n", type);
        }
    }
    cc_add(text,
            "static struct parfun_function *pf_slot_%s;\n\n"
            "struct parfun_function *%s_function(void);\n"
            "struct parfun_function *%s_function(void)\n{\n"
            "    return parfun_kernel_function(&parfun_kernel_%s, "
            "&pf_slot_%s);\n}\n\n",
            name, name, name, name, name);
    cc_prototype_add(text, kernel, &prototype, true);
    cc_add(text, ";\n");
    cc_prototype_add(text, kernel, &prototype, true);
    cc_add(text, "\n{\n");
    if (!kernel->clauses->value_count) {
        cc_add(text,
                "    return parfun_kernel_%s(\n            &parfun_kernel_%s, "
                "&pf_slot_%s, pf_0, NULL, 0);\n}\n",
                call, name, name);
        return;
    }
    cc_add(text, "    const struct parfun_value pf_values[] = {\n");
    for (size_t i = 0; i < prototype.count; i++)
        add_value(text, kernel, &prototype, i);
    cc_add(text,
            "    };\n\n    return parfun_kernel_%s(&parfun_kernel_%s, "
            "&pf_slot_%s, pf_0, pf_values,\n"
            "            sizeof pf_values / sizeof *pf_values);\n}\n",
            call, name, name);
}

void cc_glue_add(struct cc_text *text, const char *file, const char *source,
        const char *build, const struct cc_list *isas,
        const struct cc_kernels *kernels, bool only)
{
    cc_add(text,
            "#include <parfun/kernel.h>\n\n"
            "__attribute__((unused)) static const char pf_source[] =\n    ");
    cc_add_literal(text, source, "    ");
    cc_add(text, ";\n__attribute__((unused)) static const char pf_build[] = ");
    cc_add_literal(text, build, "");
    cc_add(text, ";\n");
    for (size_t i = 0; i < kernels->count; i++) {
        const struct cc_kernel *kernel = &kernels->items[i];
        cc_add(text, "\n");
        add_pragmas(text, kernel);
        add_variants(text, kernel, isas);
        add_descriptor(text, file, kernel);
        if (kernel->clauses && !only)
            add_function(text, kernel);
    }
}

void cc_glue_add_only(
        struct cc_text *text, const char *names, const struct cc_kernels *kernels)
{
    cc_add(text,
            "\nextern const char pf_text_names[];\nconst char pf_text_names[] = ");
    cc_add_literal(text, names, "");
    cc_add(text,
            ";\nextern const struct parfun_kernel *const pf_text_kernel;\n"
            "const struct parfun_kernel *const pf_text_kernel = ");
    if (kernels->count)
        cc_add(text, "&parfun_kernel_%s;\n", kernels->items[0].c_name);
    else
        cc_add(text, "0;\n");
}
