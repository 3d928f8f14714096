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
 * complement of its int32, so its range is moved up to begin at 0. */
static inline bool codec_fits(ProtobufCType type, uint64_t value)
{
    static const struct {
        uint64_t up, most;
    } ranges[PROTOBUF_C_TYPE_MESSAGE + 1] = {
        [PROTOBUF_C_TYPE_UINT32] = {0, UINT32_MAX},
        [PROTOBUF_C_TYPE_INT32] = {UINT64_C(1) << 31, UINT32_MAX},
        [PROTOBUF_C_TYPE_BOOL] = {0, 1},
        [PROTOBUF_C_TYPE_UINT64] = {0, UINT64_MAX},
        [PROTOBUF_C_TYPE_INT64] = {0, UINT64_MAX},
    };
    return value + ranges[type].up <= ranges[type].most;
}

#endif
