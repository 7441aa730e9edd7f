/* SPDX-License-Identifier: Apache-2.0 */
/* wrapper.c: every name it makes begins with pf_, every macro with PF_. */
#include "wrapper.h"

#include "blocks.h"

#include <inttypes.h>
#include <string.h>

/* struct parfun_ndrange and struct parfun_parameter, in OpenCL C. */
static const char preamble[] =
        "\n#define PF_P __private\n"
        "typedef __SIZE_TYPE__ pf_size;\n"
        "struct pf_ndrange {\n"
        "    uint dimensions, abi;\n"
        "    pf_size global_size[3], global_offset[3], local_size[3];\n"
        "    pf_size group_count[3], group_begin[3], group_end[3];\n"
        "    PF_P void *local_memory;\n"
        "    pf_size local_bytes;\n"
        "    PF_P void *scratch;\n"
        "    pf_size scratch_bytes;\n"
        "};\n"
        "struct pf_parameter {\n"
        "    const __constant char *name, *type;\n"
        "    uint bytes, alignment;\n"
        "    uchar space, is_const, is_own, reserved[5];\n"
        "};\n";

#define PF_ITEM_PARAMETERS \
    "PF_P const struct pf_ndrange *pf_r, PF_P void *PF_P *pf_args"

static void add_triples(struct cc_text *text, const char *letters)
{
    for (const char *c = letters; *c; c++)
        cc_add(text, ",\n        pf_size pf_%c0, pf_size pf_%c1, pf_size pf_%c2",
                *c, *c, *c);
}

static void add_arguments(struct cc_text *text, const struct cc_kernel *kernel)
{
    static const char *const spaces[] = { "", "__global", "__constant", "__local" };
    bool local = false;

    for (unsigned i = 0; i < kernel->parameter_count; i++)
        local |= kernel->parameters[i].space == PARFUN_LOCAL_SPACE;
    if (local)
        cc_add(text, "    pf_size pf_local = (pf_size)pf_r->local_memory;\n");
    for (unsigned i = 0; i < kernel->parameter_count; i++) {
        const struct parfun_parameter *parameter = &kernel->parameters[i];
        const char *space = spaces[parameter->space];
        if (parameter->space == PARFUN_VALUE_SPACE)
            cc_add(text, "    %s pf_a%u = *(PF_P %s *)pf_args[%u];\n",
                    parameter->type, i, parameter->type, i);
        else if (parameter->space == PARFUN_LOCAL_SPACE)
            cc_add(text,
                    "    __local void *pf_a%u = (__local void *)pf_local;\n"
                    "    pf_local += (*(PF_P pf_size *)pf_args[%u] + 127) "
                    "& ~(pf_size)127;\n",
                    i, i);
        else
            cc_add(text, "    %s void *pf_a%u = *(%s void *PF_P *)pf_args[%u];\n",
                    space, i, space, i);
    }
}

static void add_item(struct cc_text *text, const struct cc_kernel *kernel)
{
    cc_add(text, "void pf_item_%s(" PF_ITEM_PARAMETERS, kernel->c_name);
    add_triples(text, "lgmb");
    cc_add(text, ")\n{\n");
    add_arguments(text, kernel);
    cc_add(text, "    %s(", kernel->name);
    for (unsigned i = 0; i < kernel->parameter_count; i++)
        cc_add(text, "%spf_a%u", i ? ", " : "", i);
    cc_add(text, ");\n}\nvoid pf_group_%s(" PF_ITEM_PARAMETERS, kernel->c_name);
    add_triples(text, "gmb");
    cc_add(text, ");\n");
}

/* One call per group: sizes at the edge, and where the group begins. */
static const char by_group[] =
        "    for (pf_size pf_g2 = pf_r->group_begin[2]; pf_g2 < pf_r->group_end[2]; "
        "pf_g2++)\n"
        "    for (pf_size pf_g1 = pf_r->group_begin[1]; pf_g1 < pf_r->group_end[1]; "
        "pf_g1++)\n"
        "    for (pf_size pf_g0 = pf_r->group_begin[0]; pf_g0 < pf_r->group_end[0]; "
        "pf_g0++) {\n"
        "        const pf_size pf_g[3] = { pf_g0, pf_g1, pf_g2 };\n"
        "        pf_size pf_b[3], pf_m[3];\n"
        "        for (int pf_d = 0; pf_d < 3; pf_d++) {\n"
        "            pf_b[pf_d] = pf_g[pf_d] * pf_r->local_size[pf_d];\n"
        "            pf_m[pf_d] = pf_r->global_size[pf_d] - pf_b[pf_d];\n"
        "            if (pf_m[pf_d] > pf_r->local_size[pf_d])\n"
        "                pf_m[pf_d] = pf_r->local_size[pf_d];\n"
        "            pf_b[pf_d] += pf_r->global_offset[pf_d];\n"
        "        }\n"
        "        pf_group_%s(pf_r, pf_args, pf_g0, pf_g1, pf_g2,\n"
        "                pf_m[0], pf_m[1], pf_m[2], pf_b[0], pf_b[1], pf_b[2]);\n"
        "    }\n";

/* A kernel that cannot tell groups apart gets the whole box as one. */
static const char as_one[] =
        "    pf_size pf_b[3], pf_m[3];\n"
        "    for (int pf_d = 0; pf_d < 3; pf_d++) {\n"
        "        pf_b[pf_d] = pf_r->group_begin[pf_d] * pf_r->local_size[pf_d];\n"
        "        pf_m[pf_d] = pf_r->group_end[pf_d] * pf_r->local_size[pf_d];\n"
        "        if (pf_m[pf_d] > pf_r->global_size[pf_d])\n"
        "            pf_m[pf_d] = pf_r->global_size[pf_d];\n"
        "        if (pf_m[pf_d] <= pf_b[pf_d])\n"
        "            return;\n"
        "        pf_m[pf_d] -= pf_b[pf_d];\n"
        "        pf_b[pf_d] += pf_r->global_offset[pf_d];\n"
        "    }\n"
        "    pf_group_%s(pf_r, pf_args, 0, 0, 0, pf_m[0], pf_m[1], pf_m[2],\n"
        "            pf_b[0], pf_b[1], pf_b[2]);\n";

static bool tells_groups(const struct cc_kernel *kernel)
{
    const uint32_t flags = PARFUN_KERNEL_BARRIERS | PARFUN_KERNEL_GROUPS
            | PARFUN_KERNEL_GROUP_EXTENT;

    for (unsigned i = 0; i < kernel->parameter_count; i++)
        if (kernel->parameters[i].space == PARFUN_LOCAL_SPACE)
            return true;
    return (kernel->flags & flags) != 0;
}

/* Replaces the one %s of a text. */
static void add_body(struct cc_text *text, const char *body, const char *name)
{
    const char *at = strstr(body, "%s");

    cc_append(text, body, (size_t)(at - body));
    cc_add(text, "%s%s", name, at + 2);
}

static void add_parameters(struct cc_text *text, const struct cc_kernel *kernel)
{
    if (!kernel->parameter_count)
        return;
    cc_add(text,
            "__attribute__((visibility(\"hidden\"), used))\n"
            "__constant const struct pf_parameter pf_parameters_%s[] = {\n",
            kernel->c_name);
    for (unsigned i = 0; i < kernel->parameter_count; i++) {
        const struct parfun_parameter *parameter = &kernel->parameters[i];
        cc_add(text, "    { ");
        cc_add_literal(text, parameter->name, "");
        cc_add(text, ", ");
        cc_add_literal(text, parameter->type, "");
        if (parameter->bytes && parameter->alignment)
            cc_add(text, ", %" PRIu32 ", %" PRIu32, parameter->bytes,
                    parameter->alignment);
        else
            cc_add(text, ", sizeof(%s), __alignof__(%s)", parameter->type,
                    parameter->type);
        cc_add(text, ", %u, %u, %u, { 0 } },\n", parameter->space,
                parameter->is_const, parameter->is_own);
    }
    cc_add(text, "};\n");
}

void cc_wrapper_add(struct cc_text *text, const struct cc_kernels *kernels)
{
    cc_add(text, "%s", preamble);
    cc_blocks_add_joins(text);
    for (size_t i = 0; i < kernels->count; i++) {
        const struct cc_kernel *kernel = &kernels->items[i];
        cc_add(text, "\n");
        add_parameters(text, kernel);
        add_item(text, kernel);
        cc_add(text,
                "__attribute__((visibility(\"hidden\"))) void pf_native_%s(" PF_ITEM_PARAMETERS
                ")\n{\n",
                kernel->c_name);
        add_body(text, tells_groups(kernel) ? by_group : as_one, kernel->c_name);
        cc_add(text, "}\n");
        if (cc_blocks_suit(kernel))
            cc_blocks_add(text, kernel);
    }
}
