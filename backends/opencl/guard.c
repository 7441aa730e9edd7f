/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard.c: a kernel of ours behind the user's text, which calls the user's.
 *
 * OpenCL 1.2 has no partial work-groups and no pointers into the middle of an
 * array (sub-buffers must be aligned), and some drivers compile anew for each
 * local size.  So the range is padded to one fixed work-group, our kernel returns
 * outside the range, and it moves each pointer to where the partition begins:
 *
 *     kernel void pf_guard_saxpy(float pf_0, global const float *pf_1,
 *             global float *pf_2, long pf_o1, long pf_o2, ulong pf_n0)
 *     {
 *         if (get_global_id(0) >= pf_n0)
 *             return;
 *         saxpy(pf_0, (global const float *)((global const char *)pf_1 + pf_o1),
 *                 (global float *)((global char *)pf_2 + pf_o2));
 *     }
 */
#include "backends/opencl/opencl.h"

#include "runtime/base/text.h"

#include <stdio.h>
#include <string.h>

static bool has_offset(const struct parfun_parameter *parameter)
{
    return parameter->space == PARFUN_GLOBAL_SPACE
            || parameter->space == PARFUN_CONSTANT_SPACE;
}

/* "global const " and the like, for a pointer. */
static void add_space(
        struct pf_text *text, const struct parfun_parameter *parameter)
{
    static const char *const spaces[] = {
        [PARFUN_GLOBAL_SPACE] = "__global ",
        [PARFUN_CONSTANT_SPACE] = "__constant ",
        [PARFUN_LOCAL_SPACE] = "__local ",
    };
    pf_text_add(text, spaces[parameter->space]);
    if (parameter->is_const && parameter->space == PARFUN_GLOBAL_SPACE)
        pf_text_add(text, "const ");
}

/* "__global float *NAME", or "__global float (*NAME)[4]". */
static void add_pointer(struct pf_text *text,
        const struct parfun_parameter *parameter, const char *name)
{
    const size_t element = strcspn(parameter->type, "[");
    const char *array = parameter->type + element;

    add_space(text, parameter);
    pf_text_format(text, "%.*s %s*%s%s%s", (int)element, parameter->type,
            *array ? "(" : "", name, *array ? ")" : "", array);
}

static void add_parameters(struct pf_text *text, const struct pf_opencl_code *code)
{
    const struct parfun_kernel *kernel = code->kernel;
    const char *comma = "";
    for (unsigned i = 0; i < kernel->parameter_count; i++) {
        const struct parfun_parameter *parameter = &kernel->parameters[i];
        char name[16];
        snprintf(name, sizeof name, "pf_%u", i);
        pf_text_add(text, comma);
        comma = ", ";
        if (parameter->space == PARFUN_VALUE_SPACE)
            pf_text_format(text, "%s %s", parameter->type, name);
        else
            add_pointer(text, parameter, name);
    }
    for (unsigned i = 0; i < kernel->parameter_count; i++)
        if (has_offset(&kernel->parameters[i])) {
            pf_text_format(text, "%slong pf_o%u", comma, i);
            comma = ", ";
        }
    for (unsigned i = 0; code->guarded && i < code->dimensions; i++) {
        pf_text_format(text, "%sulong pf_n%u", comma, i);
        comma = ", ";
    }
}

static void add_call(struct pf_text *text, const struct parfun_kernel *kernel)
{
    pf_text_format(text, "    %s(", kernel->name);
    for (unsigned i = 0; i < kernel->parameter_count; i++) {
        const struct parfun_parameter *parameter = &kernel->parameters[i];
        pf_text_add(text, i ? ", " : "");
        if (!has_offset(parameter)) {
            pf_text_format(text, "pf_%u", i);
            continue;
        }
        pf_text_add(text, "(");
        add_pointer(text, parameter, "");
        pf_text_add(text, ")((");
        add_space(text, parameter);
        pf_text_format(text, "char *)pf_%u + pf_o%u)", i, i);
    }
    pf_text_add(text, ");\n");
}

/* So that messages of compilers have the user's lines. */
static void add_line(struct pf_text *text, const char *before, const char *name)
{
    pf_text_format(text, "#line 1 \"%s", before);
    for (; *name; name++) {
        if (*name == '"' || *name == '\\')
            pf_text_add(text, "\\");
        pf_text_add_bytes(text, *name == '\n' ? " " : name, 1);
    }
    pf_text_add(text, "\"\n");
}

enum parfun_status pf_opencl_guard_text(
        const struct pf_opencl_code *code, char **result)
{
    const struct parfun_kernel *kernel = code->kernel;
    struct pf_text text = { 0 };
    add_line(&text, "", kernel->file);
    pf_text_add(&text, kernel->source);
    if (code->wrapped) {
        pf_text_add(&text, "\n");
        add_line(&text, "parfun, for ", kernel->name);
        pf_text_format(&text, "__kernel void pf_guard_%s(", kernel->name);
        add_parameters(&text, code);
        pf_text_add(&text, ")\n{\n");
        for (unsigned i = 0; code->guarded && i < code->dimensions; i++)
            pf_text_format(&text,
                    "    if (get_global_id(%u) >= pf_n%u)\n        return;\n", i,
                    i);
        add_call(&text, kernel);
        pf_text_add(&text, "}\n");
    }
    *result = pf_text_take(&text);
    if (!*result)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a kernel's text");
    return PARFUN_OK;
}
