/* fault - why a workbook cannot be read, and where.
 *
 * Flow     archive, markup, xlsx_rows -> [fault] -> a sentence for people
 * Owns     nothing.
 * Threads  any.
 *
 * A fault is about the file, never about what a row says: a row's mistakes are
 * import's. Each refuses the whole file.
 */
#ifndef TALLYLINE_AGENT_FAULT_H
#define TALLYLINE_AGENT_FAULT_H

#include <stddef.h>

#include "common/base/language.h"

#define FAULT_PLACE_MAX 64u
#define FAULT_TEXT_MAX  512u

enum fault_kind {
    FAULT_NONE = 0,
    FAULT_NOT_A_WORKBOOK,
    FAULT_OLD_OR_LOCKED, /* .xls, or behind a password */
    FAULT_DAMAGED,       /* the archive does not hold together */
    FAULT_LARGE,         /* the file itself */
    FAULT_MANY_PARTS,
    FAULT_BOMB, /* grows too much when it is unpacked */
    FAULT_PART_MISSING,
    FAULT_XML, /* not well-formed */
    FAULT_DOCTYPE,
    FAULT_DEEP,
    FAULT_LONG_WORD,  /* one tag or one name */
    FAULT_MANY_NAMES, /* of elements and attributes */
    FAULT_MANY_STRINGS,
    FAULT_MANY_STYLES,
    FAULT_MANY_SHEETS,
    FAULT_NO_SHEET,
    FAULT_NO_SUCH_SHEET,
    FAULT_ROW_ORDER,
    FAULT_CELL_PLACE,
    FAULT_MANY_CELLS,
    FAULT_MANY_COLUMNS,
    FAULT_LONG_ROW,
    FAULT_STRING_INDEX,
    FAULT_MERGED,
    FAULT_NEWER,
    FAULT_END
};

struct fault {
    enum fault_kind kind;
    char place[FAULT_PLACE_MAX]; /* a cell, a row or a part; or empty */
    size_t row, column;          /* from 1; 0: none */
};

/* Sets the fault, unless there is one already. */
void fault_set(struct fault *fault, enum fault_kind kind, const char *place);
/* The same for a cell; `column` 0: the row. */
void fault_set_cell(struct fault *fault, enum fault_kind kind, size_t row,
                    size_t column);
/* A sentence with the place and how to mend it. */
void fault_write(const struct fault *fault, enum language language,
                 char out[FAULT_TEXT_MAX]);

#endif
