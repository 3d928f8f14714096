/* number - what the number in a cell says, as a person would write it.
 *
 * Flow     xlsx_rows -> [number] -> the cell's text
 * Owns     nothing.
 * Threads  any; pure.
 *
 * Days are counted from 1900 or, in workbooks of old Macintoshes, from 1904;
 * the first of the two systems has a 29 February 1900 that never was. A part
 * of a day is left out. A number with a fraction gets a decimal comma, so that
 * nobody takes 1,125 for a thousand and some.
 */
#ifndef TALLYLINE_AGENT_NUMBER_H
#define TALLYLINE_AGENT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#define NUMBER_TEXT_MAX 64u /* with the closing zero */

/* `text` is the number as the file has it, closed by a zero; `day`: its cell
 * shows a day. What is no number stays as it is, cut where `out` ends. */
void number_write(const char *text, bool day, bool from_1904,
                  char out[NUMBER_TEXT_MAX]);

#endif
