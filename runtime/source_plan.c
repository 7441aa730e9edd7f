/* SPDX-License-Identifier: Apache-2.0 */
/* source_plan.c: partitions of the sizes that the plan chooses. */
#include "runtime/source.h"

#include <string.h>

static struct pf_source_plan *planned(struct pf_source *source)
{
    return (struct pf_source_plan *)source;
}

static const struct pf_plan *plan_of(const struct pf_source *source)
{
    return ((const struct pf_source_plan *)source)->plan;
}

/* Nobody waits for one who may never come: a woken thread can be busy in another
 * call.  The first to come is worker 0. */
static bool give_up_a_sleeper(struct pf_source_plan *self)
{
    for (unsigned w = 1; w < self->workers; w++)
        if (!self->asked[w] && pf_plan_active(self->plan, w)
                && pf_plan_dispensable(self->plan, w)) {
            self->asked[w] = true;
            pf_plan_absent(self->plan, w);
            return true;
        }
    return false;
}

static bool take(struct pf_source *source, unsigned worker, double now_s,
        struct pf_piece *piece)
{
    struct pf_source_plan *self = planned(source);

    self->asked[worker] = true;
    do
        piece->count = pf_plan_take(self->plan, worker, now_s, &piece->first);
    while (piece->count == 0 && self->asked[0] && self->outstanding == 0
            && pf_plan_left(self->plan) > 0 && give_up_a_sleeper(self));
    if (!piece->count)
        return false;
    piece->requested = piece->count;
    if (self->cuts.at) { /* the plan's rows are whole groups */
        const size_t end = piece->first + piece->count;

        piece->first = pf_cuts_find(&self->cuts, piece->first);
        piece->count = pf_cuts_find(&self->cuts, end) - piece->first;
    }
    piece->expected_s = pf_plan_expected(self->plan, worker);
    piece->cuts = NULL;
    self->outstanding++;
    return true;
}

static bool left(const struct pf_source *source)
{
    return pf_plan_left(plan_of(source)) > 0;
}

static bool done(struct pf_source *source, unsigned worker,
        const struct pf_piece *piece, const struct pf_plan_times *times)
{
    (void)piece;
    planned(source)->outstanding--;
    return pf_plan_done(planned(source)->plan, worker, times);
}

static enum parfun_status give_back(
        struct pf_source *source, unsigned worker, const struct pf_piece *piece)
{
    (void)piece;
    planned(source)->outstanding--;
    pf_plan_return(planned(source)->plan, worker);
    return PARFUN_OK;
}

static void leave(struct pf_source *source, unsigned worker)
{
    pf_plan_absent(planned(source)->plan, worker);
    planned(source)->asked[worker] = true;
}

static bool active(const struct pf_source *source, unsigned worker)
{
    return pf_plan_active(plan_of(source), worker);
}

static bool summons(const struct pf_source *source, unsigned worker)
{
    return pf_plan_summons(plan_of(source), worker);
}

void pf_source_plan_init(struct pf_source_plan *source, struct pf_plan *plan,
        unsigned workers, bool *asked)
{
    static const struct pf_source_kind kind = {
        .take = take,
        .left = left,
        .done = done,
        .give_back = give_back,
        .leave = leave,
        .active = active,
        .summons = summons,
    };

    *source = (struct pf_source_plan){
        .source.kind = &kind, .plan = plan, .workers = workers, .asked = asked
    };
    memset(asked, 0, workers * sizeof *asked);
}
