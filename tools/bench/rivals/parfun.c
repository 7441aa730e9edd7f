/* SPDX-License-Identifier: Apache-2.0 */
/* parfun.c: the library itself; its argument is a backend, "threads" without one. */
#include "serve.h"

#include "tasks.h"

#include <stdio.h>

static bool succeeds(enum parfun_status status)
{
    if (status)
        fprintf(stderr, "parfun: %s\n", parfun_error());
    return !status;
}

static bool open_backend(struct work *work, const char *argument)
{
    (void)work;
    return succeeds(parfun_set_backend(argument ? argument : "threads"));
}

static bool run(struct work *work, enum work_kind kind)
{
    return succeeds(tasks[kind].call(work));
}

int main(int argc, char **argv)
{
    static const struct rival_program program = { "parfun", open_backend, run,
        NULL };

    return serve(&program, argc, argv);
}
