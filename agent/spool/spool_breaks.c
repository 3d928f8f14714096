/* Which breaks of its history a ledger's mirror follows. Failure modes: a
 * damaged record is STATUS_CORRUPT, and no break is followed. */
#include "agent/spool/spool_internal.h"
#include "common/format/control.h"

#include <string.h>

#define BREAKS_MAX 256u /* that are remembered: the last ones */

static const char key_break[] = SPOOL_KEY_BREAK;

/* The breaks that are followed, in the order in which they came. */
struct followed {
    size_t count;
    struct { /* as it is stored */
        uint8_t version;
        struct digest digests[BREAKS_MAX];
    } record;
};

static enum status get_breaks(struct store_txn *txn, struct followed *followed)
{
    struct bytes value;
    enum status rc = store_get(txn, spool_own(txn, SPOOL_TABLE_META),
                               bytes_of_text(key_break), &value);

    followed->count = 0;
    followed->record.version = SPOOL_RECORD_VERSION;
    if (rc == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (rc == STATUS_OK && (value.size % DIGEST_BYTES != 1 ||
                            value.size > sizeof followed->record ||
                            value.data[0] != SPOOL_RECORD_VERSION)) {
        rc = STATUS_CORRUPT;
    } else if (rc == STATUS_OK) {
        memcpy(&followed->record, value.data, value.size);
        followed->count = value.size / DIGEST_BYTES;
    }
    return rc;
}

enum status spool_last_break(struct spool *spool, struct digest *digest)
{
    struct followed followed = {.count = 0};
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = get_breaks(txn, &followed);
    }
    *digest =
        followed.record.digests[followed.count > 0 ? followed.count - 1 : 0];
    spool_end_read(spool, &txn);
    return rc;
}

static bool follows(const struct followed *followed,
                    const struct digest *digest)
{
    for (size_t i = 0; i < followed->count; i++) {
        if (digest_equal(&followed->record.digests[i], digest)) {
            return true;
        }
    }
    return false;
}

static enum status put_break(struct store_txn *txn, struct followed *followed,
                             const struct digest *digest)
{
    struct digest *digests = followed->record.digests;

    if (followed->count == BREAKS_MAX) {
        memmove(digests, digests + 1, --followed->count * sizeof *digests);
    }
    digests[followed->count++] = *digest;
    return store_put_reserved(txn, spool_own(txn, SPOOL_TABLE_META),
                              bytes_of_text(key_break),
                              (struct bytes){(uint8_t *)&followed->record,
                                             1 + followed->count * //
                                                     sizeof *digests});
}

/* STATUS_NOT_FOUND: it is no break, or names nothing as missing. */
static enum status first_missing(struct bytes document, uint64_t *index)
{
    struct control *control = NULL;
    enum status rc = control_open(document, NULL, &control);

    if (rc == STATUS_OK && (control->kind != CONTROL_BREAK ||
                            control->broken.missing_count == 0)) {
        rc = STATUS_NOT_FOUND;
    }
    if (rc == STATUS_OK) {
        *index = control->broken.missing[0].from;
    }
    control_free(&control);
    return rc == STATUS_MEMORY || rc == STATUS_OK ? rc : STATUS_NOT_FOUND;
}

enum status spool_take_break(struct store_txn *txn,
                             const struct wire_pair *pair, uint64_t *from,
                             bool *fresh)
{
    struct followed followed;
    enum status rc = first_missing(pair->bytes, from);

    *fresh = false;
    if (rc == STATUS_OK) {
        rc = get_breaks(txn, &followed);
    }
    if (rc != STATUS_OK || follows(&followed, &pair->entry.digest)) {
        return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    *fresh = true;
    return put_break(txn, &followed, &pair->entry.digest);
}
