/* SPDX-License-Identifier: Apache-2.0 */
/* keep_move.c: copies of kept ranges on devices, and what moves to and from them. */
#include "runtime/keep.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/run.h"
#include "runtime/spares.h"

#include <stdatomic.h>
#include <string.h>

/* What comes to the host comes in pieces that stay in the caches meanwhile. */
enum { PIECE_BYTES = 4 << 20 };

static uint64_t place_of(const struct pf_driver *driver)
{
    return PF_KEEP_DEVICE(driver->number);
}

/* Called with the range's lock held. */
static void look_whether_away(struct pf_kept *kept)
{
    const struct pf_keep_span all = { 0, kept->bytes };
    struct pf_keep_span found;

    atomic_store(&kept->away,
            pf_keep_map_find(&kept->map, all, 0, PF_KEEP_HOST, &found, NULL));
}

enum parfun_status pf_keep_mark(struct pf_kept *kept, struct pf_keep_span span,
        uint64_t without, uint64_t with)
{
    enum parfun_status status;

    pf_lock_take(&kept->lock);
    status = pf_keep_map_change(&kept->map, span, without, with);
    look_whether_away(kept);
    pf_lock_give(&kept->lock);
    return status;
}

static bool find(struct pf_kept *kept, struct pf_keep_span span, uint64_t in,
        uint64_t out, struct pf_keep_span *found)
{
    bool any;

    pf_lock_take(&kept->lock);
    any = pf_keep_map_find(&kept->map, span, in, out, found, NULL);
    pf_lock_give(&kept->lock);
    return any;
}

/* ---- Copies ---------------------------------------------------------------------------- */

bool pf_keep_copy_exists(const struct pf_kept *kept, const struct pf_driver *driver)
{
    return driver->number < PF_KEEP_DEVICES && kept->copy[driver->number].driver;
}

static void unlink_copy(struct pf_driver *driver, const struct pf_keep_copy *copy)
{
    struct pf_keep_copy **link = &driver->kept;

    while (*link != copy)
        link = &(*link)->next;
    *link = copy->next;
}

void pf_keep_drop(struct pf_kept *kept, struct pf_driver *driver)
{
    struct pf_keep_copy *copy = &kept->copy[driver->number];

    if (!copy->driver)
        return;
    unlink_copy(driver, copy);
    driver->kept_bytes -= kept->bytes;
    driver->device->backend->memory_destroy(driver->device, copy->memory);
    pf_lock_take(&kept->lock);
    *copy = (struct pf_keep_copy){ 0 };
    for (size_t i = 0; i < kept->map.count; i++)
        kept->map.piece[i].places &= ~place_of(driver);
    look_whether_away(kept);
    pf_lock_give(&kept->lock);
}

bool pf_keep_evict(
        struct pf_driver *driver, unsigned lane, const struct pf_limits *limits)
{
    struct pf_keep_copy *oldest = NULL;

    for (struct pf_keep_copy *copy = driver->kept; copy; copy = copy->next)
        if (!copy->users)
            oldest = copy;
    if (!oldest
            || pf_keep_bring(oldest->kept, driver, lane,
                    (struct pf_keep_span){ 0, oldest->kept->bytes }, limits))
        return false;
    pf_keep_drop(oldest->kept, driver);
    return true;
}

double pf_keep_copy_bytes(
        const struct pf_kept *kept, const struct pf_device *device)
{
    const double bytes = (double)kept->bytes;

    return kept->bytes <= device->limits.allocation_bytes
                    && bytes <= PF_KEEP_PART * (double)device->limits.memory_bytes
            ? bytes
            : 0;
}

static bool has_room(const struct pf_kept *kept, const struct pf_driver *driver)
{
    return (double)kept->bytes + (double)driver->kept_bytes
            <= PF_KEEP_PART * (double)driver->device->limits.memory_bytes;
}

/* *memory stays NULL if there is no room. */
static enum parfun_status create_memory(struct pf_kept *kept,
        struct pf_driver *driver, unsigned lane, const struct pf_limits *limits,
        struct pf_memory **memory)
{
    struct pf_device *device = driver->device;
    enum parfun_status status;
    bool zero_copy;

    *memory = NULL;
    if (!(pf_keep_copy_bytes(kept, device) > 0))
        return PARFUN_OK;
    while (!has_room(kept, driver))
        if (!pf_keep_evict(driver, lane, limits))
            return PARFUN_OK;
    do
        status = pf_spares_create(driver, kept->bytes, NULL,
                PF_ACCESS_READ | PF_ACCESS_WRITE, memory, &zero_copy);
    while (status == PARFUN_NO_MEMORY && pf_keep_evict(driver, lane, limits));
    return status == PARFUN_NO_MEMORY ? PARFUN_OK : status;
}

enum parfun_status pf_keep_copy_use(struct pf_kept *kept, struct pf_driver *driver,
        unsigned lane, const struct pf_limits *limits, struct pf_memory **memory)
{
    struct pf_keep_copy *copy;

    *memory = NULL;
    if (driver->number >= PF_KEEP_DEVICES)
        return PARFUN_OK;
    copy = &kept->copy[driver->number];
    if (copy->driver) {
        unlink_copy(driver, copy);
    } else {
        PF_TRY(create_memory(kept, driver, lane, limits, memory));
        if (!*memory)
            return PARFUN_OK;
        pf_lock_take(&kept->lock);
        *copy = (struct pf_keep_copy){
            .kept = kept, .driver = driver, .memory = *memory
        };
        pf_lock_give(&kept->lock);
        driver->kept_bytes += kept->bytes;
    }
    copy->next = driver->kept;
    driver->kept = copy;
    copy->users++;
    *memory = copy->memory;
    return PARFUN_OK;
}

void pf_keep_copy_leave(struct pf_kept *kept, struct pf_driver *driver)
{
    kept->copy[driver->number].users--;
}

/* ---- Movements --------------------------------------------------------------------------- */

static struct pf_copy copy_of(const struct pf_kept *kept,
        const struct pf_driver *driver, struct pf_keep_span span)
{
    return (struct pf_copy){
        .memory = kept->copy[driver->number].memory,
        .offset = span.first,
        .host = kept->memory + span.first,
        .rows = 1,
        .row_bytes = span.end - span.first,
    };
}

enum parfun_status pf_keep_send(struct pf_kept *kept, struct pf_driver *driver,
        unsigned lane, struct pf_keep_span span, char *through, uint64_t *bytes)
{
    struct pf_device *device = driver->device;
    const size_t begin = span.first;
    struct pf_keep_span found;

    for (; find(kept, span, PF_KEEP_HOST, place_of(driver), &found);
            span.first = found.end) {
        struct pf_copy copy = copy_of(kept, driver, found);

        if (through) {
            memcpy(through + (found.first - begin), copy.host, copy.row_bytes);
            copy.host = through + (found.first - begin);
        }
        PF_TRY(device->backend->write(device, lane, &copy));
        *bytes += copy.row_bytes;
    }
    return PARFUN_OK;
}

/* No longer than the limits allow; what takes longer than hang_s, hangs. */
static enum parfun_status wait_for(struct pf_driver *driver, unsigned lane,
        uint64_t mark, const struct pf_limits *limits)
{
    struct pf_device *device = driver->device;
    const uint64_t begin_ns = pf_clock_ns();
    uint64_t now_ns = begin_ns;
    enum parfun_status status;
    bool reached = false;

    for (;;) {
        PF_TRY(device->backend->wait(
                device, lane, mark, now_ns + PF_LIMITS_PERIOD_NS, &reached, NULL));
        if (reached)
            return PARFUN_OK;
        now_ns = pf_clock_ns();
        status = pf_limits_look(limits, now_ns);
        if (status)
            driver->left_behind[lane] = mark;
        PF_TRY(status);
        if (1e-9 * (double)(now_ns - begin_ns) < driver->hang_s)
            continue;
        device->backend->give_up(device);
        return pf_fail(PARFUN_DEVICE_FAILED,
                "%s (%s) hangs: what it keeps has not come in %.0f s; see "
                "PARFUN_HANG_LIMIT",
                device->name, device->selector, 1e-9 * (double)(now_ns - begin_ns));
    }
}

static enum parfun_status await(
        struct pf_driver *driver, unsigned lane, const struct pf_limits *limits)
{
    struct pf_device *device = driver->device;
    uint64_t mark;

    PF_TRY(device->backend->mark(device, lane, &mark));
    return wait_for(driver, lane, mark, limits);
}

static bool is_ended(enum parfun_status status)
{
    return status == PARFUN_TIMED_OUT || status == PARFUN_CANCELLED;
}

/* What was asked of the lane has ended.  For lack of memory, or the like, it is waited
 * for twice, and the device given up then; *status is what went wrong first. */
static enum parfun_status end_reads(struct pf_driver *driver, unsigned lane,
        const struct pf_limits *limits, enum parfun_status *status)
{
    enum parfun_status waited = await(driver, lane, limits);

    if (waited && waited != PARFUN_DEVICE_FAILED && !is_ended(waited)) {
        *status = *status ? *status : waited;
        waited = await(driver, lane, limits);
    }
    if (!waited || is_ended(waited))
        return waited;
    if (waited != PARFUN_DEVICE_FAILED)
        driver->device->backend->give_up(driver->device);
    return PARFUN_DEVICE_FAILED;
}

/* A piece that fits the memory it comes through.  *quiet: that is not used any more. */
static enum parfun_status bring_piece(struct pf_kept *kept,
        struct pf_driver *driver, unsigned lane, struct pf_keep_span piece,
        char *through, const struct pf_limits *limits, bool *quiet)
{
    struct pf_device *device = driver->device;
    struct pf_copy copy = copy_of(kept, driver, piece);
    enum parfun_status status, ended;

    copy.host = through;
    status = device->backend->read(device, lane, &copy);
    ended = status == PARFUN_DEVICE_FAILED
            ? status
            : end_reads(driver, lane, limits, &status);
    *quiet = !ended;
    PF_TRY(ended);
    PF_TRY(status);
    memcpy(kept->memory + piece.first, through, copy.row_bytes);
    return pf_keep_mark(kept, piece, 0, PF_KEEP_HOST);
}

enum parfun_status pf_keep_bring(struct pf_kept *kept, struct pf_driver *driver,
        unsigned lane, struct pf_keep_span span, const struct pf_limits *limits)
{
    enum parfun_status status = PARFUN_OK;
    struct pf_keep_span found;
    size_t most = span.end - span.first, room;
    bool quiet = true;
    char *through;

    if (!find(kept, span, place_of(driver), PF_KEEP_HOST, &found))
        return PARFUN_OK;
    most = most < PIECE_BYTES ? most : PIECE_BYTES;
    through = pf_spares_take_host(driver, most, &room);
    if (!through)
        return pf_fail(PARFUN_NO_MEMORY,
                "no host memory to bring what %s (%s) keeps", driver->device->name,
                driver->device->selector);
    for (; !status && find(kept, span, place_of(driver), PF_KEEP_HOST, &found);
            span.first = found.end) {
        if (found.end - found.first > most)
            found.end = found.first + most;
        status = bring_piece(kept, driver, lane, found, through, limits, &quiet);
    }
    if (quiet)
        pf_spares_give_host(driver, through, room);
    else
        pf_spares_park(driver, through);
    return status;
}

static enum parfun_status fail_lost(const struct pf_driver *driver)
{
    return pf_fail(PARFUN_DEVICE_FAILED,
            "the newest values of kept memory were on %s (%s) alone, which has "
            "failed; write them anew and call parfun_update_devices()",
            driver->device->name, driver->device->selector);
}

static enum parfun_status fail_nowhere(void)
{
    return pf_fail(PARFUN_DEVICE_FAILED,
            "the newest values of kept memory were lost with the device that alone had "
            "them; write them anew and call parfun_update_devices()");
}

struct asker {
    const struct pf_limits *limits;
    enum parfun_status status;
};

static bool may_wait(void *context)
{
    struct asker *asker = context;

    asker->status = pf_limits_look(asker->limits, pf_clock_ns());
    return !asker->status;
}

/* Others may use the device for as long as they like, but for the limits. */
static enum parfun_status take(
        struct pf_driver *driver, const struct pf_limits *limits)
{
    struct asker asker = { limits, PARFUN_OK };

    return pf_turn_take_while(&driver->turn, PF_LIMITS_PERIOD_NS, may_wait, &asker)
            ? PARFUN_OK
            : asker.status;
}

/* *busy: with what an earlier call has left to it. */
static enum parfun_status settle(
        struct pf_driver *driver, const struct pf_limits *limits, bool *busy)
{
    uint64_t now_ns = pf_clock_ns();
    const uint64_t end_ns = now_ns + PF_DRIVE_SETTLE_NS;
    enum parfun_status status;

    do {
        *busy = false;
        PF_TRY(pf_limits_look(limits, now_ns));
        status = pf_drive_settle(driver, now_ns + PF_LIMITS_PERIOD_NS);
        *busy = status == PARFUN_TIMED_OUT;
        now_ns = pf_clock_ns();
    } while (*busy && now_ns < end_ns);
    return status;
}

/* From one device. */
static enum parfun_status fetch_from(struct pf_kept *kept, struct pf_driver *driver,
        struct pf_keep_span span, const struct pf_limits *limits)
{
    enum parfun_status status;
    bool busy = false;

    PF_TRY(take(driver, limits));
    status = atomic_load(&driver->lost) ? PARFUN_DEVICE_FAILED
                                        : settle(driver, limits, &busy);
    if (!status)
        status = pf_keep_bring(kept, driver, 0, span, limits);
    if (status == PARFUN_DEVICE_FAILED) {
        atomic_store(&driver->lost, true);
        status = fail_lost(driver);
    }
    pf_turn_give(&driver->turn);
    return busy ? PARFUN_DEVICE_FAILED : status;
}

/* Of the first part that is neither on the host nor in `but`. */
static bool find_away(struct pf_kept *kept, struct pf_keep_span span, uint64_t but,
        struct pf_keep_span *found, struct pf_driver **driver)
{
    uint64_t places;
    bool any;

    *driver = NULL;
    pf_lock_take(&kept->lock);
    any = pf_keep_map_find(&kept->map, span, 0, PF_KEEP_HOST | but, found, &places);
    for (unsigned d = 0; any && d < PF_KEEP_DEVICES; d++)
        if (places & PF_KEEP_DEVICE(d))
            *driver = kept->copy[d].driver;
    pf_lock_give(&kept->lock);
    return any;
}

enum parfun_status pf_keep_fetch(struct pf_kept *kept, struct pf_keep_span span,
        const struct pf_driver *but, const struct pf_limits *limits)
{
    struct pf_keep_span found;
    struct pf_driver *driver;
    enum parfun_status first = PARFUN_OK;

    while (find_away(kept, span, but ? place_of(but) : 0, &found, &driver)) {
        const enum parfun_status status =
                driver ? fetch_from(kept, driver, span, limits) : fail_nowhere();

        first = first ? first : status;
        span.first = found.end;
    }
    return first;
}
