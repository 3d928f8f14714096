/* admit_internal - what the files of admit share. */
#ifndef TALLYLINE_COLLECTOR_ADMIT_INTERNAL_H
#define TALLYLINE_COLLECTOR_ADMIT_INTERNAL_H

#include "collector/admit.h"

struct admit {
    struct admit_options options;
    struct admit_counts counts;
    struct admit_answer *answers; /* ADMIT_ANSWERS_MAX */
    size_t answer_count;
    size_t in_group; /* appended since ledger_begin() */
    bool open;       /* a group is open */
    bool full;       /* no room was found in this call */
};

void admit_refuse(struct wire_down *answer, enum wire_refusal_code code);
MUST_USE enum status admit_hello(struct admit *admit,
                                 const struct intake_message *message,
                                 struct wire_down *answer);
MUST_USE enum status admit_compare(struct admit *admit,
                                   const struct intake_message *message,
                                   struct wire_down *answer);

#endif
