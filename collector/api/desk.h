/* desk - where a query gets its answer, and nobody waits.
 *
 * Flow     query -> [desk] -> answers kept, or figures' thread (views)
 *          -> answer -> whoever asked
 * Owns     the answers that are kept, and who waits for which.
 * Threads  any. desk_close() only when no more are asked.
 * Limits   DESK_ORDERS_MAX different queries under way, TURNS_NAME_MAX of them
 *          for one name, DESK_WAITING_MAX who wait for one; above them it is
 *          refused.
 *
 * What was made at the figures' present position is given at once. While events
 * come in the position moves with every commit: an answer is then made anew at
 * most every DESK_FRESH_US, and so that making takes one part in
 * DESK_CALM_SHARE of the figures' time, or in DESK_SHARE while they are behind
 * the ledger; until DESK_CALM_US after that (DESK_STALE_US while they are
 * behind, and a question has to wait) the one before is given. So many who look
 * cost no more than one, and none of them waits. The same query is never made
 * twice at a time, an overview and the changes of the same figures are made
 * together once somebody wanted both, and of those that wait the name that has
 * had least time comes next (turns.h).
 *
 * While figures are being computed (after a start, or by a new plan) the last
 * answer is given, whatever its age: it says of which position it is.
 *
 * Invariants
 *   I4   an answer is of exactly the position and the plan that it names.
 *   I11  the limits above; whatever one name asks for, the others' turn comes.
 */
#ifndef TALLYLINE_COLLECTOR_DESK_H
#define TALLYLINE_COLLECTOR_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/api/answers.h"
#include "collector/api/turns.h"
#include "collector/figures/figures.h"
#include "collector/line/standing.h"
#include "common/base/clock.h"

#define DESK_ORDERS_MAX  TURNS_MAX /* less than QUESTIONS_MAX */
#define DESK_WAITING_MAX 128u
#define DESK_FRESH_US    (INT64_C(500) * CLOCK_US_PER_MS)
#define DESK_CALM_US     (INT64_C(1000) * CLOCK_US_PER_MS)
#define DESK_STALE_US    (INT64_C(15000) * CLOCK_US_PER_MS)
#define DESK_SHARE       50
#define DESK_CALM_SHARE  10

struct desk; /* opaque */

/* Borrows figures, clock and standings for its life. NULL: no memory. */
struct desk *desk_open(struct figures *figures, struct standings *standings,
                       const struct clock *clock);
/* From here on everything is refused; what is under way is still answered by
 * the figures' thread, or when that is closed. */
void desk_refuse(struct desk *desk);
/* After figures_close(). */
void desk_close(struct desk **desk);

/* Whose turn an answer is that nobody in particular waits for: streams. */
#define DESK_NOBODY ""

/* The answer that can be given now, held for the caller; NULL: ask for it. One
 * that begins to be old is ordered anew, for `name`. */
struct answer *desk_find(struct desk *desk, const struct query *query,
                         const char *name);

/* How the figures stand, and the day. Nothing is filled in once it refuses. */
void desk_look(struct desk *desk, struct figures_state *state, int32_t *today);

/* Called once, on any thread; the answer is held by the desk. NULL: there will
 * be none now, ask later. */
typedef void desk_taker(void *owner, struct answer *answer);
enum desk_place {
    DESK_PLACED,
    DESK_FULL,    /* too much is under way, or it refuses */
    DESK_TOO_MANY /* too much is under way for that name */
};
/* Has it made for the taker, which is not called unless DESK_PLACED; without
 * one (NULL), for whoever comes next. `name` is who asks. */
enum desk_place desk_ask(struct desk *desk, const struct query *query,
                         const char *name, desk_taker *take, void *owner);

#endif
