/* serve_recovery - what the line does while a ledger comes back.
 *
 * Flow     hellos, returned pairs -> [serve_recovery] -> recovery
 *          serve_links (whose turn it is) -> what is wanted -> agents
 * Owns     nothing; the links are the serve's, until serve_links_free().
 * Threads  one: the turn's.
 * Limits   those of serve_links.
 *
 * Who speaks is known by its key once the control entry of its joining has come
 * back; a link before that is a stranger's, of whom only control entries are
 * taken. It gets its welcome as soon as it is known.
 */
#ifndef TALLYLINE_COLLECTOR_SERVE_RECOVERY_H
#define TALLYLINE_COLLECTOR_SERVE_RECOVERY_H

#include "collector/line/serve.h"

#define SERVE_RECOVER_MS 500 /* between turns while something is awaited */
#define SERVE_RETRY_MS   1000u

/* Whether the ledger is being restored. */
bool serve_recovers(const struct serve *serve);
/* What says who the links are: of the province, or of what came back too. */
MUST_USE enum status serve_context(struct serve *serve,
                                   const struct context **context);

/* Looks at a hello first; `taken`: it was answered here. */
MUST_USE enum status serve_recover_hello(struct serve *serve,
                                         const struct intake_message *message,
                                         bool *taken);
/* What else comes in meanwhile; `taken` as above. */
MUST_USE enum status serve_recover_message(struct serve *serve,
                                           const struct intake_message *message,
                                           bool *taken);
/* Goes on with what came back, and asks for more. `more`: at once again. */
MUST_USE enum status serve_recover(struct serve *serve);

#endif
