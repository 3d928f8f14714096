#include "common/base/arena.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

Test(arena, i11_it_gives_what_was_stated_and_not_a_byte_more)
{
    struct arena *arena = NULL;
    const size_t max = 200000;

    cr_assert_eq(arena_new(max, &arena), STATUS_OK);
    cr_assert_null(arena_give(arena, max + 16));
    cr_assert_not_null(arena_give(arena, max - 64));
    cr_assert_not_null(arena_give(arena, 64));
    cr_assert_null(arena_give(arena, 1));
    arena_free(&arena);
    cr_assert_null(arena);
    arena_free(&arena);
}

Test(arena, what_it_gives_is_zeroed_and_aligned)
{
    struct arena *arena = NULL;

    cr_assert_eq(arena_new(1u << 20, &arena), STATUS_OK);
    for (size_t size = 1; size < 300; size++) {
        uint8_t *given = arena_give(arena, size);

        cr_assert_not_null(given);
        cr_assert_eq((uintptr_t)given % sizeof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            cr_assert_eq(given[i], 0);
        }
        memset(given, 0xFF, size);
    }
    arena_free(&arena);
}

Test(arena, sizes_that_overflow_are_refused)
{
    struct arena *arena = NULL;

    cr_assert_eq(arena_new(SIZE_MAX, &arena), STATUS_OK);
    cr_assert_null(arena_give(arena, SIZE_MAX));
    cr_assert_null(arena_give_many(arena, SIZE_MAX / 2, 3));
    cr_assert_null(arena_text(arena, "", SIZE_MAX));
    cr_assert_str_eq(arena_text(arena, "abcdef", 3), "abc");
    arena_free(&arena);
}
