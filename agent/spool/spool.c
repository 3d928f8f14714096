/* Opens the spool, and keeps who the office is, what came down and how the
 * line stands. Failure modes: the file is another program's or a newer one's,
 * it is damaged, or the disk fails; each has its status and changes nothing.
 * A process that dies in the middle of a call leaves what the last commit
 * left. */
#include "agent/spool/spool_internal.h"

#include "common/base/check.h"

#include <stdlib.h>
#include <string.h>

static const char *const table_names[SPOOL_TABLE_COUNT] = {
    "meta",      "events",     "batches",     "receipts",   "documents",
    "aliases",   "references", "keys",        "outcomes",   "moved",
    "controls",  "witness",    "corrections", "drafts",     "meta1",
    "receipts1", "documents1", "outcomes1",   "controls1",  "witness1",
    "meta2",     "receipts2",  "documents2",  "outcomes2",  "controls2",
    "witness2",  "meta3",      "receipts3",   "documents3", "outcomes3",
    "controls3", "witness3",   "names"};

#define FORMAT_CORRECTIONS 3u

/* The format that brought each table. */
static const uint32_t table_since[SPOOL_TABLE_COUNT] = {
    [SPOOL_TABLE_CONTROLS] = 2,
    [SPOOL_TABLE_WITNESS] = 2,
    [SPOOL_TABLE_CORRECTIONS] = FORMAT_CORRECTIONS,
    [SPOOL_TABLE_DRAFTS] = 3,
    [SPOOL_TABLE_SLOTS] = 4,
    4,
    4,
    4,
    4,
    4,
    4,
    4,
    4,
    4,
    4,
    4,
    4,
    4,
    4,
    4,
    4,
    4,
    [SPOOL_TABLE_NAMES] = 4};

/* ---- transactions ---- */

static enum status begin(struct spool *spool, bool write,
                         struct store_txn **txn)
{
    enum status rc = store_begin(spool->store, write, txn);

    if (rc == STATUS_OK) {
        store_set_tag(*txn, spool->slot);
    }
    return rc;
}

enum status spool_begin_read(struct spool *spool, struct store_txn **txn)
{
    if (spool->txn != NULL) {
        *txn = spool->txn;
        return STATUS_OK;
    }
    return begin(spool, false, txn);
}

void spool_end_read(struct spool *spool, struct store_txn **txn)
{
    if (*txn != spool->txn) {
        store_abort(txn);
    }
    *txn = NULL;
}

enum status spool_begin_write(struct spool *spool, struct store_txn **txn)
{
    check(spool->txn == NULL);
    return begin(spool, true, txn);
}

/* ---- open and close ---- */

/* A spool of an older program: what it lacks begins empty, but for the notes of
 * corrections and the names of things. */
static enum status renew(struct spool *spool)
{
    struct store_txn *txn = NULL;
    enum status rc;

    if (store_format(spool->store) == SPOOL_FORMAT) {
        return STATUS_OK;
    }
    rc = spool_begin_write(spool, &txn);
    if (rc == STATUS_OK && store_format(spool->store) < FORMAT_CORRECTIONS) {
        rc = spool_mark_corrections(txn);
    }
    if (rc == STATUS_OK) {
        rc = spool_fill_names(txn);
    }
    if (rc == STATUS_OK) {
        rc = store_put_format(txn, SPOOL_FORMAT);
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

enum status spool_open(const char *path, uint64_t map_bytes, bool create,
                       struct spool **spool)
{
    struct store_options options = {
        .tables = table_names,
        .table_count = SPOOL_TABLE_COUNT,
        .since = table_since,
        .map_bytes = map_bytes == 0 ? SPOOL_MAP_BYTES : map_bytes,
        .format = SPOOL_FORMAT,
        .kind = "spool",
        .create = create,
    };
    struct spool *made = calloc(1, sizeof *made);
    size_t size = strlen(path);
    enum status rc;

    *spool = NULL;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    if (size >= sizeof made->path) {
        free(made);
        return STATUS_INVALID;
    }
    memcpy(made->path, path, size + 1);
    options.path = made->path;
    buffer_init(&made->scratch, SPOOL_DOCUMENT_BYTES_MAX);
    buffer_init(&made->payload, BATCH_PAYLOAD_MAX);
    rc = store_open(&options, &made->store);
    if (rc != STATUS_OK) {
        spool_close(&made);
        return rc;
    }
    rc = renew(made);
    if (rc != STATUS_OK) {
        spool_close(&made);
        return rc;
    }
    store_check_readers(made->store);
    *spool = made;
    return STATUS_OK;
}

void spool_close(struct spool **spool)
{
    if (*spool == NULL) {
        return;
    }
    spool_forget(*spool);
    store_close(&(*spool)->store);
    batch_codec_free(&(*spool)->codec);
    buffer_fini(&(*spool)->scratch);
    buffer_fini(&(*spool)->payload);
    free(*spool);
    *spool = NULL;
}

/* ---- identity ---- */

enum status spool_identity(struct spool *spool, struct spool_identity *identity)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = spool_get_identity(txn, identity);
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* An identity may be set again (a second join) only while nothing was saved
 * under another one. */
static enum status may_become(struct store_txn *txn,
                              const struct spool_identity *identity)
{
    struct spool_identity old;
    uint64_t events;
    enum status rc = spool_get_identity(txn, &old);

    if (rc == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (rc == STATUS_OK) {
        rc = store_count(txn, SPOOL_TABLE_EVENTS, &events);
    }
    if (rc != STATUS_OK || events == 0) {
        return rc;
    }
    return random_id_equal(&old.agent, &identity->agent) &&
                   random_id_equal(&old.epoch, &identity->epoch) &&
                   old.agent_number == identity->agent_number &&
                   old.epoch_ordinal == identity->epoch_ordinal
               ? STATUS_OK
               : STATUS_EXISTS;
}

enum status spool_set_identity(struct spool *spool,
                               const struct spool_identity *identity)
{
    struct store_txn *txn = NULL;
    struct spool_epoch epoch;
    enum status rc = spool_begin_write(spool, &txn);

    if (rc == STATUS_OK) {
        rc = may_become(txn, identity);
    }
    if (rc == STATUS_OK) {
        rc = spool_put_identity(txn, identity);
    }
    /* Its first epoch is not its own: it took a lost machine's place. */
    if (rc == STATUS_OK && identity->epoch_ordinal > 1) {
        rc = spool_want_history(txn);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_epoch(txn, identity->epoch_ordinal, &epoch);
        if (rc == STATUS_NOT_FOUND ||
            (rc == STATUS_OK &&
             !random_id_equal(&epoch.id, &identity->epoch))) {
            memset(&epoch, 0, sizeof epoch);
            epoch.id = identity->epoch;
            rc = spool_put_epoch(txn, identity->epoch_ordinal, &epoch);
        }
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

/* ---- documents ---- */

_Static_assert(SPOOL_DOCUMENT_NAME_MAX <= STORE_KEY_MAX, "names are keys");

/* False when it is no name that we take. */
static bool document_key(const char *name, struct bytes *key)
{
    *key = bytes_of_text(name);
    return key->size > 0 && key->size <= SPOOL_DOCUMENT_NAME_MAX;
}

enum status spool_set_document(struct spool *spool, const char *name,
                               struct bytes document)
{
    struct store_txn *txn = NULL;
    struct bytes key;
    enum status rc;

    if (!document_key(name, &key) || document.size > SPOOL_DOCUMENT_BYTES_MAX) {
        return STATUS_INVALID;
    }
    rc = spool_begin_write(spool, &txn);
    if (rc == STATUS_OK) {
        rc = store_put_reserved(txn, spool_own(txn, SPOOL_TABLE_DOCUMENTS), key,
                                document);
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

/* The document as it lies in the store, until spool_end_read(), which is to be
 * called in every case. */
static enum status find_document(struct spool *spool, const char *name,
                                 struct store_txn **txn, struct bytes *value)
{
    struct bytes key;
    enum status rc;

    if (!document_key(name, &key)) {
        return STATUS_NOT_FOUND;
    }
    rc = spool_begin_read(spool, txn);
    return rc == STATUS_OK
               ? store_get(*txn, spool_own(*txn, SPOOL_TABLE_DOCUMENTS), key,
                           value)
               : rc;
}

enum status spool_document(struct spool *spool, const char *name,
                           struct bytes *document)
{
    struct store_txn *txn = NULL;
    struct bytes value;
    enum status rc = find_document(spool, name, &txn, &value);

    *document = (struct bytes){NULL, 0};
    if (rc == STATUS_OK) {
        buffer_clear(&spool->scratch);
        rc = buffer_append(&spool->scratch, value);
    }
    if (rc == STATUS_OK) {
        *document = buffer_bytes(&spool->scratch);
    }
    spool_end_read(spool, &txn);
    return rc;
}

enum status spool_document_digest(struct spool *spool, const char *name,
                                  struct digest *digest)
{
    struct store_txn *txn = NULL;
    struct bytes value;
    enum status rc = find_document(spool, name, &txn, &value);

    if (rc == STATUS_OK) {
        digest_bytes(value, digest);
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* ---- the line ---- */

enum status spool_link(struct spool *spool, struct spool_link *link)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = spool_get_link(txn, link);
    }
    spool_end_read(spool, &txn);
    return rc;
}

enum status spool_set_link(struct spool *spool, const struct spool_link *link)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_write(spool, &txn);

    if (rc == STATUS_OK) {
        rc = spool_put_link(txn, link);
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

/* ---- counts ---- */

/* Adds what one epoch has come to. */
static void count_epoch(const struct spool_epoch *epoch,
                        struct spool_counts *counts)
{
    if (epoch->closed_from != 0) {
        uint64_t kept = epoch->closed_from - 1;
        uint64_t received;

        kept = kept < epoch->last ? kept : epoch->last;
        received =
            epoch->doubted && epoch->receipted < kept ? epoch->receipted : kept;
        counts->received += received;
        counts->sealed += kept - received;
        counts->moved += epoch->last - kept;
        return;
    }
    counts->received += epoch->receipted;
    counts->sealed += epoch->sealed - epoch->receipted;
    counts->saved += epoch->last - epoch->sealed;
}

static enum status count_events(struct store_txn *txn,
                                struct spool_counts *counts)
{
    struct spool_identity identity;
    struct spool_epoch epoch;
    struct event event;
    enum status rc = spool_get_current(txn, &identity, &epoch);

    if (rc != STATUS_OK) {
        return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    counts->bytes_reserved = epoch.unsealed;
    if (epoch.received < epoch.last) {
        rc = spool_get_event(txn, identity.epoch_ordinal, epoch.received + 1,
                             &event);
        counts->oldest_waiting = rc == STATUS_OK ? event.recorded_at : 0;
        rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    for (uint32_t i = 1; rc == STATUS_OK && i <= identity.epoch_ordinal; i++) {
        rc = spool_get_epoch(txn, i, &epoch);
        if (rc == STATUS_OK) {
            count_epoch(&epoch, counts);
        }
        rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    return rc;
}

enum status spool_counts(struct spool *spool, struct spool_counts *counts)
{
    struct store_txn *txn = NULL;
    uint64_t to_mend = 0;
    enum status rc = spool_begin_read(spool, &txn);

    memset(counts, 0, sizeof *counts);
    if (rc == STATUS_OK) {
        rc = count_events(txn, counts);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_number(txn, spool_own(txn, SPOOL_TABLE_META),
                              bytes_of_text(SPOOL_KEY_TO_MEND), &to_mend);
    }
    spool_end_read(spool, &txn);
    /* The province may know of events that a restored disk does not have. */
    counts->to_mend = to_mend < counts->received ? to_mend : counts->received;
    counts->received -= counts->to_mend;
    store_room(spool->store, &counts->bytes_used, &counts->bytes_total);
    return rc;
}

enum status spool_sync(struct spool *spool)
{
    check(spool->txn == NULL);
    return store_sync(spool->store);
}
