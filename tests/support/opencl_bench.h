/* SPDX-License-Identifier: Apache-2.0 */
/* opencl_bench.h: the first OpenCL device and a private cache folder for a test, and
 * short ways to ask it things that must succeed. */
#ifndef PF_TESTS_OPENCL_BENCH_H
#define PF_TESTS_OPENCL_BENCH_H

#include "backends/table.h"
#include "support/cmocka.h"
#include "support/opencl_kernels.h"

struct bench {
    struct pf_device_list list;
    struct pf_device *device; /* the list's first */
    char cache_dir[64];
};

static const struct pf_backend *const opencl = &pf_backend_opencl;

/* Two processors, and the cache folder of the last bench. */
extern struct pf_backend_options bench_options;

/* Set-up and tear-down of a test whose state is a struct bench. */
int bench_open(void **state);
int bench_close(void **state);
#define ON_DEVICE(test) \
    cmocka_unit_test_setup_teardown(test, bench_open, bench_close)

void close_all(struct pf_device_list *list);

/* Fails the test unless PARFUN_OK. */
void must(enum parfun_status status);

/* One dimension, no work-group. */
struct pf_code *build(struct pf_device *device, const struct parfun_kernel *kernel);
/* Memory of the device's own. */
struct pf_memory *array(struct pf_device *device, size_t bytes);
/* Copies of whole arrays, not waited for. */
struct pf_copy whole(struct pf_memory *memory, void *host, size_t bytes);
void put(struct pf_device *device, unsigned lane, struct pf_memory *memory,
        void *host, size_t bytes);
void get(struct pf_device *device, unsigned lane, struct pf_memory *memory,
        void *host, size_t bytes);
/* Waits for all that is in the lane. */
struct pf_lane_times finish(struct pf_device *device, unsigned lane);

/* first, first + 1, first + 2 ... */
void fill(float *values, size_t count, float first);

/* Runs saxpy over `items` items of larger arrays, `before` from their beginning, and
 * looks at every element. */
void check_saxpy(struct pf_device *device, struct pf_code *code, size_t items,
        size_t before);

#define VALUE(variable) { .value = &(variable), .bytes = sizeof(variable) }

#endif
