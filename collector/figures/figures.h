/* figures - the live figures, on a thread of their own.
 *
 * Flow     ledger -> [figures] -> documents of the offices -> serve
 *          questions (questions.h) -> [figures] -> whoever asked
 * Owns     the thread, and with it a province and a tally that nobody else
 *          reads or changes; the documents that wait to be taken.
 * Threads  two: the calls below are those of the thread that opened it, but
 *          figures_ask() and figures_look(), which are for any; the folding is
 *          the figures' own. They share the ledger (one writes, the other reads
 *          snapshots) and, under a lock, the orders and the state.
 * Limits   FIGURES_ORDERS_MAX documents ordered and not yet taken;
 *          FIGURES_STEP_ENTRIES entries folded before it looks at the orders;
 *          while there is more to fold, documents take at most one part in
 *          FIGURES_SHARE of its time, questions one in FIGURES_ASK_SHARE, and
 *          saving one in FIGURES_SAVE_SHARE.
 *
 * The state of the figures is saved by this thread (tally.h): under load when
 * much has been folded since the last time, after FIGURES_IDLE_S without work,
 * and when the thread is ended. While it is written nothing is folded and no
 * document is made, and what comes in waits in the ledger; the disk is not
 * waited for (save_file.h).
 *
 * Whoever takes batches in must not wait for the fold: a control entry may
 * have everything folded again, which takes as long as the ledger is long.
 * Until it is done, an order is answered with "later".
 *
 * Failure modes: what the ledger cannot give, or no memory, ends the thread
 * and is the state's status from then on; the caller ends the process.
 *
 * Invariants
 *   I4   a document is made from the fold of exactly the prefix whose
 *        position it names, under that prefix's own control entries.
 *   I11  orders beyond the limit are refused, never queued.
 */
#ifndef TALLYLINE_COLLECTOR_FIGURES_H
#define TALLYLINE_COLLECTOR_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/figures/questions.h"
#include "collector/ledger/ledger.h"
#include "collector/line/documents.h"
#include "collector/province/keys.h"
#include "common/base/clock.h"
#include "common/base/status.h"

#define FIGURES_ORDERS_MAX   16u
#define FIGURES_STEP_ENTRIES 32u
#define FIGURES_SHARE        40
#define FIGURES_ASK_SHARE    40
#define FIGURES_SAVE_SHARE   12
#define FIGURES_ASK_US_MAX   (INT64_C(1) * CLOCK_US_PER_S) /* of a round */
/* A question that took longer is waited for no longer than such a one. */
#define FIGURES_DEBT_US   (INT64_C(250) * CLOCK_US_PER_MS)
#define FIGURES_IDLE_S    20
#define FIGURES_SAVING_MS 200 /* between looks whether the state is saved */
#define FIGURES_AWAY_S    5   /* between looks for a cold file */

struct figures; /* opaque */

struct figures_options { /* all borrowed for the life of the figures */
    struct ledger *ledger;
    const struct keys *keys;
    const struct clock *clock;
    const char *state; /* file that the state is kept in; NULL: none */
};

/* Starts the thread, which begins to fold. Gives. STATUS_MEMORY, STATUS_IO. */
MUST_USE enum status figures_open(const struct figures_options *options,
                                  struct figures **figures);
/* Ends the thread after its step, finished or not, and saves the state. */
void figures_close(struct figures **figures);

/* Readable when there is something to take or the state has changed, until
 * figures_state(). -1 for NULL. */
int figures_descriptor(const struct figures *figures);

/* The ledger has got more. */
void figures_wake(struct figures *figures);

/* What the thread's time went to since it began, the clock's, not the
 * processor's. */
enum figures_work {
    FIGURES_FOLDING,
    FIGURES_ANSWERING, /* questions */
    FIGURES_DOCUMENTS,
    FIGURES_SAVING,
    FIGURES_WORK_END
};

struct figures_state {
    uint64_t position; /* entries that the figures are of */
    bool complete;     /* false: they are being computed */
    bool behind;       /* the last step left something to fold */
    /* Grows when figures may mean something else than before: a control entry
     * was read, or what was incomplete is complete again. */
    uint64_t generation;
    uint64_t registers; /* registers_revision() */
    uint64_t spent_us[FIGURES_WORK_END];
    enum status status; /* STATUS_OK, or why it has ended */
};
void figures_state(struct figures *figures, struct figures_state *state);

/* The same, and the descriptor stays readable: for any thread. */
void figures_look(struct figures *figures, struct figures_state *state);
/* Has the question answered, for any thread; not once figures_close() was
 * called. False: too many wait, or the thread has ended. */
bool figures_ask(struct figures *figures,
                 const struct figures_question *question);

/* Whether the thread has nothing to do, or has got on since the last call. */
bool figures_alive(struct figures *figures);

/* Orders a document of DOCUMENTS_LIVE; `ticket`, never 0, comes back with it.
 * False: too many are under way. */
bool figures_order(struct figures *figures, const struct documents_order *order,
                   uint64_t *ticket);

struct figures_answer {
    uint64_t ticket;
    struct documents_order order;
    bool later; /* not made: the figures are being computed */
    struct documents_made made;
};
/* Takes the next answer, in the order of the orders. False: there is none.
 * Give `made` to documents_send() or documents_made_fini(). */
bool figures_take(struct figures *figures, struct figures_answer *answer);

#endif
