/* Entries and their bytes in one message: put into frames, and put together
 * again. Whoever has them afterwards need not ask whether the bytes are those
 * of the entry. */
#include "common/format/wire_pairs.h"

#include "common/base/check.h"

/* A document that is cut: alone in its message. */
static bool pack_cut(struct wire_pack *pack, struct bytes bytes)
{
    size_t at = 0;

    if (pack->pairs.count > 0) {
        return false;
    }
    check(bytes.size <= (size_t)WIRE_PAIRS_MAX * WIRE_FRAME_BYTES_MAX);
    while (at < bytes.size) {
        size_t left = bytes.size - at;

        pack->frames[pack->frame_count++] = (struct bytes){
            .data = bytes.data + at,
            .size = left < WIRE_FRAME_BYTES_MAX ? left : WIRE_FRAME_BYTES_MAX};
        at += pack->frames[pack->frame_count - 1].size;
    }
    return true;
}

bool wire_pack_add(struct wire_pack *pack, const struct entry *entry,
                   struct bytes bytes)
{
    check(bytes.size == entry->size || bytes.size == 0);
    if (pack->pairs.count == WIRE_PAIRS_MAX ||
        (pack->pairs.count > 0 &&
         pack->bytes + bytes.size > WIRE_PAIRS_BYTES_MAX)) {
        return false;
    }
    if (bytes.size <= WIRE_FRAME_BYTES_MAX) {
        pack->frames[pack->frame_count++] = bytes;
    } else if (!pack_cut(pack, bytes)) {
        return false;
    }
    entry_write(entry, pack->pairs.entries[pack->pairs.count++]);
    pack->bytes += bytes.size;
    return true;
}

/* ---- putting together ---- */

static enum status join_cut(const struct bytes frames[], size_t frame_count,
                            struct buffer *whole, struct bytes *bytes)
{
    enum status status = STATUS_OK;

    buffer_clear(whole);
    for (size_t i = 0; i < frame_count && status == STATUS_OK; i++) {
        if ((i + 1 < frame_count && frames[i].size != WIRE_FRAME_BYTES_MAX) ||
            frames[i].size == 0) {
            return STATUS_INVALID;
        }
        status = buffer_append(whole, frames[i]);
    }
    *bytes = buffer_bytes(whole);
    return status == STATUS_FULL ? STATUS_INVALID : status;
}

static enum status join_one(const uint8_t entry[ENTRY_BYTES],
                            struct bytes bytes, struct wire_pair *pair)
{
    struct digest digest;
    enum status status = entry_read(
        (struct bytes){.data = entry, .size = ENTRY_BYTES}, &pair->entry);

    if (status != STATUS_OK) {
        return status;
    }
    pair->bytes = bytes;
    pair->erased = bytes.size == 0;
    if (pair->erased) {
        return pair->entry.size > 0 ? STATUS_OK : STATUS_INVALID;
    }
    digest_bytes(bytes, &digest);
    return bytes.size == pair->entry.size &&
                   digest_equal(&digest, &pair->entry.digest)
               ? STATUS_OK
               : STATUS_INVALID;
}

enum status wire_pairs_join(const struct wire_pairs *pairs,
                            const struct bytes frames[], size_t frame_count,
                            struct buffer *whole,
                            struct wire_pair out[WIRE_PAIRS_MAX])
{
    enum status status = STATUS_OK;

    check(pairs->count <= WIRE_PAIRS_MAX && frame_count <= WIRE_PAIRS_MAX);
    if (pairs->count == 1 && frame_count > 1) {
        struct bytes bytes = {0};

        status = join_cut(frames, frame_count, whole, &bytes);
        return status == STATUS_OK ? join_one(pairs->entries[0], bytes, out)
                                   : status;
    }
    if (pairs->count != frame_count) {
        return STATUS_INVALID;
    }
    for (size_t i = 0; i < frame_count && status == STATUS_OK; i++) {
        status = join_one(pairs->entries[i], frames[i], &out[i]);
    }
    return status;
}
