/* SPDX-License-Identifier: Apache-2.0 */
/* wanted_test.c: the sizes that generators are asked for. */
#include "functions/cuts.h"
#include "functions/functions.h"

#include <stdint.h>

enum { ITEMS = 1000000, WORKERS = 5 };

static int x[ITEMS];
static size_t asked, most;
static size_t least; /* but for the last piece, which is what is left */

static enum parfun_status as_wanted(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const enum parfun_status status = cut_as_wanted(split, wanted, piece, user);

    if (!piece->count)
        return status;
    asked++;
    if (piece->first + piece->count < ITEMS && piece->count < least)
        least = piece->count;
    most = piece->count > most ? piece->count : most;
    return status;
}

static enum parfun_status touch(struct parfun_partition *part, void *user)
{
    int *in = parfun_argument(part, "x");

    (void)user;
    in[0]++;
    return PARFUN_OK;
}

static void cut_all(void)
{
    const struct parfun_named_generator generators[] = { { "g", as_wanted },
        { 0 } };
    struct parfun_function *function = make("touch", "int *x", touch,
            PARFUN_OPTIONS(.clauses = "split(by(g): x) combine(x)",
                    .generators = generators));

    asked = most = 0;
    least = SIZE_MAX;
    MUST(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x)));
    parfun_function_destroy(function);
}

static void a_worker_that_is_alone_is_given_all(void **state)
{
    static const char *const alone[] = { "none", "serial", "threads:1" };

    (void)state;
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) {
        MUST(parfun_push_backend(alone[i]));
        cut_all();
        MUST(parfun_pop_backend());
        assert_int_equal(asked, 1);
        assert_int_equal(most, ITEMS);
    }
}

static void several_workers_are_given_less_and_less_but_no_crumbs(void **state)
{
    (void)state;
    MUST(parfun_push_backend("threads:5"));
    cut_all();
    MUST(parfun_pop_backend());
    assert_int_equal(most, ITEMS / WORKERS / 2);
    assert_int_equal(least, ITEMS / WORKERS / 64);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_that_is_alone_is_given_all),
        cmocka_unit_test(several_workers_are_given_less_and_less_but_no_crumbs),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
