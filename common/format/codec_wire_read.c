/* Frame 0 of the line read into the values of wire.h. Whatever a peer sends
 * ends in a complete value or in STATUS_INVALID. */
#include "common/format/wire.h"

#include "common/format/codec_wire.h"
#include "uplink.pb-c.h"

#include <string.h>

/* Copies a value that must have just this size. */
static bool take(protobuf_c_boolean has, ProtobufCBinaryData from, void *to,
                 size_t size)
{
    if (!has || from.len != size) {
        return false;
    }
    memcpy(to, from.data, size);
    return true;
}

/* The same, but absent reads as zeroes. */
static bool take_or_zero(protobuf_c_boolean has, ProtobufCBinaryData from,
                         void *to, size_t size)
{
    memset(to, 0, size);
    return !has || take(has, from, to, size);
}

#define TAKE(message, field, to) \
    take((message)->has_##field, (message)->field, (to), sizeof(to))
#define TAKE_OR_ZERO(message, field, to) \
    take_or_zero((message)->has_##field, (message)->field, (to), sizeof(to))

/* Printable ASCII that fits. */
static bool take_text(const char *from, char to[WIRE_NAME_MAX])
{
    size_t size = 0;

    if (from == NULL) {
        return false;
    }
    while (from[size] != '\0') {
        if (size + 1 >= WIRE_NAME_MAX || from[size] < 0x20 ||
            from[size] > 0x7e) {
            return false;
        }
        size++;
    }
    memcpy(to, from, size + 1);
    return true;
}

/* How many of the fields of an Up or a Down are set: all are sub-messages. */
static size_t fields_set(const ProtobufCMessage *message)
{
    size_t set = 0;

    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const void *field =
            (const uint8_t *)message + message->descriptor->fields[i].offset;
        const void *value;

        memcpy(&value, field, sizeof value);
        set += value != NULL ? 1 : 0;
    }
    return set;
}

/* ---- up ---- */

static bool read_join(const Tallyline__Join *from, struct wire_join *join)
{
    return TAKE(from, agent_id, join->agent.bytes) &&
           TAKE(from, epoch, join->epoch.bytes) &&
           TAKE(from, curve_key, join->curve_key.bytes) &&
           TAKE(from, sign_key, join->sign_key.bytes) &&
           TAKE(from, proof, join->proof.bytes);
}

static bool read_rotate(const Tallyline__Rotate *from,
                        struct wire_rotate *rotate)
{
    return TAKE(from, agent_id, rotate->agent.bytes) &&
           TAKE(from, curve_key, rotate->curve_key.bytes) &&
           TAKE(from, sign_key, rotate->sign_key.bytes) &&
           TAKE(from, proof, rotate->proof.bytes) &&
           TAKE(from, proof_old, rotate->proof_old.bytes);
}

static bool read_open_epoch(const Tallyline__OpenEpoch *from,
                            struct wire_open_epoch *open_epoch)
{
    return TAKE(from, agent_id, open_epoch->agent.bytes) &&
           TAKE(from, epoch, open_epoch->epoch.bytes) &&
           TAKE(from, previous, open_epoch->previous.bytes) &&
           TAKE(from, proof, open_epoch->proof.bytes);
}

static bool read_hello(const Tallyline__Hello *from, struct wire_hello *hello)
{
    if (!from->has_protocol || !from->has_next_seq || from->next_seq == 0 ||
        !TAKE(from, agent_id, hello->agent.bytes) ||
        !TAKE(from, epoch, hello->epoch.bytes) ||
        from->n_documents > WIRE_HAVE_MAX) {
        return false;
    }
    hello->software[0] = '\0';
    if (from->software != NULL && !take_text(from->software, hello->software)) {
        return false;
    }
    for (size_t i = 0; i < from->n_documents; i++) {
        const Tallyline__HaveDocument *have = from->documents[i];

        if (!take_text(have->name, hello->have[i].name) ||
            !TAKE(have, digest, hello->have[i].digest.bytes)) {
            return false;
        }
    }
    hello->have_count = from->n_documents;
    hello->protocol = from->protocol;
    hello->capabilities = from->capabilities;
    hello->next_seq = from->next_seq;
    hello->now = from->now;
    hello->next_control = from->next_control;
    hello->last_index = from->last_index;
    hello->follows_breaks = from->has_last_break;
    return (!from->has_last_break ||
            TAKE(from, last_break, hello->last_break.bytes)) &&
           codec_read_note(from->has_checkpoint, from->checkpoint,
                           &hello->checkpoint);
}

static bool read_agent_heartbeat(const Tallyline__AgentHeartbeat *from,
                                 struct wire_agent_heartbeat *heartbeat)
{
    *heartbeat = (struct wire_agent_heartbeat){
        .next_seq = from->next_seq,
        .waiting = from->waiting,
        .oldest_waiting = from->oldest_waiting,
        .bytes_used = from->bytes_used,
        .bytes_total = from->bytes_total,
        .now = from->now,
        .frozen = from->frozen,
    };
    return true;
}

static bool read_compare(const Tallyline__Compare *from,
                         struct wire_compare *compare)
{
    compare->first_seq = from->first_seq;
    compare->count = from->count;
    return from->first_seq != 0 && from->count != 0 &&
           from->count <= WIRE_COMPARE_MAX &&
           TAKE(from, agent_id, compare->agent.bytes) &&
           TAKE(from, epoch, compare->epoch.bytes) &&
           TAKE(from, digest, compare->digest.bytes);
}

static bool read_entries(size_t count, const ProtobufCBinaryData *entries,
                         struct wire_pairs *pairs)
{
    if (count > WIRE_PAIRS_MAX) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!take(1, entries[i], pairs->entries[i], ENTRY_BYTES)) {
            return false;
        }
    }
    pairs->count = count;
    return true;
}

static bool read_returned(const Tallyline__Returned *from,
                          struct wire_pairs *returned)
{
    returned->done_to = from->done_to;
    returned->has_done = from->has_done_to;
    returned->purpose = 0;
    return (from->n_entries > 0 || from->has_done_to) &&
           read_entries(from->n_entries, from->entries, returned);
}

static bool read_up(const Tallyline__Up *from, struct wire_up *up)
{
    bool good = false;

    if (from->join != NULL) {
        up->kind = WIRE_UP_JOIN;
        return read_join(from->join, &up->join);
    }
    if (from->rotate != NULL) {
        up->kind = WIRE_UP_ROTATE;
        return read_rotate(from->rotate, &up->rotate);
    }
    if (from->open_epoch != NULL) {
        up->kind = WIRE_UP_OPEN_EPOCH;
        return read_open_epoch(from->open_epoch, &up->open_epoch);
    }
    if (from->hello != NULL) {
        up->kind = WIRE_UP_HELLO;
        return read_hello(from->hello, &up->hello);
    }
    if (from->heartbeat != NULL) {
        up->kind = WIRE_UP_HEARTBEAT;
        return read_agent_heartbeat(from->heartbeat, &up->heartbeat);
    }
    if (from->compare != NULL) {
        up->kind = WIRE_UP_COMPARE;
        return read_compare(from->compare, &up->compare);
    }
    if (from->returned != NULL) {
        up->kind = WIRE_UP_RETURNED;
        return read_returned(from->returned, &up->returned);
    }
    if (from->taken != NULL) {
        up->kind = WIRE_UP_TAKEN;
        up->taken = (struct wire_taken){.purpose = from->taken->purpose,
                                        .done_to = from->taken->done_to};
        return from->taken->has_purpose && from->taken->has_done_to;
    }
    if (codec_read_witness_up(from, up, &good)) {
        return good;
    }
    up->kind = WIRE_UP_BATCHES;
    return from->batches != NULL;
}

/* STATUS_OK when just one field is set. */
static enum status one_field(const ProtobufCMessage *message)
{
    size_t set;

    if (message == NULL) {
        return STATUS_INVALID;
    }
    set = fields_set(message);
    if (set == 0 && message->n_unknown_fields > 0) {
        return STATUS_VERSION;
    }
    return set == 1 ? STATUS_OK : STATUS_INVALID;
}

enum status wire_unpack_up(struct wire_codec *codec, struct bytes frame,
                           struct wire_up *up)
{
    ProtobufCMessage *message =
        frame.size > WIRE_FRAME_BYTES_MAX
            ? NULL
            : wire_codec_unpack(codec, &tallyline__up__descriptor, frame);
    enum status status = one_field(message);

    if (status == STATUS_OK && !read_up((const Tallyline__Up *)message, up)) {
        status = STATUS_INVALID;
    }
    return status;
}

/* ---- down ---- */

static bool read_joined(const Tallyline__JoinDone *from,
                        struct wire_joined *joined)
{
    joined->agent_number = from->agent_number;
    joined->epoch_ordinal = from->epoch_ordinal;
    return from->has_agent_number && from->has_epoch_ordinal &&
           TAKE(from, entry, joined->entry);
}

static bool read_epoch_opened(const Tallyline__EpochDone *from,
                              struct wire_epoch_opened *opened)
{
    opened->epoch_ordinal = from->epoch_ordinal;
    opened->previous_next_seq = from->previous_next_seq;
    return from->has_epoch_ordinal && from->previous_next_seq != 0 &&
           TAKE_OR_ZERO(from, previous_digest, opened->previous_digest.bytes) &&
           TAKE(from, entry, opened->entry);
}

static bool read_welcome(const Tallyline__Welcome *from,
                         struct wire_welcome *welcome)
{
    welcome->protocol = from->protocol;
    welcome->capabilities = from->capabilities;
    welcome->agent_number = from->agent_number;
    welcome->epoch_ordinal = from->epoch_ordinal;
    welcome->next_seq = from->next_seq;
    welcome->credit_bytes = from->credit_bytes;
    welcome->now = from->now;
    welcome->ledger_size = from->ledger_size;
    return from->has_protocol && from->has_agent_number &&
           from->has_epoch_ordinal && from->next_seq != 0 &&
           TAKE_OR_ZERO(from, ledger_id, welcome->ledger.bytes) &&
           TAKE_OR_ZERO(from, previous_digest, welcome->previous_digest.bytes);
}

static bool read_receipts(struct wire_codec *codec,
                          const Tallyline__Receipts *from,
                          struct wire_receipts *receipts)
{
    uint8_t(*entries)[ENTRY_BYTES] = NULL;

    if (from->n_entries > WIRE_RECEIPTS_MAX) {
        return false;
    }
    if (from->n_entries > 0) {
        entries = wire_codec_take(codec, from->n_entries * ENTRY_BYTES);
        if (entries == NULL) {
            return false;
        }
    }
    for (size_t i = 0; i < from->n_entries; i++) {
        if (!take(1, from->entries[i], entries[i], ENTRY_BYTES)) {
            return false;
        }
    }
    receipts->entries = (const uint8_t(*)[ENTRY_BYTES])entries;
    receipts->count = from->n_entries;
    receipts->credit_bytes = from->credit_bytes;
    receipts->has_credit = from->has_credit_bytes;
    return true;
}

static bool read_refusal(const Tallyline__Refusal *from,
                         struct wire_refusal *refusal)
{
    *refusal = (struct wire_refusal){
        .code = from->code,
        .seq = from->seq,
        .detail = from->detail,
        .retry_ms = from->retry_ms,
    };
    return from->code != WIRE_REFUSAL_NONE;
}

static bool read_piece(const Tallyline__DocumentPiece *from,
                       struct wire_piece *piece)
{
    if (!take_text(from->name, piece->name) ||
        (from->codec != WIRE_CODEC_PLAIN && from->codec != WIRE_CODEC_ZSTD) ||
        from->piece.len > WIRE_PIECE_BYTES_MAX ||
        !TAKE(from, signature, piece->signature.bytes)) {
        return false;
    }
    piece->index = from->index;
    piece->codec = (enum wire_document_codec)from->codec;
    piece->size = from->size;
    piece->offset = from->offset;
    piece->piece =
        (struct bytes){.data = from->piece.data, .size = from->piece.len};
    return true;
}

static bool read_given(const Tallyline__Given *from, struct wire_pairs *given)
{
    given->done_to = from->done_to;
    given->has_done = true;
    given->purpose = from->purpose;
    return from->has_done_to && from->has_purpose &&
           read_entries(from->n_entries, from->entries, given);
}

static bool read_wanted(const Tallyline__Wanted *from,
                        struct wire_wanted *wanted)
{
    wanted->from = from->from_index;
    wanted->to = from->to_index;
    return from->has_from_index && from->has_to_index &&
           from->from_index < from->to_index;
}

static bool read_down(struct wire_codec *codec, const Tallyline__Down *from,
                      struct wire_down *down)
{
    bool good = false;

    if (from->joined != NULL) {
        down->kind = WIRE_DOWN_JOINED;
        return read_joined(from->joined, &down->joined);
    }
    if (from->rotated != NULL) {
        down->kind = WIRE_DOWN_ROTATED;
        return TAKE(from->rotated, entry, down->rotated.entry);
    }
    if (from->epoch_opened != NULL) {
        down->kind = WIRE_DOWN_EPOCH_OPENED;
        return read_epoch_opened(from->epoch_opened, &down->epoch_opened);
    }
    if (from->welcome != NULL) {
        down->kind = WIRE_DOWN_WELCOME;
        return read_welcome(from->welcome, &down->welcome);
    }
    if (from->receipts != NULL) {
        down->kind = WIRE_DOWN_RECEIPTS;
        return read_receipts(codec, from->receipts, &down->receipts);
    }
    if (from->refusal != NULL) {
        down->kind = WIRE_DOWN_REFUSAL;
        return read_refusal(from->refusal, &down->refusal);
    }
    if (from->document != NULL) {
        down->kind = WIRE_DOWN_DOCUMENT;
        return read_piece(from->document, &down->document);
    }
    if (from->compared != NULL) {
        down->kind = WIRE_DOWN_COMPARED;
        down->compared = (struct wire_compared){
            .first_seq = from->compared->first_seq,
            .count = from->compared->count,
            .same = from->compared->same,
        };
        return from->compared->has_same;
    }
    if (from->wanted != NULL) {
        down->kind = WIRE_DOWN_WANTED;
        return read_wanted(from->wanted, &down->wanted);
    }
    if (from->given != NULL) {
        down->kind = WIRE_DOWN_GIVEN;
        return read_given(from->given, &down->given);
    }
    if (codec_read_witness_down(from, down, &good)) {
        return good;
    }
    down->kind = WIRE_DOWN_HEARTBEAT;
    down->heartbeat = (struct wire_collector_heartbeat){
        .now = from->heartbeat->now,
        .ledger_size = from->heartbeat->ledger_size,
        .credit_bytes = from->heartbeat->credit_bytes,
        .has_credit = from->heartbeat->has_credit_bytes,
    };
    return true;
}

enum status wire_unpack_down(struct wire_codec *codec, struct bytes frame,
                             struct wire_down *down)
{
    ProtobufCMessage *message =
        frame.size > WIRE_FRAME_BYTES_MAX
            ? NULL
            : wire_codec_unpack(codec, &tallyline__down__descriptor, frame);
    enum status status = one_field(message);

    if (status == STATUS_OK &&
        !read_down(codec, (const Tallyline__Down *)message, down)) {
        status = STATUS_INVALID;
    }
    return status;
}
