/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.h: results for programs.  One object for each program that measures,
 *
 *   {"program": "cores", "results": [
 *     {"task": "saxpy", "what": "parfun", "seconds": 0.0039, "spread": 0.01,
 *      "ratio": 1, "agrees": true}, ...]}
 *
 * where who was not here has no numbers.
 */
#ifndef JSON_H
#define JSON_H

#include "bench.h"

/* Nothing is written unless this has been called; exits if it cannot be. */
void json_begin(const char *path, const char *program);
void json_add(const char *task, const char *what, const struct bench_result *result,
        double ratio);
void json_end(void);

#endif
