// SPDX-License-Identifier: Apache-2.0
// tbb.cpp: hand-written code in oneTBB's parallel_for, with its own partitioner.
#include "serve.h"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>

namespace
{

bool open(struct work *, const char *)
{
    return true;
}

bool run(struct work *work, enum work_kind kind)
{
    using range = oneapi::tbb::blocked_range<size_t>;
    work_part *part = work_best_hand(kind);
    const size_t chunk = work_chunks[kind];

    work_clear_reduced(work);
    oneapi::tbb::parallel_for(
            range(0, work->items[kind] / chunk), [=](const range &chunks) {
                work_run_part(work, kind, part, chunks.begin() * chunk,
                        chunks.end() * chunk);
            });
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    static const struct rival_program program = { "oneTBB", open, run, nullptr };

    return serve(&program, argc, argv);
}
