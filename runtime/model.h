/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model.h: what is learned about one function, per class of device, and kept
 * between calls.  Plain numbers: no clock, no allocation, no pointers inside
 * struct pf_model, so it can be copied and written to a file.
 *
 * Units: seconds, items, bytes.
 */
#ifndef PF_MODEL_H
#define PF_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PF_MODEL_CLASSES = 16 }; /* class 0 is the CPU worker */

/* Facts about a class of device, measured once per machine, not learned. */
struct pf_device_facts {
    double launch_s;           /* from "go" to the start of the kernel */
    double overhead_s;         /* fixed cost of a partition, first guess */
    double transfer_latency_s; /* per transfer; 0: memory is shared */
    double bytes_in_per_s;     /* 0: no transfer */
    double bytes_out_per_s;
    double width;              /* items that fill the device, first guess */
    double relative_speed;     /* CPU workers it replaces, first guess */
    size_t multiple;           /* partition sizes are multiples of this */
};

struct pf_model_class {
    double seconds_per_item; /* 0: never measured */
    double overhead_s;
    double samples;          /* partitions that were learned from */
};

struct pf_model {
    uint32_t version, classes;
    double calls;
    struct pf_model_class device_class[PF_MODEL_CLASSES];
};

void pf_model_init(struct pf_model *model, unsigned classes);

/* True if every number is finite and in range (use after reading a file). */
bool pf_model_valid(const struct pf_model *model);

/* A partition of `items` items took `seconds` of execution.  Insane input is
 * ignored, and so is the first launch of a device. */
void pf_model_observe(struct pf_model *model, unsigned device_class, double items,
        double seconds, bool is_cpu);

/* Predicted seconds; 0 if the class was never measured. */
double pf_model_predict(
        const struct pf_model *model, unsigned device_class, double items);

#endif
