/* SPDX-License-Identifier: Apache-2.0 */
/* opencl_test.c: the OpenCL backend through its interface alone, on whatever
 * driver is first; the tests' own dependency is PoCL. */
#include "backends/table.h"
#include "opencl_kernels.h"
#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "support/cmocka.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct pf_backend *const opencl = &pf_backend_opencl;

/* ---- A device per test ------------------------------------------------------- */

struct bench {
    struct pf_device_list list;
    struct pf_device *device;
    char cache_dir[64];
};

static struct pf_backend_options options = { .processors = 2 };

static void must(enum parfun_status status)
{
    if (status != PARFUN_OK)
        fail_msg("status %d: %s", (int)status, pf_error_text());
}

static void close_all(struct pf_device_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        opencl->close(list->devices[i]);
    free(list->devices);
    free(list->skipped);
}

static int open_device(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    strcpy(bench->cache_dir, "/tmp/parfun-test-XXXXXX");
    if (!mkdtemp(bench->cache_dir))
        return -1;
    options.cache_dir = bench->cache_dir;
    if (opencl->open(&options, &bench->list) != PARFUN_OK || bench->list.count == 0)
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

static int close_device(void **state)
{
    struct bench *bench = *state;
    close_all(&bench->list);
    int left = remove_folder(bench->cache_dir);
    free(bench);
    return left;
}

/* ---- Shorter ways to ask -------------------------------------------------------- */

static struct pf_code *build(
        struct pf_device *device, const struct parfun_kernel *kernel)
{
    struct pf_code_request request = {
        .kernel = kernel, .build = "", .dimensions = 1
    };
    struct pf_code *code = NULL;
    must(opencl->code_create(device, &request, &code));
    return code;
}

static struct pf_memory *array(struct pf_device *device, size_t bytes)
{
    struct pf_memory *memory = NULL;
    bool zero_copy = true;
    must(opencl->memory_create(device, bytes, NULL,
            PF_ACCESS_READ | PF_ACCESS_WRITE, &memory, &zero_copy));
    assert_false(zero_copy);
    return memory;
}

static struct pf_copy whole(struct pf_memory *memory, void *host, size_t bytes)
{
    return (struct pf_copy){
        .memory = memory, .host = host, .rows = 1, .row_bytes = bytes
    };
}

static void put(struct pf_device *device, unsigned lane, struct pf_memory *memory,
        void *host, size_t bytes)
{
    struct pf_copy copy = whole(memory, host, bytes);
    must(opencl->write(device, lane, &copy));
}

static void get(struct pf_device *device, unsigned lane, struct pf_memory *memory,
        void *host, size_t bytes)
{
    struct pf_copy copy = whole(memory, host, bytes);
    must(opencl->read(device, lane, &copy));
}

static struct pf_lane_times finish(struct pf_device *device, unsigned lane)
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

#define VALUE(variable) { .value = &(variable), .bytes = sizeof(variable) }

static void fill(float *values, size_t count, float first)
{
    for (size_t i = 0; i < count; i++)
        values[i] = first + (float)i;
}

/* ---- Discovery --------------------------------------------------------------------- */

static void tells_what_a_device_is(void **state)
{
    const struct bench *bench = *state;
    for (size_t i = 0; i < bench->list.count; i++) {
        const struct pf_device *device = bench->list.devices[i];
        char selector[32];
        snprintf(selector, sizeof selector, "opencl:%zu", i);
        assert_string_equal(device->selector, selector);
        assert_int_equal(device->index, i);
        assert_ptr_equal(device->backend, opencl);
        assert_false(device->host);
        assert_true(device->name[0] && device->platform[0] && device->driver[0]);
        assert_int_equal(device->same_cpu, device->kind == PF_DEVICE_CPU);
        assert_true(device->lanes >= 2);
        assert_true(device->limits.group_items >= 1);
        assert_true(device->limits.memory_bytes > 0);
        assert_true(device->limits.allocation_bytes > 0);
        assert_true(device->limits.local_bytes > 0);
        assert_true(device->limits.alignment > 0);
    }
    assert_non_null(bench->list.skipped);
}

static void takes_no_more_cores_of_the_cpu_than_allowed(void **state)
{
    (void)state;
    struct pf_backend_options one = { .processors = 1 };
    struct pf_device_list list;
    must(opencl->open(&one, &list));
    for (size_t i = 0; i < list.count; i++)
        if (list.devices[i]->same_cpu)
            assert_int_equal(list.devices[i]->limits.compute_units, 1);
    close_all(&list);
}

static void loads_nothing_into_a_program_with_privileges(void **state)
{
    (void)state;
    struct pf_backend_options secure = { .processors = 1, .secure = true };
    struct pf_device_list list;
    must(opencl->open(&secure, &list));
    assert_int_equal(list.count, 0);
    assert_non_null(strstr(list.skipped, "privileges"));
    close_all(&list);
}

/* Run in a child, as the loader reads its environment once: exit code 0 if the
 * list is as wanted. */
static int child_lists(const char *variable, const char *folder, size_t least,
        size_t most, const char *said)
{
    pid_t child = fork();
    if (child == 0) {
        setenv(variable, folder, 1);
        execl("/proc/self/exe", "opencl_test", "list", least ? "some" : "none",
                most ? "" : "", said, (char *)NULL);
        _exit(99);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int list_as_child(const char *wanted, const char *said)
{
    struct pf_device_list list;
    if (opencl->open(&options, &list) != PARFUN_OK)
        return 1;
    bool some = list.count > 0;
    bool right = some == (strcmp(wanted, "some") == 0)
            && strstr(list.skipped, said) != NULL;
    if (!right)
        fprintf(stderr, "%zu devices; %s\n", list.count, list.skipped);
    close_all(&list);
    return right ? 0 : 2;
}

static void says_what_to_install_where_there_is_no_driver(void **state)
{
    const struct bench *bench = *state;
    assert_int_equal(child_lists("OCL_ICD_VENDORS", bench->cache_dir, 0, 0,
                             "pocl-opencl-icd"),
            0);
}

static void finds_pocl_where_the_home_folder_is_not_writable(void **state)
{
    (void)state;
    setenv("HOME", "/proc", 1);
    assert_int_equal(child_lists("XDG_CACHE_HOME", "/proc", 1, 1, ""), 0);
}

/* ---- Launches -------------------------------------------------------------------------- */

static void check_saxpy(
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

static void runs_any_size_from_any_element(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code *code = build(device, &saxpy);
    assert_true(opencl->offsets(code));
    static const size_t sizes[] = { 1, 2, 63, 64, 65, 127, 128, 129, 255, 256, 257,
        1021, 4096, 10007 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        check_saxpy(device, code, sizes[i], 0);
        check_saxpy(device, code, sizes[i], 1);
        check_saxpy(device, code, sizes[i], 33);
    }
    opencl->code_destroy(device, code);
}

static void check_grid(
        struct pf_device *device, struct pf_code *code, size_t width, size_t rows)
{
    const size_t count = width * rows, bytes = (count + 7) * sizeof(float);
    float *y = malloc(bytes);
    fill(y, count + 7, -9000);
    struct pf_memory *on_y = array(device, bytes);
    put(device, 0, on_y, y, bytes);
    int columns = (int)width;
    const struct pf_launch_argument arguments[] = { VALUE(columns),
        { .memory = on_y } };
    struct pf_launch launch = { .size = { width, rows, 1 },
        .arguments = arguments };
    must(opencl->launch(device, 0, code, &launch));
    get(device, 0, on_y, y, bytes);
    finish(device, 0);
    for (size_t i = 0; i < count; i++)
        assert_true(y[i] == 1000.0f * (float)(i / width) + (float)(i % width));
    for (size_t i = count; i < count + 7; i++)
        assert_true(y[i] == -9000 + (float)i);
    opencl->memory_destroy(device, on_y);
    free(y);
}

static void runs_two_dimensions_of_any_size(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code_request request = {
        .kernel = &grid, .build = "", .dimensions = 2
    };
    struct pf_code *code = NULL;
    must(opencl->code_create(device, &request, &code));
    check_grid(device, code, 1, 1);
    check_grid(device, code, 3, 1001);
    check_grid(device, code, 100, 7);
    check_grid(device, code, 999, 2);
    opencl->code_destroy(device, code);
}

static void counts_absolute_ids_from_the_first_item(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code_request request = {
        .kernel = &indices, .build = "", .dimensions = 1, .absolute = true
    };
    struct pf_code *code = NULL;
    must(opencl->code_create(device, &request, &code));
    float y[101];
    struct pf_memory *on_y = array(device, sizeof y);
    for (size_t first = 0; first < 5000; first += 1234) {
        fill(y, 101, -500);
        put(device, 0, on_y, y, sizeof y);
        /* The memory holds items `first` and later: the pointer lies before it. */
        const struct pf_launch_argument argument = { .memory = on_y,
            .offset = -(ptrdiff_t)(first * sizeof(float)) };
        struct pf_launch launch = {
            .size = { 100, 1, 1 }, .first = first, .arguments = &argument
        };
        must(opencl->launch(device, 0, code, &launch));
        get(device, 0, on_y, y, sizeof y);
        finish(device, 0);
        for (size_t i = 0; i < 100; i++)
            assert_true(y[i] == (float)(first + i));
        assert_true(y[100] == -400);
    }
    opencl->memory_destroy(device, on_y);
    opencl->code_destroy(device, code);
}

static void runs_kernels_that_ask_for_the_size_at_that_size(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code *code = build(device, &extent);
    static const size_t sizes[] = { 1, 64, 77, 1000 };
    for (size_t s = 0; s < 4; s++) {
        float y[1010];
        fill(y, 1010, 0.5f);
        struct pf_memory *on_y = array(device, sizeof y);
        put(device, 0, on_y, y, sizeof y);
        const struct pf_launch_argument argument = { .memory = on_y, .offset = 4 };
        struct pf_launch launch = { .size = { sizes[s], 1, 1 },
            .arguments = &argument };
        must(opencl->launch(device, 0, code, &launch));
        get(device, 0, on_y, y, sizeof y);
        finish(device, 0);
        assert_true(y[0] == 0.5f);
        for (size_t i = 1; i <= sizes[s]; i++)
            assert_true(y[i] == (float)sizes[s]);
        assert_true(y[sizes[s] + 1] == 0.5f + (float)(sizes[s] + 1));
        opencl->memory_destroy(device, on_y);
    }
    opencl->code_destroy(device, code);
}

static void runs_work_groups_with_local_memory(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code_request request = {
        .kernel = &reverse, .build = "", .dimensions = 1, .group = { 8, 1, 1 }
    };
    struct pf_code *code = NULL;
    must(opencl->code_create(device, &request, &code));
    assert_false(opencl->offsets(code));
    float y[32];
    fill(y, 32, 0);
    struct pf_memory *on_y = array(device, sizeof y);
    put(device, 1, on_y, y, sizeof y);
    struct pf_launch_argument arguments[] = {
        { .memory = on_y },
        { .bytes = 8 * sizeof(float) },
    };
    struct pf_launch launch = { .size = { 24, 1, 1 }, .arguments = arguments };
    must(opencl->launch(device, 1, code, &launch));
    get(device, 1, on_y, y, sizeof y);
    finish(device, 1);
    for (size_t i = 0; i < 32; i++) {
        size_t wanted = i < 24 ? i / 8 * 8 + 7 - i % 8 : i;
        assert_true(y[i] == (float)wanted);
    }

    launch.size[0] = 25;
    assert_int_equal(opencl->launch(device, 1, code, &launch), PARFUN_INVALID);
    launch.size[0] = 8;
    arguments[0].offset = 4;
    assert_int_equal(opencl->launch(device, 1, code, &launch), PARFUN_INVALID);
    arguments[0].offset = 0;
    arguments[1].bytes = device->limits.local_bytes + 1;
    assert_int_equal(opencl->launch(device, 1, code, &launch), PARFUN_UNSUPPORTED);
    finish(device, 1);
    opencl->memory_destroy(device, on_y);
    opencl->code_destroy(device, code);
}

static void passes_structs_vectors_and_constants(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code *code = build(device, &typed);
    float table[40], y[33];
    fill(table, 40, 0);
    const struct {
        float scale;
        int unused;
    } how = { 3, 0 };
    const parfun_float3 shift = { .s = { 0, 0, 0.5f, 0 } };
    struct pf_memory *on_table = array(device, sizeof table),
                     *on_y = array(device, sizeof y);
    put(device, 0, on_table, table, sizeof table);
    const struct pf_launch_argument arguments[] = {
        { .memory = on_table, .offset = 16 },
        VALUE(how),
        VALUE(shift),
        { .memory = on_y },
    };
    struct pf_launch launch = { .size = { 33, 1, 1 }, .arguments = arguments };
    must(opencl->launch(device, 0, code, &launch));
    get(device, 0, on_y, y, sizeof y);
    finish(device, 0);
    for (size_t i = 0; i < 33; i++)
        assert_true(y[i] == 3 * (float)(i + 4) + 0.5f);
    opencl->memory_destroy(device, on_table);
    opencl->memory_destroy(device, on_y);
    opencl->code_destroy(device, code);
}

/* ---- Building ---------------------------------------------------------------------- */

static void shows_the_compilers_log_with_the_users_lines(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code_request request = {
        .kernel = &broken, .build = "-DMORE=2", .dimensions = 1
    };
    struct pf_code *code = NULL;
    assert_int_equal(opencl->code_create(device, &request, &code), PARFUN_COMPILE);
    assert_null(code);
    const char *said = pf_error_text();
    assert_non_null(strstr(said, "broken"));
    assert_non_null(strstr(said, device->name));
    assert_non_null(strstr(said, "-DSOME=1"));
    assert_non_null(strstr(said, "-DMORE=2"));
    assert_non_null(strstr(said, "undeclared_thing"));
    assert_non_null(strstr(said, "broken.cl:3:"));
    /* The device is as good as before. */
    struct pf_code *good = build(device, &saxpy);
    check_saxpy(device, good, 10, 0);
    opencl->code_destroy(device, good);
}

static void refuses_what_a_device_can_not_run(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code *code = NULL;
    struct pf_code_request request = { .kernel = &reverse,
        .build = "",
        .dimensions = 1,
        .group = { device->limits.group_size[0] + 1, 1, 1 } };
    assert_int_equal(
            opencl->code_create(device, &request, &code), PARFUN_UNSUPPORTED);
    assert_non_null(strstr(pf_error_text(), device->name));

    struct parfun_kernel doubles = saxpy;
    doubles.flags = PARFUN_KERNEL_DOUBLES;
    request = (struct pf_code_request){
        .kernel = &doubles, .build = "", .dimensions = 1
    };
    bool has = device->limits.doubles;
    device->limits.doubles = false;
    assert_int_equal(
            opencl->code_create(device, &request, &code), PARFUN_UNSUPPORTED);
    assert_non_null(strstr(pf_error_text(), "double"));
    device->limits.doubles = has;
    assert_null(code);
}

static unsigned count_files(const char *path, char *name, size_t name_bytes)
{
    unsigned count = 0;
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (entry->d_name[0] != '.') {
            count++;
            snprintf(name, name_bytes, "%s/%s", path, entry->d_name);
        }
    if (folder)
        closedir(folder);
    return count;
}

static void run_once(struct pf_device *device)
{
    struct pf_code *code = build(device, &saxpy);
    check_saxpy(device, code, 100, 3);
    opencl->code_destroy(device, code);
}

static void saves_a_program_once_it_has_run(void **state)
{
    const struct bench *bench = *state;
    char file[512];
    struct pf_code *code = build(bench->device, &saxpy);
    assert_int_equal(count_files(bench->cache_dir, file, sizeof file), 0);
    opencl->code_destroy(bench->device, code);
    run_once(bench->device);
    assert_int_equal(count_files(bench->cache_dir, file, sizeof file), 1);

    /* With the saved program in place of what the text says. */
    struct parfun_kernel other = saxpy;
    run_once(bench->device);
    assert_int_equal(count_files(bench->cache_dir, file, sizeof file), 1);
    other.build = "-DOTHER";
    code = build(bench->device, &other);
    check_saxpy(bench->device, code, 7, 0);
    opencl->code_destroy(bench->device, code);
    assert_int_equal(count_files(bench->cache_dir, file, sizeof file), 2);
}

static long file_bytes(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long bytes = ftell(file);
    fclose(file);
    return bytes;
}

static void builds_again_what_is_damaged_in_the_cache(void **state)
{
    const struct bench *bench = *state;
    char path[512];
    run_once(bench->device);
    assert_int_equal(count_files(bench->cache_dir, path, sizeof path), 1);
    const long bytes = file_bytes(path);
    const long places[] = { 0, 9, 17, 25, 40, bytes / 2, bytes - 1 };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        FILE *file = fopen(path, "r+b");
        assert_non_null(file);
        fseek(file, places[i], SEEK_SET);
        int old = fgetc(file);
        fseek(file, places[i], SEEK_SET);
        fputc(old ^ 0x55, file);
        fclose(file);
        run_once(bench->device);
        assert_int_equal(file_bytes(path), bytes);
    }
    assert_int_equal(truncate(path, bytes / 3), 0);
    run_once(bench->device);
    assert_int_equal(file_bytes(path), bytes);
    assert_int_equal(truncate(path, 0), 0);
    run_once(bench->device);
    assert_int_equal(file_bytes(path), bytes);
}

/* ---- Memory ------------------------------------------------------------------------- */

static void copies_rows_with_a_pitch_both_ways(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    enum { ROWS = 5, PITCH = 12, WIDTH = 4, INNER = 6 };
    float host[ROWS * PITCH], back[ROWS * PITCH], flat[2 + ROWS * INNER];
    fill(host, ROWS * PITCH, 0);
    fill(back, ROWS * PITCH, -1000);
    fill(flat, 2 + ROWS * INNER, -50);
    struct pf_memory *memory = array(device, sizeof flat);
    put(device, 0, memory, flat, sizeof flat);
    struct pf_copy copy = { .memory = memory,
        .offset = 2 * sizeof(float),
        .host = host + 3,
        .rows = ROWS,
        .row_bytes = WIDTH * sizeof(float),
        .host_pitch = PITCH * sizeof(float),
        .memory_pitch = INNER * sizeof(float) };
    must(opencl->write(device, 0, &copy));
    get(device, 0, memory, flat, sizeof flat);
    copy.host = back + 3;
    must(opencl->read(device, 0, &copy));
    finish(device, 0);
    for (size_t row = 0; row < ROWS; row++)
        for (size_t i = 0; i < INNER; i++) {
            size_t at = 2 + row * INNER + i;
            assert_true(flat[at]
                    == (i < WIDTH ? (float)(row * PITCH + 3 + i)
                                  : -50 + (float)at));
        }
    for (size_t i = 0; i < ROWS * PITCH; i++) {
        bool inside = i % PITCH >= 3 && i % PITCH < 3 + WIDTH;
        assert_true(back[i] == (inside ? (float)i : -1000 + (float)i));
    }
    opencl->memory_destroy(device, memory);
}

static void refuses_copies_that_leave_an_array(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    float host[64] = { 0 };
    struct pf_memory *memory = array(device, 100);
    struct pf_copy copy = whole(memory, host, 101);
    assert_int_equal(opencl->write(device, 0, &copy), PARFUN_INVALID);
    copy = whole(memory, host, 50);
    copy.offset = 51;
    assert_int_equal(opencl->read(device, 0, &copy), PARFUN_INVALID);
    copy.offset = SIZE_MAX;
    assert_int_equal(opencl->read(device, 0, &copy), PARFUN_INVALID);
    copy = (struct pf_copy){ .memory = memory,
        .host = host,
        .rows = 3,
        .row_bytes = 20,
        .host_pitch = 20,
        .memory_pitch = 41 };
    assert_int_equal(opencl->read(device, 0, &copy), PARFUN_INVALID);
    opencl->memory_destroy(device, memory);
}

static void keeps_to_its_memory_budget(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    device->limits.memory_bytes = 10000;
    struct pf_memory *first = array(device, 6000), *second = NULL;
    bool zero_copy;
    assert_int_equal(opencl->memory_create(device, 6000, NULL, PF_ACCESS_READ,
                             &second, &zero_copy),
            PARFUN_NO_MEMORY);
    assert_null(second);
    assert_non_null(strstr(pf_error_text(), device->name));
    second = array(device, 4000);
    opencl->memory_destroy(device, first);
    first = array(device, 6000);
    opencl->memory_destroy(device, first);
    opencl->memory_destroy(device, second);

    device->limits.memory_bytes = SIZE_MAX;
    device->limits.allocation_bytes = 5000;
    assert_int_equal(opencl->memory_create(device, 5001, NULL, PF_ACCESS_READ,
                             &first, &zero_copy),
            PARFUN_NO_MEMORY);
}

static void works_in_the_callers_memory_where_it_is_shared(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    enum { ITEMS = 5000 };
    const size_t bytes = ITEMS * sizeof(float);
    float *table = aligned_alloc(4096, 5 * 4096),
          *y = aligned_alloc(4096, 5 * 4096);
    struct pf_code *code = build(device, &typed);
    const struct {
        float scale;
        int unused;
    } how = { 2, 0 };
    const parfun_float3 shift = { .s = { 0, 0, 0, 0 } };
    struct pf_memory *on_table, *on_y, *both;
    bool shared;
    const bool wanted = device->limits.shared_memory;
    must(opencl->memory_create(
            device, bytes, table, PF_ACCESS_READ, &on_table, &shared));
    assert_int_equal(shared, wanted);
    must(opencl->memory_create(device, bytes, y, PF_ACCESS_WRITE, &on_y, &shared));
    assert_int_equal(shared, wanted);
    must(opencl->memory_create(
            device, bytes, y, PF_ACCESS_READ | PF_ACCESS_WRITE, &both, &shared));
    assert_false(shared);

    for (unsigned round = 0; round < 3; round++) {
        fill(table, ITEMS, (float)round);
        fill(y, ITEMS, -1);
        /* In two halves, in two lanes. */
        for (unsigned lane = 0; lane < 2; lane++) {
            const size_t half = bytes / 2, from = lane * half;
            struct pf_copy copy = { .memory = on_table,
                .offset = from,
                .host = (char *)table + from,
                .rows = 1,
                .row_bytes = half };
            must(opencl->write(device, lane, &copy));
            const struct pf_launch_argument arguments[] = {
                { .memory = on_table, .offset = (ptrdiff_t)from },
                VALUE(how),
                VALUE(shift),
                { .memory = on_y, .offset = (ptrdiff_t)from },
            };
            struct pf_launch launch = { .size = { ITEMS / 2, 1, 1 },
                .arguments = arguments };
            must(opencl->launch(device, lane, code, &launch));
            copy.memory = on_y;
            copy.host = (char *)y + from;
            must(opencl->read(device, lane, &copy));
        }
        finish(device, 0);
        finish(device, 1);
        for (size_t i = 0; i < ITEMS; i++)
            assert_true(y[i] == 2 * (float)(i + round));
    }
    opencl->memory_destroy(device, on_table);
    opencl->memory_destroy(device, on_y);
    opencl->memory_destroy(device, both);
    opencl->code_destroy(device, code);
    free(table);
    free(y);
}

/* ---- Marks --------------------------------------------------------------------------- */

static void marks_grow_and_tell_what_their_lane_did(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    enum { ITEMS = 20000 };
    const size_t bytes = ITEMS * sizeof(float);
    float *host = calloc(ITEMS, sizeof *host), a = 1;
    struct pf_code *code = build(device, &saxpy);
    struct pf_memory *x = array(device, bytes), *y[2];
    put(device, 0, x, host, bytes);
    finish(device, 0);
    const uint64_t begin_ns = pf_clock_ns();
    uint64_t mark[2][3];
    for (unsigned lane = 0; lane < 2; lane++) {
        y[lane] = array(device, bytes);
        for (unsigned i = 0; i < 3; i++) {
            const struct pf_launch_argument arguments[] = { VALUE(a),
                { .memory = x }, { .memory = y[lane] } };
            struct pf_launch launch = { .size = { ITEMS, 1, 1 },
                .arguments = arguments };
            put(device, lane, y[lane], host, bytes);
            must(opencl->launch(device, lane, code, &launch));
            if (i == 2)
                get(device, lane, y[lane], host, bytes);
            must(opencl->mark(device, lane, &mark[lane][i]));
            assert_true(mark[lane][i] > (i ? mark[lane][i - 1] : 0));
        }
    }
    for (unsigned lane = 0; lane < 2; lane++)
        for (unsigned i = 0; i < 3; i++) {
            bool reached = false;
            struct pf_lane_times times;
            must(opencl->wait(
                    device, lane, mark[lane][i], UINT64_MAX, &reached, &times));
            assert_true(reached);
            assert_true(times.kernel_s > 0 && times.copy_in_s > 0);
            assert_int_equal(times.copy_out_s > 0, i == 2);
            assert_true(begin_ns <= times.begin_ns && times.begin_ns < times.end_ns
                    && times.end_ns <= pf_clock_ns());
            /* Again: there is nothing left to wait for, nor to tell. */
            must(opencl->wait(device, lane, mark[lane][i], 0, &reached, &times));
            assert_true(reached && times.kernel_s == 0 && times.begin_ns == 0);
        }
    opencl->memory_destroy(device, x);
    opencl->memory_destroy(device, y[0]);
    opencl->memory_destroy(device, y[1]);
    opencl->code_destroy(device, code);
    free(host);
}

static void an_empty_lane_has_marks_too(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    uint64_t first, second;
    bool reached = false;
    must(opencl->mark(device, 1, &first));
    must(opencl->mark(device, 1, &second));
    assert_true(0 < first && first < second);
    must(opencl->wait(device, 1, second, UINT64_MAX, &reached, NULL));
    assert_true(reached);
}

static void waits_no_longer_than_it_is_told(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code *code = build(device, &slow);
    enum { ITEMS = 64 };
    float y[ITEMS] = { 0 };
    struct pf_memory *on_y = array(device, sizeof y);
    uint32_t rounds = 1;
    bool reached = true;
    /* Longer and longer, until a wait of no time at all comes too early. */
    while (reached && rounds < 1u << 20) {
        rounds *= 8;
        const struct pf_launch_argument arguments[] = { VALUE(rounds),
            { .memory = on_y } };
        struct pf_launch launch = { .size = { ITEMS, 1, 1 },
            .arguments = arguments };
        uint64_t mark;
        must(opencl->launch(device, 0, code, &launch));
        get(device, 0, on_y, y, sizeof y);
        must(opencl->mark(device, 0, &mark));
        must(opencl->wait(device, 0, mark, pf_clock_ns(), &reached, NULL));
    }
    assert_false(reached);
    finish(device, 0);
    assert_true(y[ITEMS - 1] > 0);
    opencl->memory_destroy(device, on_y);
    opencl->code_destroy(device, code);
}

static void makes_no_call_on_a_device_that_was_given_up(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code *code = build(device, &saxpy);
    struct pf_memory *memory = array(device, 64), *more = NULL;
    float host[16] = { 0 };
    struct pf_copy copy = whole(memory, host, 64);
    uint64_t mark;
    bool flag;
    put(device, 0, memory, host, 64);
    finish(device, 0);
    opencl->give_up(device);
    assert_int_equal(opencl->write(device, 0, &copy), PARFUN_DEVICE_FAILED);
    assert_int_equal(opencl->mark(device, 0, &mark), PARFUN_DEVICE_FAILED);
    assert_int_equal(
            opencl->wait(device, 0, 1, 0, &flag, NULL), PARFUN_DEVICE_FAILED);
    assert_int_equal(
            opencl->memory_create(device, 64, NULL, PF_ACCESS_READ, &more, &flag),
            PARFUN_DEVICE_FAILED);
    opencl->memory_destroy(device, memory);
    opencl->code_destroy(device, code);
}

/* The device's memory is the host's, or its own: both ways. */
static void may_be_told_to_copy(void **state)
{
    (void)state;
    struct pf_backend_options off = { .processors = 2,
        .zero_copy = PF_ZERO_COPY_OFF };
    struct pf_device_list list;
    must(opencl->open(&off, &list));
    assert_true(list.count > 0);
    float *host = aligned_alloc(4096, 4096);
    struct pf_memory *memory;
    bool shared = true;
    must(opencl->memory_create(
            list.devices[0], 4096, host, PF_ACCESS_READ, &memory, &shared));
    assert_false(shared);
    opencl->memory_destroy(list.devices[0], memory);
    close_all(&list);
    free(host);
}

#define ON_DEVICE(test) \
    cmocka_unit_test_setup_teardown(test, open_device, close_device)

int main(int count, char **words)
{
    if (count > 1 && strcmp(words[1], "list") == 0)
        return list_as_child(words[2], words[count - 1]);
    const struct CMUnitTest tests[] = {
        ON_DEVICE(tells_what_a_device_is),
        cmocka_unit_test(takes_no_more_cores_of_the_cpu_than_allowed),
        cmocka_unit_test(loads_nothing_into_a_program_with_privileges),
        ON_DEVICE(says_what_to_install_where_there_is_no_driver),
        ON_DEVICE(runs_any_size_from_any_element),
        ON_DEVICE(runs_two_dimensions_of_any_size),
        ON_DEVICE(counts_absolute_ids_from_the_first_item),
        ON_DEVICE(runs_kernels_that_ask_for_the_size_at_that_size),
        ON_DEVICE(runs_work_groups_with_local_memory),
        ON_DEVICE(passes_structs_vectors_and_constants),
        ON_DEVICE(shows_the_compilers_log_with_the_users_lines),
        ON_DEVICE(refuses_what_a_device_can_not_run),
        ON_DEVICE(saves_a_program_once_it_has_run),
        ON_DEVICE(builds_again_what_is_damaged_in_the_cache),
        ON_DEVICE(copies_rows_with_a_pitch_both_ways),
        ON_DEVICE(refuses_copies_that_leave_an_array),
        ON_DEVICE(keeps_to_its_memory_budget),
        ON_DEVICE(works_in_the_callers_memory_where_it_is_shared),
        ON_DEVICE(marks_grow_and_tell_what_their_lane_did),
        ON_DEVICE(an_empty_lane_has_marks_too),
        ON_DEVICE(waits_no_longer_than_it_is_told),
        ON_DEVICE(makes_no_call_on_a_device_that_was_given_up),
        cmocka_unit_test(may_be_told_to_copy),
        cmocka_unit_test(finds_pocl_where_the_home_folder_is_not_writable),
    };
    return cmocka_run_group_tests_name("opencl", tests, NULL, NULL);
}
