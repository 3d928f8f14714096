/* admit - decides what becomes an entry, and what is answered.
 *
 * Flow     intake -> [admit] -> ledger (one commit) -> answers -> intake
 * Owns     the answers of the last call.
 * Threads  one.
 * Limits   INTAKE_DRAIN_MAX messages a call; a commit for every
 *          LEDGER_GROUP_MAX batches.
 *
 * A batch is looked at from the outside only: who signed it, over which link
 * it came, where it stands in its stream, whether it is within the limits.
 * What is inside is the fold's: a payload that cannot be read, and every fault
 * of an event, is an outcome. So one bad event never blocks an office.
 *
 * A batch at a place that holds other bytes freezes the stream: two machines
 * have gone on from the same past, and only a new epoch tells them apart. The
 * ledger keeps that, so that a new start knows it again.
 *
 * A batch that was received before gets its receipt again even when the agent
 * has got new keys since: the bytes that are there need no other proof.
 *
 * Invariants
 *   I2   an answer that says "received" exists only after the commit.
 *   I3   the ledger's verdict decides; the same bytes again get the same
 *        entry as receipt.
 *   I6   a batch in order, signed, chained and within the limits becomes an
 *        entry. No room is answered with "full" and a time to try again.
 *   I8   the batch's signature says whose it is, and the link's key must be of
 *        the same agent.
 *   I11  every list has room for the greatest drain.
 */
#ifndef TALLYLINE_COLLECTOR_ADMIT_H
#define TALLYLINE_COLLECTOR_ADMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "collector/line/agents.h"
#include "collector/line/intake.h"
#include "collector/province/keys.h"
#include "collector/province/province.h"
#include "collector/recovery/recovery.h"
#include "common/base/clock.h"
#include "common/base/latency.h"
#include "common/base/status.h"
#include "common/format/entry.h"
#include "common/format/wire.h"

#define ADMIT_ANSWERS_MAX   (INTAKE_DRAIN_MAX * WIRE_BATCHES_MAX)
#define ADMIT_RETRY_FULL_MS 5000u /* before an agent tries again */

struct admit; /* opaque */

struct admit_options { /* all borrowed for the life of the admit */
    struct ledger *ledger;
    struct province *province;
    struct agents *agents;
    const struct keys *keys;
    const struct clock *clock;
    const struct recovery *recovery; /* NULL: there is none */
};

/* NULL when there is no memory. */
struct admit *admit_new(const struct admit_options *options);
void admit_free(struct admit **admit);
/* At the start: notes on the agents' lines which streams are frozen. STATUS_IO,
 * STATUS_CORRUPT, STATUS_MEMORY. */
MUST_USE enum status admit_recall(struct admit *admit);

/* What one batch is answered: a receipt, or a refusal with its code. */
struct admit_answer {
    struct intake_route to;
    uint32_t agent;              /* number; 0: the link is of no agent */
    uint64_t first_seq;          /* of the batch; 0: it cannot be read */
    struct wire_refusal refusal; /* code WIRE_REFUSAL_NONE: `entry` holds */
    bool appended;               /* the entry is new */
    struct entry entry;
};

/* Judges the batches among `messages`, in their order, and commits those that
 * are taken. Answers in the order of the batches, valid until the next call.
 * STATUS_IO, STATUS_CORRUPT: storage failed, nothing may be answered. */
MUST_USE enum status admit_batches(struct admit *admit,
                                   const struct intake_message messages[],
                                   size_t count,
                                   const struct admit_answer **answers,
                                   size_t *answer_count);

/* The same for batches of one agent that came out of a file. What belongs to an
 * epoch that has ended may be signed by a key of that time: another ledger of
 * the province has it, and the office's machine may be gone. */
MUST_USE enum status admit_by_hand(struct admit *admit,
                                   const struct intake_message *message,
                                   const struct admit_answer **answers,
                                   size_t *answer_count);

/* Answers a join, rotate, open_epoch or hello. Each of the first three is a
 * control entry with a commit of its own; the same request again gets the same
 * answer, so that a lost answer does no harm. STATUS_IO, STATUS_CORRUPT and
 * STATUS_MEMORY: as above. */
MUST_USE enum status admit_request(struct admit *admit,
                                   const struct intake_message *message,
                                   struct wire_down *answer);

/* The agent whose link this is, by its own key or its join key. NULL: none.
 * `joining` (may be NULL) says that it is the join key. */
const struct context_agent *admit_agent_of(const struct context *context,
                                           const struct public_key *key,
                                           bool *joining);

struct admit_counts {
    uint64_t batches, events; /* appended */
    uint64_t duplicates;
    uint64_t refused;
    uint64_t refusals[WIRE_REFUSAL_END]; /* by their code */
    uint64_t commits;
    int64_t committed_at;  /* wall, of the last; 0: none */
    struct latency commit; /* how long each took, synced */
    bool full;             /* the last batch found no room */
};
void admit_counts(const struct admit *admit, struct admit_counts *counts);

#endif
