/* wire_walk - the bodies of the documents that the collector makes itself:
 * the things that offices share, and the events that do not count.
 *
 * Flow     registers, outcomes -> [pack] -> document -> [walk] -> spool
 * Owns     nothing: a walk borrows its body.
 * Threads  pure.
 * Limits   WIRE_REGISTER_ITEMS_MAX and WIRE_OUTCOME_ITEMS_MAX things a body.
 *
 * Invariants
 *   I11  a walk gives nothing beyond a limit and ends at the body's end.
 */
#ifndef TALLYLINE_COMMON_WIRE_WALK_H
#define TALLYLINE_COMMON_WIRE_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/format/wire.h"

struct wire_register_item {
    uint32_t kind; /* enum reference_kind */
    uint64_t reference;
    uint32_t units[WIRE_REGISTER_UNITS_MAX];
    size_t unit_count;
    uint32_t category; /* 0: none */
    uint32_t state;    /* 0: none */
};

struct wire_outcome {
    uint64_t event; /* id60 */
    uint32_t outcome, field, rule;
    uint64_t value, other;
};

struct wire_outcomes {
    const struct wire_outcome *items;
    size_t count;
    uint64_t total; /* how many there are, if not all fit */
    uint64_t index; /* ledger entries taken into account */
};

/* Append one item of the body "registers", or the whole body "outcomes". */
MUST_USE enum status wire_pack_register_item(
    const struct wire_register_item *item, struct buffer *out);
MUST_USE enum status wire_pack_outcomes(const struct wire_outcomes *outcomes,
                                        struct buffer *out);
/* Reads a body thing by thing, from where it lies. */
struct wire_walk {
    struct bytes left; /* borrowed */
    uint32_t given;
    uint64_t total, index; /* of outcomes, once all were given */
};
void wire_walk_init(struct wire_walk *walk, struct bytes body);
/* The next thing. STATUS_NOT_FOUND behind the last one; STATUS_INVALID: no such
 * body, or beyond a limit, and nothing of it is worth anything. */
MUST_USE enum status wire_walk_register(struct wire_walk *walk,
                                        struct wire_register_item *item);
MUST_USE enum status wire_walk_outcome(struct wire_walk *walk,
                                       struct wire_outcome *item);

#endif
