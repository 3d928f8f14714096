/* nearest - of the known words, the one that was probably meant.
 *
 * Flow     a word that is not known -> nearest_try(each known) -> best
 * Owns     nothing; all words are borrowed.
 * Threads  any, one value a thread.
 * Limits   words of NEAREST_BYTES_MAX bytes, NEAREST_DISTANCE_MAX letters
 *          apart; longer or farther ones are never suggested.
 */
#ifndef TALLYLINE_COMMON_NEAREST_H
#define TALLYLINE_COMMON_NEAREST_H

#include <stddef.h>

#define NEAREST_BYTES_MAX    48u
#define NEAREST_DISTANCE_MAX 2u

struct nearest {
    const char *given;
    const char *best; /* NULL while nothing is near enough */
    size_t distance;
};

void nearest_init(struct nearest *nearest, const char *given);

/* Keeps `known` if it is nearer than what was tried before. A known word that
 * begins with the given one is as near as can be. */
void nearest_try(struct nearest *nearest, const char *known);

#endif
