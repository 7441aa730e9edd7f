/* SPDX-License-Identifier: Apache-2.0 */
/* ir.h: small questions about, and pieces of, LLVM's intermediate code. */
#ifndef PF_PLUGIN_IR_H
#define PF_PLUGIN_IR_H

#include "item.h"

namespace pf
{

/* Sets of instructions in their order in the function. */
using Instructions = SetVector<Instruction *>;

inline bool starts_with(StringRef text, StringRef start)
{
    return text.substr(0, start.size()) == start;
}

/* One of ours that is, or becomes part of, native code. */
bool is_native(const Function &function);

bool is_call_to(const Instruction &instruction, StringRef name);
/* The barrier of the source. */
bool is_barrier(const Instruction &instruction);
/* Made by lanes: all work-items of a chunk wait here for each other. */
bool is_cut(const Instruction &instruction);
/* Made by mask: as a cut; its value tells whether any lane is still active. */
bool is_any(const Instruction &instruction);

FunctionCallee cut_marker(Module &module);
FunctionCallee any_marker(Module &module);

/* A work-item's own local id. */
bool is_local_id(const Value *value);
/* May be computed again wherever its operands are available, with the same
 * result and without effects. */
bool is_pure(const Instruction *instruction);
/* Intrinsics that only look as if they wrote memory. */
bool is_harmless(const Instruction &instruction);

/* Truth values are bytes in memory: LLVM does not vectorise arrays of i1. */
Type *memory_type(Type *type);
Value *to_memory(IRBuilder<> &builder, Value *value);
Value *from_memory(IRBuilder<> &builder, Value *value, Type *type);

/* The bytes at an offset from a pointer. */
Value *byte_at(IRBuilder<> &builder, Value *pointer, Value *offset,
        const Twine &name = "");

/* Adds a load that gives the same value whenever it is executed. */
LoadInst *load_constant_field(
        IRBuilder<> &builder, Value *pointer, uint64_t offset, Type *type);

/* A value, or what a map has put in its place. */
Value *mapped(ValueToValueMapTy &map, Value *value);

/* Copies the instructions to the builder's place, without source positions, and
 * notes the copies in the map. */
void copy_hoisted(IRBuilder<> &builder, const Instructions &hoisted,
        ValueToValueMapTy &map, RemapFlags flags);

/* Makes every return branch to the one block with a return, which is the result. */
BasicBlock *unify_returns(Function &function);

/* Shows an error with its position in the source.  The module stays well-formed;
 * clang stops after the passes. */
void report(const Function &function, const Instruction *at, const Twine &message);

/* What replaces the type of a private variable in arrays of them: as large as a
 * multiple of its alignment. */
Type *padded_type(const AllocaInst *variable);

} // namespace pf

#endif
