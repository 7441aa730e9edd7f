/* SPDX-License-Identifier: Apache-2.0 */
/* regions.h: one function per region of a kernel with barriers. */
#ifndef PF_PLUGIN_REGIONS_H
#define PF_PLUGIN_REGIONS_H

#include "frame.h"

namespace pf
{

/* A kernel with barriers, split. */
struct BarrierKernel {
    Function &item, &group;
    const Instructions &hoisted;
    const Fission &fission;
    const std::vector<Region> &regions;
    Frame &frame;
    const LocalVariables &locals;
    const RequiredSize &required;
    bool tracks_gone; /* who has returned although others have not */

    bool tells_where_stopped(unsigned region) const
    {
        return regions[region].has_several_ends();
    }
};

/* Creates both functions and fills the one of one work-item. */
RegionFunctions make_region(const BarrierKernel &kernel, unsigned number);

} // namespace pf

#endif
