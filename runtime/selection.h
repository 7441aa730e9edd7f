/* SPDX-License-Identifier: Apache-2.0 */
/*
 * selection.h: which devices a selector such as "threads:1, opencl:pocl" means.
 *
 *     selector := term (',' term)*          union, in order
 *     term     := backend [':' which]*      all of them must hold
 *     which    := cpu | gpu | accelerator | index | word of the platform's name
 *               | /part of the device's name/ | pci=0000:01:00.0
 *
 * For threads `which` is the number of threads.  "auto" is every CPU core and every
 * device that is not the same CPU.  A device that is the same CPU is given the cores
 * that the threads leave, if they leave any.
 */
#ifndef PF_SELECTION_H
#define PF_SELECTION_H

#include "backends/backend.h"

enum {
    PF_SELECTION_TEXT_MAX = 1023, /* characters of a selector */
    PF_SELECTION_THREADS_MAX = 4096
};

/* Where the devices of a backend come from: opens it at the first use. */
struct pf_device_source {
    enum parfun_status (*open)(struct pf_device_source *source,
            const struct pf_backend *backend, const struct pf_device_list **list);
    /* `units` of a device's compute units as a device of the source's; the device
     * itself if it can not be divided. */
    enum parfun_status (*part)(struct pf_device_source *source,
            struct pf_device *device, unsigned units, struct pf_device **part);
};

/* Immutable; the devices belong to the source. */
struct pf_selection {
    char *text;                 /* the selector, as given */
    bool cuts;                  /* partitions of the library's own are made */
    struct pf_device *host;     /* the CPU, or NULL */
    unsigned cpu_workers;       /* threads, the caller among them; 0 without CPU */
    struct pf_device **devices; /* the others */
    unsigned device_count;
    struct pf_device *body_host; /* the CPU, for functions written in C */
    unsigned body_workers;       /* threads for them, the caller among them */
    unsigned references;         /* whoever shares it counts */
};

/* PARFUN_INVALID for bad grammar, PARFUN_NO_BACKEND, PARFUN_NO_DEVICE: with a list
 * of what there is.  `threads`: how many "threads" means without a number. */
enum parfun_status pf_selection_create(const char *selector, unsigned threads,
        struct pf_device_source *source, struct pf_selection **selection);
/* Logs what was chosen. */
void pf_selection_log(const struct pf_selection *selection);
void pf_selection_destroy(struct pf_selection *selection);

#endif
