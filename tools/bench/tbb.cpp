// SPDX-License-Identifier: Apache-2.0
// tbb.cpp: oneTBB's parallel_for with its own partitioner; chunk is the grain size.
#include "rivals.h"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>

void rival_tbb(size_t items, size_t chunk, rival_body *body, void *user)
{
    using range = oneapi::tbb::blocked_range<size_t>;

    oneapi::tbb::parallel_for(range(0, items, chunk),
            [=](const range &part) { body(user, part.begin(), part.end()); });
}
