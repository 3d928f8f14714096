/* nearest - the known word that a mistyped one was probably meant to be.
 *
 * Flow     plan check, config, entry -> [nearest] -> "did you mean ...?"
 * Owns     nothing; the words are borrowed.
 * Threads  one at a time for each search.
 * Limits   words above NEAREST_WORD_MAX bytes are never offered.
 *
 * A word is near when at most a third of its letters must be changed, left
 * out, put in or swapped with their neighbour.
 */
#ifndef TALLYLINE_COMMON_NEAREST_H
#define TALLYLINE_COMMON_NEAREST_H

#include <stddef.h>

#define NEAREST_WORD_MAX 63u

struct nearest {
    const char *word;
    size_t size;
    const char *found; /* NULL: none is near enough */
    size_t distance;
};

void nearest_init(struct nearest *nearest, const char *word, size_t size);
/* Considers one known word; NULL is passed over. */
void nearest_offer(struct nearest *nearest, const char *known);

#endif
