/* SPDX-License-Identifier: Apache-2.0 */
/*
 * opencl.h: the functions of OpenCL C 1.2 (section 6.12) for native code.
 *
 * Included before a kernel's text when it is compiled for the CPU:
 *     clang -x cl -cl-std=CL1.2 -cl-no-stdinc -include opencl.h ...
 * and convert.h after it if the word "convert_" occurs in the text or in the
 * options.  Everything is static and inlined; what is left are calls of libm and
 * of the pf_ functions that parfun-cc's plugin replaces.
 *
 * Bodies call builtins of clang or functions with a name of their own, hardly
 * ever an overloaded one: resolving overloads is what costs time when clang
 * parses these files, and it does so for every kernel file and variant.
 * Their names begin with pf_ because the user's -D come before this file.
 */
#ifndef PF_BUILTINS_OPENCL_H
#define PF_BUILTINS_OPENCL_H

#pragma clang system_header

/* What is written here means what it says; the user's own rule is put back. */
#pragma OPENCL FP_CONTRACT OFF

#include "types.h"
#include "limits.h"
#include "lanes.h"
#include "workitem.h"
#include "integer.h"
#include "relational.h"
#include "math.h"
#include "common.h"
#include "geometric.h"
#include "memory.h"
#include "half.h"
#include "shuffle.h"
#include "atomic.h"
#include "async.h"
#include "unsupported.h"

#pragma OPENCL FP_CONTRACT DEFAULT

#endif
