/* admit_internal - what the files of admit share. */
#ifndef TALLYLINE_COLLECTOR_ADMIT_INTERNAL_H
#define TALLYLINE_COLLECTOR_ADMIT_INTERNAL_H

#include "collector/line/admit.h"

struct admit {
    struct admit_options options;
    struct admit_counts counts;
    struct admit_answer *answers; /* ADMIT_ANSWERS_MAX */
    size_t answer_count;
    size_t in_group; /* appended since ledger_begin() */
    bool open;       /* a group is open */
    bool full;       /* no room was found in this call */
    bool by_hand;    /* it came out of a file, not by a link */
};

/* By the key in force, or received before; from a file also by a former key, as
 * batch_signer.h says. */
bool admit_is_signed(const struct admit *admit,
                     const struct context_agent *link, struct bytes batch,
                     const struct batch_header *header);

/* What a request leads to: a refusal, or the entry that records it. */
struct admit_outcome {
    enum wire_refusal_code code;
    struct entry entry;
};

/* Signs the control documents and orders them, all or none, up to
 * PROVINCE_ORDERS_MAX; the outcome has the last one's entry. */
MUST_USE enum status admit_order_all(struct admit *admit,
                                     struct control controls[], size_t count,
                                     struct admit_outcome *outcome);
/* The same of one. */
MUST_USE enum status admit_order(struct admit *admit, struct control *control,
                                 struct admit_outcome *outcome);
/* The entry of an agent that is in force: for a request that was answered
 * before, and whose answer was lost. */
MUST_USE enum status admit_entry_in_force(const struct admit *admit,
                                          enum control_kind kind,
                                          uint32_t agent, struct entry *entry);
MUST_USE enum status admit_stream_of(const struct admit *admit,
                                     const struct random_id *agent,
                                     const struct random_id *epoch,
                                     struct ledger_stream *stream);
void admit_refuse(struct wire_down *answer, enum wire_refusal_code code);
MUST_USE enum status admit_hello(struct admit *admit,
                                 const struct intake_message *message,
                                 struct wire_down *answer);
MUST_USE enum status admit_join(struct admit *admit,
                                const struct intake_message *message,
                                struct wire_down *answer);
MUST_USE enum status admit_compare(struct admit *admit,
                                   const struct intake_message *message,
                                   struct wire_down *answer);

#endif
