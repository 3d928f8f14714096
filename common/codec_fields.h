/* codec_fields - what packing and reading an event share; not for others.
 *
 * Flow     codec_event.c, codec_event_read.c -> [codec_fields] -> descriptors
 * Owns     nothing.
 * Threads  any; pure.
 */
#ifndef TALLYLINE_COMMON_CODEC_FIELDS_H
#define TALLYLINE_COMMON_CODEC_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.pb-c.h"

#define CODEC_BODY_TAG_BASE 100u /* the body's field is this plus the type */

/* The descriptor of a field, or NULL. Numbers come in one or two runs, so this
 * is one or two comparisons. */
static const ProtobufCFieldDescriptor *codec_find_field(
    const ProtobufCMessageDescriptor *message, uint32_t number)
{
    for (unsigned i = 0; i < message->n_field_ranges; i++) {
        const ProtobufCIntRange *range = &message->field_ranges[i];
        uint32_t first = (uint32_t)range->start_value;
        uint32_t length = range[1].orig_index - range[0].orig_index;
        if (number - first < length) {
            return &message->fields[range->orig_index + number - first];
        }
    }
    return NULL;
}

/* The field of the type's body, or NULL for a type that we do not know. */
static inline const ProtobufCFieldDescriptor *codec_find_body(uint32_t type)
{
    return type != 0 && type <= UINT32_MAX - CODEC_BODY_TAG_BASE
               ? codec_find_field(&tallyline__event__descriptor,
                                  CODEC_BODY_TAG_BASE + type)
               : NULL;
}

/* Whether a scalar of this type can hold the number; a date is the two's
 * complement of its int32. */
static inline bool codec_fits(ProtobufCType type, uint64_t value)
{
    switch (type) {
    case PROTOBUF_C_TYPE_UINT32:
        return value <= UINT32_MAX;
    case PROTOBUF_C_TYPE_INT32:
        return (int64_t)value >= INT32_MIN && (int64_t)value <= INT32_MAX;
    case PROTOBUF_C_TYPE_BOOL:
        return value <= 1;
    default:
        return true;
    }
}

#endif
