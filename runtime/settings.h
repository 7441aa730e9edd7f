/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings.h: a function's clauses and options, checked, and what was built of its
 * kernel with them.
 */
#ifndef PF_SETTINGS_H
#define PF_SETTINGS_H

#include "runtime/clauses.h"
#include "runtime/devices.h"

struct parfun_function;

/* A kernel as built for one device, or why it is not. */
struct pf_build {
    struct pf_code *code;
    struct pf_device *device;
    struct pf_driver *driver;  /* of the device; NULL for native code */
    enum parfun_status status; /* of the build, if `tried` */
    char *reason;              /* its sentence; NULL if it succeeded */
    _Atomic bool tried;        /* looked at without the lock, too */
    bool launched;             /* a partition has run: the next one is a sample */
    double item_s; /* of the last partition, from its submission to its results */
    struct pf_ahead {
        struct pf_job job;  /* on the driver's thread */
        _Atomic bool asked; /* the job was posted */
        struct pf_driver *driver;
        const struct parfun_function *function;
        struct pf_settings *settings;
    } ahead; /* set by who asked first, without the driver's turn */
};

/* Options with parsed clauses: never changed, shared by the function and the
 * calls under way. */
struct pf_settings {
    struct pf_clauses *clauses;
    uint64_t key;                  /* of the kernel with these clauses, for files */
    struct parfun_options options; /* strings are the settings' own */
    parfun_generator *generator[PF_GENERATORS_MAX]; /* of the clauses' names; NULL:
                                                       not given */
    unsigned references;                            /* under the function's lock */
    struct pf_build host; /* native code; under the function's lock */
    struct pf_build build[PF_DEVICES_MAX]; /* by driver; with the driver's turn */
};

/* `body`: the function is written in C.  On failure PARFUN_INVALID or
 * PARFUN_NO_MEMORY. */
enum parfun_status pf_settings_create(const struct parfun_kernel *kernel, bool body,
        const struct parfun_options *given, struct pf_settings **settings);
/* Takes NULL. */
void pf_settings_destroy(struct pf_settings *settings);

/* What was built is given up, before the devices close. */
void pf_settings_forget_builds(struct pf_settings *settings);

#endif
