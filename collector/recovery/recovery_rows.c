/* Rows of the table `recovery`. Failure modes: a row that has not the shape
 * that is written here is STATUS_CORRUPT. */
#include "collector/recovery/recovery_rows.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "common/base/check.h"

#include <string.h>

#define ROW_VERSION 1u

enum {
    ROW_KEY_BYTES = 9,
    HEARD_KEY_BYTES = 5,
    ROW_HEAD_BYTES = 5 + ENTRY_BYTES,
    HEARD_BYTES = 10,
    NOTE_BYTES = 8 + DIGEST_BYTES,
    STATE_HEAD_BYTES = 19,
    STATE_BYTES_MAX = STATE_HEAD_BYTES + RECOVERY_NOTES_MAX * NOTE_BYTES
};

static const uint8_t state_key[] = {0};
#define HEARD_MARK 255u

static struct bytes state_span(void)
{
    return (struct bytes){.data = state_key, .size = sizeof state_key};
}

static struct bytes row_key(uint64_t index, uint8_t claim,
                            uint8_t key[ROW_KEY_BYTES])
{
    bytes_put_u64(key, index);
    key[8] = claim;
    return (struct bytes){.data = key, .size = ROW_KEY_BYTES};
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

enum status recovery_get_state(const struct recovery_reader *reader,
                               struct recovery_state *state)
{
    struct bytes value;
    const uint8_t *at;
    enum status status =
        store_get(reader->txn, TABLE_RECOVERY, state_span(), &value);

    memset(state, 0, sizeof *state);
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (value.size < STATE_HEAD_BYTES || value.data[0] != ROW_VERSION ||
        value.data[1] == RECOVERY_NONE || value.data[1] > RECOVERY_TOTAL ||
        value.data[18] > RECOVERY_NOTES_MAX ||
        value.size != STATE_HEAD_BYTES + (size_t)value.data[18] * NOTE_BYTES) {
        return STATUS_CORRUPT;
    }
    state->kind = (enum recovery_kind)value.data[1];
    state->began = bytes_get_u64(value.data + 2);
    state->verified = bytes_get_u64(value.data + 10);
    state->note_count = value.data[18];
    at = value.data + STATE_HEAD_BYTES;
    for (size_t i = 0; i < state->note_count; i++, at += NOTE_BYTES) {
        state->notes[i].size = bytes_get_u64(at);
        memcpy(state->notes[i].root.bytes, at + 8, DIGEST_BYTES);
    }
    return STATUS_OK;
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

enum status recovery_next_row(const struct recovery_reader *reader,
                              uint64_t index, uint8_t claim,
                              struct recovery_row *row)
{
    uint8_t key[ROW_KEY_BYTES];
    struct bytes found;
    struct bytes value;
    enum status status =
        seek(reader, row_key(index, claim, key), &found, &value);

    if (status == STATUS_OK && found.data[0] == HEARD_MARK) {
        status = STATUS_NOT_FOUND;
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (found.size != ROW_KEY_BYTES || value.size < ROW_HEAD_BYTES ||
        value.data[0] != ROW_VERSION ||
        entry_read((struct bytes){.data = value.data + 5, .size = ENTRY_BYTES},
                   &row->entry) != STATUS_OK ||
        row->entry.index != bytes_get_u64(found.data)) {
        return STATUS_CORRUPT;
    }
    row->agent = bytes_get_u32(value.data + 1);
    row->claim = found.data[8];
    row->bytes = (struct bytes){.data = value.data + ROW_HEAD_BYTES,
                                .size = value.size - ROW_HEAD_BYTES};
    return STATUS_OK;
}

static enum status read_heard(struct bytes value, struct recovery_heard *heard)
{
    if (value.size != HEARD_BYTES || value.data[0] != ROW_VERSION ||
        value.data[9] > 1) {
        return STATUS_CORRUPT;
    }
    heard->claims = bytes_get_u64(value.data + 1);
    heard->answered = value.data[9] == 1;
    return STATUS_OK;
}

enum status recovery_get_heard(const struct recovery_reader *reader,
                               uint32_t agent, struct recovery_heard *heard)
{
    uint8_t key[HEARD_KEY_BYTES];
    struct bytes value;
    enum status status =
        store_get(reader->txn, TABLE_RECOVERY, heard_key(agent, key), &value);

    return status == STATUS_OK ? read_heard(value, heard) : status;
}

enum status recovery_next_heard(const struct recovery_reader *reader,
                                uint32_t *agent, struct recovery_heard *heard)
{
    uint8_t key[HEARD_KEY_BYTES];
    struct bytes found;
    struct bytes value;
    enum status status =
        seek(reader, heard_key(*agent + 1, key), &found, &value);

    if (status == STATUS_OK && found.size != HEARD_KEY_BYTES) {
        status = STATUS_CORRUPT;
    }
    if (status == STATUS_OK) {
        *agent = bytes_get_u32(found.data + 1);
        status = read_heard(value, heard);
    }
    return status;
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
    bytes_put_u64(value + 2, state->began);
    bytes_put_u64(value + 10, state->verified);
    value[18] = (uint8_t)state->note_count;
    for (size_t i = 0; i < state->note_count; i++, at += NOTE_BYTES) {
        bytes_put_u64(at, state->notes[i].size);
        memcpy(at + 8, state->notes[i].root.bytes, DIGEST_BYTES);
    }
    return put(ledger, state_span(),
               (struct bytes){.data = value, .size = (size_t)(at - value)},
               true);
}

enum status recovery_put_row(struct ledger *ledger,
                             const struct recovery_row *row,
                             struct buffer *scratch)
{
    uint8_t key[ROW_KEY_BYTES];
    uint8_t head[ROW_HEAD_BYTES];
    enum status status;

    head[0] = ROW_VERSION;
    bytes_put_u32(head + 1, row->agent);
    entry_write(&row->entry, head + 5);
    buffer_clear(scratch);
    status = buffer_append(scratch, (struct bytes){head, sizeof head});
    if (status == STATUS_OK) {
        status = buffer_append(scratch, row->bytes);
    }
    return status == STATUS_OK
               ? put(ledger, row_key(row->entry.index, row->claim, key),
                     buffer_bytes(scratch), false)
               : status;
}

enum status recovery_put_heard(struct ledger *ledger, uint32_t agent,
                               const struct recovery_heard *heard)
{
    uint8_t key[HEARD_KEY_BYTES];
    uint8_t value[HEARD_BYTES];

    value[0] = ROW_VERSION;
    bytes_put_u64(value + 1, heard->claims);
    value[9] = heard->answered ? 1 : 0;
    return put(ledger, heard_key(agent, key),
               (struct bytes){value, sizeof value}, true);
}

enum status recovery_drop_row(struct ledger *ledger, uint64_t index,
                              uint8_t claim)
{
    uint8_t key[ROW_KEY_BYTES];

    check(ledger->txn != NULL);
    ledger->touched = true;
    return store_delete(ledger->txn, TABLE_RECOVERY,
                        row_key(index, claim, key));
}

enum status recovery_drop_index(struct ledger *ledger, uint64_t index)
{
    enum status status = STATUS_OK;

    for (uint8_t claim = 0; claim < RECOVERY_RIVALS_MAX && status == STATUS_OK;
         claim++) {
        status = recovery_drop_row(ledger, index, claim);
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    return status;
}

enum status recovery_drop_rows(struct ledger *ledger, size_t max, bool *left)
{
    static const uint8_t behind_state[] = {0, 0};
    struct recovery_reader reader = {.ledger = ledger, .txn = ledger->txn};
    enum status status = STATUS_OK;

    for (size_t i = 0; i < max && status == STATUS_OK; i++) {
        uint8_t copy[ROW_KEY_BYTES];
        struct bytes found;
        struct bytes value;

        status =
            seek(&reader, (struct bytes){behind_state, sizeof behind_state},
                 &found, &value);
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

enum status recovery_drop_state(struct ledger *ledger)
{
    check(ledger->txn != NULL);
    ledger->touched = true;
    ledger->recovering = false;
    return store_delete(ledger->txn, TABLE_RECOVERY, state_span());
}
