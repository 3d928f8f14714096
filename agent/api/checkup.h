/* checkup - what `doctor` finds, for the page.
 *
 * Flow     POST doctor -> [checkup] -> tallyline-agent doctor -> findings
 * Owns     a program under way, its thread, and who waits for it.
 * Threads  checkup_take() is a handler of the server; a thread of its own
 *          starts the program and waits for it. They share what is below a
 *          lock. The daemon's thread has no part in it: a name that does not
 *          resolve or a disk that is slow keeps nobody waiting but who asked.
 * Limits   one program at a time, CHECKUP_RUN_US; CHECKUP_WAITING_MAX who wait
 *          for it; CHECKUP_SAID_MAX what it may say.
 */
#ifndef TALLYLINE_AGENT_CHECKUP_H
#define TALLYLINE_AGENT_CHECKUP_H

#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/http/http.h"

#define CHECKUP_WAITING_MAX 8u
#define CHECKUP_RUN_US      (25 * CLOCK_US_PER_S)
#define CHECKUP_SAID_MAX    (64u * 1024u)

struct checkup; /* opaque */

/* `dir` is the office's; both are borrowed for its life. STATUS_MEMORY. */
MUST_USE enum status checkup_new(const char *dir, const struct clock *clock,
                                 struct checkup **checkup);
/* Ends what is under way. After the server is closed. */
void checkup_free(struct checkup **checkup);
/* POST doctor: it starts a program, which no link of another site may. The
 * context is a struct site. */
void checkup_take(void *context, struct http_request *request,
                  struct http_reply *reply);

#endif
