/* SPDX-License-Identifier: Apache-2.0 */
/*
 * patience.h: waits for another thread without going to sleep, for as long as being
 * woken would take: who waits for less is sooner there, and who waits for longer has
 * lost no more than again as much.
 *
 * Source: Karlin, Li, Manasse, Owicki, "Empirical studies of competitive spinning
 * for a shared-memory multiprocessor", SOSP 1991.
 */
#ifndef PF_BASE_PATIENCE_H
#define PF_BASE_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

struct pf_patience {
    uint64_t end_ns;
};

struct pf_patience pf_patience_begin(void);

/* Waits a moment; false if patience is at its end. */
bool pf_patience_wait(const struct pf_patience *patience);

#endif
