/* things - what a cell that names a thing may choose from.
 *
 * Flow     spool, plans, registers -> [things] -> columns, book
 * Owns     the texts of the choices; free them.
 * Threads  one, as the spool.
 * Limits   THINGS_MAX choices of a kind; what is left out may be typed.
 *
 * First what the office itself has named (@so-15), then what plans list, with
 * what they call it behind the reference, then what the register holds for it.
 * Each is read back by source.
 */
#ifndef TALLYLINE_AGENT_THINGS_H
#define TALLYLINE_AGENT_THINGS_H

#include "agent/spool/spool.h"
#include "common/base/bytes.h"
#include "common/base/language.h"
#include "common/event/reference.h"
#include "common/fold/context.h"

#define THINGS_MAX      1000u
#define THINGS_TEXT_MAX 250u /* bytes of a choice, with the closing zero */

struct things {
    struct buffer texts[REFERENCE_KIND_END]; /* each with a zero */
};

/* Statuses are the spool's; `things` is to be freed in any case. */
MUST_USE enum status things_read(struct things *things, struct spool *spool,
                                 const struct context *context,
                                 enum language language);
void things_fini(struct things *things);
/* The next choice; `cursor` is 0 at first. NULL behind the last. */
const char *things_next(const struct things *things, uint32_t kind,
                        size_t *cursor);

#endif
