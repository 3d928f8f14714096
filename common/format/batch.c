/* Sealing writes the header, the payload (packed straight into place) and the
 * signature over both. Reading goes the other way, and trusts nothing: peek
 * bounds every number, verify says who made it, unpack holds the payload
 * against the header. */
#include "common/format/batch.h"

#include "common/base/check.h"
#include "common/event/reference.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define BATCH_VERSION 1u
#define BATCH_CONTEXT "tallyline batch 1"
#define CODEC_PLAIN   1u
#define CODEC_ZSTD    2u
/* An office packs what a province unpacks: figures in docs/STORAGE.md. */
#define ZSTD_LEVEL 9
/* By itself the level takes 3.6 MiB, much of what an office's machine gives us;
 * with tables of this size it is less than 1 MiB: figures as above. */
#define ZSTD_TABLE_LOG   16
#define ZSTD_FRAME_MAGIC 0xFD2FB528u
#define VARINT_BYTES_MAX 5u
#define BATCH_OVERHEAD   (BATCH_HEADER_BYTES + SIGNATURE_BYTES)

static const uint8_t magic[4] = {'T', 'L', 'B', '1'};

enum {
    AT_VERSION = 4,
    AT_CODEC = 5,
    AT_ZERO = 6,
    AT_AGENT = 8,
    AT_EPOCH = 24,
    AT_AGENT_NUMBER = 40,
    AT_EPOCH_ORDINAL = 44,
    AT_FIRST_SEQ = 48,
    AT_COUNT = 56,
    AT_UNPACKED = 60,
    AT_SEALED = 64,
    AT_PREVIOUS = 72,
    AT_PAYLOAD_SIZE = 104,
    AT_PAYLOAD = 108
};
_Static_assert(AT_PAYLOAD == BATCH_HEADER_BYTES, "batch layout");

struct batch_codec {
    ZSTD_CCtx *pack;
    ZSTD_DCtx *unpack;
};

static void set_packing(ZSTD_CCtx *pack)
{
    static const struct {
        ZSTD_cParameter name;
        int value;
    } all[] = {{ZSTD_c_compressionLevel, ZSTD_LEVEL},
               {ZSTD_c_hashLog, ZSTD_TABLE_LOG},
               {ZSTD_c_chainLog, ZSTD_TABLE_LOG}};

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        check(!ZSTD_isError(
            ZSTD_CCtx_setParameter(pack, all[i].name, all[i].value)));
    }
}

struct batch_codec *batch_codec_new(void)
{
    struct batch_codec *codec = malloc(sizeof *codec);
    if (codec == NULL) {
        return NULL;
    }
    codec->pack = ZSTD_createCCtx();
    codec->unpack = ZSTD_createDCtx();
    if (codec->pack == NULL || codec->unpack == NULL) {
        batch_codec_free(&codec);
    } else {
        set_packing(codec->pack);
    }
    return codec;
}

void batch_codec_free(struct batch_codec **codec)
{
    if (*codec != NULL) {
        ZSTD_freeCCtx((*codec)->pack);
        ZSTD_freeDCtx((*codec)->unpack);
        free(*codec);
        *codec = NULL;
    }
}

static void write_header(const struct batch_header *header,
                         uint8_t out[BATCH_HEADER_BYTES])
{
    memcpy(out, magic, sizeof magic);
    out[AT_VERSION] = BATCH_VERSION;
    out[AT_CODEC] = header->codec;
    bytes_put_u16(out + AT_ZERO, 0);
    memcpy(out + AT_AGENT, header->agent.bytes, RANDOM_ID_BYTES);
    memcpy(out + AT_EPOCH, header->epoch.bytes, RANDOM_ID_BYTES);
    bytes_put_u32(out + AT_AGENT_NUMBER, header->agent_number);
    bytes_put_u32(out + AT_EPOCH_ORDINAL, header->epoch_ordinal);
    bytes_put_u64(out + AT_FIRST_SEQ, header->first_seq);
    bytes_put_u32(out + AT_COUNT, header->count);
    bytes_put_u32(out + AT_UNPACKED, header->payload_unpacked);
    bytes_put_u64(out + AT_SEALED, (uint64_t)header->sealed_at);
    memcpy(out + AT_PREVIOUS, header->previous.bytes, DIGEST_BYTES);
    bytes_put_u32(out + AT_PAYLOAD_SIZE, header->payload_size);
}

/* I11: what event ids can hold, and what the limits allow. */
static bool is_bounded(const struct batch_header *header)
{
    return header->agent_number >= 1 &&
           header->agent_number <= REFERENCE_AGENT_MAX &&
           header->epoch_ordinal >= 1 &&
           header->epoch_ordinal <= REFERENCE_EPOCH_MAX && header->count >= 1 &&
           header->count <= BATCH_EVENTS_MAX && header->first_seq >= 1 &&
           header->first_seq <= BATCH_SEQ_MAX &&
           header->first_seq + header->count - 1 <= BATCH_SEQ_MAX &&
           header->payload_unpacked <= BATCH_PAYLOAD_MAX &&
           header->payload_unpacked >= header->count;
}

/* Packs into `out` when that is smaller than `payload`; else 0. */
static size_t pack_payload(ZSTD_CCtx *pack, struct bytes payload, uint8_t *out,
                           size_t room)
{
    size_t size = ZSTD_compress2(pack, out, room, payload.data, payload.size);

    return ZSTD_isError(size) || size >= payload.size ? 0 : size;
}

enum status batch_seal(struct batch_codec *codec, struct batch_header *header,
                       struct bytes payload, const struct sign_keys *keys,
                       struct buffer *out)
{
    struct signature signature;
    uint8_t *batch = NULL;

    buffer_clear(out);
    if (payload.size > BATCH_PAYLOAD_MAX) {
        return STATUS_FULL;
    }
    header->payload_unpacked = (uint32_t)payload.size;
    check(is_bounded(header));

    size_t room = BATCH_BYTES_MAX - BATCH_OVERHEAD;
    if (room > payload.size) {
        room = payload.size;
    }
    enum status status = buffer_extend(out, BATCH_OVERHEAD + room, &batch);
    if (status != STATUS_OK) {
        return status;
    }
    size_t packed =
        pack_payload(codec->pack, payload, batch + AT_PAYLOAD, room);
    header->codec = CODEC_ZSTD;
    if (packed == 0) {
        if (payload.size > room) {
            buffer_clear(out);
            return STATUS_FULL;
        }
        memcpy(batch + AT_PAYLOAD, payload.data, payload.size);
        packed = payload.size;
        header->codec = CODEC_PLAIN;
    }
    header->payload_size = (uint32_t)packed;
    write_header(header, batch);
    struct bytes all = {batch, AT_PAYLOAD + packed};
    sign_make(keys, BATCH_CONTEXT, all, &signature);
    memcpy(batch + all.size, signature.bytes, SIGNATURE_BYTES);
    buffer_truncate(out, all.size + SIGNATURE_BYTES);
    return STATUS_OK;
}

enum status batch_peek(struct bytes batch, struct batch_header *header)
{
    const uint8_t *in = batch.data;
    if (batch.size < AT_CODEC || memcmp(in, magic, sizeof magic) != 0) {
        return STATUS_INVALID;
    }
    if (in[AT_VERSION] > BATCH_VERSION) {
        return STATUS_VERSION;
    }
    if (in[AT_VERSION] != BATCH_VERSION || batch.size < BATCH_OVERHEAD ||
        batch.size > BATCH_BYTES_MAX || bytes_get_u16(in + AT_ZERO) != 0) {
        return STATUS_INVALID;
    }
    *header = (struct batch_header){
        .agent_number = bytes_get_u32(in + AT_AGENT_NUMBER),
        .epoch_ordinal = bytes_get_u32(in + AT_EPOCH_ORDINAL),
        .first_seq = bytes_get_u64(in + AT_FIRST_SEQ),
        .count = bytes_get_u32(in + AT_COUNT),
        .payload_unpacked = bytes_get_u32(in + AT_UNPACKED),
        .payload_size = bytes_get_u32(in + AT_PAYLOAD_SIZE),
        .sealed_at = (int64_t)bytes_get_u64(in + AT_SEALED),
        .codec = in[AT_CODEC],
    };
    memcpy(header->agent.bytes, in + AT_AGENT, RANDOM_ID_BYTES);
    memcpy(header->epoch.bytes, in + AT_EPOCH, RANDOM_ID_BYTES);
    memcpy(header->previous.bytes, in + AT_PREVIOUS, DIGEST_BYTES);
    if (!is_bounded(header) ||
        header->payload_size != batch.size - BATCH_OVERHEAD) {
        return STATUS_INVALID;
    }
    switch (header->codec) {
    case CODEC_PLAIN:
        return header->payload_size == header->payload_unpacked
                   ? STATUS_OK
                   : STATUS_INVALID;
    case CODEC_ZSTD:
        return STATUS_OK;
    default:
        return STATUS_INVALID;
    }
}

enum status batch_verify(struct bytes batch, const struct public_key *key)
{
    struct signature signature;
    if (batch.size < BATCH_OVERHEAD) {
        return STATUS_REFUSED;
    }
    struct bytes all = {batch.data, batch.size - SIGNATURE_BYTES};
    memcpy(signature.bytes, batch.data + all.size, SIGNATURE_BYTES);
    return sign_verify(key, BATCH_CONTEXT, all, &signature) ? STATUS_OK
                                                            : STATUS_REFUSED;
}

/* One zstd frame and nothing else: not a skippable one, none behind it. */
static bool is_one_frame(struct bytes packed)
{
    static const uint8_t start[4] = {
        ZSTD_FRAME_MAGIC & 0xff, (ZSTD_FRAME_MAGIC >> 8) & 0xff,
        (ZSTD_FRAME_MAGIC >> 16) & 0xff, ZSTD_FRAME_MAGIC >> 24};
    if (packed.size < sizeof start ||
        memcmp(packed.data, start, sizeof start) != 0) {
        return false;
    }
    size_t size = ZSTD_findFrameCompressedSize(packed.data, packed.size);
    return !ZSTD_isError(size) && size == packed.size;
}

/* `count` events, each whole, and nothing behind them. `events` may be NULL. */
static bool holds_events(struct bytes payload, uint32_t count,
                         struct bytes events[])
{
    for (uint32_t i = 0; i < count; i++) {
        struct bytes event;
        if (batch_next_event(&payload, &event) != STATUS_OK) {
            return false;
        }
        if (events != NULL) {
            events[i] = event;
        }
    }
    return payload.size == 0;
}

enum status batch_unpack(struct batch_codec *codec, struct bytes batch,
                         const struct batch_header *header, struct buffer *out)
{
    return batch_unpack_events(codec, batch, header, out, NULL);
}

enum status batch_unpack_events(struct batch_codec *codec, struct bytes batch,
                                const struct batch_header *header,
                                struct buffer *out, struct bytes events[])
{
    uint8_t *payload = NULL;
    struct bytes packed = {batch.data + AT_PAYLOAD, header->payload_size};

    check(batch.size == BATCH_OVERHEAD + packed.size && is_bounded(header));
    buffer_clear(out);
    enum status status = buffer_extend(out, header->payload_unpacked, &payload);
    if (status != STATUS_OK) {
        return status;
    }
    size_t size = 0;
    if (header->codec == CODEC_PLAIN) {
        memcpy(payload, packed.data, packed.size);
        size = packed.size;
    } else if (is_one_frame(packed)) {
        size = ZSTD_decompressDCtx(codec->unpack, payload,
                                   header->payload_unpacked, packed.data,
                                   packed.size);
    }
    /* An error of zstd is a number greater than any size. */
    if (size != header->payload_unpacked ||
        !holds_events(buffer_bytes(out), header->count, events)) {
        buffer_clear(out);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status batch_next_event(struct bytes *payload, struct bytes *event)
{
    uint64_t size = 0;
    size_t i = 0;
    uint8_t byte = 0;

    if (payload->size == 0) {
        return STATUS_NOT_FOUND;
    }
    do {
        if (i == payload->size || i == VARINT_BYTES_MAX) {
            return STATUS_INVALID;
        }
        byte = payload->data[i];
        size |= (uint64_t)(byte & 0x7f) << (7 * i);
        i++;
    } while ((byte & 0x80) != 0);
    /* One size has one form: no zero digits at its end. */
    if ((byte == 0 && i > 1) || size > payload->size - i) {
        return STATUS_INVALID;
    }
    *event = (struct bytes){payload->data + i, (size_t)size};
    payload->data += i + size;
    payload->size -= i + (size_t)size;
    return STATUS_OK;
}
