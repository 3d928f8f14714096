/* telling - how the page's answers are written.
 *
 * Flow     work -> [telling] -> JSON of a reply
 * Owns     the text until it is given.
 * Threads  the daemon's.
 * Limits   DESK_REPLY_MAX bytes.
 *
 * Texts for people are in the language of who asks; words for programs are
 * those of the command line.
 */
#ifndef TALLYLINE_AGENT_TELLING_H
#define TALLYLINE_AGENT_TELLING_H

#include "agent/api/desk.h"
#include "agent/spool/spool.h"
#include "common/base/say.h"

struct telling {
    const struct desk_order *order;
    struct buffer buffer;
    struct say say;
};

/* Begins with an object. */
void tell_begin(struct telling *telling, const struct desk_order *order);
/* Ends the object; a 503 without memory, desk_failed() unless `status` is
 * STATUS_OK. Frees the text in every case. */
void tell_end(struct telling *telling, enum status status,
              struct http_reply *reply);

void tell_id(struct say *say, const char *key, uint64_t id); /* 0: null */
void tell_word(struct telling *telling, const char *key,
               struct language_text text);
/* unit: as it was called on the day. */
void tell_place(struct telling *telling, const struct event *event);
/* type, label, occurred_on, unit, unit_key, recorded_at. */
void tell_event_head(struct telling *telling, const struct event *event);
/* state: saved, received, backed_up, to_mend or moved; sent. */
void tell_state(struct telling *telling, enum spool_state state);
/* "saved" ... as a bit for each enum spool_state; false: no such word. */
bool tell_read_state(const char *word, uint32_t *states);

/* The body, an object; NULL: the reply is a 400. */
json_t *tell_body(const struct desk_order *order, struct http_reply *reply);
/* The id in the path: false when the reply is a 404. */
bool tell_read_id(const struct desk_order *order, uint64_t *id,
                  struct http_reply *reply);
/* The event, or a 404 or what the spool answered: false then. */
bool tell_find_event(const struct desk_order *order, uint64_t id,
                     struct event *event, enum spool_state *state,
                     struct http_reply *reply);

/* ---- outbox.c, link.c: what the stream tells too ---- */

MUST_USE enum status tell_standings(struct say *say, const char *key,
                                    struct spool *spool);
/* Into an object that is open. */
MUST_USE enum status tell_link(const struct desk_means *means,
                               enum language language, struct say *say);

#endif
