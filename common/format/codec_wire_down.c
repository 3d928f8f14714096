/* What goes down, as bytes. */
#include "common/format/codec_wire.h"

#include "common/base/check.h"
#include "uplink.pb-c.h"

static enum status pack_welcome(const struct wire_welcome *welcome,
                                struct buffer *out)
{
    Tallyline__Down down = TALLYLINE__DOWN__INIT;
    Tallyline__Welcome message = TALLYLINE__WELCOME__INIT;

    SET(message, protocol, welcome->protocol);
    SET(message, capabilities, welcome->capabilities);
    SET(message, agent_number, welcome->agent_number);
    SET(message, epoch_ordinal, welcome->epoch_ordinal);
    SET(message, next_seq, welcome->next_seq);
    SET_SPAN(message, previous_digest, welcome->previous_digest.bytes);
    SET(message, credit_bytes, welcome->credit_bytes);
    SET(message, now, welcome->now);
    SET(message, ledger_size, welcome->ledger_size);
    SET_SPAN(message, ledger_id, welcome->ledger.bytes);
    down.welcome = &message;
    return wire_codec_pack(&down.base, out);
}

static enum status pack_receipts(const struct wire_receipts *receipts,
                                 struct buffer *out)
{
    Tallyline__Down down = TALLYLINE__DOWN__INIT;
    Tallyline__Receipts message = TALLYLINE__RECEIPTS__INIT;
    ProtobufCBinaryData entries[WIRE_RECEIPTS_MAX];

    check(receipts->count <= WIRE_RECEIPTS_MAX);
    for (size_t i = 0; i < receipts->count; i++) {
        entries[i] = SPAN(receipts->entries[i]);
    }
    message.n_entries = receipts->count;
    message.entries = entries;
    message.has_credit_bytes = receipts->has_credit;
    message.credit_bytes = receipts->credit_bytes;
    down.receipts = &message;
    return wire_codec_pack(&down.base, out);
}

static enum status pack_refusal(const struct wire_refusal *refusal,
                                struct buffer *out)
{
    Tallyline__Down down = TALLYLINE__DOWN__INIT;
    Tallyline__Refusal message = TALLYLINE__REFUSAL__INIT;

    SET(message, code, refusal->code);
    SET(message, seq, refusal->seq);
    SET(message, detail, refusal->detail);
    SET(message, retry_ms, refusal->retry_ms);
    down.refusal = &message;
    return wire_codec_pack(&down.base, out);
}

static enum status pack_piece(const struct wire_piece *piece,
                              struct buffer *out)
{
    Tallyline__Down down = TALLYLINE__DOWN__INIT;
    Tallyline__DocumentPiece message = TALLYLINE__DOCUMENT_PIECE__INIT;

    check(piece->piece.size <= WIRE_PIECE_BYTES_MAX);
    message.name = codec_text(piece->name);
    SET(message, index, piece->index);
    SET(message, codec, (uint32_t)piece->codec);
    SET(message, size, piece->size);
    SET(message, offset, piece->offset);
    message.has_piece = 1;
    message.piece = (ProtobufCBinaryData){
        .data = (uint8_t *)(uintptr_t)piece->piece.data,
        .len = piece->piece.size,
    };
    SET_SPAN(message, signature, piece->signature.bytes);
    down.document = &message;
    return wire_codec_pack(&down.base, out);
}

static enum status pack_collector_heartbeat(
    const struct wire_collector_heartbeat *heartbeat, struct buffer *out)
{
    Tallyline__Down down = TALLYLINE__DOWN__INIT;
    Tallyline__CollectorHeartbeat message =
        TALLYLINE__COLLECTOR_HEARTBEAT__INIT;

    SET(message, now, heartbeat->now);
    SET(message, ledger_size, heartbeat->ledger_size);
    message.has_credit_bytes = heartbeat->has_credit;
    message.credit_bytes = heartbeat->credit_bytes;
    down.heartbeat = &message;
    return wire_codec_pack(&down.base, out);
}

static enum status pack_compared(const struct wire_compared *compared,
                                 struct buffer *out)
{
    Tallyline__Down down = TALLYLINE__DOWN__INIT;
    Tallyline__Compared message = TALLYLINE__COMPARED__INIT;

    SET(message, first_seq, compared->first_seq);
    SET(message, count, compared->count);
    SET(message, same, compared->same);
    down.compared = &message;
    return wire_codec_pack(&down.base, out);
}

static enum status pack_wanted(const struct wire_wanted *wanted,
                               struct buffer *out)
{
    Tallyline__Down down = TALLYLINE__DOWN__INIT;
    Tallyline__Wanted message = TALLYLINE__WANTED__INIT;

    SET(message, from_index, wanted->from);
    SET(message, to_index, wanted->to);
    down.wanted = &message;
    return wire_codec_pack(&down.base, out);
}

static enum status pack_given(const struct wire_pairs *given,
                              struct buffer *out)
{
    Tallyline__Down down = TALLYLINE__DOWN__INIT;
    Tallyline__Given message = TALLYLINE__GIVEN__INIT;
    ProtobufCBinaryData spans[WIRE_PAIRS_MAX];

    message.n_entries = codec_pair_spans(given, spans);
    message.entries = spans;
    SET(message, done_to, given->done_to);
    SET(message, purpose, given->purpose);
    down.given = &message;
    return wire_codec_pack(&down.base, out);
}

static enum status pack_done(const struct wire_down *from, struct buffer *out)
{
    Tallyline__Down down = TALLYLINE__DOWN__INIT;
    Tallyline__JoinDone joined = TALLYLINE__JOIN_DONE__INIT;
    Tallyline__RotateDone rotated = TALLYLINE__ROTATE_DONE__INIT;
    Tallyline__EpochDone opened = TALLYLINE__EPOCH_DONE__INIT;

    if (from->kind == WIRE_DOWN_JOINED) {
        SET(joined, agent_number, from->joined.agent_number);
        SET(joined, epoch_ordinal, from->joined.epoch_ordinal);
        SET_SPAN(joined, entry, from->joined.entry);
        down.joined = &joined;
    } else if (from->kind == WIRE_DOWN_ROTATED) {
        SET_SPAN(rotated, entry, from->rotated.entry);
        down.rotated = &rotated;
    } else {
        SET(opened, epoch_ordinal, from->epoch_opened.epoch_ordinal);
        SET(opened, previous_next_seq, from->epoch_opened.previous_next_seq);
        SET_SPAN(opened, previous_digest,
                 from->epoch_opened.previous_digest.bytes);
        SET_SPAN(opened, entry, from->epoch_opened.entry);
        down.epoch_opened = &opened;
    }
    return wire_codec_pack(&down.base, out);
}

enum status wire_pack_down(const struct wire_down *down, struct buffer *out)
{
    switch (down->kind) {
    case WIRE_DOWN_JOINED:
    case WIRE_DOWN_ROTATED:
    case WIRE_DOWN_EPOCH_OPENED:
        return pack_done(down, out);
    case WIRE_DOWN_WELCOME:
        return pack_welcome(&down->welcome, out);
    case WIRE_DOWN_RECEIPTS:
        return pack_receipts(&down->receipts, out);
    case WIRE_DOWN_REFUSAL:
        return pack_refusal(&down->refusal, out);
    case WIRE_DOWN_DOCUMENT:
        return pack_piece(&down->document, out);
    case WIRE_DOWN_COMPARED:
        return pack_compared(&down->compared, out);
    case WIRE_DOWN_WANTED:
        return pack_wanted(&down->wanted, out);
    case WIRE_DOWN_GIVEN:
        return pack_given(&down->given, out);
    case WIRE_DOWN_CHECKPOINT:
    case WIRE_DOWN_PROOF:
        return codec_pack_witness_down(down, out);
    case WIRE_DOWN_HEARTBEAT:
        break;
    }
    check(down->kind == WIRE_DOWN_HEARTBEAT);
    return pack_collector_heartbeat(&down->heartbeat, out);
}
