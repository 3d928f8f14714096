/* Rows of things against a plain list, through many settlements: few things,
 * so that some have thousands of rows. */
#include "common/fold/fold_rows.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>

#define THINGS 5u
#define STEPS  30000u

struct listed {
    uint64_t name[2];
    struct fold_row row;
    bool removed;
};

static uint64_t sum_of(const struct fold_rows *rows, const uint64_t name[])
{
    uint32_t at = fold_rows_find(rows, name);
    uint64_t sum = 0;

    for (size_t i = 0; at != UINT32_MAX && i < rows->keys[at].count; i++) {
        const uint64_t *row = fold_rows_at(rows, &rows->keys[at], i);

        sum += row[0] * 31 + (uint64_t)fold_row_day(row) * 7 +
               fold_row_place(row) * 3 + row[2];
        if (i > 0) {
            const uint64_t *before = fold_rows_at(rows, &rows->keys[at], i - 1);

            cr_assert(fold_row_day(before) < fold_row_day(row) ||
                      (fold_row_day(before) == fold_row_day(row) &&
                       before[0] <= row[0]));
        }
    }
    return sum;
}

static uint64_t sum_of_list(const struct listed *list, size_t count,
                            const uint64_t name[])
{
    uint64_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        const struct fold_row *row = &list[i].row;

        if (!list[i].removed && list[i].name[0] == name[0] &&
            list[i].name[1] == name[1]) {
            sum += row->event * 31 + (uint64_t)row->day * 7 + row->place * 3 +
                   row->captured[0];
        }
    }
    return sum;
}

static void settle_and_check(struct fold_rows *rows, const struct listed *list,
                             size_t count)
{
    cr_assert_eq(fold_rows_settle(rows), STATUS_OK);
    for (uint64_t i = 0; i < THINGS; i++) {
        uint64_t name[2] = {i, i % 2};

        cr_assert_eq(sum_of(rows, name), sum_of_list(list, count, name));
    }
}

Test(fold_rows, i5_rows_come_and_go_and_stay_in_order)
{
    struct listed *list = calloc(STEPS, sizeof *list);
    uint64_t seed = world_seed();
    struct fold_rows rows;
    size_t count = 0;

    cr_assert_not_null(list);
    fold_rows_init(&rows, 2, 1);
    for (uint32_t i = 0; i < STEPS; i++) {
        struct listed *it = &list[world_random(&seed) % (count + 1)];

        /* Settled or not. */
        if (it < list + count && !it->removed && world_random(&seed) % 4 == 0) {
            it->removed = true;
            cr_assert_eq(fold_rows_remove(&rows, it->name, &it->row),
                         STATUS_OK);
            continue;
        }
        it = &list[count++];
        it->name[0] = world_random(&seed) % THINGS;
        it->name[1] = it->name[0] % 2;
        it->row.event = i + 1;
        /* Mostly a little late, now and then years before 1970. */
        it->row.day = world_random(&seed) % 50 == 0
                          ? -(int32_t)(world_random(&seed) % 9000)
                          : (int32_t)(i / 20 + world_random(&seed) % 9);
        it->row.place = (uint32_t)(world_random(&seed) % 3);
        it->row.captured[0] = world_random(&seed) % 100;
        cr_assert_eq(fold_rows_add(&rows, it->name, &it->row), STATUS_OK);
        if (world_random(&seed) % 700 == 0) {
            settle_and_check(&rows, list, count);
        }
    }
    settle_and_check(&rows, list, count);
    fold_rows_fini(&rows);
    free(list);
}

Test(fold_rows, a_name_is_all_of_its_numbers)
{
    struct fold_row row = {.event = 1};
    uint64_t name[2] = {1, 2}, other[2] = {2, 1};
    struct fold_rows rows;

    fold_rows_init(&rows, 2, 0);
    cr_assert_eq(fold_rows_find(&rows, name), UINT32_MAX);
    cr_assert_eq(fold_rows_add(&rows, name, &row), STATUS_OK);
    cr_assert_eq(fold_rows_find(&rows, name), 0);
    cr_assert_eq(fold_rows_find(&rows, other), UINT32_MAX);
    fold_rows_fini(&rows);
}
