/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model.h: what is learned about one function, per class of device, and kept
 * between calls.  Plain numbers: no clock, no allocation, no pointers inside
 * struct pf_model, so it can be copied and written to a file.
 *
 * A partition with W units of work takes on a device of class c
 *
 *     seconds = overhead_c + max(shortest_c, rate_c * W)
 *
 * where W is the number of items weighted by the density (mean 1).  Per class the
 * recent samples are kept as one mean for each power of two of W; the rate and
 * the overhead are a line through these means.
 *
 * Sources: cost = overhead + rate * size for each device, Luk, Hong, Kim, "Qilin",
 * MICRO 2009; clipped outliers, Huber, Ann. Math. Stat. 35 (1964).
 *
 * Calls that run at the same time may share a model if one lock is held around
 * all functions that are given it, pf_plan_...() included.
 *
 * Units: seconds, items, bytes.
 */
#ifndef PF_MODEL_H
#define PF_MODEL_H

#include "runtime/density.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PF_MODEL_CLASSES = PF_DENSITY_CLASSES, /* class 0 is the CPU worker */
    PF_MODEL_CELLS = 48                    /* powers of two of the size */
};

/* Facts about a class of device, measured once per machine, not learned. */
struct pf_device_facts {
    double launch_s;           /* from "go" to the start of the kernel */
    double overhead_s;         /* fixed cost of a partition, first guess */
    double transfer_latency_s; /* per transfer; 0: memory is shared */
    double bytes_in_per_s;     /* 0: no transfer */
    double bytes_out_per_s;
    double width;          /* items that fill the device, first guess */
    double relative_speed; /* CPU workers it replaces, first guess */
    bool cores;            /* it has no lanes that wait for a costly item */
    size_t multiple;       /* partition sizes are multiples of this */
};

/* Mean of the recent samples of about the same size. */
struct pf_model_cell {
    double weight; /* samples; halved with every call since ... */
    double call;   /* ... this one */
    double work, seconds;
};

struct pf_model_class {
    double seconds_per_item; /* the rate; 0: never measured */
    double overhead_s;
    double shortest_s; /* of a kernel that does not fill the device; CPU: 0 */
    double samples;    /* partitions that were learned from */
    double last_call;  /* that used it */
    double idle_limit; /* try it again after so many calls without it */
    double scatter;    /* mean squared log error of partitions' times */
    double longest_s;  /* that partitions have lately taken, as cells' means */
    struct pf_model_cell cell[PF_MODEL_CELLS];
};

struct pf_model {
    uint32_t version, classes;
    double calls;
    struct pf_density density;
    struct pf_model_class device_class[PF_MODEL_CLASSES];
};

void pf_model_init(struct pf_model *model, unsigned classes);

/* True if every number is finite and in range (use after reading a file). */
bool pf_model_valid(const struct pf_model *model);

/* A partition of `work` units took `seconds` of execution.  Insane input is
 * ignored.  True if so little is known of the class that pf_model_fit() should follow
 * at once. */
bool pf_model_observe(
        struct pf_model *model, unsigned device_class, double work, double seconds);

/* Do times scatter more than noise, with any density?  Then a few items make most of
 * the cost. */
bool pf_model_is_scattered(const struct pf_model_class *learned);

/* Recompute rate, overhead and shortest kernel of a class from its samples. */
void pf_model_fit(struct pf_model *model, unsigned device_class,
        const struct pf_device_facts *facts, bool is_cpu);

/* Forget the cost of this class: it is measured again like a new one. */
void pf_model_forget(struct pf_model *model, unsigned device_class);

/* Learn the density from the partitions of a call that is over. */
void pf_model_learn_density(struct pf_model *model,
        const struct pf_density_sample *samples, size_t count);

/* Predicted seconds; 0 if the class was never measured. */
double pf_model_predict(
        const struct pf_model *model, unsigned device_class, double work);

#endif
