/* agents - how the line to each office stands, while the collector runs.
 *
 * Flow     intake, admit -> [agents] -> documents, heartbeats, status
 * Owns     one struct agent_line an office, until agents_free().
 * Threads  one.
 * Limits   CONTEXT_AGENTS_MAX lines; AGENTS_CREDIT_TOTAL bytes of credit for
 *          all that are live together.
 *
 * Nothing here outlives the process: what must last is in the ledger, as that
 * a stream is frozen (admit_recall).
 */
#ifndef TALLYLINE_COLLECTOR_AGENTS_H
#define TALLYLINE_COLLECTOR_AGENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/line/documents.h"
#include "collector/line/intake.h"
#include "common/base/clock.h"
#include "common/format/entry.h"
#include "common/format/wire.h"

#define AGENTS_CREDIT_TOTAL UINT64_C(268435456) /* bytes on the way, of all */
#define AGENTS_CREDIT_LEAST UINT64_C(524288)    /* bytes of one */
/* An old link may still deliver what lay in its queue. When it speaks this
 * long after a newer one took its place, two machines use one key. */
#define AGENTS_OLD_LINK_US (INT64_C(5) * CLOCK_US_PER_S)

/* Receipts that wait for room in an office's queue. It has fewer batches on its
 * way; what comes on top it asks for again. */
#define AGENTS_OWED_MAX 256u

/* What smells of a copied machine, a stolen key or a fault of the program. */
enum agents_alarm {
    AGENTS_POSITION_TAKEN, /* other bytes at a place that is taken */
    AGENTS_CHAIN_BROKEN,   /* in order, but behind another batch */
    AGENTS_BAD_SIGNATURE,
    AGENTS_WRONG_AGENT, /* a batch of another agent than the link's */
    AGENTS_TWO_LINKS,   /* two live links with one key */
    AGENTS_ROLLED_BACK, /* has saved less than it was given receipts for */
    AGENTS_ALARM_END
};

/* Which control entries an office mirrors, and what is on its way to it. */
struct agent_mirror {
    uint64_t next;   /* all below it are there */
    size_t breaks;   /* of the ledger's breaks it follows so many */
    bool on_a_break; /* the next one is what is on its way */
    bool on_its_way; /* a Given that was not yet taken */
    bool no_room;    /* the queue was full: later */
    bool went_back;  /* since its hello it took out what it had */
};

/* What an office wants back of its own past. */
struct agent_history {
    bool wanted;
    uint64_t next; /* it has all below this index */
};

struct agent_line {
    uint32_t number;
    /* The link that answers go to: of the last message. */
    struct intake_route route;
    struct intake_route old_route;
    bool has_route, has_old_route;
    int64_t route_since; /* monotonic */
    int64_t heard_at;    /* wall; 0: never */
    int64_t heard_mono;
    bool welcomed;         /* a hello on this link was answered */
    int64_t beat_mono;     /* when it was last sent a heartbeat */
    uint64_t capabilities; /* from the hello */
    char software[WIRE_NAME_MAX];
    struct wire_agent_heartbeat heartbeat; /* the last; `now` 0: none */
    uint32_t frozen;                       /* ordinal of a frozen epoch, or 0 */
    uint64_t frozen_at; /* first seq of it that nobody may write any more */

    uint64_t batches, duplicates, events; /* taken since the start */
    int64_t receipt_at;                   /* wall; 0: none since the start */
    uint64_t entries; /* in the ledger up to its last batch; 0: none since */
    uint32_t refusal; /* last code; 0: none */
    int64_t refused_at;
    uint64_t alarms[AGENTS_ALARM_END];
    int64_t alarm_at;    /* wall, of the last */
    int64_t clock_ahead; /* of ours, microseconds, when it last said */

    uint64_t holds;     /* by its hello, nothing of it lies at or above this */
    uint64_t held;      /* size of the checkpoint that it keeps; 0: none */
    uint64_t held_from; /* size that its next proof begins at */
    bool disputes;      /* it is not of this ledger */
    int64_t shown_mono; /* when it was last shown one; 0: not since the hello */
    bool wants_proof;
    struct wire_proof_wanted wants;

    uint8_t (*owed)[ENTRY_BYTES]; /* receipts; NULL: there never were any */
    size_t owed_count;
    struct documents_line documents;
    struct agent_mirror mirror;
    struct agent_history history;
};

struct agents; /* opaque */

/* Borrows the clock. NULL when there is no memory. */
struct agents *agents_new(const struct clock *clock);
void agents_free(struct agents **agents);

/* The line of an agent, made when it is new. NULL above the limit or without
 * memory. Valid as long as `agents`. */
struct agent_line *agents_line(struct agents *agents, uint32_t number);
/* NULL when nothing was heard of it since the start. */
struct agent_line *agents_find(const struct agents *agents, uint32_t number);
/* In the order in which they were first heard; NULL behind the last. */
struct agent_line *agents_at(const struct agents *agents, size_t position);

/* A message came over `route`. */
void agents_hear(struct agents *agents, struct agent_line *line,
                 const struct intake_route *route);
/* Heard within WIRE_DEAD_US. */
bool agents_live(const struct agents *agents, const struct agent_line *line);
/* Keeps receipts that the office's queue had no room for, AGENTS_OWED_MAX at
 * most; without memory none. */
void agents_owe(struct agent_line *line, const uint8_t entries[][ENTRY_BYTES],
                size_t count);
/* Counts and logs an alarm; `seq` says where, 0 for nowhere. */
void agents_alarm(struct agents *agents, struct agent_line *line,
                  enum agents_alarm alarm, uint64_t seq);
/* How many bytes each live agent may have on its way; none while they are to
 * hold back. */
void agents_hold(struct agents *agents, bool hold);
uint64_t agents_credit(const struct agents *agents);

/* One word in snake_case, and a sentence. Valid for ever. */
const char *agents_alarm_token(enum agents_alarm alarm);
const char *agents_alarm_text(enum agents_alarm alarm, enum language language);

#endif
