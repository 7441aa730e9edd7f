/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signature_fuzz.c: any text as the signature of a function written in C.  Beside
 * crashes it looks for parameters that contradict themselves and for refusals
 * without a place.
 */
#include "runtime/base/error.h"
#include "runtime/signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "signature_fuzz: %s (last error: %s)\n", what, pf_error_text());
    abort();
}

static void check(const struct pf_signature *signature)
{
    const struct parfun_kernel *kernel = &signature->kernel;

    require(kernel->parameter_count <= PF_SIGNATURE_PARAMETERS, "too many");
    for (unsigned i = 0; i < kernel->parameter_count; i++) {
        const struct parfun_parameter *parameter = &kernel->parameters[i];

        require(parameter->name[0] != '\0', "a parameter without a name");
        require(parameter->type[0] != '\0', "a parameter without a type");
        require(parameter->alignment >= 1, "no alignment");
        require(parameter->space == PARFUN_VALUE_SPACE
                        || parameter->space == PARFUN_GLOBAL_SPACE,
                "another space");
        require(parameter->space == PARFUN_GLOBAL_SPACE || !parameter->is_const,
                "a constant value");
        for (unsigned j = 0; j < i; j++)
            require(strcmp(parameter->name, kernel->parameters[j].name) != 0,
                    "a name twice");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pf_signature *signature = NULL;
    char *text = calloc(1, size + 1);

    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    enum parfun_status status = pf_signature_create("f", text, &signature);

    if (status == PARFUN_OK)
        check(signature);
    else if (status == PARFUN_INVALID)
        require(strstr(pf_error_text(), "f(), character ") != NULL,
                "a refusal without a place");
    else
        require(status == PARFUN_NO_MEMORY, "another status");
    pf_signature_destroy(signature);
    free(text);
    return 0;
}
