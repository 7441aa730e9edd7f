/* part: kernel */
#include "sphere.h"

#pragma parfun split(place) combine(outside)
kernel void measure(
        struct sphere sphere, global const float4 *place, global float *outside)
{
    size_t i = get_global_id(0);

    outside[i] = distance(place[i], sphere.centre) - sphere.radius;
}
/* end */
