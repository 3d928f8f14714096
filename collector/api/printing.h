/* printing - reports as files, drawn up by the program's own command.
 *
 * Flow     request -> [printing] -> `report print` in a process of its own
 *          -> reply, later
 * Owns     a thread, and the process that it waits for.
 * Threads  printing_give() is for the server's handlers.
 * Limits   PRINTING_MAX requests that wait, PRINTING_NAME_MAX of one who is
 *          signed in, one process at a time (none for who has left),
 *          PRINTING_BYTES_MAX a report, PRINTING_MS each.
 *
 * A frozen report is made of the ledger as it was then, which may have to be
 * folded from nothing: that is no work for the thread of the live figures. The
 * command reads the ledger beside the collector, as it does for a person, and
 * so what is downloaded is what is printed, to the byte.
 */
#ifndef TALLYLINE_COLLECTOR_PRINTING_H
#define TALLYLINE_COLLECTOR_PRINTING_H

#include "collector/api/query.h"
#include "common/base/status.h"
#include "common/http/http.h"

#define PRINTING_MAX       8u
#define PRINTING_NAME_MAX  2u
#define PRINTING_BYTES_MAX (64u << 20)
#define PRINTING_WHY_MAX   1024u
#define PRINTING_MS        INT64_C(25000)
#define PRINTING_RETRY_S   5u

struct printing; /* opaque */

/* Starts the thread. Borrows the path of the collector's folder. STATUS_MEMORY,
 * STATUS_IO. */
MUST_USE enum status printing_open(const char *directory,
                                   struct printing **printing);
/* Ends what is under way; who waits is answered with 503. After the server is
 * closed or before. */
void printing_close(struct printing **printing);

/* Has the report printed that the request asks for. */
void printing_give(struct printing *printing, struct http_request *request,
                   struct http_reply *reply);

#endif
