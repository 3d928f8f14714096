/* Makes the bodies of the two documents that are no control documents: the
 * slice of the registers and the outcomes of events; wire_walk.c reads them. */
#include "common/format/wire.h"
#include "common/format/wire_walk.h"

#include "common/base/check.h"
#include "common/format/codec_wire.h"
#include "uplink.pb-c.h"

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
