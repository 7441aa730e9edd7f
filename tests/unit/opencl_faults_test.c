/* SPDX-License-Identifier: Apache-2.0 */
/* opencl_faults_test.c: every call of an OpenCL driver fails once, and from then on
 * for ever: the backend says so, leaks nothing, and leaves a lost device alone. */
#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "support/leaks.h"
#include "support/opencl_bench.h"
#include "support/opencl_faults.h"

#include <stdlib.h>
#include <string.h>

enum { ITEMS = 1000, BYTES = ITEMS * sizeof(float) };

struct scene {
    struct pf_device *device;
    struct pf_code *code;
    struct pf_memory *x, *y, *z;
    float *host_x, *host_y;
};

static enum parfun_status run_twice(struct scene *scene)
{
    float a = 2;
    const struct pf_launch_argument arguments[] = { VALUE(a),
        { .memory = scene->x }, { .memory = scene->y } };
    struct pf_launch launch = { .size = { ITEMS, 1, 1 }, .arguments = arguments };
    struct pf_copy x = whole(scene->x, scene->host_x, BYTES),
                   y = whole(scene->y, scene->host_y, BYTES),
                   z = whole(scene->z, scene->host_y, BYTES);
    struct pf_move z_to_y = { .from = scene->z, .to = scene->y, .bytes = BYTES };
    uint64_t marks[2];
    for (unsigned lane = 0; lane < 2; lane++) {
        PF_TRY(opencl->write(scene->device, lane, &x));
        if (lane == 0) {
            PF_TRY(opencl->write(scene->device, lane, &z));
            PF_TRY(opencl->move(scene->device, lane, &z_to_y));
        }
        PF_TRY(opencl->launch(scene->device, lane, scene->code, &launch));
        PF_TRY(opencl->read(scene->device, lane, &y));
        PF_TRY(opencl->mark(scene->device, lane, &marks[lane]));
        bool reached = false;
        PF_TRY(opencl->wait(
                scene->device, lane, marks[lane], UINT64_MAX, &reached, NULL));
        assert_true(reached);
    }
    return PARFUN_OK;
}

static enum parfun_status run(struct scene *scene)
{
    struct pf_code_request request = {
        .kernel = &saxpy, .build = "", .dimensions = 1
    };
    bool shared;
    PF_TRY(opencl->code_create(scene->device, &request, &scene->code));
    PF_TRY(opencl->memory_create(scene->device, BYTES, scene->host_x,
            PF_ACCESS_READ, &scene->x, &shared));
    PF_TRY(opencl->memory_create(scene->device, BYTES, NULL,
            PF_ACCESS_READ | PF_ACCESS_WRITE, &scene->y, &shared));
    PF_TRY(opencl->memory_create(scene->device, BYTES, NULL,
            PF_ACCESS_READ | PF_ACCESS_WRITE, &scene->z, &shared));
    return run_twice(scene);
}

/* One life of a device with one fault; whether the fault came. */
static bool live_with(const struct faults *wanted)
{
    struct pf_device_list list;
    must(opencl->open(&bench_options, &list));
    struct scene scene = { .device = list.devices[0],
        .host_x = aligned_alloc(4096, 4096),
        .host_y = aligned_alloc(4096, 4096) };
    fill(scene.host_x, ITEMS, 0);
    fill(scene.host_y, ITEMS, 1);
    faults_begin(scene.device);
    faults = *wanted;

    enum parfun_status status = run(&scene);
    const bool failed = faults.failed != NULL;
    const unsigned calls = faults.calls;
    if (status == PARFUN_OK)
        for (size_t i = 0; i < ITEMS; i++)
            assert_true(scene.host_y[i] == 5 * (float)i + 1);
    else
        assert_true(strlen(pf_error_text()) > 0);
    if (status != PARFUN_OK && !failed)
        fail_msg("status %d without a fault: %s", (int)status, pf_error_text());

    opencl->code_destroy(scene.device, scene.code);
    opencl->memory_destroy(scene.device, scene.x);
    opencl->memory_destroy(scene.device, scene.y);
    opencl->memory_destroy(scene.device, scene.z);
    close_all(&list);
    if (status == PARFUN_DEVICE_FAILED)
        assert_int_equal(faults.calls, calls);
    else if (!wanted->for_ever)
        assert_int_equal(faults_live(), 0);
    faults_end();
    free(scene.host_x);
    free(scene.host_y);
    return failed;
}

static const cl_int codes[] = { CL_MEM_OBJECT_ALLOCATION_FAILURE,
    CL_OUT_OF_RESOURCES, CL_OUT_OF_HOST_MEMORY, CL_DEVICE_NOT_AVAILABLE,
    CL_INVALID_COMMAND_QUEUE, CL_INVALID_WORK_GROUP_SIZE, CL_BUILD_PROGRAM_FAILURE,
    -9999 };

/* Every code comes early and late, though not with every call: a life of a device
 * takes long. */
static void fail_each(bool for_ever, bool late, unsigned turn)
{
    enum { CODES = sizeof codes / sizeof *codes };
    struct faults wanted = { .for_ever = for_ever, .late = late };
    do {
        wanted.fail_at++;
        wanted.code = codes[(wanted.fail_at + turn) % CODES];
    } while (live_with(&wanted));
    /* The scene has been through all its calls. */
    assert_true(wanted.fail_at > (late ? 4u : 20u));
}

static void survives_the_failure_of_each_call(void **state)
{
    (void)state;
    fail_each(false, false, 0);
}

static void survives_a_driver_that_fails_for_ever(void **state)
{
    (void)state;
    fail_each(true, false, 3);
}

static void sees_a_command_that_failed_while_it_ran(void **state)
{
    (void)state;
    for (unsigned turn = 0; turn < sizeof codes / sizeof *codes; turn++)
        fail_each(turn & 1, true, turn);
}

static enum parfun_status status_with(unsigned fail_at, bool late, cl_int code)
{
    struct pf_device_list list;
    must(opencl->open(&bench_options, &list));
    struct scene scene = { .device = list.devices[0],
        .host_x = calloc(1, BYTES),
        .host_y = calloc(1, BYTES) };
    faults_begin(scene.device);
    faults.late = late;
    faults.fail_at = fail_at;
    faults.code = code;
    enum parfun_status status = run(&scene);
    opencl->code_destroy(scene.device, scene.code);
    opencl->memory_destroy(scene.device, scene.x);
    opencl->memory_destroy(scene.device, scene.y);
    opencl->memory_destroy(scene.device, scene.z);
    close_all(&list);
    faults_end();
    free(scene.host_x);
    free(scene.host_y);
    return status;
}

static void tells_lack_of_memory_from_a_lost_device(void **state)
{
    (void)state;
    for (unsigned event = 1; event <= 4; event++) {
        assert_int_equal(status_with(event, true, CL_MEM_OBJECT_ALLOCATION_FAILURE),
                PARFUN_NO_MEMORY);
        assert_int_equal(status_with(event, true, CL_OUT_OF_RESOURCES),
                PARFUN_DEVICE_FAILED);
        assert_non_null(strstr(pf_error_text(), "CL_OUT_OF_RESOURCES"));
    }
    /* The first call makes the context. */
    assert_int_equal(status_with(1, false, CL_OUT_OF_RESOURCES), PARFUN_NO_MEMORY);
    assert_int_equal(
            status_with(1, false, CL_DEVICE_NOT_AVAILABLE), PARFUN_DEVICE_FAILED);
    assert_non_null(strstr(pf_error_text(), "clCreateContext"));
}

static void a_launch_that_needs_too_much_costs_the_device_nothing(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    faults_begin(device);
    struct pf_code *code = build(device, &saxpy);
    struct pf_memory *memory = array(device, BYTES);
    float a = 2, host[ITEMS] = { 0 };
    const struct pf_launch_argument arguments[] = { VALUE(a), { .memory = memory },
        { .memory = memory } };
    struct pf_launch launch = { .size = { ITEMS, 1, 1 }, .arguments = arguments };
    put(device, 0, memory, host, BYTES);
    faults.only = "clEnqueueNDRangeKernel";
    faults.calls = 0;
    faults.fail_at = 1;
    faults.code = CL_OUT_OF_RESOURCES;
    assert_int_equal(opencl->launch(device, 0, code, &launch), PARFUN_UNSUPPORTED);
    assert_non_null(strstr(pf_error_text(), "registers"));
    must(opencl->launch(device, 0, code, &launch));
    (void)finish(device, 0);
    faults.fail_at = faults.calls + 1;
    faults.code = CL_INVALID_COMMAND_QUEUE;
    assert_int_equal(
            opencl->launch(device, 0, code, &launch), PARFUN_DEVICE_FAILED);
    opencl->memory_destroy(device, memory);
    opencl->code_destroy(device, code);
    faults_end();
}

static void makes_no_call_on_a_device_that_was_given_up(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    faults_begin(device);
    struct pf_code *code = build(device, &saxpy);
    struct pf_memory *memory = array(device, 64), *more = NULL;
    float host[16] = { 0 };
    struct pf_copy copy = whole(memory, host, 64);
    uint64_t mark;
    bool flag;
    put(device, 0, memory, host, 64);
    finish(device, 0);
    opencl->give_up(device);
    const unsigned calls = faults.calls;
    const size_t live = faults_live();
    assert_int_equal(opencl->write(device, 0, &copy), PARFUN_DEVICE_FAILED);
    assert_int_equal(opencl->mark(device, 0, &mark), PARFUN_DEVICE_FAILED);
    assert_int_equal(
            opencl->wait(device, 0, 1, 0, &flag, NULL), PARFUN_DEVICE_FAILED);
    assert_int_equal(
            opencl->memory_create(device, 64, NULL, PF_ACCESS_READ, &more, &flag),
            PARFUN_DEVICE_FAILED);
    opencl->memory_destroy(device, memory);
    opencl->code_destroy(device, code);
    assert_int_equal(faults.calls, calls);
    assert_int_equal(faults_live(), live);
    faults_end();
}

/* What the callback will write to must still be there when it comes, and nobody
 * else's. */
static void does_not_wait_for_a_callback_that_is_late(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    faults_begin(device);
    struct pf_memory *memory = array(device, 64);
    float host[16] = { 0 };
    uint64_t mark;
    bool reached;
    faults.hold = true;
    for (int i = 0; i < 3; i++) {
        put(device, 0, memory, host, 64);
        must(opencl->mark(device, 0, &mark));
        must(opencl->wait(device, 0, mark, UINT64_MAX, &reached, NULL));
        assert_true(reached);
        if (i == 1)
            faults_call_back();
    }
    opencl->give_up(device); /* faults_end() releases all */
    opencl->memory_destroy(device, memory);
    faults_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DEVICE(survives_the_failure_of_each_call),
        ON_DEVICE(survives_a_driver_that_fails_for_ever),
        ON_DEVICE(sees_a_command_that_failed_while_it_ran),
        ON_DEVICE(tells_lack_of_memory_from_a_lost_device),
        ON_DEVICE(a_launch_that_needs_too_much_costs_the_device_nothing),
        ON_DEVICE(makes_no_call_on_a_device_that_was_given_up),
        ON_DEVICE(does_not_wait_for_a_callback_that_is_late),
    };
    return without_leaks(
            cmocka_run_group_tests_name("opencl_faults", tests, NULL, NULL));
}
