/* SPDX-License-Identifier: Apache-2.0 */
/*
 * object.c: shared libraries of kernels on disk.  A file's name is a hash; behind the
 * library, where the loader does not look, stands the whole key and a check sum, so
 * that neither a collision nor a torn file is loaded for the kernel.  Whatever is
 * wrong with a file, the kernel is compiled and saved again.
 */
#include "runtime/object.h"

#include "runtime/base/error.h"
#include "runtime/base/file.h"
#include "runtime/base/folder.h"
#include "runtime/base/isa.h"
#include "runtime/base/log.h"
#include "runtime/base/text.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_FILE = 64 << 20 };

static const char magic[8] = "pfso001";

/* The end of a file: library, key, this. */
struct trailer {
    uint64_t library_bytes, key_bytes;
    uint32_t crc; /* of library and key */
    uint32_t reserved;
    char magic[8];
};

_Static_assert(sizeof(struct trailer) == 32, "no padding in a file");

/* What decides about the code: strings, each with its zero byte. */
static struct pf_text make_key(const struct pf_object_request *request)
{
    const char *const parts[] = { PARFUN_VERSION, pf_isa_best(),
        request->compiler->identity, request->kernel,
        request->clauses ? "given" : "own",
        request->clauses ? request->clauses : "", request->source };
    struct pf_text key = { 0 };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        pf_text_add_bytes(&key, parts[i], strlen(parts[i]) + 1);
    return key;
}

/* FNV-1a. */
static char *file_name(const struct pf_text *key)
{
    uint64_t value = 14695981039346656037u;

    for (size_t i = 0; i < key->bytes; i++)
        value = (value ^ (unsigned char)key->data[i]) * 1099511628211u;
    return pf_text_print("text-%016" PRIx64 ".so", value);
}

/* ---- Loading ------------------------------------------------------------------------ */

/* The loader knows files by their names: so look whose kernel it is. */
static bool belongs(
        const struct pf_object_request *request, const struct pf_object *object)
{
    const struct parfun_kernel *kernel = object->kernel;

    return !kernel
            || (kernel->abi == PARFUN_KERNEL_ABI
                    && strcmp(kernel->name, request->kernel) == 0
                    && pf_text_ends(kernel->source, request->source));
}

/* False: it is no library of ours, or another's. */
static bool load(const struct pf_object_request *request, const char *path,
        struct pf_object *object)
{
    struct pf_object loaded = { .handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) };
    const struct parfun_kernel *const *kernel;

    if (!loaded.handle) {
        pf_log(PF_LOG_INFO, "%s", dlerror());
        return false;
    }
    kernel = dlsym(loaded.handle, "pf_text_kernel");
    loaded.names = dlsym(loaded.handle, "pf_text_names");
    loaded.kernel = kernel ? *kernel : NULL;
    if (kernel && loaded.names && belongs(request, &loaded)) {
        *object = loaded;
        return true;
    }
    dlclose(loaded.handle);
    return false;
}

static bool is_whole(const char *data, size_t bytes, const struct pf_text *key)
{
    struct trailer trailer;
    size_t content;

    if (bytes < sizeof trailer)
        return false;
    content = bytes - sizeof trailer;
    memcpy(&trailer, data + content, sizeof trailer);
    return memcmp(trailer.magic, magic, sizeof magic) == 0
            && trailer.key_bytes == key->bytes && trailer.key_bytes <= content
            && trailer.library_bytes == content - trailer.key_bytes
            && memcmp(data + trailer.library_bytes, key->data, key->bytes) == 0
            && trailer.crc == pf_file_crc32(0, data, content);
}

/* The loader opens the file by its path: so nobody else may change what is there. */
static bool load_kept(const struct pf_object_request *request, const char *path,
        const struct pf_text *key, struct pf_object *object)
{
    char *data = NULL;
    size_t bytes = 0;
    bool whole;

    if (pf_file_make_folder(request->cache_dir)
            || pf_file_read(path, PF_FILE_PRIVATE, LARGEST_FILE, &data, &bytes)) {
        pf_log(PF_LOG_INFO, "%s", pf_error_text());
        pf_error_clear();
        return false;
    }
    whole = data && is_whole(data, bytes, key);
    free(data);
    return whole && load(request, path, object);
}

/* ---- Making ------------------------------------------------------------------------- */

/* What can not be kept is used all the same. */
static bool save(const struct pf_object_request *request, const char *path,
        const char *name, const struct pf_text *key)
{
    struct trailer trailer = { .key_bytes = key->bytes };
    struct pf_text file = { 0 };
    char *library = NULL;
    size_t bytes = 0;
    bool saved;
    enum parfun_status status =
            pf_file_read(path, PF_FILE_ANYBODY, LARGEST_FILE, &library, &bytes);

    if (!status && library) {
        pf_text_add_bytes(&file, library, bytes);
        pf_text_add_bytes(&file, key->data, key->bytes);
        trailer.library_bytes = bytes;
        trailer.crc = pf_file_crc32(0, pf_text_get(&file), file.bytes);
        memcpy(trailer.magic, magic, sizeof magic);
        pf_text_add_bytes(&file, &trailer, sizeof trailer);
    }
    if (!status && library && !file.failed)
        status = pf_file_write_private(
                request->cache_dir, name, pf_text_get(&file), file.bytes);
    if (status) {
        pf_log(PF_LOG_INFO, "%s", pf_error_text());
        pf_error_clear();
    }
    saved = !status && library && !file.failed;
    pf_text_finish(&file);
    free(library);
    return saved;
}

static enum parfun_status make_in(const struct pf_object_request *request,
        const char *folder, const char *kept, const char *name,
        const struct pf_text *key, struct pf_object *object)
{
    const struct pf_compiler_job job = { request->compiler, folder, request->file,
        request->source, request->kernel, request->clauses, pf_isa_best() };
    char *path = pf_text_print("%s/" PF_COMPILER_OUTPUT, folder);
    enum parfun_status status = path
            ? pf_compiler_run(&job)
            : pf_fail(PARFUN_NO_MEMORY, "no memory to compile %s", request->file);

    if (!status
            && !(kept && save(request, path, name, key)
                    && load(request, kept, object))
            && !load(request, path, object))
        status = pf_fail(PARFUN_UNSUPPORTED,
                "what %s compiled can not be loaded; is it of this version, and are "
                "programs allowed in %s?",
                request->compiler->path, folder);
    free(path);
    return status;
}

static enum parfun_status make(const struct pf_object_request *request,
        const char *kept, const char *name, const struct pf_text *key,
        struct pf_object *object)
{
    enum parfun_status status;
    char *folder;

    PF_TRY(pf_folder_create(request->temporary_dir, &folder));
    status = make_in(request, folder, kept, name, key, object);
    pf_folder_remove(folder);
    free(folder);
    return status;
}

enum parfun_status pf_object_open(
        const struct pf_object_request *request, struct pf_object *object)
{
    struct pf_text key = make_key(request);
    char *name = key.failed ? NULL : file_name(&key);
    char *kept = request->cache_dir && name
            ? pf_text_print("%s/%s", request->cache_dir, name)
            : NULL;
    enum parfun_status status = PARFUN_OK;

    *object = (struct pf_object){ 0 };
    if (!name || (request->cache_dir && !kept))
        status =
                pf_fail(PARFUN_NO_MEMORY, "no memory to compile %s", request->file);
    else if (!kept || !load_kept(request, kept, &key, object))
        status = make(request, kept, name, &key, object);
    free(kept);
    free(name);
    pf_text_finish(&key);
    return status;
}

void pf_object_close(struct pf_object *object)
{
    if (object->handle)
        dlclose(object->handle);
    *object = (struct pf_object){ 0 };
}
