/* form_notes - the notes under a report: what its figures mean, and of what
 * they are.
 *
 * Flow     form -> [form_notes] -> every kind of paper
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   FORM_TEXT_MAX bytes a note; a longer one is cut.
 */
#ifndef TALLYLINE_COMMON_FORM_NOTES_H
#define TALLYLINE_COMMON_FORM_NOTES_H

#include "common/reports/form.h"

/* Takes one note, valid during the call. */
typedef void form_note_function(void *owner, const char *note);

/* Gives all notes in their order; the last ones are the coordinates. */
void form_notes(const struct form *form, form_note_function *take, void *owner);

#endif
