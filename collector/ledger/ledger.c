/* The happy path: begin learns from the last entry which index and which time
 * come next; append puts the bytes, the entry, the place of its last event
 * and the stream's new position into one transaction; commit syncs it.
 * Possible failures: without room the bytes, which are put first, are refused
 * and nothing else is tried. Any failure after that loses the group: `lost`
 * says why, and commit then keeps nothing. What a commit can meet stands in
 * common/store/store.c. */
#include "collector/ledger/ledger.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_moved.h"
#include "collector/ledger/ledger_tables.h"
#include "collector/ledger/ledger_tree.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/format/control.h"

#include <stdlib.h>
#include <string.h>

/* ---- opening ---- */

static const char *const table_names[] = {
    [TABLE_ENTRIES] = "entries",
    [TABLE_BYTES] = "bytes",
    [TABLE_STREAMS] = "streams",
    [TABLE_POSITIONS] = "positions",
    [TABLE_CONTROLS] = "controls",
    [TABLE_TREE] = "tree",
    [TABLE_CHECKPOINTS] = "checkpoints",
    [TABLE_WITNESSES] = "witnesses",
    [TABLE_MOVED] = "moved",
    [TABLE_RECOVERY] = "recovery",
    [TABLE_DAMAGE] = "damage",
};

static const uint32_t table_since[] = {
    [TABLE_ENTRIES] = 1,     [TABLE_BYTES] = 1,     [TABLE_STREAMS] = 1,
    [TABLE_POSITIONS] = 1,   [TABLE_CONTROLS] = 1,  [TABLE_TREE] = 2,
    [TABLE_CHECKPOINTS] = 2, [TABLE_WITNESSES] = 2, [TABLE_MOVED] = 2,
    [TABLE_RECOVERY] = 2,    [TABLE_DAMAGE] = 2,
};

enum status ledger_open(const struct ledger_options *options,
                        struct ledger **ledger)
{
    struct store_options store_options = {
        .path = options->path,
        .tables = table_names,
        .table_count = TABLE_COUNT,
        .since = table_since,
        .map_bytes =
            options->map_bytes != 0 ? options->map_bytes : LEDGER_MAP_BYTES,
        .format = LEDGER_FORMAT,
        .kind = "ledger",
        .read_only = options->read_only,
        .no_lock = options->no_lock,
        .look = options->look,
    };
    *ledger = NULL;
    check(options->read_only || options->clock != NULL);
    check(options->read_only || options->look == NULL);
    struct ledger *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->clock = options->clock;
    made->read_only = options->read_only;
    made->whole = options->look != NULL;
    made->prefix = UINT64_MAX;
    made->own_from = UINT64_MAX;
    enum status status = cold_folder(options->path, made->cold);
    if (status != STATUS_OK) {
        free(made);
        return status;
    }
    status = store_open(&store_options, &made->store);
    if (options->create && status == STATUS_OK) {
        status = STATUS_EXISTS;
    } else if (options->create && status == STATUS_NOT_FOUND) {
        store_options.create = true;
        status = store_open(&store_options, &made->store);
    }
    if (status == STATUS_OK && !made->whole) {
        struct store_txn *txn = NULL;
        status = store_begin(made->store, false, &txn);
        if (status == STATUS_OK) {
            status = tables_check(txn, options->path);
            if (status == STATUS_OK && !options->read_only) {
                status = store_count(txn, TABLE_ENTRIES, &made->own_from);
            }
            store_abort(&txn);
        }
    }
    if (status == STATUS_OK && !options->read_only) {
        status = ledger_tree_catch_up(made->store, options->path,
                                      &made->tree_stands);
    }
    if (status == STATUS_OK) {
        *ledger = made;
    } else {
        ledger_close(&made);
    }
    return status;
}

void ledger_close(struct ledger **ledger)
{
    if (*ledger != NULL) {
        store_abort(&(*ledger)->txn);
        store_close(&(*ledger)->store);
        free(*ledger);
        *ledger = NULL;
    }
}

/* ---- writing ---- */

/* The tree as it stands before the group. What was committed here last is known
 * unless another process has appended since. */
static enum status begin_tree(struct ledger *ledger)
{
    enum status status = STATUS_OK;

    if (ledger->tree_stands) {
        return STATUS_OK;
    }
    if (ledger->tree.size != ledger->next_index) {
        status =
            ledger_tree_read(ledger->txn, ledger->next_index, &ledger->tree);
    }
    if (status == STATUS_CORRUPT) {
        log_error("the tree stands still, an entry is damaged",
                  log_number("entries", (int64_t)ledger->next_index));
        ledger->tree_stands = true;
        return STATUS_OK;
    }
    ledger->group_tree = ledger->tree;
    return status;
}

enum status ledger_begin(struct ledger *ledger)
{
    struct entry last;
    check(ledger->txn == NULL);
    enum status status = store_begin(ledger->store, true, &ledger->txn);
    if (status != STATUS_OK) {
        return status;
    }
    ledger->group_count = 0;
    ledger->group_bytes = 0;
    ledger->reserve = false;
    ledger->touched = false;
    ledger->lost = STATUS_OK;
    ledger->next_index = 0;
    ledger->last_received = INT64_MIN;
    status = tables_last_entry(ledger->txn, &last);
    if (status == STATUS_OK) {
        ledger->next_index = last.index + 1;
        ledger->last_received = last.received_at;
    } else if (status == STATUS_NOT_FOUND) {
        status = STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = begin_tree(ledger);
    }
    if (status == STATUS_OK) {
        status = tables_get_recovering(ledger->txn, &ledger->recovering);
    }
    if (status != STATUS_OK) {
        store_abort(&ledger->txn);
    }
    return status;
}

void ledger_use_reserve(struct ledger *ledger)
{
    check(ledger->txn != NULL);
    ledger->reserve = true;
}

/* The time that the next entry gets: never before that of the last one. */
static void stamp(const struct ledger *ledger, struct entry *entry)
{
    entry->received_at = clock_wall_us(ledger->clock);
    if (entry->received_at < ledger->last_received) {
        entry->received_at = ledger->last_received;
        entry->flags |= ENTRY_FLAG_CLOCK_STEPPED;
    }
}

enum status ledger_put_entry(struct ledger *ledger, const struct entry *entry)
{
    check(entry->index == ledger->next_index &&
          entry->received_at >= ledger->last_received);
    enum status status = tables_put_entry(ledger->txn, entry);
    if (status == STATUS_OK && !ledger->tree_stands) {
        status = ledger_tree_push(ledger->txn, &ledger->group_tree, entry);
    }
    ledger->lost = status;
    if (status == STATUS_OK) {
        ledger->next_index++;
        ledger->last_received = entry->received_at;
        ledger->group_count++;
        ledger->group_bytes += entry->size;
    }
    return status;
}

/* Puts bytes and entry. STATUS_FULL and STATUS_AGAIN change nothing; any other
 * failure loses the group. */
static enum status append(struct ledger *ledger, struct bytes bytes,
                          struct entry *entry)
{
    if (ledger->recovering) {
        return STATUS_REBUILDING;
    }
    entry->index = ledger->next_index;
    entry->size = (uint32_t)bytes.size;
    stamp(ledger, entry);
    enum status status =
        tables_put_bytes(ledger->txn, &entry->digest, bytes, ledger->reserve);
    if (status == STATUS_FULL || status == STATUS_AGAIN) {
        return status;
    }
    if (status == STATUS_EXISTS) {
        log_error("bytes without their entry",
                  log_hex("digest",
                          (struct bytes){entry->digest.bytes, DIGEST_BYTES}));
        status = STATUS_CORRUPT;
    }
    if (status == STATUS_OK) {
        return ledger_put_entry(ledger, entry);
    }
    ledger->lost = status;
    return status;
}

bool ledger_group_is_full(const struct ledger *ledger, size_t size)
{
    return ledger->group_count >= LEDGER_GROUP_MAX ||
           ledger->group_bytes + size > LEDGER_GROUP_BYTES_MAX;
}

/* A place that was taken before: by these bytes, or by others? */
static enum status judge_old(struct ledger *ledger,
                             const struct batch_header *header,
                             const struct digest *digest,
                             struct ledger_answer *answer)
{
    enum status status = tables_find_event(ledger->txn, header->agent_number,
                                           header->epoch_ordinal,
                                           header->first_seq, &answer->entry);
    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
    }
    answer->verdict = digest_equal(&answer->entry.digest, digest)
                          ? LEDGER_DUPLICATE
                          : LEDGER_TAKEN;
    return STATUS_OK;
}

/* I3: one stream for each (number, ordinal), or two agents could make events
 * of one id. */
enum status ledger_check_numbers(struct ledger *ledger, uint32_t agent_number,
                                 uint32_t epoch_ordinal,
                                 const struct stream_record *stream,
                                 bool *belong)
{
    struct entry entry;
    if (stream->next_seq > 1) {
        *belong = stream->agent_number == agent_number &&
                  stream->epoch_ordinal == epoch_ordinal;
        return STATUS_OK;
    }
    enum status status =
        tables_find_event(ledger->txn, agent_number, epoch_ordinal, 1, &entry);
    *belong = status == STATUS_NOT_FOUND;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status take(struct ledger *ledger,
                        const struct batch_header *header, struct bytes batch,
                        const struct digest *digest,
                        struct ledger_answer *answer)
{
    answer->entry = (struct entry){
        .kind = ENTRY_BATCH,
        .agent = header->agent,
        .epoch = header->epoch,
        .agent_number = header->agent_number,
        .epoch_ordinal = header->epoch_ordinal,
        .first_seq = header->first_seq,
        .count = header->count,
        .digest = *digest,
    };
    enum status status = append(ledger, batch, &answer->entry);
    if (status != STATUS_OK) {
        return status;
    }
    answer->verdict = LEDGER_APPENDED;
    answer->stream =
        (struct ledger_stream){.next_seq = header->first_seq + header->count,
                               .last_index = answer->entry.index,
                               .last = *digest};
    /* I3: the position goes with the entry. */
    ledger->lost = tables_put_stream(ledger->txn, &answer->entry);
    return ledger->lost;
}

enum status ledger_append_batch(struct ledger *ledger,
                                const struct batch_header *header,
                                struct bytes batch, const struct digest *digest,
                                struct ledger_answer *answer)
{
    struct stream_record stream;
    bool belong = false;

    check(ledger->txn != NULL && batch.size <= BATCH_BYTES_MAX);
    memset(answer, 0, sizeof *answer);
    if (ledger->lost != STATUS_OK) {
        return ledger->lost;
    }
    enum status status =
        tables_get_stream(ledger->txn, &header->agent, &header->epoch, &stream);
    if (status == STATUS_OK) {
        status = ledger_check_numbers(ledger, header->agent_number,
                                      header->epoch_ordinal, &stream, &belong);
    }
    if (status != STATUS_OK) {
        return status;
    }
    answer->stream = (struct ledger_stream){.next_seq = stream.next_seq,
                                            .last_index = stream.last_index,
                                            .last = stream.last};
    if (!belong) {
        answer->verdict = LEDGER_TAKEN;
        return STATUS_OK;
    }
    if (header->first_seq > stream.next_seq) {
        answer->verdict = LEDGER_GAP;
        return STATUS_OK;
    }
    if (header->first_seq < stream.next_seq) {
        return judge_old(ledger, header, digest, answer);
    }
    if (!digest_equal(&header->previous, &stream.last)) {
        answer->verdict = LEDGER_UNCHAINED;
        return STATUS_OK;
    }
    if (ledger_group_is_full(ledger, batch.size)) {
        return STATUS_AGAIN;
    }
    return take(ledger, header, batch, digest, answer);
}

enum status ledger_freeze_stream(struct ledger *ledger,
                                 const struct random_id *agent,
                                 const struct random_id *epoch)
{
    check(ledger->txn != NULL);
    if (ledger->lost == STATUS_OK) {
        ledger->lost = tables_put_frozen(ledger->txn, agent, epoch);
        ledger->touched = true;
    }
    return ledger->lost;
}

enum status ledger_append_control(struct ledger *ledger, struct bytes document,
                                  struct ledger_answer *answer)
{
    struct digest digest;

    check(ledger->txn != NULL && document.size <= CONTROL_BYTES_MAX);
    memset(answer, 0, sizeof *answer);
    if (ledger->lost != STATUS_OK) {
        return ledger->lost;
    }
    digest_bytes(document, &digest);
    enum status status =
        tables_find_control(ledger->txn, &digest, &answer->entry);
    if (status == STATUS_OK) {
        answer->verdict = LEDGER_DUPLICATE;
        return STATUS_OK;
    }
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    status = moved_judge(ledger->txn, document);
    if (status != STATUS_OK) {
        return status;
    }
    if (ledger_group_is_full(ledger, document.size)) {
        return STATUS_AGAIN;
    }
    answer->entry = (struct entry){.kind = ENTRY_CONTROL, .digest = digest};
    status = append(ledger, document, &answer->entry);
    if (status == STATUS_OK) {
        answer->verdict = LEDGER_APPENDED;
        status = tables_put_control(ledger->txn, &answer->entry);
        if (status == STATUS_OK) {
            status = moved_apply(ledger->txn, answer->entry.index, document);
        }
        ledger->lost = status;
    }
    return status;
}

enum status ledger_commit(struct ledger *ledger)
{
    enum status status = ledger->lost;
    check(ledger->txn != NULL);
    if (status != STATUS_OK || (ledger->group_count == 0 && !ledger->touched)) {
        store_abort(&ledger->txn);
        return status;
    }
    status = store_commit(&ledger->txn); /* I2 */
    if (status == STATUS_OK && !ledger->tree_stands) {
        ledger->tree = ledger->group_tree;
    }
    return status;
}

void ledger_rollback(struct ledger *ledger)
{
    store_abort(&ledger->txn);
}

/* ---- state ---- */

void ledger_room(struct ledger *ledger, uint64_t *used, uint64_t *total)
{
    store_room(ledger->store, used, total);
}

enum status ledger_copy(struct ledger *ledger, int fd,
                        const struct store_progress *progress)
{
    return store_copy(ledger->store, fd, progress);
}

void ledger_check_readers(struct ledger *ledger)
{
    store_check_readers(ledger->store);
}

bool ledger_broken(const struct ledger *ledger)
{
    return store_broken(ledger->store);
}
