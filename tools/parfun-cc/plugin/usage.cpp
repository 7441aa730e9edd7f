/* SPDX-License-Identifier: Apache-2.0 */
/* usage.cpp: looks at every instruction of every function within reach. */
#include "usage.h"

#include "check.h"

namespace pf
{

/* Built-in functions may compute in double what the kernel has in float; whether
 * the kernel uses doubles shows in what it passes them. */
bool is_built_in(const Function &function)
{
    return starts_with(function.getName(), "pf_")
            || (starts_with(function.getName(), "_Z")
                    && function.hasFnAttribute(Attribute::AlwaysInline));
}

static void note_call(Usage &usage, const CallBase &call, bool own)
{
    static const struct {
        const char *name;
        bool Usage::*member;
        bool Usage::*also;
    } functions[] = {
        { PF_BARRIER, &Usage::barriers, &Usage::barriers },
        { "pf_local_id", &Usage::groups, &Usage::groups },
        { "pf_local_size", &Usage::groups, &Usage::groups },
        { "pf_enqueued_local_size", &Usage::groups, &Usage::groups },
        { "pf_group_id", &Usage::groups, &Usage::group_extent },
        { "pf_group_count", &Usage::group_extent, &Usage::group_extent },
        { "pf_global_size", &Usage::extent, &Usage::extent },
        { "printf", &Usage::printf, &Usage::printf },
    };
    const Function *callee = call.getCalledFunction();

    if (!callee)
        return;
    for (const auto &entry : functions)
        if (callee->getName() == entry.name)
            usage.*entry.member = usage.*entry.also = true;
    /* Local atomics are plain instructions behind a call. */
    if (own && starts_with(plain_name(callee->getName()), "atom_"))
        for (const Use &use : call.args())
            usage.int64_atomics |= use->getType()->isIntegerTy(64);
}

/* printf's floats are passed as doubles, and on some targets vectors of 8 bytes, which
 * is no double arithmetic. */
static bool is_for_printf(const Instruction &instruction)
{
    auto *load = dyn_cast<LoadInst>(&instruction);
    auto *variable =
            load ? dyn_cast<AllocaInst>(load->getPointerOperand()) : nullptr;

    return (isa<FPExtInst>(instruction)
                   || (variable
                           && !variable->getAllocatedType()
                                   ->getScalarType()
                                   ->isDoubleTy()))
            && all_of(instruction.users(), [](const User *user) {
                   auto *call = dyn_cast<CallBase>(user);
                   return call && is_printf(*call);
               });
}

static bool uses_doubles(const Instruction &instruction)
{
    auto *call = dyn_cast<CallBase>(&instruction);

    if (instruction.getType()->getScalarType()->isDoubleTy())
        return !is_for_printf(instruction);
    if (call && is_printf(*call))
        return false;
    return any_of(instruction.operands(), [](const Use &use) {
        return use->getType()->getScalarType()->isDoubleTy();
    });
}

static bool is_int64_atomic(const Instruction &instruction)
{
    if (auto *update = dyn_cast<AtomicRMWInst>(&instruction))
        return update->getValOperand()->getType()->isIntegerTy(64);
    if (auto *exchange = dyn_cast<AtomicCmpXchgInst>(&instruction))
        return exchange->getNewValOperand()->getType()->isIntegerTy(64);
    return false;
}

/* Static local variables are internal globals that can be written. */
static bool uses_local_variables(const Value *value)
{
    if (auto *global = dyn_cast<GlobalVariable>(value))
        return global->hasLocalLinkage() && !global->isConstant();
    if (auto *expression = dyn_cast<ConstantExpr>(value))
        return any_of(expression->operands(),
                [](const Use &use) { return uses_local_variables(use.get()); });
    return false;
}

static void note_instruction(Usage &usage, const Instruction &instruction, bool own)
{
    if (auto *call = dyn_cast<CallBase>(&instruction))
        note_call(usage, *call, own);
    usage.int64_atomics |= is_int64_atomic(instruction);
    usage.doubles |= own && uses_doubles(instruction);
    for (const Use &use : instruction.operands())
        usage.barriers |= uses_local_variables(use.get());
}

Usage usage_of(const Function &kernel)
{
    constexpr uint64_t LOCAL_SPACE = PARFUN_LOCAL_SPACE;
    Usage usage;
    SetVector<const Function *> reached;

    reached.insert(&kernel);
    for (size_t i = 0; i < reached.size(); i++) {
        const Function &function = *reached[i];
        bool own = !is_built_in(function);
        for (const Instruction &instruction : instructions(function)) {
            note_instruction(usage, instruction, own);
            if (auto *call = dyn_cast<CallBase>(&instruction))
                if (const Function *callee = call->getCalledFunction())
                    reached.insert(callee);
        }
    }
    if (const MDNode *spaces = parameter_data(kernel, "addr_space"))
        for (const MDOperand &space : spaces->operands())
            usage.barriers |=
                    mdconst::extract<ConstantInt>(space)->equalsInt(LOCAL_SPACE);
    return usage;
}

} // namespace pf
