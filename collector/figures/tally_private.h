/* tally_private - what tally.c and tally_file.c share; nobody else's. */
#ifndef TALLYLINE_COLLECTOR_TALLY_PRIVATE_H
#define TALLYLINE_COLLECTOR_TALLY_PRIVATE_H

#include "collector/figures/batch_cache.h"
#include "collector/figures/fold_file.h"
#include "collector/figures/tally.h"

struct tally {
    struct ledger *ledger;     /* borrowed */
    struct province *province; /* borrowed */
    struct tally_progress progress;
    struct fold *fold;
    struct registers *registers;
    bool no_registers; /* nobody asks for them */
    struct tally_watch watch;
    struct fold_judge *judge;         /* of the fold's context */
    struct ahead *ahead;              /* read once, in order */
    struct ahead_look look;           /* what it has looked at */
    struct batch_cache *look_ups;     /* of the fold, anywhere before */
    struct ledger_snapshot *snapshot; /* while advancing */
    uint64_t position;
    struct digest last;
    const char *path;         /* of the state; NULL: none. Borrowed */
    struct save_file *saving; /* it is becoming durable; NULL */
    uint64_t saving_position;
    uint64_t saved_events; /* when it was saved, read or tried last */
    uint64_t begun;        /* position that was read from it */
};

/* Waits for what is being saved. */
void tally_save_finish(struct tally *tally);
/* What is being saved is of no use any more. */
void tally_save_drop(struct tally *tally);
/* How many events the fold holds. */
uint64_t tally_events(const struct tally *tally);
/* The file of the state, while a snapshot is open. */
struct fold_file tally_file(struct tally *tally);

#endif
