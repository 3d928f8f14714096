/* tally - the live figures: the fold kept up with the ledger.
 *
 * Flow     ledger -> [tally] -> indicators, documents, status
 * Owns     the fold and the registers' state.
 * Threads  one.
 * Limits   memory as named in fold.h and registers.h.
 *
 * The daemon and every command that shows figures use this: the daemon in
 * steps (figures.h), a command once and for all.
 *
 * Invariants
 *   I4  the fold is that of exactly tally_position() entries, under the
 *       control entries among them and no others. When one of these changes
 *       what figures mean, everything is folded again from entry 0.
 *
 * So that a start need not begin there, the state is kept in a file
 * (fold_file.h), which is read by the first step and is never believed more
 * than the ledger.
 */
#ifndef TALLYLINE_COLLECTOR_TALLY_H
#define TALLYLINE_COLLECTOR_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/figures/ahead.h"
#include "collector/figures/registers.h"
#include "collector/ledger/ledger.h"
#include "collector/province/province.h"
#include "common/base/status.h"
#include "common/fold/fold.h"

struct tally; /* opaque */

/* Told now and then while much is folded, read or saved. */
struct tally_progress {
    void *owner;
    void (*folded)(void *owner, uint64_t done, uint64_t entries);
};

/* Borrows ledger and province for its life. Holds nothing before the first
 * tally_advance(). STATUS_MEMORY. */
MUST_USE enum status tally_open(struct ledger *ledger,
                                struct province *province,
                                struct tally_progress progress,
                                struct tally **tally);
void tally_close(struct tally **tally);

/* Names the file of the state, before the first step; the path is borrowed.
 * Without it nothing is read or saved. */
void tally_keep_in(struct tally *tally, const char *path);
/* Has whoever checks the ledger look at each entry that is folded (ahead.h):
 * before the first step. */
void tally_look(struct tally *tally, struct ahead_look look);
/* For whoever asks for figures and neither for the registers nor for a file of
 * the state: before the first step. What an office is served is then not kept,
 * which takes a good part of the memory and of the time. */
void tally_without_registers(struct tally *tally);
/* What the time is good for. Each saves when so much has been folded since the
 * last time that it pays: under load rarely, since all of the state is
 * written; when nothing else is to do, sooner. */
enum tally_occasion {
    TALLY_UNDER_LOAD,
    TALLY_IDLE,
    TALLY_STOPPING,
    TALLY_OCCASION_END
};
bool tally_due(const struct tally *tally, enum tally_occasion occasion);
/* The position that was read from the file; 0: everything was folded. */
uint64_t tally_begun(const struct tally *tally);
/* Saves the state as of the position. What goes wrong is logged, and it is due
 * again later: the file only saves time. `digest`, which may be NULL, gets the
 * hash of the file. STATUS_FULL also when the disk is to be left to the
 * ledger; STATUS_IO, STATUS_CORRUPT, STATUS_MEMORY. */
enum status tally_save(struct tally *tally, struct digest *digest);
/* The same, and the disk is not waited for: it goes on behind what is folded
 * next (save_file.h). Not due again meanwhile. */
enum status tally_save_start(struct tally *tally, struct digest *digest);
/* Whether the disk is still at it, by the last look. */
bool tally_saving(const struct tally *tally);
void tally_save_look(struct tally *tally);

/* Holds the file at `path` against the state as of the position, saved under
 * the control entries among the first `controls`: `offset` gets the first byte
 * that differs, UINT64_MAX when none does; `digest` that of the whole state.
 * Statuses as tally_save(), and STATUS_NOT_FOUND. */
MUST_USE enum status tally_compare(struct tally *tally, const char *path,
                                   uint64_t controls, uint64_t *offset,
                                   struct digest *digest);

/* Folds what the ledger got since the last call. `changes` is a set of enum
 * context_change: what control entries changed meanwhile. STATUS_CORRUPT,
 * STATUS_IO, STATUS_MEMORY, STATUS_AWAY (a cold file is missing): the tally is
 * no longer of any use but for tally_forget(). */
MUST_USE enum status tally_advance(struct tally *tally, unsigned *changes);
/* The same for at most `entries` of them, after which outcomes and registers
 * may be read, but no figures; `more` says that the ledger holds more. Control
 * entries are read to the ledger's end at once, so that nothing is folded under
 * a state that is over already. */
MUST_USE enum status tally_step(struct tally *tally, uint64_t entries,
                                unsigned *changes, bool *more);
/* After steps: figures may be read as of the position. STATUS_MEMORY; what the
 * ledger answers. */
MUST_USE enum status tally_settle(struct tally *tally);
/* Told of each event as soon as it has been folded; what it answers other than
 * STATUS_OK ends the step. Corrections have not taken effect then: before
 * figures are read it calls tally_settle_within(). `folded` NULL: nobody is
 * told. */
struct tally_watch {
    void *owner;
    enum status (*folded)(void *owner, const struct entry *entry, uint64_t id,
                          const struct event *event);
};
void tally_watch(struct tally *tally, struct tally_watch watch);
/* Only from within `folded`: after it figures may be read, of all that was
 * folded so far. STATUS_MEMORY, or what the ledger answers. */
MUST_USE enum status tally_settle_within(struct tally *tally);
/* Lets the next step begin again, with the file of the state or from nothing,
 * as it did at first: after STATUS_AWAY, when the missing file may be back. */
void tally_forget(struct tally *tally);
/* Whether the fold is what tally_position() entries make (I4). Not while a
 * control entry lies behind that position: it has been read before. */
bool tally_complete(const struct tally *tally);

/* Valid until the next tally_step(), like all below. */
const struct fold *tally_fold(const struct tally *tally);
struct registers *tally_registers(const struct tally *tally);
/* An event by its id, decoded. STATUS_NOT_FOUND; STATUS_CORRUPT, STATUS_IO. */
MUST_USE enum status tally_event(struct tally *tally, uint64_t id,
                                 struct event *event);
/* How many entries the figures are of, and the hash of the last one's record
 * (zero for an empty ledger): two of the coordinates of a figure. */
uint64_t tally_position(const struct tally *tally);
const struct digest *tally_last(const struct tally *tally);

#endif
