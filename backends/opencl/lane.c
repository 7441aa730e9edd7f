/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lane.c: an in-order queue, the events of what is in it, and its marks.
 *
 * Every command has an event of its own, kept until the mark behind it has been
 * waited for: some drivers report a later command complete though an earlier one
 * failed.  A mark is reached when the callback of the last command's event comes, or
 * when the event's status says so: NVIDIA's driver (580) calls back 18 ms after a copy
 * from pageable memory that took 0.1 ms.  So waiting is a timed wait on a condition,
 * with looks at the status, and never a call that a hung device could hold.  The
 * callback touches nothing but the mark and the lane's lock.
 */
#include "backends/opencl/opencl.h"

#include "runtime/base/clock.h"
#include "runtime/base/thread.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 48, FIRST_ROOM = 16 };

/* From look to look at an event's status, each twice the one before. */
static const uint64_t FIRST_LOOK_NS = 20000, LAST_LOOK_NS = 1000000;

/* A callback is no longer waited for when its lane is closed. */
static const uint64_t CALLBACK_NS = 1000000000;

struct operation {
    cl_event event;
    enum pf_opencl_work work;
    uint64_t before_ns, after_ns; /* the host's clock around the enqueue */
    struct pf_opencl_code *code;
    unsigned shape; /* of a launch */
    char what[NAME_BYTES];
};

struct mark {
    struct mark *next;
    struct pf_opencl_lane *lane;
    uint64_t number;
    size_t operations; /* since the mark before it */
    cl_event event;    /* the last of them */
    bool reached;      /* under the lane's lock, like what follows */
    bool called;       /* its callback has come */
    bool left;         /* its callback, which is still to come, frees it */
    uint64_t done_ns;
};

struct pf_opencl_lane {
    cl_command_queue queue;
    struct operation *operations; /* oldest first */
    size_t operation_count, room;
    size_t unmarked;           /* of them, behind the last mark */
    struct mark *first, *last; /* not waited for; oldest first */
    struct mark *spare;
    uint64_t newest; /* number of the last mark given */
    uint64_t waited; /* and of the last that was waited for */
    struct pf_lock lock;
    struct pf_condition changed;
    unsigned pending; /* callbacks that will come; under the lock */
    bool orphan;      /* the last of them frees the lane; under the lock */
};

enum parfun_status pf_opencl_lane_create(
        struct pf_opencl_device *device, struct pf_opencl_lane **result)
{
    struct pf_opencl_lane *lane = calloc(1, sizeof *lane);
    if (!lane)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for an OpenCL queue");
    enum parfun_status status = pf_lock_init(&lane->lock);
    if (status != PARFUN_OK)
        goto no_lock;
    status = pf_condition_init(&lane->changed);
    if (status != PARFUN_OK)
        goto no_condition;
    cl_int code;
    lane->queue = device->cl.clCreateCommandQueue(
            device->context, device->id, CL_QUEUE_PROFILING_ENABLE, &code);
    if (!lane->queue) {
        status = pf_opencl_fail_create(
                device, "a queue", "clCreateCommandQueue", code);
        goto no_queue;
    }
    *result = lane;
    return PARFUN_OK;

no_queue:
    pf_condition_finish(&lane->changed);
no_condition:
    pf_lock_finish(&lane->lock);
no_lock:
    free(lane);
    return status;
}

static void free_marks(struct mark *mark)
{
    while (mark) {
        struct mark *next = mark->next;
        free(mark);
        mark = next;
    }
}

static void free_lane(struct pf_opencl_lane *lane)
{
    free_marks(lane->first);
    free_marks(lane->spare);
    free(lane->operations);
    pf_condition_finish(&lane->changed);
    pf_lock_finish(&lane->lock);
    free(lane);
}

bool pf_opencl_lane_destroy(
        struct pf_opencl_device *device, struct pf_opencl_lane *lane)
{
    if (!lane)
        return true;
    const uint64_t end_ns = pf_clock_ns() + CALLBACK_NS;
    pf_lock_take(&lane->lock);
    while (lane->pending > 0 && !lane->first && !device->lost
            && pf_condition_wait_until(&lane->changed, &lane->lock, end_ns))
        continue;
    lane->orphan = lane->pending > 0;
    bool orphan = lane->orphan;
    pf_lock_give(&lane->lock);
    if (orphan)
        return false;
    bool idle = lane->unmarked == 0;
    if (idle && !device->lost) {
        for (size_t i = 0; i < lane->operation_count; i++)
            device->cl.clReleaseEvent(lane->operations[i].event);
        device->cl.clReleaseCommandQueue(lane->queue);
    }
    free_lane(lane);
    return idle;
}

bool pf_opencl_lane_holds(const struct pf_opencl_lane *lane)
{
    return lane->operation_count > 0;
}

cl_command_queue pf_opencl_lane_queue(const struct pf_opencl_lane *lane)
{
    return lane->queue;
}

/* ---- What is in the lane ---------------------------------------------------- */

cl_event *pf_opencl_lane_reserve(
        struct pf_opencl_lane *lane, enum pf_opencl_work work, const char *what)
{
    if (lane->operation_count == lane->room) {
        size_t room = lane->room ? 2 * lane->room : FIRST_ROOM;
        struct operation *larger = realloc(lane->operations, room * sizeof *larger);
        if (!larger) {
            (void)pf_fail(PARFUN_NO_MEMORY, "no memory for OpenCL events");
            return NULL;
        }
        lane->operations = larger;
        lane->room = room;
    }
    struct operation *next = &lane->operations[lane->operation_count];
    *next = (struct operation){ .work = work, .before_ns = pf_clock_ns() };
    strncpy(next->what, what, NAME_BYTES - 1);
    return &next->event;
}

static void add(
        struct pf_opencl_lane *lane, struct pf_opencl_code *code, unsigned shape)
{
    struct operation *added = &lane->operations[lane->operation_count++];
    added->after_ns = pf_clock_ns();
    added->code = code;
    added->shape = shape;
    lane->unmarked++;
}

void pf_opencl_lane_add(struct pf_opencl_lane *lane)
{
    add(lane, NULL, 0);
}

void pf_opencl_lane_add_launch(
        struct pf_opencl_lane *lane, struct pf_opencl_code *code, unsigned shape)
{
    add(lane, code, shape);
}

cl_event pf_opencl_lane_other_shape(const struct pf_opencl_lane *lane,
        const struct pf_opencl_code *code, unsigned shape)
{
    for (size_t i = lane->operation_count; i-- > 0;)
        if (lane->operations[i].code == code && lane->operations[i].shape != shape)
            return lane->operations[i].event;
    return NULL;
}

void pf_opencl_lane_forget(
        struct pf_opencl_lane *lane, const struct pf_opencl_code *code)
{
    for (size_t i = 0; i < lane->operation_count; i++)
        if (lane->operations[i].code == code)
            lane->operations[i].code = NULL;
}

bool pf_opencl_inputs_taken(struct pf_device *base, unsigned index)
{
    struct pf_opencl_device *device = pf_opencl_device(base);
    const struct pf_opencl_lane *lane = device->lanes[index];
    for (size_t i = 0; i < lane->operation_count && !device->lost; i++) {
        cl_int state = CL_QUEUED;
        if (lane->operations[i].work == PF_OPENCL_COPY_IN
                && (device->cl.clGetEventInfo(lane->operations[i].event,
                            CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof state, &state,
                            NULL)
                                != CL_SUCCESS
                        || state > CL_COMPLETE))
            return false;
    }
    return !device->lost;
}

/* ---- Marks --------------------------------------------------------------------- */

static void CL_CALLBACK reached(cl_event event, cl_int status, void *argument)
{
    (void)event, (void)status; /* wait() looks at every event's own */
    struct mark *mark = argument;
    struct pf_opencl_lane *lane = mark->lane;
    uint64_t now = pf_clock_ns();
    pf_lock_take(&lane->lock);
    if (!mark->reached)
        mark->done_ns = now;
    mark->reached = mark->called = true;
    bool left = mark->left;
    pf_condition_wake_all(&lane->changed);
    bool last = --lane->pending == 0 && lane->orphan;
    pf_lock_give(&lane->lock);
    if (left)
        free(mark);
    if (last)
        free_lane(lane);
}

static void expect(struct pf_opencl_lane *lane, int change)
{
    pf_lock_take(&lane->lock);
    lane->pending += (unsigned)change;
    pf_lock_give(&lane->lock);
}

static struct mark *new_mark(struct pf_opencl_lane *lane)
{
    struct mark *mark = lane->spare;
    if (mark)
        lane->spare = mark->next;
    else
        mark = malloc(sizeof *mark);
    if (mark)
        *mark = (struct mark){ .lane = lane };
    return mark;
}

enum parfun_status pf_opencl_mark(
        struct pf_device *base, unsigned index, uint64_t *number)
{
    struct pf_opencl_device *device = pf_opencl_device(base);
    PF_TRY(pf_opencl_check(device));
    PF_TRY(pf_opencl_context_need(device));
    struct pf_opencl_lane *lane = device->lanes[index];

    if (!lane->unmarked) {
        /* Nothing new: the same point as the mark before. */
        *number = ++lane->newest;
        if (lane->last)
            lane->last->number = *number;
        return PARFUN_OK;
    }
    struct mark *mark = new_mark(lane);
    if (!mark)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for OpenCL events");
    const struct operation *newest = &lane->operations[lane->operation_count - 1];
    expect(lane, 1);
    cl_int code = device->cl.clSetEventCallback(
            newest->event, CL_COMPLETE, reached, mark);
    if (code != CL_SUCCESS) {
        expect(lane, -1);
        mark->next = lane->spare;
        lane->spare = mark;
        return pf_opencl_fail_run(device, newest->what, "clSetEventCallback", code);
    }
    mark->event = newest->event;
    mark->number = ++lane->newest;
    mark->operations = lane->unmarked;
    lane->unmarked = 0;
    if (lane->last)
        lane->last->next = mark;
    else
        lane->first = mark;
    lane->last = mark;

    code = device->cl.clFlush(lane->queue);
    if (code != CL_SUCCESS)
        return pf_opencl_fail_run(device, newest->what, "clFlush", code);
    *number = mark->number;
    return PARFUN_OK;
}

/* ---- Waiting ------------------------------------------------------------------------ */

/* A mark that was waited for can be used again once nobody else knows it. */
static void put_away(struct pf_opencl_lane *lane, struct mark *mark)
{
    pf_lock_take(&lane->lock);
    bool called = mark->called;
    mark->left = !called;
    pf_lock_give(&lane->lock);
    if (called) {
        mark->next = lane->spare;
        lane->spare = mark;
    }
}

/* Takes the oldest mark and its operations out of the lane. */
static enum parfun_status finish_oldest(struct pf_opencl_device *device,
        struct pf_opencl_lane *lane, struct pf_lane_times *times)
{
    const struct pf_opencl_library *cl = &device->cl;
    struct mark *mark = lane->first;
    struct pf_opencl_clock clock = PF_OPENCL_CLOCK_UNKNOWN;
    enum parfun_status status = PARFUN_OK;
    for (size_t i = 0; i < mark->operations; i++) {
        struct operation *done = &lane->operations[i];
        cl_int state = CL_COMPLETE;
        cl_int code = cl->clGetEventInfo(done->event,
                CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof state, &state, NULL);
        /* Later failures are mostly consequences of the first. */
        if (status == PARFUN_OK && code != CL_SUCCESS)
            status = pf_opencl_fail_run(device, done->what, "clGetEventInfo", code);
        else if (status == PARFUN_OK && state != CL_COMPLETE)
            status = pf_opencl_fail_run(device, done->what, "its execution", state);
        if (device->lost)
            return status;
        const struct pf_opencl_span span = {
            .work = done->work,
            .before_ns = done->before_ns,
            .after_ns = done->after_ns,
            .done_ns = mark->done_ns,
        };
        pf_opencl_times_add(times, cl, done->event, &span, &clock);
        if (done->code && status == PARFUN_OK)
            pf_opencl_cache_save(done->code);
        cl->clReleaseEvent(done->event);
    }
    lane->operation_count -= mark->operations;
    memmove(lane->operations, lane->operations + mark->operations,
            lane->operation_count * sizeof *lane->operations);
    lane->waited = mark->number;
    lane->first = mark->next;
    if (!lane->first)
        lane->last = NULL;
    put_away(lane, mark);
    return status;
}

/* Whether the callback came before the clock reaches end_ns. */
static bool is_called(
        struct pf_opencl_lane *lane, const struct mark *mark, uint64_t end_ns)
{
    pf_lock_take(&lane->lock);
    while (!mark->reached
            && pf_condition_wait_until(&lane->changed, &lane->lock, end_ns))
        continue;
    bool called = mark->reached;
    pf_lock_give(&lane->lock);
    return called;
}

/* Whether the status of its event says so; also of one that failed. */
static bool is_over(const struct pf_opencl_device *device, struct mark *mark)
{
    cl_int state = CL_QUEUED;
    if (device->cl.clGetEventInfo(mark->event, CL_EVENT_COMMAND_EXECUTION_STATUS,
                sizeof state, &state, NULL)
                    != CL_SUCCESS
            || state > CL_COMPLETE)
        return false;
    uint64_t now = pf_clock_ns();
    pf_lock_take(&mark->lane->lock);
    if (!mark->reached)
        mark->done_ns = now;
    mark->reached = true;
    pf_lock_give(&mark->lane->lock);
    return true;
}

static bool wait_for(const struct pf_opencl_device *device,
        struct pf_opencl_lane *lane, struct mark *mark, uint64_t end_ns)
{
    uint64_t look_ns = FIRST_LOOK_NS;
    for (;;) {
        uint64_t now = pf_clock_ns();
        bool last = end_ns <= now || end_ns - now <= look_ns;
        if (is_called(lane, mark, last ? end_ns : now + look_ns)
                || is_over(device, mark))
            return true;
        if (last)
            return false;
        look_ns = 2 * look_ns < LAST_LOOK_NS ? 2 * look_ns : LAST_LOOK_NS;
    }
}

enum parfun_status pf_opencl_wait(struct pf_device *base, unsigned index,
        uint64_t number, uint64_t end_ns, bool *is_reached,
        struct pf_lane_times *times)
{
    struct pf_opencl_device *device = pf_opencl_device(base);
    struct pf_lane_times sum = { 0 };
    *is_reached = false;
    PF_TRY(pf_opencl_check(device));
    struct pf_opencl_lane *lane = device->lanes[index];

    /* A mark that was taken over by a later one has the later one's number.
     * Their callbacks may come in any order, so each mark is waited for. */
    struct mark *wanted = lane && number > lane->waited ? lane->first : NULL;
    uint64_t last = 0;
    for (bool found = false; wanted && !found; wanted = wanted->next) {
        if (!wait_for(device, lane, wanted, end_ns))
            return PARFUN_OK;
        last = wanted->number;
        found = last >= number;
    }

    enum parfun_status status = PARFUN_OK;
    while (lane && lane->first && lane->first->number <= last) {
        enum parfun_status one = finish_oldest(device, lane, &sum);
        if (one != PARFUN_OK)
            status = one;
        if (device->lost)
            return status;
    }
    if (times)
        *times = sum;
    *is_reached = true;
    return status;
}
