/* SPDX-License-Identifier: Apache-2.0 */
/* opencl_faults.h: stands between the OpenCL backend and its driver: counts what
 * exists, and fails calls as told. */
#ifndef PF_TESTS_OPENCL_FAULTS_H
#define PF_TESTS_OPENCL_FAULTS_H

#include "backends/backend.h"
#include "backends/opencl/library.h"

struct faults {
    unsigned fail_at; /* the n-th call fails, from 1; 0: none */
    const char *only; /* the one function whose calls count; NULL: all do */
    bool for_ever;    /* and all later ones */
    cl_int code;
    bool late;          /* calls succeed, but the n-th event's command failed */
    unsigned calls;     /* made so far; of clGetEventInfo, if `late` */
    const char *failed; /* the name of the last call that failed, or NULL */
    bool hold;          /* the next event's callback waits for faults_call_back() */
};

extern struct faults faults;

/* Takes the device's table of functions over.  `faults` is set to zero. */
void faults_begin(struct pf_device *device);

/* The callback that was held comes now. */
void faults_call_back(void);

/* Objects of the driver that exist. */
size_t faults_live(void);

/* Releases what is left of them. */
void faults_end(void);

#endif
