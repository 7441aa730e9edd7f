/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_scene.h: small machines for plans, and calls whose workers do what they are given.
 */
#ifndef PF_TESTS_PLAN_SCENE_H
#define PF_TESTS_PLAN_SCENE_H

#include "support/cmocka.h"

#include "runtime/plan.h"

#include <stdlib.h>

enum { CPU, GPU, CLASSES, MOST_WORKERS = 4 };

static const struct pf_device_facts facts[CLASSES] = {
    { .overhead_s = 0.3e-6, .width = 1, .relative_speed = 1, .multiple = 1 },
    { .launch_s = 15e-6,
            .overhead_s = 25e-6,
            .width = 1000,
            .relative_speed = 4,
            .multiple = 1 },
};

/* Two cores and a device; or fewer of them. */
static const unsigned classes[MOST_WORKERS] = { CPU, CPU, GPU };
static const bool ready[MOST_WORKERS] = { true, true, true, true };
#define MACHINE(count)           \
    { .workers = (count),        \
        .cpu_workers = 2,        \
        .device_class = classes, \
        .facts = facts,          \
        .classes = CLASSES,      \
        .wake_first_s = 20e-6,   \
        .wake_next_s = 4e-6,     \
        .wake_fan = 1 }
static const struct pf_plan_machine both = MACHINE(3);
static const struct pf_plan_machine cores = MACHINE(2);
/* The device alone. */
static const struct pf_plan_machine device = {
    .workers = 1, .device_class = &classes[2], .facts = facts, .classes = CLASSES
};

struct scene {
    struct pf_plan *plan;
    struct pf_model model;
    double per_item[CLASSES]; /* what they truly take */
    size_t items[MOST_WORKERS], partitions[MOST_WORKERS], most, first_size;
    size_t lowest[MOST_WORKERS]; /* item that each was given */
};

static inline int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    if (!scene || pf_plan_create(MOST_WORKERS, &scene->plan))
        return -1;
    pf_model_init(&scene->model, CLASSES);
    scene->per_item[CPU] = 1e-7;
    scene->per_item[GPU] = 0.25e-7;
    *state = scene;
    return 0;
}

static inline int tear_down(void **state)
{
    struct scene *scene = *state;

    pf_plan_destroy(scene->plan);
    free(scene);
    return 0;
}

static inline void begin(struct scene *scene, const struct pf_plan_machine *machine,
        const struct pf_plan_call *call)
{
    for (unsigned w = 0; w < MOST_WORKERS; w++)
        scene->items[w] = scene->partitions[w] = 0, scene->lowest[w] = SIZE_MAX;
    scene->most = scene->first_size = 0;
    pf_plan_begin(scene->plan, &scene->model, machine, call, ready);
}

/* Runs a call whose workers do what they are given, one partition at a time;
 * when it ends. */
static inline double run(struct scene *scene, const struct pf_plan_machine *machine,
        const struct pf_plan_call *call)
{
    double until[MOST_WORKERS] = { 0 }, took[MOST_WORKERS] = { 0 }, now = 0;
    bool busy[MOST_WORKERS] = { false };

    begin(scene, machine, call);
    for (;;) {
        unsigned next = MOST_WORKERS;

        for (unsigned w = 0; w < machine->workers; w++) {
            size_t first, items = 0;

            if (!busy[w] && pf_plan_active(scene->plan, w))
                items = pf_plan_take(scene->plan, w, now, &first);
            if (items) {
                took[w] = facts[classes[w]].overhead_s
                        + (double)items * scene->per_item[classes[w]];
                until[w] = now + took[w];
                busy[w] = true;
                scene->items[w] += items;
                if (first < scene->lowest[w])
                    scene->lowest[w] = first;
                scene->partitions[w]++;
                scene->most = items > scene->most ? items : scene->most;
                if (!scene->first_size)
                    scene->first_size = items;
            }
            if (busy[w] && (next == MOST_WORKERS || until[w] < until[next]))
                next = w;
        }
        if (next == MOST_WORKERS)
            break;
        now = until[next];
        busy[next] = false;
        (void)pf_plan_done(
                scene->plan, next, &(struct pf_plan_times){ now, took[next], now });
    }
    assert_int_equal(pf_plan_left(scene->plan), 0);
    pf_plan_end(scene->plan);
    return now;
}

static inline void learn(struct scene *scene, const struct pf_plan_machine *machine)
{
    const struct pf_plan_call call = { .items = 1000000, .multiple = 1 };

    for (unsigned i = 0; i < 8; i++)
        (void)run(scene, machine, &call);
}

#endif
