/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signatures.h: describes the kernels of a module, one JSON object per line:
 *
 *   {"kernel":"saxpy","line":3,"flags":{"barriers":false,...},
 *    "required_group":[0,0,0],"parameters":[{"name":"x","type":"float",
 *    "base":"float","bytes":4,"alignment":4,"space":1,"const":true,
 *    "pointer":true}]}
 *
 * `type` is as written and `base` without typedefs; of a pointer, both are of
 * what it points at.  Types that are neither scalar nor vector have 0 bytes: the
 * driver asks with sizeof.
 */
#ifndef PF_PLUGIN_SIGNATURES_H
#define PF_PLUGIN_SIGNATURES_H

#include "ir.h"

namespace pf
{

/* In the order of the source.  False after reporting what a file error says. */
bool write_signatures(const Module &module, const std::string &path);

/* Writes lines to a new file; used for both kinds of output. */
bool write_lines(const Module &module, const std::string &path,
        const std::vector<std::string> &lines);

std::string to_line(json::Object object);

} // namespace pf

#endif
