/* SPDX-License-Identifier: Apache-2.0 */
/*
 * selection_test.c: selectors: every form, every refusal, on made-up devices of the
 * backend "fake" beside the host's own.
 */
#include "runtime/selection.h"

#include "backends/table.h"
#include "runtime/base/error.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"

#include <stdio.h>
#include <string.h>

enum { DEVICES = 5, THREADS = 6 };

#define DEVICE(number, what, its_name, its_platform, place, same) \
    { .backend = &fake_backend,                                   \
        .kind = (what),                                           \
        .name = (char[]){ its_name },                             \
        .platform = (char[]){ its_platform },                     \
        .selector = (char[]){ "fake:" #number },                  \
        .pci = (char[]){ place },                                 \
        .same_cpu = (same) }

static struct pf_device devices[DEVICES] = {
    DEVICE(0, PF_DEVICE_CPU, "pthread-cpu", "Portable Computing Language", "",
            true),
    DEVICE(1, PF_DEVICE_GPU, "Arc A770, 16 GB", "Intel(R) OpenCL Graphics",
            "0000:03:00.0", false),
    DEVICE(2, PF_DEVICE_GPU, "H100", "NVIDIA CUDA", "0000:0a:00.0", false),
    DEVICE(3, PF_DEVICE_GPU, "H100", "NVIDIA CUDA", "0000:0b:00.0", false),
    DEVICE(4, PF_DEVICE_ACCELERATOR, "gfx:90a",
            "AMD Accelerated Parallel Processing", "", false),
};

/* Gives a host backend one device, and "fake" the first `count` of the above. */
struct source {
    struct pf_device_source base; /* must be first */
    size_t count;
    char *skipped;
    enum parfun_status status; /* of opening "fake" */
    unsigned opened;           /* how often "fake" was opened */
    struct pf_device host, *host_list[1], *list[DEVICES];
    struct pf_device_list result;
};

static enum parfun_status open_backend(struct pf_device_source *base,
        const struct pf_backend *backend, const struct pf_device_list **list)
{
    struct source *source = (struct source *)base;

    if (backend->native) {
        source->host = (struct pf_device){ .backend = backend, .host = true };
        source->host_list[0] = &source->host;
        source->result = (struct pf_device_list){ source->host_list, 1, NULL };
    } else {
        source->opened++;
        if (source->status)
            return pf_fail(source->status, "the fake backend does not open");
        for (size_t i = 0; i < DEVICES; i++)
            source->list[i] = &devices[i];
        source->result = (struct pf_device_list){ source->list, source->count,
            source->skipped };
    }
    *list = &source->result;
    return PARFUN_OK;
}

static unsigned parted; /* units of the last part that was asked for */

static enum parfun_status part_device(struct pf_device_source *base,
        struct pf_device *device, unsigned units, struct pf_device **part)
{
    (void)base;
    *part = device;
    parted = units;
    return PARFUN_OK;
}

static char nothing[] = "";

static struct source make_source(size_t count)
{
    return (struct source){ .base = { .open = open_backend, .part = part_device },
        .count = count,
        .skipped = nothing };
}

/* What a selector means, as "threads:4 0 2": the host's backend with its workers,
 * then the numbers of devices. */
static void expect(const char *selector, const char *meaning)
{
    struct source source = make_source(DEVICES);
    struct pf_selection *selection;
    char found[128] = "";
    size_t used = 0;

    if (pf_selection_create(selector, THREADS, &source.base, &selection))
        fail_msg("\"%s\": %s", selector, pf_error_text());
    if (selection->host)
        used += (size_t)snprintf(found, sizeof found, "%s:%u",
                selection->host->backend->name, selection->cpu_workers);
    for (unsigned d = 0; d < selection->device_count; d++)
        used += (size_t)snprintf(found + used, sizeof found - used, "%s%td",
                used ? " " : "", selection->devices[d] - devices);
    if (strcmp(found, meaning) != 0)
        fail_msg("\"%s\" means \"%s\", not \"%s\"", selector, found, meaning);
    assert_string_equal(selection->text, selector);
    assert_int_equal(selection->cuts, strncmp(meaning, "none", 4) != 0);
    pf_selection_destroy(selection);
}

static void refuse_of(struct source *source, const char *selector,
        enum parfun_status status, const char *words)
{
    struct pf_selection *selection = NULL;
    const enum parfun_status got =
            pf_selection_create(selector, THREADS, &source->base, &selection);

    if (got != status || selection)
        fail_msg("\"%s\": status %d: %s", selector, (int)got, pf_error_text());
    if (!strstr(pf_error_text(), words))
        fail_msg("\"%s\": \"%s\" does not say \"%s\"", selector, pf_error_text(),
                words);
}

static void refuse(
        const char *selector, enum parfun_status status, const char *words)
{
    struct source source = make_source(DEVICES);

    refuse_of(&source, selector, status, words);
}

/* ---- What selectors mean -------------------------------------------------------------- */

static void understands_host_backends(void **state)
{
    (void)state;
    expect("threads", "threads:6");
    expect("threads:4", "threads:4");
    expect("threads:4096", "threads:4096");
    expect("  threads : 2  ", "threads:2");
    expect("serial", "serial:1");
    expect("none", "none:1");
}

static void understands_the_names_of_the_python_library(void **state)
{
    (void)state;
    expect("local_single_process", "serial:1");
    expect("local_multiprocessing", "threads:6");
    expect("local_multiprocessing:3", "threads:3");
}

static void takes_every_core_and_every_other_device_for_auto(void **state)
{
    (void)state;
    expect("auto", "threads:6 1 2 3 4");
    expect("auto, fake:pocl", "threads:6 1 2 3 4 0");
}

static void chooses_devices_by_kind_and_number(void **state)
{
    (void)state;
    expect("fake", "0 1 2 3 4");
    expect("fake:cpu", "0");
    expect("fake:gpu", "1 2 3");
    expect("fake:GPU", "1 2 3");
    expect("fake:accelerator", "4");
    expect("fake:0", "0");
    expect("fake:4", "4");
    expect("fake:gpu:0", "1"); /* the place in what is left */
    expect("fake: gpu : 2", "3");
}

static void chooses_devices_by_platform_name_and_place(void **state)
{
    (void)state;
    expect("fake:pocl", "0");
    expect("fake:nvidia", "2 3");
    expect("fake:NVIDIA:1", "3");
    expect("fake:intel", "1");
    expect("fake:amd", "4");
    expect("fake:/H100/", "2 3");
    expect("fake:/h100/:1", "3");
    expect("fake:/A770, 16/", "1"); /* a comma */
    expect("fake:/gfx:9/", "4");    /* a colon */
    expect("fake:/H100/ :0", "2");
    expect("fake:pci=0000:0A:00.0", "2");
    expect("fake:gpu:pci=0000:03:00.0", "1");
}

static void joins_terms_in_order_and_once(void **state)
{
    (void)state;
    expect("threads:1, fake:pocl", "threads:1 0");
    expect("fake:2,threads:2,fake:0", "threads:2 2 0");
    expect("fake:gpu, fake:1, fake", "1 2 3 0 4");
    expect("serial, fake:0", "serial:1 0");
}

static void gives_a_driver_for_the_cpu_the_cores_that_threads_leave(void **state)
{
    (void)state;
    parted = 0;
    devices[0].limits.compute_units = THREADS;
    expect("threads:2, fake:pocl", "threads:2 0");
    assert_int_equal(parted, THREADS - 2);
    expect("fake:pocl, serial", "serial:1 0");
    assert_int_equal(parted, THREADS - 1);
    parted = 0;
    expect("threads, fake:pocl", "threads:6 0"); /* they take turns */
    expect("fake:pocl", "0");
    expect("threads:2, fake:gpu", "threads:2 1 2 3");
    assert_int_equal(parted, 0);
    devices[0].limits.compute_units = 0;
}

static void opens_no_drivers_for_host_backends(void **state)
{
    (void)state;
    struct source source = make_source(DEVICES);
    struct pf_selection *selection;

    source.status = PARFUN_NO_MEMORY;
    assert_int_equal(
            pf_selection_create("threads", 2, &source.base, &selection), PARFUN_OK);
    pf_selection_destroy(selection);
    assert_int_equal(source.opened, 0);
    refuse_of(&source, "threads:1, fake", PARFUN_NO_MEMORY, "does not open");
    refuse_of(&source, "auto", PARFUN_NO_MEMORY, "does not open");
}

/* ---- What is refused --------------------------------------------------------------------- */

static void refuses_bad_grammar(void **state)
{
    (void)state;
    refuse("", PARFUN_INVALID, "a name is missing");
    refuse(" , ", PARFUN_INVALID, "a name is missing");
    refuse("threads,", PARFUN_INVALID, "a name is missing");
    refuse(":gpu", PARFUN_INVALID, "a name is missing");
    refuse("fake:", PARFUN_INVALID, "after \"fake:\" a condition is missing");
    refuse("fake:gpu:", PARFUN_INVALID, "a condition is missing");
    refuse("fake: :0", PARFUN_INVALID, "a condition is missing");
    refuse("fake://", PARFUN_INVALID, "a condition is missing");
    refuse("fake:/H100", PARFUN_INVALID, "needs a second '/'");
    refuse("fake:/H100/x", PARFUN_INVALID, "unexpected \"x\"");
    refuse("fake:1:1:1:1:1:1:1:1:1", PARFUN_INVALID, "more than 8 conditions");
    refuse("serial:2", PARFUN_INVALID, "unexpected \":2\" after serial");
    refuse("none:1", PARFUN_INVALID, "unexpected \":1\" after none");
    refuse("auto:gpu", PARFUN_INVALID, "unexpected \":gpu\" after auto");
    refuse("threads:2:3", PARFUN_INVALID, "unexpected \":3\" after threads");
}

static void says_where_a_comma_is_missing(void **state)
{
    (void)state;
    refuse("threads:1 fake", PARFUN_INVALID,
            "backend \"threads:1 fake\": a comma is missing before \"fake\"; "
            "choices are joined as in \"threads:1, opencl:gpu\"");
    refuse("threads fake:gpu", PARFUN_INVALID,
            "a comma is missing before \"fake\"");
    refuse("fake:gpu threads:1", PARFUN_INVALID,
            "a comma is missing before \"threads\"");
    refuse("fake:0\tserial", PARFUN_INVALID,
            "a comma is missing before \"serial\"");
    refuse("fake:/H100/ auto", PARFUN_INVALID,
            "a comma is missing before \"auto\"");
    refuse("fake, threads:2 fake:1", PARFUN_INVALID,
            "a comma is missing before \"fake\"");
    /* other words may have blanks */
    refuse("threads cuda", PARFUN_NO_BACKEND, "no backend \"threads cuda\"");
    expect("fake:Intel(R) OpenCL", "1");
    expect("fake:/Arc A770/", "1");
}

static void guesses_what_backend_was_meant(void **state)
{
    (void)state;
    refuse("thread", PARFUN_NO_BACKEND,
            "there are auto, none, serial, threads, fake; did you mean \"threads\"?");
    refuse("Threads:2", PARFUN_NO_BACKEND, "did you mean \"threads\"?");
    refuse("FAKE", PARFUN_NO_BACKEND, "did you mean \"fake\"?");
    refuse("cpu", PARFUN_NO_BACKEND, "did you mean \"threads\"?");
    refuse("threads:1, serail", PARFUN_NO_BACKEND, "did you mean \"serial\"?");
    /* as there is no OpenCL among these */
    refuse("gpu", PARFUN_NO_BACKEND, "there are auto, none, serial, threads, fake");
}

static void says_where_a_colon_is_missing(void **state)
{
    (void)state;
    refuse("threads 2", PARFUN_INVALID,
            "backend \"threads 2\": a colon is missing before \"2\"; write "
            "\"threads:2\"");
    refuse("serial, fake \tgpu", PARFUN_INVALID,
            "a colon is missing before \"gpu\"; write \"fake:gpu\"");
}

static void refuses_numbers_of_threads_that_make_no_sense(void **state)
{
    (void)state;
    refuse("threads:0", PARFUN_INVALID, "\"0\" is no number of threads");
    refuse("threads:", PARFUN_INVALID, "\"\" is no number of threads");
    refuse("threads:4097", PARFUN_INVALID, "give 1 to 4096");
    refuse("threads:-1", PARFUN_INVALID, "\"-1\" is no number of threads");
    refuse("threads:gpu", PARFUN_INVALID, "\"gpu\" is no number of threads");
}

static void refuses_two_hosts(void **state)
{
    (void)state;
    refuse("threads, serial", PARFUN_INVALID, "only one of auto, threads");
    refuse("auto, threads:1", PARFUN_INVALID, "only one of auto, threads");
    refuse("none, fake", PARFUN_INVALID, "none stands alone");
    refuse("fake, none", PARFUN_INVALID, "none stands alone");
}

static void lists_what_there_is(void **state)
{
    (void)state;
    refuse("cuda", PARFUN_NO_BACKEND,
            "there are auto, none, serial, threads, fake");
    refuse("threads, Fake", PARFUN_NO_BACKEND, "no backend \"Fake\"");
    refuse("fake:5", PARFUN_NO_DEVICE,
            "backend \"fake:5\": no fake device matches; there are:\n"
            "  fake:0  pthread-cpu (Portable Computing Language)\n"
            "  fake:1  Arc A770, 16 GB (Intel(R) OpenCL Graphics)\n"
            "  fake:2  H100 (NVIDIA CUDA)\n");
    refuse("fake:cpu:gpu", PARFUN_NO_DEVICE, "no fake device matches");
    refuse("fake:rusticl", PARFUN_NO_DEVICE, "no fake device matches");
    refuse("fake:99999999999999999999", PARFUN_NO_DEVICE, "no fake device matches");
}

static void says_what_was_left_out(void **state)
{
    (void)state;
    struct source source = make_source(1);
    char skipped[] =
            "Old (Vendor): it is older than OpenCL 1.2\nNew: no compiler\n";

    source.skipped = skipped;
    refuse_of(&source, "fake:gpu", PARFUN_NO_DEVICE,
            "there are:\n  fake:0  pthread-cpu (Portable Computing Language)\n"
            "left out were:\n  Old (Vendor): it is older than OpenCL 1.2\n"
            "  New: no compiler");
    source.count = 0;
    refuse_of(&source, "fake", PARFUN_NO_DEVICE,
            "backend \"fake\": no fake device was found:\n"
            "  Old (Vendor): it is older than OpenCL 1.2\n  New: no compiler");
    source.skipped = nothing;
    refuse_of(&source, "fake", PARFUN_NO_DEVICE,
            "no fake device was found; is a driver installed?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(understands_host_backends),
        cmocka_unit_test(understands_the_names_of_the_python_library),
        cmocka_unit_test(takes_every_core_and_every_other_device_for_auto),
        cmocka_unit_test(chooses_devices_by_kind_and_number),
        cmocka_unit_test(chooses_devices_by_platform_name_and_place),
        cmocka_unit_test(joins_terms_in_order_and_once),
        cmocka_unit_test(gives_a_driver_for_the_cpu_the_cores_that_threads_leave),
        cmocka_unit_test(opens_no_drivers_for_host_backends),
        cmocka_unit_test(refuses_bad_grammar),
        cmocka_unit_test(says_where_a_comma_is_missing),
        cmocka_unit_test(guesses_what_backend_was_meant),
        cmocka_unit_test(says_where_a_colon_is_missing),
        cmocka_unit_test(refuses_numbers_of_threads_that_make_no_sense),
        cmocka_unit_test(refuses_two_hosts),
        cmocka_unit_test(lists_what_there_is),
        cmocka_unit_test(says_what_was_left_out),
    };
    return cmocka_run_group_tests_name("unit.selection", tests, NULL, NULL);
}
