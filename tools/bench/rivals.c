/* SPDX-License-Identifier: Apache-2.0 */
/* rivals.c: those that were found. */
#include "rivals.h"

const struct rival rivals[] = {
#ifdef BENCH_WITH_OPENMP
    { "OpenMP dynamic", rival_openmp },
#endif
#ifdef BENCH_WITH_TBB
    { "TBB", rival_tbb },
#endif
    { NULL, NULL },
};
