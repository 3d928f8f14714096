#include "common/nearest.h"

#include <string.h>

void nearest_init(struct nearest *nearest, const char *word, size_t size)
{
    *nearest = (struct nearest){.word = word, .size = size};
    /* One above what is near enough, so that the first near word wins. */
    nearest->distance = size / 3 + 1 + (size < 3 ? 0 : 1);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment over bytes, with three rows of the table. */
static size_t distance(const char *a, size_t a_size, const char *b,
                       size_t b_size)
{
    size_t rows[3][NEAREST_WORD_MAX + 1];
    size_t *before = rows[0];
    size_t *above = rows[1];
    size_t *row = rows[2];

    for (size_t j = 0; j <= b_size; j++) {
        above[j] = j;
        before[j] = j;
    }
    for (size_t i = 1; i <= a_size; i++) {
        size_t *spare = before;

        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t cost = a[i - 1] != b[j - 1];

            row[j] =
                least(least(above[j], row[j - 1]) + 1, above[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
                a[i - 2] == b[j - 1]) {
                row[j] = least(row[j], before[j - 2] + 1);
            }
        }
        before = above;
        above = row;
        row = spare;
    }
    return above[b_size];
}

void nearest_offer(struct nearest *nearest, const char *known)
{
    size_t size = known == NULL ? 0 : strlen(known);
    size_t away;

    if (size == 0 || size > NEAREST_WORD_MAX ||
        nearest->size > NEAREST_WORD_MAX) {
        return;
    }
    away = distance(nearest->word, nearest->size, known, size);
    if (away < nearest->distance) {
        nearest->distance = away;
        nearest->found = known;
    }
}
