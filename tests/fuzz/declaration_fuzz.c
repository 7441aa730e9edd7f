/* SPDX-License-Identifier: Apache-2.0 */
/*
 * declaration_fuzz.c: the reader of kernels' texts against any text: it ends, and what it
 * tells is whole.
 */
#include "runtime/base/error.h"
#include "runtime/clauses.h"
#include "runtime/declaration.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken: %s\n", what);
    abort();
}

static void check(const struct parfun_kernel *kernel)
{
    struct pf_clauses *clauses;

    require(strcmp(kernel->name, "f") == 0, "another kernel");
    for (unsigned i = 0; i < kernel->parameter_count; i++) {
        const struct parfun_parameter *parameter = &kernel->parameters[i];

        require(parameter->name && *parameter->name, "a parameter without a name");
        require(parameter->type && *parameter->type, "a parameter without a type");
        require(parameter->bytes && parameter->alignment, "a type without a size");
    }
    if (!pf_clauses_create(kernel, kernel->file, kernel->pragmas,
                kernel->pragma_count, &clauses))
        pf_clauses_destroy(clauses);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pf_declaration *source;
    char *text = malloc(size + 1);

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (pf_declaration_create("f.cl", text, "f", &source)) {
        require(*pf_error_text(), "a failure without a sentence");
    } else {
        check(pf_declaration_kernel(source));
        pf_declaration_destroy(source);
    }
    (void)pf_declaration_check_includes("f.cl", text);
    free(text);
    return 0;
}
