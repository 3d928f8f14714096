/* Failure modes: a collector that ends meanwhile, or does not answer. What it
 * had received it answers again when the batch comes again. */
#include "collector/stick/handing.h"

#include "collector/line/control_socket.h"
#include "common/format/batch.h"
#include "common/format/wire.h"

#include <stdlib.h>

#define ASK_MS 60000

struct handing {
    struct handing_to to;
    struct wire_codec *codec;
    uint32_t agent; /* of what waits */
    struct buffer kept[PROVINCE_ORDERS_MAX];
    size_t kept_count;
    struct buffer text; /* the collector's answer */
};

enum status handing_open(const struct handing_to *to, struct handing **handing)
{
    struct handing *self = calloc(1, sizeof *self);

    *handing = NULL;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->to = *to;
    buffer_init(&self->text, CONTROL_SOCKET_TEXT_MAX);
    for (size_t i = 0; i < PROVINCE_ORDERS_MAX; i++) {
        buffer_init(&self->kept[i], WIRE_FRAME_BYTES_MAX);
    }
    self->codec = wire_codec_new();
    if (self->codec == NULL) {
        handing_close(&self);
        return STATUS_MEMORY;
    }
    *handing = self;
    return STATUS_OK;
}

void handing_close(struct handing **handing)
{
    if (*handing == NULL) {
        return;
    }
    for (size_t i = 0; i < PROVINCE_ORDERS_MAX; i++) {
        buffer_fini(&(*handing)->kept[i]);
    }
    buffer_fini(&(*handing)->text);
    wire_codec_free(&(*handing)->codec);
    free(*handing);
    *handing = NULL;
}

static enum status tell(struct handing *handing, struct bytes batch,
                        struct bytes frame)
{
    struct handing_answer answer = {.frame = frame};
    struct batch_header header;
    struct wire_down down;
    enum status status = wire_unpack_down(handing->codec, frame, &down);

    if (status != STATUS_OK) {
        return status;
    }
    if (batch_peek(batch, &header) == STATUS_OK) {
        answer.agent = header.agent_number;
        answer.epoch = header.epoch_ordinal;
        answer.first_seq = header.first_seq;
    }
    if (down.kind == WIRE_DOWN_REFUSAL) {
        answer.refusal = down.refusal.code;
    } else if (down.kind == WIRE_DOWN_RECEIPTS && down.receipts.count == 1) {
        status =
            entry_read((struct bytes){down.receipts.entries[0], ENTRY_BYTES},
                       &answer.entry);
    } else {
        status = STATUS_INVALID;
    }
    return status == STATUS_OK
               ? handing->to.answered(handing->to.owner, &answer)
               : status;
}

/* Each answer is its size (4) and a frame of the line, in the order of the
 * `count` batches. */
static enum status tell_all(struct handing *handing, size_t count,
                            struct bytes text)
{
    struct reader reader;
    size_t at = 0;
    enum status status = STATUS_OK;

    reader_init(&reader, text);
    while (status == STATUS_OK && reader.left.size > 0) {
        struct bytes frame;
        uint32_t size = 0;

        status = at < count ? reader_u32(&reader, &size) : STATUS_INVALID;
        if (status == STATUS_OK) {
            status = reader_span(&reader, size, &frame);
        }
        if (status == STATUS_OK) {
            status = tell(handing, buffer_bytes(&handing->kept[at++]), frame);
        }
    }
    return status;
}

enum status handing_flush(struct handing *handing)
{
    struct control_request request = {.kind = CONTROL_SOCKET_STICK,
                                      .document_count = handing->kept_count};
    struct control_answer answer;
    enum status status;

    if (handing->kept_count == 0) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < handing->kept_count; i++) {
        request.documents[i] = buffer_bytes(&handing->kept[i]);
    }
    status = control_socket_ask(handing->to.socket, &request, ASK_MS,
                                &handing->text, &answer);
    handing->kept_count = 0; /* they are valid until the next one is put */
    if (status == STATUS_AGAIN || status == STATUS_IO) {
        return STATUS_BUSY;
    }
    if (status == STATUS_OK) {
        /* It does not understand the question; of the file it knows nothing. */
        status =
            answer.status == STATUS_INVALID ? STATUS_VERSION : answer.status;
    }
    return status == STATUS_OK
               ? tell_all(handing, request.document_count, answer.text)
               : status;
}

enum status handing_put(struct handing *handing, struct bytes batch)
{
    struct batch_header header;
    enum status status = STATUS_OK;

    /* What is no batch the collector says itself. */
    if (batch_peek(batch, &header) == STATUS_OK &&
        header.agent_number != handing->agent) {
        status = handing_flush(handing);
        handing->agent = header.agent_number;
    }
    if (status == STATUS_OK) {
        buffer_clear(&handing->kept[handing->kept_count]);
        status = buffer_append(&handing->kept[handing->kept_count], batch);
    }
    if (status == STATUS_OK && ++handing->kept_count == PROVINCE_ORDERS_MAX) {
        status = handing_flush(handing);
    }
    return status;
}
