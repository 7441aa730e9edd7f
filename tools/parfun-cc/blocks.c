/* SPDX-License-Identifier: Apache-2.0 */
/* blocks.c: the same operations in the same order as runtime/reduce_block.c. */
#include "blocks.h"

/* By type: how lanes begin, so that the first value replaces it.  -0 + x is x, and
 * min and max pass over NaN. */
static const struct {
    enum pf_type type;
    bool is_float;
    const char *sum_type; /* which wraps */
    const char *least, *most;
} types[] = {
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

static bool suits_type(const struct pf_argument *argument)
{
    const bool wider = argument->type == PF_TYPE_FLOAT
            && argument->result_type == PF_TYPE_DOUBLE
            && argument->operation == PF_SUM;

    return argument->width == 1 && find_type(argument->type) >= 0
            && (wider || argument->type == argument->result_type)
            && (argument->operation == PF_SUM || argument->operation == PF_MIN
                    || argument->operation == PF_MAX);
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
        if (!suits_type(argument))
            return false;
        reduced++;
    }
    return reduced == 1;
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
        cc_add(text, "            PF_P %s *pf_p%u = pf_tile;\n", type, i);
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

/* PF_JOIN(a, b), a with the lower index, and PF_BEGIN. */
static void add_operator(struct cc_text *text, const struct pf_argument *argument)
{
    const int type = find_type(argument->result_type);
    const char *or_nan = types[type].is_float ? " | ((pf_x) != (pf_x))" : "";

    cc_add(text, "#undef PF_JOIN\n#undef PF_BEGIN\n");
    if (argument->operation == PF_SUM)
        cc_add(text,
                "#define PF_JOIN(pf_x, pf_y) ((pf_x) + (pf_y))\n"
                "#define PF_BEGIN %s\n",
                types[type].is_float ? "-0.0f" : "0");
    else
        cc_add(text,
                "#define PF_JOIN(pf_x, pf_y) "
                "((((pf_y) %s (pf_x))%s) ? (pf_y) : (pf_x))\n"
                "#define PF_BEGIN %s\n",
                argument->operation == PF_MIN ? "<" : ">", or_nan,
                argument->operation == PF_MIN ? types[type].most
                                              : types[type].least);
}

/* Lane k takes lane k + s, for s = 16, 8 ... 1. */
static const char fold[] = "        pf_low = PF_JOIN(pf_low, pf_high);\n"
                           "        pf_r8 pf_8 = PF_JOIN(pf_low.lo, pf_low.hi);\n"
                           "        pf_r4 pf_4 = PF_JOIN(pf_8.lo, pf_8.hi);\n"
                           "        pf_r2 pf_2 = PF_JOIN(pf_4.lo, pf_4.hi);\n"
                           "        *pf_result++ = PF_JOIN(pf_2.x, pf_2.y);\n";

void cc_blocks_add(struct cc_text *text, const struct cc_kernel *kernel)
{
    const struct pf_clauses *clauses = kernel->clauses;
    unsigned reduced = 0;

    while (!is_reduced(&clauses->arguments[reduced]))
        reduced++;
    const struct pf_argument *argument = &clauses->arguments[reduced];
    const int type = find_type(argument->result_type);
    const char *result = argument->operation == PF_SUM
            ? types[type].sum_type
            : pf_type_info(argument->result_type)->name;
    const char *value = argument->type == argument->result_type
            ? result
            : pf_type_info(argument->type)->name;

    add_operator(text, argument);
    cc_add(text,
            "__attribute__((visibility(\"hidden\"))) void pf_blocks_%s(\n"
            "        PF_P const struct pf_ndrange *pf_r, PF_P void *PF_P *pf_args,\n"
            "        PF_P const pf_size *pf_steps, pf_size pf_first,\n"
            "        pf_size pf_count, PF_P void *pf_results)\n{\n",
            kernel->c_name);
    for (unsigned n = 2; n <= 16; n *= 2)
        cc_add(text, "    typedef %s%u pf_r%u;\n", result, n, n);
    cc_add(text,
            "    typedef %s16 pf_v16;\n"
            "    PF_P %s *pf_result = pf_results;\n"
            "    for (pf_size pf_block = 0; pf_block < pf_count; pf_block++) {\n"
            "        pf_r16 pf_low = PF_BEGIN, pf_high = PF_BEGIN;\n"
            "        for (pf_size pf_row = 0; pf_row < 32; pf_row++) {\n"
            "            const pf_size pf_at =\n"
            "                    pf_first + pf_block * 1024 + pf_row * 32;\n"
            "            %s pf_tile[32] __attribute__((aligned(128)));\n"
            "            PF_P void *pf_own[%u];\n",
            value, result, kernel->parameters[reduced].type,
            clauses->argument_count);
    for (unsigned i = 0; i < clauses->argument_count; i++)
        add_argument(text, kernel, i);
    cc_add(text,
            "            pf_group_%s(pf_r, pf_own, 0, 0, 0, 32, 1, 1, 0, 0, 0);\n"
            "            PF_P pf_v16 *pf_v = (PF_P pf_v16 *)pf_tile;\n"
            "            pf_low = PF_JOIN(pf_low,\n"
            "                    __builtin_convertvector(pf_v[0], pf_r16));\n"
            "            pf_high = PF_JOIN(pf_high,\n"
            "                    __builtin_convertvector(pf_v[1], pf_r16));\n"
            "        }\n%s    }\n}\n",
            kernel->c_name, fold);
}
