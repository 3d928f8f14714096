/* strings - the texts that the cells of a workbook share, kept on disk.
 *
 * Flow     xl/sharedStrings.xml -> [strings] -> xlsx_rows
 * Owns     two files without names, and a small cache; free them.
 * Threads  one.
 * Limits   STRINGS_MAX texts of together STRINGS_BYTES_MAX; of a text the
 *          first STRINGS_TEXT_MAX bytes are kept, which is more than a value
 *          may have.
 *
 * Parts with a format of their own are put together; how a text is read aloud
 * is left out. Memory does not grow with the number of texts.
 */
#ifndef TALLYLINE_AGENT_STRINGS_H
#define TALLYLINE_AGENT_STRINGS_H

#include <stdint.h>

#include "agent/sheet/archive.h"

#define STRINGS_MAX       4000000u
#define STRINGS_BYTES_MAX (128u * 1024u * 1024u)
#define STRINGS_TEXT_MAX  4096u

struct strings; /* opaque */

/* Reads the texts of the workbook from the part; one without any is fine.
 * STATUS_INVALID: see `fault`. STATUS_IO: no room for the files. */
MUST_USE enum status strings_read(struct archive *archive, const char *part,
                                  struct strings **strings,
                                  struct fault *fault);
void strings_free(struct strings **strings);
/* Writes the text, without a zero. STATUS_NOT_FOUND: there is none. */
MUST_USE enum status strings_get(struct strings *strings, uint64_t index,
                                 char out[STRINGS_TEXT_MAX], size_t *size);
/* Puts characters in the place of how a workbook writes those that XML does
 * not keep: _x000D_. Other control characters stay written out. */
void strings_unescape(char *text, size_t *size);

#endif
