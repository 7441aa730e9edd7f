/* SPDX-License-Identifier: Apache-2.0 */
/* format.h: printf of OpenCL C, as far as that of the C library can take its part. */
#ifndef PF_PLUGIN_FORMAT_H
#define PF_PLUGIN_FORMAT_H

#include "ir.h"

namespace pf
{

/* What the C library would do wrong in this call of printf; empty: nothing. */
std::string printf_mistake(const CallBase &call);

/* Makes each call's vectors scalars.  No call has a mistake. */
void spread_printf(Module &module);

} // namespace pf

#endif
