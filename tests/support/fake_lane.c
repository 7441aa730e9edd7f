/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake_lane.c: what is asked of a fake device's lanes, and when it is done.
 *
 * Operations are kept as they were asked and done when a mark behind them is waited
 * for.  Their times are those of a device that does one copy and one kernel at a
 * time, a lane in order.
 */
#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "support/fake_device.h"

#include <stdlib.h>
#include <string.h>

static void finish_operation(struct fake_operation *operation)
{
    if (operation->call == FAKE_WRITE || operation->call == FAKE_READ)
        fake_let_go(fake_memory_of(operation->copy.memory));
    if (operation->call == FAKE_MOVE) {
        fake_let_go(fake_memory_of(operation->move.from));
        fake_let_go(fake_memory_of(operation->move.to));
    }
    for (unsigned i = 0;
            operation->arguments && i < operation->code.kernel->parameter_count;
            i++) {
        if (operation->arguments[i].memory)
            fake_let_go(fake_memory_of(operation->arguments[i].memory));
        free((void *)(uintptr_t)operation->arguments[i].value);
    }
    free(operation->arguments);
}

static enum parfun_status add(struct device *device, unsigned lane_index,
        struct fake_operation *operation, const struct fake_failure *failure)
{
    struct fake_lane *lane = &device->lanes[lane_index];
    struct fake_operation *more =
            realloc(lane->operations, (lane->operation_count + 1) * sizeof *more);
    if (!more) {
        finish_operation(operation);
        return pf_fail(PARFUN_NO_MEMORY, "fake operation");
    }
    operation->hangs = failure->hangs;
    operation->wakes = fake_wakes();
    operation->late = failure->late ? failure->status : PARFUN_OK;
    lane->operations = more;
    lane->operations[lane->operation_count++] = *operation;
    lane->unmarked++;
    return PARFUN_OK;
}

static bool usable(struct device *device, struct pf_memory *opaque)
{
    const struct fake_memory *memory = fake_memory_of(opaque);
    if (memory && memory->owner == device && !memory->destroyed)
        return true;
    fake_breach_add(device, "a memory is used that it does not have");
    return false;
}

static enum parfun_status check_copy(
        struct device *device, unsigned lane, const struct pf_copy *copy)
{
    if (lane >= device->base.lanes || !usable(device, copy->memory))
        return pf_fail(PARFUN_INVALID, "fake copy: no such lane or memory");
    size_t last = copy->rows ? (copy->rows - 1) * copy->memory_pitch : 0;
    size_t bytes = fake_memory_of(copy->memory)->bytes;
    if (copy->offset <= bytes && last <= bytes - copy->offset
            && copy->row_bytes <= bytes - copy->offset - last)
        return PARFUN_OK;
    fake_breach_add(device, "a copy of %zu bytes at %zu leaves its memory of %zu",
            last + copy->row_bytes, copy->offset, bytes);
    return pf_fail(PARFUN_INVALID, "fake copy: out of bounds");
}

static enum parfun_status transfer(struct pf_device *base, unsigned lane,
        enum fake_call call, const struct pf_copy *copy)
{
    struct device *device = fake_device_of(base);
    struct fake_failure failure;
    enum parfun_status status = fake_enter(device, call, &failure);
    if (status == PARFUN_OK)
        status = check_copy(device, lane, copy);
    if (status == PARFUN_OK) {
        struct fake_operation operation = { .call = call, .copy = *copy };
        struct fake_memory *memory = fake_memory_of(copy->memory);
        memory->holders++;
        operation.moved =
                memory->shared && memory->data + copy->offset == copy->host
                ? 0
                : copy->rows * copy->row_bytes;
        fake_count_bytes(call, operation.moved);
        status = add(device, lane, &operation, &failure);
    }
    return fake_leave(device, status);
}

enum parfun_status fake_write(
        struct pf_device *device, unsigned lane, const struct pf_copy *copy)
{
    return transfer(device, lane, FAKE_WRITE, copy);
}

enum parfun_status fake_read(
        struct pf_device *device, unsigned lane, const struct pf_copy *copy)
{
    return transfer(device, lane, FAKE_READ, copy);
}

static bool is_inside(struct device *device, struct pf_memory *opaque,
        size_t offset, size_t bytes)
{
    if (!usable(device, opaque))
        return false;
    const struct fake_memory *memory = fake_memory_of(opaque);
    if (!memory->shared && bytes <= memory->bytes
            && offset <= memory->bytes - bytes)
        return true;
    fake_breach_add(device, "a move of %zu bytes at %zu leaves its memory of %zu",
            bytes, offset, memory->bytes);
    return false;
}

enum parfun_status fake_move(
        struct pf_device *base, unsigned lane, const struct pf_move *move)
{
    struct device *device = fake_device_of(base);
    struct fake_failure failure;
    enum parfun_status status = fake_enter(device, FAKE_MOVE, &failure);
    if (status == PARFUN_OK
            && (!is_inside(device, move->from, move->from_offset, move->bytes)
                    || !is_inside(device, move->to, move->to_offset, move->bytes)))
        status = pf_fail(PARFUN_INVALID, "fake move: out of bounds");
    if (status == PARFUN_OK) {
        struct fake_operation operation = { .call = FAKE_MOVE, .move = *move };
        fake_memory_of(move->from)->holders++;
        fake_memory_of(move->to)->holders++;
        status = add(device, lane, &operation, &failure);
    }
    return fake_leave(device, status);
}

static enum parfun_status check_launch(struct device *device, unsigned lane,
        const struct fake_code *code, const struct pf_launch *launch)
{
    bool right = lane < device->base.lanes && code->owner == device;
    if (!right)
        fake_breach_add(device, "a launch of another's code or in no lane");
    for (unsigned i = 0; i < code->dimensions && right; i++)
        if (!launch->size[i]
                || (code->group[0] && launch->size[i] % code->group[i])) {
            fake_breach_add(device, "%s: %zu work-items in dimension %u",
                    code->kernel->name, launch->size[i], i);
            right = false;
        }
    for (unsigned i = 0; i < code->kernel->parameter_count && right; i++) {
        const struct pf_launch_argument *argument = &launch->arguments[i];
        unsigned space = code->kernel->parameters[i].space;
        bool pointer =
                space == PARFUN_GLOBAL_SPACE || space == PARFUN_CONSTANT_SPACE;
        right = pointer ? usable(device, argument->memory) : !argument->memory;
        if (right && argument->offset
                && !fake_offsets((const struct pf_code *)(const void *)code)) {
            fake_breach_add(
                    device, "%s has an offset", code->kernel->parameters[i].name);
            right = false;
        }
    }
    return right ? PARFUN_OK : pf_fail(PARFUN_INVALID, "fake launch: refused");
}

/* Everything that the launch points at is copied. */
static enum parfun_status copy_launch(struct fake_operation *operation,
        const struct fake_code *code, const struct pf_launch *launch)
{
    unsigned count = code->kernel->parameter_count;
    *operation = (struct fake_operation){
        .call = FAKE_LAUNCH, .code = *code, .launch = *launch
    };
    operation->arguments = calloc(count + 1u, sizeof *operation->arguments);
    if (!operation->arguments)
        return pf_fail(PARFUN_NO_MEMORY, "fake launch");
    for (unsigned i = 0; i < count; i++) {
        const struct pf_launch_argument *from = &launch->arguments[i];
        struct pf_launch_argument *to = &operation->arguments[i];
        *to = *from;
        to->value = NULL;
        if (from->memory)
            fake_memory_of(from->memory)->holders++;
        if (from->value) {
            void *value = aligned_alloc(128, (from->bytes + 127) / 128 * 128);
            if (!value) {
                finish_operation(operation);
                return pf_fail(PARFUN_NO_MEMORY, "fake launch");
            }
            memcpy(value, from->value, from->bytes);
            to->value = value;
        }
    }
    return PARFUN_OK;
}

enum parfun_status fake_launch(struct pf_device *base, unsigned lane,
        struct pf_code *opaque, const struct pf_launch *launch)
{
    struct device *device = fake_device_of(base);
    const struct fake_code *code = (const struct fake_code *)(void *)opaque;
    struct fake_failure failure;
    struct fake_operation operation;
    enum parfun_status status = fake_enter(device, FAKE_LAUNCH, &failure);
    if (status == PARFUN_OK)
        status = check_launch(device, lane, code, launch);
    if (status == PARFUN_OK)
        status = copy_launch(&operation, code, launch);
    if (status == PARFUN_OK)
        status = add(device, lane, &operation, &failure);
    return fake_leave(device, status);
}

/* ---- Marks ------------------------------------------------------------------------- */

static struct {
    atomic_uint launches;
    _Atomic double seconds;
} delay;

void fake_delay(unsigned launches, double seconds)
{
    delay.seconds = seconds;
    delay.launches = launches;
}

static double next_delay(void)
{
    unsigned launches = delay.launches;
    while (launches)
        if (atomic_compare_exchange_weak(&delay.launches, &launches, launches - 1))
            return delay.seconds;
    return 0;
}

static double seconds(
        const struct device *device, const struct fake_operation *operation)
{
    const struct fake_device *like = &device->like;
    const size_t *size = operation->launch.size;
    if (operation->call != FAKE_LAUNCH)
        return operation->moved
                ? like->copy_s + like->seconds_per_byte * (double)operation->moved
                : 0;
    double items = (double)size[0];
    for (unsigned i = 1; i < operation->code.dimensions; i++)
        items *= (double)size[i];
    return like->launch_s + like->seconds_per_item * items + next_delay();
}

static void schedule(struct device *device, struct fake_lane *lane)
{
    uint64_t now = pf_clock_ns();
    if (lane->free_ns < now)
        lane->free_ns = now;
    for (size_t i = lane->operation_count - lane->unmarked;
            i < lane->operation_count; i++) {
        struct fake_operation *operation = &lane->operations[i];
        uint64_t *engine_ns = operation->call == FAKE_LAUNCH
                ? &device->kernels_free_ns
                : &device->copies_free_ns;
        uint64_t begin = lane->free_ns > *engine_ns ? lane->free_ns : *engine_ns;
        operation->begin_ns = begin;
        operation->end_ns = begin + (uint64_t)(seconds(device, operation) * 1e9);
        lane->free_ns = *engine_ns = operation->end_ns;
    }
}

enum parfun_status fake_mark(struct pf_device *base, unsigned index, uint64_t *mark)
{
    struct device *device = fake_device_of(base);
    struct fake_failure failure;
    enum parfun_status status = fake_enter(device, FAKE_MARK, &failure);
    struct fake_lane *lane = &device->lanes[index];
    if (status != PARFUN_OK)
        return fake_leave(device, status);
    struct fake_mark *more =
            realloc(lane->marks, (lane->mark_count + 1) * sizeof *more);
    if (!more)
        return fake_leave(device, pf_fail(PARFUN_NO_MEMORY, "fake mark"));
    schedule(device, lane);
    lane->marks = more;
    lane->marks[lane->mark_count++] = (struct fake_mark){
        .number = ++lane->newest,
        .end_ns = lane->free_ns,
        .operations = lane->unmarked,
    };
    lane->unmarked = 0;
    *mark = lane->newest;
    return fake_leave(device, PARFUN_OK);
}

static bool hangs(const struct fake_lane *lane, size_t operations)
{
    for (size_t i = 0; i < operations; i++)
        if (lane->operations[i].hangs && lane->operations[i].wakes == fake_wakes())
            return true;
    return false;
}

static void add_times(
        struct pf_lane_times *times, const struct fake_operation *operation)
{
    double length = (double)(operation->end_ns - operation->begin_ns) * 1e-9;
    if (operation->call == FAKE_MOVE) {
        times->kernel_s += length;
    } else if (operation->call == FAKE_WRITE) {
        times->copy_in_s += length;
    } else if (operation->call == FAKE_READ) {
        times->copy_out_s += length;
    } else {
        times->kernel_s += length;
        if (!times->begin_ns)
            times->begin_ns = operation->begin_ns;
        times->end_ns = operation->end_ns;
    }
}

/* Does the first operations of a lane; the first failure is the result. */
static enum parfun_status run_first(
        struct fake_lane *lane, size_t count, struct pf_lane_times *times)
{
    enum parfun_status status = PARFUN_OK;
    for (size_t i = 0; i < count; i++) {
        if (status == PARFUN_OK)
            status = lane->operations[i].executed
                    ? PARFUN_OK
                    : fake_execute(&lane->operations[i]);
        add_times(times, &lane->operations[i]);
        finish_operation(&lane->operations[i]);
    }
    lane->operation_count -= count;
    if (count)
        memmove(lane->operations, lane->operations + count,
                lane->operation_count * sizeof *lane->operations);
    return status;
}

/* Whether it is done in time. */
static bool sleep_until_done(struct fake_lane *lane, const struct fake_mark *mark,
        size_t operations, uint64_t end_ns)
{
    uint64_t done_ns = mark->end_ns;
    for (unsigned wakes = fake_wakes(); hangs(lane, operations);
            wakes = fake_wakes())
        if (!fake_sleep(end_ns, wakes))
            return false;
    while (pf_clock_ns() < (done_ns < end_ns ? done_ns : end_ns))
        (void)fake_sleep(done_ns < end_ns ? done_ns : end_ns, fake_wakes());
    return done_ns <= pf_clock_ns();
}

static enum parfun_status wait_for(struct fake_lane *lane, uint64_t number,
        uint64_t end_ns, bool *reached, struct pf_lane_times *times)
{
    size_t marks = 0, operations = 0;
    while (marks < lane->mark_count && lane->marks[marks].number <= number)
        operations += lane->marks[marks++].operations;
    if (marks
            && !sleep_until_done(lane, &lane->marks[marks - 1], operations, end_ns))
        return PARFUN_OK;
    lane->mark_count -= marks;
    if (marks)
        memmove(lane->marks, lane->marks + marks,
                lane->mark_count * sizeof *lane->marks);
    *reached = true;
    return run_first(lane, operations, times);
}

enum parfun_status fake_wait(struct pf_device *base, unsigned index, uint64_t mark,
        uint64_t end_ns, bool *reached, struct pf_lane_times *times)
{
    struct device *device = fake_device_of(base);
    struct fake_failure failure;
    struct pf_lane_times sum = { 0 };
    *reached = false;
    enum parfun_status status = fake_enter(device, FAKE_WAIT, &failure);
    struct fake_lane *lane = &device->lanes[index];
    if (status == PARFUN_OK && (mark == 0 || mark > lane->newest)) {
        fake_breach_add(device, "waits for mark %llu, which was not given",
                (unsigned long long)mark);
        status = pf_fail(PARFUN_INVALID, "fake wait: no such mark");
    }
    if (status == PARFUN_OK)
        status = wait_for(lane, mark, end_ns, reached, &sum);
    if (times)
        *times = sum;
    return fake_leave(device, status);
}

/* What can be done before the first operation that hangs is done now; nothing is behind
 * one that fails. */
bool fake_inputs_taken(struct pf_device *base, unsigned index)
{
    struct fake_lane *lane = &fake_device_of(base)->lanes[index];
    for (size_t i = 0; i < lane->operation_count; i++) {
        struct fake_operation *operation = &lane->operations[i];
        if (hangs(lane, i + 1)) {
            if (operation->call == FAKE_WRITE)
                return false;
        } else if (!operation->executed && operation->late == PARFUN_OK) {
            operation->late = fake_execute(operation);
            operation->executed = true;
        }
        if (operation->late)
            break;
    }
    return true;
}

/* ---- Whole devices ------------------------------------------------------------------- */

bool fake_lanes_hang(const struct device *device)
{
    for (unsigned i = 0; i < device->base.lanes; i++)
        if (hangs(&device->lanes[i], device->lanes[i].operation_count))
            return true;
    return false;
}

void fake_lanes_finish(struct device *device, bool run)
{
    struct pf_lane_times times = { 0 };
    for (unsigned i = 0; i < device->base.lanes; i++) {
        struct fake_lane *lane = &device->lanes[i];
        if (run)
            (void)run_first(lane, lane->operation_count, &times);
        for (size_t o = 0; o < lane->operation_count; o++)
            finish_operation(&lane->operations[o]);
        free(lane->operations);
        free(lane->marks);
    }
}
