/* codec_control_places - which field of a control document holds which member.
 *
 * Flow     codec_control.c -> [codec_control_places]
 * Owns     nothing; constant.
 * Threads  any.
 *
 * One table for both directions. Lists (files, scopes, the units in them) are
 * not here: they are code.
 */
#ifndef TALLYLINE_CODEC_CONTROL_PLACES_H
#define TALLYLINE_CODEC_CONTROL_PLACES_H

#include "common/format/control.h"

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

enum form {
    FORM_U32,
    FORM_I32,
    FORM_U64,
    FORM_I64,
    FORM_AGENT, /* uint32, 1 to REFERENCE_AGENT_MAX */
    FORM_EPOCH, /* uint32, 1 to REFERENCE_EPOCH_MAX */
    FORM_FLAG,  /* bool as uint32, 0 or 1 */
    FORM_MARK,  /* bool as uint32, 1 or absent: came after the first version */
    FORM_BYTES, /* as many as the member has */
    FORM_KEY,   /* the same, but zero when it is absent, and absent then */
    FORM_TEXT
};

struct place {
    uint32_t number;
    enum form form;
    size_t at;
    size_t size;
};

struct places {
    const struct place *list;
    size_t count;
};

#define CONTROL_VERSION         1u
#define CONTROL_BODY_FIELD_BASE 100u /* the body's field is this plus kind */

/* Of struct control itself: version and kind are apart. */
extern const struct places control_head_places;
/* Of the union member, by kind. */
extern const struct places control_body_places[CONTROL_BREAK + 1];
extern const struct places control_file_places;
extern const struct places control_scope_places;
extern const struct places control_succession_places;

/* Plans, units and vocabularies are files. */
bool control_has_files(enum control_kind kind);
/* The field of that number, which the schema has. */
const ProtobufCFieldDescriptor *control_field(const ProtobufCMessage *message,
                                              uint32_t number);
/* Where in the message a member lies. */
void *control_member(const ProtobufCMessage *message, size_t offset);

#endif
