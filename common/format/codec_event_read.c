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
#include "common/format/codec.h"

#include "common/format/codec_fields.h"
#include "common/format/codec_varint.h"

#include <string.h>

/* Where the scalars of the header lie, and what each can hold; size 0 for what
 * is no scalar. As many as a tag of one byte could name. */
struct header_scalar {
    uint16_t offset;
    uint8_t type; /* ProtobufCType */
    uint8_t size;
};
#define HEADER_TAGS 32u
#define SCALAR(field, of_type)                                    \
    {                                                             \
        offsetof(struct event, field), PROTOBUF_C_TYPE_##of_type, \
            sizeof((struct event *)0)->field                      \
    }
static const struct header_scalar header_scalars[HEADER_TAGS] = {
    [EVENT_TYPE] = SCALAR(type, UINT32),
    [EVENT_OCCURRED_ON] = SCALAR(occurred_on, INT32),
    [EVENT_RECORDED_AT] = SCALAR(recorded_at, INT64),
    [EVENT_UNIT] = SCALAR(unit, UINT32),
    [EVENT_OFFICE] = SCALAR(office, UINT32),
    [EVENT_ROLE] = SCALAR(role, UINT32),
    [EVENT_SUBJECT_UNIT] = SCALAR(subject_unit, UINT32),
    [EVENT_PROGRAMME] = SCALAR(programme, UINT32),
    [EVENT_DOCUMENT_NUMBER] = SCALAR(document_number, UINT32),
    [EVENT_DOCUMENT_YEAR] = SCALAR(document_year, UINT32),
    [EVENT_DOCUMENT_KIND] = SCALAR(document_kind, UINT32),
    [EVENT_VOCABULARY] = SCALAR(vocabulary, UINT32),
    [EVENT_TARGET] = SCALAR(target, UINT64),
    [EVENT_HEAD] = SCALAR(head, UINT64),
    [EVENT_REASON] = SCALAR(reason, UINT32)};

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

static inline const uint8_t *read_scalar(const uint8_t *at, const uint8_t *end,
                                         uint32_t wire_type, ProtobufCType type,
                                         uint64_t *value)
{
    if (wire_type != CODEC_WIRE_TYPE_VARINT) {
        return NULL;
    }
    at = codec_read_varint(at, end, CODEC_VARINT_BYTES_MAX, value);
    return at != NULL && codec_fits(type, *value) ? at : NULL;
}

/* ---- the quick way ----
 *
 * Nearly everything in an event is a number of its field that comes once, has a
 * tag of one byte and fits. take_header_scalars() and take_body_scalars() take
 * a run of such fields off the front and stop before the first that is anything
 * else, which is then read with care below: only there is a fault found. */

static inline bool is_short_varint_tag(uint8_t tag)
{
    return (tag & 0x87u) == CODEC_WIRE_TYPE_VARINT;
}

static inline uint32_t groups_of_three(const uint8_t *at)
{
    return (at[0] & 0x7fu) | (at[1] & 0x7fu) << 7 | (uint32_t)at[2] << 14;
}

/* The number behind a tag. Most take one byte, dates and units three, moments
 * and references 7 or 8. The first two are told apart by branches, which the
 * processor guesses right since each field has its usual size: it need not wait
 * for one number to know where the next begins. */
static inline const uint8_t *take_number(const uint8_t *at, const uint8_t *end,
                                         uint64_t *value)
{
    if (at[0] < 0x80) {
        *value = at[0];
        return at + 1;
    }
    if (end - at >= 3 && at[1] >= 0x80 && at[2] < 0x80) {
        *value = groups_of_three(at);
        return at + 3;
    }
    return codec_read_varint(at, end, CODEC_VARINT_BYTES_MAX, value);
}

/* Nearly every header begins with type, day, moment and unit, in numbers of 1,
 * 3, 8 and 3 bytes, so with the same tags and the same top bits at the same
 * places: then all four are taken at once. */
#define START_BYTES 19u
#define START_MASK  UINT64_C(0x80ff808080ff80ff)
#define START       UINT64_C(0x8018008080100008)
#define MOMENT_MASK UINT64_C(0xff80808080808080)
#define MOMENT      UINT64_C(0x2000808080808080)
static inline const uint8_t *take_header_start(const uint8_t *at,
                                               const uint8_t *end,
                                               struct event *event)
{
    if (end - at < (ptrdiff_t)START_BYTES) {
        return at;
    }
    uint64_t first = codec_load_little_endian(at);
    uint64_t second = codec_load_little_endian(at + 8);
    if ((first & START_MASK) != START || (second & MOMENT_MASK) != MOMENT ||
        (at[16] & at[17] & 0x80u) == 0 || at[18] >= 0x80) {
        return at;
    }
    event->type = at[1];
    event->occurred_on = (int32_t)groups_of_three(at + 3);
    event->recorded_at = (int64_t)codec_join_groups(
        (first >> 56 | second << 8) & UINT64_C(0x7f7f7f7f7f7f7f7f));
    event->unit = groups_of_three(at + 16);
    event->header_present = 1u << EVENT_TYPE | 1u << EVENT_OCCURRED_ON |
                            1u << EVENT_RECORDED_AT | 1u << EVENT_UNIT;
    return at + START_BYTES;
}

static inline const uint8_t *take_header_scalars(const uint8_t *at,
                                                 const uint8_t *end,
                                                 struct event *event)
{
    uint32_t seen = event->header_present;
    while (end - at >= 2) {
        uint32_t number = at[0] >> 3;
        struct header_scalar scalar = header_scalars[number];
        uint8_t *place = (uint8_t *)event + scalar.offset;
        uint64_t value = 0;
        if (!is_short_varint_tag(at[0]) || scalar.size == 0 ||
            (seen >> number & 1u) != 0) {
            break;
        }
        const uint8_t *next = take_number(at + 1, end, &value);
        /* There is no flag in the header: a small number always fits. */
        if (next == NULL ||
            (value > INT32_MAX && !codec_fits(scalar.type, value))) {
            break;
        }
        if (scalar.size == sizeof(value)) {
            memcpy(place, &value, sizeof(value));
        } else {
            uint32_t narrow = (uint32_t)value;
            memcpy(place, &narrow, sizeof(narrow));
        }
        seen |= 1u << number;
        at = next;
    }
    event->header_present = seen;
    return at;
}

/* Fields numbered from 1 on without a gap are found without a search. */
static inline const uint8_t *take_body_scalars(
    const uint8_t *at, const uint8_t *end,
    const ProtobufCMessageDescriptor *body, struct event *event)
{
    uint32_t seen = event->present;
    uint32_t count = body->n_fields;
    while (end - at >= 2) {
        uint32_t number = at[0] >> 3;
        uint64_t value = 0;
        if (!is_short_varint_tag(at[0]) || number - 1 >= count ||
            (seen >> number & 1u) != 0) {
            break;
        }
        const ProtobufCFieldDescriptor *field = &body->fields[number - 1];
        const uint8_t *next = take_number(at + 1, end, &value);
        if (field->id != number || field->label == PROTOBUF_C_LABEL_REPEATED ||
            next == NULL || !codec_fits(field->type, value)) {
            break;
        }
        event->value[number] = value;
        seen |= 1u << number;
        at = next;
    }
    event->present = seen;
    return at;
}

/* ---- with care ---- */

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
    bool packed = wire_type == CODEC_WIRE_TYPE_LENGTH;
    if (packed) {
        at = codec_read_length(at, end, &length);
        end = at == NULL ? NULL : at + length;
    }
    while (at != NULL && (!packed || at < end)) {
        uint64_t item = 0;
        at = read_scalar(at, end, packed ? CODEC_WIRE_TYPE_VARINT : wire_type,
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
    if (wire_type != CODEC_WIRE_TYPE_LENGTH) {
        return NULL;
    }
    at = codec_read_length(at, end, &length);
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
    uint8_t *place = (uint8_t *)event + header_scalars[number].offset;
    if (header_scalars[number].size == sizeof(value)) {
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
        at = take_body_scalars(at, span->end, body, event);
        if (at == span->end) {
            break;
        }
        const uint8_t *start = at;
        uint32_t number = 0;
        uint32_t wire_type = 0;
        at = codec_read_tag(at, span->end, &number, &wire_type);
        if (at == NULL) {
            return false;
        }
        const ProtobufCFieldDescriptor *field = codec_find_field(body, number);
        if (field == NULL) {
            at = codec_skip_field(at, span->end, wire_type);
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
    at = wire_type == CODEC_WIRE_TYPE_LENGTH
             ? codec_read_length(at, end, &length)
             : NULL;
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
    const uint8_t *end = data.data + data.size;
    const uint8_t *at = take_header_start(data.data, end, event);
    while (at != NULL && at < end) {
        at = take_header_scalars(at, end, event);
        if (at == end) {
            break;
        }
        const uint8_t *start = at;
        uint32_t number = 0;
        uint32_t wire_type = 0;
        at = codec_read_tag(at, end, &number, &wire_type);
        if (at == NULL) {
            return false;
        }
        const ProtobufCFieldDescriptor *field =
            codec_find_field(&tallyline__event__descriptor, number);
        if (field == NULL) {
            at = codec_skip_field(at, end, wire_type);
            event->unknown_bytes += at == NULL ? 0 : (uint32_t)(at - start);
        } else if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
            at = read_header_field(at, end, wire_type, field, event);
        } else {
            at = find_body(at, end, wire_type, number, event, body);
        }
    }
    return at != NULL && event->type != 0;
}

/* All but the list. Piece by piece: these are a few stores, but for more at
 * once the compiler takes an instruction that needs as long as all the rest. */
static inline void clear(struct event *event)
{
    uint8_t *at = (uint8_t *)event;
    memset(at, 0, 64);
    memset(at + 64, 0, 64);
    memset(at + 128, 0, 64);
    memset(at + 192, 0, 64);
}
_Static_assert(offsetof(struct event, list) == 256, "clear() takes all of it");

void codec_unpack_event(struct bytes data, struct event *event)
{
    struct body_span body = {0};
    clear(event);
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
