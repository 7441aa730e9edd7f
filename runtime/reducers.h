/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reducers.h: the reduction kernels that a device has built, for all functions.
 * Used by the thread that has the driver's turn.
 */
#ifndef PF_REDUCERS_H
#define PF_REDUCERS_H

#include "runtime/devices.h"
#include "runtime/reduce_device.h"

/* The kernel for this reduction, built at the first need.  NULL where the host
 * reduces: on devices that work in its memory, that would give other bits, or that
 * refuse the kernel.  PARFUN_DEVICE_FAILED alone is a failure. */
enum parfun_status pf_reducers_find(struct pf_driver *driver,
        const struct pf_reduction *reduction, struct pf_code **code);

/* Those of a function's reductions, ahead of its calls.  Fails if the device does. */
enum parfun_status pf_reducers_build_ahead(
        struct pf_driver *driver, const struct pf_clauses *clauses);

/* Frees them, before the device closes. */
void pf_reducers_finish(struct pf_driver *driver);

#endif
