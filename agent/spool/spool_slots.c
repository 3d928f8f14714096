/* Failure modes: a process that dies while a slot is claimed or emptied leaves
 * it as it was; agent.yaml names it only afterwards, and no longer before. */
#include "agent/spool/spool_slots.h"

#include "agent/spool/spool_internal.h"
#include "common/base/check.h"
#include "common/event/reference.h"

#include <string.h>

#define LEDGER_BYTES (1u + RANDOM_ID_BYTES)

static const char key_ledger[] = "ledger";

static const uint8_t version = SPOOL_RECORD_VERSION;

/* ---- whose tables ---- */

unsigned spool_own(const struct store_txn *txn, enum spool_table table)
{
    static const uint8_t places[SPOOL_TABLE_SLOTS] = {
        [SPOOL_TABLE_META] = 1,      [SPOOL_TABLE_RECEIPTS] = 2,
        [SPOOL_TABLE_DOCUMENTS] = 3, [SPOOL_TABLE_OUTCOMES] = 4,
        [SPOOL_TABLE_CONTROLS] = 5,  [SPOOL_TABLE_WITNESS] = 6};
    unsigned slot = store_tag(txn);

    check(table < SPOOL_TABLE_SLOTS && places[table] != 0);
    return slot == 0 ? (unsigned)table
                     : SPOOL_TABLE_SLOTS + (slot - 1) * SPOOL_OWN_TABLES +
                           places[table] - 1;
}

unsigned spool_speak_of(struct store_txn *txn, unsigned slot)
{
    unsigned was = store_tag(txn);

    check(slot < SPOOL_SLOTS);
    store_set_tag(txn, slot);
    return was;
}

unsigned spool_turn(struct spool *spool, unsigned slot)
{
    unsigned was = spool->slot;

    check(slot < SPOOL_SLOTS && spool->txn == NULL);
    spool->slot = slot;
    return was;
}

bool spool_is_primary(const struct spool *spool)
{
    return spool->slot == spool->primary;
}

enum status spool_own_ledger(struct spool *spool, struct random_id *ledger)
{
    return spool_slot_ledger(spool, spool->slot, ledger);
}

void spool_set_slots(struct spool *spool, unsigned primary, uint32_t others)
{
    (void)spool_turn(spool, primary);
    spool->primary = primary;
    spool->others = others & ~(1u << primary);
}

/* ---- claiming ---- */

static struct bytes key_doubted(uint32_t ordinal, uint8_t out[SPOOL_KEY_MAX])
{
    memcpy(out, "doubted", 7);
    bytes_put_u32(out + 7, ordinal);
    return (struct bytes){out, 11};
}

/* Notes that an epoch was closed without knowing what the collector has of
 * it. */
static enum status doubt_epoch(struct store_txn *txn, uint32_t ordinal)
{
    uint8_t key[SPOOL_KEY_MAX];

    return store_put_reserved(txn, spool_own(txn, SPOOL_TABLE_META),
                              key_doubted(ordinal, key),
                              (struct bytes){&version, sizeof version});
}

enum status spool_doubt_for_others(const struct spool *spool,
                                   struct store_txn *txn, uint32_t ordinal)
{
    unsigned was = store_tag(txn);
    enum status rc = STATUS_OK;

    for (unsigned slot = 0; rc == STATUS_OK && slot < SPOOL_SLOTS; slot++) {
        if (slot == was ||
            ((spool->others | 1u << spool->primary) >> slot & 1u) == 0) {
            continue;
        }
        (void)spool_speak_of(txn, slot);
        rc = doubt_epoch(txn, ordinal);
    }
    (void)spool_speak_of(txn, was);
    return rc;
}

enum status spool_is_doubted(struct store_txn *txn, uint32_t ordinal,
                             bool *doubted)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct bytes value;
    enum status rc = store_get(txn, spool_own(txn, SPOOL_TABLE_META),
                               key_doubted(ordinal, key), &value);

    *doubted = rc == STATUS_OK;
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* Slot 0 has its records among the office's. */
static enum status empty_meta(struct store_txn *txn)
{
    static const char *const keys[] = {
        SPOOL_KEY_TO_MEND, SPOOL_KEY_LINK, SPOOL_KEY_CLOCK, SPOOL_KEY_BACKUP,
        SPOOL_KEY_BREAK,   SPOOL_KEY_PAST, key_ledger};
    enum status rc = STATUS_OK;

    if (store_tag(txn) != 0) {
        return store_empty(txn, spool_own(txn, SPOOL_TABLE_META));
    }
    for (size_t i = 0; rc == STATUS_OK && i < sizeof keys / sizeof keys[0];
         i++) {
        rc = store_delete(txn, SPOOL_TABLE_META, bytes_of_text(keys[i]));
        rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    return rc;
}

static enum status empty_tables(struct store_txn *txn)
{
    static const enum spool_table tables[] = {
        SPOOL_TABLE_RECEIPTS, SPOOL_TABLE_DOCUMENTS, SPOOL_TABLE_OUTCOMES,
        SPOOL_TABLE_CONTROLS, SPOOL_TABLE_WITNESS};
    enum status rc = empty_meta(txn);

    for (size_t i = 0; rc == STATUS_OK && i < sizeof tables / sizeof tables[0];
         i++) {
        rc = store_empty(txn, spool_own(txn, tables[i]));
    }
    return rc;
}

/* Nothing is received, of epochs that are closed neither. What has left this
 * disk can be neither sent nor received from here. */
static enum status forget_receipts(struct store_txn *txn)
{
    struct spool_identity identity;
    enum status rc = spool_get_identity(txn, &identity);

    for (uint32_t i = 1; rc == STATUS_OK && i <= identity.epoch_ordinal; i++) {
        struct spool_epoch epoch;
        struct spool_removed removed = {.seq = 0};

        rc = spool_get_epoch(txn, i, &epoch);
        if (rc == STATUS_NOT_FOUND) {
            rc = STATUS_OK;
            continue;
        }
        if (rc == STATUS_OK) {
            rc = spool_get_removed(txn, i, &removed);
        }
        epoch.received = removed.seq;
        epoch.receipted = removed.seq;
        if (rc == STATUS_OK) {
            rc = spool_put_epoch(txn, i, &epoch);
        }
        if (rc == STATUS_OK && epoch.closed_from != 0) {
            rc = doubt_epoch(txn, i);
        }
    }
    return rc;
}

static enum status put_ledger(struct store_txn *txn,
                              const struct random_id *ledger)
{
    uint8_t record[LEDGER_BYTES] = {SPOOL_RECORD_VERSION};

    memcpy(record + 1, ledger->bytes, RANDOM_ID_BYTES);
    return store_put_reserved(txn, spool_own(txn, SPOOL_TABLE_META),
                              bytes_of_text(key_ledger),
                              (struct bytes){record, sizeof record});
}

static enum status get_ledger(struct store_txn *txn, struct random_id *ledger)
{
    struct bytes value;
    enum status rc = store_get(txn, spool_own(txn, SPOOL_TABLE_META),
                               bytes_of_text(key_ledger), &value);

    if (rc == STATUS_OK &&
        (value.size != LEDGER_BYTES || value.data[0] != SPOOL_RECORD_VERSION)) {
        rc = STATUS_CORRUPT;
    }
    if (rc == STATUS_OK) {
        memcpy(ledger->bytes, value.data + 1, RANDOM_ID_BYTES);
    }
    return rc;
}

/* The first collector's was there before there were others. */
enum status spool_slot_ledger(struct spool *spool, unsigned slot,
                              struct random_id *ledger)
{
    struct spool_identity identity;
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        unsigned was = spool_speak_of(txn, slot);

        rc = get_ledger(txn, ledger);
        if (rc == STATUS_NOT_FOUND && slot == 0) {
            rc = spool_get_identity(txn, &identity);
            *ledger = identity.ledger;
        }
        (void)spool_speak_of(txn, was);
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* `ledger` NULL: it becomes nobody's. */
static enum status hand_over(struct spool *spool, unsigned slot,
                             const struct random_id *ledger)
{
    struct store_txn *txn = NULL;
    struct random_id old;
    enum status rc;

    check(slot != spool->primary && (spool->others >> slot & 1u) == 0);
    rc = spool_begin_write(spool, &txn);
    if (rc != STATUS_OK) {
        return rc;
    }
    (void)spool_speak_of(txn, slot);
    if (ledger != NULL && get_ledger(txn, &old) == STATUS_OK &&
        random_id_equal(&old, ledger)) {
        store_abort(&txn);
        return STATUS_OK;
    }
    rc = empty_tables(txn);
    if (rc == STATUS_OK) {
        rc = forget_receipts(txn);
    }
    if (rc == STATUS_OK && ledger != NULL) {
        rc = put_ledger(txn, ledger);
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

enum status spool_claim(struct spool *spool, unsigned slot,
                        const struct random_id *ledger)
{
    return hand_over(spool, slot, ledger);
}

enum status spool_release(struct spool *spool, unsigned slot)
{
    return hand_over(spool, slot, NULL);
}

/* ---- what they lack ---- */

enum status spool_epoch_in_use(struct spool *spool, uint32_t *ordinal,
                               bool *moves)
{
    struct spool_identity identity = {.epoch_ordinal = 0};
    struct store_txn *txn = NULL;
    struct bytes value;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = spool_get_identity(txn, &identity);
    }
    if (rc == STATUS_OK) {
        rc = store_get(txn, SPOOL_TABLE_META, bytes_of_text(SPOOL_KEY_MOVE),
                       &value);
    }
    *moves = rc == STATUS_OK;
    *ordinal = identity.epoch_ordinal;
    spool_end_read(spool, &txn);
    return rc == STATUS_NOT_FOUND && *ordinal != 0 ? STATUS_OK : rc;
}

/* A collector is stopped by the first batch that it lacks and that is erased
 * here: for what is behind that nothing is kept. */
static enum status cannot_reach(struct store_txn *txn, uint32_t ordinal,
                                uint64_t received, uint64_t last, bool *lack)
{
    bool erased = false;
    enum status rc =
        spool_erased_between(txn, ordinal, received + 1, last, &erased);

    *lack = !erased;
    return rc;
}

enum status spool_others_lack(const struct spool *spool, struct store_txn *txn,
                              uint32_t ordinal, uint64_t last, bool *lack)
{
    unsigned was = store_tag(txn);
    enum status rc = STATUS_OK;

    *lack = false;
    for (unsigned slot = 0; rc == STATUS_OK && !*lack && slot < SPOOL_SLOTS;
         slot++) {
        struct spool_epoch epoch;

        if (slot == was ||
            ((spool->others | 1u << spool->primary) >> slot & 1u) == 0) {
            continue;
        }
        (void)spool_speak_of(txn, slot);
        rc = spool_get_epoch(txn, ordinal, &epoch);
        /* Nothing of a closed epoch is sent on to anybody. */
        *lack =
            rc == STATUS_OK && epoch.closed_from == 0 && epoch.received < last;
        if (*lack) {
            rc = cannot_reach(txn, ordinal, epoch.received, last, lack);
        }
    }
    (void)spool_speak_of(txn, was);
    return rc;
}

enum status spool_remove_receipts(struct store_txn *txn, struct bytes place)
{
    unsigned was = store_tag(txn);
    enum status rc =
        store_delete(txn, spool_own(txn, SPOOL_TABLE_RECEIPTS), place);

    for (unsigned slot = 0; rc == STATUS_OK && slot < SPOOL_SLOTS; slot++) {
        if (slot != was) {
            (void)spool_speak_of(txn, slot);
            rc = store_delete(txn, spool_own(txn, SPOOL_TABLE_RECEIPTS), place);
            rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
        }
    }
    (void)spool_speak_of(txn, was);
    return rc;
}

static enum status look_at(struct store_txn *txn, unsigned primary,
                           unsigned slot, struct spool_lack *lack)
{
    struct spool_identity identity;
    struct spool_epoch epoch;
    struct entry receipt;
    enum status rc;

    (void)spool_speak_of(txn, slot);
    rc = spool_get_current(txn, &identity, &epoch);
    if (rc != STATUS_OK) {
        return rc;
    }
    lack->received = epoch.received;
    lack->events = epoch.last - epoch.receipted;
    lack->sealed = epoch.sealed - epoch.receipted;
    (void)spool_speak_of(txn, primary);
    rc = spool_get_receipt(txn, identity.epoch_ordinal, epoch.received + 1,
                           &receipt);
    if (rc == STATUS_OK) {
        rc = spool_is_backed_up(txn, &receipt, &lack->holds_room);
    }
    return rc == STATUS_OK && lack->holds_room
               ? cannot_reach(txn, identity.epoch_ordinal, epoch.received,
                              receipt.first_seq + receipt.count - 1,
                              &lack->holds_room)
               : rc;
}

enum status spool_lack(struct spool *spool, unsigned slot, uint64_t keep_bytes,
                       struct spool_lack *lack)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    memset(lack, 0, sizeof *lack);
    if (rc == STATUS_OK) {
        unsigned was = store_tag(txn);

        rc = look_at(txn, spool->primary, slot, lack);
        (void)spool_speak_of(txn, was);
    }
    spool_end_read(spool, &txn);
    lack->holds_room = lack->holds_room && spool_excess(spool, keep_bytes) > 0;
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}
