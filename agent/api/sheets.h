/* sheets - templates and imports for the page.
 *
 * Flow     routes -> [sheets] -> `import` and `template`, as programs -> reply
 * Owns     the files that are being looked at (DIR/work), the programs it
 *          started and a thread for each; close it.
 * Threads  handlers are any thread of the server's; opened and closed by the
 *          daemon's.
 * Limits   SHEETS_MAX files, one a person beside those that a program is at
 *          work with, for SHEETS_KEPT_US; SHEETS_JOBS_MAX questions under way,
 *          one program at a time, SHEETS_RUN_US for it.
 *
 * A file from outside is read by a program of its own, the same `import` that
 * people call: what it needs of memory, and whatever the file does to it, stays
 * out of the daemon, and its rows go the one way by which all rows go. Nothing
 * is saved before somebody has seen what is in the file and said so.
 */
#ifndef TALLYLINE_AGENT_SHEETS_H
#define TALLYLINE_AGENT_SHEETS_H

#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/http/http.h"

#define SHEETS_MAX      8u
#define SHEETS_JOBS_MAX 4u
#define SHEETS_KEPT_US  (INT64_C(3600) * CLOCK_US_PER_S)
/* What takes longer is answered 202, and asked for again. */
#define SHEETS_ANSWER_US (INT64_C(8) * CLOCK_US_PER_S)
/* A program that takes longer is ended: one that makes a file to download, and
 * any other. */
#define SHEETS_FILE_US (INT64_C(25) * CLOCK_US_PER_S)
#define SHEETS_RUN_US  (INT64_C(600) * CLOCK_US_PER_S)

struct sheets; /* opaque */

/* `dir` is the office's, `work` the folder of files, which is emptied; both are
 * borrowed. STATUS_MEMORY. */
MUST_USE enum status sheets_open(const char *dir, const char *work,
                                 const struct clock *clock,
                                 struct sheets **sheets);
/* After the server is closed. Ends what is under way; accepts NULL. */
void sheets_close(struct sheets **sheets);

/* Handlers; their context is a struct site. */
void sheets_template(void *context, struct http_request *request,
                     struct http_reply *reply);
void sheets_take(void *context, struct http_request *request,
                 struct http_reply *reply);
void sheets_save(void *context, struct http_request *request,
                 struct http_reply *reply);
/* What became of a sheet that was answered 202. */
void sheets_ask(void *context, struct http_request *request,
                struct http_reply *reply);
void sheets_refused(void *context, struct http_request *request,
                    struct http_reply *reply);
void sheets_drop(void *context, struct http_request *request,
                 struct http_reply *reply);

#endif
