/* search - which events somebody looks for in the outbox.
 *
 * Flow     words of a person -> [search] -> spool_page()
 * Owns     what it found; search_free().
 * Threads  the daemon's.
 * Limits   SEARCH_UNITS_MAX units, SEARCH_THINGS_MAX things; of more the first.
 *
 * Names are looked up once, for the units and things that have them; then each
 * event is a comparison of numbers, however many there are.
 */
#ifndef TALLYLINE_AGENT_SEARCH_H
#define TALLYLINE_AGENT_SEARCH_H

#include "agent/api/desk.h"
#include "agent/spool/spool_outbox.h"

#define SEARCH_UNITS_MAX  512u
#define SEARCH_THINGS_MAX 512u

struct search;

/* `on`: of that day, a date as people write it; `q`: at a place that is called
 * so, a unit or a thing, accents left out. Either may be NULL or empty; without
 * both `search` gets NULL. Gives. STATUS_INVALID: `on` is no day;
 * STATUS_MEMORY, or what the spool answers. */
MUST_USE enum status search_new(const struct desk_order *order, const char *on,
                                const char *q, struct search **search);
/* Into what spool_page() is asked; does nothing for NULL. */
void search_fill(const struct search *search, struct spool_wish *wish);
void search_free(struct search **search);

#endif
