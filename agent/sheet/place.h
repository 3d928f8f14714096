/* place - the names of cells: C5 is the third column of the fifth row.
 *
 * Flow     worksheets, import -> [place] -> messages
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   PLACE_ROWS_MAX rows and PLACE_COLUMNS_MAX columns, as in a
 *          workbook.
 */
#ifndef TALLYLINE_AGENT_PLACE_H
#define TALLYLINE_AGENT_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#define PLACE_ROWS_MAX    1048576u
#define PLACE_COLUMNS_MAX 16384u
#define PLACE_LETTERS_MAX 8u
#define PLACE_MAX         32u /* with the closing zero */

/* A, B ... Z, AA, AB ...; `column` is from 1. */
void place_letters(size_t column, char out[PLACE_LETTERS_MAX]);
/* "C5"; `column` 0: "5". */
void place_write(size_t row, size_t column, char out[PLACE_MAX]);
/* Reads "C5", both from 1. False for anything else, and beyond the limits. */
bool place_read(const char *text, size_t *row, size_t *column);

#endif
