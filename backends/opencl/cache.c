/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cache.c: built programs on disk, so that a second process starts in
 * milliseconds.
 *
 * A file's name is a hash; the file holds the whole key (text, options, device,
 * driver, platform, version of this library) and a checksum, so that neither a
 * collision nor a torn file can pass for the program.  Written under another name
 * and renamed by file.c: any number of processes may read and write at once.
 * Whatever is wrong with a file, the program is built and saved again.
 */
#include "backends/opencl/opencl.h"

#include "runtime/base/file.h"
#include "runtime/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_FILE = 64 << 20 };

static const char magic[8] = "pfcl001";

struct header {
    char magic[8];
    uint64_t key_bytes, program_bytes;
    uint32_t crc; /* of the key and the program */
    uint32_t reserved;
};

_Static_assert(sizeof(struct header) == 32, "no padding in a file");

/* FNV-1a. */
static uint64_t hash(const char *bytes, size_t count)
{
    uint64_t value = 14695981039346656037u;
    for (size_t i = 0; i < count; i++)
        value = (value ^ (unsigned char)bytes[i]) * 1099511628211u;
    return value;
}

void pf_opencl_cache_finish(struct pf_opencl_code *code)
{
    free(code->cache_file);
    free(code->cache_key);
    code->cache_file = NULL;
    code->cache_key = NULL;
}

void pf_opencl_cache_name(
        struct pf_opencl_code *code, const char *text, const char *options)
{
    const struct pf_opencl_device *device = code->device;
    if (!device->cache_dir)
        return;
    const char *const parts[] = { PARFUN_VERSION, device->base.platform,
        device->platform_version, device->base.name, device->base.driver, options,
        text };
    struct pf_text key = { 0 };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        pf_text_add_bytes(&key, parts[i], strlen(parts[i]) + 1);
    code->cache_key_bytes = key.bytes;
    code->cache_key = pf_text_take(&key);
    if (code->cache_key)
        code->cache_file = pf_text_print("opencl-%016" PRIx64 ".bin",
                hash(code->cache_key, code->cache_key_bytes));
    if (!code->cache_file)
        pf_opencl_cache_finish(code);
}

/* The program inside a file, or NULL if it is not the one wanted. */
static const unsigned char *check(const struct pf_opencl_code *code,
        const char *data, size_t bytes, size_t *program_bytes)
{
    struct header header;
    if (bytes < sizeof header)
        return NULL;
    memcpy(&header, data, sizeof header);
    const char *key = data + sizeof header;
    bytes -= sizeof header;
    if (memcmp(header.magic, magic, sizeof magic) != 0
            || header.key_bytes != code->cache_key_bytes || header.key_bytes > bytes
            || header.program_bytes != bytes - header.key_bytes
            || header.program_bytes == 0
            || memcmp(key, code->cache_key, code->cache_key_bytes) != 0
            || header.crc != pf_file_crc32(0, key, bytes))
        return NULL;
    *program_bytes = header.program_bytes;
    return (const unsigned char *)key + header.key_bytes;
}

cl_program pf_opencl_cache_load(struct pf_opencl_code *code)
{
    if (!code->cache_file)
        return NULL;
    struct pf_opencl_device *device = code->device;
    char *path = pf_text_print("%s/%s", device->cache_dir, code->cache_file);
    char *data = NULL;
    size_t bytes = 0, program_bytes = 0;
    cl_program program = NULL;
    if (path
            && pf_file_read(path, PF_FILE_PRIVATE, LARGEST_FILE, &data, &bytes)
                    == PARFUN_OK
            && data) {
        const unsigned char *binary = check(code, data, bytes, &program_bytes);
        cl_int state = CL_SUCCESS, status = CL_SUCCESS;
        if (binary)
            program = device->cl.clCreateProgramWithBinary(device->context, 1,
                    &device->id, &program_bytes, &binary, &state, &status);
        if (program && (state != CL_SUCCESS || status != CL_SUCCESS)) {
            device->cl.clReleaseProgram(program);
            program = NULL;
        }
    }
    free(data);
    free(path);
    pf_error_clear();
    return program;
}

static void save(struct pf_opencl_code *code, size_t program_bytes)
{
    struct pf_opencl_device *device = code->device;
    size_t whole = sizeof(struct header) + code->cache_key_bytes + program_bytes;
    char *data = malloc(whole);
    if (!data)
        return;
    char *key = data + sizeof(struct header);
    unsigned char *program = (unsigned char *)key + code->cache_key_bytes;
    if (device->cl.clGetProgramInfo(
                code->program, CL_PROGRAM_BINARIES, sizeof program, &program, NULL)
            == CL_SUCCESS) {
        memcpy(key, code->cache_key, code->cache_key_bytes);
        struct header header = {
            .key_bytes = code->cache_key_bytes,
            .program_bytes = program_bytes,
            .crc = pf_file_crc32(0, key, whole - sizeof(struct header)),
        };
        memcpy(header.magic, magic, sizeof magic);
        memcpy(data, &header, sizeof header);
        if (pf_file_write_private(device->cache_dir, code->cache_file, data, whole)
                != PARFUN_OK)
            pf_error_clear();
    }
    free(data);
}

void pf_opencl_cache_save(struct pf_opencl_code *code)
{
    if (!code->cache_file)
        return;
    size_t bytes = 0;
    cl_int status = code->device->cl.clGetProgramInfo(
            code->program, CL_PROGRAM_BINARY_SIZES, sizeof bytes, &bytes, NULL);
    if (status == CL_SUCCESS && bytes > 0 && bytes < LARGEST_FILE / 2)
        save(code, bytes);
    pf_opencl_cache_finish(code);
}
