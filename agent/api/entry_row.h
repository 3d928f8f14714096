/* entry_row - one row of the page: a type, cells and a key.
 *
 * Flow     JSON -> [entry_row] -> source_read() -> issues, what was filled in
 * Owns     its issues; borrows the JSON.
 * Threads  one, as the spool.
 * Limits   SOURCE_CELLS_MAX cells.
 *
 * Who enters is known by the session: a row may not name a role of its own.
 */
#ifndef TALLYLINE_AGENT_ENTRY_ROW_H
#define TALLYLINE_AGENT_ENTRY_ROW_H

#include <jansson.h>

#include "agent/api/desk.h"
#include "agent/source/source.h"

struct entry_row {
    const struct catalogue_type *type; /* NULL: it names none */
    struct source_cell cells[SOURCE_CELLS_MAX];
    const char *names[SOURCE_CELLS_MAX]; /* as the page calls them */
    size_t count;
    uint8_t key[EVENT_ENTRY_KEY_BYTES];
    const json_t *draft; /* which text of its draft it is; NULL: not said */
    json_t *issues;      /* [{field, text}]; NULL: no memory */
};

/* Reads what the page sent; `keyed` rows have an entry_key. STATUS_INVALID: it
 * has another form than a row. What a person can mend stands in the issues.
 * entry_row_fini() in every case. */
MUST_USE enum status entry_row_init(struct entry_row *row, const json_t *json,
                                    bool keyed, enum language language);
void entry_row_fini(struct entry_row *row);
/* A source for who asks; without `spool` nothing is allotted. */
void entry_source(const struct desk_order *order, bool spool,
                  struct source *source);
/* Reads the event. Answers as source_read(); STATUS_INVALID too when the row
 * has issues already, which are then told together. */
MUST_USE enum status entry_row_event(struct entry_row *row,
                                     struct source *source, bool keyed,
                                     struct event *event);
/* Notes when the event would correct a version that does not stand any more:
 * it was corrected or voided since. STATUS_OK also then; else the spool's. */
MUST_USE enum status entry_row_stands(struct entry_row *row,
                                      const struct office *office,
                                      const struct event *event,
                                      enum language language);
/* The event that was saved under the key, whichever of the office's units and
 * offices it is of. STATUS_NOT_FOUND. */
MUST_USE enum status entry_row_saved_as(
    const struct office *office, const uint8_t key[EVENT_ENTRY_KEY_BYTES],
    uint64_t *id);
/* Notes that the row was saved, as that event. */
MUST_USE enum status entry_row_say_saved(struct entry_row *row, uint64_t id,
                                         enum language language);
/* Notes when the draft that is kept of the row has another text than the one
 * that it was typed from. STATUS_OK also then; else the spool's. */
MUST_USE enum status entry_row_is_newest(struct entry_row *row,
                                         struct spool *spool,
                                         enum language language);
/* {field: text} of what the row left out and can only be one thing. NULL: no
 * memory. */
json_t *entry_row_filled(const struct entry_row *row,
                         const struct source *source,
                         const struct event *event);
/* Whether the province's lists have come down; if not, the reply says so. */
bool entry_may(const struct desk_order *order, struct http_reply *reply);

#endif
