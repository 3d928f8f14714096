/* standing - how the office stands with its province, in words: one and the
 * same for `status` and the page.
 *
 * Flow     spool -> [standing] -> sentences
 * Owns     nothing; the value is a copy.
 * Threads  one, as the spool.
 * Limits   STANDING_TEXT_MAX bytes a text. A look costs as much for a full
 *          spool as for an empty one.
 *
 * Room left in days is arithmetic, not a promise: what the office has recorded
 * a day in the last STANDING_RATE_DAYS, times what one of its events takes. An
 * office that began less than STANDING_RATE_MIN_DAYS ago has no such number.
 */
#ifndef TALLYLINE_AGENT_STANDING_H
#define TALLYLINE_AGENT_STANDING_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/office/office.h"
#include "agent/spool/spool.h"
#include "agent/spool/spool_outbox.h"
#include "agent/spool/spool_witness.h"

#define STANDING_TEXT_MAX      1024u /* with the closing zero */
#define STANDING_RATE_DAYS     28
#define STANDING_RATE_MIN_DAYS 7
#define STANDING_DAYS_UNKNOWN  UINT32_MAX
#define STANDING_DAYS_MAX      3650u /* "more than ten years" */

enum standing_line {
    STANDING_CONNECTED,
    STANDING_DOWN,
    STANDING_NEVER,
    STANDING_REFUSED,
    /* Stands still until somebody acts: */
    STANDING_POSITION_TAKEN,
    STANDING_REVOKED,
    STANDING_CHAIN_BROKEN
};

struct standing {
    const struct office *office;
    bool service; /* the daemon runs: else nobody keeps the line up */
    int64_t now;
    struct spool_link link;
    struct spool_counts counts;
    struct spool_witness witness;
    struct entry last; /* the last receipt */
    bool has_last;
    uint64_t room_left;  /* bytes that new events may take */
    uint64_t per_day_e2; /* events a day of late, in hundredths */
    uint32_t days_left;  /* STANDING_DAYS_UNKNOWN: nobody can tell */
};

MUST_USE enum status standing_look(const struct office *office, bool service,
                                   int64_t now, struct standing *standing);

enum standing_line standing_line(const struct standing *standing);
/* One word, for files. Valid for ever. */
const char *standing_line_token(enum standing_line line);
/* Whether it stands still until somebody acts. */
bool standing_is_frozen(enum standing_line line);

/* How the line stands and what is to be done. */
void standing_line_text(const struct standing *standing, enum language language,
                        char text[STANDING_TEXT_MAX]);
/* The same for somebody who has just saved something: how long it has been
 * down, and what that means for what waits. */
void standing_sentence(const struct standing *standing, enum language language,
                       char text[STANDING_TEXT_MAX]);
/* What is left of the room, in MiB and in days. */
void standing_room_text(const struct standing *standing, enum language language,
                        char text[STANDING_TEXT_MAX]);
/* What is wrong with the province's ledger as this office has witnessed it;
 * empty when nothing is. */
void standing_ledger_text(const struct standing *standing,
                          enum language language, char text[STANDING_TEXT_MAX]);

/* ---- the same of spool_witness alone ---- */

extern const struct language_text standing_behind; /* it has less than it had */
extern const struct language_text standing_not_shown; /* ends in "entry" */

/* Whether somebody has to be told: the province's ledger is not what it was. */
bool standing_alarm(const struct spool_witness *witness);
/* The province does not show that a receipt of this office is in the ledger,
 * though it was asked again and again, for a day and longer. */
bool standing_unanswered(const struct spool_witness *witness, int64_t now);
/* One word; "good" when nothing is wrong. */
const char *standing_ledger_token(const struct spool_witness *witness,
                                  int64_t now);

#endif
