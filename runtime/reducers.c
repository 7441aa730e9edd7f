/* SPDX-License-Identifier: Apache-2.0 */
/* reducers.c: builds reduction kernels once per device. */
#include "runtime/reducers.h"

#include "runtime/base/error.h"
#include "runtime/base/log.h"

#include <stdlib.h>

struct pf_reducer {
    struct pf_reducer *next;
    struct pf_reduction reduction;
    struct pf_reduce_device device; /* the code points into it */
    struct pf_code *code;           /* NULL: refused */
};

static bool is_worth_it(
        const struct pf_device *device, const struct pf_reduction *reduction)
{
    const bool doubles = reduction->type == PF_TYPE_DOUBLE
            || reduction->result_type == PF_TYPE_DOUBLE;

    return !device->limits.shared_memory && device->limits.denormals
            && (!doubles || device->limits.doubles);
}

static bool is_same(const struct pf_reduction *a, const struct pf_reduction *b)
{
    return a->operation == b->operation && a->type == b->type
            && a->result_type == b->result_type && a->width == b->width;
}

static enum parfun_status build(
        struct pf_driver *driver, struct pf_reducer *reducer)
{
    struct pf_device *device = driver->device;
    struct pf_code_request request = {
        .build = "",
        .dimensions = 1,
        .group = { PF_REDUCE_LANES, 1, 1 },
    };
    enum parfun_status status;

    pf_reduce_device_init(&reducer->device, &reducer->reduction);
    request.kernel = &reducer->device.kernel;
    status = device->backend->code_create(device, &request, &reducer->code);
    if (status) {
        reducer->code = NULL;
        pf_log(PF_LOG_WARNING, "reductions of %s run on the host: %s", device->name,
                pf_error_text());
    }
    return status == PARFUN_DEVICE_FAILED ? status : PARFUN_OK;
}

enum parfun_status pf_reducers_find(struct pf_driver *driver,
        const struct pf_reduction *reduction, struct pf_code **code)
{
    struct pf_reducer *reducer = driver->reducers;

    *code = NULL;
    if (!is_worth_it(driver->device, reduction))
        return PARFUN_OK;
    while (reducer && !is_same(&reducer->reduction, reduction))
        reducer = reducer->next;
    if (!reducer) {
        reducer = calloc(1, sizeof *reducer);
        if (!reducer)
            return PARFUN_OK;
        reducer->reduction = *reduction;
        reducer->next = driver->reducers;
        driver->reducers = reducer;
        PF_TRY(build(driver, reducer));
    }
    *code = reducer->code;
    return PARFUN_OK;
}

enum parfun_status pf_reducers_build_ahead(
        struct pf_driver *driver, const struct pf_clauses *clauses)
{
    for (unsigned i = 0; i < clauses->argument_count; i++) {
        const struct pf_argument *plan = &clauses->arguments[i];
        const struct pf_reduction reduction = { plan->operation, plan->type,
            plan->result_type, plan->width };
        struct pf_code *code;

        if (plan->role == PF_ROLE_ARRAY && plan->combine == PF_COMBINE_REDUCE)
            PF_TRY(pf_reducers_find(driver, &reduction, &code));
    }
    return PARFUN_OK;
}

void pf_reducers_finish(struct pf_driver *driver)
{
    while (driver->reducers) {
        struct pf_reducer *reducer = driver->reducers;

        driver->reducers = reducer->next;
        if (reducer->code)
            driver->device->backend->code_destroy(driver->device, reducer->code);
        free(reducer);
    }
}
