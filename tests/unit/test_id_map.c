#include "common/base/id_map.h"

#include <criterion/criterion.h>

Test(id_map, every_key_keeps_its_last_value_while_the_map_grows)
{
    struct id_map map;

    id_map_init(&map);
    cr_assert_eq(id_map_get(&map, 7), ID_MAP_NONE);
    for (uint64_t i = 1; i <= 100000; i++) {
        /* Neighbours, and keys that differ in the upper half alone. */
        cr_assert_eq(id_map_put(&map, i, (uint32_t)i), STATUS_OK);
        cr_assert_eq(id_map_put(&map, i << 32, (uint32_t)(i + 5)), STATUS_OK);
    }
    cr_assert_eq(map.count, 200000);
    cr_assert_eq(id_map_put(&map, 1, 9), STATUS_OK);
    cr_assert_eq(map.count, 200000);
    cr_assert_eq(id_map_get(&map, 1), 9);
    for (uint64_t i = 2; i <= 100000; i++) {
        cr_assert_eq(id_map_get(&map, i), i);
        cr_assert_eq(id_map_get(&map, i << 32), i + 5);
    }
    cr_assert_eq(id_map_get(&map, 100001), ID_MAP_NONE);
    id_map_fini(&map);
    cr_assert_eq(map.count, 0);
}
