/* SPDX-License-Identifier: Apache-2.0 */
/* spares.c: see spares.h. */
#include "runtime/spares.h"

#include "runtime/devices.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    HOST_ALIGNMENT = 128,
    /* Sizes are learned, and a little different in each call: one and the same piece
     * does for all that differ by less than this part of a power of two. */
    STEPS = 8,
    /* A piece may be larger than what is asked for by this factor: others may ask for
     * such a large one. */
    MOST_LARGER = 4
};

/* Before each piece of the host's, so that parking needs no memory. */
struct pf_parked {
    struct pf_parked *next;
};

/* Tools that look for leaks find here what is kept for devices that hang. */
static struct pf_parked *_Atomic abandoned;

static size_t rounded(size_t bytes)
{
    size_t step = 1;

    while (step < bytes / (2 * STEPS - 1))
        step *= 2;
    return bytes > SIZE_MAX - step ? bytes : (bytes + step - 1) / step * step;
}

static struct pf_parked *head_of(void *host)
{
    return (struct pf_parked *)(void *)((char *)host - HOST_ALIGNMENT);
}

static void free_host(void *host)
{
    if (host)
        free(head_of(host));
}

static void destroy(struct pf_driver *driver, const struct pf_spare *spare)
{
    if (spare->memory)
        driver->device->backend->memory_destroy(driver->device, spare->memory);
    free_host(spare->host);
}

/* Takes number `i` out of what is kept. */
static struct pf_spare take_out(struct pf_spares *spares, unsigned i)
{
    const struct pf_spare spare = spares->spare[i];

    spares->count--;
    spares->bytes -= spare.bytes;
    memmove(&spares->spare[i], &spares->spare[i + 1],
            (spares->count - i) * sizeof spare);
    return spare;
}

/* The smallest that suffices; false if there is none. */
static bool find(struct pf_spares *spares, size_t bytes, bool on_device,
        struct pf_spare *found)
{
    unsigned best = spares->count;

    for (unsigned i = 0; i < spares->count; i++) {
        const struct pf_spare *spare = &spares->spare[i];

        if ((spare->memory != NULL) == on_device && spare->bytes >= bytes
                && spare->bytes / MOST_LARGER <= bytes
                && (best == spares->count
                        || spare->bytes < spares->spare[best].bytes))
            best = i;
    }
    if (best == spares->count)
        return false;
    *found = take_out(spares, best);
    return true;
}

static void put_in(struct pf_driver *driver, struct pf_spare spare)
{
    struct pf_spares *spares = &driver->spares;

    if (spare.bytes > PF_SPARES_BYTES) {
        destroy(driver, &spare);
        return;
    }
    while (spares->count == PF_SPARES
            || spares->bytes > PF_SPARES_BYTES - spare.bytes) {
        const struct pf_spare oldest = take_out(spares, 0);

        destroy(driver, &oldest);
    }
    spares->spare[spares->count++] = spare;
    spares->bytes += spare.bytes;
}

enum parfun_status pf_spares_create(struct pf_driver *driver, size_t bytes,
        void *host, unsigned access, struct pf_memory **memory, bool *zero_copy)
{
    struct pf_device *device = driver->device;
    const enum parfun_status status = device->backend->memory_create(
            device, bytes, host, access, memory, zero_copy);

    if (status != PARFUN_NO_MEMORY || !driver->spares.count)
        return status;
    pf_spares_finish(driver);
    return device->backend->memory_create(
            device, bytes, host, access, memory, zero_copy);
}

enum parfun_status pf_spares_take(struct pf_driver *driver, size_t bytes,
        struct pf_memory **memory, size_t *room)
{
    const unsigned access = PF_ACCESS_READ | PF_ACCESS_WRITE;
    enum parfun_status status;
    struct pf_spare found;
    bool zero_copy;

    if (find(&driver->spares, bytes, true, &found)) {
        *memory = found.memory;
        *room = found.bytes;
        return PARFUN_OK;
    }
    *room = rounded(bytes);
    status = pf_spares_create(driver, *room, NULL, access, memory, &zero_copy);
    if (status != PARFUN_NO_MEMORY || *room == bytes)
        return status;
    *room = bytes;
    return pf_spares_create(driver, bytes, NULL, access, memory, &zero_copy);
}

void *pf_spares_take_host(struct pf_driver *driver, size_t bytes, size_t *room)
{
    struct pf_spare found;
    char *made;

    if (find(&driver->spares, bytes, false, &found)) {
        *room = found.bytes;
        return found.host;
    }
    *room = (rounded(bytes) / HOST_ALIGNMENT + 1) * HOST_ALIGNMENT;
    made = aligned_alloc(HOST_ALIGNMENT, HOST_ALIGNMENT + *room);
    return made ? made + HOST_ALIGNMENT : NULL;
}

void pf_spares_give(struct pf_driver *driver, struct pf_memory *memory, size_t room)
{
    if (memory)
        put_in(driver, (struct pf_spare){ .memory = memory, .bytes = room });
}

void pf_spares_give_host(struct pf_driver *driver, void *host, size_t room)
{
    if (host)
        put_in(driver, (struct pf_spare){ .host = host, .bytes = room });
}

void pf_spares_park(struct pf_driver *driver, void *host)
{
    if (!host)
        return;
    head_of(host)->next = driver->spares.parked;
    driver->spares.parked = head_of(host);
}

void pf_spares_unpark(struct pf_driver *driver)
{
    struct pf_spares *spares = &driver->spares;

    while (spares->parked) {
        struct pf_parked *parked = spares->parked;

        spares->parked = parked->next;
        free(parked);
    }
}

void pf_spares_abandon(struct pf_driver *driver)
{
    struct pf_spares *spares = &driver->spares;

    while (spares->parked) {
        struct pf_parked *parked = spares->parked;

        spares->parked = parked->next;
        parked->next = atomic_load(&abandoned);
        while (!atomic_compare_exchange_weak(&abandoned, &parked->next, parked))
            continue;
    }
}

void pf_spares_finish(struct pf_driver *driver)
{
    struct pf_spares *spares = &driver->spares;

    while (spares->count) {
        const struct pf_spare spare = take_out(spares, spares->count - 1);

        destroy(driver, &spare);
    }
}
