#include "agent/stick/note.h"

#include "common/base/bytes.h"

#include <string.h>

#define NAME         "stick"
#define VERSION      2u
#define BYTES        73u
#define BYTES_BEFORE 8u /* of version 1, which had no version */

static enum status read_all(const struct office *office, struct bytes text,
                            struct stick_note *note)
{
    struct reader reader;
    uint64_t fields[8] = {0};
    uint32_t epoch = 0;
    uint8_t version = 0;
    enum status rc;

    reader_init(&reader, text);
    rc = reader_u8(&reader, &version);
    if (rc == STATUS_OK && version != VERSION) {
        rc = STATUS_VERSION;
    }
    if (rc == STATUS_OK) {
        rc = reader_u32(&reader, &epoch);
    }
    for (size_t i = 0; i < 8 && rc == STATUS_OK; i++) {
        rc = reader_u64(&reader, &fields[i]);
    }
    if (rc == STATUS_OK) {
        rc = reader_u32(&reader, &note->refusal);
    }
    note->wanted = epoch == office->identity.epoch_ordinal ? fields[0] : 0;
    note->made_at = (int64_t)fields[1];
    note->wrote_at = (int64_t)fields[2];
    note->batches = fields[3];
    note->events = fields[4];
    note->took_at = (int64_t)fields[5];
    note->receipts = fields[6];
    note->documents = fields[7];
    return rc;
}

enum status stick_note_read(const struct office *office,
                            struct stick_note *note)
{
    struct bytes text;
    enum status rc = spool_document(office->spool, NAME, &text);

    memset(note, 0, sizeof *note);
    if (rc == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (rc == STATUS_OK && text.size == BYTES_BEFORE) {
        note->made_at = (int64_t)bytes_get_u64(text.data);
        return STATUS_OK;
    }
    return rc == STATUS_OK ? read_all(office, text, note) : rc;
}

enum status stick_note_keep(const struct office *office,
                            const struct stick_note *note)
{
    const uint64_t fields[8] = {note->wanted,
                                (uint64_t)note->made_at,
                                (uint64_t)note->wrote_at,
                                note->batches,
                                note->events,
                                (uint64_t)note->took_at,
                                note->receipts,
                                note->documents};
    uint8_t bytes[BYTES];

    bytes[0] = VERSION;
    bytes_put_u32(bytes + 1, office->identity.epoch_ordinal);
    for (size_t i = 0; i < 8; i++) {
        bytes_put_u64(bytes + 5 + 8 * i, fields[i]);
    }
    bytes_put_u32(bytes + BYTES - 4, note->refusal);
    return spool_set_document(office->spool, NAME,
                              (struct bytes){bytes, sizeof bytes});
}
