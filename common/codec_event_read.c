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

/* The body that was found, to be read once the type is known. */
struct body_span {
    uint32_t number; /* of its field, 0: none */
    const uint8_t *at;
    const uint8_t *end;
};

static void set_fault(struct event *event, enum event_fault fault)
{
    if (event->fault == EVENT_FAULT_NONE || fault < event->fault) {
        event->fault = fault;
    }
}

/* The readers below take what is left, from `at` to `end`, and return where
 * the next thing begins, or NULL when the bytes are malformed. */

static const uint8_t *read_long_varint(const uint8_t *at, const uint8_t *end,
                                       unsigned bytes_max, uint64_t *value)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < bytes_max && at < end; i++) {
        uint64_t byte = *at++;
        if (i == VARINT_BYTES_MAX - 1 && byte > 1) {
            return NULL; /* more than 64 bits */
        }
        result |= (byte & 0x7fu) << (7 * i);
        if (byte < 0x80) {
            *value = result;
            return at;
        }
    }
    return NULL;
}

static inline uint64_t load_little_endian(const uint8_t *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
           (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 |
           (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
           (uint64_t)at[7] << 56;
}

/* Most numbers take one byte; moments and references take 7 or 8. Where 8 bytes
 * are left, a number of up to 8 is taken in one piece: the lowest clear top bit
 * ends it, and its groups of 7 bits are pushed together by pairs. */
static inline const uint8_t *read_varint(const uint8_t *at, const uint8_t *end,
                                         unsigned bytes_max, uint64_t *value)
{
    if (at < end && *at < 0x80) {
        *value = *at;
        return at + 1;
    }
    if (end - at < 8) {
        return read_long_varint(at, end, bytes_max, value);
    }
    uint64_t word = load_little_endian(at);
    uint64_t ends = ~word & UINT64_C(0x8080808080808080);
    if (ends == 0) {
        return read_long_varint(at, end, bytes_max, value);
    }
    unsigned size = ((unsigned)__builtin_ctzll(ends) + 1) / 8;
    word &= (ends ^ (ends - 1)) & UINT64_C(0x7f7f7f7f7f7f7f7f);
    word = (word & UINT64_C(0x007f007f007f007f)) |
           (word & UINT64_C(0x7f007f007f007f00)) >> 1;
    word = (word & UINT64_C(0x00003fff00003fff)) |
           (word & UINT64_C(0x3fff00003fff0000)) >> 2;
    word = (word & UINT64_C(0x000000000fffffff)) |
           (word & UINT64_C(0x0fffffff00000000)) >> 4;
    *value = word;
    return size <= bytes_max ? at + size : NULL;
}

static inline const uint8_t *read_tag(const uint8_t *at, const uint8_t *end,
                                      uint32_t *number, uint32_t *wire_type)
{
    uint64_t tag = 0;
    at = read_varint(at, end, TAG_BYTES_MAX, &tag);
    *number = (uint32_t)tag >> 3;
    *wire_type = (uint32_t)tag & 7u;
    return tag > UINT32_MAX || *number == 0 ? NULL : at;
}

static inline const uint8_t *read_length(const uint8_t *at, const uint8_t *end,
                                         size_t *length)
{
    uint64_t value = 0;
    at = read_varint(at, end, TAG_BYTES_MAX, &value);
    *length = (size_t)value;
    return at != NULL && value <= (uint64_t)(end - at) ? at : NULL;
}

static const uint8_t *skip_field(const uint8_t *at, const uint8_t *end,
                                 uint32_t wire_type)
{
    uint64_t value = 0;
    size_t size = 0;
    switch (wire_type) {
    case WIRE_TYPE_VARINT:
        return read_varint(at, end, VARINT_BYTES_MAX, &value);
    case WIRE_TYPE_LENGTH:
        at = read_length(at, end, &size);
        return at == NULL ? NULL : at + size;
    case WIRE_TYPE_FIXED64:
        return end - at < 8 ? NULL : at + 8;
    case WIRE_TYPE_FIXED32:
        return end - at < 4 ? NULL : at + 4;
    default:
        return NULL; /* groups, and what nobody defined */
    }
}

static inline const uint8_t *read_scalar(const uint8_t *at, const uint8_t *end,
                                         uint32_t wire_type, ProtobufCType type,
                                         uint64_t *value)
{
    if (wire_type != WIRE_TYPE_VARINT) {
        return NULL;
    }
    at = read_varint(at, end, VARINT_BYTES_MAX, value);
    return at != NULL && codec_fits(type, *value) ? at : NULL;
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
static const uint8_t *read_items(const uint8_t *at, const uint8_t *end,
                                 uint32_t wire_type, struct event *event,
                                 const ProtobufCMessageDescriptor *body,
                                 uint32_t number)
{
    size_t length = 0;
    bool packed = wire_type == WIRE_TYPE_LENGTH;
    if (packed) {
        at = read_length(at, end, &length);
        end = at == NULL ? NULL : at + length;
    }
    while (at != NULL && (!packed || at < end)) {
        uint64_t item = 0;
        at = read_scalar(at, end, packed ? WIRE_TYPE_VARINT : wire_type,
                         PROTOBUF_C_TYPE_UINT32, &item);
        if (at == NULL || !(body == NULL ? append_body(event, (uint32_t)item)
                                         : append_item(event, body, number,
                                                       (uint32_t)item))) {
            return NULL;
        }
        if (!packed) {
            break;
        }
    }
    return at;
}

static const uint8_t *read_entry_key(const uint8_t *at, const uint8_t *end,
                                     uint32_t wire_type, struct event *event)
{
    size_t length = 0;
    if (wire_type != WIRE_TYPE_LENGTH) {
        return NULL;
    }
    at = read_length(at, end, &length);
    if (at == NULL || length != EVENT_ENTRY_KEY_BYTES) {
        return NULL;
    }
    memcpy(event->entry_key, at, EVENT_ENTRY_KEY_BYTES);
    event->has_entry_key = true;
    return at + length;
}

static inline const uint8_t *read_header_field(
    const uint8_t *at, const uint8_t *end, uint32_t wire_type,
    const ProtobufCFieldDescriptor *field, struct event *event)
{
    uint32_t number = field->id;
    uint64_t value = 0;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return read_items(at, end, wire_type, event, NULL, number);
    }
    if ((event->header_present >> number & 1u) != 0) {
        set_fault(event, EVENT_FAULT_DUPLICATE);
    }
    event->header_present |= 1u << number;
    if (field->type == PROTOBUF_C_TYPE_BYTES) {
        return read_entry_key(at, end, wire_type, event);
    }
    at = read_scalar(at, end, wire_type, field->type, &value);
    uint8_t *place = (uint8_t *)event + header_offset[number];
    if (field->type == PROTOBUF_C_TYPE_UINT64 ||
        field->type == PROTOBUF_C_TYPE_INT64) {
        memcpy(place, &value, sizeof(value));
    } else {
        uint32_t narrow = (uint32_t)value;
        memcpy(place, &narrow, sizeof(narrow));
    }
    return at;
}

static inline const uint8_t *read_body_field(
    const uint8_t *at, const uint8_t *end, uint32_t wire_type,
    const ProtobufCFieldDescriptor *field, struct event *event)
{
    uint64_t value = 0;
    if ((event->present >> field->id & 1u) != 0) {
        set_fault(event, EVENT_FAULT_DUPLICATE);
    }
    at = read_scalar(at, end, wire_type, field->type, &value);
    event->value[field->id] = value;
    event->present |= 1u << field->id;
    return at;
}

static bool read_body(const struct body_span *span,
                      const ProtobufCMessageDescriptor *body,
                      struct event *event)
{
    const uint8_t *at = span->at;
    while (at != NULL && at < span->end) {
        const uint8_t *start = at;
        uint32_t number = 0;
        uint32_t wire_type = 0;
        at = read_tag(at, span->end, &number, &wire_type);
        if (at == NULL) {
            return false;
        }
        const ProtobufCFieldDescriptor *field = codec_find_field(body, number);
        if (field == NULL) {
            at = skip_field(at, span->end, wire_type);
            event->unknown_bytes += at == NULL ? 0 : (uint32_t)(at - start);
        } else if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            at = read_items(at, span->end, wire_type, event, body, number);
        } else {
            at = read_body_field(at, span->end, wire_type, field, event);
        }
    }
    return at != NULL;
}

/* Notes where a body lies. */
static const uint8_t *find_body(const uint8_t *at, const uint8_t *end,
                                uint32_t wire_type, uint32_t number,
                                struct event *event, struct body_span *body)
{
    size_t length = 0;
    if (body->number != 0) {
        set_fault(event, body->number == number ? EVENT_FAULT_DUPLICATE
                                                : EVENT_FAULT_TWO_BODIES);
    }
    at = wire_type == WIRE_TYPE_LENGTH ? read_length(at, end, &length) : NULL;
    if (at == NULL) {
        return NULL;
    }
    *body = (struct body_span){number, at, at + length};
    return body->end;
}

/* Everything but the inside of the body. */
static bool read_message(struct bytes data, struct event *event,
                         struct body_span *body)
{
    const uint8_t *at = data.data;
    const uint8_t *end = at + data.size;
    while (at != NULL && at < end) {
        const uint8_t *start = at;
        uint32_t number = 0;
        uint32_t wire_type = 0;
        at = read_tag(at, end, &number, &wire_type);
        if (at == NULL) {
            return false;
        }
        const ProtobufCFieldDescriptor *field =
            codec_find_field(&tallyline__event__descriptor, number);
        if (field == NULL) {
            at = skip_field(at, end, wire_type);
            event->unknown_bytes += at == NULL ? 0 : (uint32_t)(at - start);
        } else if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
            at = read_header_field(at, end, wire_type, field, event);
        } else {
            at = find_body(at, end, wire_type, number, event, body);
        }
    }
    return at != NULL && event->type != 0;
}

void codec_unpack_event(struct bytes data, struct event *event)
{
    struct body_span body = {0};
    memset(event, 0, sizeof(*event));
    if (data.size == 0 || data.size > EVENT_BYTES_MAX ||
        !read_message(data, event, &body)) {
        set_fault(event, EVENT_FAULT_MALFORMED);
        return;
    }
    const ProtobufCFieldDescriptor *own = codec_find_body(event->type);
    event->unknown_type = own == NULL;
    if (body.number != 0) {
        if (own == NULL || body.number != own->id) {
            set_fault(event, EVENT_FAULT_TWO_BODIES);
        } else if (!read_body(&body, own->descriptor, event)) {
            set_fault(event, EVENT_FAULT_MALFORMED);
        }
    }
    /* I10: what a type that is not declared yet carries is no fault. */
    if (event->unknown_bytes > EVENT_UNKNOWN_BYTES_MAX &&
        !event->unknown_type) {
        set_fault(event, EVENT_FAULT_UNKNOWN);
    }
}
