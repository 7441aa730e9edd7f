/* SPDX-License-Identifier: Apache-2.0 */
/* reduce_identity.c: what a reduction of nothing gives, and joining element by
 * element. */
#include "runtime/reduce.h"
#include "runtime/reduce_block.h"

#include <math.h>
#include <string.h>

static uint64_t integer_identity(enum pf_operator operation, enum pf_type type)
{
    const struct pf_type_info *info = pf_type_info(type);
    const uint64_t ones = UINT64_MAX >> (64u - 8u * info->bytes);
    const uint64_t sign = info->is_signed ? ones - ones / 2 : 0;

    switch (operation) {
    case PF_PRODUCT:
        return 1;
    case PF_AND:
        return ones;
    case PF_MIN:
        return ones ^ sign;
    case PF_MAX:
        return sign;
    default:
        return 0;
    }
}

static double floating_identity(enum pf_operator operation)
{
    return operation == PF_PRODUCT ? 1.0
            : operation == PF_MIN  ? (double)INFINITY
            : operation == PF_MAX  ? -(double)INFINITY
                                   : 0.0;
}

void pf_reduce_identity(const struct pf_reduction *reduction, void *result)
{
    const enum pf_type type = reduction->result_type;
    const size_t bytes = pf_type_info(type)->bytes;
    union {
        uint8_t u8;
        uint16_t u16;
        uint32_t u32;
        uint64_t u64;
        float f32;
        double f64;
    } one = { .u64 = 0 };

    if (type == PF_TYPE_FLOAT) {
        one.f32 = (float)floating_identity(reduction->operation);
    } else if (type == PF_TYPE_DOUBLE) {
        one.f64 = floating_identity(reduction->operation);
    } else {
        const uint64_t bits = integer_identity(reduction->operation, type);

        switch (bytes) {
        case 1:
            one.u8 = (uint8_t)bits;
            break;
        case 2:
            one.u16 = (uint16_t)bits;
            break;
        case 4:
            one.u32 = (uint32_t)bits;
            break;
        default:
            one.u64 = bits;
            break;
        }
    }
    for (size_t c = 0; c < pf_reduce_result_bytes(reduction) / bytes; c++)
        memcpy((char *)result + c * bytes, &one, bytes);
}

void pf_reduce_elementwise(const struct pf_reduction *reduction, void *result,
        const void *value, size_t count)
{
    const struct pf_reduce_code code = pf_reduce_code(
            PF_REDUCE_BASE, reduction->operation, reduction->result_type);

    code.join(result, value,
            count
                    * (pf_reduce_result_bytes(reduction)
                            / pf_type_info(reduction->result_type)->bytes));
}
