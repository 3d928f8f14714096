/* codec_event - one event as protocol buffer bytes.
 *
 * Flow     event -> [codec_event] -> batch payload
 * Owns     nothing.
 * Threads  any; pure.
 *
 * Packing and reading (codec_event_read.c) walk the generated descriptors, so
 * a field that event.proto gains needs no line here. The generated structures
 * are filled by the offsets in the descriptors; protobuf-c writes the bytes.
 */
#include "common/format/codec.h"

#include "common/base/check.h"
#include "common/format/codec_fields.h"

#include <string.h>

#define BODY_BYTES_MAX 256u /* of the largest generated body structure */

/* Puts one scalar into a generated structure. */
static bool fill_scalar(uint8_t *message, const ProtobufCFieldDescriptor *field,
                        uint64_t value)
{
    protobuf_c_boolean yes = 1;
    if (!codec_fits(field->type, value)) {
        return false;
    }
    memcpy(message + field->quantifier_offset, &yes, sizeof(yes));
    if (field->type == PROTOBUF_C_TYPE_UINT64 ||
        field->type == PROTOBUF_C_TYPE_INT64) {
        memcpy(message + field->offset, &value, sizeof(value));
    } else {
        /* uint32, int32 and the flag, which is an int. */
        uint32_t narrow = (uint32_t)value;
        memcpy(message + field->offset, &narrow, sizeof(narrow));
    }
    return true;
}

static void fill_list(uint8_t *message, const ProtobufCFieldDescriptor *field,
                      const uint32_t *items, size_t count)
{
    memcpy(message + field->quantifier_offset, &count, sizeof(count));
    memcpy(message + field->offset, &items, sizeof(items));
}

static bool fill_header(Tallyline__Event *message, const struct event *event)
{
    bool fitted = true;
    for (uint32_t number = EVENT_TYPE; number <= EVENT_REASON; number++) {
        const ProtobufCFieldDescriptor *field =
            codec_find_field(&tallyline__event__descriptor, number);
        if (!event_header_has(event, number)) {
            continue;
        }
        if (number == EVENT_DOCUMENT_BODIES) {
            fitted = fitted &&
                     event->document_body_count <= EVENT_DOCUMENT_BODIES_MAX;
            fill_list((uint8_t *)message, field, event->document_bodies,
                      event->document_body_count);
        } else if (number == EVENT_ENTRY_KEY) {
            message->has_entry_key = 1;
            message->entry_key.len = EVENT_ENTRY_KEY_BYTES;
            message->entry_key.data = (uint8_t *)(uintptr_t)event->entry_key;
        } else {
            fitted = fitted && fill_scalar((uint8_t *)message, field,
                                           event_header_get(event, number));
        }
    }
    return fitted;
}

static bool fill_body(uint8_t *body,
                      const ProtobufCMessageDescriptor *descriptor,
                      const struct event *event)
{
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        check(field->id < EVENT_FIELDS_MAX);
        if (!event_has(event, field->id)) {
            continue;
        }
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t count = 0;
            const uint32_t *items = event_items(event, field->id, &count);
            fill_list(body, field, items, count);
        } else if (!fill_scalar(body, field, event_get(event, field->id))) {
            return false;
        }
    }
    /* Only fields that the type has. */
    return event->present >> (descriptor->n_fields + 1) == 0;
}

enum status codec_pack_event(const struct event *event, struct buffer *out)
{
    Tallyline__Event message = TALLYLINE__EVENT__INIT;
    union {
        ProtobufCMessage base;
        uint8_t bytes[BODY_BYTES_MAX];
    } body;
    const void *body_at = &body;
    const ProtobufCFieldDescriptor *field = codec_find_body(event->type);
    if (field == NULL) {
        return STATUS_INVALID;
    }
    const ProtobufCMessageDescriptor *descriptor = field->descriptor;
    check(descriptor->sizeof_message <= sizeof(body));
    protobuf_c_message_init(descriptor, &body);
    if (!fill_header(&message, event) ||
        !fill_body(body.bytes, descriptor, event)) {
        return STATUS_INVALID;
    }
    memcpy((uint8_t *)&message + field->offset, &body_at, sizeof(body_at));
    size_t size = protobuf_c_message_get_packed_size(&message.base);
    if (size > EVENT_BYTES_MAX) {
        return STATUS_INVALID;
    }
    uint8_t *place = NULL;
    enum status status = buffer_extend(out, size, &place);
    if (status == STATUS_OK) {
        check(protobuf_c_message_pack(&message.base, place) == size);
    }
    return status;
}
