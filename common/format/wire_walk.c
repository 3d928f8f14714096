/* The bodies of "registers" and "outcomes", read thing by thing from where they
 * lie: a slice of the registers holds up to 32,768 things, and an office's
 * computer has no memory to spare for a tree of them. A differential fuzzer
 * holds this reader against protobuf-c.
 *
 * Unknown fields are skipped; of two equal fields the later stands. Stricter
 * than the format asks: a number that its field cannot hold, a tag or a length
 * of more than 5 bytes, and groups are STATUS_INVALID. */
#include "common/format/wire_walk.h"

#include <string.h>

#define VARINT_BYTES_MAX 10u
#define LENGTH_BYTES_MAX 5u
#define ITEMS_FIELD      1u

enum wire_type {
    TYPE_VARINT = 0,
    TYPE_FIXED64 = 1,
    TYPE_LENGTH = 2,
    TYPE_FIXED32 = 5
};

struct field {
    uint32_t number;
    unsigned type;
    uint64_t value;    /* of a varint */
    struct bytes span; /* of a length */
};

/* ---- fields ---- */

static enum status take_varint(struct bytes *left, unsigned bytes_max,
                               uint64_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < bytes_max && i < left->size; i++) {
        uint64_t byte = left->data[i];

        if (i == VARINT_BYTES_MAX - 1 && byte > 1) {
            return STATUS_INVALID; /* more than 64 bits */
        }
        *value |= (byte & 0x7fu) << (7 * i);
        if (byte < 0x80u) {
            left->data += i + 1;
            left->size -= i + 1;
            return STATUS_OK;
        }
    }
    return STATUS_INVALID;
}

static enum status take_span(struct bytes *left, uint64_t size,
                             struct bytes *span)
{
    if (size > left->size) {
        return STATUS_INVALID;
    }
    *span = (struct bytes){.data = left->data, .size = (size_t)size};
    left->data += size;
    left->size -= (size_t)size;
    return STATUS_OK;
}

/* STATUS_NOT_FOUND when nothing is left. */
static enum status take_field(struct bytes *left, struct field *field)
{
    uint64_t number;
    enum status status;

    memset(field, 0, sizeof *field);
    if (left->size == 0) {
        return STATUS_NOT_FOUND;
    }
    status = take_varint(left, LENGTH_BYTES_MAX, &number);
    if (status != STATUS_OK || number > UINT32_MAX || number >> 3 == 0) {
        return STATUS_INVALID;
    }
    field->number = (uint32_t)(number >> 3);
    field->type = (unsigned)(number & 7u);
    switch (field->type) {
    case TYPE_VARINT:
        return take_varint(left, VARINT_BYTES_MAX, &field->value);
    case TYPE_FIXED64:
        return take_span(left, 8, &field->span);
    case TYPE_FIXED32:
        return take_span(left, 4, &field->span);
    case TYPE_LENGTH:
        status = take_varint(left, LENGTH_BYTES_MAX, &number);
        return status == STATUS_OK ? take_span(left, number, &field->span)
                                   : status;
    default:
        return STATUS_INVALID;
    }
}

static enum status number64(const struct field *field, uint64_t *out)
{
    *out = field->value;
    return field->type == TYPE_VARINT ? STATUS_OK : STATUS_INVALID;
}

static enum status number32(const struct field *field, uint32_t *out)
{
    *out = (uint32_t)field->value;
    return field->type == TYPE_VARINT && field->value <= UINT32_MAX
               ? STATUS_OK
               : STATUS_INVALID;
}

/* ---- things ---- */

static enum status add_unit(struct wire_register_item *item, uint64_t unit)
{
    if (unit > UINT32_MAX || item->unit_count == WIRE_REGISTER_UNITS_MAX) {
        return STATUS_INVALID;
    }
    item->units[item->unit_count++] = (uint32_t)unit;
    return STATUS_OK;
}

/* Packed into one field, or a field each: readers take both. */
static enum status add_units(struct wire_register_item *item,
                             struct field *field)
{
    enum status status = STATUS_OK;

    if (field->type == TYPE_VARINT) {
        return add_unit(item, field->value);
    }
    if (field->type != TYPE_LENGTH) {
        return STATUS_INVALID;
    }
    while (status == STATUS_OK && field->span.size > 0) {
        uint64_t unit;

        status = take_varint(&field->span, VARINT_BYTES_MAX, &unit);
        if (status == STATUS_OK) {
            status = add_unit(item, unit);
        }
    }
    return status;
}

static enum status read_register(struct bytes left,
                                 struct wire_register_item *item)
{
    struct field field;
    enum status status;

    memset(item, 0, sizeof *item);
    while ((status = take_field(&left, &field)) == STATUS_OK) {
        switch (field.number) {
        case 1:
            status = number32(&field, &item->kind);
            break;
        case 2:
            status = number64(&field, &item->reference);
            break;
        case 3:
            status = add_units(item, &field);
            break;
        case 4:
            status = number32(&field, &item->category);
            break;
        case 5:
            status = number32(&field, &item->state);
            break;
        default:
            break;
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status read_outcome(struct bytes left, struct wire_outcome *item)
{
    struct field field;
    enum status status;

    memset(item, 0, sizeof *item);
    while ((status = take_field(&left, &field)) == STATUS_OK) {
        switch (field.number) {
        case 1:
            status = number64(&field, &item->event);
            break;
        case 2:
            status = number32(&field, &item->outcome);
            break;
        case 3:
            status = number32(&field, &item->field);
            break;
        case 4:
            status = number32(&field, &item->rule);
            break;
        case 5:
            status = number64(&field, &item->value);
            break;
        case 6:
            status = number64(&field, &item->other);
            break;
        default:
            break;
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* ---- the walk ---- */

void wire_walk_init(struct wire_walk *walk, struct bytes body)
{
    memset(walk, 0, sizeof *walk);
    walk->left = body;
}

/* The span of the next thing, at most `max` of them; `head` takes the numbers
 * that stand beside them (may be NULL). */
static enum status next_item(struct wire_walk *walk, uint32_t max,
                             enum status (*head)(struct wire_walk *walk,
                                                 const struct field *field),
                             struct bytes *item)
{
    struct field field;
    enum status status;

    if (walk->given == 0 && walk->left.size > WIRE_DOCUMENT_BYTES_MAX) {
        return STATUS_INVALID;
    }
    while ((status = take_field(&walk->left, &field)) == STATUS_OK) {
        if (field.number != ITEMS_FIELD) {
            status = head == NULL ? STATUS_OK : head(walk, &field);
            if (status != STATUS_OK) {
                return status;
            }
            continue;
        }
        if (field.type != TYPE_LENGTH || walk->given == max) {
            return STATUS_INVALID;
        }
        walk->given++;
        *item = field.span;
        return STATUS_OK;
    }
    return status;
}

enum status wire_walk_register(struct wire_walk *walk,
                               struct wire_register_item *item)
{
    struct bytes span;
    enum status status = next_item(walk, WIRE_REGISTER_ITEMS_MAX, NULL, &span);

    return status == STATUS_OK ? read_register(span, item) : status;
}

static enum status take_head(struct wire_walk *walk, const struct field *field)
{
    switch (field->number) {
    case 2:
        return number64(field, &walk->total);
    case 3:
        return number64(field, &walk->index);
    default:
        return STATUS_OK;
    }
}

enum status wire_walk_outcome(struct wire_walk *walk, struct wire_outcome *item)
{
    struct bytes span;
    enum status status =
        next_item(walk, WIRE_OUTCOME_ITEMS_MAX, take_head, &span);

    return status == STATUS_OK ? read_outcome(span, item) : status;
}
