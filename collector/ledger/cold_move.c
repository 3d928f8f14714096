/* Failure modes: a folder that cannot be made or written, a full disk, a batch
 * that is damaged (it stays, and so does what comes after it, until it is
 * healed): the ledger is as it was. */
#include "collector/ledger/cold_move.h"

#include "collector/ledger/cold_moves.h"
#include "collector/ledger/ledger_move.h"
#include "common/base/check.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/format/control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct cold_move {
    struct cold_move_options options;
    struct ledger_snapshot *snapshot; /* while something is read */
    struct cold_moves moves;          /* when it was opened */
    int lock;                         /* on the folder */
    bool away;                        /* there is no folder */
    uint32_t last;                    /* the greatest number of a file */
    uint64_t next;                    /* all before it was looked at */
    struct digest digest;             /* of the file that was written */
    struct cold_row rows[COLD_BATCHES_MAX];
};

/* ---- the folder ---- */

static bool same_place(const char *a, const char *b)
{
    struct stat one;
    struct stat other;

    return stat(a, &one) == 0 && stat(b, &other) == 0 &&
           one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static enum status make_folder(const struct cold_move_options *options)
{
    const char *folder = ledger_cold_folder(options->ledger);
    const char *wanted = options->folder;
    struct stat about;

    if (wanted == NULL || *wanted == '\0') {
        if (!options->moves) {
            return STATUS_OK; /* what is there is looked at, and no more */
        }
        if (mkdir(folder, S_IRWXU) == 0) {
            return file_sync_folder(folder);
        }
        return errno == EEXIST ? STATUS_OK : STATUS_IO;
    }
    if (mkdir(wanted, S_IRWXU) != 0 && errno != EEXIST) {
        return STATUS_IO;
    }
    if (lstat(folder, &about) == 0) {
        return same_place(folder, wanted) ? STATUS_OK : STATUS_EXISTS;
    }
    return symlink(wanted, folder) == 0 ? file_sync_folder(folder) : STATUS_IO;
}

/* ---- what was moved before ---- */

/* Whether the first of its batches that the ledger has is not tied to a file
 * yet: they are tied all at once. */
static enum status is_unfinished(struct cold_move *self, uint32_t count,
                                 bool *unfinished)
{
    struct moved moved = {.file = 0};
    struct entry entry;
    enum status status = STATUS_NOT_FOUND;

    *unfinished = false;
    for (uint32_t i = 0; i < count && status == STATUS_NOT_FOUND; i++) {
        status = ledger_entry(self->snapshot, self->rows[i].index, &entry);
        if (status == STATUS_OK && !ledger_is_row(&entry, &self->rows[i])) {
            status = STATUS_NOT_FOUND;
        }
    }
    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    status = ledger_where(self->snapshot, &entry, &moved);
    *unfinished =
        status == STATUS_NOT_FOUND || (status == STATUS_OK && moved.file == 0);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* A file whose table is that of a move: its batches are in it. */
static enum status finish(struct cold_move *self, const struct cold_file *file,
                          const struct cold_told *told, bool *finished)
{
    const char *folder = ledger_cold_folder(self->options.ledger);
    struct cold_head head;
    struct digest digest;
    bool unfinished = false;
    enum status status =
        cold_table(folder, file->number, &head, self->rows, &digest);

    if (status == STATUS_OK) {
        status = is_unfinished(self, head.count, &unfinished);
    }
    if (status == STATUS_OK && unfinished) {
        log_info("a cold file is tied to its batches again",
                 log_number("file", file->number),
                 log_number("from", (int64_t)told->from),
                 log_number("to", (int64_t)told->to));
        status = ledger_move_cold(self->options.ledger, told->entry,
                                  file->number, self->rows, head.count);
        *finished = true;
    }
    return status;
}

static enum status finish_files(struct cold_move *self,
                                const struct cold_files *files, bool *finished)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < files->count && status == STATUS_OK; i++) {
        const struct cold_file *file = &files->list[i];
        const struct cold_told *told =
            file->status == STATUS_OK
                ? cold_moves_find(&self->moves, &file->digest)
                : NULL;

        if (file->number > self->last) {
            self->last = file->number;
        }
        if (told != NULL) {
            status = finish(self, file, told, finished);
        } else {
            log_warning("a cold file that no entry tells of is left as it is",
                        log_number("file", file->number));
        }
    }
    return status;
}

/* What is missing or damaged of the moves that were made. */
static enum status look_at_moves(struct cold_move *self,
                                 const struct cold_files *files, bool *mended)
{
    const char *folder = ledger_cold_folder(self->options.ledger);
    enum status status = STATUS_OK;

    for (size_t i = 0; i < self->moves.count; i++) {
        const struct cold_told *told = &self->moves.list[i];
        uint32_t number = 0;

        status = cold_moves_look(self->snapshot, files, told, &number);
        if (number > self->last && number <= COLD_NUMBER_MAX) {
            self->last = number;
        }
        if (status == STATUS_INVALID) {
            status = cold_moves_mend(self->snapshot, folder, told, number);
            *mended = true;
            log_warning("the table of a cold file was damaged, and is made "
                        "anew",
                        log_number("file", number),
                        log_status("status", status));
        } else if (status == STATUS_AWAY) {
            log_warning("a cold file is missing", log_number("file", number));
        }
        if (status == STATUS_MEMORY || status == STATUS_IO) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status look_back(struct cold_move *self, bool *finished)
{
    const char *folder = ledger_cold_folder(self->options.ledger);
    struct cold_files files = {.list = NULL};
    bool mended = false;
    enum status status =
        ledger_snapshot_open(self->options.ledger, &self->snapshot);

    if (status == STATUS_OK) {
        status = cold_moves_read(self->snapshot, &self->moves);
    }
    if (status == STATUS_OK) {
        status = cold_moves_settle(folder, &self->moves);
    }
    if (status == STATUS_OK) {
        status = cold_files_read(folder, &files);
    }
    if (status == STATUS_OK) {
        status = look_at_moves(self, &files, &mended);
    }
    if (status == STATUS_OK && mended) {
        cold_files_free(&files);
        status = cold_files_read(folder, &files);
    }
    if (status == STATUS_OK) {
        status = finish_files(self, &files, finished);
    }
    ledger_snapshot_close(&self->snapshot);
    cold_files_free(&files);
    return status;
}

enum status cold_move_open(const struct cold_move_options *options,
                           struct cold_move **move)
{
    struct cold_move *made = calloc(1, sizeof *made);
    bool finished = false;
    enum status status;

    *move = NULL;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->options = *options;
    made->lock = -1;
    if (made->options.least == 0) {
        made->options.least = COLD_MOVE_LEAST;
    }
    status = make_folder(options);
    if (status == STATUS_OK) {
        status = cold_own(ledger_cold_folder(options->ledger), &made->lock);
        made->away = status == STATUS_NOT_FOUND;
        status = made->away ? STATUS_OK : status;
    }
    if (status == STATUS_OK && !made->away) {
        status = look_back(made, &finished);
    }
    if (status == STATUS_OK && finished) {
        /* What was erased meanwhile may lie in them. */
        status = ledger_overwrite_cold(options->ledger);
        status = status == STATUS_AWAY || status == STATUS_CORRUPT ? STATUS_OK
                                                                   : status;
    }
    if (status != STATUS_OK) {
        cold_move_close(&made);
    }
    *move = made;
    return status;
}

void cold_move_close(struct cold_move **move)
{
    if (*move != NULL) {
        cold_disown(&(*move)->lock);
        cold_moves_free(&(*move)->moves);
        free(*move);
        *move = NULL;
    }
}

/* ---- one file ---- */

/* Behind what an earlier move has taken all at once. */
static void pass_by(struct cold_move *self, const struct moved *moved,
                    struct cold_head *head, uint64_t *at)
{
    const struct cold_told *told =
        moved->kind == MOVED_COLD ? cold_moves_of(&self->moves, moved->control)
                                  : NULL;

    if (told != NULL && told->from <= *at && told->to > *at) {
        *at = told->to;
    }
    if (head->count == 0) {
        head->from = *at + 1;
        self->next = *at + 1;
    }
}

/* The batches of the next file: what is old, and still in the store. `full`
 * says that no more have room in it. */
static enum status gather(struct cold_move *self, int64_t before,
                          struct cold_head *head, bool *full)
{
    uint64_t size = ledger_snapshot_size(self->snapshot);
    uint64_t bytes = 0;
    struct moved moved;
    struct entry entry;
    enum status status = STATUS_OK;

    *full = false;
    head->from = self->next;
    for (uint64_t at = self->next; at < size && status == STATUS_OK; at++) {
        status = ledger_entry(self->snapshot, at, &entry);
        if (status != STATUS_OK || entry.received_at >= before) {
            break;
        }
        *full = head->count == COLD_BATCHES_MAX ||
                bytes + entry.size > COLD_BYTES_MAX;
        if (*full) {
            break;
        }
        head->to = at;
        if (entry.kind != ENTRY_BATCH) {
            continue;
        }
        status = ledger_where(self->snapshot, &entry, &moved);
        if (status == STATUS_NOT_FOUND) {
            self->rows[head->count++] = (struct cold_row){
                .index = at, .digest = entry.digest, .size = entry.size};
            bytes += entry.size;
            status = STATUS_OK;
        } else if (status == STATUS_OK) {
            pass_by(self, &moved, head, &at);
        }
    }
    return status;
}

static enum status next_bytes(void *owner, const struct cold_row *row,
                              struct bytes *bytes)
{
    struct cold_move *self = owner;
    struct digest digest;
    struct entry entry;
    enum status status = ledger_entry(self->snapshot, row->index, &entry);

    if (status == STATUS_OK) {
        status = ledger_bytes(self->snapshot, &entry, bytes);
    }
    if (status != STATUS_OK) {
        return status;
    }
    /* What this process has put there is not read with its hash. */
    digest_bytes(*bytes, &digest);
    return digest_equal(&digest, &row->digest) ? STATUS_OK : STATUS_CORRUPT;
}

static enum status order(struct cold_move *self, const struct cold_head *head,
                         struct entry *entry)
{
    struct control control = {.kind = CONTROL_COLD_MOVE,
                              .cold_move = {.from_index = head->from,
                                            .to_index = head->to,
                                            .file = self->digest}};
    struct buffer document;
    struct report report;
    struct bytes bytes;
    enum status status;

    control.created_at = clock_wall_us(self->options.clock);
    random_id_make(&control.nonce);
    report_init(&report, LANGUAGE_EN);
    buffer_init(&document, CONTROL_BYTES_MAX);
    status = control_sign(&control, self->options.administrator, &document);
    if (status == STATUS_OK) {
        bytes = buffer_bytes(&document);
        status =
            province_order(self->options.province, &bytes, 1, &report, entry);
    }
    buffer_fini(&document);
    report_fini(&report);
    return status;
}

/* Writes the file, which has no name yet, if there is enough for one. */
static enum status write_next(struct cold_move *self, int64_t before,
                              struct cold_head *head, bool *enough)
{
    bool full = false;
    struct cold_source source = {.owner = self, .next = next_bytes};
    const struct control_genesis *genesis =
        context_genesis(province_context(self->options.province));
    enum status status =
        ledger_snapshot_open(self->options.ledger, &self->snapshot);

    *enough = false;
    *head = (struct cold_head){.number = self->last + 1};
    if (genesis != NULL) {
        head->ledger = genesis->ledger_id;
    }
    if (status == STATUS_OK) {
        status = gather(self, before, head, &full);
    }
    if (status == STATUS_OK && (full || head->count >= self->options.least)) {
        *enough = true;
        status = cold_write(ledger_cold_folder(self->options.ledger), head,
                            self->rows, source, &self->digest);
    }
    ledger_snapshot_close(&self->snapshot);
    return status;
}

/* The entry tells of the file, the file gets its name, the batches leave the
 * store: whatever ends it in between, cold_move_open() goes on. */
static enum status carry_out(struct cold_move *move,
                             const struct cold_head *head)
{
    const char *folder = ledger_cold_folder(move->options.ledger);
    struct entry entry;
    enum status status = order(move, head, &entry);

    if (status == STATUS_OK) {
        status = cold_publish(folder, head->number);
    }
    if (status == STATUS_OK) {
        status = ledger_move_cold(move->options.ledger, entry.index,
                                  head->number, move->rows, head->count);
    }
    if (status == STATUS_OK) {
        move->last = head->number;
        move->next = head->to + 1;
        log_info("batches moved to a cold file",
                 log_number("file", (int64_t)head->number),
                 log_number("from", (int64_t)head->from),
                 log_number("to", (int64_t)head->to),
                 log_number("batches", (int64_t)head->count));
    }
    return status;
}

enum status cold_move_step(struct cold_move *move, int64_t before, bool *moved)
{
    struct cold_head head;
    enum status status = STATUS_OK;

    *moved = false;
    if (move->away || move->last == COLD_NUMBER_MAX) {
        return STATUS_AWAY;
    }
    status = write_next(move, before, &head, moved);
    if (status == STATUS_OK && *moved) {
        status = carry_out(move, &head);
    }
    *moved = *moved && status == STATUS_OK;
    return status;
}
