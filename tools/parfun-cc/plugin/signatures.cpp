/* SPDX-License-Identifier: Apache-2.0 */
/* signatures.cpp: from clang's description of parameters (-cl-kernel-arg-info),
 * for opaque pointers do not tell what they point at. */
#include "signatures.h"

#include "check.h"
#include "elements.h"
#include "neighbours.h"
#include "usage.h"

namespace pf
{

std::string to_line(json::Object object)
{
    std::string line;
    raw_string_ostream stream(line);

    stream << json::Value(std::move(object));
    return stream.str();
}

bool write_lines(const Module &module, const std::string &path,
        const std::vector<std::string> &lines)
{
    std::error_code code;
    raw_fd_ostream file(path, code, sys::fs::OF_Text);

    if (!code)
        for (const std::string &line : lines)
            file << line << '\n';
    file.close();
    if (!code)
        code = file.error();
    file.clear_error();
    if (code)
        module.getContext().emitError(
                Twine("parfun-cc: cannot write ") + path + ": " + code.message());
    return !code;
}

/* Bytes of a scalar or vector by its name in OpenCL C; 0: of anything else. */
static unsigned bytes_of(StringRef type)
{
    static const struct {
        const char *name;
        unsigned bytes;
    } scalars[] = { { "char", 1 }, { "uchar", 1 }, { "short", 2 }, { "ushort", 2 },
        { "int", 4 }, { "uint", 4 }, { "long", 8 }, { "ulong", 8 }, { "half", 2 },
        { "float", 4 }, { "double", 8 } };
    size_t digits = type.find_first_of("0123456789");
    StringRef name = type.substr(0, digits);
    unsigned width = 1;

    if (digits != StringRef::npos
            && (type.substr(digits).getAsInteger(10, width) || width < 2))
        return 0;
    for (const auto &scalar : scalars)
        if (name == scalar.name)
            return scalar.bytes * (width == 3 ? 4 : width);
    return 0;
}

static StringRef text_at(const MDNode *list, unsigned position)
{
    return list && position < list->getNumOperands()
            ? cast<MDString>(list->getOperand(position))->getString()
            : "";
}

static json::Object parameter_of(const Function &kernel, unsigned position)
{
    StringRef type = text_at(parameter_data(kernel, "type"), position).trim();
    StringRef base = text_at(parameter_data(kernel, "base_type"), position).trim();
    StringRef qualifiers = text_at(parameter_data(kernel, "type_qual"), position);
    const MDOperand &space =
            parameter_data(kernel, "addr_space")->getOperand(position);
    /* A typedef may hide that it is a pointer. */
    bool pointer = base.consume_back("*");
    const FixedStores fixed = pointer ? fixed_stores(*kernel.getArg(position))
                                      : FixedStores{ nullptr, false };
    const StoreInst *updated =
            pointer ? first_plain_update(*kernel.getArg(position)) : nullptr;
    const GetElementPtrInst *beside =
            pointer ? first_neighbour(*kernel.getArg(position)) : nullptr;
    const DebugLoc place = fixed.first ? fixed.first->getDebugLoc() : DebugLoc();
    const DebugLoc update = updated ? updated->getDebugLoc() : DebugLoc();
    const DebugLoc neighbour = beside ? beside->getDebugLoc() : DebugLoc();
    SmallVector<StringRef, 4> words;

    type.consume_back("*");
    qualifiers.split(words, ' ');
    return json::Object{
        { "name", text_at(parameter_data(kernel, "name"), position) },
        { "type", type.trim() },
        { "base", base.trim() },
        { "bytes", bytes_of(base.trim()) },
        { "alignment", bytes_of(base.trim()) },
        { "space", int64_t(mdconst::extract<ConstantInt>(space)->getZExtValue()) },
        { "const", is_contained(words, "const") },
        { "pointer", pointer },
        { "fixed_line", place ? int64_t(place.getLine()) : 0 },
        { "fixed_column", place ? int64_t(place.getCol()) : 0 },
        { "fixed_by_all", fixed.by_all },
        { "update_line", update ? int64_t(update.getLine()) : 0 },
        { "update_column", update ? int64_t(update.getCol()) : 0 },
        { "neighbour_line", neighbour ? int64_t(neighbour.getLine()) : 0 },
        { "neighbour_column", neighbour ? int64_t(neighbour.getCol()) : 0 },
    };
}

static json::Array required_group(const Function &kernel)
{
    json::Array sizes{ 0, 0, 0 };

    if (const MDNode *node = kernel.getMetadata("reqd_work_group_size"))
        for (unsigned i = 0; i < 3; i++)
            sizes[i] = int64_t(mdconst::extract<ConstantInt>(node->getOperand(i))
                            ->getZExtValue());
    return sizes;
}

static json::Object kernel_object(const Function &kernel)
{
    const Usage usage = usage_of(kernel);
    const MDNode *spaces = parameter_data(kernel, "addr_space");
    const DISubprogram *place = kernel.getSubprogram();
    json::Array parameters;

    for (unsigned i = 0; i < spaces->getNumOperands(); i++)
        parameters.push_back(parameter_of(kernel, i));
    return json::Object{
        { "kernel", kernel.getName() },
        { "line", place ? int64_t(place->getLine()) : 0 },
        { "flags",
                json::Object{
                        { "barriers", usage.barriers },
                        { "groups", usage.groups },
                        { "extent", usage.extent },
                        { "group_extent", usage.group_extent },
                        { "doubles", usage.doubles },
                        { "printf", usage.printf },
                        { "int64_atomics", usage.int64_atomics },
                } },
        { "required_group", required_group(kernel) },
        { "parameters", std::move(parameters) },
    };
}

bool write_signatures(const Module &module, const std::string &path)
{
    std::vector<std::string> lines;

    for (const Function &function : module)
        if (!function.isDeclaration() && parameter_data(function, "addr_space"))
            lines.push_back(to_line(kernel_object(function)));
    return write_lines(module, path, lines);
}

} // namespace pf
