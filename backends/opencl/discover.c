/* SPDX-License-Identifier: Apache-2.0 */
/* discover.c: every usable device of every OpenCL platform, and why others are
 * left out. */
#include "backends/opencl/opencl.h"

#include "runtime/base/file.h"
#include "runtime/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_PLATFORMS = 16, MOST_DEVICES = 32 };

struct search {
    struct pf_opencl_library cl;
    const struct pf_backend_options *options;
    struct pf_device **devices;
    size_t count;
    struct pf_text skipped;
};

/* ---- PoCL's cache folder ------------------------------------------------------- */

/*
 * PoCL keeps compiled kernels in a folder, and where it can not write it hides its
 * device without a word.  It asks again for the folder with each search for
 * devices; so only in that case it is given a private one: in our cache's folder,
 * or in /tmp under the user's number, where it stays for the next process.  This is
 * the library's one change of the environment; a program that reads its environment
 * in other threads meanwhile can avoid it by setting POCL_CACHE_DIR itself.
 */
static bool give_pocl_a_folder(const struct pf_backend_options *options)
{
    char *folder = options->cache_dir
            ? pf_text_print("%s/pocl", options->cache_dir)
            : pf_text_print("/tmp/parfun-pocl-%u", (unsigned)getuid());
    bool given = folder && pf_file_make_folder(folder) == PARFUN_OK
            && setenv("POCL_CACHE_DIR", folder, 0) == 0;
    free(folder);
    pf_error_clear();
    return given;
}

static bool is_pocl(const char *platform)
{
    return strstr(platform, "Portable Computing Language") != NULL;
}

/* ---- Platforms ------------------------------------------------------------------ */

static cl_int list_devices(struct search *search, cl_platform_id platform,
        const char *name, cl_device_id *ids, cl_uint *count)
{
    *count = 0;
    cl_int status = search->cl.clGetDeviceIDs(
            platform, CL_DEVICE_TYPE_ALL, MOST_DEVICES, ids, count);
    if ((status != CL_SUCCESS || *count == 0) && is_pocl(name)
            && !search->options->pocl_cache_dir
            && give_pocl_a_folder(search->options))
        status = search->cl.clGetDeviceIDs(
                platform, CL_DEVICE_TYPE_ALL, MOST_DEVICES, ids, count);
    if (*count > MOST_DEVICES)
        *count = MOST_DEVICES;
    return status;
}

static enum parfun_status add_device(struct search *search, cl_platform_id platform,
        const char *platform_name, cl_device_id id)
{
    const struct pf_opencl_found found = { &search->cl, search->options, platform,
        id, (unsigned)search->count };
    struct pf_opencl_device *device;
    const char *why;
    PF_TRY(pf_opencl_device_create(&found, &device, &why));
    if (!device) {
        char *name = pf_opencl_device_text(&search->cl, id, CL_DEVICE_NAME);
        pf_text_format(&search->skipped, "%s (%s): %s\n", name ? name : "a device",
                platform_name, why);
        free(name);
        return PARFUN_OK;
    }
    struct pf_device **more =
            realloc(search->devices, (search->count + 1) * sizeof *more);
    if (!more) {
        pf_opencl_close(&device->base);
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a list of devices");
    }
    search->devices = more;
    search->devices[search->count++] = &device->base;
    return PARFUN_OK;
}

static enum parfun_status add_platform(
        struct search *search, cl_platform_id platform)
{
    char *name = pf_opencl_platform_text(&search->cl, platform, CL_PLATFORM_NAME);
    if (!name)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a platform's name");
    cl_device_id ids[MOST_DEVICES];
    cl_uint count;
    cl_int code = list_devices(search, platform, name, ids, &count);
    enum parfun_status status = PARFUN_OK;
    if (code != CL_SUCCESS || count == 0) {
        pf_text_format(&search->skipped, "%s: no device: %s (%d)%s\n", name,
                pf_opencl_status_name(code), (int)code,
                is_pocl(name) ? "; PoCL hides its device where it can not write "
                                "to POCL_CACHE_DIR"
                              : "");
        count = 0;
    }
    for (cl_uint i = 0; i < count && status == PARFUN_OK; i++)
        status = add_device(search, platform, name, ids[i]);
    free(name);
    return status;
}

static enum parfun_status add_platforms(struct search *search)
{
    cl_platform_id platforms[MOST_PLATFORMS];
    cl_uint count = 0;
    cl_int code = search->cl.clGetPlatformIDs(MOST_PLATFORMS, platforms, &count);
    if (code != CL_SUCCESS || count == 0) {
        pf_text_format(&search->skipped,
                "no OpenCL driver here: clGetPlatformIDs: %s (%d); on Debian: "
                "apt-get install pocl-opencl-icd\n",
                code == CL_SUCCESS ? "an empty list" : pf_opencl_status_name(code),
                (int)code);
        return PARFUN_OK;
    }
    for (cl_uint i = 0; i < count && i < MOST_PLATFORMS; i++)
        PF_TRY(add_platform(search, platforms[i]));
    return PARFUN_OK;
}

static enum parfun_status find(struct search *search)
{
    if (search->options->secure) {
        pf_text_add(&search->skipped,
                "OpenCL drivers are not loaded into a "
                "program that runs with privileges\n");
        return PARFUN_OK;
    }
    const char *missing = pf_opencl_library_open(&search->cl);
    if (missing) {
        pf_text_format(&search->skipped, "%s\n", missing);
        return PARFUN_OK;
    }
    return add_platforms(search);
}

enum parfun_status pf_opencl_open(
        const struct pf_backend_options *options, struct pf_device_list *list)
{
    struct search search = { .options = options };
    enum parfun_status status = find(&search);
    char *skipped = pf_text_take(&search.skipped);
    if (status == PARFUN_OK && !skipped)
        status = pf_fail(PARFUN_NO_MEMORY, "no memory for a list of devices");
    if (status == PARFUN_OK) {
        *list = (struct pf_device_list){ search.devices, search.count, skipped };
        return PARFUN_OK;
    }
    for (size_t i = 0; i < search.count; i++)
        pf_opencl_close(search.devices[i]);
    free(search.devices);
    free(skipped);
    return status;
}
