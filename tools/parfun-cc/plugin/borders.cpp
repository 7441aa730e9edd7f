/* SPDX-License-Identifier: Apache-2.0 */
/* borders.cpp: finds the conditions, then the middle where all of them are as most
 * work-items find them. */
#include "borders.h"

#include "settings.h"

namespace pf
{
namespace
{

/* ---- Finding --------------------------------------------------------------------- */

struct Search {
    Function &item;
    const Instructions &hoisted;
    PostDominatorTree tree;
    SmallVector<Border, 8> borders = {};

    Search(Function &function, const Instructions &before)
        : item(function), hoisted(before), tree(function)
    {
    }
    bool is_fixed(const Value *value, unsigned depth = 0) const;
    bool is_place(Value *value, Widenings &widened, unsigned depth = 0) const;
    bool match(Value *condition, bool holds, Border &border) const;
    SmallVector<Border, 4> match_parts(Value *condition, bool holds) const;
    unsigned accesses(const BasicBlock *from, const BasicBlock *until) const;
    void take(const BranchInst &branch);
};

/* Along a row. */
bool Search::is_fixed(const Value *value, unsigned depth) const
{
    auto *instruction = dyn_cast<Instruction>(value);

    if (!instruction)
        return isa<Constant>(value)
                || (isa<Argument>(value) && value != item.getArg(LOCAL_ID));
    if (hoisted.count(const_cast<Instruction *>(instruction)))
        return true;
    return depth <= 8 && is_pure(instruction)
            && all_of(instruction->operands(),
                    [&](const Use &use) { return is_fixed(use.get(), depth + 1); });
}

/* One further from each work-item to the next, but for what wraps. */
bool Search::is_place(Value *value, Widenings &widened, unsigned depth) const
{
    auto *instruction = dyn_cast<Instruction>(value);
    Type *type = value->getType();

    if (value == item.getArg(LOCAL_ID))
        return true;
    if (!instruction || depth > 8
            || !(type->isIntegerTy(32) || type->isIntegerTy(64)))
        return false;
    Value *left = instruction->getOperand(0);
    switch (instruction->getOpcode()) {
    case Instruction::SExt:
    case Instruction::ZExt:
        widened.push_back({ left, isa<SExtInst>(instruction) });
        [[fallthrough]];
    case Instruction::Trunc:
        return is_place(left, widened, depth + 1);
    case Instruction::Add:
        if (is_fixed(left))
            return is_place(instruction->getOperand(1), widened, depth + 1);
        [[fallthrough]];
    case Instruction::Sub:
        return is_fixed(instruction->getOperand(1))
                && is_place(left, widened, depth + 1);
    default:
        return false;
    }
}

bool Search::match(Value *condition, bool holds, Border &border) const
{
    auto *compare = dyn_cast<ICmpInst>(condition);
    Id id;

    /* What is known before all rows, LLVM asks before the loops on its own. */
    if (!compare || hoisted.count(compare)
            || !compare->getOperand(0)->getType()->isIntegerTy())
        return false;
    Value *left = compare->getOperand(0), *right = compare->getOperand(1);
    CmpInst::Predicate predicate =
            holds ? compare->getPredicate() : compare->getInversePredicate();
    border = { Border::ROW, compare, holds, nullptr, false, {}, {} };
    if (is_fixed(left)) {
        std::swap(left, right);
        predicate = CmpInst::getSwappedPredicate(predicate);
    }
    if (!is_fixed(right))
        return false;
    if (is_fixed(left))
        return true;
    if (!is_place(left, border.widened))
        return false;
    border.place = left;
    border.exact = match_id(item, left, id);
    if (predicate == CmpInst::ICMP_NE) {
        border.kind = Border::NOT_EQUAL;
        border.limit.value = right;
        return true;
    }
    border.kind = Border::INEQUALITY;
    return match_limit(predicate, right, border.limit);
}

SmallVector<Border, 4> Search::match_parts(Value *condition, bool holds) const
{
    SmallVector<Condition, 8> parts;
    SmallVector<Border, 4> found;
    Border border;

    split_condition(condition, holds, parts);
    for (auto [part, wanted] : parts)
        if (match(part, wanted, border))
            found.push_back(border);
    return found;
}

/* How many stand on one side of a branch. */
unsigned Search::accesses(const BasicBlock *from, const BasicBlock *until) const
{
    SmallVector<const BasicBlock *, 8> work{ from };
    SmallPtrSet<const BasicBlock *, 8> seen;
    unsigned count = 0;

    while (!work.empty()) {
        const BasicBlock *block = work.pop_back_val();
        if (block == until || !seen.insert(block).second)
            continue;
        for (const Instruction &instruction : *block)
            count +=
                    instruction.mayReadOrWriteMemory() && !is_harmless(instruction);
        append_range(work, successors(block));
    }
    return count;
}

/* Nothing in the source says which side most work-items take: it is the one where
 * the condition is about more places, or the one that does more. */
void Search::take(const BranchInst &branch)
{
    auto *node = tree.getNode(branch.getParent());
    const BasicBlock *join =
            node && node->getIDom() ? node->getIDom()->getBlock() : nullptr;
    const unsigned work[2] = { accesses(branch.getSuccessor(1), join),
        accesses(branch.getSuccessor(0), join) };
    SmallVector<Border, 4> found[2];

    if (work[0] + work[1] == 0)
        return;
    for (bool side : { false, true })
        found[side] = match_parts(branch.getCondition(), side);
    bool side = found[0].size() != found[1].size()
            ? found[1].size() > found[0].size()
            : work[1] >= work[0];
    for (const Border &border : found[side])
        if (none_of(borders, [&](const Border &other) {
                return other.compare == border.compare;
            }))
            borders.push_back(border);
}

bool is_short(const Region &region)
{
    constexpr size_t LIMIT = 500;
    size_t length = 0;

    for (const BasicBlock *block : region.blocks)
        length += block->size();
    return length <= LIMIT;
}

/* ---- Cutting --------------------------------------------------------------------- */

struct Cutter {
    IRBuilder<> &builder;
    ValueToValueMapTy &map;
    Value *first, *end, *likely; /* of the middle; whether it can be at all */

    Value *at_zero(Value *value);
    Value *frozen(Value *value)
    {
        return builder.CreateFreeze(at_zero(value));
    }
    Value *least(Value *left, Value *right)
    {
        return builder.CreateBinaryIntrinsic(Intrinsic::smin, left, right);
    }
    Value *most(Value *left, Value *right)
    {
        return builder.CreateBinaryIntrinsic(Intrinsic::smax, left, right);
    }
    void keep_from_wrapping(Value *start, bool is_narrow, bool is_signed);
    void keep_widened(const Widening &widening);
    void take_unequal(const Border &border);
    void take_inequality(const Border &border);
    void take(const Border &border);
};

/* Computes a value, or a place as if the local id were 0.  Where the source does not
 * compute it, it may be anything, but nothing that must not be computed. */
Value *Cutter::at_zero(Value *value)
{
    auto *instruction = dyn_cast<Instruction>(value);
    auto known = map.find(value);

    if (known != map.end())
        return known->second;
    if (!instruction)
        return value;
    Instruction *copy = instruction->clone();
    copy->dropPoisonGeneratingFlags();
    copy->setDebugLoc(DebugLoc());
    for (Use &use : copy->operands())
        use.set(at_zero(use.get()));
    builder.Insert(copy, instruction->getName());
    map[value] = copy;
    return copy;
}

/* Place == start + local id as numbers, if that is within the place's type. */
void Cutter::keep_from_wrapping(Value *start, bool is_narrow, bool is_signed)
{
    constexpr uint64_t BIG = uint64_t(1) << 61;

    if (!is_narrow)
        likely = builder.CreateAnd(likely,
                builder.CreateICmpULT(
                        builder.CreateAdd(start, builder.getInt64(BIG)),
                        builder.getInt64(2 * BIG)));
    if (!is_signed)
        first = most(first, builder.CreateNeg(start));
    if (is_narrow)
        end = least(end,
                builder.CreateSub(
                        builder.getInt64(uint64_t(1) << (is_signed ? 31 : 32)),
                        start));
}

/* What is widened must be one further from each work-item to the next, too; and where no
 * sign goes along, it must have none at the row's begin, where the place starts. */
void Cutter::keep_widened(const Widening &widening)
{
    auto [value, is_signed] = widening;
    Value *start = builder.CreateSExt(frozen(value), builder.getInt64Ty());

    keep_from_wrapping(start, true, is_signed);
    if (!is_signed)
        likely = builder.CreateAnd(
                likely, builder.CreateICmpSGE(start, builder.getInt64(0)));
}

/* The one place that differs may be the middle's first, or its end. */
void Cutter::take_unequal(const Border &border)
{
    Value *at = builder.CreateSub(
            frozen(border.limit.value), frozen(border.place), "unequal");

    at = builder.CreateZExt(at, builder.getInt64Ty());
    first = builder.CreateSelect(builder.CreateICmpEQ(at, first),
            builder.CreateAdd(first, builder.getInt64(1)), first);
    end = builder.CreateSelect(
            builder.CreateICmpSLT(at, first), end, least(end, at));
}

void Cutter::take_inequality(const Border &border)
{
    Value *start =
            builder.CreateSExt(frozen(border.place), builder.getInt64Ty(), "start");
    Value *limit = limit_in_full(builder, frozen(border.limit.value), border.limit);

    if (!border.exact)
        keep_from_wrapping(start, border.place->getType()->isIntegerTy(32),
                border.limit.is_signed);
    limit = builder.CreateSub(limit, start);
    if (border.limit.lower)
        first = most(first, limit);
    else
        end = least(end, limit);
}

void Cutter::take(const Border &border)
{
    if (border.kind == Border::ROW) {
        Value *holds = frozen(border.compare);
        if (!border.holds)
            holds = builder.CreateNot(holds);
        likely = builder.CreateAnd(likely, holds);
        return;
    }
    if (!border.exact)
        for (const Widening &widening : border.widened)
            keep_widened(widening);
    if (border.kind == Border::NOT_EQUAL)
        take_unequal(border);
    else
        take_inequality(border);
}

/* Behind the middle, which is there: the one reason for its end no longer holds, and
 * what began it does. */
void tell_behind(ArrayRef<Border> borders, Segment &behind)
{
    auto may_end = [](const Border &border) {
        return border.kind == Border::NOT_EQUAL
                || (border.kind == Border::INEQUALITY
                        && !(border.limit.lower && border.exact));
    };
    bool one = count_if(borders, may_end) == 1;

    for (const Border &border : borders)
        if (!may_end(border))
            behind.known.push_back({ border.compare, border.holds });
        else if (one && border.kind == Border::INEQUALITY && border.exact)
            behind.known.push_back({ border.compare, !border.holds });
}

} // namespace

SmallVector<Border, 8> find_borders(
        Function &item, const Instructions &hoisted, const Region &region)
{
    DominatorTree dominators(item);
    Search search(item, hoisted);

    if (!is_short(region) || !LoopInfo(dominators).empty())
        return {};
    for (BasicBlock *block : region.blocks)
        if (auto *branch = dyn_cast<BranchInst>(block->getTerminator());
                branch && branch->isConditional())
            search.take(*branch);
    if (all_of(search.borders,
                [](const Border &border) { return border.kind == Border::ROW; }))
        return {};
    return search.borders;
}

std::array<Segment, 3> cut_row(IRBuilder<> &builder, ArrayRef<Border> borders,
        ValueToValueMapTy &map, Value *low, Value *high)
{
    Cutter cutter{ builder, map, low, high, builder.getTrue() };

    for (const Border &border : borders)
        cutter.take(border);
    Value *first = cutter.least(cutter.first, high);
    Value *end = cutter.most(cutter.end, low);
    /* A short middle is not worth two more loops, unless it is all. */
    Value *pays =
            builder.CreateOr(builder.CreateICmpSGE(builder.CreateSub(end, first),
                                     builder.getInt64(4 * LANES)),
                    builder.CreateAnd(builder.CreateICmpEQ(first, low),
                            builder.CreateICmpEQ(end, high)));
    pays = builder.CreateAnd(pays, cutter.likely);
    first = builder.CreateSelect(pays, first, high, "first");
    end = builder.CreateSelect(pays, end, high, "end");
    std::array<Segment, 3> segments{ Segment{ low, first, {} },
        Segment{ first, end, {} }, Segment{ end, high, {} } };
    for (const Border &border : borders)
        segments[1].known.push_back({ border.compare, border.holds });
    tell_behind(borders, segments[2]);
    return segments;
}

} // namespace pf
