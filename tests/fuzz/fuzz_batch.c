/* Any bytes as a batch and as an entry: no crash, no read beyond the end. What
 * is accepted holds what its header says, and an entry that is read is written
 * again as the same bytes. The second look is at the same bytes with a header
 * whose fixed parts fit, so that the payload is reached. */
#include "common/base/check.h"
#include "common/format/batch.h"
#include "common/format/entry.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_batch(struct bytes batch)
{
    static struct batch_codec *codec;
    static struct buffer payload;
    static const struct public_key key;
    struct batch_header header;

    if (codec == NULL) {
        sign_init();
        codec = batch_codec_new();
        check(codec != NULL);
        buffer_init(&payload, BATCH_PAYLOAD_MAX);
    }
    check(batch_verify(batch, &key) == STATUS_REFUSED);
    if (batch_peek(batch, &header) != STATUS_OK ||
        batch_unpack(codec, batch, &header, &payload) != STATUS_OK) {
        return;
    }
    struct bytes left = buffer_bytes(&payload);
    struct bytes event;
    size_t walked = 0;
    check(left.size == header.payload_unpacked);
    for (uint32_t i = 0; i < header.count; i++) {
        check(batch_next_event(&left, &event) == STATUS_OK);
        for (size_t k = 0; k < event.size; k++) {
            walked += event.data[k];
        }
    }
    check(batch_next_event(&left, &event) == STATUS_NOT_FOUND);
    check(walked <= BATCH_PAYLOAD_MAX * (size_t)UINT8_MAX);
}

static void look_at_entry(struct bytes bytes)
{
    struct entry entry;
    uint8_t again[ENTRY_BYTES];
    if (entry_read(bytes, &entry) == STATUS_OK) {
        entry_write(&entry, again);
        check(bytes.size == ENTRY_BYTES);
        check(memcmp(again, bytes.data, ENTRY_BYTES) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    look_at_batch((struct bytes){data, size});
    look_at_entry((struct bytes){data, size});
    if (size < BATCH_HEADER_BYTES + SIGNATURE_BYTES || size > BATCH_BYTES_MAX) {
        return 0;
    }
    uint8_t *fitted = malloc(size);
    check(fitted != NULL);
    memcpy(fitted, data, size);
    memcpy(fitted, "TLB1\1", 5);
    bytes_put_u16(fitted + 6, 0);
    bytes_put_u32(fitted + 40, 1);
    bytes_put_u32(fitted + 44, 1);
    bytes_put_u64(fitted + 48, 1);
    bytes_put_u32(fitted + 104,
                  (uint32_t)(size - BATCH_HEADER_BYTES - SIGNATURE_BYTES));
    look_at_batch((struct bytes){fitted, size});
    free(fitted);
    return 0;
}
