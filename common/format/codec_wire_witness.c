/* Checkpoints, cosignatures, objections and proofs on the line. An absent list
 * of hashes is an empty proof; everything else must be there. */
#include "common/format/codec_wire.h"

#include "common/base/check.h"
#include "uplink.pb-c.h"

#include <string.h>

static ProtobufCBinaryData span_of(struct bytes bytes)
{
    return (ProtobufCBinaryData){.data = (uint8_t *)(uintptr_t)bytes.data,
                                 .len = bytes.size};
}

ProtobufCBinaryData codec_note_span(const struct wire_note *note)
{
    check(note->size <= WIRE_NOTE_MAX);
    return span_of((struct bytes){note->bytes, note->size});
}

bool codec_read_note(protobuf_c_boolean has, ProtobufCBinaryData from,
                     struct wire_note *note)
{
    note->size = 0;
    if (!has) {
        return true;
    }
    if (from.len == 0 || from.len > WIRE_NOTE_MAX) {
        return false;
    }
    memcpy(note->bytes, from.data, from.len);
    note->size = from.len;
    return true;
}

/* ---- up ---- */

static enum status pack_cosign(const struct wire_cosign *cosign,
                               struct buffer *out)
{
    Tallyline__Up up = TALLYLINE__UP__INIT;
    Tallyline__Cosign message = TALLYLINE__COSIGN__INIT;

    SET(message, size, cosign->size);
    SET(message, time, cosign->time);
    SET_SPAN(message, signature, cosign->signature.bytes);
    up.cosign = &message;
    return wire_codec_pack(&up.base, out);
}

static enum status pack_objection(const struct wire_objection *objection,
                                  struct buffer *out)
{
    Tallyline__Up up = TALLYLINE__UP__INIT;
    Tallyline__Objection message = TALLYLINE__OBJECTION__INIT;

    message.has_held = objection->held.size > 0;
    message.held = codec_note_span(&objection->held);
    message.has_given = objection->given.size > 0;
    message.given = codec_note_span(&objection->given);
    SET(message, reason, objection->reason);
    up.objection = &message;
    return wire_codec_pack(&up.base, out);
}

enum status codec_pack_witness_up(const struct wire_up *up, struct buffer *out)
{
    Tallyline__Up plain = TALLYLINE__UP__INIT;
    Tallyline__ProofWanted message = TALLYLINE__PROOF_WANTED__INIT;

    if (up->kind == WIRE_UP_COSIGN) {
        return pack_cosign(&up->cosign, out);
    }
    if (up->kind == WIRE_UP_OBJECTION) {
        return pack_objection(&up->objection, out);
    }
    check(up->kind == WIRE_UP_PROOF_WANTED);
    SET(message, index, up->proof_wanted.index);
    SET(message, cosigned, up->proof_wanted.cosigned);
    message.has_size = up->proof_wanted.size != 0;
    message.size = up->proof_wanted.size;
    plain.proof_wanted = &message;
    return wire_codec_pack(&plain.base, out);
}

static bool read_cosign(const Tallyline__Cosign *from,
                        struct wire_cosign *cosign)
{
    cosign->size = from->size;
    cosign->time = from->time;
    if (!from->has_size || !from->has_time || from->time < 0 ||
        !from->has_signature || from->signature.len != SIGNATURE_BYTES) {
        return false;
    }
    memcpy(cosign->signature.bytes, from->signature.data, SIGNATURE_BYTES);
    return true;
}

static bool read_objection(const Tallyline__Objection *from,
                           struct wire_objection *objection)
{
    objection->reason = from->reason;
    return from->reason != 0 &&
           codec_read_note(from->has_held, from->held, &objection->held) &&
           codec_read_note(from->has_given, from->given, &objection->given);
}

bool codec_read_witness_up(const Tallyline__Up *from, struct wire_up *up,
                           bool *good)
{
    if (from->cosign != NULL) {
        up->kind = WIRE_UP_COSIGN;
        *good = read_cosign(from->cosign, &up->cosign);
        return true;
    }
    if (from->objection != NULL) {
        up->kind = WIRE_UP_OBJECTION;
        *good = read_objection(from->objection, &up->objection);
        return true;
    }
    if (from->proof_wanted != NULL) {
        up->kind = WIRE_UP_PROOF_WANTED;
        up->proof_wanted = (struct wire_proof_wanted){
            .index = from->proof_wanted->index,
            .cosigned = from->proof_wanted->cosigned,
            .size = from->proof_wanted->size,
        };
        *good = from->proof_wanted->has_index;
        return true;
    }
    return false;
}

/* ---- down ---- */

static size_t hash_spans(const struct merkle_proof *proof,
                         ProtobufCBinaryData spans[MERKLE_PROOF_MAX])
{
    check(proof->count <= MERKLE_PROOF_MAX);
    for (size_t i = 0; i < proof->count; i++) {
        spans[i] = SPAN(proof->hashes[i].bytes);
    }
    return proof->count;
}

static enum status pack_checkpoint(const struct wire_checkpoint *checkpoint,
                                   struct buffer *out)
{
    Tallyline__Down down = TALLYLINE__DOWN__INIT;
    Tallyline__Checkpoint message = TALLYLINE__CHECKPOINT__INIT;
    ProtobufCBinaryData spans[MERKLE_PROOF_MAX];

    check(checkpoint->note.size <= WIRE_NOTE_MAX);
    SET(message, note, span_of(checkpoint->note));
    SET(message, from_size, checkpoint->from_size);
    message.n_proof = hash_spans(&checkpoint->proof, spans);
    message.proof = spans;
    down.checkpoint = &message;
    return wire_codec_pack(&down.base, out);
}

static enum status pack_proof(const struct wire_proof *proof,
                              struct buffer *out)
{
    Tallyline__Down down = TALLYLINE__DOWN__INIT;
    Tallyline__Proof message = TALLYLINE__PROOF__INIT;
    ProtobufCBinaryData spans[MERKLE_PROOF_MAX];

    check(proof->note.size <= WIRE_PROOF_NOTE_MAX);
    SET(message, index, proof->index);
    SET_SPAN(message, entry, proof->entry);
    message.has_note = proof->note.size > 0;
    message.note = span_of(proof->note);
    message.n_hashes = hash_spans(&proof->proof, spans);
    message.hashes = spans;
    down.proof = &message;
    return wire_codec_pack(&down.base, out);
}

enum status codec_pack_witness_down(const struct wire_down *down,
                                    struct buffer *out)
{
    if (down->kind == WIRE_DOWN_CHECKPOINT) {
        return pack_checkpoint(&down->checkpoint, out);
    }
    check(down->kind == WIRE_DOWN_PROOF);
    return pack_proof(&down->proof, out);
}

static bool read_hashes(size_t count, const ProtobufCBinaryData *from,
                        struct merkle_proof *proof)
{
    if (count > MERKLE_PROOF_MAX) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (from[i].len != DIGEST_BYTES) {
            return false;
        }
        memcpy(proof->hashes[i].bytes, from[i].data, DIGEST_BYTES);
    }
    proof->count = count;
    return true;
}

/* The note is left where the message was unpacked. */
static bool read_span(protobuf_c_boolean has, ProtobufCBinaryData from,
                      size_t most, struct bytes *note)
{
    *note = (struct bytes){from.data, from.len};
    return has && from.len > 0 && from.len <= most;
}

static bool read_checkpoint(const Tallyline__Checkpoint *from,
                            struct wire_checkpoint *checkpoint)
{
    checkpoint->from_size = from->from_size;
    return from->has_from_size &&
           read_span(from->has_note, from->note, WIRE_NOTE_MAX,
                     &checkpoint->note) &&
           read_hashes(from->n_proof, from->proof, &checkpoint->proof);
}

static bool read_proof(const Tallyline__Proof *from, struct wire_proof *proof)
{
    proof->index = from->index;
    if (!from->has_index || !from->has_entry ||
        from->entry.len != ENTRY_BYTES) {
        return false;
    }
    memcpy(proof->entry, from->entry.data, ENTRY_BYTES);
    proof->note = (struct bytes){0};
    return (!from->has_note || read_span(from->has_note, from->note,
                                         WIRE_PROOF_NOTE_MAX, &proof->note)) &&
           read_hashes(from->n_hashes, from->hashes, &proof->proof);
}

bool codec_read_witness_down(const Tallyline__Down *from,
                             struct wire_down *down, bool *good)
{
    if (from->checkpoint != NULL) {
        down->kind = WIRE_DOWN_CHECKPOINT;
        *good = read_checkpoint(from->checkpoint, &down->checkpoint);
        return true;
    }
    if (from->proof != NULL) {
        down->kind = WIRE_DOWN_PROOF;
        *good = read_proof(from->proof, &down->proof);
        return true;
    }
    return false;
}
