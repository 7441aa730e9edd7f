/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model_file_fuzz.c: the reader of learned models against any bytes.  A first byte
 * that is odd asks for a check sum that is right, so that the rest is looked at.
 */
#include "runtime/base/file.h"
#include "runtime/model_file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CRC_AT = 8, CHECKED_FROM = 12 };

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken: %s\n", what);
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct pf_model_keys keys = { .function = 42, .device = { 1001, 1002 } };
    struct pf_model model, before;
    uint8_t *bytes;

    if (size < 1 || !(bytes = malloc(size)))
        return 0;
    size--;
    memcpy(bytes, data + 1, size);
    if (data[0] % 2 && size > CHECKED_FROM) {
        const uint32_t crc =
                pf_file_crc32(0, bytes + CHECKED_FROM, size - CHECKED_FROM);

        memcpy(bytes + CRC_AT, &crc, sizeof crc);
    }
    pf_model_init(&model, 2);
    before = model;
    if (pf_model_file_unpack(&model, &keys, bytes, size))
        require(pf_model_valid(&model), "a model that is not valid");
    else
        require(memcmp(&model, &before, sizeof model) == 0, "a model that changed");
    free(bytes);
    return 0;
}
