/* SPDX-License-Identifier: Apache-2.0 */
/*
 * function.h: a kernel with its clauses and options, what was built of it for each
 * device, and what was learned about it.
 */
#ifndef PF_FUNCTION_H
#define PF_FUNCTION_H

#include "runtime/model_file.h"
#include "runtime/plan.h"
#include "runtime/program.h"
#include "runtime/python_estimator.h"
#include "runtime/settings.h"
#include "runtime/signature.h"

struct pf_thread_profile {
    uint64_t thread; /* number of the thread that made the call; 0: unused */
    struct parfun_profile profile;
};

enum { PF_FUNCTION_PROFILES = 64 };

struct parfun_function {
    const struct parfun_kernel *kernel;
    struct pf_program *program; /* of a text: the kernel's owner; else NULL */
    struct pf_signature
            *signature; /* of a function in C, whose `kernel` it holds */
    parfun_body *body;  /* of a function in C, else NULL */
    bool generated;     /* lives as long as the process */
    struct pf_lock lock;
    struct pf_settings *settings;
    struct pf_model model;
    struct pf_model_keys keys; /* of the model; set by calls that have it */
    double kept;               /* calls that the model's file knows of */
    bool model_busy;           /* a call learns into it: nobody else reads it */
    struct pf_model *snapshot; /* the model as it was, for calls beside that
                                      one; NULL until there was such a call */
    bool snapshot_wanted;
    struct pf_python_estimator python; /* under the lock */
    unsigned calls;                    /* under way */
    struct pf_condition idle;
    struct pf_thread_profile
            profile[PF_FUNCTION_PROFILES]; /* of the last threads */
    unsigned profile_next;
    struct parfun_function *next, *previous; /* the process's list */
};

enum parfun_status pf_function_create(const struct parfun_kernel *kernel,
        const struct parfun_options *options, struct parfun_function **function);
enum parfun_status pf_function_from_c(const char *name, const char *signature,
        parfun_body *body, const struct parfun_options *options,
        struct parfun_function **function);
/* No call is under way.  Devices stay open meanwhile, as in all that follows.
 * `cache_dir`: as in pf_function_close(). */
void pf_function_destroy(struct parfun_function *function, const char *cache_dir);

enum parfun_status pf_function_set_options(
        struct parfun_function *function, const struct parfun_options *options);

/* A call begins and ends: holds the present settings. */
struct pf_settings *pf_function_begin(struct parfun_function *function);
void pf_function_end(
        struct parfun_function *function, struct pf_settings *settings);

/* Native code for the host device, or NULL with its status and reason. */
const struct parfun_variant *pf_function_native(struct parfun_function *function,
        struct pf_settings *settings, struct pf_device *host,
        enum parfun_status *status);

/* The kernel built for a device whose driver's turn the caller has.  Built at
 * the first time; a failure other than lack of memory is remembered. */
enum parfun_status pf_function_build(const struct parfun_function *function,
        struct pf_settings *settings, struct pf_driver *driver,
        struct pf_code **code);
/* The same on the driver's own thread, once and for all calls; returns at once.
 * What is posted to that thread later runs after it. */
void pf_function_build_ahead(const struct parfun_function *function,
        struct pf_settings *settings, struct pf_driver *driver);

/* Keeps what was learned, in a file of the folder, if it is not NULL, and forgets all
 * builds, before the devices close. */
void pf_function_close(struct parfun_function *function, const char *cache_dir);

/* In the child of a fork: leaves alone what was built for the parent's devices, and
 * locks that the parent's threads may have held. */
void pf_function_renew(struct parfun_function *function);

/* The model for a call: the function's own, or while another call is learning
 * `copy`, filled with what was known before. */
struct pf_model *pf_function_model(
        struct parfun_function *function, struct pf_model *copy);

/* A partition on the CPU, for the Python library's estimate. */
struct pf_partition {
    size_t items;
    uint64_t ns;
};

/* The call has learned: other calls may now learn into the function's own model, and
 * some of the call's partitions join the Python library's estimate. */
void pf_function_learn(struct parfun_function *function,
        const struct pf_model *model, const struct pf_partition *partitions,
        size_t count);
struct pf_python_estimate pf_function_estimate(struct parfun_function *function);

/* For the call that has the function's own model: device class `c` is this device.
 * The first call recalls what earlier processes have learned; destroying and closing
 * the function keeps it.  Without a folder nothing is kept. */
void pf_function_name_class(struct parfun_function *function, unsigned c,
        const struct pf_device *device);
void pf_function_recall(struct parfun_function *function,
        const struct pf_settings *settings, const char *folder);

void pf_function_profile_put(struct parfun_function *function, uint64_t thread,
        const struct parfun_profile *profile);
bool pf_function_profile_get(struct parfun_function *function, uint64_t thread,
        struct parfun_profile *profile);

/* A list of functions, linked by themselves. */
void pf_functions_add(
        struct parfun_function **list, struct parfun_function *function);
void pf_functions_remove(
        struct parfun_function **list, struct parfun_function *function);

/* The function of a compiled-in kernel, made at its first use and noted in *slot. */
enum parfun_status pf_functions_generated(struct parfun_function **list,
        const struct parfun_kernel *kernel, struct parfun_function **slot,
        struct parfun_function **function);

#endif
