/* SPDX-License-Identifier: Apache-2.0 */
/* keep_map_test.c: the map of what is up to date where, against one byte per byte. */
#include "runtime/keep_map.h"

#include "support/cmocka.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES = 97, A = 2, B = 4 };

static void change(struct pf_keep_map *map, size_t first, size_t end,
        uint64_t without, uint64_t with)
{
    assert_int_equal(pf_keep_map_change(map, (struct pf_keep_span){ first, end },
                             without, with),
            PARFUN_OK);
}

static void expect(const struct pf_keep_map *map, uint64_t in, uint64_t out,
        size_t first, size_t end, uint64_t places)
{
    struct pf_keep_span found;
    uint64_t there;

    assert_true(pf_keep_map_find(
            map, (struct pf_keep_span){ 0, BYTES }, in, out, &found, &there));
    assert_int_equal(found.first, first);
    assert_int_equal(found.end, end);
    assert_int_equal(there, places);
}

static void begins_in_one_piece(void **state)
{
    struct pf_keep_map map;

    (void)state;
    pf_keep_map_init(&map, BYTES, PF_KEEP_HOST);
    expect(&map, PF_KEEP_HOST, 0, 0, BYTES, PF_KEEP_HOST);
    expect(&map, 0, A, 0, BYTES, PF_KEEP_HOST);
    assert_false(pf_keep_map_find(&map, (struct pf_keep_span){ 0, BYTES }, A, 0,
            &(struct pf_keep_span){ 0, 0 }, NULL));
    pf_keep_map_finish(&map);
}

static void joins_neighbours_that_are_alike(void **state)
{
    struct pf_keep_map map;

    (void)state;
    pf_keep_map_init(&map, BYTES, PF_KEEP_HOST);
    change(&map, 10, 20, ~UINT64_C(0), A);
    change(&map, 30, 40, ~UINT64_C(0), A);
    assert_int_equal(map.count, 5);
    expect(&map, A, 0, 10, 20, A);
    change(&map, 20, 30, ~UINT64_C(0), A);
    assert_int_equal(map.count, 3);
    expect(&map, A, 0, 10, 40, A);
    change(&map, 0, BYTES, A, PF_KEEP_HOST);
    assert_int_equal(map.count, 1);
    pf_keep_map_finish(&map);
}

static void finds_only_inside_the_span(void **state)
{
    struct pf_keep_map map;
    struct pf_keep_span found;

    (void)state;
    pf_keep_map_init(&map, BYTES, PF_KEEP_HOST);
    change(&map, 10, 20, 0, A);
    assert_true(pf_keep_map_find(
            &map, (struct pf_keep_span){ 15, 50 }, A, 0, &found, NULL));
    assert_int_equal(found.first, 15);
    assert_int_equal(found.end, 20);
    assert_false(pf_keep_map_find(
            &map, (struct pf_keep_span){ 20, 50 }, A, 0, &found, NULL));
    assert_false(pf_keep_map_find(
            &map, (struct pf_keep_span){ 12, 12 }, 0, 0, &found, NULL));
    pf_keep_map_finish(&map);
}

static void knows_what_is_nowhere(void **state)
{
    struct pf_keep_map map;

    (void)state;
    pf_keep_map_init(&map, BYTES, B);
    change(&map, 5, 6, B, 0);
    expect(&map, 0, B, 5, 6, 0);
    pf_keep_map_finish(&map);
}

static uint32_t draw(uint32_t *seed, uint32_t end)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(*seed) * end >> 32);
}

static void check(const struct pf_keep_map *map, const uint64_t *plain)
{
    size_t begin = 0;

    for (size_t i = 0; i < map->count; i++) {
        assert_true(map->piece[i].end > begin);
        if (i)
            assert_true(map->piece[i].places != map->piece[i - 1].places);
        for (; begin < map->piece[i].end; begin++)
            assert_int_equal(plain[begin], map->piece[i].places);
    }
    assert_int_equal(begin, BYTES);
}

static void is_right_after_any_changes(void **state)
{
    uint32_t seed = 1;

    (void)state;
    for (unsigned round = 0; round < 200; round++) {
        struct pf_keep_map map;
        uint64_t plain[BYTES];

        pf_keep_map_init(&map, BYTES, PF_KEEP_HOST);
        for (size_t i = 0; i < BYTES; i++)
            plain[i] = PF_KEEP_HOST;
        for (unsigned step = 0; step < 60; step++) {
            const size_t first = draw(&seed, BYTES),
                         end = first + draw(&seed, (uint32_t)(BYTES - first) + 1);
            const uint64_t without = draw(&seed, 8), with = draw(&seed, 8);

            change(&map, first, end, without, with);
            for (size_t i = first; i < end; i++)
                plain[i] = (plain[i] & ~without) | with;
            check(&map, plain);
        }
        pf_keep_map_finish(&map);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_in_one_piece),
        cmocka_unit_test(joins_neighbours_that_are_alike),
        cmocka_unit_test(finds_only_inside_the_span),
        cmocka_unit_test(knows_what_is_nowhere),
        cmocka_unit_test(is_right_after_any_changes),
    };

    return cmocka_run_group_tests_name("keep_map", tests, NULL, NULL);
}
