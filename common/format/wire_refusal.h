/* wire_refusal - why the province does not take what an office sends.
 *
 * Flow     collector -> a code ))) (wire) ((( agent -> [wire_refusal] -> people
 * Owns     nothing.
 * Threads  any.
 */
#ifndef TALLYLINE_COMMON_WIRE_REFUSAL_H
#define TALLYLINE_COMMON_WIRE_REFUSAL_H

#include <stdint.h>

#include "common/base/language.h"

/* Numbers as in enum RefusalCode of proto/uplink.proto. */
enum wire_refusal_code {
    WIRE_REFUSAL_NONE = 0,
    WIRE_REFUSAL_REVOKED = 1,
    WIRE_REFUSAL_POSITION_TAKEN = 2,
    WIRE_REFUSAL_CHAIN_BROKEN = 3,
    WIRE_REFUSAL_BAD_SIGNATURE = 4,
    WIRE_REFUSAL_GAP = 5,
    WIRE_REFUSAL_LIMIT = 6,
    WIRE_REFUSAL_FULL = 7,
    WIRE_REFUSAL_VERSION = 8,
    WIRE_REFUSAL_NOT_JOINED = 9,
    WIRE_REFUSAL_JOIN_EXPIRED = 10,
    WIRE_REFUSAL_JOIN_USED = 11,
    WIRE_REFUSAL_EPOCH_CLOSED = 12,
    WIRE_REFUSAL_WRONG_AGENT = 13,
    WIRE_REFUSAL_UNKNOWN_EPOCH = 14,
    WIRE_REFUSAL_RECOVERING = 15,
    WIRE_REFUSAL_END,
    /* Never on the line, but kept where the last refusal is kept: the agent's
     * own word for a key that the collector does not let in, for a province
     * that has lost what it had backed up, and for a collector that keeps
     * another ledger than the one whose receipts are kept here. */
    WIRE_REFUSAL_UNKNOWN_KEY = 1000,
    WIRE_REFUSAL_PAST_REMOVED = 1001,
    WIRE_REFUSAL_OTHER_LEDGER = 1002,
    WIRE_REFUSAL_PAST_ERASED = 1003 /* what it lacks was erased by order */
};

/* One word in snake_case, and a sentence that says what it means and what to
 * do. Valid for ever; a code from a newer program has words too. */
const char *wire_refusal_token(uint32_t code);
const char *wire_refusal_text(uint32_t code, enum language language);

#endif
