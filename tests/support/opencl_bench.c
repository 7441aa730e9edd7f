/* SPDX-License-Identifier: Apache-2.0 */
/* opencl_bench.c: what the tests of the OpenCL backend share. */
#include "support/opencl_bench.h"

#include "runtime/base/error.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct pf_backend_options bench_options = { .processors = 2 };

void must(enum parfun_status status)
{
    if (status != PARFUN_OK)
        fail_msg("status %d: %s", (int)status, pf_error_text());
}

void close_all(struct pf_device_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        opencl->close(list->devices[i]);
    free(list->devices);
    free(list->skipped);
}

int bench_open(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    strcpy(bench->cache_dir, "/tmp/parfun-test-XXXXXX");
    if (!mkdtemp(bench->cache_dir))
        return -1;
    bench_options.cache_dir = bench->cache_dir;
    if (opencl->open(&bench_options, &bench->list) != PARFUN_OK
            || bench->list.count == 0)
        return -1;
    bench->device = bench->list.devices[0];
    *state = bench;
    return 0;
}

static int remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        closedir(folder);
    return rmdir(path);
}

int bench_close(void **state)
{
    struct bench *bench = *state;
    close_all(&bench->list);
    int left = remove_folder(bench->cache_dir);
    free(bench);
    return left;
}

struct pf_code *build(struct pf_device *device, const struct parfun_kernel *kernel)
{
    struct pf_code_request request = {
        .kernel = kernel, .build = "", .dimensions = 1
    };
    struct pf_code *code = NULL;
    must(opencl->code_create(device, &request, &code));
    return code;
}

struct pf_memory *array(struct pf_device *device, size_t bytes)
{
    struct pf_memory *memory = NULL;
    bool zero_copy = true;
    must(opencl->memory_create(device, bytes, NULL,
            PF_ACCESS_READ | PF_ACCESS_WRITE, &memory, &zero_copy));
    assert_false(zero_copy);
    return memory;
}

struct pf_copy whole(struct pf_memory *memory, void *host, size_t bytes)
{
    return (struct pf_copy){
        .memory = memory, .host = host, .rows = 1, .row_bytes = bytes
    };
}

void put(struct pf_device *device, unsigned lane, struct pf_memory *memory,
        void *host, size_t bytes)
{
    struct pf_copy copy = whole(memory, host, bytes);
    must(opencl->write(device, lane, &copy));
}

void get(struct pf_device *device, unsigned lane, struct pf_memory *memory,
        void *host, size_t bytes)
{
    struct pf_copy copy = whole(memory, host, bytes);
    must(opencl->read(device, lane, &copy));
}

struct pf_lane_times finish(struct pf_device *device, unsigned lane)
{
    uint64_t mark = 0;
    bool reached = false;
    struct pf_lane_times times = { 0 };
    must(opencl->mark(device, lane, &mark));
    assert_true(mark > 0);
    must(opencl->wait(device, lane, mark, UINT64_MAX, &reached, &times));
    assert_true(reached);
    return times;
}

void fill(float *values, size_t count, float first)
{
    for (size_t i = 0; i < count; i++)
        values[i] = first + (float)i;
}

void check_saxpy(
        struct pf_device *device, struct pf_code *code, size_t items, size_t before)
{
    enum { AFTER = 5 };
    const size_t all = before + items + AFTER, bytes = all * sizeof(float);
    float *x = malloc(bytes), *y = malloc(bytes), a = 2;
    fill(x, all, 1);
    fill(y, all, 100);
    struct pf_memory *on_x = array(device, bytes), *on_y = array(device, bytes);
    put(device, 0, on_x, x, bytes);
    put(device, 0, on_y, y, bytes);
    const ptrdiff_t offset = (ptrdiff_t)(before * sizeof(float));
    const struct pf_launch_argument arguments[] = {
        VALUE(a),
        { .memory = on_x, .offset = offset },
        { .memory = on_y, .offset = offset },
    };
    struct pf_launch launch = { .size = { items, 1, 1 }, .arguments = arguments };
    must(opencl->launch(device, 0, code, &launch));
    get(device, 0, on_y, y, bytes);
    finish(device, 0);
    for (size_t i = 0; i < all; i++) {
        bool inside = i >= before && i < before + items;
        float wanted = 100 + (float)i + (inside ? 2 * (1 + (float)i) : 0);
        if (y[i] != wanted)
            fail_msg("%zu items from %zu: y[%zu] is %g, not %g", items, before, i,
                    (double)y[i], (double)wanted);
    }
    opencl->memory_destroy(device, on_x);
    opencl->memory_destroy(device, on_y);
    free(x);
    free(y);
}
