/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clauses_fuzz.c: any text as the clauses of any made-up kernel.  The first byte
 * chooses the kernel, the second changes what it does; a zero byte in the text
 * begins another pragma.  Beside crashes it looks for plans that contradict
 * themselves and for refusals without a place.
 */
#include "runtime/base/error.h"
#include "runtime/clauses.h"
#include "support/clause_kernels.h"

#include <stdio.h>
#include <stdlib.h>

enum { PRAGMAS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "clauses_fuzz: %s (last error: %s)\n", what, pf_error_text());
    abort();
}

static void check_extent(
        const struct pf_clauses *clauses, const struct pf_extent *extent)
{
    require(extent->count <= PF_EXTENT_PARAMETERS, "too long a product");
    require(extent->factor > 0 || extent->count == 0, "a product with 0");
    for (unsigned i = 0; i < extent->count; i++) {
        require(extent->parameter[i] < clauses->argument_count,
                "a size that is no parameter");
        require(clauses->arguments[extent->parameter[i]].role == PF_ROLE_VALUE,
                "a size that the caller does not give");
    }
}

static void check_argument(const struct parfun_parameter *parameter,
        const struct pf_clauses *clauses, const struct pf_argument *argument)
{
    bool writable = parameter->space == PARFUN_GLOBAL_SPACE && !parameter->is_const;
    bool split = argument->split != PF_SPLIT_NONE;
    bool combined = argument->combine != PF_COMBINE_NONE;

    check_extent(clauses, &argument->extent);
    check_extent(clauses, &argument->halo);
    check_extent(clauses, &argument->column_rows);
    require(writable || !combined, "an input that is combined");
    require(!writable || combined || argument->role == PF_ROLE_FLAG,
            "an output that is not combined");
    require(argument->role == PF_ROLE_ARRAY || (!split && !combined),
            "a value that is split or combined");
    require((!split && (!combined || argument->combine == PF_COMBINE_SHARED))
                    || argument->extent.factor > 0,
            "no size of a part");
    require(argument->combine != PF_COMBINE_PACK
                    || argument->pack < clauses->pack_count,
            "a pack that does not exist");
    require((parameter->space == PARFUN_LOCAL_SPACE)
                    == (argument->role == PF_ROLE_LOCAL),
            "local memory of no size");
}

static void check_plan(
        const struct parfun_kernel *kernel, const struct pf_clauses *clauses)
{
    unsigned counts = 0, given = 0, wanted = 0;

    require(clauses->argument_count == kernel->parameter_count, "arguments");
    require(clauses->dimensions >= 1 && clauses->dimensions <= PF_DIMENSIONS,
            "dimensions");
    for (unsigned i = 0; i < clauses->argument_count; i++) {
        const struct pf_argument *argument = &clauses->arguments[i];
        check_argument(&kernel->parameters[i], clauses, argument);
        wanted +=
                argument->role == PF_ROLE_VALUE || argument->role == PF_ROLE_ARRAY;
    }
    for (unsigned i = 0; i + 1 < clauses->dimensions; i++)
        check_extent(clauses, &clauses->range[i]);
    for (unsigned i = 0; i < clauses->value_count; i++) {
        counts += clauses->values[i].kind == PF_GIVE_COUNT;
        given += clauses->values[i].kind == PF_GIVE_PARAMETER;
    }
    require(counts == clauses->pack_count, "a count for every pack");
    require(given == wanted, "a value for every parameter");
    require(clauses->build != NULL, "options");
    require(!clauses->grouped || !clauses->absolute, "absolute places in groups");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parfun_pragma pragmas[PRAGMAS];
    struct pf_clauses *clauses = NULL;
    size_t count = 0;

    if (size < 2)
        return 0;
    char *text = calloc(1, size - 1);
    if (!text)
        return 0;
    memcpy(text, data + 2, size - 2);

    struct parfun_kernel kernel = clause_kernels[data[0] % CLAUSE_KERNELS];
    kernel.flags ^= data[1] & 0xF;
    if (data[1] & 0x10)
        kernel.required_group[0] = kernel.required_group[1] =
                kernel.required_group[2] = 1;
    for (const char *at = text; count < PRAGMAS && at < text + size - 1;
            at += strlen(at) + 1) {
        pragmas[count] = (struct parfun_pragma){ at, (uint32_t)count + 1, 9 };
        count++;
    }

    enum parfun_status status =
            pf_clauses_create(&kernel, "f.cl", pragmas, count, &clauses);
    if (status == PARFUN_OK)
        check_plan(&kernel, clauses);
    else if (status == PARFUN_INVALID)
        require(strncmp(pf_error_text(), "f.cl:", 5) == 0
                        && strstr(pf_error_text(), ": error: "),
                "a refusal without a place");
    else
        require(status == PARFUN_NO_MEMORY, "another status");
    pf_clauses_destroy(clauses);
    free(text);
    return 0;
}
