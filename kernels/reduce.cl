/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reduce.cl: whole blocks of item values become one element each, on the device
 * and in the order of runtime/reduce.h: one work-group per block, one work-item per
 * lane.  The runtime defines
 *
 *   PF_VALUE, PF_RESULT    the types of an item value and of the result
 *   PF_CONVERT, PF_AS      the conversion from one to the other, in two steps: where
 *                          integers must wrap, PF_RESULT is an unsigned type
 *   PF_INTEGERS            if PF_RESULT is one
 *   PF_DOUBLES             if one of the types is double
 *   PF_LANES, PF_BLOCK     work-items of a group, a power of two; items of a block
 *   PF_SUM ... PF_XOR      one of them
 */
#pragma OPENCL FP_CONTRACT OFF
#ifdef PF_DOUBLES
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#ifdef PF_INTEGERS
#define PF_OR_NAN(a)
#else
#define PF_OR_NAN(a) | isnan(a)
#endif
#define PF_LOAD(value) PF_AS(PF_CONVERT(value))

/* `a` has the lower index; NaN is passed over, and of equal ones the first stays. */
static PF_RESULT pf_join(PF_RESULT a, PF_RESULT b)
{
#if defined(PF_SUM)
    return a + b;
#elif defined(PF_PRODUCT)
    return a * b;
#elif defined(PF_MIN)
    return ((b < a) PF_OR_NAN(a)) ? b : a;
#elif defined(PF_MAX)
    return ((b > a) PF_OR_NAN(a)) ? b : a;
#elif defined(PF_AND)
    return a & b;
#elif defined(PF_OR)
    return a | b;
#elif defined(PF_XOR)
    return a ^ b;
#endif
}

/* `first`: where in `values` the first block begins. */
kernel __attribute__((reqd_work_group_size(PF_LANES, 1, 1)))
void pf_reduce_blocks(global const PF_VALUE *values, ulong first,
        global PF_RESULT *blocks)
{
    local PF_RESULT lanes[PF_LANES];
    const uint lane = (uint)get_local_id(0);
    const ulong block = get_group_id(0);
    global const PF_VALUE *value = values + first + block * PF_BLOCK;
    PF_RESULT mine = PF_LOAD(value[lane]);

    for (uint i = lane + PF_LANES; i < PF_BLOCK; i += PF_LANES)
        mine = pf_join(mine, PF_LOAD(value[i]));
    lanes[lane] = mine;
    for (uint s = PF_LANES / 2; s > 0; s /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (lane < s)
            lanes[lane] = pf_join(lanes[lane], lanes[lane + s]);
    }
    if (lane == 0)
        blocks[block] = lanes[0];
}
