/* live - how the running collector says that its lines stand.
 *
 * Flow     run (serve_standing) -> control socket -> [live] -> status
 * Owns     the parsed answer; free with live_close().
 * Threads  one.
 * Limits   CONTROL_SOCKET_TEXT_MAX bytes of JSON.
 */
#ifndef TALLYLINE_COLLECTOR_LIVE_H
#define TALLYLINE_COLLECTOR_LIVE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "collector/province/directory.h"
#include "common/base/status.h"

#define LIVE_TIMEOUT_MS 10000

struct live {
    bool runs;        /* a process holds the lock */
    json_t *standing; /* NULL: it does not run, or does not answer */
};

/* STATUS_OK also when no collector runs. STATUS_BUSY: one runs and does not
 * answer. */
MUST_USE enum status live_open(const struct directory *directory,
                               struct live *live);
void live_close(struct live *live);

/* The object of one agent; NULL when nothing was heard of it. Borrowed. */
const json_t *live_agent(const struct live *live, uint32_t number);
/* A number or a text of an object; 0 or NULL when it is absent. Borrowed. */
uint64_t live_number(const json_t *object, const char *key);
const char *live_text(const json_t *object, const char *key);

#endif
