/* SPDX-License-Identifier: Apache-2.0 */
/* lanes.cpp: strides from one work-item to the next in x.  They are used to choose
 * between loops only; the code is right whatever they are. */
#include "lanes.h"

namespace pf
{

static bool writes_by_call(const Instruction &instruction)
{
    return isa<CallBase>(instruction) && instruction.mayWriteToMemory()
            && !is_harmless(instruction);
}

bool allows_vectors(const Loop &loop)
{
    for (const BasicBlock *block : loop.blocks())
        for (const Instruction &instruction : *block)
            if (writes_by_call(instruction) || instruction.isAtomic()
                    || instruction.isVolatile())
                return false;
    return true;
}

bool has_uniform_exits(const Loop &loop, const Uniformity &uniformity)
{
    SmallVector<BasicBlock *, 4> blocks;

    loop.getExitingBlocks(blocks);
    return all_of(blocks, [&uniformity](const BasicBlock *block) {
        auto *branch = dyn_cast<BranchInst>(block->getTerminator());
        return branch && !uniformity.branch_varies(branch);
    });
}

bool is_reached_by_all(const Loop &loop, const Uniformity &uniformity)
{
    const BasicBlock *before = loop.getLoopPreheader();

    if (!before || uniformity.in_varying_flow(before))
        return false;
    for (const Loop *outer = loop.getParentLoop(); outer;
            outer = outer->getParentLoop())
        if (!has_uniform_exits(*outer, uniformity))
            return false;
    return true;
}

/* Bytes that a load or store moves. */
static int64_t bytes_of(const DataLayout &layout, const Instruction &access)
{
    return int64_t(layout.getTypeStoreSize(
            getLoadStoreType(const_cast<Instruction *>(&access))));
}

namespace
{
struct Strides {
    const Loop &loop;
    const Uniformity &uniformity;
    const DataLayout &layout;

    /* In bytes for pointers.  False: unknown. */
    bool of(const Value *value, int64_t &stride, unsigned depth = 0) const;

  private:
    bool of_phi(const PHINode *phi, int64_t &stride, unsigned depth) const;
    bool of_operation(
            const BinaryOperator *operation, int64_t &stride, unsigned depth) const;
    bool of_address(const GetElementPtrInst *address, int64_t &stride,
            unsigned depth) const;
    bool all_still(const User *user, unsigned first, unsigned depth) const;
};
} // namespace

bool Strides::of(const Value *value, int64_t &stride, unsigned depth) const
{
    auto *instruction = dyn_cast<Instruction>(value);

    stride = 0;
    if (isa<Constant>(value))
        return true;
    if (auto *argument = dyn_cast<Argument>(value)) {
        stride = argument->getArgNo() == LOCAL_ID;
        return true;
    }
    if (!instruction || depth > 16 || isa<AllocaInst>(instruction))
        return false;
    if (!uniformity.varies(instruction))
        return true;
    if (auto *phi = dyn_cast<PHINode>(instruction))
        return of_phi(phi, stride, depth + 1);
    if (isa<TruncInst>(instruction) || isa<ZExtInst>(instruction)
            || isa<SExtInst>(instruction))
        return of(instruction->getOperand(0), stride, depth + 1);
    if (auto *operation = dyn_cast<BinaryOperator>(instruction))
        return of_operation(operation, stride, depth + 1);
    if (auto *address = dyn_cast<GetElementPtrInst>(instruction))
        return of_address(address, stride, depth + 1);
    return !instruction->mayReadOrWriteMemory()
            && all_still(instruction, 0, depth + 1);
}

bool Strides::all_still(const User *user, unsigned first, unsigned depth) const
{
    int64_t stride;

    for (unsigned i = first; i < user->getNumOperands(); i++)
        if (!of(user->getOperand(i), stride, depth) || stride)
            return false;
    return true;
}

/* i = start; i += step: as far apart as at the start. */
bool Strides::of_phi(const PHINode *phi, int64_t &stride, unsigned depth) const
{
    int64_t of_step;

    if (phi->getParent() != loop.getHeader())
        return false;
    auto *next = dyn_cast<BinaryOperator>(
            phi->getIncomingValueForBlock(loop.getLoopLatch()));
    if (!next || next->getOpcode() != Instruction::Add)
        return false;
    const Value *step = next->getOperand(0) == phi ? next->getOperand(1)
            : next->getOperand(1) == phi           ? next->getOperand(0)
                                                   : nullptr;
    return step && loop.isLoopInvariant(step) && of(step, of_step, depth)
            && of_step == 0
            && of(phi->getIncomingValueForBlock(loop.getLoopPreheader()), stride,
                    depth);
}

bool Strides::of_operation(
        const BinaryOperator *operation, int64_t &stride, unsigned depth) const
{
    constexpr uint64_t LOW_HALF = 0xffffffffu;
    auto *constant = dyn_cast<ConstantInt>(operation->getOperand(1));
    int64_t left, right;

    if (!of(operation->getOperand(0), left, depth)
            || !of(operation->getOperand(1), right, depth))
        return false;
    stride = 0;
    switch (operation->getOpcode()) {
    case Instruction::Add:
    case Instruction::Or:
        stride = left + right;
        return true;
    case Instruction::Sub:
        stride = left - right;
        return true;
    case Instruction::And: /* a conversion to 32 bits and back */
        if (constant && constant->getValue() == LOW_HALF) {
            stride = left;
            return true;
        }
        break;
    case Instruction::Mul:
        if (constant && constant->getBitWidth() <= 64) {
            stride = left * constant->getSExtValue();
            return true;
        }
        break;
    case Instruction::Shl:
        if (constant && constant->getValue().ult(32)) {
            stride = left * (int64_t(1) << constant->getZExtValue());
            return true;
        }
        break;
    default:
        break;
    }
    return left == 0 && right == 0;
}

bool Strides::of_address(
        const GetElementPtrInst *address, int64_t &stride, unsigned depth) const
{
    int64_t of_index;

    if (!of(address->getPointerOperand(), stride, depth))
        return false;
    if (address->getNumIndices() != 1)
        return all_still(address, 1, depth);
    if (!of(address->getOperand(1), of_index, depth))
        return false;
    stride += of_index
            * int64_t(layout.getTypeAllocSize(address->getSourceElementType()));
    return true;
}

static Strides strides_in(const Loop &loop, const Uniformity &uniformity)
{
    return { loop, uniformity, loop.getHeader()->getModule()->getDataLayout() };
}

bool has_maskable_memory(const Loop &loop, const Uniformity &uniformity,
        const TargetTransformInfo &target)
{
    const Strides strides = strides_in(loop, uniformity);
    Type *number = Type::getFloatTy(loop.getHeader()->getContext());
    Type *lanes = FixedVectorType::get(number, 8);
    bool masks = target.isLegalMaskedLoad(lanes, Align(4))
            && target.isLegalMaskedStore(lanes, Align(4));

    for (const BasicBlock *block : loop.blocks())
        for (const Instruction &instruction : *block) {
            int64_t stride;
            if (!instruction.mayReadOrWriteMemory() || is_harmless(instruction))
                continue;
            const Value *pointer = getLoadStorePointerOperand(&instruction);
            if (!masks || !pointer || instruction.isVolatile()
                    || instruction.isAtomic() || !strides.of(pointer, stride))
                return false;
            int64_t bytes = bytes_of(strides.layout, instruction);
            bool still = stride == 0 && isa<LoadInst>(instruction);
            if (bytes < 4 || (stride != bytes && !still))
                return false;
        }
    return true;
}

bool gains_locality(const Loop &loop, const Uniformity &uniformity)
{
    const Strides strides = strides_in(loop, uniformity);
    bool contiguous = false;

    for (const PHINode &phi : loop.getHeader()->phis())
        if (uniformity.varies(&phi))
            return false;
    for (const BasicBlock *block : loop.blocks())
        for (const Instruction &instruction : *block) {
            const Value *pointer = getLoadStorePointerOperand(&instruction);
            int64_t stride;
            if (writes_by_call(instruction))
                return false;
            contiguous |= pointer && !instruction.isVolatile()
                    && !instruction.isAtomic() && strides.of(pointer, stride)
                    && stride == bytes_of(strides.layout, instruction);
        }
    return contiguous;
}

} // namespace pf
