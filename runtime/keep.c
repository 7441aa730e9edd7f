/* SPDX-License-Identifier: Apache-2.0 */
/* keep.c: the kept ranges of the process. */
#include "runtime/keep.h"

#include "runtime/base/error.h"
#include "runtime/base/log.h"

#include <stdatomic.h>
#include <stdlib.h>

static bool overlap(const void *a, size_t a_bytes, const void *b, size_t b_bytes)
{
    return (uintptr_t)a < (uintptr_t)b + b_bytes
            && (uintptr_t)b < (uintptr_t)a + a_bytes;
}

/* ---- Keeping ----------------------------------------------------------------------------- */

/* Called with the registry's lock held. */
static enum parfun_status check_calls(
        const struct pf_keep *keep, const void *memory, size_t bytes)
{
    for (const struct pf_keep_use *use = keep->uses; use; use = use->next)
        for (unsigned i = 0; i < use->call->clauses->argument_count; i++) {
            const struct pf_call_argument *argument = &use->call->arguments[i];

            if (argument->plan->role == PF_ROLE_ARRAY && argument->given
                    && overlap(memory, bytes, argument->given,
                            argument->bytes ? argument->bytes : 1))
                return pf_fail(PARFUN_INVALID,
                        "parfun_keep(): the memory is in use by a call of %s() that "
                        "is under way; keep it before or afterwards",
                        use->call->kernel->name);
        }
    return PARFUN_OK;
}

/* Called with the registry's lock held. */
static enum parfun_status check_overlap(
        const struct pf_keep *keep, const void *memory, size_t bytes)
{
    for (const struct pf_kept *kept = keep->ranges; kept; kept = kept->next)
        if (overlap(memory, bytes, kept->memory, kept->bytes))
            return pf_fail(PARFUN_INVALID,
                    "parfun_keep(): %zu bytes at %p overlap %zu bytes at %p, which "
                    "are kept already; release these first",
                    bytes, memory, kept->bytes, (void *)kept->memory);
    return PARFUN_OK;
}

static enum parfun_status check_memory(const void *memory, size_t bytes)
{
    if (!memory || !bytes)
        return pf_fail(PARFUN_INVALID,
                "parfun_keep(): %s; give the address and the size of an array",
                memory ? "0 bytes can not be kept" : "`memory` is NULL");
    if (bytes > UINTPTR_MAX - (uintptr_t)memory)
        return pf_fail(PARFUN_INVALID,
                "parfun_keep(): %zu bytes at %p are beyond the address space",
                bytes, memory);
    return PARFUN_OK;
}

enum parfun_status pf_keep_add(
        struct pf_keep *keep, const void *memory, size_t bytes)
{
    struct pf_kept *kept;
    enum parfun_status status;

    PF_TRY(check_memory(memory, bytes));
    kept = calloc(1, sizeof *kept);
    if (!kept)
        return pf_fail(
                PARFUN_NO_MEMORY, "parfun_keep(): no memory to note the range");
    status = pf_lock_init(&kept->lock);
    if (status) {
        free(kept);
        return status;
    }
    kept->memory = (char *)(uintptr_t)memory;
    kept->bytes = bytes;
    pf_keep_map_init(&kept->map, bytes, PF_KEEP_HOST);
    pf_lock_take(&keep->lock);
    status = check_overlap(keep, memory, bytes);
    if (!status)
        status = check_calls(keep, memory, bytes);
    if (!status) {
        kept->next = keep->ranges;
        keep->ranges = kept;
    }
    pf_lock_give(&keep->lock);
    if (status) {
        pf_lock_finish(&kept->lock);
        free(kept);
    }
    return status;
}

/* ---- Kept ranges --------------------------------------------------------------------------- */

/* Called with the registry's lock held. */
static enum parfun_status find(const struct pf_keep *keep, const char *function,
        const void *memory, struct pf_kept **kept)
{
    struct pf_kept *found = keep->ranges;

    while (found && found->memory != memory)
        found = found->next;
    if (!found)
        return pf_fail(PARFUN_INVALID,
                "%s(): no memory is kept from address %p on; give the address that "
                "parfun_keep() was given",
                function, memory);
    *kept = found;
    return PARFUN_OK;
}

static enum parfun_status find_unused(const struct pf_keep *keep,
        const char *function, const void *memory, struct pf_kept **kept)
{
    PF_TRY(find(keep, function, memory, kept));
    if ((*kept)->calls)
        return pf_fail(PARFUN_INVALID,
                "%s(): a call that uses the memory is under way; wait until it has "
                "returned",
                function);
    return PARFUN_OK;
}

enum parfun_status pf_keep_update_host(struct pf_keep *keep, const void *memory)
{
    struct pf_kept *kept = NULL;
    enum parfun_status status;

    pf_lock_take(&keep->lock);
    status = find(keep, "parfun_update_host", memory, &kept);
    if (!status)
        kept->calls++; /* it is not released meanwhile */
    pf_lock_give(&keep->lock);
    PF_TRY(status);
    status = pf_keep_fetch(
            kept, (struct pf_keep_span){ 0, kept->bytes }, NULL, NULL);
    pf_lock_take(&keep->lock);
    kept->calls--;
    pf_lock_give(&keep->lock);
    return status ? pf_error_prefix(status, "parfun_update_host(): ") : PARFUN_OK;
}

/* All of it is up to date on the host, and there alone. */
static void reset(struct pf_kept *kept)
{
    pf_lock_take(&kept->lock);
    pf_keep_map_finish(&kept->map);
    pf_keep_map_init(&kept->map, kept->bytes, PF_KEEP_HOST);
    atomic_store(&kept->away, false);
    pf_lock_give(&kept->lock);
}

enum parfun_status pf_keep_update_devices(struct pf_keep *keep, const void *memory)
{
    struct pf_kept *kept = NULL;
    enum parfun_status status;

    pf_lock_take(&keep->lock);
    status = find_unused(keep, "parfun_update_devices", memory, &kept);
    if (!status)
        reset(kept);
    pf_lock_give(&keep->lock);
    return status;
}

static struct pf_driver *driver_of_copy(struct pf_kept *kept, unsigned number)
{
    struct pf_driver *driver;

    pf_lock_take(&kept->lock);
    driver = kept->copy[number].driver;
    pf_lock_give(&kept->lock);
    return driver;
}

static void drop_copies(struct pf_kept *kept)
{
    for (unsigned d = 0; d < PF_KEEP_DEVICES; d++) {
        struct pf_driver *driver = driver_of_copy(kept, d);

        if (!driver)
            continue;
        pf_turn_take(&driver->turn);
        pf_keep_drop(kept, driver);
        pf_turn_give(&driver->turn);
    }
}

static void unlink_range(struct pf_keep *keep, const struct pf_kept *kept)
{
    struct pf_kept **link = &keep->ranges;

    while (*link != kept)
        link = &(*link)->next;
    *link = kept->next;
}

enum parfun_status pf_keep_release(struct pf_keep *keep, const void *memory)
{
    struct pf_kept *kept = NULL;
    enum parfun_status status;

    pf_lock_take(&keep->lock);
    status = find_unused(keep, "parfun_release", memory, &kept);
    if (!status)
        unlink_range(keep, kept);
    pf_lock_give(&keep->lock);
    PF_TRY(status);
    drop_copies(kept);
    pf_keep_map_finish(&kept->map);
    pf_lock_finish(&kept->lock);
    free(kept);
    return PARFUN_OK;
}

/* ---- The library's end ------------------------------------------------------------------------ */

void pf_keep_close(struct pf_keep *keep)
{
    pf_lock_take(&keep->lock);
    for (struct pf_kept *kept = keep->ranges; kept; kept = kept->next) {
        const struct pf_keep_span all = { 0, kept->bytes };

        /* what can not be had any more is nowhere when the copies have gone */
        if (pf_keep_fetch(kept, all, NULL, NULL))
            pf_log(PF_LOG_WARNING, "parfun_shutdown(): %s", pf_error_text());
        drop_copies(kept);
    }
    pf_lock_give(&keep->lock);
}

void pf_keep_renew(struct pf_keep *keep)
{
    (void)pf_lock_init(&keep->lock);
    keep->uses = NULL;
    for (struct pf_kept *kept = keep->ranges; kept; kept = kept->next) {
        (void)pf_lock_init(&kept->lock);
        kept->calls = 0;
        for (unsigned d = 0; d < PF_KEEP_DEVICES; d++)
            kept->copy[d] = (struct pf_keep_copy){ 0 };
        /* another thread may have been changing the map */
        pf_keep_map_init(&kept->map, kept->bytes,
                atomic_load(&kept->away) ? 0 : PF_KEEP_HOST);
    }
}
