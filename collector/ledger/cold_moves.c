/* Failure modes: a control entry that cannot be read ends the reading; a file
 * that is missing or another one is an answer. */
#include "collector/ledger/cold_moves.h"

#include "collector/ledger/ledger_move.h"
#include "common/base/log.h"
#include "common/format/control.h"

#include <stdlib.h>

#define MOVES_FIRST 64u

/* ---- what entries tell of ---- */

static enum status add_move(struct cold_moves *moves, uint64_t entry,
                            const struct control_cold_move *move, size_t *room)
{
    if (moves->count == COLD_FILES_MAX) {
        return STATUS_FULL;
    }
    if (moves->count == *room) {
        size_t more = *room == 0 ? MOVES_FIRST : *room * 2;
        struct cold_told *grown =
            realloc(moves->list, more * sizeof *moves->list);

        if (grown == NULL) {
            return STATUS_MEMORY;
        }
        moves->list = grown;
        *room = more;
    }
    moves->list[moves->count++] = (struct cold_told){.entry = entry,
                                                     .from = move->from_index,
                                                     .to = move->to_index,
                                                     .digest = move->file};
    return STATUS_OK;
}

enum status cold_moves_read(const struct ledger_snapshot *snapshot,
                            struct cold_moves *moves)
{
    size_t room = 0;
    struct entry entry;
    struct bytes document;
    enum status status = ledger_next_control(snapshot, 0, &entry);

    *moves = (struct cold_moves){.list = NULL};
    while (status == STATUS_OK) {
        struct control *control = NULL;

        status = ledger_bytes(snapshot, &entry, &document);
        if (status == STATUS_OK) {
            status = control_open(document, NULL, &control);
        }
        if (status == STATUS_OK && control->kind == CONTROL_COLD_MOVE) {
            status = add_move(moves, entry.index, &control->cold_move, &room);
        }
        control_free(&control);
        if (status == STATUS_OK) {
            status = ledger_next_control(snapshot, entry.index + 1, &entry);
        }
    }
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    cold_moves_free(moves);
    return status;
}

void cold_moves_free(struct cold_moves *moves)
{
    free(moves->list);
    *moves = (struct cold_moves){.list = NULL};
}

const struct cold_told *cold_moves_find(const struct cold_moves *moves,
                                        const struct digest *digest)
{
    for (size_t i = moves->count; i > 0; i--) {
        if (digest_equal(&moves->list[i - 1].digest, digest)) {
            return &moves->list[i - 1];
        }
    }
    return NULL;
}

static int by_entry(const void *left, const void *right)
{
    const struct cold_told *a = left, *b = right;

    return a->entry < b->entry ? -1 : a->entry > b->entry ? 1 : 0;
}

const struct cold_told *cold_moves_of(const struct cold_moves *moves,
                                      uint64_t entry)
{
    struct cold_told wanted = {.entry = entry};

    return moves->count == 0 ? NULL
                             : bsearch(&wanted, moves->list, moves->count,
                                       sizeof *moves->list, by_entry);
}

/* A crash leaves NAME.new: without its entry, or before it got its name. */
enum status cold_moves_settle(const char *folder,
                              const struct cold_moves *moves)
{
    struct cold_files files;
    enum status status = cold_files_read(folder, &files);

    for (size_t i = 0; i < files.count && status == STATUS_OK; i++) {
        const struct cold_file *file = &files.list[i];

        if (!file->fresh) {
            continue;
        }
        status = STATUS_NOT_FOUND;
        if (file->status == STATUS_OK &&
            cold_moves_find(moves, &file->digest) != NULL) {
            status = cold_publish(folder, file->number);
        }
        if (status == STATUS_NOT_FOUND || status == STATUS_EXISTS) {
            log_info("removes a cold file that was not finished",
                     log_number("file", file->number));
            cold_remove_fresh(folder, file->number);
            status = STATUS_OK;
        }
    }
    cold_files_free(&files);
    return status;
}

/* ---- what is there ---- */

/* Batches move all at once: the first one that was not erased says it. */
enum status cold_moves_number(const struct ledger_snapshot *snapshot,
                              const struct cold_told *told, uint32_t *number)
{
    struct moved moved;
    struct entry entry;

    for (uint64_t i = told->from; i <= told->to; i++) {
        enum status status = ledger_entry(snapshot, i, &entry);

        if (status != STATUS_OK) {
            return status;
        }
        if (entry.kind != ENTRY_BATCH) {
            continue;
        }
        status = ledger_where(snapshot, &entry, &moved);
        if (status != STATUS_OK) {
            return status;
        }
        if (moved.kind == MOVED_COLD) {
            *number = moved.file;
            return moved.control == told->entry ? STATUS_OK : STATUS_NOT_FOUND;
        }
    }
    return STATUS_NOT_FOUND;
}

enum status cold_moves_look(const struct ledger_snapshot *snapshot,
                            const struct cold_files *files,
                            const struct cold_told *told, uint32_t *number)
{
    const struct cold_file *file;
    enum status status = cold_moves_number(snapshot, told, number);

    if (status != STATUS_OK) {
        return status;
    }
    file = cold_files_at(files, *number);
    if (file == NULL) {
        return STATUS_AWAY;
    }
    return file->status == STATUS_OK &&
                   digest_equal(&file->digest, &told->digest)
               ? STATUS_OK
               : STATUS_INVALID;
}

/* ---- a table that is damaged ---- */

static enum status list_rows(const struct ledger_snapshot *snapshot,
                             const struct cold_told *told,
                             struct cold_head *head, struct cold_row rows[])
{
    struct moved moved;
    struct entry entry;

    for (uint64_t i = told->from; i <= told->to; i++) {
        enum status status = ledger_entry(snapshot, i, &entry);

        if (status != STATUS_OK) {
            return status;
        }
        if (entry.kind != ENTRY_BATCH) {
            continue;
        }
        status = ledger_where(snapshot, &entry, &moved);
        if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
            return status;
        }
        if (status == STATUS_NOT_FOUND || moved.file != head->number) {
            continue;
        }
        if (head->count == COLD_BATCHES_MAX) {
            return STATUS_CORRUPT;
        }
        rows[head->count++] = (struct cold_row){
            .index = i, .digest = entry.digest, .size = entry.size};
    }
    return STATUS_OK;
}

static enum status read_id(const struct ledger_snapshot *snapshot,
                           struct random_id *id)
{
    struct control *control = NULL;
    struct entry entry;
    struct bytes document;
    enum status status = ledger_entry(snapshot, 0, &entry);

    if (status == STATUS_OK) {
        status = ledger_bytes(snapshot, &entry, &document);
    }
    if (status == STATUS_OK) {
        status = control_open(document, NULL, &control);
    }
    if (status == STATUS_OK && control->kind == CONTROL_GENESIS) {
        *id = control->genesis.ledger_id;
    }
    control_free(&control);
    return status;
}

enum status cold_moves_mend(const struct ledger_snapshot *snapshot,
                            const char *folder, const struct cold_told *told,
                            uint32_t number)
{
    struct cold_head head = {
        .number = number, .from = told->from, .to = told->to};
    struct cold_row *rows = calloc(COLD_BATCHES_MAX, sizeof *rows);
    enum status status =
        rows == NULL ? STATUS_MEMORY : read_id(snapshot, &head.ledger);

    if (status == STATUS_OK) {
        status = list_rows(snapshot, told, &head, rows);
    }
    if (status == STATUS_OK) {
        status = cold_write_table(folder, &head, rows, &told->digest);
    }
    free(rows);
    return status;
}
