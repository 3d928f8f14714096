/* Failure modes: a folder that cannot be made or written, a full disk, a batch
 * that is damaged (it stays, and so does what comes after it, until it is
 * healed): the ledger is as it was. */
#include "collector/ledger/cold_move.h"

#include "collector/ledger/cold.h"
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
    struct ledger_snapshot *snapshot; /* while a file is written */
    uint32_t files;                   /* that entries tell of */
    uint64_t next;                    /* entry from which on nothing is moved */
    uint64_t last;                    /* entry of the last move */
    struct digest digest;             /* of its file */
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

static enum status read_moves(struct cold_move *self)
{
    struct ledger_snapshot *snapshot = NULL;
    struct control *control = NULL;
    struct entry entry;
    struct bytes document;
    uint64_t at = 0;
    enum status status = ledger_snapshot_open(self->options.ledger, &snapshot);

    while (status == STATUS_OK) {
        status = ledger_next_control(snapshot, at, &entry);
        if (status == STATUS_OK) {
            at = entry.index + 1;
            status = ledger_bytes(snapshot, &entry, &document);
        }
        if (status == STATUS_OK) {
            status = control_open(document, NULL, &control);
        }
        if (status == STATUS_OK && control->kind == CONTROL_COLD_MOVE) {
            self->files++;
            self->next = control->cold_move.to_index + 1;
            self->last = entry.index;
            self->digest = control->cold_move.file;
        }
        control_free(&control);
    }
    ledger_snapshot_close(&snapshot);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Whether the last move's first batch is still in the store. */
static enum status is_unfinished(struct cold_move *self,
                                 const struct cold_head *head, bool *unfinished)
{
    struct ledger_snapshot *snapshot = NULL;
    struct moved moved = {.file = 0};
    struct entry entry;
    enum status status = ledger_snapshot_open(self->options.ledger, &snapshot);

    *unfinished = false;
    if (status == STATUS_OK && head->count > 0) {
        status = ledger_entry(snapshot, self->rows[0].index, &entry);
    }
    if (status == STATUS_OK && head->count > 0) {
        status = ledger_where(snapshot, &entry, &moved);
        *unfinished = status == STATUS_NOT_FOUND ||
                      (status == STATUS_OK && moved.file == 0);
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

static enum status finish_last(struct cold_move *self)
{
    struct cold_head head;
    struct digest digest;
    bool unfinished = false;
    enum status status;

    if (self->files == 0) {
        return STATUS_OK;
    }
    status = cold_table(ledger_cold_folder(self->options.ledger), self->files,
                        &head, self->rows, &digest);
    if (status == STATUS_AWAY) {
        /* A move that was ended does not need its file for this. */
        log_warning("a cold file is missing", log_number("file", self->files));
        return STATUS_OK;
    }
    if (status == STATUS_OK && !digest_equal(&digest, &self->digest)) {
        status = STATUS_CORRUPT;
    }
    if (status == STATUS_OK) {
        status = is_unfinished(self, &head, &unfinished);
    }
    if (status == STATUS_OK && unfinished) {
        status = ledger_move_cold(self->options.ledger, self->last, self->files,
                                  self->rows, head.count);
    }
    return status;
}

enum status cold_move_open(const struct cold_move_options *options,
                           struct cold_move **move)
{
    struct cold_move *made = calloc(1, sizeof *made);
    enum status status;

    *move = NULL;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->options = *options;
    if (made->options.least == 0) {
        made->options.least = COLD_MOVE_LEAST;
    }
    status = make_folder(options);
    if (status == STATUS_OK) {
        status = read_moves(made);
    }
    if (status == STATUS_OK) {
        cold_remove_above(ledger_cold_folder(options->ledger), made->files);
        status = finish_last(made);
    }
    if (status != STATUS_OK) {
        cold_move_close(&made);
    }
    *move = made;
    return status;
}

void cold_move_close(struct cold_move **move)
{
    free(*move);
    *move = NULL;
}

/* ---- one file ---- */

/* The batches of the next file: what is old, and still in the store. */
static enum status gather(struct cold_move *self, int64_t before,
                          struct cold_head *head)
{
    uint64_t size = ledger_snapshot_size(self->snapshot);
    uint64_t bytes = 0;
    struct moved moved;
    struct entry entry;
    enum status status = STATUS_OK;

    head->from = self->next;
    for (uint64_t at = self->next; at < size; at++) {
        status = ledger_entry(self->snapshot, at, &entry);
        if (status != STATUS_OK || entry.received_at >= before ||
            head->count == COLD_BATCHES_MAX ||
            bytes + entry.size > COLD_BYTES_MAX) {
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
        }
        if (status != STATUS_OK) {
            break;
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

/* Writes the file; it is `head->number` of the folder afterwards. */
static enum status write_next(struct cold_move *self, int64_t before,
                              struct cold_head *head)
{
    struct cold_source source = {.owner = self, .next = next_bytes};
    const struct control_genesis *genesis =
        context_genesis(province_context(self->options.province));
    enum status status =
        ledger_snapshot_open(self->options.ledger, &self->snapshot);

    *head = (struct cold_head){.number = self->files + 1};
    if (genesis != NULL) {
        head->ledger = genesis->ledger_id;
    }
    if (status == STATUS_OK) {
        status = gather(self, before, head);
    }
    if (status == STATUS_OK && head->count >= self->options.least) {
        status = cold_write(ledger_cold_folder(self->options.ledger), head,
                            self->rows, source, &self->digest);
    }
    ledger_snapshot_close(&self->snapshot);
    return status;
}

enum status cold_move_step(struct cold_move *move, int64_t before, bool *moved)
{
    struct cold_head head;
    struct entry entry;
    enum status status = write_next(move, before, &head);

    *moved = false;
    if (status != STATUS_OK || head.count < move->options.least) {
        return status;
    }
    status = order(move, &head, &entry);
    if (status != STATUS_OK) {
        return status;
    }
    move->files++;
    move->next = head.to + 1;
    move->last = entry.index;
    *moved = true;
    status = ledger_move_cold(move->options.ledger, entry.index, head.number,
                              move->rows, head.count);
    log_info("batches moved to a cold file",
             log_number("file", (int64_t)head.number),
             log_number("from", (int64_t)head.from),
             log_number("to", (int64_t)head.to),
             log_number("batches", (int64_t)head.count));
    return status;
}
