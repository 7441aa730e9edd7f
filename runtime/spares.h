/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spares.h: memory that a call's partitions leave for those of the next call: on the
 * device, and of the host to copy through.  New memory is touched for the first time
 * page by page, which takes longer than to copy what goes into it.
 *
 * At most 64 pieces and 256 MiB are kept for each device, those used last.  Who needs
 * more of the device's memory than there is, gets theirs.  Used with the driver's turn
 * held.
 *
 * Of the host's the device may still use some when a call no longer waits for it: that
 * is parked until the device has answered.
 */
#ifndef PF_SPARES_H
#define PF_SPARES_H

#include <parfun.h>

struct pf_memory;
struct pf_driver;

enum { PF_SPARES = 64, PF_SPARES_BYTES = 1 << 28 };

struct pf_spare {
    struct pf_memory *memory; /* of the device; or NULL, and ... */
    void *host;               /* ... of the host */
    size_t bytes;
};

/* What is kept, the one that was given last at the end. */
struct pf_spares {
    struct pf_spare spare[PF_SPARES];
    unsigned count;
    size_t bytes;
    struct pf_parked *parked;
};

/* Memory of the device that kernels read and write, of at least `bytes`; whatever
 * it contains.  *room: what it has. */
enum parfun_status pf_spares_take(struct pf_driver *driver, size_t bytes,
        struct pf_memory **memory, size_t *room);

/* The same of the host; NULL if there is no memory. */
void *pf_spares_take_host(struct pf_driver *driver, size_t bytes, size_t *room);

/* Nothing that was submitted uses it any more.  Take NULL. */
void pf_spares_give(
        struct pf_driver *driver, struct pf_memory *memory, size_t room);
void pf_spares_give_host(struct pf_driver *driver, void *host, size_t room);

/* Of the host's, too, but the device may still use it.  Never fails; takes NULL. */
void pf_spares_park(struct pf_driver *driver, void *host);
/* The device has answered. */
void pf_spares_unpark(struct pf_driver *driver);
/* It never will: what is parked is nobody's any more, and lasts as long as the
 * process. */
void pf_spares_abandon(struct pf_driver *driver);

/* As a backend's memory_create(), which gets what is kept if it needs it. */
enum parfun_status pf_spares_create(struct pf_driver *driver, size_t bytes,
        void *host, unsigned access, struct pf_memory **memory, bool *zero_copy);

/* Frees all that is kept, but nothing that is parked. */
void pf_spares_finish(struct pf_driver *driver);

#endif
