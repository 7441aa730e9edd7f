/* SPDX-License-Identifier: Apache-2.0 */
/* reduce_source.h: the text of kernels/reduce.cl, which the build system turns
 * into a C file. */
#ifndef PF_REDUCE_SOURCE_H
#define PF_REDUCE_SOURCE_H

extern const char pf_reduce_source[];

#endif
