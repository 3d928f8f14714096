#include "common/base/nearest.h"

#include <stdint.h>
#include <string.h>

/* More than any distance that matters. */
#define FAR (NEAREST_DISTANCE_MAX + 1u)

/* The number of letters to insert, remove or change to get from a to b, or FAR
 * and more. Row i of the usual table is computed only where it can be as little
 * as NEAREST_DISTANCE_MAX: at most so far from column i. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NEAREST_BYTES_MAX + 1];
    size_t a_size = strlen(a);
    size_t b_size = strlen(b);

    if (a_size > NEAREST_BYTES_MAX || b_size > NEAREST_BYTES_MAX ||
        a_size > b_size + NEAREST_DISTANCE_MAX ||
        b_size > a_size + NEAREST_DISTANCE_MAX) {
        return FAR;
    }
    for (size_t j = 0; j <= b_size; j++) {
        row[j] = j < FAR ? j : FAR;
    }
    for (size_t i = 1; i <= a_size; i++) {
        size_t low = i > NEAREST_DISTANCE_MAX ? i - NEAREST_DISTANCE_MAX : 1;
        size_t high = i + NEAREST_DISTANCE_MAX;
        size_t diagonal = row[low - 1];

        row[low - 1] = low == 1 ? i : FAR;
        for (size_t j = low; j <= high && j <= b_size; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[j];
            best = best < row[j] + 1 ? best : row[j] + 1;
            row[j] = best < row[j - 1] + 1 ? best : row[j - 1] + 1;
        }
    }
    return row[b_size];
}

void nearest_init(struct nearest *nearest, const char *given)
{
    *nearest = (struct nearest){.given = given, .distance = SIZE_MAX};
}

void nearest_try(struct nearest *nearest, const char *known)
{
    size_t d = distance(nearest->given, known);
    size_t size = strlen(nearest->given);

    if (size >= 2 && strncmp(nearest->given, known, size) == 0) {
        d = 0;
    }
    /* A short word is not "near" one with which it shares no letter. */
    if (d <= NEAREST_DISTANCE_MAX && d < strlen(known) &&
        d < nearest->distance) {
        nearest->best = known;
        nearest->distance = d;
    }
}
