/* Packing builds a tree of generated messages in the arena and lets protobuf-c
 * write it. What it has written is read again at once, so that no document is
 * signed that reading would refuse. */
#include "common/format/codec_control.h"

#include "common/base/check.h"
#include "common/format/batch.h"
#include "common/format/codec_control_places.h"
#include "ledger.pb-c.h"

#include <string.h>

#define FIELD_FILES        3u /* of FileSet */
#define FIELD_SCOPES       3u /* of Enrolment */
#define FIELD_SUCCEEDS     7u
#define FIELD_CONTENT      2u /* of File */
#define FIELD_AREA         3u /* of Scope */
#define FIELD_PROGRAMMES   4u
#define FIELD_CORRECTS     7u
#define FIELD_CONTRIBUTION 5u /* of ErasureOrder */
#define FIELD_MISSING      4u /* of Break */

static const uint8_t zero_key[PUBLIC_KEY_BYTES];

static ProtobufCMessage *make(struct arena *arena,
                              const ProtobufCMessageDescriptor *descriptor)
{
    ProtobufCMessage *message = arena_give(arena, descriptor->sizeof_message);
    if (message != NULL) {
        protobuf_c_message_init(descriptor, message);
    }
    return message;
}

static void set_number(ProtobufCMessage *message, uint32_t number,
                       uint32_t value)
{
    const ProtobufCFieldDescriptor *field = control_field(message, number);
    check(field->type == PROTOBUF_C_TYPE_UINT32);
    memcpy(control_member(message, field->offset), &value, sizeof value);
    *(protobuf_c_boolean *)control_member(message, field->quantifier_offset) =
        1;
}

static void set_bytes(ProtobufCMessage *message, uint32_t number,
                      struct bytes bytes)
{
    const ProtobufCFieldDescriptor *field = control_field(message, number);
    ProtobufCBinaryData data = {bytes.size, (uint8_t *)(uintptr_t)bytes.data};
    check(field->type == PROTOBUF_C_TYPE_BYTES);
    memcpy(control_member(message, field->offset), &data, sizeof data);
    *(protobuf_c_boolean *)control_member(message, field->quantifier_offset) =
        1;
}

static void set_list(ProtobufCMessage *message, uint32_t number,
                     const void *items, size_t count)
{
    const ProtobufCFieldDescriptor *field = control_field(message, number);
    check(field->label == PROTOBUF_C_LABEL_REPEATED);
    memcpy(control_member(message, field->offset), &items, sizeof items);
    memcpy(control_member(message, field->quantifier_offset), &count,
           sizeof count);
}

static void set_place(ProtobufCMessage *message, const struct place *place,
                      const void *from)
{
    const ProtobufCFieldDescriptor *field =
        control_field(message, place->number);
    const uint8_t *member = (const uint8_t *)from + place->at;

    switch (place->form) {
    case FORM_FLAG:
        set_number(message, place->number, *(const bool *)member ? 1 : 0);
        return;
    case FORM_MARK:
        if (*(const bool *)member) {
            set_number(message, place->number, 1);
        }
        return;
    case FORM_KEY:
        if (memcmp(member, zero_key, place->size) == 0) {
            return;
        }
        set_bytes(message, place->number, (struct bytes){member, place->size});
        return;
    case FORM_BYTES:
        set_bytes(message, place->number, (struct bytes){member, place->size});
        return;
    case FORM_TEXT:
        memcpy(control_member(message, field->offset), &member, sizeof member);
        return;
    default:
        memcpy(control_member(message, field->offset), member, place->size);
        *(protobuf_c_boolean *)control_member(message,
                                              field->quantifier_offset) = 1;
    }
}

static void set_places(ProtobufCMessage *message, struct places places,
                       const void *from)
{
    for (size_t i = 0; i < places.count; i++) {
        set_place(message, &places.list[i], from);
    }
}

static enum status set_files(struct arena *arena, ProtobufCMessage *message,
                             const struct control_file_set *set)
{
    ProtobufCMessage **list =
        arena_give_many(arena, CONTROL_FILES_MAX, sizeof *list);
    if (list == NULL) {
        return STATUS_MEMORY;
    }
    for (uint32_t i = 0; i < set->file_count; i++) {
        list[i] = make(arena, &tallyline__file__descriptor);
        if (list[i] == NULL) {
            return STATUS_MEMORY;
        }
        set_places(list[i], control_file_places, &set->files[i]);
        set_bytes(list[i], FIELD_CONTENT, set->files[i].content);
    }
    set_list(message, FIELD_FILES, list, set->file_count);
    return STATUS_OK;
}

static enum status set_scopes(struct arena *arena, ProtobufCMessage *message,
                              const struct control_enrolment *enrolment)
{
    ProtobufCMessage **list =
        arena_give_many(arena, CONTROL_SCOPES_MAX, sizeof *list);
    if (list == NULL) {
        return STATUS_MEMORY;
    }
    for (uint32_t i = 0; i < enrolment->scope_count; i++) {
        const struct control_scope *scope = &enrolment->scopes[i];
        list[i] = make(arena, &tallyline__scope__descriptor);
        if (list[i] == NULL) {
            return STATUS_MEMORY;
        }
        set_places(list[i], control_scope_places, scope);
        set_list(list[i], FIELD_AREA, scope->area, scope->area_count);
        set_list(list[i], FIELD_PROGRAMMES, scope->programmes,
                 scope->programme_count);
        set_list(list[i], FIELD_CORRECTS, scope->corrects_for,
                 scope->corrects_for_count);
    }
    set_list(message, FIELD_SCOPES, list, enrolment->scope_count);
    return STATUS_OK;
}

static enum status set_succeeds(struct arena *arena, ProtobufCMessage *message,
                                const struct control_enrolment *enrolment)
{
    ProtobufCMessage **list =
        arena_give_many(arena, CONTROL_SUCCEEDS_MAX, sizeof *list);
    if (list == NULL) {
        return STATUS_MEMORY;
    }
    for (uint32_t i = 0; i < enrolment->succeeds_count; i++) {
        list[i] = make(arena, &tallyline__succession__descriptor);
        if (list[i] == NULL) {
            return STATUS_MEMORY;
        }
        set_places(list[i], control_succession_places, &enrolment->succeeds[i]);
    }
    set_list(message, FIELD_SUCCEEDS, list, enrolment->succeeds_count);
    return STATUS_OK;
}

_Static_assert(sizeof(struct control_run) == 2 * sizeof(uint64_t),
               "a run is two numbers, as they are packed");

static bool ends(const char text[CONTROL_NAME_MAX])
{
    return memchr(text, '\0', CONTROL_NAME_MAX) != NULL;
}

/* I11: no count and no text reaches beyond its member. */
static bool is_bounded(const struct control *control)
{
    if (control_has_files(control->kind)) {
        const struct control_file_set *set = &control->files;
        bool fits = set->file_count <= CONTROL_FILES_MAX && ends(set->id);
        for (uint32_t i = 0; fits && i < set->file_count; i++) {
            fits = ends(set->files[i].name);
        }
        return fits;
    }
    switch (control->kind) {
    case CONTROL_ENROLMENT: {
        const struct control_enrolment *enrolment = &control->enrolment;
        bool fits = enrolment->scope_count <= CONTROL_SCOPES_MAX &&
                    enrolment->succeeds_count <= CONTROL_SUCCEEDS_MAX &&
                    ends(enrolment->name);
        for (uint32_t i = 0; fits && i < enrolment->scope_count; i++) {
            const struct control_scope *scope = &enrolment->scopes[i];
            fits = scope->area_count <= CONTROL_UNITS_MAX &&
                   scope->programme_count <= CONTROL_PROGRAMMES_MAX &&
                   scope->corrects_for_count <= CONTROL_UNITS_MAX;
        }
        return fits;
    }
    case CONTROL_GENESIS:
        return ends(control->genesis.origin);
    case CONTROL_REPORT_FREEZE:
        return ends(control->freeze.plan_id);
    case CONTROL_ERASURE_ORDER:
        return control->erasure_order.contribution.size <= BATCH_BYTES_MAX;
    case CONTROL_BREAK:
        return control->broken.missing_count <= CONTROL_MISSING_MAX;
    default:
        return true;
    }
}

enum status codec_pack_control(const struct control *control,
                               struct arena *arena, struct buffer *out)
{
    uint8_t *place = NULL;
    size_t before = out->size;
    enum status status = STATUS_OK;

    check(control->kind >= CONTROL_GENESIS && control->kind <= CONTROL_BREAK);
    if (!is_bounded(control)) {
        return STATUS_INVALID;
    }
    ProtobufCMessage *whole = make(arena, &tallyline__control_body__descriptor);
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(
            &tallyline__control_body__descriptor,
            CONTROL_BODY_FIELD_BASE + (unsigned)control->kind);
    ProtobufCMessage *body = make(arena, field->descriptor);
    struct control *copy = arena_give(arena, sizeof *copy);
    if (whole == NULL || body == NULL || copy == NULL) {
        return STATUS_MEMORY;
    }
    set_number(whole, 1, CONTROL_VERSION);
    set_places(whole, control_head_places, control);
    set_number(whole, 4, (uint32_t)control->kind);
    memcpy(control_member(whole, field->offset), &body, sizeof body);
    set_places(body, control_body_places[control->kind], &control->genesis);
    if (control_has_files(control->kind)) {
        status = set_files(arena, body, &control->files);
    } else if (control->kind == CONTROL_ENROLMENT) {
        status = set_scopes(arena, body, &control->enrolment);
        if (status == STATUS_OK) {
            status = set_succeeds(arena, body, &control->enrolment);
        }
    } else if (control->kind == CONTROL_ERASURE_ORDER) {
        set_bytes(body, FIELD_CONTRIBUTION,
                  control->erasure_order.contribution);
    } else if (control->kind == CONTROL_BREAK) {
        set_list(body, FIELD_MISSING, control->broken.missing,
                 2 * (size_t)control->broken.missing_count);
    }
    if (status != STATUS_OK) {
        return status;
    }
    size_t size = protobuf_c_message_get_packed_size(whole);
    if (size > CONTROL_BYTES_MAX) {
        return STATUS_FULL;
    }
    status = buffer_extend(out, size, &place);
    if (status != STATUS_OK) {
        return status;
    }
    check(protobuf_c_message_pack(whole, place) == size);
    status = codec_unpack_control((struct bytes){place, size}, arena, copy);
    if (status != STATUS_OK) {
        buffer_truncate(out, before);
    }
    return status;
}
