/* serve - one turn of the collector: drain, admit, commit, answer, tell.
 *
 * Flow     intake -> [serve] -> ledger -> receipts, figures, documents
 * Owns     what stands between the ledger and the sockets: context, lines, the
 *          answers under way, and the thread of the figures.
 * Threads  one; nothing in a turn waits for a peer, nor for the figures, which
 *          follow the ledger on their own thread (figures.h).
 * Limits   what one turn takes is bounded by the drain (intake.h); what it
 *          sends to one office by that office's queue, and what it makes for
 *          all of them by SERVE_DOWN_US_MAX.
 *
 * Failure modes: a link that is gone is counted, the office asks again. No
 * room: batches are refused with "full" and taken as soon as there is some. A
 * commit that failed ends the process with code 74; the next start reads back
 * what is durable. Entries that were lost: nothing is taken in until the
 * offices have given them back (recovery.h).
 *
 * Invariants
 *   I2  receipts leave after the commit, and before anything else is done.
 */
#ifndef TALLYLINE_COLLECTOR_SERVE_H
#define TALLYLINE_COLLECTOR_SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/figures/figures.h"
#include "collector/ledger/checkpoints.h"
#include "collector/ledger/cold_move.h"
#include "collector/ledger/ledger.h"
#include "collector/line/admit.h"
#include "collector/line/agents.h"
#include "collector/line/listen_socket.h"
#include "collector/line/standing.h"
#include "collector/province/keys.h"
#include "collector/province/province.h"
#include "collector/recovery/recovery.h"
#include "common/base/clock.h"
#include "common/base/status.h"

#define SERVE_OWED_MS      20   /* between tries to send what is owed */
#define SERVE_QUEUE_MS     1000 /* between tries to send a document on */
#define SERVE_DOWN_US_MAX  (INT64_C(10) * CLOCK_US_PER_MS) /* of documents */
#define SERVE_SELF_TEST_US (INT64_C(300) * CLOCK_US_PER_S)
/* Between two checkpoints that one office is shown. */
#define SERVE_WITNESS_US   (INT64_C(60) * CLOCK_US_PER_S)
#define SERVE_READERS_US   (INT64_C(60) * CLOCK_US_PER_S)
#define SERVE_COLD_US      (INT64_C(600) * CLOCK_US_PER_S)
#define SERVE_COLD_MORE_US (INT64_C(5) * CLOCK_US_PER_S) /* between files */

struct serve_links; /* serve_recovery.h */

struct serve {
    struct ledger *ledger;        /* borrowed */
    struct listen_socket *listen; /* borrowed */
    const struct keys *keys;      /* borrowed */
    const struct clock *clock;    /* borrowed */
    struct standings *standings;  /* borrowed; NULL: nobody looks */
    const char *state;            /* borrowed; file of the figures' state */
    const char *cold_dir;         /* borrowed; see cold_move.h */
    uint32_t cold_after_days;     /* 0: nothing is moved to cold files */
    unsigned scrub_hour;          /* of the province's day */
    uint64_t scrub_bytes_per_s;   /* 0: the ledger is not scrubbed */
    struct province *province;
    struct figures *figures;
    struct heal *heal;
    struct checkpoints *checkpoints; /* NULL: it signs none */
    bool nameless;                   /* and was told why */
    struct agents *agents;
    struct admit *admit;
    struct cold_move *cold; /* NULL: not begun */
    int64_t cold_at;        /* monotonic: look again */
    struct recovery *recovery;
    struct serve_links *links;    /* of a recovery; NULL: none */
    int64_t started_at;           /* wall */
    uint64_t keys_position;       /* the key table is of this position */
    bool keys_open;               /* unknown keys are let in too */
    uint64_t entries;             /* in the ledger */
    struct figures_state told;    /* the last complete one offices heard of */
    struct figures_state figured; /* the last one seen */
    int64_t tested_at, looked_at; /* monotonic: self-test, dead readers */
    size_t next_line;             /* whose documents are looked at next */
    bool busy;                    /* the last drain left something behind */
};

/* Lets the enrolled keys in, and lets the ledger be folded meanwhile. The
 * fields marked as borrowed are the caller's and set before. */
MUST_USE enum status serve_open(struct serve *serve);
void serve_close(struct serve *serve);

/* Takes what waits and does all that follows from it. STATUS_IO,
 * STATUS_CORRUPT, STATUS_MEMORY, STATUS_REFUSED (a stranger was let in): end
 * the process. */
MUST_USE enum status serve_turn(struct serve *serve);
/* How long the next turn may be put off when nothing comes in. */
int serve_wait_ms(const struct serve *serve);

/* ---- the parts of a turn ---- */

/* Brings the table of keys up to the province. */
MUST_USE enum status serve_let_in(struct serve *serve);
/* Sends what the batches are answered, receipts of one link together. What an
 * office's queue has no room for is owed. */
void serve_receipts(struct serve *serve, const struct admit_answer answers[],
                    size_t count);
/* Sends the receipts that are owed, as far as there is room by now. */
void serve_owed(struct serve *serve);
/* The office is known and gets everything that it has not. */
void serve_welcome(struct serve *serve, struct agent_line *line,
                   const struct wire_hello *hello);
/* How many of the breaks on record an office follows by its hello; all of them
 * if its program knows of none. */
size_t serve_breaks_followed(struct serve *serve,
                             const struct wire_hello *hello);
/* Takes what the figures' thread has got done, and marks what offices may have
 * to be told. STATUS_CORRUPT, STATUS_IO, STATUS_MEMORY: it has ended. */
MUST_USE enum status serve_figures(struct serve *serve);
/* Notes what the ledger has got from batches, and lets it be folded. */
void serve_note_entries(struct serve *serve,
                        const struct admit_answer answers[], size_t count);
/* Takes batches that were carried here by hand. Appends to `out` for each, as
 * size (4 bytes) and frame, what the line would have answered: its receipt, or
 * a refusal. STATUS_IO, STATUS_CORRUPT, STATUS_MEMORY as admit_batches(). */
MUST_USE enum status serve_stick(struct serve *serve,
                                 const struct bytes batches[], size_t count,
                                 struct buffer *out);
/* Answers the commands of this machine. */
MUST_USE enum status serve_control(struct serve *serve);
/* Signs a checkpoint when it is time, and shows it to the offices, each at most
 * once in SERVE_WITNESS_US. STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status serve_witnesses(struct serve *serve);
/* The checkpoint that an office shows with its hello. */
MUST_USE enum status serve_shown(struct serve *serve, struct agent_line *line,
                                 const struct wire_hello *hello);
/* A cosignature, an objection, or a question for a proof. */
MUST_USE enum status serve_witnessed(struct serve *serve,
                                     const struct intake_message *message);
/* Once there is a genesis. */
MUST_USE enum status serve_open_checkpoints(struct serve *serve);
/* Monotonic; INT64_MAX: nothing to sign or to show. */
int64_t serve_witness_due_at(const struct serve *serve);
/* Sends documents and heartbeats that are due; when the time for documents is
 * over the next turn goes on with the next office. */
MUST_USE enum status serve_down(struct serve *serve);
/* Gives the office the next batches of its own past, which it asked for. As
 * below. */
MUST_USE enum status serve_give_history(struct serve *serve,
                                        struct agent_line *line);
/* Gives the office the next control entries that it does not mirror yet, one
 * message at a time. STATUS_NOT_FOUND: the link is gone. */
MUST_USE enum status serve_give(struct serve *serve, struct agent_line *line);
/* Whether there is something to give it now. */
bool serve_gives(const struct serve *serve, const struct agent_line *line);
/* The office has kept what it was given; `line` may be NULL. */
void serve_taken(struct agent_line *line, const struct wire_taken *taken);
/* Moves one file of old batches out of the store when that is due. What goes
 * wrong is logged and tried again later; STATUS_IO: the ledger itself
 * failed. */
MUST_USE enum status serve_cold(struct serve *serve);
/* Has it look at the folder anew: the rule is another one. */
void serve_cold_again(struct serve *serve);
/* Publishes how things stand, when it is time. */
void serve_look(struct serve *serve);
/* How things stand, as one JSON object. */
MUST_USE enum status serve_standing(const struct serve *serve,
                                    struct buffer *out);

#endif
