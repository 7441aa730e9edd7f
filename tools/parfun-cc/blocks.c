/* SPDX-License-Identifier: Apache-2.0 */
/* blocks.c: the same operations in the same order as runtime/reduce_block.c. */
#include "blocks.h"

/* By type: what it is when it wraps, and where minima and maxima begin. */
static const struct {
    enum pf_type type;
    bool is_float;
    const char *wrapping;
    const char *least, *most;
} types[] = {
    { PF_TYPE_CHAR, false, "uchar", "(-0x80)", "0x7f" },
    { PF_TYPE_UCHAR, false, "uchar", "0", "0xff" },
    { PF_TYPE_SHORT, false, "ushort", "(-0x8000)", "0x7fff" },
    { PF_TYPE_USHORT, false, "ushort", "0", "0xffff" },
    { PF_TYPE_INT, false, "uint", "(-0x7fffffff - 1)", "0x7fffffff" },
    { PF_TYPE_UINT, false, "uint", "0", "0xffffffff" },
    { PF_TYPE_LONG, false, "ulong", "(-0x7fffffffffffffff - 1)",
            "0x7fffffffffffffff" },
    { PF_TYPE_ULONG, false, "ulong", "0", "0xffffffffffffffff" },
    { PF_TYPE_FLOAT, true, "float", "__builtin_nanf(\"\")",
            "__builtin_nanf(\"\")" },
    { PF_TYPE_DOUBLE, true, "double", "__builtin_nan(\"\")",
            "__builtin_nan(\"\")" },
};

/* How two values become one, the first with the lower index: scalars or vectors. */
static const char joins[] =
        "#define PF_JOIN_SUM(pf_x, pf_y) ((pf_x) + (pf_y))\n"
        "#define PF_JOIN_PRODUCT(pf_x, pf_y) ((pf_x) * (pf_y))\n"
        "#define PF_JOIN_AND(pf_x, pf_y) ((pf_x) & (pf_y))\n"
        "#define PF_JOIN_OR(pf_x, pf_y) ((pf_x) | (pf_y))\n"
        "#define PF_JOIN_XOR(pf_x, pf_y) ((pf_x) ^ (pf_y))\n"
        "#define PF_JOIN_MIN(pf_x, pf_y) ((pf_y) < (pf_x) ? (pf_y) : (pf_x))\n"
        "#define PF_JOIN_MAX(pf_x, pf_y) ((pf_y) > (pf_x) ? (pf_y) : (pf_x))\n"
        "#define PF_JOIN_MIN_F(pf_x, pf_y) \\\n"
        "    ((((pf_y) < (pf_x)) | ((pf_x) != (pf_x))) ? (pf_y) : (pf_x))\n"
        "#define PF_JOIN_MAX_F(pf_x, pf_y) \\\n"
        "    ((((pf_y) > (pf_x)) | ((pf_x) != (pf_x))) ? (pf_y) : (pf_x))\n";

/* Of integers and of floats: one of `joins`, and how lanes begin, so that the first
 * value replaces it.  -0 + x is x, and min and max pass over NaN. */
static const struct {
    const char *join, *begin, *join_float, *begin_float;
} operators[] = {
    [PF_SUM] = { "SUM", "0", "SUM", "-0.0f" },
    [PF_PRODUCT] = { "PRODUCT", "1", "PRODUCT", "1.0f" },
    [PF_MIN] = { "MIN", NULL, "MIN_F", NULL },
    [PF_MAX] = { "MAX", NULL, "MAX_F", NULL },
    [PF_AND] = { "AND", "-1", NULL, NULL },
    [PF_OR] = { "OR", "0", NULL, NULL },
    [PF_XOR] = { "XOR", "0", NULL, NULL },
};

/* -1: none. */
static int find_type(enum pf_type type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].type == type)
            return (int)i;
    return -1;
}

static bool is_reduced(const struct pf_argument *argument)
{
    return argument->role == PF_ROLE_ARRAY
            && argument->combine == PF_COMBINE_REDUCE;
}

bool cc_blocks_suit(const struct cc_kernel *kernel)
{
    const uint32_t flags = PARFUN_KERNEL_BARRIERS | PARFUN_KERNEL_GROUPS
            | PARFUN_KERNEL_EXTENT | PARFUN_KERNEL_GROUP_EXTENT;
    const struct pf_clauses *clauses = kernel->clauses;
    unsigned reduced = 0;

    if (!clauses || (kernel->flags & flags) || clauses->dimensions != 1
            || clauses->workgroup[0] || clauses->absolute || clauses->pack_count)
        return false;
    for (unsigned i = 0; i < clauses->argument_count; i++) {
        const struct pf_argument *argument = &clauses->arguments[i];
        if (argument->role == PF_ROLE_ITEMS || argument->role == PF_ROLE_LOCAL)
            return false;
        if (!is_reduced(argument))
            continue;
        if (find_type(argument->type) < 0 || find_type(argument->result_type) < 0)
            return false;
        reduced++;
    }
    return reduced > 0;
}

/* Begins with every item a little further. */
static bool is_stepped(const struct pf_argument *argument)
{
    return argument->role == PF_ROLE_ARRAY
            && (argument->split != PF_SPLIT_NONE
                    || argument->combine == PF_COMBINE_ROWS
                    || argument->combine == PF_COMBINE_COLUMNS);
}

/* Argument i for the 32 items from pf_at on. */
static void add_argument(
        struct cc_text *text, const struct cc_kernel *kernel, unsigned i)
{
    const struct pf_argument *argument = &kernel->clauses->arguments[i];
    const char *type = kernel->parameters[i].type;

    if (is_reduced(argument))
        cc_add(text,
                "            %s pf_tile%u[32] __attribute__((aligned(128)));\n"
                "            PF_P %s *pf_p%u = pf_tile%u;\n",
                type, i, type, i, i);
    else if (is_stepped(argument))
        cc_add(text,
                "            __global uchar *pf_p%u =\n"
                "                    *(__global uchar *PF_P *)pf_args[%u]\n"
                "                    + pf_at * pf_steps[%u];\n",
                i, i, i);
    else if (argument->role == PF_ROLE_FIRST)
        cc_add(text,
                "            %s pf_p%u = *(PF_P %s *)pf_args[%u] + (%s)pf_at;\n",
                type, i, type, i, type);
    else {
        cc_add(text, "            pf_own[%u] = pf_args[%u];\n", i, i);
        return;
    }
    cc_add(text, "            pf_own[%u] = &pf_p%u;\n", i, i);
}

/* One result: 32 lanes of its components, in vectors of 16. */
struct reduced {
    unsigned argument;
    const char *join, *begin;
    const char *value, *result; /* scalars */
    unsigned width;             /* as stored */
    unsigned vectors;
};

static struct reduced describe(const struct pf_clauses *clauses, unsigned i)
{
    const struct pf_argument *argument = &clauses->arguments[i];
    const enum pf_operator operation = argument->operation;
    const int type = find_type(argument->result_type);
    const bool is_float = types[type].is_float;
    const bool is_ordered = operation == PF_MIN || operation == PF_MAX;
    const unsigned width = argument->width == 3 ? 4 : argument->width;
    struct reduced reduced = {
        .argument = i,
        .width = width,
        .vectors = 2 * width,
        .join = is_float ? operators[operation].join_float
                         : operators[operation].join,
        .begin = is_float ? operators[operation].begin_float
                          : operators[operation].begin,
        .result = types[type].wrapping,
    };

    if (is_ordered) {
        reduced.begin = operation == PF_MIN ? types[type].most : types[type].least;
        reduced.result = pf_type_info(argument->result_type)->name;
    }
    reduced.value = argument->type == argument->result_type
            ? reduced.result
            : pf_type_info(argument->type)->name;
    return reduced;
}

static void add_lanes(struct cc_text *text, const struct reduced *reduced)
{
    for (unsigned v = 0; v < reduced->vectors; v++)
        cc_add(text, "        %s16 pf_lanes%u_%u = %s;\n", reduced->result,
                reduced->argument, v, reduced->begin);
}

static void add_row(struct cc_text *text, const struct reduced *reduced)
{
    const unsigned i = reduced->argument;

    cc_add(text, "            PF_P %s16 *pf_v%u = (PF_P %s16 *)pf_tile%u;\n",
            reduced->value, i, reduced->value, i);
    for (unsigned v = 0; v < reduced->vectors; v++)
        cc_add(text,
                "            pf_lanes%u_%u = PF_JOIN_%s(pf_lanes%u_%u,\n"
                "                    __builtin_convertvector(pf_v%u[%u], %s16));\n",
                i, v, reduced->join, i, v, i, v, reduced->result);
}

/* Lane k takes lane k + s, for s = 16, 8 ... 1: the halves of what is left are
 * joined until one element is.  No scalar is joined: it would be promoted to int. */
static void add_fold(struct cc_text *text, const struct reduced *reduced)
{
    const unsigned i = reduced->argument, width = reduced->width;
    const char *type = reduced->result, *join = reduced->join;

    for (unsigned half = reduced->vectors / 2; half > 0; half /= 2)
        for (unsigned v = 0; v < half; v++)
            cc_add(text,
                    "        pf_lanes%u_%u = PF_JOIN_%s(pf_lanes%u_%u, "
                    "pf_lanes%u_%u);\n",
                    i, v, join, i, v, i, v + half);
    cc_add(text, "        %s16 pf_%u_16 = pf_lanes%u_0;\n", type, i, i);
    for (unsigned n = 8; n >= 2 && n >= width; n /= 2)
        cc_add(text,
                "        %s%u pf_%u_%u = PF_JOIN_%s(pf_%u_%u.lo, pf_%u_%u.hi);\n",
                type, n, i, n, join, i, 2 * n, i, 2 * n);
    if (width == 1)
        cc_add(text,
                "        ((PF_P %s *)pf_results[%u])[pf_block] =\n"
                "                PF_JOIN_%s(pf_%u_2, pf_%u_2.yx).x;\n",
                type, i, join, i, i);
    else
        cc_add(text,
                "        ((PF_P %s%u *)pf_results[%u])[pf_block] = pf_%u_%u;\n",
                type, width, i, i, width);
}

typedef void add_part(struct cc_text *text, const struct reduced *reduced);

/* A part of the text for each result. */
static void add_each(
        struct cc_text *text, const struct cc_kernel *kernel, add_part *add)
{
    const struct pf_clauses *clauses = kernel->clauses;

    for (unsigned i = 0; i < clauses->argument_count; i++)
        if (is_reduced(&clauses->arguments[i])) {
            const struct reduced reduced = describe(clauses, i);

            add(text, &reduced);
        }
}

void cc_blocks_add_joins(struct cc_text *text)
{
    cc_add(text, "%s", joins);
}

void cc_blocks_add(struct cc_text *text, const struct cc_kernel *kernel)
{
    const struct pf_clauses *clauses = kernel->clauses;

    cc_add(text,
            "__attribute__((visibility(\"hidden\"))) void pf_blocks_%s(\n"
            "        PF_P const struct pf_ndrange *pf_r, PF_P void *PF_P *pf_args,\n"
            "        PF_P const pf_size *pf_steps, pf_size pf_first,\n"
            "        pf_size pf_count, PF_P void *PF_P *pf_results)\n{\n"
            "    for (pf_size pf_block = 0; pf_block < pf_count; pf_block++) {\n",
            kernel->c_name);
    add_each(text, kernel, add_lanes);
    cc_add(text,
            "        for (pf_size pf_row = 0; pf_row < 32; pf_row++) {\n"
            "            const pf_size pf_at =\n"
            "                    pf_first + pf_block * 1024 + pf_row * 32;\n"
            "            PF_P void *pf_own[%u];\n",
            clauses->argument_count);
    for (unsigned i = 0; i < clauses->argument_count; i++)
        add_argument(text, kernel, i);
    cc_add(text,
            "            pf_group_%s(pf_r, pf_own, 0, 0, 0, 32, 1, 1, 0, 0, 0);\n",
            kernel->c_name);
    add_each(text, kernel, add_row);
    cc_add(text, "        }\n");
    add_each(text, kernel, add_fold);
    cc_add(text, "    }\n}\n");
}
