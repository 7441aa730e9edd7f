/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model_file.h: what was learned, kept between processes.  One file per function and
 * clauses; inside it what is true of all devices, and a part per class of device,
 * found again by its key.  A file that is torn, foreign, too large or of another
 * version is as good as none.
 */
#ifndef PF_MODEL_FILE_H
#define PF_MODEL_FILE_H

#include "runtime/model.h"
#include <parfun.h>

/* What a model is of: numbers that differ where the thing does (FNV-1a, 64 bits). */
struct pf_model_keys {
    uint64_t function; /* its text, clauses, the library's version */
    uint64_t device[PF_MODEL_CLASSES]; /* its name, platform, driver; 0: not kept */
};

/* Begin with this, then add texts; NULL is "". */
#define PF_MODEL_KEY 0xcbf29ce484222325u
uint64_t pf_model_key(uint64_t key, const char *text);

/* At most so many bytes are read or written. */
enum {
    PF_MODEL_FILE_BYTES = 128 + (int)sizeof(struct pf_model)
            + PF_MODEL_CLASSES * (int)sizeof(uint64_t)
};

/* The file's content; 0 if there is nothing worth keeping. */
size_t pf_model_file_pack(const struct pf_model *model,
        const struct pf_model_keys *keys, unsigned char bytes[PF_MODEL_FILE_BYTES]);

/* False, and the model unchanged, if these bytes are not of this function. */
bool pf_model_file_unpack(struct pf_model *model, const struct pf_model_keys *keys,
        const void *bytes, size_t count);

/* To and from a private folder.  Failures are logged, and nothing else. */
void pf_model_file_save(const char *folder, const struct pf_model *model,
        const struct pf_model_keys *keys);
void pf_model_file_load(const char *folder, struct pf_model *model,
        const struct pf_model_keys *keys);

#endif
