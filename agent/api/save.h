/* save - one event of the page's own making (a void, a nil report), read by the
 * same rules as everywhere and saved once.
 *
 * Flow     cells -> [save] -> source, spool
 * Owns     nothing.
 * Threads  the daemon's.
 * Limits   SAVE_CELLS_MAX cells.
 *
 * Invariants
 *   I1  STATUS_OK means on stable storage.
 *   I3  the same entry_key again gives the same id and adds nothing.
 */
#ifndef TALLYLINE_AGENT_SAVE_H
#define TALLYLINE_AGENT_SAVE_H

#include "agent/api/desk.h"
#include "agent/source/source.h"
#include "common/base/text.h"

#define SAVE_CELLS_MAX 12u

struct save_cell {
    const char *name, *text;
};

struct save_request {
    const char *type;
    struct save_cell cells[SAVE_CELLS_MAX];
    size_t count;
    uint32_t unit, office; /* 0: the only one there is */
    uint8_t entry_key[EVENT_ENTRY_KEY_BYTES];
};

/* On which day it is recorded: today, or where the unit has ended by then
 * `other`. Writes yyyy-mm-dd. */
void save_day(const struct desk_order *order, uint32_t unit, int32_t other,
              char text[TEXT_DATE_MAX]);
/* The body's entry_key, 32 hex digits; false: the reply is a 400. */
bool save_read_key(const json_t *body, struct save_request *request,
                   struct http_reply *reply);
/* {id, state, known}, or the 422 that says why. */
void save_tell(struct desk_order *order, const struct save_request *request,
               struct http_reply *reply);

#endif
