/* hello - who this office is, how far it is, and what it has of the province.
 *
 * Flow     spool -> [hello] -> uplink, stick
 * Owns     nothing.
 * Threads  one, as the spool.
 */
#ifndef TALLYLINE_AGENT_HELLO_H
#define TALLYLINE_AGENT_HELLO_H

#include "agent/spool/spool.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/format/wire.h"

/* Fills in all of it. The spool's statuses. */
MUST_USE enum status hello_make(struct spool *spool,
                                const struct spool_identity *identity,
                                const struct clock *clock,
                                struct wire_hello *hello);

#endif
