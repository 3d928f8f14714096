/* fold_save - the state of a fold as bytes, and back.
 *
 * Flow     fold -> [fold_save] -> frames -> file -> frames -> [fold_save]
 * Owns     nothing; a fold that was loaded belongs to the caller.
 * Threads  one; saving only reads the fold.
 * Limits   no copy of the state is made: memory as named in frames.h.
 *
 * The bytes are a function of the context and the ledger prefix, whether the
 * fold began at entry 0 or was itself loaded. They hold everything that later
 * events can meet (sums, dated rows, rows entered with a key, things with
 * corrections, outcomes, how far each stream is), and nothing that can be made
 * from it. Numbers of measures and units are positions in the plan and the
 * units: whoever keeps the bytes must keep with them which context they are of
 * and which program wrote them.
 *
 * Invariants
 *   I4  a fold that was loaded and goes on is the fold of the whole prefix.
 */
#ifndef TALLYLINE_COMMON_FOLD_SAVE_H
#define TALLYLINE_COMMON_FOLD_SAVE_H

#include "common/base/status.h"
#include "common/fold/fold.h"
#include "common/fold/fold_rows.h"
#include "common/format/frames.h"

/* Saves the fold as of its position; no event may have been folded since that
 * was set. What goes wrong is the writer's to say. */
void fold_save(const struct fold *fold, struct frame_writer *writer);
/* Gives. STATUS_CORRUPT: these bytes are no state under this context; else
 * what the reader answers, or STATUS_MEMORY. */
MUST_USE enum status fold_load(const struct context *context,
                               struct fold_source source,
                               struct frame_reader *reader, struct fold **fold);

/* The same for rows that stand by themselves: settled ones, and into rows that
 * were made with as many fields and hold nothing. A row's place must be below
 * `places`. What goes wrong is the writer's, or the reader's, to say. */
void fold_save_rows(const struct fold_rows *rows, struct frame_writer *writer);
void fold_load_rows(struct fold_rows *rows, size_t places,
                    struct frame_reader *reader);

#endif
