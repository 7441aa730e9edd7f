/* SPDX-License-Identifier: Apache-2.0 */
/* format.cpp: a format that does not fit its arguments must not reach the C library,
 * which would read memory that is no text, or write some. */
#include "format.h"

#include "llvm.h"

namespace pf
{
namespace
{

struct Conversion {
    StringRef length, letter;
    unsigned stars = 0; /* widths and precisions that are arguments */
    bool vector = false;
};

/* Takes what follows a '%' from the text. */
Conversion take_conversion(StringRef &text)
{
    Conversion result;
    size_t end = std::min(text.find_first_not_of("-+ #0123456789.*"), text.size());

    result.stars = unsigned(text.take_front(end).count('*'));
    text = text.drop_front(end);
    result.vector = text.consume_front("v");
    if (result.vector)
        text = text.ltrim("0123456789");
    end = std::min(text.find_first_not_of("hljztL"), text.size());
    result.length = text.take_front(end);
    result.letter = text.substr(end, 1);
    text = text.substr(end).drop_front(result.letter.size());
    return result;
}

bool is_known(const Conversion &conversion)
{
    static const std::set<StringRef> lengths = { "", "hh", "h", "l", "ll", "j", "z",
        "t" };

    return !conversion.letter.empty()
            && StringRef("diouxXfFeEgGaAcsp").contains(conversion.letter)
            && lengths.count(conversion.length);
}

} // namespace

std::string printf_mistake(const CallBase &call)
{
    StringRef text, string;
    unsigned at = 1;
    bool vectors = any_of(call.args(),
            [](const Use &use) { return use->getType()->isVectorTy(); });

    if (!getConstantStringInfo(call.getArgOperand(0), text))
        return "the format of printf must be a literal";
    while (!vectors && text.contains('%')) {
        text = text.substr(text.find('%') + 1);
        if (text.consume_front("%"))
            continue;
        Conversion conversion = take_conversion(text);
        vectors |= conversion.vector;
        if (!vectors && !is_known(conversion))
            return "printf does not know the conversion '%"
                    + (conversion.length + conversion.letter).str() + "'";
        at += conversion.stars;
        if (at >= call.arg_size())
            return "printf has more conversions than arguments";
        if (conversion.letter == "s"
                && !getConstantStringInfo(call.getArgOperand(at), string))
            return "printf's %s takes string literals only";
        at++;
    }
    return vectors
            ? "printf of vectors (%v...) is not supported: print the components"
            : "";
}

} // namespace pf
