/* SPDX-License-Identifier: Apache-2.0 */
/*
 * convert.h: explicit conversions (section 6.2.3).  Included after opencl.h, and
 * only for texts with the word "convert_".
 *
 * The 540 names are macros: those that need no more than the language, or
 * clang's __builtin_convertvector, cost nothing to parse.  The others call
 * functions overloaded by the type of their argument.
 */
#ifndef PF_BUILTINS_CONVERT_H
#define PF_BUILTINS_CONVERT_H

#pragma clang system_header
#pragma OPENCL FP_CONTRACT OFF

#include "convert_saturate.h"
#include "convert_round.h"
#include "convert_small.h"
#include "convert_large.h"

#pragma OPENCL FP_CONTRACT DEFAULT

#endif
