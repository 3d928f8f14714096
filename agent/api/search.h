/* search - which events somebody looks for in the outbox.
 *
 * Flow     words of a person -> [search] -> spool_page()
 * Owns     what it found; search_free().
 * Threads  the daemon's.
 * Limits   SEARCH_UNITS_MAX units and SEARCH_LABELS_MAX things of plans'
 *          annexes that are called so; of more the first.
 *
 * Units and annexes are gone through once, in as many turns as that takes. What
 * the office calls a thing is asked for each event that is looked at, of which
 * a page has so many and no more: no search walks through all names.
 */
#ifndef TALLYLINE_AGENT_SEARCH_H
#define TALLYLINE_AGENT_SEARCH_H

#include "agent/api/desk.h"
#include "agent/spool/spool_outbox.h"

#define SEARCH_UNITS_MAX  512u
#define SEARCH_LABELS_MAX 512u

struct search;

/* `on`: of that day, a date as people write it; `q`: at a place that is called
 * so, a unit or a thing, accents left out, or of that reference. Either may be
 * NULL or empty; without both `search` gets NULL. Gives. STATUS_INVALID: `on`
 * is no day; STATUS_MEMORY. */
MUST_USE enum status search_new(const char *on, const char *q,
                                struct search **search);
/* Goes on through what is called so until that moment (monotonic), one step at
 * least. True: the search may be asked; at once for NULL. */
MUST_USE bool search_ready(struct search *search,
                           const struct desk_order *order, int64_t until);
/* Into what spool_page() is asked; does nothing for NULL. */
void search_fill(const struct search *search, struct spool_wish *wish);
void search_free(struct search **search);

#endif
