/* fold_save_parts - what fold_save.c is put together from.
 *
 * Flow     fold_save.c -> fold_save_rows.c (measures), fold_save_slots.c
 *          (corrections, rows entered with a key)
 * Owns     nothing.
 *
 * Each pair writes and reads the same records. A load fills an empty fold and
 * refuses, through the reader, what could lead outside an array; STATUS_MEMORY
 * and everything else is the reader's status too.
 */
#ifndef TALLYLINE_COMMON_FOLD_SAVE_PARTS_H
#define TALLYLINE_COMMON_FOLD_SAVE_PARTS_H

#include "common/fold/fold_state.h"
#include "common/format/frames.h"

void fold_save_measures(const struct fold *fold, struct frame_writer *writer);
void fold_load_measures(struct fold *fold, struct frame_reader *reader);

void fold_save_slots(const struct fold *fold, struct frame_writer *writer);
void fold_load_slots(struct fold *fold, struct frame_reader *reader);

void fold_save_reports(const struct fold *fold, struct frame_writer *writer);
void fold_load_reports(struct fold *fold, struct frame_reader *reader);

void fold_save_entries(const struct fold *fold, struct frame_writer *writer);
/* After the slots, which entries name. */
void fold_load_entries(struct fold *fold, struct frame_reader *reader);

/* A power of two, at least `first`, that has room for `count`. */
size_t fold_load_room(size_t count, size_t first);
/* Refuses when `good` is false; gives it. */
bool fold_load_check(struct frame_reader *reader, bool good);
/* Keeps what went wrong; true for STATUS_OK. */
bool fold_load_went(struct frame_reader *reader, enum status status);

#endif
