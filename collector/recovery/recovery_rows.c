/* Rows of the table `recovery`. Failure modes: a row that has not the shape
 * that is written here is STATUS_CORRUPT. */
#include "collector/recovery/recovery_rows.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "collector/recovery/recovery_table.h"
#include "common/base/check.h"
#include "common/event/reference.h"

#include <string.h>

#define FLAG_GIVES_UP 1u

enum {
    ROW_KEY_BYTES = 12,
    HEARD_KEY_BYTES = 5,
    ROW_HEAD_BYTES = 21 + ENTRY_BYTES,
    HEARD_HEAD_BYTES = 2,
    HEARD_BYTES = HEARD_HEAD_BYTES + PUBLIC_KEY_BYTES,
    NOTE_BYTES = 8 + DIGEST_BYTES,
    OLDER_HEAD_BYTES = 19,
    STATE_HEAD_BYTES = 36,
    STATE_BYTES_MAX = STATE_HEAD_BYTES + RECOVERY_NOTES_MAX * NOTE_BYTES
};

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

static struct bytes heard_key(uint32_t agent, uint8_t key[HEARD_KEY_BYTES])
{
    key[0] = RECOVERY_HEARD;
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
    if (value.data[0] != RECOVERY_ROW_VERSION ||
        value.size < STATE_HEAD_BYTES ||
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

    if (value.size < ROW_HEAD_BYTES || value.data[0] != RECOVERY_ROW_VERSION ||
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

    if (status == STATUS_OK && found.data[0] >= RECOVERY_ERASURES) {
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

enum status recovery_get_heard(const struct recovery_reader *reader,
                               uint32_t agent, struct recovery_heard *heard)
{
    uint8_t key[HEARD_KEY_BYTES];
    struct bytes value;
    enum status status =
        store_get(reader->txn, TABLE_RECOVERY, heard_key(agent, key), &value);

    memset(heard, 0, sizeof *heard);
    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    if ((value.size != HEARD_HEAD_BYTES && value.size != HEARD_BYTES) ||
        value.data[0] != RECOVERY_ROW_VERSION || value.data[1] > 1) {
        return STATUS_CORRUPT;
    }
    heard->heard = true;
    heard->answered = value.data[1] == 1;
    if (value.size == HEARD_BYTES) {
        memcpy(heard->key.bytes, value.data + HEARD_HEAD_BYTES,
               sizeof heard->key.bytes);
    }
    return STATUS_OK;
}

/* ---- writing ---- */

enum status recovery_row_put(struct ledger *ledger, struct bytes key,
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
    value[0] = RECOVERY_ROW_VERSION;
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
    return recovery_row_put(
        ledger, state_span(),
        (struct bytes){.data = value, .size = (size_t)(at - value)}, true);
}

/* A head and what follows it, in one value. */
enum status recovery_row_put_long(struct ledger *ledger, struct bytes key,
                                  struct bytes head, struct bytes rest,
                                  struct buffer *scratch)
{
    enum status status;

    buffer_clear(scratch);
    status = buffer_append(scratch, head);
    if (status == STATUS_OK) {
        status = buffer_append(scratch, rest);
    }
    return status == STATUS_OK
               ? recovery_row_put(ledger, key, buffer_bytes(scratch), false)
               : status;
}

enum status recovery_put_row(struct ledger *ledger,
                             const struct recovery_row *row,
                             struct buffer *scratch)
{
    uint8_t key[ROW_KEY_BYTES];
    uint8_t head[ROW_HEAD_BYTES];

    head[0] = RECOVERY_ROW_VERSION;
    bytes_put_u32(head + 1, row->other);
    bytes_put_u64(head + 5, row->late);
    bytes_put_u64(head + 13, row->vouched_late);
    entry_write(&row->entry, head + 21);
    return recovery_row_put_long(
        ledger, row_key(row->entry.index, row->agent, key),
        (struct bytes){head, sizeof head}, row->bytes, scratch);
}

enum status recovery_put_heard(struct ledger *ledger, uint32_t agent,
                               const struct recovery_heard *heard)
{
    uint8_t value[HEARD_BYTES] = {RECOVERY_ROW_VERSION,
                                  heard->answered ? 1 : 0};
    uint8_t key[HEARD_KEY_BYTES];

    memcpy(value + HEARD_HEAD_BYTES, heard->key.bytes, sizeof heard->key.bytes);
    return recovery_row_put(ledger, heard_key(agent, key),
                            (struct bytes){value, sizeof value}, true);
}

enum status recovery_forget_heard(struct ledger *ledger, uint32_t agent)
{
    uint8_t key[HEARD_KEY_BYTES];

    check(ledger->txn != NULL);
    ledger->touched = true;
    return store_delete(ledger->txn, TABLE_RECOVERY, heard_key(agent, key));
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
        uint8_t copy[RECOVERY_KEY_MAX];
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
                      RECOVERY_HEARD, max, left);
}

enum status recovery_drop_heard(struct ledger *ledger)
{
    static const uint8_t from[] = {RECOVERY_HEARD};
    bool left = false;

    return drop_range(ledger, (struct bytes){from, sizeof from},
                      RECOVERY_HEARD + 1, SIZE_MAX, &left);
}

enum status recovery_drop_state(struct ledger *ledger)
{
    enum status status = recovery_drop_heard(ledger);

    ledger->touched = true;
    ledger->recovering = false;
    return status == STATUS_OK
               ? store_delete(ledger->txn, TABLE_RECOVERY, state_span())
               : status;
}
