/* writer - how a command gets an order into the ledger.
 *
 * Flow     command -> [writer] -> the running collector, or the ledger itself
 * Owns     the ledger it opened, the keys, and the lock if it got it.
 * Threads  one.
 * Limits   WRITER_ATTEMPTS times when others are faster.
 *
 * While a collector runs it alone writes, and the writer sends it the signed
 * documents over the control socket. When none runs the writer takes the lock
 * and appends them itself. Either way an order that was made from what is no
 * longer in force is made anew, so that no two commands allot one number.
 */
#ifndef TALLYLINE_COLLECTOR_WRITER_H
#define TALLYLINE_COLLECTOR_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/province/directory.h"
#include "collector/province/keys.h"
#include "collector/province/province.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/figures/report.h"
#include "common/format/control.h"

#define WRITER_ATTEMPTS   5u
#define WRITER_TIMEOUT_MS 30000

struct writer; /* opaque */

/* Opens the directory for an order. `what` (may be NULL) gets what could not
 * be opened, valid for ever. `clock` is borrowed for the writer's life. */
MUST_USE enum status writer_open(const struct directory *directory,
                                 const struct clock *clock,
                                 struct writer **writer, const char **what);
void writer_close(struct writer **writer);

/* Where the collector that runs takes batches; NULL: none runs. Valid for the
 * writer's life. */
const char *writer_socket(const struct writer *writer);
const struct keys *writer_keys(const struct writer *writer);
/* Read only while a collector runs. */
struct ledger *writer_ledger(const struct writer *writer);
/* Valid until the next writer_order(). */
const struct context *writer_context(const struct writer *writer);
/* The document of a control entry that is in force, appended to `out`.
 * STATUS_NOT_FOUND. */
MUST_USE enum status writer_document(const struct writer *writer,
                                     enum control_kind kind, uint32_t agent,
                                     struct buffer *out);

/* The same of a plan. */
MUST_USE enum status writer_plan_document(const struct writer *writer,
                                          const char *id, struct buffer *out);

/* Fills in the control documents that follow from `context`: kind and body,
 * up to PROVINCE_ORDERS_MAX; what they point to must stay until writer_order()
 * returns. None at all is STATUS_OK too. Called again when others were
 * faster. */
struct writer_order {
    void *owner;
    enum status (*compose)(void *owner, const struct context *context,
                           struct control controls[], size_t *count);
};

/* Composes, signs and appends. STATUS_OK: durable. STATUS_INVALID: see
 * `report`; STATUS_AGAIN: others were faster WRITER_ATTEMPTS times, or the
 * running collector does not answer. */
MUST_USE enum status writer_order(struct writer *writer,
                                  const struct writer_order *order,
                                  struct report *report);

/* Appends a document that the administrator has signed elsewhere. Statuses as
 * above; one that is there already adds nothing. */
MUST_USE enum status writer_put(struct writer *writer, struct bytes document,
                                struct report *report);

#endif
