/* Failure modes: a record of another shape is STATUS_CORRUPT. Everything goes
 * into the reserve of a full spool: else this would be no witness. */
#include "agent/spool/spool_witness.h"

#include "agent/spool/spool_internal.h"
#include "common/base/check.h"

#include <string.h>

/* Records: a version, then
 *   held    at 8, the note
 *   behind  entries 8, at 8
 *   proven  index 8, at 8
 *   asked   index 8, since 8, times 4
 *   alarm   reason 4, since 8, last 8, settled 8, size of the first note 2,
 *           that note (held), the other one (given)
 *   wanted  index 8
 *   proof   index 8, entry, count of hashes 1, the hashes, the note */
static const char key_held[] = "held";
static const char key_behind[] = "behind";
static const char key_proven[] = "proven";
static const char key_asked[] = "asked";
static const char key_alarm[] = "alarm";
static const char key_wanted[] = "wanted";
static const char key_proof[] = "proof";

#define HELD_BYTES  (1u + 8u) /* and the note */
#define PAIR_BYTES  (1u + 8u + 8u)
#define ASKED_BYTES (1u + 8u + 8u + 4u)
#define ALARM_BYTES (1u + 4u + 3u * 8u + 2u) /* and the notes */
#define PROOF_BYTES (1u + 8u + ENTRY_BYTES + 1u)
#define PROOF_MAX \
    (PROOF_BYTES + MERKLE_PROOF_MAX * DIGEST_BYTES + WIRE_PROOF_NOTE_MAX)

static enum status put(struct store_txn *txn, const char *key,
                       struct bytes value)
{
    return store_put_reserved(txn, spool_own(txn, SPOOL_TABLE_WITNESS),
                              bytes_of_text(key), value);
}

/* `value` empty: there is no such record. */
static enum status get(struct store_txn *txn, const char *key, size_t least,
                       struct bytes *value)
{
    enum status rc = store_get(txn, spool_own(txn, SPOOL_TABLE_WITNESS),
                               bytes_of_text(key), value);

    if (rc == STATUS_NOT_FOUND) {
        *value = (struct bytes){0};
        return STATUS_OK;
    }
    if (rc == STATUS_OK &&
        (value->size < least || value->data[0] != SPOOL_RECORD_VERSION)) {
        return STATUS_CORRUPT;
    }
    return rc;
}

static enum status drop(struct store_txn *txn, const char *key)
{
    enum status rc = store_delete(txn, spool_own(txn, SPOOL_TABLE_WITNESS),
                                  bytes_of_text(key));

    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* Ends a transaction as what was done in it went. */
static enum status end(struct store_txn **txn, enum status rc)
{
    if (rc == STATUS_OK) {
        return store_commit(txn);
    }
    store_abort(txn);
    return rc;
}

/* ---- reading ---- */

static enum status take_note(struct bytes value, struct wire_note *note)
{
    if (value.size > WIRE_NOTE_MAX) {
        return STATUS_CORRUPT;
    }
    memcpy(note->bytes, value.data, value.size);
    note->size = value.size;
    return STATUS_OK;
}

static enum status get_held(struct store_txn *txn,
                            struct spool_witness *witness)
{
    struct bytes value;
    enum status rc = get(txn, key_held, HELD_BYTES, &value);

    if (rc != STATUS_OK || value.size == 0) {
        return rc;
    }
    witness->held_at = (int64_t)bytes_get_u64(value.data + 1);
    return take_note(
        (struct bytes){value.data + HELD_BYTES, value.size - HELD_BYTES},
        &witness->held);
}

static enum status get_pair(struct store_txn *txn, const char *key,
                            uint64_t *number, int64_t *at)
{
    struct bytes value;
    enum status rc = get(txn, key, PAIR_BYTES, &value);

    if (rc == STATUS_OK && value.size > 0) {
        *number = bytes_get_u64(value.data + 1);
        *at = (int64_t)bytes_get_u64(value.data + 9);
    }
    return rc;
}

static enum status get_alarm(struct store_txn *txn,
                             struct spool_witness *witness)
{
    struct bytes value;
    size_t held;
    enum status rc = get(txn, key_alarm, ALARM_BYTES, &value);

    if (rc != STATUS_OK || value.size == 0) {
        return rc;
    }
    witness->reason = bytes_get_u32(value.data + 1);
    witness->since = (int64_t)bytes_get_u64(value.data + 5);
    witness->last = (int64_t)bytes_get_u64(value.data + 13);
    witness->settled = (int64_t)bytes_get_u64(value.data + 21);
    held = bytes_get_u16(value.data + 29);
    if (held > value.size - ALARM_BYTES) {
        return STATUS_CORRUPT;
    }
    rc = take_note((struct bytes){value.data + ALARM_BYTES, held},
                   &witness->alarm_held);
    return rc == STATUS_OK
               ? take_note((struct bytes){value.data + ALARM_BYTES + held,
                                          value.size - ALARM_BYTES - held},
                           &witness->alarm_given)
               : rc;
}

static enum status get_asked(struct store_txn *txn,
                             struct spool_witness *witness)
{
    struct bytes value;
    enum status rc = get(txn, key_asked, ASKED_BYTES, &value);

    witness->asked = witness->asked_times = 0;
    if (rc == STATUS_OK && value.size > 0) {
        witness->asked = bytes_get_u64(value.data + 1);
        witness->asked_since = (int64_t)bytes_get_u64(value.data + 9);
        witness->asked_times = bytes_get_u32(value.data + 17);
    }
    return rc;
}

static enum status get_all(struct store_txn *txn, struct spool_witness *witness)
{
    enum status rc = get_held(txn, witness);

    if (rc == STATUS_OK) {
        rc = get_pair(txn, key_behind, &witness->behind, &witness->behind_at);
    }
    if (rc == STATUS_OK) {
        rc = get_pair(txn, key_proven, &witness->proven, &witness->proven_at);
    }
    if (rc == STATUS_OK) {
        rc = get_asked(txn, witness);
    }
    return rc == STATUS_OK ? get_alarm(txn, witness) : rc;
}

enum status spool_witness(struct spool *spool, struct spool_witness *witness)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    memset(witness, 0, sizeof *witness);
    if (rc == STATUS_OK) {
        rc = get_all(txn, witness);
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* ---- writing ---- */

static enum status put_alarm(struct store_txn *txn,
                             const struct spool_witness *witness)
{
    uint8_t record[ALARM_BYTES + 2u * WIRE_NOTE_MAX];
    size_t size = ALARM_BYTES + witness->alarm_held.size;

    record[0] = SPOOL_RECORD_VERSION;
    bytes_put_u32(record + 1, witness->reason);
    bytes_put_u64(record + 5, (uint64_t)witness->since);
    bytes_put_u64(record + 13, (uint64_t)witness->last);
    bytes_put_u64(record + 21, (uint64_t)witness->settled);
    bytes_put_u16(record + 29, (uint16_t)witness->alarm_held.size);
    memcpy(record + ALARM_BYTES, witness->alarm_held.bytes,
           witness->alarm_held.size);
    memcpy(record + size, witness->alarm_given.bytes,
           witness->alarm_given.size);
    size += witness->alarm_given.size;
    return put(txn, key_alarm, (struct bytes){record, size});
}

enum status spool_witness_take(struct spool *spool,
                               const struct wire_note *note, int64_t at)
{
    uint8_t record[HELD_BYTES + WIRE_NOTE_MAX];
    struct spool_witness witness = {.behind = 0};
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_write(spool, &txn);

    check(note->size <= WIRE_NOTE_MAX);
    record[0] = SPOOL_RECORD_VERSION;
    bytes_put_u64(record + 1, (uint64_t)at);
    memcpy(record + HELD_BYTES, note->bytes, note->size);
    if (rc == STATUS_OK) {
        rc = get_all(txn, &witness);
    }
    if (rc == STATUS_OK) {
        rc =
            put(txn, key_held, (struct bytes){record, HELD_BYTES + note->size});
    }
    if (rc == STATUS_OK) {
        rc = drop(txn, key_behind);
    }
    if (rc == STATUS_OK && witness.reason != 0 && witness.settled == 0) {
        witness.settled = at;
        rc = put_alarm(txn, &witness);
    }
    return end(&txn, rc);
}

static enum status set_pair(struct spool *spool, const char *key,
                            uint64_t number, int64_t at, bool there)
{
    uint8_t record[PAIR_BYTES];
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_write(spool, &txn);

    record[0] = SPOOL_RECORD_VERSION;
    bytes_put_u64(record + 1, number);
    bytes_put_u64(record + 9, (uint64_t)at);
    if (rc == STATUS_OK) {
        rc = there ? put(txn, key, (struct bytes){record, sizeof record})
                   : drop(txn, key);
    }
    return end(&txn, rc);
}

enum status spool_witness_behind(struct spool *spool, uint64_t entries,
                                 int64_t at)
{
    return set_pair(spool, key_behind, entries, at, entries != 0);
}

enum status spool_witness_proven(struct spool *spool, uint64_t index,
                                 int64_t at)
{
    return set_pair(spool, key_proven, index, at, true);
}

enum status spool_witness_ask(struct spool *spool, uint64_t index, int64_t at)
{
    uint8_t record[ASKED_BYTES];
    struct spool_witness witness;
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_write(spool, &txn);

    if (rc == STATUS_OK) {
        rc = get_asked(txn, &witness);
    }
    if (rc == STATUS_OK &&
        (witness.asked_times == 0 || witness.asked == index)) {
        record[0] = SPOOL_RECORD_VERSION;
        bytes_put_u64(record + 1, index);
        bytes_put_u64(
            record + 9,
            (uint64_t)(witness.asked_times == 0 ? at : witness.asked_since));
        bytes_put_u32(record + 17, witness.asked_times + 1);
        rc = put(txn, key_asked, (struct bytes){record, sizeof record});
    }
    return end(&txn, rc);
}

enum status spool_witness_answered(struct spool *spool, uint64_t index)
{
    struct spool_witness witness;
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_write(spool, &txn);

    if (rc == STATUS_OK) {
        rc = get_asked(txn, &witness);
    }
    if (rc == STATUS_OK && witness.asked == index) {
        rc = drop(txn, key_asked);
    }
    return end(&txn, rc);
}

enum status spool_witness_object(struct spool *spool, uint32_t reason,
                                 int64_t at, const struct wire_note *held,
                                 const struct wire_note *given)
{
    struct spool_witness witness = {.behind = 0};
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_write(spool, &txn);

    if (rc == STATUS_OK) {
        rc = get_all(txn, &witness);
    }
    if (rc == STATUS_OK) {
        if (witness.reason != reason || witness.settled != 0) {
            witness.reason = reason;
            witness.since = at;
            witness.settled = 0;
            witness.alarm_held = *held;
            witness.alarm_given = *given;
        }
        witness.last = at;
        rc = put_alarm(txn, &witness);
    }
    return end(&txn, rc);
}

/* ---- proofs ---- */

enum status spool_want_proof(struct spool *spool, uint64_t index)
{
    uint8_t record[1 + 8];
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_write(spool, &txn);

    record[0] = SPOOL_RECORD_VERSION;
    bytes_put_u64(record + 1, index);
    if (rc == STATUS_OK) {
        rc = put(txn, key_wanted, (struct bytes){record, sizeof record});
    }
    if (rc == STATUS_OK) {
        rc = drop(txn, key_proof);
    }
    return end(&txn, rc);
}

enum status spool_wanted_proof(struct spool *spool, uint64_t *index)
{
    struct store_txn *txn = NULL;
    struct bytes value;
    enum status rc = spool_begin_read(spool, &txn);

    *index = 0;
    if (rc == STATUS_OK) {
        rc = get(txn, key_wanted, 1 + 8, &value);
    }
    if (rc == STATUS_OK && value.size == 0) {
        rc = STATUS_NOT_FOUND;
    } else if (rc == STATUS_OK) {
        *index = bytes_get_u64(value.data + 1);
    }
    spool_end_read(spool, &txn);
    return rc;
}

enum status spool_put_proof(struct spool *spool,
                            const struct spool_proof *proof)
{
    struct store_txn *txn = NULL;
    struct buffer record;
    uint8_t head[PROOF_BYTES];
    enum status rc;

    head[0] = SPOOL_RECORD_VERSION;
    bytes_put_u64(head + 1, proof->index);
    memcpy(head + 9, proof->entry, ENTRY_BYTES);
    head[9 + ENTRY_BYTES] = (uint8_t)proof->path.count;
    buffer_init(&record, PROOF_MAX);
    rc = buffer_append(&record, (struct bytes){head, sizeof head});
    for (size_t i = 0; rc == STATUS_OK && i < proof->path.count; i++) {
        rc = buffer_append(
            &record, (struct bytes){proof->path.hashes[i].bytes, DIGEST_BYTES});
    }
    if (rc == STATUS_OK) {
        rc = buffer_append(&record, proof->note);
    }
    if (rc == STATUS_OK) {
        rc = spool_begin_write(spool, &txn);
    }
    if (rc == STATUS_OK) {
        rc = put(txn, key_proof, buffer_bytes(&record));
        if (rc == STATUS_OK) {
            rc = drop(txn, key_wanted);
        }
        rc = end(&txn, rc);
    }
    buffer_fini(&record);
    return rc;
}

static enum status read_proof(struct spool *spool, struct bytes value,
                              struct spool_proof *proof)
{
    const uint8_t *hashes = value.data + PROOF_BYTES;
    size_t count = value.data[9 + ENTRY_BYTES];
    size_t left = value.size - PROOF_BYTES;
    enum status rc;

    if (count > MERKLE_PROOF_MAX || left < count * DIGEST_BYTES) {
        return STATUS_CORRUPT;
    }
    proof->index = bytes_get_u64(value.data + 1);
    memcpy(proof->entry, value.data + 9, ENTRY_BYTES);
    proof->path.count = count;
    for (size_t i = 0; i < count; i++) {
        memcpy(proof->path.hashes[i].bytes, hashes + i * DIGEST_BYTES,
               DIGEST_BYTES);
    }
    buffer_clear(&spool->scratch);
    rc = buffer_append(&spool->scratch,
                       (struct bytes){hashes + count * DIGEST_BYTES,
                                      left - count * DIGEST_BYTES});
    proof->note = buffer_bytes(&spool->scratch);
    return rc;
}

enum status spool_proof(struct spool *spool, uint64_t index,
                        struct spool_proof *proof)
{
    struct store_txn *txn = NULL;
    struct bytes value;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = get(txn, key_proof, PROOF_BYTES, &value);
    }
    if (rc == STATUS_OK && value.size == 0) {
        rc = STATUS_NOT_FOUND;
    }
    if (rc == STATUS_OK) {
        rc = read_proof(spool, value, proof);
    }
    spool_end_read(spool, &txn);
    return rc == STATUS_OK && proof->index != index ? STATUS_NOT_FOUND : rc;
}
