/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serve.h: what every rival's program has in common.  It makes the input of work.c,
 * says so by a line "ready NAME" on standard output, and then answers lines on
 * standard input,
 *
 *   KIND TIMES CHECK     the number of a kind of work; how often to do it; 0 or 1
 *   SECONDS SUM          the answer: of one time, negative if it cannot be done; and
 *                        what work_sum() says if checked, with cleared outputs
 *
 * until they end.  By hand: echo '0 10 1' | tools/bench/rivals/openmp dynamic
 */
#ifndef SERVE_H
#define SERVE_H

#include "work.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rival_program {
    const char *name;
    /* Once, with the program's argument or NULL; false, and a message: not here. */
    bool (*open)(struct work *work, const char *argument);
    /* All items of one kind of work; false: it cannot be done. */
    bool (*run)(struct work *work, enum work_kind kind);
    void (*close)(void); /* may be NULL */
};

/* main() of the program. */
int serve(const struct rival_program *program, int argc, char **argv);

#ifdef __cplusplus
}
#endif
#endif
