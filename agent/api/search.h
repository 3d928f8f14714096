/* search - which events somebody looks for in the outbox.
 *
 * Flow     words of a person -> [search] -> spool_page()
 * Owns     what it found; search_free().
 * Threads  the daemon's.
 * Limits   SEARCH_UNITS_MAX units that are called so; of more the first.
 *
 * Units are looked up once, as there are few. What a thing is called is asked
 * for each event that is looked at, of which a page has so many and no more:
 * no search walks through all names.
 */
#ifndef TALLYLINE_AGENT_SEARCH_H
#define TALLYLINE_AGENT_SEARCH_H

#include "agent/api/desk.h"
#include "agent/spool/spool_outbox.h"

#define SEARCH_UNITS_MAX 512u

struct search;

/* `on`: of that day, a date as people write it; `q`: at a place that is called
 * so, a unit or a thing, accents left out, or of that reference. Either may be
 * NULL or empty; without both `search` gets NULL. Gives. STATUS_INVALID: `on`
 * is no day; STATUS_MEMORY. */
MUST_USE enum status search_new(const struct desk_order *order, const char *on,
                                const char *q, struct search **search);
/* Into what spool_page() is asked; does nothing for NULL. */
void search_fill(const struct search *search, struct spool_wish *wish);
void search_free(struct search **search);

#endif
