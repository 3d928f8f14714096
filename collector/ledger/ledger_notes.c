/* Failure modes: a record of another shape is STATUS_CORRUPT, of a newer
 * version it is passed by: what a newer program kept of a witness is no reason
 * to stop. */
#include "collector/ledger/ledger_notes.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "common/base/check.h"

#include <string.h>

#define RECORD_VERSION   1u
#define WITNESS_KEY      5u
#define WITNESS_COSIGNED 1u
#define WITNESS_OBJECTED 2u
#define COSIGNED_BYTES   (1u + 8u + 8u + PUBLIC_KEY_BYTES + SIGNATURE_BYTES)
#define OBJECTED_BYTES   (1u + 4u + 8u + 8u + 2u) /* and the notes */
#define OBJECTED_MAX     (OBJECTED_BYTES + 2u * WIRE_NOTE_MAX)

/* ---- keys ---- */

static struct bytes size_key(uint64_t size, uint8_t key[8])
{
    bytes_put_u64(key, size);
    return (struct bytes){key, 8};
}

static struct bytes witness_key(uint32_t agent, uint8_t kind,
                                uint8_t key[WITNESS_KEY])
{
    bytes_put_u32(key, agent);
    key[4] = kind;
    return (struct bytes){key, WITNESS_KEY};
}

/* ---- writing ---- */

static enum status put(struct ledger *ledger, unsigned table, struct bytes key,
                       struct bytes value)
{
    check(ledger->txn != NULL);
    if (ledger->lost == STATUS_OK) {
        ledger->lost = store_put_reserved(ledger->txn, table, key, value);
        ledger->touched = true;
    }
    return ledger->lost;
}

enum status ledger_keep_checkpoint(struct ledger *ledger, uint64_t size,
                                   struct bytes note)
{
    uint8_t key[8];

    check(note.size <= CHECKPOINT_NOTE_MAX);
    return put(ledger, TABLE_CHECKPOINTS, size_key(size, key), note);
}

enum status ledger_drop_checkpoint(struct ledger *ledger, uint64_t size)
{
    uint8_t key[8];
    enum status status = ledger->lost;

    check(ledger->txn != NULL);
    if (status == STATUS_OK) {
        status =
            store_delete(ledger->txn, TABLE_CHECKPOINTS, size_key(size, key));
        ledger->touched = true;
        ledger->lost = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    return ledger->lost;
}

enum status ledger_keep_cosignature(
    struct ledger *ledger, uint32_t agent,
    const struct ledger_cosignature *cosignature)
{
    uint8_t key[WITNESS_KEY];
    uint8_t record[COSIGNED_BYTES];

    record[0] = RECORD_VERSION;
    bytes_put_u64(record + 1, cosignature->size);
    bytes_put_u64(record + 9, (uint64_t)cosignature->time);
    memcpy(record + 17, cosignature->key.bytes, PUBLIC_KEY_BYTES);
    memcpy(record + 17 + PUBLIC_KEY_BYTES, cosignature->signature.bytes,
           SIGNATURE_BYTES);
    return put(ledger, TABLE_WITNESSES,
               witness_key(agent, WITNESS_COSIGNED, key),
               (struct bytes){record, sizeof record});
}

enum status ledger_keep_objection(struct ledger *ledger, uint32_t agent,
                                  const struct ledger_objection *objection)
{
    uint8_t key[WITNESS_KEY];
    uint8_t record[OBJECTED_MAX];
    size_t size = OBJECTED_BYTES;

    check(objection->held.size <= WIRE_NOTE_MAX &&
          objection->given.size <= WIRE_NOTE_MAX);
    record[0] = RECORD_VERSION;
    bytes_put_u32(record + 1, objection->reason);
    bytes_put_u64(record + 5, (uint64_t)objection->at);
    bytes_put_u64(record + 13, (uint64_t)objection->settled);
    bytes_put_u16(record + 21, (uint16_t)objection->held.size);
    memcpy(record + size, objection->held.bytes, objection->held.size);
    size += objection->held.size;
    memcpy(record + size, objection->given.bytes, objection->given.size);
    size += objection->given.size;
    return put(ledger, TABLE_WITNESSES,
               witness_key(agent, WITNESS_OBJECTED, key),
               (struct bytes){record, size});
}

/* ---- reading checkpoints ---- */

static enum status read_checkpoint(struct bytes key, struct bytes value,
                                   uint64_t *size, struct bytes *note)
{
    if (key.size != 8) {
        return STATUS_CORRUPT;
    }
    *size = bytes_get_u64(key.data);
    *note = value;
    return STATUS_OK;
}

enum status ledger_next_checkpoint(const struct ledger_snapshot *snapshot,
                                   uint64_t from, uint64_t *size,
                                   struct bytes *note)
{
    struct store_cursor *cursor = NULL;
    struct bytes key;
    struct bytes value;
    uint8_t first[8];
    enum status status =
        store_cursor_open(snapshot->txn, TABLE_CHECKPOINTS, &cursor);

    if (status == STATUS_OK) {
        status = store_seek(cursor, size_key(from, first), &key, &value);
    }
    if (status == STATUS_OK) {
        status = read_checkpoint(key, value, size, note);
    }
    store_cursor_close(&cursor);
    return status;
}

enum status ledger_checkpoint_below(const struct ledger_snapshot *snapshot,
                                    uint64_t below, uint64_t *size,
                                    struct bytes *note)
{
    struct store_cursor *cursor = NULL;
    struct bytes key;
    struct bytes value;
    enum status status =
        store_cursor_open(snapshot->txn, TABLE_CHECKPOINTS, &cursor);

    if (status == STATUS_OK) {
        status = store_before(cursor, size_key(below, (uint8_t[8]){0}), &key,
                              &value);
    }
    if (status == STATUS_OK) {
        status = read_checkpoint(key, value, size, note);
    }
    store_cursor_close(&cursor);
    return status;
}

/* ---- reading witnesses ---- */

static enum status read_cosignature(struct bytes value,
                                    struct ledger_cosignature *cosignature)
{
    uint64_t time;

    if (value.size != COSIGNED_BYTES) {
        return STATUS_CORRUPT;
    }
    cosignature->size = bytes_get_u64(value.data + 1);
    time = bytes_get_u64(value.data + 9);
    cosignature->time = (int64_t)time;
    memcpy(cosignature->key.bytes, value.data + 17, PUBLIC_KEY_BYTES);
    memcpy(cosignature->signature.bytes, value.data + 17 + PUBLIC_KEY_BYTES,
           SIGNATURE_BYTES);
    return time <= INT64_MAX ? STATUS_OK : STATUS_CORRUPT;
}

static enum status read_objection(struct bytes value,
                                  struct ledger_objection *objection)
{
    size_t held;
    size_t given;

    if (value.size < OBJECTED_BYTES || value.size > OBJECTED_MAX) {
        return STATUS_CORRUPT;
    }
    held = bytes_get_u16(value.data + 21);
    if (held > WIRE_NOTE_MAX || held > value.size - OBJECTED_BYTES ||
        value.size - OBJECTED_BYTES - held > WIRE_NOTE_MAX) {
        return STATUS_CORRUPT;
    }
    given = value.size - OBJECTED_BYTES - held;
    objection->reason = bytes_get_u32(value.data + 1);
    objection->at = (int64_t)bytes_get_u64(value.data + 5);
    objection->settled = (int64_t)bytes_get_u64(value.data + 13);
    objection->held.size = held;
    objection->given.size = given;
    memcpy(objection->held.bytes, value.data + OBJECTED_BYTES, held);
    memcpy(objection->given.bytes, value.data + OBJECTED_BYTES + held, given);
    return STATUS_OK;
}

/* What one row says, into the witness. */
static enum status read_row(struct bytes key, struct bytes value,
                            struct ledger_witness *witness)
{
    if (value.size == 0) {
        return STATUS_CORRUPT;
    }
    if (value.data[0] != RECORD_VERSION) {
        return STATUS_OK;
    }
    switch (key.data[4]) {
    case WITNESS_COSIGNED:
        return read_cosignature(value, &witness->cosignature);
    case WITNESS_OBJECTED:
        return read_objection(value, &witness->objection);
    default:
        return STATUS_OK;
    }
}

enum status ledger_next_witness(const struct ledger_snapshot *snapshot,
                                uint32_t from, struct ledger_witness *witness)
{
    struct store_cursor *cursor = NULL;
    struct bytes key;
    struct bytes value;
    uint8_t first[WITNESS_KEY];
    enum status status =
        store_cursor_open(snapshot->txn, TABLE_WITNESSES, &cursor);

    memset(witness, 0, sizeof *witness);
    if (status == STATUS_OK) {
        status = store_seek(cursor, witness_key(from, 0, first), &key, &value);
    }
    if (status == STATUS_OK && key.size == WITNESS_KEY) {
        witness->agent = bytes_get_u32(key.data);
    }
    while (status == STATUS_OK) {
        if (key.size != WITNESS_KEY) {
            status = STATUS_CORRUPT;
        } else if (bytes_get_u32(key.data) != witness->agent) {
            break;
        } else {
            status = read_row(key, value, witness);
        }
        if (status == STATUS_OK) {
            status = store_next(cursor, &key, &value);
            if (status == STATUS_NOT_FOUND) {
                status = STATUS_OK;
                break;
            }
        }
    }
    store_cursor_close(&cursor);
    return status;
}
