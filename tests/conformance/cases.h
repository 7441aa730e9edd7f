/* SPDX-License-Identifier: Apache-2.0 */
/* cases.h: what every backend must compute alike. */
#ifndef CONFORMANCE_CASES_H
#define CONFORMANCE_CASES_H

#include <parfun.h>

enum { CASE_ITEMS_MAX = 1 << 20 };

/* Random inputs, the same for every backend; each has room for any case. */
struct inputs {
    float *floats;
    double *doubles;
    int *integers;
    unsigned char *bytes;
    uint32_t *order; /* a permutation of 0 .. n - 1 for the n of the run */
};

struct conformance_case {
    const char *name;
    /* Runs the function; results go to `out`, which is filled with a pattern. */
    enum parfun_status (*run)(size_t n, const struct inputs *in, char *out);
    size_t out_bytes; /* per item */
    size_t out_extra; /* and once */
    size_t multiple;  /* of the number of items; 0: any */
    size_t most;      /* items; 0: CASE_ITEMS_MAX */
    struct parfun_function *(*function)(void);
    unsigned ulp;   /* floats may differ by this much; 0: equal bits */
    bool host_only; /* CPU workers alone can run it */
};

extern const struct conformance_case conformance_cases[];
extern const size_t conformance_case_count;

#endif
