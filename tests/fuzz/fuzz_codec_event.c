/* Any bytes as an event: never a crash, and where our reader finds no fault,
 * protobuf-c reads the same values and what we write means the same again.
 */
#include "common/base/check.h"
#include "common/format/codec.h"

#include "event.pb-c.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BODY_TAG_BASE 100u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t scalar_of(const uint8_t *message,
                          const ProtobufCFieldDescriptor *field)
{
    uint64_t wide = 0;
    uint32_t narrow = 0;
    int32_t date = 0;
    switch (field->type) {
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_INT64:
        memcpy(&wide, message + field->offset, sizeof(wide));
        return wide;
    case PROTOBUF_C_TYPE_INT32:
        memcpy(&date, message + field->offset, sizeof(date));
        return (uint64_t)(int64_t)date;
    default:
        memcpy(&narrow, message + field->offset, sizeof(narrow));
        return narrow;
    }
}

static void check_items(const uint8_t *message,
                        const ProtobufCFieldDescriptor *field,
                        const uint32_t *items, size_t count)
{
    size_t their_count = 0;
    const uint32_t *theirs = NULL;
    memcpy(&their_count, message + field->quantifier_offset,
           sizeof(their_count));
    memcpy(&theirs, message + field->offset, sizeof(theirs));
    check(count == their_count);
    check(count == 0 || memcmp(items, theirs, count * sizeof(*items)) == 0);
}

static bool they_have(const uint8_t *message,
                      const ProtobufCFieldDescriptor *field)
{
    protobuf_c_boolean has = 0;
    memcpy(&has, message + field->quantifier_offset, sizeof(has));
    return has != 0;
}

static void check_header(const Tallyline__Event *message,
                         const struct event *event)
{
    const ProtobufCFieldDescriptor *fields =
        tallyline__event__descriptor.fields;
    for (uint32_t n = EVENT_TYPE; n <= EVENT_REASON; n++) {
        const ProtobufCFieldDescriptor *field = &fields[n - 1];
        if (n == EVENT_DOCUMENT_BODIES) {
            check_items((const uint8_t *)message, field, event->document_bodies,
                        event->document_body_count);
            continue;
        }
        check(they_have((const uint8_t *)message, field) ==
              ((event->header_present >> n & 1u) != 0));
        if (n == EVENT_ENTRY_KEY) {
            check(!event->has_entry_key ||
                  (message->entry_key.len == EVENT_ENTRY_KEY_BYTES &&
                   memcmp(message->entry_key.data, event->entry_key,
                          EVENT_ENTRY_KEY_BYTES) == 0));
        } else if ((event->header_present >> n & 1u) != 0) {
            check(scalar_of((const uint8_t *)message, field) ==
                  event_header_get(event, n));
        }
    }
}

static void check_body(const Tallyline__Event *message,
                       const struct event *event)
{
    const ProtobufCFieldDescriptor *own =
        protobuf_c_message_descriptor_get_field(&tallyline__event__descriptor,
                                                BODY_TAG_BASE + event->type);
    const uint8_t *body = NULL;
    memcpy(&body, (const uint8_t *)message + own->offset, sizeof(body));
    if (body == NULL) {
        check(event->present == 0);
        return;
    }
    const ProtobufCMessageDescriptor *descriptor = own->descriptor;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t count = 0;
            const uint32_t *items = event_items(event, field->id, &count);
            check_items(body, field, items, count);
        } else {
            check(they_have(body, field) == event_has(event, field->id));
            check(!event_has(event, field->id) ||
                  scalar_of(body, field) == event_get(event, field->id));
        }
    }
}

/* Equal in meaning: where the items of two lists were mixed, they lie in
 * another order inside. */
static void check_same(const struct event *one, const struct event *other)
{
    check(one->header_present == other->header_present);
    check(one->present == other->present);
    check(one->list_used == other->list_used);
    check(one->document_body_count == other->document_body_count);
    check(memcmp(one->document_bodies, other->document_bodies,
                 sizeof(one->document_bodies)) == 0);
    check(memcmp(one->entry_key, other->entry_key, sizeof(one->entry_key)) ==
          0);
    for (uint32_t n = EVENT_TYPE; n <= EVENT_REASON; n++) {
        check(event_header_get(one, n) == event_header_get(other, n));
    }
}

static void check_round_trip(const struct event *event)
{
    struct buffer bytes;
    struct event back;
    buffer_init(&bytes, EVENT_BYTES_MAX);
    enum status status = codec_pack_event(event, &bytes);
    check(status == STATUS_OK);
    codec_unpack_event(buffer_bytes(&bytes), &back);
    check(back.fault == EVENT_FAULT_NONE && back.unknown_bytes == 0);
    check_same(event, &back);
    Tallyline__Event *message =
        tallyline__event__unpack(NULL, bytes.size, bytes.data);
    check(message != NULL);
    check_header(message, event);
    check_body(message, event);
    tallyline__event__free_unpacked(message, NULL);
    buffer_fini(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct event event;
    codec_unpack_event((struct bytes){data, size}, &event);
    check(event.list_used <= EVENT_LIST_MAX);
    check(event.document_body_count <= EVENT_DOCUMENT_BODIES_MAX);
    check(event.unknown_bytes <= size || event.fault != EVENT_FAULT_NONE);
    if (event.fault != EVENT_FAULT_NONE) {
        return 0;
    }
    Tallyline__Event *message = tallyline__event__unpack(NULL, size, data);
    check(message != NULL);
    check_header(message, &event);
    if (!event.unknown_type) {
        check_body(message, &event);
        check_round_trip(&event);
    }
    tallyline__event__free_unpacked(message, NULL);
    return 0;
}
