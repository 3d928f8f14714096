#include "common/base/nearest.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#define WORD_MAX 6u
#define WORDS    20000u
#define SEED     UINT64_C(20180305)

static const char *nearest_of(const char *given, const char *const known[],
                              size_t count)
{
    struct nearest nearest;

    nearest_init(&nearest, given);
    for (size_t i = 0; i < count; i++) {
        nearest_try(&nearest, known[i]);
    }
    return nearest.best;
}

Test(nearest, a_slip_of_the_pen_is_understood)
{
    static const char *const known[] = {"violations", "sanctions", "sessions"};

    cr_assert_str_eq(nearest_of("violatons", known, 3), "violations");
    cr_assert_str_eq(nearest_of("sesions", known, 3), "sessions");
    cr_assert_str_eq(nearest_of("sanctinos", known, 3), "sanctions");
    cr_assert_str_eq(nearest_of("viol", known, 3), "violations");
    cr_assert_null(nearest_of("budget", known, 3));
    cr_assert_null(nearest_of("vxolxtxons", known, 3));
}

Test(nearest, i11_a_word_above_the_limit_is_near_nothing)
{
    char longest[NEAREST_BYTES_MAX + 1];
    char longer[NEAREST_BYTES_MAX + 2];
    char shorter[NEAREST_BYTES_MAX];
    const char *known[] = {longest};

    memset(longest, 'a', sizeof longest);
    longest[NEAREST_BYTES_MAX] = '\0';
    memset(longer, 'a', sizeof longer);
    longer[NEAREST_BYTES_MAX + 1] = '\0';
    memset(shorter, 'a', sizeof shorter);
    shorter[NEAREST_BYTES_MAX - 1] = '\0';
    shorter[NEAREST_BYTES_MAX - 2] = 'b';
    cr_assert_eq(nearest_of(shorter, known, 1), longest);
    cr_assert_null(nearest_of(longer, known, 1));
}

/* The definition, without a thought for time. */
static size_t slow_distance(const char *a, const char *b)
{
    size_t remove, insert, change;

    if (*a == '\0' || *b == '\0') {
        return strlen(a) + strlen(b);
    }
    remove = slow_distance(a + 1, b) + 1;
    insert = slow_distance(a, b + 1) + 1;
    change = slow_distance(a + 1, b + 1) + (*a != *b);
    remove = remove < insert ? remove : insert;
    return remove < change ? remove : change;
}

/* A simple generator, the same words in every run. */
static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

static void random_word(uint64_t *seed, char word[WORD_MAX + 1])
{
    size_t size = next_random(seed) % (WORD_MAX + 1);

    for (size_t i = 0; i < size; i++) {
        word[i] = (char)('a' + next_random(seed) % 3);
    }
    word[size] = '\0';
}

Test(nearest, is_near_by_the_definition_of_distance)
{
    uint64_t seed = SEED;
    char given[WORD_MAX + 1];
    char word[WORD_MAX + 1];
    const char *known[] = {word};

    for (unsigned i = 0; i < WORDS; i++) {
        random_word(&seed, given);
        random_word(&seed, word);
        size_t size = strlen(given);
        size_t distance = slow_distance(given, word);
        bool near =
            (size >= 2 && strncmp(given, word, size) == 0) ||
            (distance <= NEAREST_DISTANCE_MAX && distance < strlen(word));

        cr_assert_eq(nearest_of(given, known, 1) != NULL, near, "%s and %s",
                     given, word);
    }
}
