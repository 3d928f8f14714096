/* The bodies of the two documents that are no control documents: the slice of
 * the registers and the outcomes of events. */
#include "common/wire.h"

#include "common/check.h"
#include "common/codec_wire.h"
#include "uplink.pb-c.h"

#include <string.h>

#define SET(message, field, number) \
    ((message).has_##field = 1, (message).field = (number))

enum status wire_pack_register_item(const struct wire_register_item *item,
                                    struct buffer *out)
{
    Tallyline__RegisterSlice slice = TALLYLINE__REGISTER_SLICE__INIT;
    Tallyline__RegisterItem message = TALLYLINE__REGISTER_ITEM__INIT;
    Tallyline__RegisterItem *list = &message;

    check(item->unit_count <= WIRE_REGISTER_UNITS_MAX);
    SET(message, kind, item->kind);
    SET(message, reference, item->reference);
    message.n_units = item->unit_count;
    message.units = (uint32_t *)(uintptr_t)item->units;
    SET(message, category, item->category);
    SET(message, state, item->state);
    slice.n_items = 1;
    slice.items = &list;
    /* Messages written one after the other are one message: the items add. */
    return wire_codec_pack(&slice.base, out);
}

static enum status pack_outcome(const struct wire_outcome *item,
                                struct buffer *out)
{
    Tallyline__Outcomes outcomes = TALLYLINE__OUTCOMES__INIT;
    Tallyline__OutcomeItem message = TALLYLINE__OUTCOME_ITEM__INIT;
    Tallyline__OutcomeItem *list = &message;

    SET(message, event, item->event);
    SET(message, outcome, item->outcome);
    SET(message, field, item->field);
    SET(message, rule, item->rule);
    SET(message, value, item->value);
    SET(message, other, item->other);
    outcomes.n_items = 1;
    outcomes.items = &list;
    return wire_codec_pack(&outcomes.base, out);
}

enum status wire_pack_outcomes(const struct wire_outcomes *outcomes,
                               struct buffer *out)
{
    Tallyline__Outcomes head = TALLYLINE__OUTCOMES__INIT;
    size_t before = out->size;
    enum status status;

    check(outcomes->count <= WIRE_OUTCOME_ITEMS_MAX);
    SET(head, total, outcomes->total);
    SET(head, index, outcomes->index);
    status = wire_codec_pack(&head.base, out);
    for (size_t i = 0; status == STATUS_OK && i < outcomes->count; i++) {
        status = pack_outcome(&outcomes->items[i], out);
    }
    if (status != STATUS_OK) {
        buffer_truncate(out, before);
    }
    return status;
}

enum status wire_unpack_registers(struct wire_codec *codec, struct bytes body,
                                  const struct wire_register_item **items,
                                  size_t *count)
{
    const Tallyline__RegisterSlice *slice;
    struct wire_register_item *out;

    if (body.size > WIRE_DOCUMENT_BYTES_MAX) {
        return STATUS_INVALID;
    }
    slice = (const Tallyline__RegisterSlice *)wire_codec_unpack(
        codec, &tallyline__register_slice__descriptor, body);
    if (slice == NULL || slice->n_items > WIRE_REGISTER_ITEMS_MAX) {
        return STATUS_INVALID;
    }
    out = wire_codec_take(codec, (slice->n_items + 1) * sizeof *out);
    if (out == NULL) {
        return STATUS_INVALID;
    }
    for (size_t i = 0; i < slice->n_items; i++) {
        const Tallyline__RegisterItem *from = slice->items[i];

        if (from->n_units > WIRE_REGISTER_UNITS_MAX) {
            return STATUS_INVALID;
        }
        out[i] = (struct wire_register_item){
            .kind = from->kind,
            .reference = from->reference,
            .unit_count = from->n_units,
            .category = from->category,
            .state = from->state,
        };
        if (from->n_units > 0) {
            memcpy(out[i].units, from->units,
                   from->n_units * sizeof out[i].units[0]);
        }
    }
    *items = out;
    *count = slice->n_items;
    return STATUS_OK;
}

enum status wire_unpack_outcomes(struct wire_codec *codec, struct bytes body,
                                 struct wire_outcomes *outcomes)
{
    const Tallyline__Outcomes *message;
    struct wire_outcome *out;

    if (body.size > WIRE_DOCUMENT_BYTES_MAX) {
        return STATUS_INVALID;
    }
    message = (const Tallyline__Outcomes *)wire_codec_unpack(
        codec, &tallyline__outcomes__descriptor, body);
    if (message == NULL || message->n_items > WIRE_OUTCOME_ITEMS_MAX) {
        return STATUS_INVALID;
    }
    out = wire_codec_take(codec, (message->n_items + 1) * sizeof *out);
    if (out == NULL) {
        return STATUS_INVALID;
    }
    for (size_t i = 0; i < message->n_items; i++) {
        const Tallyline__OutcomeItem *from = message->items[i];

        out[i] = (struct wire_outcome){
            .event = from->event,
            .outcome = from->outcome,
            .field = from->field,
            .rule = from->rule,
            .value = from->value,
            .other = from->other,
        };
    }
    *outcomes = (struct wire_outcomes){
        .items = out,
        .count = message->n_items,
        .total = message->total,
        .index = message->index,
    };
    return STATUS_OK;
}
