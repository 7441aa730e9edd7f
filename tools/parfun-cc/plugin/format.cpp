/* SPDX-License-Identifier: Apache-2.0 */
/* format.cpp: a format that does not fit its arguments must not reach the C library,
 * which would read memory that is no text, or write some.  It knows no vectors: each
 * of their conversions becomes one per component. */
#include "format.h"

#include "check.h"
#include "llvm.h"

namespace pf
{
namespace
{

struct Conversion {
    StringRef flags; /* with width and precision */
    StringRef length, letter;
    std::string text;        /* as written, for messages */
    unsigned stars = 0;      /* widths and precisions that are arguments */
    unsigned components = 0; /* of a vector; 0: a scalar */
    bool vector = false;

    bool is_float() const
    {
        return StringRef("fFeEgGaA").contains(letter);
    }
};

/* Takes what follows a '%' from the text. */
Conversion take_conversion(StringRef &text)
{
    Conversion result;
    const StringRef whole = text;
    size_t end = std::min(text.find_first_not_of("-+ #0123456789.*"), text.size());

    result.flags = text.take_front(end);
    result.stars = unsigned(result.flags.count('*'));
    text = text.drop_front(end);
    result.vector = text.consume_front("v");
    if (result.vector && text.consumeInteger(10, result.components))
        result.components = 0;
    end = std::min(text.find_first_not_of("hljztL"), text.size());
    result.length = text.take_front(end);
    result.letter = text.substr(end, 1);
    text = text.substr(end).drop_front(result.letter.size());
    result.text = "%" + whole.drop_back(text.size()).str();
    return result;
}

bool is_known(const Conversion &conversion)
{
    static const std::set<StringRef> lengths = { "", "hh", "h", "l", "ll", "j", "z",
        "t" };
    static const std::set<StringRef> of_vectors = { "", "hh", "h", "hl", "l" };
    static const std::set<StringRef> of_floats = { "", "hl", "l" };
    static const std::set<unsigned> components = { 2, 3, 4, 8, 16 };

    if (conversion.letter.empty())
        return false;
    if (!conversion.vector && StringRef("csp").contains(conversion.letter))
        return conversion.length.empty(); /* %ls would be of wide characters */
    if (!conversion.vector)
        return StringRef("diouxXfFeEgGaA").contains(conversion.letter)
                && lengths.count(conversion.length);
    return components.count(conversion.components)
            && (conversion.is_float()
                            ? of_floats.count(conversion.length)
                            : StringRef("diouxX").contains(conversion.letter)
                                    && of_vectors.count(conversion.length));
}

/* Bytes that can be read of a vector, which clang passes as the target's C does: as
 * itself, as another type of its size, or in memory. */
uint64_t bytes_of(const CallBase &call, unsigned at)
{
    const DataLayout &layout = call.getModule()->getDataLayout();
    Value *argument = call.getArgOperand(at);
    Type *type = argument->getType();

    if (type->isPointerTy()) {
        auto *variable = dyn_cast<AllocaInst>(argument->stripPointerCasts());
        type = call.isByValArgument(at) ? call.getParamByValType(at)
                : variable              ? variable->getAllocatedType()
                                        : nullptr;
    }
    return type ? uint64_t(layout.getTypeStoreSize(type)) : 0;
}

/* The type of the components of the vector that is the argument `at`.  For floats
 * without a length both are in use. */
Type *component_type(
        const CallBase &call, unsigned at, const Conversion &conversion)
{
    LLVMContext &context = call.getContext();
    const bool is_long = conversion.length == "l";
    const bool is_double = is_long
            || (conversion.length.empty()
                    && bytes_of(call, at) >= 8 * conversion.components);

    if (conversion.is_float())
        return is_double ? Type::getDoubleTy(context) : Type::getFloatTy(context);
    return IntegerType::get(context,
            is_long                             ? 64
                    : conversion.length == "hh" ? 8
                    : conversion.length == "h"  ? 16
                                                : 32);
}

bool fits(const CallBase &call, unsigned at, const Conversion &conversion)
{
    Type *component = component_type(call, at, conversion);

    return bytes_of(call, at)
            >= conversion.components * (component->getPrimitiveSizeInBits() / 8);
}

std::string argument_mistake(
        const CallBase &call, unsigned at, const Conversion &conversion)
{
    StringRef string;

    if (at >= call.arg_size())
        return "printf has more conversions than arguments";
    if (conversion.letter == "s"
            && !getConstantStringInfo(call.getArgOperand(at), string))
        return "printf's %s takes string literals only";
    if (conversion.vector ? !fits(call, at, conversion)
                          : call.getArgOperand(at)->getType()->isVectorTy())
        return "printf's " + conversion.text + " does not fit its argument";
    return "";
}

/* A call of printf while it is made anew. */
struct Spreader {
    CallInst &call;
    IRBuilder<> builder{ &call };
    std::string format;
    SmallVector<Value *, 16> arguments{ nullptr };
    unsigned at = 1; /* the next argument of the old call */

    void spread(const Conversion &conversion);
    Value *component(Type *type, Value *memory, unsigned index, bool extends_sign);
    void replace();
};

/* As C's promotions would pass it. */
Value *Spreader::component(
        Type *type, Value *memory, unsigned index, bool extends_sign)
{
    Value *place = builder.CreateConstInBoundsGEP1_32(type, memory, index);
    Value *value = builder.CreateAlignedLoad(type, place, Align(1));

    if (type->isFloatingPointTy())
        return builder.CreateFPExt(value, builder.getDoubleTy());
    return type->getPrimitiveSizeInBits() >= 32
            ? value
            : builder.CreateIntCast(value, builder.getInt32Ty(), extends_sign);
}

void Spreader::spread(const Conversion &conversion)
{
    const unsigned last = at + conversion.stars;
    const auto stars = make_range(call.arg_begin() + at, call.arg_begin() + last);
    Value *memory = call.getArgOperand(last);

    at = last + 1;
    if (!conversion.vector) {
        format += conversion.text;
        append_range(arguments, stars);
        arguments.push_back(memory);
        return;
    }
    if (!memory->getType()->isPointerTy()) {
        BasicBlock &entry = call.getFunction()->getEntryBlock();
        auto *variable = new AllocaInst(
                memory->getType(), 0, "pf.print", &*entry.getFirstInsertionPt());
        builder.CreateStore(memory, variable);
        memory = variable;
    }
    Type *type = component_type(call, last, conversion);
    for (unsigned i = 0; i < conversion.components; i++) {
        format += i ? ",%" : "%";
        format += conversion.flags;
        if (conversion.length != "hl" && !conversion.is_float())
            format += conversion.length;
        format += conversion.letter;
        append_range(arguments, stars);
        arguments.push_back(component(
                type, memory, i, StringRef("di").contains(conversion.letter)));
    }
}

void Spreader::replace()
{
    Constant *text = ConstantDataArray::getString(call.getContext(), format);
    auto *variable = new GlobalVariable(*call.getModule(), text->getType(), true,
            GlobalValue::PrivateLinkage, text, "pf.format", nullptr,
            GlobalValue::NotThreadLocal,
            call.getArgOperand(0)->getType()->getPointerAddressSpace());

    arguments[0] = variable;
    CallInst *made = builder.CreateCall(
            call.getFunctionType(), call.getCalledOperand(), arguments);
    made->setCallingConv(call.getCallingConv());
    call.replaceAllUsesWith(made);
    call.eraseFromParent();
}

void spread_vectors(CallInst &call)
{
    StringRef text;
    Spreader spreader{ call };
    bool vectors = false;

    if (!getConstantStringInfo(call.getArgOperand(0), text))
        return;
    while (!text.empty()) {
        const size_t end = std::min(text.find('%'), text.size());
        spreader.format += text.take_front(end);
        text = text.drop_front(end);
        if (text.consume_front("%%")) {
            spreader.format += "%%";
        } else if (text.consume_front("%")) {
            const Conversion conversion = take_conversion(text);
            vectors |= conversion.vector;
            spreader.spread(conversion);
        }
    }
    while (spreader.at < call.arg_size()) /* of which the format says nothing */
        spreader.arguments.push_back(call.getArgOperand(spreader.at++));
    if (vectors)
        spreader.replace();
}

} // namespace

std::string printf_mistake(const CallBase &call)
{
    StringRef text;
    unsigned at = 1;

    if (!getConstantStringInfo(call.getArgOperand(0), text))
        return "the format of printf must be a literal";
    while (text.contains('%')) {
        text = text.substr(text.find('%') + 1);
        if (text.consume_front("%"))
            continue;
        const Conversion conversion = take_conversion(text);
        if (!is_known(conversion))
            return "printf does not know the conversion '" + conversion.text + "'";
        at += conversion.stars;
        std::string mistake = argument_mistake(call, at++, conversion);
        if (!mistake.empty())
            return mistake;
    }
    return "";
}

void spread_printf(Module &module)
{
    SmallVector<CallInst *, 8> calls;

    for (Function &function : module)
        for (Instruction &instruction : instructions(function))
            if (auto *call = dyn_cast<CallInst>(&instruction);
                    call && is_printf(*call))
                calls.push_back(call);
    for (CallInst *call : calls)
        spread_vectors(*call);
}

} // namespace pf
