/* SPDX-License-Identifier: Apache-2.0 */
/* model_file.c: see model_file.h. */
#include "runtime/model_file.h"

#include "runtime/base/error.h"
#include "runtime/base/file.h"
#include "runtime/base/log.h"
#include "runtime/base/text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Numbers are in the machine's own order: another's fail the check of `magic`. */
struct head {
    uint64_t magic;
    uint32_t crc; /* of all that follows */
    uint32_t classes;
    uint64_t function;
    uint32_t version, unused;
    double calls;
    struct pf_density density;
};

struct part {
    uint64_t device;
    struct pf_model_class learned;
};

static const uint64_t MAGIC = 0x316c65646f6d6670u; /* "pfmodel1" */

_Static_assert(sizeof(struct head) + PF_MODEL_CLASSES * sizeof(struct part)
                <= PF_MODEL_FILE_BYTES,
        "a file holds a whole model");
_Static_assert(sizeof(struct head) == 40 + sizeof(struct pf_density)
                && sizeof(struct part)
                        == sizeof(uint64_t) + sizeof(struct pf_model_class),
        "no padding goes into a file");

/* FNV-1a, Fowler, Noll, Vo; the end of a text counts, too. */
uint64_t pf_model_key(uint64_t key, const char *text)
{
    const char *at = text ? text : "";

    do {
        key ^= (unsigned char)*at;
        key *= 0x100000001b3u;
    } while (*at++);
    return key;
}

static uint32_t check_sum(const unsigned char *bytes, size_t count)
{
    const size_t begin = offsetof(struct head, classes);

    return pf_file_crc32(0, bytes + begin, count - begin);
}

size_t pf_model_file_pack(const struct pf_model *model,
        const struct pf_model_keys *keys, unsigned char bytes[PF_MODEL_FILE_BYTES])
{
    struct head head = { .magic = MAGIC,
        .function = keys->function,
        .version = model->version,
        .calls = model->calls,
        .density = model->density };
    size_t count = sizeof head;

    if (!pf_model_valid(model))
        return 0;
    for (unsigned c = 0; c < model->classes; c++) {
        const struct part part = { keys->device[c], model->device_class[c] };

        if (!keys->device[c] || !(part.learned.seconds_per_item > 0))
            continue;
        memcpy(bytes + count, &part, sizeof part);
        count += sizeof part;
        head.classes++;
    }
    if (!head.classes)
        return 0;
    memcpy(bytes, &head, sizeof head);
    head.crc = check_sum(bytes, count);
    memcpy(bytes, &head, sizeof head);
    return count;
}

bool pf_model_file_unpack(struct pf_model *model, const struct pf_model_keys *keys,
        const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    struct pf_model read = *model;
    struct head head;

    if (count < sizeof head)
        return false;
    memcpy(&head, at, sizeof head);
    if (head.magic != MAGIC || head.function != keys->function
            || head.version != model->version || head.classes > PF_MODEL_CLASSES
            || count != sizeof head + head.classes * sizeof(struct part)
            || head.crc != check_sum(at, count))
        return false;
    read.calls = head.calls;
    read.density = head.density;
    for (unsigned p = 0; p < head.classes; p++) {
        struct part part;

        memcpy(&part, at + sizeof head + p * sizeof part, sizeof part);
        for (unsigned c = 0; c < model->classes; c++)
            if (part.device && keys->device[c] == part.device)
                read.device_class[c] = part.learned;
    }
    if (!pf_model_valid(&read))
        return false;
    *model = read;
    return true;
}

/* ---- Files -------------------------------------------------------------------------- */

static char *name_of(const struct pf_model_keys *keys)
{
    return pf_text_print("%016llx.model", (unsigned long long)keys->function);
}

void pf_model_file_save(const char *folder, const struct pf_model *model,
        const struct pf_model_keys *keys)
{
    unsigned char *bytes = malloc(PF_MODEL_FILE_BYTES);
    char *name = name_of(keys);
    const size_t count = bytes && name ? pf_model_file_pack(model, keys, bytes) : 0;

    if (count && pf_file_write_private(folder, name, bytes, count))
        pf_log(PF_LOG_INFO, "what was learned is not kept: %s", pf_error_text());
    free(name);
    free(bytes);
}

void pf_model_file_load(const char *folder, struct pf_model *model,
        const struct pf_model_keys *keys)
{
    char *name = name_of(keys), *path = NULL, *bytes = NULL;
    size_t count = 0;

    if (name)
        path = pf_text_print("%s/%s", folder, name);
    if (path
            && pf_file_read(
                    path, PF_FILE_PRIVATE, PF_MODEL_FILE_BYTES, &bytes, &count))
        pf_log(PF_LOG_INFO, "what was learned before is ignored: %s",
                pf_error_text());
    if (bytes && !pf_model_file_unpack(model, keys, bytes, count))
        pf_log(PF_LOG_INFO, "%s is ignored: it is damaged or of another version",
                path);
    free(bytes);
    free(path);
    free(name);
}
