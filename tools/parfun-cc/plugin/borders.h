/* SPDX-License-Identifier: Apache-2.0 */
/*
 * borders.h: conditions that tell the items at the ends of a row from the others.
 *
 * `if (x > 0 && x < width - 1) { most of the work } else { a border }`: wherever such
 * a condition compares an item's place in its row, plus what is the same along the
 * row, with what is the same along the row, a row is cut in three.  The work-items
 * in the middle know that the condition holds: their loop is without it, and without
 * the masks that it would become in vectors.
 *
 * Only what is sure is said of the middle: places are compared in 64 bits, and where
 * the source's numbers may wrap, the middle ends before.
 */
#ifndef PF_PLUGIN_BORDERS_H
#define PF_PLUGIN_BORDERS_H

#include "conditions.h"
#include "fission.h"

namespace pf
{

/* A 32-bit value that is widened, and whether with its sign. */
using Widening = std::pair<Value *, bool>;
using Widenings = SmallVector<Widening, 2>;

struct Border {
    enum Kind { ROW, NOT_EQUAL, INEQUALITY };

    Kind kind; /* ROW: the same along the row */
    ICmpInst *compare;
    bool holds; /* in the middle */
    /* But for ROW: */
    Value *place; /* what is compared */
    bool exact;   /* the place is an id, which never wraps */
    Limit limit;
    Widenings widened; /* on the way from the local id to the place */
};

/* A part of a row, in local ids, and comparisons whose result is known in it. */
struct Segment {
    Value *low, *high;
    SmallVector<std::pair<const ICmpInst *, bool>, 8> known;
};

/* Empty where cutting rows would not pay. */
SmallVector<Border, 8> find_borders(
        Function &item, const Instructions &hoisted, const Region &region);

/* Adds code that cuts the row [low, high).  The map knows arguments and hoisted
 * values, and is of the row's first work-item as if its local id were 0. */
std::array<Segment, 3> cut_row(IRBuilder<> &builder, ArrayRef<Border> borders,
        ValueToValueMapTy &map, Value *low, Value *high);

} // namespace pf

#endif
