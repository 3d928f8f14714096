/* codec_event_read - protocol buffer bytes as one event.
 *
 * Flow     batch payload -> [codec_event_read] -> event
 * Owns     nothing; allocates nothing.
 * Threads  any; pure.
 *
 * Reading is done here, because the library's reader takes the last of two
 * equal fields, merges two equal bodies and keeps unknown fields in memory of
 * its own: an event could then mean one thing to us and another to the next
 * reader. A differential fuzzer holds the two against each other.
 *
 * Where this reader is stricter than the format asks: a number that its field
 * cannot hold, a flag above 1, a tag or a length of more than 5 bytes, and
 * groups are EVENT_FAULT_MALFORMED. Of several faults the gravest stands.
 */
#include "common/codec.h"

#include "common/codec_fields.h"

#include <string.h>

#define VARINT_BYTES_MAX  10u
#define TAG_BYTES_MAX     5u
#define WIRE_TYPE_VARINT  0u
#define WIRE_TYPE_FIXED64 1u
#define WIRE_TYPE_LENGTH  2u
#define WIRE_TYPE_FIXED32 5u

/* Where the scalars of the header lie. */
static const uint16_t header_offset[EVENT_REASON + 1] = {
    [EVENT_TYPE] = offsetof(struct event, type),
    [EVENT_OCCURRED_ON] = offsetof(struct event, occurred_on),
    [EVENT_RECORDED_AT] = offsetof(struct event, recorded_at),
    [EVENT_UNIT] = offsetof(struct event, unit),
    [EVENT_OFFICE] = offsetof(struct event, office),
    [EVENT_ROLE] = offsetof(struct event, role),
    [EVENT_SUBJECT_UNIT] = offsetof(struct event, subject_unit),
    [EVENT_PROGRAMME] = offsetof(struct event, programme),
    [EVENT_DOCUMENT_NUMBER] = offsetof(struct event, document_number),
    [EVENT_DOCUMENT_YEAR] = offsetof(struct event, document_year),
    [EVENT_DOCUMENT_KIND] = offsetof(struct event, document_kind),
    [EVENT_VOCABULARY] = offsetof(struct event, vocabulary),
    [EVENT_TARGET] = offsetof(struct event, target),
    [EVENT_HEAD] = offsetof(struct event, head),
    [EVENT_REASON] = offsetof(struct event, reason)};

struct cursor {
    const uint8_t *at;
    const uint8_t *end;
};

/* The body that was found, to be read once the type is known. */
struct body_span {
    uint32_t number; /* of its field, 0: none */
    struct cursor bytes;
};

static void set_fault(struct event *event, enum event_fault fault)
{
    if (event->fault == EVENT_FAULT_NONE || fault < event->fault) {
        event->fault = fault;
    }
}

static inline bool read_varint(struct cursor *cursor, unsigned bytes_max,
                               uint64_t *value)
{
    const uint8_t *at = cursor->at;
    uint64_t result = 0;
    for (unsigned i = 0; i < bytes_max && at < cursor->end; i++) {
        uint8_t byte = *at++;
        if (i == VARINT_BYTES_MAX - 1 && byte > 1) {
            return false; /* more than 64 bits */
        }
        result |= (uint64_t)(byte & 0x7fu) << (7 * i);
        if (byte < 0x80) {
            cursor->at = at;
            *value = result;
            return true;
        }
    }
    return false;
}

static inline bool read_tag(struct cursor *cursor, uint32_t *number,
                            uint32_t *wire_type)
{
    uint64_t tag = 0;
    if (!read_varint(cursor, TAG_BYTES_MAX, &tag) || tag > UINT32_MAX) {
        return false;
    }
    *number = (uint32_t)tag >> 3;
    *wire_type = (uint32_t)tag & 7u;
    return *number != 0;
}

static inline bool read_span(struct cursor *cursor, struct cursor *span)
{
    uint64_t length = 0;
    if (!read_varint(cursor, TAG_BYTES_MAX, &length) ||
        length > (uint64_t)(cursor->end - cursor->at)) {
        return false;
    }
    span->at = cursor->at;
    span->end = cursor->at + length;
    cursor->at = span->end;
    return true;
}

static bool skip_field(struct cursor *cursor, uint32_t wire_type)
{
    struct cursor span;
    uint64_t value = 0;
    size_t size = wire_type == WIRE_TYPE_FIXED64 ? 8 : 4;
    switch (wire_type) {
    case WIRE_TYPE_VARINT:
        return read_varint(cursor, VARINT_BYTES_MAX, &value);
    case WIRE_TYPE_LENGTH:
        return read_span(cursor, &span);
    case WIRE_TYPE_FIXED64:
    case WIRE_TYPE_FIXED32:
        if ((size_t)(cursor->end - cursor->at) < size) {
            return false;
        }
        cursor->at += size;
        return true;
    default:
        return false; /* groups, and what nobody defined */
    }
}

static inline bool read_scalar(struct cursor *cursor, uint32_t wire_type,
                               ProtobufCType type, uint64_t *value)
{
    return wire_type == WIRE_TYPE_VARINT &&
           read_varint(cursor, VARINT_BYTES_MAX, value) &&
           codec_fits(type, *value);
}

/* Puts an item behind the others of its field, which need not be the last in
 * the list: the format lets the items of two fields be mixed. */
static bool append_item(struct event *event,
                        const ProtobufCMessageDescriptor *body, uint32_t number,
                        uint32_t item)
{
    uint32_t count = (uint32_t)event->value[number];
    uint32_t offset =
        count != 0 ? (uint32_t)(event->value[number] >> 32) : event->list_used;
    uint32_t place = offset + count;
    if (event->list_used == EVENT_LIST_MAX) {
        return false;
    }
    if (place != event->list_used) {
        memmove(&event->list[place + 1], &event->list[place],
                (event->list_used - place) * sizeof(event->list[0]));
        for (unsigned i = 0; i < body->n_fields; i++) {
            uint64_t *slot = &event->value[body->fields[i].id];
            if (body->fields[i].label == PROTOBUF_C_LABEL_REPEATED &&
                *slot != 0 && *slot >> 32 >= place) {
                *slot += UINT64_C(1) << 32;
            }
        }
    }
    event->list[place] = item;
    event->list_used++;
    event->value[number] = (uint64_t)offset << 32 | (count + 1);
    event->present |= 1u << number;
    return true;
}

static bool append_body(struct event *event, uint32_t item)
{
    if (event->document_body_count == EVENT_DOCUMENT_BODIES_MAX) {
        return false;
    }
    event->document_bodies[event->document_body_count++] = item;
    event->header_present |= 1u << EVENT_DOCUMENT_BODIES;
    return true;
}

/* A repeated field, packed or not; `body` is NULL for the header's. */
static bool read_items(struct cursor *cursor, uint32_t wire_type,
                       struct event *event,
                       const ProtobufCMessageDescriptor *body, uint32_t number)
{
    struct cursor items = *cursor;
    bool packed = wire_type == WIRE_TYPE_LENGTH;
    if (packed && !read_span(cursor, &items)) {
        return false;
    }
    while (!packed || items.at < items.end) {
        uint64_t item = 0;
        if (!read_scalar(&items, packed ? WIRE_TYPE_VARINT : wire_type,
                         PROTOBUF_C_TYPE_UINT32, &item) ||
            !(body == NULL
                  ? append_body(event, (uint32_t)item)
                  : append_item(event, body, number, (uint32_t)item))) {
            return false;
        }
        if (!packed) {
            cursor->at = items.at;
            break;
        }
    }
    return true;
}

static bool read_entry_key(struct cursor *cursor, uint32_t wire_type,
                           struct event *event)
{
    struct cursor key;
    if (wire_type != WIRE_TYPE_LENGTH || !read_span(cursor, &key) ||
        key.end - key.at != EVENT_ENTRY_KEY_BYTES) {
        return false;
    }
    memcpy(event->entry_key, key.at, EVENT_ENTRY_KEY_BYTES);
    event->has_entry_key = true;
    return true;
}

static bool read_header_field(struct cursor *cursor, uint32_t wire_type,
                              const ProtobufCFieldDescriptor *field,
                              struct event *event)
{
    uint32_t bit = 1u << field->id;
    uint64_t value = 0;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return read_items(cursor, wire_type, event, NULL, field->id);
    }
    if ((event->header_present & bit) != 0) {
        set_fault(event, EVENT_FAULT_DUPLICATE);
    }
    event->header_present |= bit;
    if (field->type == PROTOBUF_C_TYPE_BYTES) {
        return read_entry_key(cursor, wire_type, event);
    }
    if (!read_scalar(cursor, wire_type, field->type, &value)) {
        return false;
    }
    uint8_t *place = (uint8_t *)event + header_offset[field->id];
    if (field->type == PROTOBUF_C_TYPE_UINT64 ||
        field->type == PROTOBUF_C_TYPE_INT64) {
        memcpy(place, &value, sizeof(value));
    } else {
        uint32_t narrow = (uint32_t)value;
        memcpy(place, &narrow, sizeof(narrow));
    }
    return true;
}

static bool read_body(struct cursor cursor,
                      const ProtobufCMessageDescriptor *body,
                      struct event *event)
{
    while (cursor.at < cursor.end) {
        const uint8_t *start = cursor.at;
        uint32_t number = 0;
        uint32_t wire_type = 0;
        if (!read_tag(&cursor, &number, &wire_type)) {
            return false;
        }
        const ProtobufCFieldDescriptor *field = codec_find_field(body, number);
        if (field == NULL) {
            if (!skip_field(&cursor, wire_type)) {
                return false;
            }
            event->unknown_bytes += (uint32_t)(cursor.at - start);
        } else if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            if (!read_items(&cursor, wire_type, event, body, number)) {
                return false;
            }
        } else {
            if ((event->present >> number & 1u) != 0) {
                set_fault(event, EVENT_FAULT_DUPLICATE);
            }
            if (!read_scalar(&cursor, wire_type, field->type,
                             &event->value[number])) {
                return false;
            }
            event->present |= 1u << number;
        }
    }
    return true;
}

/* Everything but the inside of the body. */
static bool read_message(struct cursor cursor, struct event *event,
                         struct body_span *body)
{
    while (cursor.at < cursor.end) {
        const uint8_t *start = cursor.at;
        uint32_t number = 0;
        uint32_t wire_type = 0;
        if (!read_tag(&cursor, &number, &wire_type)) {
            return false;
        }
        const ProtobufCFieldDescriptor *field =
            codec_find_field(&tallyline__event__descriptor, number);
        if (field == NULL) {
            if (!skip_field(&cursor, wire_type)) {
                return false;
            }
            event->unknown_bytes += (uint32_t)(cursor.at - start);
        } else if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
            if (!read_header_field(&cursor, wire_type, field, event)) {
                return false;
            }
        } else {
            if (body->number != 0) {
                set_fault(event, body->number == number
                                     ? EVENT_FAULT_DUPLICATE
                                     : EVENT_FAULT_TWO_BODIES);
            }
            body->number = number;
            if (wire_type != WIRE_TYPE_LENGTH ||
                !read_span(&cursor, &body->bytes)) {
                return false;
            }
        }
    }
    return event->type != 0;
}

void codec_unpack_event(struct bytes data, struct event *event)
{
    struct body_span body = {0};
    memset(event, 0, sizeof(*event));
    if (data.size == 0 || data.size > EVENT_BYTES_MAX ||
        !read_message((struct cursor){data.data, data.data + data.size}, event,
                      &body)) {
        set_fault(event, EVENT_FAULT_MALFORMED);
        return;
    }
    const ProtobufCFieldDescriptor *own = codec_find_body(event->type);
    event->unknown_type = own == NULL;
    if (body.number != 0) {
        if (own == NULL || body.number != own->id) {
            set_fault(event, EVENT_FAULT_TWO_BODIES);
        } else if (!read_body(body.bytes, own->descriptor, event)) {
            set_fault(event, EVENT_FAULT_MALFORMED);
        }
    }
    /* I10: what a type that is not declared yet carries is no fault. */
    if (event->unknown_bytes > EVENT_UNKNOWN_BYTES_MAX &&
        !event->unknown_type) {
        set_fault(event, EVENT_FAULT_UNKNOWN);
    }
}
