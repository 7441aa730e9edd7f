/* SPDX-License-Identifier: Apache-2.0 */
/* opencl_test.c: which OpenCL devices are found, and how kernels are built for them,
 * on whatever driver is first; the tests' own dependency is PoCL. */
#include "runtime/base/error.h"
#include "support/leaks.h"
#include "support/opencl_bench.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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

static void runs_on_a_part_of_the_cpu(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 0; i < bench->list.count; i++) {
        struct pf_device *whole = bench->list.devices[i], *part = NULL;
        if (!whole->same_cpu)
            continue;
        must(opencl->part(whole, 1, &part));
        if (!part)
            continue; /* the driver can not */
        assert_int_equal(part->limits.compute_units, 1);
        assert_string_equal(part->selector, whole->selector);
        assert_string_equal(part->name, whole->name);
        struct pf_code *code = build(part, &saxpy);
        check_saxpy(part, code, 1021, 3);
        opencl->code_destroy(part, code);
        opencl->close(part);
    }
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
    if (opencl->open(&bench_options, &list) != PARFUN_OK)
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

static void takes_files_of_any_name(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct parfun_kernel odd = saxpy;
    odd.file = "a \"b\"\\n\n.cl";
    odd.build = "-Werror";
    struct pf_code *code = build(device, &odd);
    check_saxpy(device, code, 100, 0);
    opencl->code_destroy(device, code);
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

static void moves_parts_of_an_array_within_a_device(void **state)
{
    enum { COUNT = 64, MOVED = 20, FROM = 5, TO = 31 };
    struct pf_device *device = ((struct bench *)*state)->device;
    float first[COUNT], second[COUNT];
    fill(first, COUNT, 0);
    fill(second, COUNT, 100);
    struct pf_memory *a = array(device, sizeof first),
                     *b = array(device, sizeof second);
    put(device, 0, a, first, sizeof first);
    put(device, 0, b, second, sizeof second);
    struct pf_move move = { .from = a,
        .to = b,
        .from_offset = FROM * sizeof(float),
        .to_offset = TO * sizeof(float),
        .bytes = MOVED * sizeof(float) };
    must(opencl->move(device, 0, &move));
    get(device, 0, b, second, sizeof second);
    finish(device, 0);
    for (size_t i = 0; i < COUNT; i++) {
        bool inside = i >= TO && i < TO + MOVED;
        assert_true(second[i] == (float)(inside ? i - TO + FROM : 100 + i));
    }
    move.to_offset = sizeof second - move.bytes + 1;
    assert_int_equal(opencl->move(device, 0, &move), PARFUN_INVALID);
    move.to_offset = 0;
    move.from_offset = SIZE_MAX;
    assert_int_equal(opencl->move(device, 0, &move), PARFUN_INVALID);
    opencl->memory_destroy(device, a);
    opencl->memory_destroy(device, b);
}

int main(int count, char **words)
{
    if (count > 1 && strcmp(words[1], "list") == 0)
        return list_as_child(words[2], words[count - 1]);
    const struct CMUnitTest tests[] = {
        ON_DEVICE(tells_what_a_device_is),
        cmocka_unit_test(takes_no_more_cores_of_the_cpu_than_allowed),
        ON_DEVICE(runs_on_a_part_of_the_cpu),
        cmocka_unit_test(loads_nothing_into_a_program_with_privileges),
        ON_DEVICE(says_what_to_install_where_there_is_no_driver),
        ON_DEVICE(shows_the_compilers_log_with_the_users_lines),
        ON_DEVICE(takes_files_of_any_name),
        ON_DEVICE(refuses_what_a_device_can_not_run),
        ON_DEVICE(moves_parts_of_an_array_within_a_device),
        ON_DEVICE(saves_a_program_once_it_has_run),
        ON_DEVICE(builds_again_what_is_damaged_in_the_cache),
        cmocka_unit_test(finds_pocl_where_the_home_folder_is_not_writable),
    };
    return without_leaks(cmocka_run_group_tests_name("opencl", tests, NULL, NULL));
}
