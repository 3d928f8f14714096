/* Any bytes as frame 0 of either direction, as a body and as pieces of a
 * document: no crash, no read beyond the end, no memory beyond the budget. What
 * is accepted is packed again, and that is accepted again as the same bytes.
 * Bodies are read by ourselves: what we take protobuf-c takes, with the same
 * values, and what it writes we take. */
#include "common/base/check.h"
#include "common/format/wire.h"
#include "common/format/wire_document.h"
#include "common/format/wire_pairs.h"
#include "common/format/wire_walk.h"
#include "uplink.pb-c.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct wire_codec *codec;
static struct buffer once;
static struct buffer twice;

static void set_up(void)
{
    if (codec == NULL) {
        sign_init();
        codec = wire_codec_new();
        check(codec != NULL);
        /* Packed anew a message may be larger: fields that were absent are
         * there as zeroes. */
        buffer_init(&once, 4 * WIRE_DOCUMENT_BYTES_MAX);
        buffer_init(&twice, 4 * WIRE_DOCUMENT_BYTES_MAX);
    }
    buffer_clear(&once);
    buffer_clear(&twice);
}

static void same_bytes(void)
{
    check(bytes_equal(buffer_bytes(&once), buffer_bytes(&twice)));
}

/* The input itself as the frames: what is taken has its hash. */
static void look_at_pairs(const struct wire_pairs *pairs, struct bytes frame)
{
    struct bytes frames[WIRE_PAIRS_MAX];
    struct wire_pair out[WIRE_PAIRS_MAX];
    size_t count = frame.size % (WIRE_PAIRS_MAX + 1);
    enum status status;

    for (size_t i = 0; i < count; i++) {
        frames[i] = (struct bytes){.data = frame.data,
                                   .size = i % 2 == 0 ? 0 : frame.size};
    }
    buffer_clear(&twice);
    status = wire_pairs_join(pairs, frames, count, &twice, out);
    for (size_t i = 0; status == STATUS_OK && i < pairs->count; i++) {
        check(out[i].erased && out[i].bytes.size == 0);
    }
}

static void look_at_up(struct bytes frame)
{
    struct wire_up up;

    memset(&up, 0xa5, sizeof up);
    if (wire_unpack_up(codec, frame, &up) != STATUS_OK) {
        return;
    }
    check(wire_pack_up(&up, &once) == STATUS_OK);
    check(wire_unpack_up(codec, buffer_bytes(&once), &up) == STATUS_OK);
    check(wire_pack_up(&up, &twice) == STATUS_OK);
    same_bytes();
    if (up.kind == WIRE_UP_RETURNED) {
        look_at_pairs(&up.returned, frame);
    }
    if (up.kind == WIRE_UP_JOIN) {
        check(!wire_join_proven(&up.join, &up.join.curve_key));
    }
}

static void look_at_down(struct bytes frame)
{
    struct wire_down down;

    memset(&down, 0xa5, sizeof down);
    if (wire_unpack_down(codec, frame, &down) != STATUS_OK) {
        return;
    }
    check(wire_pack_down(&down, &once) == STATUS_OK);
    check(wire_unpack_down(codec, buffer_bytes(&once), &down) == STATUS_OK);
    check(wire_pack_down(&down, &twice) == STATUS_OK);
    same_bytes();
}

/* Every message of the input, in the order in which they came. */
static void look_at_pieces(struct bytes left)
{
    static const struct public_key key;
    struct wire_assembly assembly;

    wire_assembly_init(&assembly);
    while (left.size >= 2) {
        size_t size = bytes_get_u16(left.data);
        struct wire_down down;
        struct bytes body;

        size = size > left.size - 2 ? left.size - 2 : size;
        if (wire_unpack_down(
                codec, (struct bytes){.data = left.data + 2, .size = size},
                &down) == STATUS_OK &&
            down.kind == WIRE_DOWN_DOCUMENT) {
            check(wire_assembly_add(&assembly, &down.document, &key, &body) !=
                  STATUS_OK);
        }
        left.data += 2 + size;
        left.size -= 2 + size;
    }
    wire_assembly_fini(&assembly);
}

/* ---- the bodies, against protobuf-c ---- */

/* What protobuf-c reads there; NULL: no such message. */
static void *theirs(const ProtobufCMessageDescriptor *what, struct bytes body)
{
    return protobuf_c_message_unpack(what, NULL, body.size, body.data);
}

/* Writes it as everybody writes it: that form is to be taken. */
static struct bytes rewritten(const ProtobufCMessage *message)
{
    uint8_t *room;

    check(buffer_extend(&once, protobuf_c_message_get_packed_size(message),
                        &room) == STATUS_OK);
    (void)protobuf_c_message_pack(message, room);
    return buffer_bytes(&once);
}

/* Whether our reader takes it; what it gives is what protobuf-c has. */
static bool same_registers(struct bytes body,
                           const Tallyline__RegisterSlice *slice)
{
    struct wire_register_item item;
    struct wire_walk walk;
    enum status status;
    size_t i = 0;

    wire_walk_init(&walk, body);
    while ((status = wire_walk_register(&walk, &item)) == STATUS_OK) {
        const Tallyline__RegisterItem *other;

        if (slice == NULL || i >= slice->n_items) {
            return false; /* the end of the body is no message */
        }
        other = slice->items[i++];
        check(item.kind == other->kind && item.reference == other->reference);
        check(item.category == other->category && item.state == other->state);
        check(item.unit_count == other->n_units);
        check(item.unit_count == 0 ||
              memcmp(item.units, other->units,
                     item.unit_count * sizeof item.units[0]) == 0);
    }
    check(status != STATUS_NOT_FOUND || (slice != NULL && i == slice->n_items));
    return status == STATUS_NOT_FOUND;
}

static void look_at_registers(struct bytes body)
{
    Tallyline__RegisterSlice *slice =
        theirs(&tallyline__register_slice__descriptor, body);
    bool plain = slice != NULL && slice->base.n_unknown_fields == 0;

    (void)same_registers(body, slice);
    for (size_t i = 0; plain && i < slice->n_items; i++) {
        plain = slice->items[i]->base.n_unknown_fields == 0 &&
                slice->items[i]->n_units <= WIRE_REGISTER_UNITS_MAX;
    }
    if (plain && slice->n_items <= WIRE_REGISTER_ITEMS_MAX) {
        check(same_registers(rewritten(&slice->base), slice));
    }
    if (slice != NULL) {
        protobuf_c_message_free_unpacked(&slice->base, NULL);
    }
}

static bool same_outcomes(struct bytes body, const Tallyline__Outcomes *list)
{
    struct wire_outcome item;
    struct wire_walk walk;
    enum status status;
    size_t i = 0;

    wire_walk_init(&walk, body);
    while ((status = wire_walk_outcome(&walk, &item)) == STATUS_OK) {
        const Tallyline__OutcomeItem *other;

        if (list == NULL || i >= list->n_items) {
            return false;
        }
        other = list->items[i++];
        check(item.event == other->event && item.outcome == other->outcome);
        check(item.field == other->field && item.rule == other->rule);
        check(item.value == other->value && item.other == other->other);
    }
    check(status != STATUS_NOT_FOUND ||
          (list != NULL && i == list->n_items && walk.total == list->total &&
           walk.index == list->index));
    return status == STATUS_NOT_FOUND;
}

static void look_at_outcomes(struct bytes body)
{
    Tallyline__Outcomes *list = theirs(&tallyline__outcomes__descriptor, body);
    bool plain = list != NULL && list->base.n_unknown_fields == 0;

    (void)same_outcomes(body, list);
    for (size_t i = 0; plain && i < list->n_items; i++) {
        plain = list->items[i]->base.n_unknown_fields == 0;
    }
    if (plain && list->n_items <= WIRE_OUTCOME_ITEMS_MAX) {
        check(same_outcomes(rewritten(&list->base), list));
    }
    if (list != NULL) {
        protobuf_c_message_free_unpacked(&list->base, NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes rest = {.data = data + 1, .size = size - 1};

    if (size == 0) {
        return 0;
    }
    set_up();
    switch (data[0] % 5) {
    case 0:
        look_at_up(rest);
        break;
    case 1:
        look_at_down(rest);
        break;
    case 2:
        look_at_pieces(rest);
        break;
    case 3:
        look_at_registers(rest);
        break;
    default:
        look_at_outcomes(rest);
        break;
    }
    return 0;
}
