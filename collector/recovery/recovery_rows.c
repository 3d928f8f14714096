/* Rows of the table `recovery`. Failure modes: a row that has not the shape
 * that is written here is STATUS_CORRUPT. */
#include "collector/recovery/recovery_rows.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "common/base/check.h"
#include "common/event/reference.h"

#include <string.h>

#define ROW_VERSION   2u
#define FLAG_GIVES_UP 1u

/* The first byte of the key of a row that is no claim; see the header. */
#define ERASURE_MARK  253u
#define DOCUMENT_MARK 254u
#define HEARD_MARK    255u

enum {
    ROW_KEY_BYTES = 12,
    HEARD_KEY_BYTES = 5,
    MARKED_KEY_BYTES = 9 + DIGEST_BYTES,
    KEY_BYTES_MAX = MARKED_KEY_BYTES,
    ROW_HEAD_BYTES = 21 + ENTRY_BYTES,
    HEARD_BYTES = 2,
    ERASURE_BYTES = 9 + DIGEST_BYTES,
    NOTE_BYTES = 8 + DIGEST_BYTES,
    OLDER_HEAD_BYTES = 19,
    STATE_HEAD_BYTES = 36,
    STATE_BYTES_MAX = STATE_HEAD_BYTES + RECOVERY_NOTES_MAX * NOTE_BYTES
};

const struct recovery_document recovery_no_document = {.created_at = INT64_MIN};

static const uint8_t state_key[] = {0};

static struct bytes state_span(void)
{
    return (struct bytes){.data = state_key, .size = sizeof state_key};
}

static struct bytes row_key(uint64_t index, uint32_t agent,
                            uint8_t key[ROW_KEY_BYTES])
{
    bytes_put_u64(key, index);
    bytes_put_u32(key + 8, agent);
    return (struct bytes){.data = key, .size = ROW_KEY_BYTES};
}

static struct bytes marked_key(uint8_t mark, uint64_t number,
                               const struct digest *digest,
                               uint8_t key[MARKED_KEY_BYTES])
{
    key[0] = mark;
    bytes_put_u64(key + 1, number);
    memcpy(key + 9, digest->bytes, DIGEST_BYTES);
    return (struct bytes){.data = key, .size = MARKED_KEY_BYTES};
}

/* Times before 1970 come first, too. */
static uint64_t sortable(int64_t created_at)
{
    return (uint64_t)created_at ^ (UINT64_C(1) << 63);
}

static struct bytes document_key(const struct recovery_document *document,
                                 uint8_t key[MARKED_KEY_BYTES])
{
    return marked_key(DOCUMENT_MARK, sortable(document->created_at),
                      &document->digest, key);
}

static struct bytes heard_key(uint32_t agent, uint8_t key[HEARD_KEY_BYTES])
{
    key[0] = HEARD_MARK;
    bytes_put_u32(key + 1, agent);
    return (struct bytes){.data = key, .size = HEARD_KEY_BYTES};
}

/* ---- reading ---- */

enum status recovery_reader_open(struct ledger *ledger,
                                 struct recovery_reader *reader)
{
    *reader = (struct recovery_reader){.ledger = ledger, .txn = ledger->txn};
    if (reader->txn != NULL) {
        return STATUS_OK;
    }
    reader->own = true;
    return store_begin(ledger->store, false, &reader->txn);
}

void recovery_reader_close(struct recovery_reader *reader)
{
    if (reader->own) {
        store_abort(&reader->txn);
    }
    reader->txn = NULL;
}

/* What stands behind the head; `count` checkpoints. */
static enum status read_notes(struct bytes value, size_t head, size_t count,
                              struct recovery_state *state)
{
    const uint8_t *at = value.data + head;

    if (count > RECOVERY_NOTES_MAX ||
        value.size != head + count * (size_t)NOTE_BYTES) {
        return STATUS_CORRUPT;
    }
    state->note_count = count;
    for (size_t i = 0; i < count; i++, at += NOTE_BYTES) {
        state->notes[i].size = bytes_get_u64(at);
        memcpy(state->notes[i].root.bytes, at + 8, DIGEST_BYTES);
    }
    return STATUS_OK;
}

static enum status read_state(struct bytes value, struct recovery_state *state)
{
    if (value.size < OLDER_HEAD_BYTES || value.data[1] == RECOVERY_NONE ||
        value.data[1] > RECOVERY_TOTAL) {
        return STATUS_CORRUPT;
    }
    state->kind = (enum recovery_kind)value.data[1];
    if (value.data[0] == 1) {
        state->older = true;
        state->began = bytes_get_u64(value.data + 2);
        return read_notes(value, OLDER_HEAD_BYTES, value.data[18], state);
    }
    if (value.data[0] != ROW_VERSION || value.size < STATE_HEAD_BYTES ||
        (value.data[2] & ~FLAG_GIVES_UP) != 0) {
        return STATUS_CORRUPT;
    }
    state->giving_up = value.data[2] != 0;
    state->began = bytes_get_u64(value.data + 3);
    state->verified = bytes_get_u64(value.data + 11);
    state->target = bytes_get_u64(value.data + 19);
    state->told = bytes_get_u64(value.data + 27);
    return read_notes(value, STATE_HEAD_BYTES, value.data[35], state);
}

enum status recovery_get_state(const struct recovery_reader *reader,
                               struct recovery_state *state)
{
    struct bytes value;
    enum status status =
        store_get(reader->txn, TABLE_RECOVERY, state_span(), &value);

    memset(state, 0, sizeof *state);
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    return status == STATUS_OK ? read_state(value, state) : status;
}

static enum status seek(const struct recovery_reader *reader, struct bytes key,
                        struct bytes *found, struct bytes *value)
{
    struct store_cursor *cursor = NULL;
    enum status status =
        store_cursor_open(reader->txn, TABLE_RECOVERY, &cursor);

    if (status == STATUS_OK) {
        status = store_seek(cursor, key, found, value);
    }
    store_cursor_close(&cursor);
    return status;
}

static enum status read_row(struct bytes value, uint64_t index, uint32_t agent,
                            struct recovery_row *row)
{
    struct bytes entry = {.data = value.data + 21, .size = ENTRY_BYTES};

    if (value.size < ROW_HEAD_BYTES || value.data[0] != ROW_VERSION ||
        entry_read(entry, &row->entry) != STATUS_OK ||
        row->entry.index != index || agent == 0 ||
        agent > REFERENCE_AGENT_MAX) {
        return STATUS_CORRUPT;
    }
    row->agent = agent;
    row->other = bytes_get_u32(value.data + 1);
    row->late = bytes_get_u64(value.data + 5);
    row->vouched_late = bytes_get_u64(value.data + 13);
    row->bytes = (struct bytes){.data = value.data + ROW_HEAD_BYTES,
                                .size = value.size - ROW_HEAD_BYTES};
    return STATUS_OK;
}

enum status recovery_next_row(const struct recovery_reader *reader,
                              uint64_t index, uint32_t agent,
                              struct recovery_row *row)
{
    uint8_t key[ROW_KEY_BYTES];
    struct bytes found;
    struct bytes value;
    enum status status =
        seek(reader, row_key(index, agent, key), &found, &value);

    if (status == STATUS_OK && found.data[0] >= ERASURE_MARK) {
        status = STATUS_NOT_FOUND;
    }
    if (status != STATUS_OK) {
        return status;
    }
    return found.size == ROW_KEY_BYTES
               ? read_row(value, bytes_get_u64(found.data),
                          bytes_get_u32(found.data + 8), row)
               : STATUS_CORRUPT;
}

enum status recovery_get_row(const struct recovery_reader *reader,
                             uint64_t index, uint32_t agent,
                             struct recovery_row *row)
{
    uint8_t key[ROW_KEY_BYTES];
    struct bytes value;
    enum status status = store_get(reader->txn, TABLE_RECOVERY,
                                   row_key(index, agent, key), &value);

    return status == STATUS_OK ? read_row(value, index, agent, row) : status;
}

static struct bytes behind_version(struct bytes value)
{
    return (struct bytes){.data = value.data + 1, .size = value.size - 1};
}

/* The next row of a kind behind the key; its number and its digest. */
static enum status next_marked(const struct recovery_reader *reader,
                               uint8_t mark, uint64_t *number,
                               struct digest *digest, struct bytes *value)
{
    uint8_t key[MARKED_KEY_BYTES];
    struct bytes from = marked_key(mark, *number, digest, key);
    struct store_cursor *cursor = NULL;
    struct bytes found;
    enum status status =
        store_cursor_open(reader->txn, TABLE_RECOVERY, &cursor);

    if (status == STATUS_OK) {
        status = store_seek(cursor, from, &found, value);
    }
    if (status == STATUS_OK && bytes_equal(found, from)) {
        status = store_next(cursor, &found, value);
    }
    if (status == STATUS_OK && found.data[0] != mark) {
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK &&
        (found.size != MARKED_KEY_BYTES || value->size == 0 ||
         value->data[0] != ROW_VERSION)) {
        status = STATUS_CORRUPT;
    }
    if (status == STATUS_OK) {
        *number = bytes_get_u64(found.data + 1);
        memcpy(digest->bytes, found.data + 9, DIGEST_BYTES);
    }
    store_cursor_close(&cursor);
    return status;
}

enum status recovery_next_document(const struct recovery_reader *reader,
                                   struct recovery_document *document)
{
    uint64_t created_at = sortable(document->created_at);
    struct bytes value;
    enum status status = next_marked(reader, DOCUMENT_MARK, &created_at,
                                     &document->digest, &value);

    if (status == STATUS_OK) {
        document->created_at = (int64_t)(created_at ^ (UINT64_C(1) << 63));
        document->bytes = behind_version(value);
    }
    return status;
}

static enum status get_document(const struct recovery_reader *reader,
                                const uint8_t key[MARKED_KEY_BYTES],
                                struct bytes *document)
{
    struct bytes value;
    enum status status =
        store_get(reader->txn, TABLE_RECOVERY,
                  (struct bytes){key, MARKED_KEY_BYTES}, &value);

    if (status == STATUS_OK &&
        (value.size == 0 || value.data[0] != ROW_VERSION)) {
        status = STATUS_CORRUPT;
    }
    if (status == STATUS_OK) {
        *document = behind_version(value);
    }
    return status;
}

enum status recovery_get_document(const struct recovery_reader *reader,
                                  struct recovery_document *document)
{
    uint8_t key[MARKED_KEY_BYTES];

    (void)document_key(document, key);
    return get_document(reader, key, &document->bytes);
}

/* The document that the row of an erasure leads to. */
static enum status follow(const struct recovery_reader *reader,
                          struct bytes value, struct bytes *document)
{
    uint8_t key[MARKED_KEY_BYTES];
    enum status status;

    if (value.size != ERASURE_BYTES || value.data[0] != ROW_VERSION) {
        return STATUS_CORRUPT;
    }
    key[0] = DOCUMENT_MARK;
    memcpy(key + 1, value.data + 1, sizeof key - 1);
    status = get_document(reader, key, document);
    return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
}

enum status recovery_get_erasure(const struct recovery_reader *reader,
                                 const struct entry *entry,
                                 struct bytes *document)
{
    uint8_t key[MARKED_KEY_BYTES];
    struct bytes value;
    enum status status = store_get(
        reader->txn, TABLE_RECOVERY,
        marked_key(ERASURE_MARK, entry->index, &entry->digest, key), &value);

    return status == STATUS_OK ? follow(reader, value, document) : status;
}

enum status recovery_next_erasure(const struct recovery_reader *reader,
                                  uint64_t *index, struct digest *digest,
                                  struct bytes *document)
{
    struct bytes value;
    enum status status =
        next_marked(reader, ERASURE_MARK, index, digest, &value);

    return status == STATUS_OK ? follow(reader, value, document) : status;
}

enum status recovery_get_heard(const struct recovery_reader *reader,
                               uint32_t agent, bool *heard, bool *answered)
{
    uint8_t key[HEARD_KEY_BYTES];
    struct bytes value;
    enum status status =
        store_get(reader->txn, TABLE_RECOVERY, heard_key(agent, key), &value);

    *heard = status == STATUS_OK;
    *answered = false;
    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    if (value.size != HEARD_BYTES || value.data[0] != ROW_VERSION ||
        value.data[1] > 1) {
        return STATUS_CORRUPT;
    }
    *answered = value.data[1] == 1;
    return STATUS_OK;
}

/* ---- writing ---- */

static enum status put(struct ledger *ledger, struct bytes key,
                       struct bytes value, bool reserve)
{
    check(ledger->txn != NULL);
    ledger->touched = true;
    return reserve ? store_put_reserved(ledger->txn, TABLE_RECOVERY, key, value)
                   : store_put(ledger->txn, TABLE_RECOVERY, key, value);
}

enum status recovery_put_state(struct ledger *ledger,
                               const struct recovery_state *state)
{
    uint8_t value[STATE_BYTES_MAX];
    uint8_t *at = value + STATE_HEAD_BYTES;

    check(state->kind != RECOVERY_NONE);
    check(state->note_count <= RECOVERY_NOTES_MAX);
    ledger->recovering = true;
    value[0] = ROW_VERSION;
    value[1] = (uint8_t)state->kind;
    value[2] = state->giving_up ? FLAG_GIVES_UP : 0;
    bytes_put_u64(value + 3, state->began);
    bytes_put_u64(value + 11, state->verified);
    bytes_put_u64(value + 19, state->target);
    bytes_put_u64(value + 27, state->told);
    value[35] = (uint8_t)state->note_count;
    for (size_t i = 0; i < state->note_count; i++, at += NOTE_BYTES) {
        bytes_put_u64(at, state->notes[i].size);
        memcpy(at + 8, state->notes[i].root.bytes, DIGEST_BYTES);
    }
    return put(ledger, state_span(),
               (struct bytes){.data = value, .size = (size_t)(at - value)},
               true);
}

/* A head and what follows it, in one value. */
static enum status put_long(struct ledger *ledger, struct bytes key,
                            struct bytes head, struct bytes rest,
                            struct buffer *scratch)
{
    enum status status;

    buffer_clear(scratch);
    status = buffer_append(scratch, head);
    if (status == STATUS_OK) {
        status = buffer_append(scratch, rest);
    }
    return status == STATUS_OK ? put(ledger, key, buffer_bytes(scratch), false)
                               : status;
}

enum status recovery_put_row(struct ledger *ledger,
                             const struct recovery_row *row,
                             struct buffer *scratch)
{
    uint8_t key[ROW_KEY_BYTES];
    uint8_t head[ROW_HEAD_BYTES];

    head[0] = ROW_VERSION;
    bytes_put_u32(head + 1, row->other);
    bytes_put_u64(head + 5, row->late);
    bytes_put_u64(head + 13, row->vouched_late);
    entry_write(&row->entry, head + 21);
    return put_long(ledger, row_key(row->entry.index, row->agent, key),
                    (struct bytes){head, sizeof head}, row->bytes, scratch);
}

enum status recovery_put_document(struct ledger *ledger,
                                  const struct recovery_document *document,
                                  struct buffer *scratch)
{
    static const uint8_t head[] = {ROW_VERSION};
    uint8_t key[MARKED_KEY_BYTES];

    return put_long(ledger, document_key(document, key),
                    (struct bytes){head, sizeof head}, document->bytes,
                    scratch);
}

enum status recovery_put_erasure(struct ledger *ledger, uint64_t index,
                                 const struct digest *digest,
                                 const struct recovery_document *document)
{
    uint8_t key[MARKED_KEY_BYTES];
    uint8_t place[MARKED_KEY_BYTES];
    uint8_t value[ERASURE_BYTES];

    (void)document_key(document, place);
    value[0] = ROW_VERSION;
    memcpy(value + 1, place + 1, sizeof value - 1);
    return put(ledger, marked_key(ERASURE_MARK, index, digest, key),
               (struct bytes){value, sizeof value}, false);
}

enum status recovery_put_heard(struct ledger *ledger, uint32_t agent,
                               bool answered)
{
    const uint8_t value[HEARD_BYTES] = {ROW_VERSION, answered ? 1 : 0};
    uint8_t key[HEARD_KEY_BYTES];

    return put(ledger, heard_key(agent, key),
               (struct bytes){value, sizeof value}, true);
}

/* ---- dropping ---- */

enum status recovery_drop_row(struct ledger *ledger, uint64_t index,
                              uint32_t agent)
{
    uint8_t key[ROW_KEY_BYTES];

    check(ledger->txn != NULL);
    ledger->touched = true;
    return store_delete(ledger->txn, TABLE_RECOVERY,
                        row_key(index, agent, key));
}

enum status recovery_drop_index(struct ledger *ledger, uint64_t index)
{
    struct recovery_reader reader = {.ledger = ledger, .txn = ledger->txn};
    struct recovery_row row;
    enum status status = recovery_next_row(&reader, index, 0, &row);

    while (status == STATUS_OK && row.entry.index == index) {
        uint32_t agent = row.agent;

        status = recovery_drop_row(ledger, index, agent);
        if (status == STATUS_OK) {
            status = recovery_next_row(&reader, index, agent, &row);
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Up to `max` rows with keys of [from, below); `left`: there are more. */
static enum status drop_range(struct ledger *ledger, struct bytes from,
                              unsigned below, size_t max, bool *left)
{
    struct recovery_reader reader = {.ledger = ledger, .txn = ledger->txn};
    enum status status = STATUS_OK;

    check(ledger->txn != NULL);
    for (size_t i = 0; i < max && status == STATUS_OK; i++) {
        uint8_t copy[KEY_BYTES_MAX];
        struct bytes found;
        struct bytes value;

        status = seek(&reader, from, &found, &value);
        if (status == STATUS_OK && found.data[0] >= below) {
            status = STATUS_NOT_FOUND;
        }
        if (status == STATUS_OK) {
            check(found.size <= sizeof copy);
            memcpy(copy, found.data, found.size);
            ledger->touched = true;
            status = store_delete(ledger->txn, TABLE_RECOVERY,
                                  (struct bytes){copy, found.size});
        }
    }
    *left = status == STATUS_OK;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status recovery_drop_rows(struct ledger *ledger, size_t max, bool *left)
{
    static const uint8_t behind_state[] = {0, 0};

    return drop_range(ledger, (struct bytes){behind_state, sizeof behind_state},
                      HEARD_MARK, max, left);
}

enum status recovery_drop_heard(struct ledger *ledger)
{
    static const uint8_t from[] = {HEARD_MARK};
    bool left = false;

    return drop_range(ledger, (struct bytes){from, sizeof from}, HEARD_MARK + 1,
                      SIZE_MAX, &left);
}

enum status recovery_drop_state(struct ledger *ledger)
{
    enum status status = recovery_drop_heard(ledger);

    ledger->recovering = false;
    return status == STATUS_OK
               ? store_delete(ledger->txn, TABLE_RECOVERY, state_span())
               : status;
}
