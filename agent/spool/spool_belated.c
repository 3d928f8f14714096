/* What comes later than it might: receipts of closed epochs, which a collector
 * has from elsewhere, and erasure orders that wait until every collector has
 * its batch. Failure modes: a process that dies in the middle asks again, and
 * goes through the orders again; both add nothing the second time. */
#include "agent/spool/spool_slots.h"

#include "agent/spool/spool_internal.h"
#include "common/format/wire_pairs.h"

static const char key_orders[] = "orders";

static const uint8_t version = SPOOL_RECORD_VERSION;

/* ---- receipts of what is over ---- */

/* Whether the collector may have received more of a closed epoch than is known
 * here. */
static enum status misses_receipts(struct store_txn *txn, bool *misses)
{
    struct spool_identity identity;
    enum status rc = spool_get_identity(txn, &identity);

    *misses = false;
    for (uint32_t i = 1;
         rc == STATUS_OK && !*misses && i < identity.epoch_ordinal; i++) {
        struct spool_epoch epoch;

        rc = spool_get_epoch(txn, i, &epoch);
        *misses = rc == STATUS_OK && epoch.doubted &&
                  epoch.received + 1 < epoch.closed_from &&
                  epoch.received < epoch.last;
        rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    return rc;
}

enum status spool_past_from(struct spool *spool, uint64_t *from)
{
    struct store_txn *txn = NULL;
    bool misses = false;
    enum status rc = spool_begin_read(spool, &txn);

    *from = 0;
    if (rc == STATUS_OK) {
        rc = misses_receipts(txn, &misses);
    }
    if (rc == STATUS_OK && misses) {
        rc = spool_get_number(txn, spool_own(txn, SPOOL_TABLE_META),
                              bytes_of_text(SPOOL_KEY_PAST), from);
    }
    spool_end_read(spool, &txn);
    return rc == STATUS_OK && !misses ? STATUS_NOT_FOUND : rc;
}

enum status spool_keep_past(struct spool *spool, const struct wire_pair pairs[],
                            size_t count, uint64_t done_to)
{
    uint8_t next[8];
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_write(spool, &txn);

    for (size_t i = 0; rc == STATUS_OK && i < count; i++) {
        uint8_t receipt[ENTRY_BYTES];

        entry_write(&pairs[i].entry, receipt);
        rc = spool_put_receipt(txn, (struct bytes){receipt, sizeof receipt},
                               &pairs[i].entry);
        /* A batch that is not here, or another than the one that is. */
        rc = rc == STATUS_EXISTS || rc == STATUS_INVALID ? STATUS_OK : rc;
    }
    if (rc == STATUS_OK) {
        bytes_put_u64(next, done_to);
        rc = store_put_reserved(txn, spool_own(txn, SPOOL_TABLE_META),
                                bytes_of_text(SPOOL_KEY_PAST),
                                (struct bytes){next, sizeof next});
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

/* ---- orders that wait ---- */

enum status spool_put_off_orders(struct store_txn *txn)
{
    return store_put_reserved(txn, SPOOL_TABLE_META, bytes_of_text(key_orders),
                              (struct bytes){&version, sizeof version});
}

static enum status settle_orders(struct spool *spool)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_write(spool, &txn);

    if (rc == STATUS_OK) {
        rc = store_delete(txn, SPOOL_TABLE_META, bytes_of_text(key_orders));
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

enum status spool_orders_wait(struct spool *spool, bool *wait)
{
    struct store_txn *txn = NULL;
    struct bytes value;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc =
            store_get(txn, SPOOL_TABLE_META, bytes_of_text(key_orders), &value);
    }
    spool_end_read(spool, &txn);
    *wait = rc == STATUS_OK;
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* STATUS_BUSY: it waits on. */
static enum status obey_one(struct spool *spool, struct bytes document)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_write(spool, &txn);

    if (rc == STATUS_OK) {
        rc = spool_apply_order(spool, txn, document);
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

/* Goes through the orders of one collector; `wait`: one of them waits on. */
static enum status obey_slot(struct spool *spool, bool *wait)
{
    struct entry entry = {.index = 0};
    struct bytes document;
    enum status rc = spool_control(spool, 0, &entry, &document);

    while (rc == STATUS_OK) {
        if (spool_is_order(document)) {
            rc = obey_one(spool, document);
            *wait = *wait || rc == STATUS_BUSY;
            rc = rc == STATUS_BUSY ? STATUS_OK : rc;
        }
        if (rc == STATUS_OK) {
            rc = spool_control(spool, entry.index + 1, &entry, &document);
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status spool_obey(struct spool *spool)
{
    bool wait = false;
    enum status rc = spool_orders_wait(spool, &wait);

    if (rc != STATUS_OK || !wait) {
        return rc;
    }
    wait = false;
    for (unsigned slot = 0; rc == STATUS_OK && slot < SPOOL_SLOTS; slot++) {
        if (((spool->others | 1u << spool->primary) >> slot & 1u) != 0) {
            unsigned was = spool_turn(spool, slot);

            rc = obey_slot(spool, &wait);
            (void)spool_turn(spool, was);
        }
    }
    return rc == STATUS_OK && !wait ? settle_orders(spool) : rc;
}
