/* What an event names: things, and an event that it corrects. Which correct
 * which is noted with each correction, so that nobody looks through the spool
 * for them; what names an event of another office too. A note stays when either
 * of the two has left the spool. */
#include "agent/spool/spool_internal.h"
#include "agent/spool/spool_outbox.h"

#include "common/event/catalogue.h"
#include "common/event/reference.h"
#include "common/format/codec.h"

#include <string.h>

/* ---- things ---- */

/* same_as says in a field of its own what its references are. */
static uint32_t kind_of(const struct event *event,
                        const struct catalogue_type *type,
                        const struct catalogue_field *field)
{
    if (field->reference != 0) {
        return field->reference;
    }
    for (size_t i = 0; i < type->field_count; i++) {
        const struct catalogue_field *other = &type->fields[i];

        if (other->enumeration != NULL &&
            strcmp(other->enumeration->name, "ReferenceKind") == 0) {
            return (uint32_t)event_get(event, other->number);
        }
    }
    return 0;
}

bool spool_named_at(const struct event *event, size_t index,
                    struct spool_named *named)
{
    const struct catalogue_type *type = catalogue_type(event->type);

    for (size_t i = 0; type != NULL && i < type->field_count; i++) {
        const struct catalogue_field *field = &type->fields[i];

        if (field->kind != FIELD_REFERENCE ||
            !event_has(event, field->number)) {
            continue;
        }
        if (index == 0) {
            named->kind = kind_of(event, type, field);
            named->field = field->number;
            named->reference = event_get(event, field->number);
            return true;
        }
        index--;
    }
    return false;
}

/* ---- corrections ---- */

static struct bytes key_correction(uint64_t target, uint64_t id,
                                   uint8_t out[SPOOL_KEY_MAX])
{
    bytes_put_u64(out, target);
    bytes_put_u64(out + 8, id);
    return (struct bytes){out, 16};
}

enum status spool_mark_correction(struct store_txn *txn, uint64_t id,
                                  const struct event *event)
{
    static const uint8_t version = SPOOL_RECORD_VERSION;
    uint8_t key[SPOOL_KEY_MAX];

    if (event->target == 0) {
        return STATUS_OK;
    }
    return store_put_reserved(txn, SPOOL_TABLE_CORRECTIONS,
                              key_correction(event->target, id, key),
                              (struct bytes){&version, sizeof version});
}

/* The event behind a place of the log; STATUS_NOT_FOUND behind the last. A
 * cursor of its own, since the transaction writes in between. */
static enum status event_behind(struct store_txn *txn, uint32_t *epoch,
                                uint64_t *seq, struct event *event)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct store_cursor *cursor = NULL;
    struct bytes found;
    struct bytes value;
    enum status rc = store_cursor_open(txn, SPOOL_TABLE_EVENTS, &cursor);

    if (rc == STATUS_OK) {
        rc = store_seek(cursor, spool_key_place(*epoch, *seq + 1, key), &found,
                        &value);
    }
    if (rc == STATUS_OK) {
        rc = spool_read_place(found, epoch, seq);
    }
    if (rc == STATUS_OK) {
        codec_unpack_event(value, event);
    }
    store_cursor_close(&cursor);
    return rc;
}

enum status spool_mark_corrections(struct store_txn *txn)
{
    struct spool_identity identity;
    struct event event;
    uint32_t epoch = 0;
    uint64_t seq = 0;
    enum status rc = spool_get_identity(txn, &identity);

    while (rc == STATUS_OK) {
        rc = event_behind(txn, &epoch, &seq, &event);
        if (rc == STATUS_OK && event.fault == EVENT_FAULT_NONE) {
            rc = spool_mark_correction(
                txn, id60_make(identity.agent_number, epoch, (uint32_t)seq),
                &event);
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status spool_corrections(struct spool *spool, uint64_t target,
                              uint64_t corrections[], size_t max, size_t *count)
{
    uint8_t first[SPOOL_KEY_MAX];
    struct store_txn *txn = NULL;
    struct store_cursor *cursor = NULL;
    struct bytes key;
    struct bytes value;
    enum status rc = spool_begin_read(spool, &txn);

    *count = 0;
    if (rc == STATUS_OK) {
        rc = store_cursor_open(txn, SPOOL_TABLE_CORRECTIONS, &cursor);
    }
    if (rc == STATUS_OK) {
        rc = store_seek(cursor, key_correction(target, 0, first), &key, &value);
    }
    while (rc == STATUS_OK && *count < max) {
        if (key.size != 16) {
            rc = STATUS_CORRUPT;
        } else if (bytes_get_u64(key.data) != target) {
            rc = STATUS_NOT_FOUND;
        } else {
            uint64_t id = bytes_get_u64(key.data + 8);

            if (spool_is_own(txn, id) == STATUS_OK) {
                corrections[(*count)++] = id;
            }
            rc = store_next(cursor, &key, &value);
        }
    }
    store_cursor_close(&cursor);
    spool_end_read(spool, &txn);
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}
