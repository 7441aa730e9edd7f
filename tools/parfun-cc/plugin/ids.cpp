/* SPDX-License-Identifier: Apache-2.0 */
/* ids.cpp: sums of a parameter of the group and the local id, where later steps can
 * see how neighbouring work-items differ. */
#include "ids.h"

namespace pf
{
namespace
{

enum class Source { PARAMETER, SUM, FIELD };

struct WorkItemFunction {
    const char *name;
    Source source;
    unsigned position; /* of the first parameter */
    uint64_t offset;   /* of the first field */
    unsigned outside;  /* value in dimensions that do not exist */
};

const WorkItemFunction functions[] = {
    { "pf_local_id", Source::PARAMETER, LOCAL_ID, 0, 0 },
    { "pf_group_id", Source::PARAMETER, GROUP_ID, 0, 0 },
    { "pf_local_size", Source::PARAMETER, GROUP_SIZE, 0, 1 },
    { "pf_global_id", Source::SUM, FIRST_ID, 0, 0 },
    { "pf_global_size", Source::FIELD, 0, field::GLOBAL_SIZE, 1 },
    { "pf_global_offset", Source::FIELD, 0, field::GLOBAL_OFFSET, 0 },
    { "pf_enqueued_local_size", Source::FIELD, 0, field::LOCAL_SIZE, 1 },
    { "pf_group_count", Source::FIELD, 0, field::GROUP_COUNT, 1 },
};

const char DIMENSIONS[] = "pf_dimensions";

const WorkItemFunction *find(StringRef name)
{
    for (const WorkItemFunction &function : functions)
        if (name == function.name)
            return &function;
    return nullptr;
}

struct Lowering {
    Function &item;
    IRBuilder<> entry;

    explicit Lowering(Function &function)
        : item(function), entry(&*function.getEntryBlock().getFirstInsertionPt())
    {
    }

    Value *component(IRBuilder<> &builder, const WorkItemFunction &function,
            unsigned dimension)
    {
        switch (function.source) {
        case Source::PARAMETER:
            return item.getArg(function.position + dimension);
        case Source::SUM: /* below 2^31, which the runtime sees to */
            return builder.CreateAdd(item.getArg(FIRST_ID + dimension),
                    item.getArg(LOCAL_ID + dimension), "gid", true, true);
        case Source::FIELD:
            return load_constant_field(entry, item.getArg(RANGE),
                    function.offset + 8 * dimension, entry.getInt64Ty());
        }
        llvm_unreachable("no such source");
    }

    Value *lower(IRBuilder<> &builder, const WorkItemFunction &function,
            Value *dimension)
    {
        Value *result = builder.getInt64(function.outside);

        if (auto *constant = dyn_cast<ConstantInt>(dimension))
            return constant->getValue().ult(3)
                    ? component(
                              builder, function, unsigned(constant->getZExtValue()))
                    : result;
        for (unsigned i = 3; i-- > 0;)
            result = builder.CreateSelect(
                    builder.CreateICmpEQ(dimension, builder.getInt32(i)),
                    component(builder, function, i), result);
        return result;
    }

    void replace(CallInst *call)
    {
        IRBuilder<> builder(call);
        StringRef name = call->getCalledFunction()->getName();
        const WorkItemFunction *function = find(name);

        call->replaceAllUsesWith(function
                        ? lower(builder, *function, call->getArgOperand(0))
                        : load_constant_field(entry, item.getArg(RANGE),
                                  field::DIMENSIONS, entry.getInt32Ty()));
        call->eraseFromParent();
    }
};

/* The dimension of first + local. */
bool is_global_id(const Function &item, const Value *value, unsigned &dimension)
{
    auto *sum = dyn_cast<BinaryOperator>(value);

    if (!sum || sum->getOpcode() != Instruction::Add)
        return false;
    for (dimension = 0; dimension < 3; dimension++) {
        const Value *local = item.getArg(LOCAL_ID + dimension);
        const Value *first = item.getArg(FIRST_ID + dimension);
        if ((sum->getOperand(0) == first && sum->getOperand(1) == local)
                || (sum->getOperand(0) == local && sum->getOperand(1) == first))
            return true;
    }
    return false;
}

} // namespace

bool is_work_item_function(StringRef name)
{
    return name == PF_BARRIER || name == DIMENSIONS || find(name);
}

void lower_ids(Function &item)
{
    SmallVector<CallInst *, 16> calls;

    for (Instruction &instruction : instructions(item))
        if (auto *call = dyn_cast<CallInst>(&instruction))
            if (const Function *callee = call->getCalledFunction())
                if (callee->isDeclaration() && !is_barrier(*call)
                        && is_work_item_function(callee->getName()))
                    calls.push_back(call);
    Lowering lowering(item);
    for (CallInst *call : calls)
        lowering.replace(call);
}

void narrow_ids(Function &item)
{
    unsigned dimension;

    for (Instruction &instruction : make_early_inc_range(instructions(item))) {
        auto *shorter = dyn_cast<TruncInst>(&instruction);
        if (!shorter || !shorter->getType()->isIntegerTy(32)
                || !is_global_id(item, shorter->getOperand(0), dimension))
            continue;
        IRBuilder<> builder(shorter);
        Type *type = shorter->getType();
        shorter->replaceAllUsesWith(builder.CreateAdd(
                builder.CreateTrunc(item.getArg(FIRST_ID + dimension), type),
                builder.CreateTrunc(item.getArg(LOCAL_ID + dimension), type), "gid",
                true, true));
        shorter->eraseFromParent();
    }
}

} // namespace pf
