/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_size.c: how many items a worker wants.
 *
 * Sources: a fraction of the remaining share, Polychronopoulos and Kuck, "Guided
 * self-scheduling", IEEE TC 36 (1987), and Hummel, Schonberg, Flynn, "Factoring",
 * CACM 35 (1992); shares by the device's speed, Nozal, Bosque, Beivide,
 * "EngineCL", FGCS 107 (2020).
 */
#include "runtime/forecast.h"

#include "runtime/base/number.h"
#include "runtime/plan_state.h"

#include <math.h>

/* Part of its share that a worker takes at once.  A partition that costs up to
 * three times the predicted still ends with the others.  A flat optimum: 1/4
 * costs regular calls 0.2 % and those that slow down 3 %, 1/2 0.3 and 1 %. */
static const double FRACTION = 1.0 / 3;
/* The same while the density is unknown: costs may rise five times along the
 * index.  1/3 costs first calls 0.5 %, and 19 % in the worst case. */
static const double FIRST_CALL_FRACTION = 1.0 / 5;
/* The overhead of a partition should not exceed this part of its time.  3 %: the
 * worst short call falls from 46 to 16 %; 10 %: short calls lose 2 %. */
static const double OVERHEAD_PART = 0.05;
/* In the first call a CPU partition is at most this many times larger than the
 * largest one that has finished.  4 costs short first calls 1 %. */
static const double GROWTH = 3;
/* While a device is being built or was never measured, nobody commits to more
 * than this part of the time already spent: at most this much is lost if the
 * device is infinitely fast.  Without it first calls lose 2 %. */
static const double WAITING_PART = 1.0 / 8;
/* Part of the remaining CPU work that the first partition ever of a device may
 * have: a loss of 1 % if it is as slow as one CPU worker. */
static const double PROBE_PART = 0.01;
/* While devices are built that will take over the CPU workers' cores, these take
 * partitions of at most so many seconds. */
static const double HANDOVER_S = 1e-3;
/* Transfers hide behind execution if they are cut this much coarser than the
 * size with the least sum of fill time and overhead.  1 and 2 cost regular calls on one
 * core and four GPUs 0.2 and 0.4 %. */
static const double COARSENESS = 1.4;
/* A partition of a device should take so many times what its costliest item takes: it
 * waits for that item, whatever else it holds.  1 costs heavy tails 1 to 2 %. */
static const double COSTLIEST = 2;
/* It should take so many times the device's overhead, which hides the cost of the
 * items, if it is as fast as one CPU worker. */
static const double PROBE_OVERHEADS = 4;
/* Devices of unknown speed without a CPU to compare with begin with this part of
 * an equal share. */
static const double BLIND_PART = 1.0 / 64;

/* A CPU worker's partition takes at most so many seconds: between two of them it may go
 * and help another call. */
static const double LONGEST_CPU_S = 0.1;

/* A device's partition, which can not be stopped, takes at most so many seconds; 0.1
 * costs devices that are believed 250 times too slow 4 % ten calls later. */
static const double LONGEST_S = 1;
/* In a call that is watched or has a time limit at most so many, and this part of the
 * limit: two or three are in flight. */
static const double LONGEST_WATCHED_S = 0.1;
static const double LIMIT_PART = 1.0 / 8;

static double part_of_share(const struct pf_plan *plan)
{
    return plan->first_call ? FIRST_CALL_FRACTION : FRACTION;
}

/* While costs are unknown, what a device has in flight altogether is so much: it was sized
 * before any of it told what it costs. */
static double part_for_device(const struct pf_plan *plan, unsigned worker)
{
    double part = part_of_share(plan);
    return plan->first_call && plan->side == PF_PLAN_BOTH
            ? part / pf_plan_depth(plan, worker)
            : part;
}

static bool device_is_awaited(const struct pf_plan *plan)
{
    for (unsigned w = plan->machine->cpu_workers; w < plan->machine->workers; w++)
        if (plan->worker[w].active
                && (plan->worker[w].late || !pf_plan_is_known(plan, w)))
            return true;
    return false;
}

static double cpu_size(const struct pf_plan *plan, unsigned worker, double now,
        double finish, bool must, struct pf_plan_place place)
{
    const struct pf_plan_speed *speed = pf_plan_speed(plan, worker);
    double growth = pf_number_max(
            GROWTH * (double)plan->largest + 1, (double)plan->call.initial);
    double left = (double)pf_plan_left(plan), overhead = speed->overhead;
    if (!(speed->rate > 0)) { /* nothing finished yet, or insane times */
        if (plan->largest == 0 && plan->call.initial > 0)
            return (double)plan->call.initial;
        return pf_number_min(growth, left / (2.0 * plan->machine->workers));
    }
    double share = (finish - now - overhead) / speed->rate;
    if (!must && share * speed->rate < overhead * (1 - 1e-9))
        return 0;
    double least = overhead / (OVERHEAD_PART * speed->rate);
    double size = pf_number_max(least, share * part_of_share(plan));
    if (size > share - 0.5 * least) /* do not leave a crumb */
        size = share;
    size = pf_number_min(size, pf_number_max(LONGEST_CPU_S / speed->rate, least));
    if (device_is_awaited(plan)) {
        double longest =
                plan->side == PF_PLAN_BOTH ? WAITING_PART * now : HANDOVER_S;
        size = pf_number_min(size, pf_number_max(longest / speed->rate, least));
    }
    double items = pf_forecast_items(plan, place, size);
    return plan->model->calls < 1 ? pf_number_min(items, growth) : items;
}

/* What lies beyond the call's time limit is not worth measuring for. */
static double within_limit(const struct pf_plan *plan, double seconds)
{
    double limit = plan->call.limit_s;
    return limit > 0 ? pf_number_min(seconds, limit) : seconds;
}

/* The same while the CPU workers wait: in work, as cheap items show nothing. */
static double side_probe_size(const struct pf_plan *plan,
        const struct pf_device_facts *facts, double devices,
        struct pf_plan_place place)
{
    double rate = plan->speed[0].rate;
    double least = PROBE_OVERHEADS * facts->overhead_s / rate;
    double part =
            PROBE_PART * within_limit(plan, plan->left * rate) / (rate * devices);
    double work = pf_number_max(part, pf_number_max(facts->width, least));
    return pf_forecast_items(
            plan, place, pf_number_min(work, plan->left / (4 * devices)));
}

static bool may_be_stopped(const struct pf_plan *plan)
{
    return plan->call.watched || plan->call.limit_s > 0;
}

/* The same if nothing is known to compare with.  A call that may be stopped soon begins
 * with what runs side by side. */
static double blind_size(const struct pf_plan *plan,
        const struct pf_device_facts *facts, double left, double devices)
{
    double part = BLIND_PART * (double)plan->call.items / devices;
    double size =
            may_be_stopped(plan) ? facts->width : pf_number_max(facts->width, part);
    return pf_number_min(size, left / devices);
}

/* The first partition ever on this class of device; `finish` without it. */
static double probe_size(const struct pf_plan *plan, unsigned worker, double now,
        double finish, bool must, struct pf_plan_place place)
{
    const struct pf_plan_machine *machine = plan->machine;
    const struct pf_device_facts *facts = pf_plan_facts(plan, worker);
    double devices = machine->workers - machine->cpu_workers;
    double left = (double)pf_plan_left(plan), rate = plan->speed[0].rate;
    if (plan->worker[worker].outstanding > 0)
        return 0;
    if (plan->call.initial > 0)
        return (double)plan->call.initial;
    if (plan->side != PF_PLAN_BOTH)
        return side_probe_size(plan, facts, devices, place);
    if (finish >= PF_PLAN_NEVER || machine->cpu_workers == 0 || !(rate > 0))
        return blind_size(plan, facts, left, devices);
    if (!must && 1.2 * pf_forecast_start_cost(facts) > finish - now)
        return 0;
    double cpu_items = within_limit(plan, finish - now)
            * pf_forecast_items_per_work(plan) / rate;
    return pf_number_max(
            PROBE_PART * cpu_items, pf_number_min(facts->width, cpu_items / 4));
}

/* The work of a device's next partition: `share` is what it can do until the
 * common finish. */
static double device_work(
        const struct pf_plan *plan, unsigned worker, double share, double time)
{
    const struct pf_plan_speed *speed = pf_plan_speed(plan, worker);
    double per_work = pf_forecast_items_per_work(plan);
    double in = speed->in * per_work, out = speed->out * per_work;
    double slowest = speed->stage, free_work = speed->shortest / speed->rate;
    bool pipelined = in + out > 0.05 * slowest;
    bool hidden = pipelined && slowest > speed->rate; /* the overhead overlaps */
    double overhead = hidden ? pf_plan_facts(plan, worker)->transfer_latency_s / 4
                             : speed->overhead;
    double least = pf_number_max(
            overhead / (OVERHEAD_PART * slowest) / (pipelined ? 4 : 1), free_work);
    double size = share * part_for_device(plan, worker);
    if (!pipelined)
        size = pf_number_max(
                size, pf_number_min(share, COSTLIEST * speed->longest / slowest));
    if (pipelined) {
        /* Partitions of x work cost x * (in + rate + out - slowest) to fill the
         * pipeline once, and overhead * whole / x in total; the largest one fills
         * it, so all are alike. */
        double whole = share + plan->worker[worker].taken;
        double fill = pf_number_max(in + speed->rate + out - slowest, 1e-12);
        double best = sqrt(pf_number_max(whole, 1) * (overhead + 1e-6) / fill);
        size = pf_number_min(size, COARSENESS * best);
    }
    size = pf_number_max(size, least);
    if (size > share - 0.5 * least)
        size = time / (slowest + (pipelined ? out : 0));
    return pf_number_max(pf_number_min(size, share), free_work);
}

static double longest_partition(const struct pf_plan *plan)
{
    double limit = plan->call.limit_s;
    double longest = may_be_stopped(plan) ? LONGEST_WATCHED_S : LONGEST_S;
    return limit > 0 ? pf_number_min(longest, LIMIT_PART * limit) : longest;
}

static double device_size(const struct pf_plan *plan, unsigned worker, double now,
        double finish, bool must, struct pf_plan_place place)
{
    const struct pf_plan_speed *speed = pf_plan_speed(plan, worker);
    double start = pf_forecast_available(plan, worker, now);
    if (!must && start + speed->least > finish * (1 + 1e-9))
        return 0;
    double share = pf_number_max(finish - start, 0) / speed->stage;
    double size = device_work(plan, worker, share, finish - start);
    size = pf_number_min(size,
            pf_number_max(longest_partition(plan) / speed->stage,
                    speed->shortest / speed->rate));
    double items = pf_forecast_items(plan, place, size);
    /* Cheap items hold little work, but their bytes still have to move. */
    double transfer = pf_number_max(speed->in, speed->out);
    return transfer > 0 ? pf_number_min(items, size * speed->stage / transfer)
                        : items;
}

double pf_plan_wanted(const struct pf_plan *plan, unsigned worker, double now,
        double finish, bool must, struct pf_plan_place place)
{
    if (plan->serial)
        return (double)plan->call.items;
    if (pf_plan_is_cpu(plan, worker))
        return plan->machine->workers == 1
                ? (double)plan->call.items
                : cpu_size(plan, worker, now, finish, must, place);
    return pf_plan_is_known(plan, worker)
            ? device_size(plan, worker, now, finish, must, place)
            : probe_size(plan, worker, now, finish, must, place);
}

bool pf_plan_refuses(
        const struct pf_plan *plan, unsigned worker, double now, double finish)
{
    const struct pf_plan_speed *speed = pf_plan_speed(plan, worker);
    if (!(speed->rate > 0))
        return false;
    return pf_forecast_available(plan, worker, now) + speed->least
            > finish * (1 + 1e-9);
}

size_t pf_plan_round(const struct pf_plan *plan, unsigned worker, size_t first,
        double wanted, size_t most)
{
    size_t own = pf_plan_facts(plan, worker)->multiple,
           largest = plan->call.largest;
    size_t multiple = plan->call.multiple;
    size_t items = !(wanted < (double)most) ? most
            : wanted > 1                    ? (size_t)(wanted + 0.5)
                                            : 1;
    if (items > largest)
        items = largest;
    if (own > multiple && items >= own
            && multiple * (own / multiple + 1) <= largest)
        multiple *= (own + multiple - 1) / multiple;
    if (items < most && items % multiple != 0)
        items += multiple - items % multiple;
    if (items > largest)
        items = largest > multiple ? largest - largest % multiple : multiple;
    if (plan->call.cuts.at)
        items = pf_cuts_round(&plan->call.cuts, first, items, largest);
    return items < most ? items : most;
}
