/* An erasure order comes down with the control entries and is done in the
 * transaction that keeps them: the batch is replaced by what the order keeps of
 * it, which says where the batch was and how many events it had, and so are its
 * events. Entry, hash and chain stay as they were.
 *
 * What the province does not count leaves no event behind. The keys of rows go,
 * so that a row which is entered again is a new event; local names of things
 * stay, since other events may use them, and never leave this machine.
 *
 * Of several collectors any one's orders are obeyed, for one administrator
 * signs them all; but what another does not have yet must still reach it.
 *
 * Failure modes: an order for a batch of another office, or for one that is not
 * the one that is here: nothing is done. */
#include "agent/spool/spool_internal.h"

#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/format/codec.h"
#include "common/format/contribution.h"
#include "common/format/control.h"

#include <stdlib.h>
#include <string.h>

/* In the meta table: the file is to be overwritten. */
#define KEY_OVERWRITE    "overwrite"
#define OVERWRITE_ROUNDS 2u /* see store_overwrite() */

static const char key_erased[] = "erased"; /* and the batch's place */

struct erasing {
    const struct spool *spool;
    struct store_txn *txn;
    struct spool_identity identity;
    const struct control_erasure_order *order;
    struct batch_header header; /* of what is left */
    struct buffer payload;
    struct bytes events[BATCH_EVENTS_MAX];
};

static uint64_t last_of(const struct batch_header *header)
{
    return header->first_seq + header->count - 1;
}

/* The row under the batch's own key, if it is the one that the order names:
 * its bytes, or its receipt. */
static enum status is_here(const struct erasing *self, bool *batch, bool *here)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct bytes name = spool_key_place(self->header.epoch_ordinal,
                                        last_of(&self->header), key);
    struct bytes value;
    struct digest digest;
    struct entry entry;
    enum status rc = store_get(self->txn, SPOOL_TABLE_BATCHES, name, &value);

    *batch = rc == STATUS_OK;
    *here = false;
    if (rc == STATUS_OK) {
        digest_bytes(value, &digest);
        *here = digest_equal(&digest, &self->order->digest);
        return STATUS_OK;
    }
    if (rc == STATUS_NOT_FOUND) {
        rc = store_get(self->txn, spool_own(self->txn, SPOOL_TABLE_RECEIPTS),
                       name, &value);
    }
    if (rc == STATUS_OK && entry_read(value, &entry) == STATUS_OK) {
        *here = digest_equal(&entry.digest, &self->order->digest);
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status forget_row(const struct erasing *self,
                              const struct event *event, uint64_t id)
{
    uint8_t out[SPOOL_KEY_MAX];
    struct bytes key =
        spool_key_entry(event->unit, event->office, event->entry_key, out);
    struct bytes value;
    uint64_t holder = 0;
    enum status rc = store_get(self->txn, SPOOL_TABLE_KEYS, key, &value);

    if (rc == STATUS_OK) {
        rc = spool_value_u64(value, &holder);
    }
    if (rc == STATUS_OK && holder == id) {
        rc = store_erase(self->txn, SPOOL_TABLE_KEYS, key);
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status erase_event(const struct erasing *self, uint32_t i)
{
    uint8_t out[SPOOL_KEY_MAX];
    uint32_t ordinal = self->header.epoch_ordinal;
    uint64_t seq = self->header.first_seq + i;
    struct bytes key = spool_key_place(ordinal, seq, out);
    struct event event;
    struct event left;
    enum status rc = spool_get_event(self->txn, ordinal, seq, &event);

    if (rc == STATUS_NOT_FOUND) {
        return STATUS_OK; /* it has left before */
    }
    if (rc == STATUS_OK && event.has_entry_key) {
        rc = forget_row(
            self, &event,
            id60_make(self->identity.agent_number, ordinal, (uint32_t)seq));
    }
    if (rc == STATUS_OK || rc == STATUS_CORRUPT) {
        rc = store_erase(self->txn, SPOOL_TABLE_EVENTS, key);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    codec_unpack_event(self->events[i], &left);
    return left.fault == EVENT_FAULT_NONE
               ? store_put_reserved(self->txn, SPOOL_TABLE_EVENTS, key,
                                    self->events[i])
               : STATUS_OK;
}

/* ---- what is told of it ---- */

static struct bytes erased_at(uint32_t ordinal, uint64_t last,
                              uint8_t out[SPOOL_KEY_MAX])
{
    memcpy(out, key_erased, 6);
    bytes_put_u32(out + 6, ordinal);
    bytes_put_u64(out + 10, last);
    return (struct bytes){out, 18};
}

enum status spool_erased_between(struct store_txn *txn, uint32_t ordinal,
                                 uint64_t from, uint64_t to, bool *erased)
{
    uint8_t first[SPOOL_KEY_MAX];
    uint8_t end[SPOOL_KEY_MAX];
    struct store_cursor *cursor = NULL;
    struct bytes found, value;
    struct bytes behind = erased_at(ordinal, to, end);
    enum status rc = store_cursor_open(txn, SPOOL_TABLE_META, &cursor);

    if (rc == STATUS_OK) {
        rc =
            store_seek(cursor, erased_at(ordinal, from, first), &found, &value);
    }
    *erased = rc == STATUS_OK && found.size == behind.size &&
              memcmp(found.data, behind.data, behind.size) <= 0;
    store_cursor_close(&cursor);
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status spool_batch_erased(struct spool *spool,
                               const struct batch_header *header, bool *erased)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    *erased = false;
    if (rc == STATUS_OK) {
        rc = spool_erased_between(txn, header->epoch_ordinal, last_of(header),
                                  last_of(header), erased);
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* ---- a batch ---- */

static enum status erase_batch(const struct erasing *self)
{
    uint8_t out[SPOOL_KEY_MAX];
    uint8_t note[SPOOL_KEY_MAX];
    struct bytes key = spool_key_place(self->header.epoch_ordinal,
                                       last_of(&self->header), out);
    enum status rc = store_erase(self->txn, SPOOL_TABLE_BATCHES, key);

    if (rc == STATUS_OK) {
        rc = store_put_reserved(
            self->txn, SPOOL_TABLE_META,
            erased_at(self->header.epoch_ordinal, last_of(&self->header), note),
            (struct bytes){0});
    }
    return rc == STATUS_OK ? store_put_reserved(self->txn, SPOOL_TABLE_BATCHES,
                                                key, self->order->contribution)
                           : rc;
}

static enum status erase_all(struct erasing *self)
{
    bool batch = false;
    bool here = false;
    bool lack = false;
    enum status rc = is_here(self, &batch, &here);

    if (rc == STATUS_OK && here) {
        rc = spool_others_lack(self->spool, self->txn,
                               self->header.epoch_ordinal,
                               last_of(&self->header), &lack);
    }
    if (rc != STATUS_OK || !here) {
        return rc;
    }
    if (lack) {
        return STATUS_BUSY;
    }
    for (uint32_t i = 0; rc == STATUS_OK && i < self->header.count; i++) {
        rc = erase_event(self, i);
    }
    if (rc == STATUS_OK && batch) {
        rc = erase_batch(self);
    }
    return rc == STATUS_OK ? store_put_reserved(self->txn, SPOOL_TABLE_META,
                                                bytes_of_text(KEY_OVERWRITE),
                                                (struct bytes){0})
                           : rc;
}

/* Reads what is left; `own` says that this office made the batch. */
static enum status read_left(struct erasing *self, bool *own)
{
    struct batch_codec *codec = batch_codec_new();
    enum status rc = codec == NULL
                         ? STATUS_MEMORY
                         : spool_get_identity(self->txn, &self->identity);

    *own = rc == STATUS_OK &&
           batch_peek(self->order->contribution, &self->header) == STATUS_OK &&
           self->header.agent_number == self->identity.agent_number &&
           random_id_equal(&self->header.agent, &self->identity.agent);
    if (*own) {
        rc = batch_unpack_events(codec, self->order->contribution,
                                 &self->header, &self->payload, self->events);
        *own = rc == STATUS_OK;
        rc = rc == STATUS_INVALID ? STATUS_OK : rc;
    }
    batch_codec_free(&codec);
    return rc;
}

bool spool_is_order(struct bytes document)
{
    struct control *control = NULL;
    bool is = control_open(document, NULL, &control) == STATUS_OK &&
              control->kind == CONTROL_ERASURE_ORDER;

    control_free(&control);
    return is;
}

enum status spool_apply_order(const struct spool *spool, struct store_txn *txn,
                              struct bytes document)
{
    struct control *control = NULL;
    struct erasing *self = NULL;
    bool own = false;
    enum status rc = control_open(document, NULL, &control);

    if (rc != STATUS_OK || control->kind != CONTROL_ERASURE_ORDER) {
        control_free(&control);
        return rc == STATUS_MEMORY ? rc : STATUS_OK;
    }
    self = calloc(1, sizeof *self);
    if (self == NULL) {
        control_free(&control);
        return STATUS_MEMORY;
    }
    self->spool = spool;
    self->txn = txn;
    self->order = &control->erasure_order;
    buffer_init(&self->payload, BATCH_PAYLOAD_MAX);
    rc = read_left(self, &own);
    if (rc == STATUS_OK && own) {
        rc = erase_all(self);
    }
    buffer_fini(&self->payload);
    free(self);
    control_free(&control);
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- what the file still holds ---- */

static enum status mark(struct spool *spool, bool wanted)
{
    struct store_txn *txn = NULL;
    struct bytes key = bytes_of_text(KEY_OVERWRITE);
    enum status rc = spool_begin_write(spool, &txn);

    if (rc == STATUS_OK) {
        rc = wanted ? store_put_reserved(txn, SPOOL_TABLE_META, key,
                                         (struct bytes){0})
                    : store_delete(txn, SPOOL_TABLE_META, key);
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

enum status spool_overwrite(struct spool *spool, bool last)
{
    struct store_txn *txn = NULL;
    struct bytes value;
    enum status rc = spool_begin_read(spool, &txn);

    check(spool->txn == NULL);
    if (rc == STATUS_OK) {
        rc = store_get(txn, SPOOL_TABLE_META, bytes_of_text(KEY_OVERWRITE),
                       &value);
    }
    spool_end_read(spool, &txn);
    if (rc != STATUS_OK) {
        return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    for (unsigned i = 0; i < OVERWRITE_ROUNDS && rc == STATUS_OK; i++) {
        rc = mark(spool, true);
        if (rc == STATUS_OK) {
            rc = store_overwrite(spool->store);
        }
    }
    return rc == STATUS_OK && last ? mark(spool, false) : rc;
}
