/* SPDX-License-Identifier: Apache-2.0 */
/* fake_backend.c: the interface of backend.h over host memory, with a script. */
#include "backends/host/host.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/base/thread.h"
#include "support/fake_device.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A test program has one set of devices. */
static struct {
    struct pf_lock lock;
    struct pf_condition woken;
    bool ready;
    unsigned wakes;
    struct fake_device likes[FAKE_DEVICES];
    unsigned device_count;
    struct {
        struct fake_failure failure;
        unsigned seen;
    } failures[FAKE_FAILURES];
    unsigned failure_count;
    size_t counts[FAKE_DEVICES][FAKE_CALLS], written, read, live;
    struct device *zombies; /* closed while hanging */
    char breach[256];
} fake = { .lock = PF_LOCK_INITIALIZER };

struct device *fake_device_of(struct pf_device *base)
{
    return (struct device *)(void *)base;
}

struct fake_memory *fake_memory_of(struct pf_memory *memory)
{
    return (struct fake_memory *)(void *)memory;
}

void fake_breach_add(const struct device *device, const char *format, ...)
{
    char said[200];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    pf_lock_take(&fake.lock);
    if (!fake.breach[0])
        (void)snprintf(fake.breach, sizeof fake.breach, "%s: %s",
                device->base.selector, said);
    pf_lock_give(&fake.lock);
}

/* ---- The script -------------------------------------------------------------- */

/* Counts a call; the failure that it is to have, all zero for none. */
static struct fake_failure next_failure(unsigned index, enum fake_call call)
{
    struct fake_failure result = { .status = PARFUN_OK };
    pf_lock_take(&fake.lock);
    fake.counts[index][call]++;
    for (unsigned i = 0; i < fake.failure_count; i++) {
        const struct fake_failure *failure = &fake.failures[i].failure;
        if (failure->call != call
                || (failure->device != FAKE_ANY && failure->device != index
                        && call != FAKE_OPEN))
            continue;
        unsigned seen = fake.failures[i].seen++;
        if (seen == failure->nth || (failure->for_ever && seen > failure->nth))
            result = *failure;
    }
    pf_lock_give(&fake.lock);
    return result;
}

enum parfun_status fake_enter(
        struct device *device, enum fake_call call, struct fake_failure *failure)
{
    if (atomic_exchange(&device->in_use, true))
        fake_breach_add(device, "used by two threads at a time");
    if (device->lost) {
        fake_breach_add(device, "called (%d) after it had failed", (int)call);
        return pf_fail(
                PARFUN_DEVICE_FAILED, "%s failed earlier", device->base.selector);
    }
    *failure = next_failure(device->base.index, call);
    if (failure->status == PARFUN_OK || failure->hangs || failure->late)
        return PARFUN_OK;
    device->lost = failure->status == PARFUN_DEVICE_FAILED;
    return pf_fail(failure->status, "%s: fake failure", device->base.selector);
}

enum parfun_status fake_leave(struct device *device, enum parfun_status status)
{
    if (status == PARFUN_DEVICE_FAILED)
        device->lost = true;
    atomic_store(&device->in_use, false);
    return status;
}

static void count_live(int change)
{
    pf_lock_take(&fake.lock);
    fake.live += (size_t)change;
    pf_lock_give(&fake.lock);
}

/* ---- Memory and codes ----------------------------------------------------------- */

void fake_let_go(struct fake_memory *memory)
{
    if (--memory->holders)
        return;
    if (!memory->shared)
        free(memory->data);
    free(memory);
}

static enum parfun_status new_memory(struct device *device, size_t bytes,
        void *host, unsigned access, struct fake_memory **result)
{
    bool shared = host && device->like.shared_memory
            && (access == PF_ACCESS_READ || access == PF_ACCESS_WRITE);
    size_t limit = device->base.limits.memory_bytes;
    if (!shared && bytes > limit - device->memory_used)
        return pf_fail(PARFUN_NO_MEMORY, "%s: %zu bytes more than it has",
                device->base.selector, bytes);
    struct fake_memory *memory = calloc(1, sizeof *memory);
    void *data = host;
    if (!memory || (!shared && posix_memalign(&data, 128, bytes ? bytes : 1))) {
        free(memory);
        return pf_fail(PARFUN_NO_MEMORY, "fake memory");
    }
    if (!shared)
        memset(data, 0xA5, bytes); /* what a kernel must not count on */
    *memory = (struct fake_memory){ device, data, bytes, shared, false, 1 };
    device->memory_used += shared ? 0 : bytes;
    *result = memory;
    return PARFUN_OK;
}

static enum parfun_status memory_create(struct pf_device *base, size_t bytes,
        void *host, unsigned access, struct pf_memory **memory, bool *zero_copy)
{
    struct device *device = fake_device_of(base);
    struct fake_failure failure;
    struct fake_memory *made = NULL;
    enum parfun_status status = fake_enter(device, FAKE_MEMORY_CREATE, &failure);
    if (status == PARFUN_OK)
        status = new_memory(device, bytes, host, access, &made);
    if (status == PARFUN_OK) {
        *memory = (struct pf_memory *)(void *)made;
        *zero_copy = made->shared;
        count_live(1);
    }
    return fake_leave(device, status);
}

static void memory_destroy(struct pf_device *base, struct pf_memory *opaque)
{
    struct device *device = fake_device_of(base);
    struct fake_memory *memory = fake_memory_of(opaque);
    if (!memory)
        return;
    if (memory->owner != device || memory->destroyed) {
        fake_breach_add(device, "a memory is destroyed that it does not have");
        return;
    }
    memory->destroyed = true;
    device->memory_used -= memory->shared ? 0 : memory->bytes;
    fake_let_go(memory);
    count_live(-1);
}

static enum parfun_status new_code(struct device *device,
        const struct pf_code_request *request, struct fake_code **result)
{
    const struct parfun_kernel *kernel = request->kernel;
    const struct parfun_variant *variant = pf_native_choose(kernel);
    if (!variant)
        return pf_fail(PARFUN_UNSUPPORTED, "%s: %s has no native code",
                device->base.selector, kernel->name);
    if ((kernel->flags & PARFUN_KERNEL_DOUBLES) && device->like.no_doubles)
        return pf_fail(PARFUN_UNSUPPORTED, "%s: %s needs doubles",
                device->base.selector, kernel->name);
    struct fake_code *code = calloc(1, sizeof *code);
    if (!code)
        return pf_fail(PARFUN_NO_MEMORY, "fake code");
    *code = (struct fake_code){ .owner = device,
        .kernel = kernel,
        .variant = variant,
        .dimensions = request->dimensions,
        .absolute = request->absolute };
    memcpy(code->group, request->group, sizeof code->group);
    *result = code;
    return PARFUN_OK;
}

static enum parfun_status code_create(struct pf_device *base,
        const struct pf_code_request *request, struct pf_code **code)
{
    struct device *device = fake_device_of(base);
    struct fake_failure failure;
    struct fake_code *made = NULL;
    enum parfun_status status = fake_enter(device, FAKE_CODE_CREATE, &failure);
    if (status == PARFUN_OK)
        status = new_code(device, request, &made);
    if (status == PARFUN_OK) {
        *code = (struct pf_code *)(void *)made;
        count_live(1);
    }
    return fake_leave(device, status);
}

static void code_destroy(struct pf_device *base, struct pf_code *opaque)
{
    struct fake_code *code = (struct fake_code *)(void *)opaque;
    if (!code)
        return;
    if (code->owner != fake_device_of(base))
        fake_breach_add(
                fake_device_of(base), "a code is destroyed that is another's");
    free(code);
    count_live(-1);
}

bool fake_offsets(const struct pf_code *opaque)
{
    const struct fake_code *code = (const struct fake_code *)(const void *)opaque;
    return !code->owner->like.no_offsets
            && !(code->kernel->flags & PARFUN_KERNEL_BARRIERS);
}

void fake_count_bytes(enum fake_call call, size_t bytes)
{
    pf_lock_take(&fake.lock);
    *(call == FAKE_WRITE ? &fake.written : &fake.read) += bytes;
    pf_lock_give(&fake.lock);
}

unsigned fake_wakes(void)
{
    pf_lock_take(&fake.lock);
    unsigned wakes = fake.wakes;
    pf_lock_give(&fake.lock);
    return wakes;
}

bool fake_sleep(uint64_t end_ns, unsigned wakes)
{
    bool in_time = true;
    pf_lock_take(&fake.lock);
    while (in_time && fake.wakes == wakes) {
        if (end_ns == UINT64_MAX)
            pf_condition_wait(&fake.woken, &fake.lock);
        else
            in_time = pf_condition_wait_until(&fake.woken, &fake.lock, end_ns);
    }
    pf_lock_give(&fake.lock);
    return in_time;
}

/* ---- Devices ---------------------------------------------------------------------- */

static void free_device(struct device *device)
{
    free(device->base.name);
    free(device->base.platform);
    free(device->base.driver);
    free(device->base.selector);
    free(device->base.pci);
    free(device);
}

static struct pf_device_limits make_limits(const struct fake_device *like)
{
    return (struct pf_device_limits){
        .group_items = 1024,
        .group_size = { 1024, 1024, 1024 },
        .local_bytes = 1 << 16,
        .constant_bytes = SIZE_MAX,
        .allocation_bytes = like->memory_bytes ? like->memory_bytes : SIZE_MAX,
        .memory_bytes = like->memory_bytes ? like->memory_bytes : SIZE_MAX,
        .alignment = 1,
        .compute_units = 1,
        .doubles = !like->no_doubles,
        .int64_atomics = true,
        .denormals = !like->no_denormals,
        .shared_memory = like->shared_memory,
    };
}

static struct device *new_device(const struct fake_device *like, unsigned index)
{
    struct device *device = calloc(1, sizeof *device);
    if (!device)
        return NULL;
    device->like = *like;
    device->base = (struct pf_device){
        .backend = &fake_backend,
        .kind = like->kind ? like->kind : PF_DEVICE_GPU,
        .name = like->name ? pf_text_copy(like->name)
                           : pf_text_print("Fake %u", index),
        .platform = pf_text_copy("Fakes"),
        .driver = pf_text_copy("1"),
        .selector = pf_text_print("fake:%u", index),
        .pci = pf_text_copy(""),
        .same_cpu = like->same_cpu,
        .index = index,
        .workers = 1,
        .lanes = like->lanes ? like->lanes : 2,
        .limits = make_limits(like),
    };
    const struct pf_device *base = &device->base;
    if (base->name && base->platform && base->driver && base->selector && base->pci)
        return device;
    free_device(device);
    return NULL;
}

static void close_device(struct pf_device *base)
{
    if (!base)
        return;
    struct device *device = fake_device_of(base);
    count_live(-1);
    if (fake_lanes_hang(device)) {
        pf_lock_take(&fake.lock);
        device->next_zombie = fake.zombies;
        fake.zombies = device;
        pf_lock_give(&fake.lock);
        return;
    }
    fake_lanes_finish(device, false);
    free_device(device);
}

static void give_up(struct pf_device *base)
{
    fake_device_of(base)->lost = true;
}

static enum parfun_status open_devices(
        const struct pf_backend_options *options, struct pf_device_list *list)
{
    (void)options;
    struct fake_failure failure = next_failure(0, FAKE_OPEN);
    if (failure.status != PARFUN_OK)
        return pf_fail(failure.status, "fake failure to open");
    struct pf_device **devices = calloc(fake.device_count + 1u, sizeof *devices);
    char *skipped = pf_text_copy(fake.device_count ? "" : "no fake devices\n");
    bool complete = devices && skipped;
    size_t count = 0;
    for (; complete && count < fake.device_count; count++) {
        struct device *device = new_device(&fake.likes[count], (unsigned)count);
        if (!device)
            break;
        devices[count] = &device->base;
        count_live(1);
    }
    if (complete && count == fake.device_count) {
        *list = (struct pf_device_list){ devices, count, skipped };
        return PARFUN_OK;
    }
    while (count)
        close_device(devices[--count]);
    free(devices);
    free(skipped);
    return pf_fail(PARFUN_NO_MEMORY, "fake devices");
}

const struct pf_backend fake_backend = {
    .name = "fake",
    .summary = "devices for tests",
    .cuts = true,
    .open = open_devices,
    .close = close_device,
    .give_up = give_up,
    .code_create = code_create,
    .code_destroy = code_destroy,
    .offsets = fake_offsets,
    .memory_create = memory_create,
    .memory_destroy = memory_destroy,
    .write = fake_write,
    .read = fake_read,
    .move = fake_move,
    .launch = fake_launch,
    .inputs_taken = fake_inputs_taken,
    .mark = fake_mark,
    .wait = fake_wait,
};

/* ---- For tests ----------------------------------------------------------------------- */

void fake_set_devices(const struct fake_device *devices, unsigned count)
{
    if (count > FAKE_DEVICES)
        abort();
    memcpy(fake.likes, devices, count * sizeof *devices);
    fake.device_count = count;
    if (!fake.ready && pf_condition_init(&fake.woken) != PARFUN_OK)
        abort();
    fake.ready = true;
}

void fake_fail(const struct fake_failure *failure)
{
    if (fake.failure_count == FAKE_FAILURES)
        abort();
    pf_lock_take(&fake.lock);
    fake.failures[fake.failure_count].failure = *failure;
    fake.failures[fake.failure_count++].seen = 0;
    pf_lock_give(&fake.lock);
}

static void end_zombies(bool run)
{
    pf_lock_take(&fake.lock);
    struct device *zombie = fake.zombies;
    fake.zombies = NULL;
    pf_lock_give(&fake.lock);
    while (zombie) {
        struct device *next = zombie->next_zombie;
        fake_lanes_finish(zombie, run);
        free_device(zombie);
        zombie = next;
    }
}

void fake_wake(void)
{
    pf_lock_take(&fake.lock);
    fake.wakes++;
    pf_condition_wake_all(&fake.woken);
    pf_lock_give(&fake.lock);
    end_zombies(true);
}

size_t fake_live(void)
{
    pf_lock_take(&fake.lock);
    size_t live = fake.live;
    pf_lock_give(&fake.lock);
    return live;
}

size_t fake_count(unsigned index, enum fake_call call)
{
    size_t count = 0;
    pf_lock_take(&fake.lock);
    for (unsigned i = 0; i < FAKE_DEVICES; i++)
        if (index == FAKE_ANY || index == i)
            count += fake.counts[i][call];
    pf_lock_give(&fake.lock);
    return count;
}

size_t fake_bytes_written(void)
{
    return fake.written;
}

size_t fake_bytes_read(void)
{
    return fake.read;
}

const char *fake_breach(void)
{
    return fake.breach[0] ? fake.breach : NULL;
}

void fake_reset(void)
{
    end_zombies(false);
    fake_delay(0, 0);
    fake.device_count = 0;
    fake.failure_count = 0;
    memset(fake.counts, 0, sizeof fake.counts);
    fake.written = fake.read = 0;
    fake.breach[0] = '\0';
}
