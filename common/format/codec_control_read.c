/* Reading lets protobuf-c build the tree of messages in the arena, which
 * bounds it, and copies from it, value by value and each within its bounds. */
#include "common/format/codec_control.h"

#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/format/batch.h"
#include "common/format/codec_control_places.h"
#include "ledger.pb-c.h"

#include <string.h>

static const uint8_t zero_key[PUBLIC_KEY_BYTES];

static bool is_text(const char *text, size_t room)
{
    size_t size = strlen(text);
    return size > 0 && size < room && text_check(text, size) == TEXT_OK;
}

static bool is_within(enum form form, const void *member)
{
    uint32_t value = 0;
    if (form == FORM_AGENT || form == FORM_EPOCH) {
        memcpy(&value, member, sizeof value);
        return value >= 1 &&
               value <= (form == FORM_AGENT ? REFERENCE_AGENT_MAX
                                            : REFERENCE_EPOCH_MAX);
    }
    return true;
}

static bool get_place(const ProtobufCMessage *message,
                      const struct place *place, void *to)
{
    const ProtobufCFieldDescriptor *field =
        control_field(message, place->number);
    const void *member = control_member(message, field->offset);
    uint8_t *out = (uint8_t *)to + place->at;
    ProtobufCBinaryData data = {0, NULL};

    if (place->form == FORM_TEXT) {
        const char *text = *(char *const *)member;
        if (text == NULL || !is_text(text, place->size)) {
            return false;
        }
        memcpy(out, text, strlen(text) + 1);
        return true;
    }
    if (!*(const protobuf_c_boolean *)control_member(
            message, field->quantifier_offset)) {
        return place->form == FORM_KEY || place->form == FORM_MARK;
    }
    switch (place->form) {
    case FORM_FLAG:
        *(bool *)out = *(const uint32_t *)member != 0;
        return *(const uint32_t *)member <= 1;
    case FORM_MARK:
        *(bool *)out = true;
        return *(const uint32_t *)member == 1;
    case FORM_KEY:
    case FORM_BYTES:
        memcpy(&data, member, sizeof data);
        if (data.len != place->size) {
            return false;
        }
        memcpy(out, data.data, place->size);
        return place->form == FORM_BYTES ||
               memcmp(out, zero_key, place->size) != 0;
    default:
        memcpy(out, member, place->size);
        return is_within(place->form, member);
    }
}

static bool get_places(const ProtobufCMessage *message, struct places places,
                       void *to)
{
    for (size_t i = 0; i < places.count; i++) {
        if (!get_place(message, &places.list[i], to)) {
            return false;
        }
    }
    return true;
}

static bool is_base_name(const char *name)
{
    return strchr(name, '/') == NULL && name[0] != '.';
}

static bool get_files(const Tallyline__FileSet *set,
                      struct control_file_set *out)
{
    if (set->n_files > CONTROL_FILES_MAX) {
        return false;
    }
    for (size_t i = 0; i < set->n_files; i++) {
        const Tallyline__File *file = set->files[i];
        struct control_file *to = &out->files[i];
        if (!get_places(&file->base, control_file_places, to) ||
            !is_base_name(to->name) || !file->has_content) {
            return false;
        }
        to->content = (struct bytes){file->content.data, file->content.len};
        for (size_t k = 0; k < i; k++) {
            if (strcmp(out->files[k].name, to->name) == 0) {
                return false;
            }
        }
    }
    out->file_count = (uint32_t)set->n_files;
    return true;
}

static bool get_numbers(const uint32_t *list, size_t count, size_t max,
                        uint32_t *out, uint32_t *out_count)
{
    if (count > max) {
        return false;
    }
    if (count > 0) {
        memcpy(out, list, count * sizeof *list);
    }
    *out_count = (uint32_t)count;
    return true;
}

static bool get_scopes(const Tallyline__Enrolment *enrolment,
                       struct control_enrolment *out)
{
    if (enrolment->n_scopes > CONTROL_SCOPES_MAX) {
        return false;
    }
    for (size_t i = 0; i < enrolment->n_scopes; i++) {
        const Tallyline__Scope *scope = enrolment->scopes[i];
        struct control_scope *to = &out->scopes[i];
        if (!get_places(&scope->base, control_scope_places, to) ||
            !get_numbers(scope->area, scope->n_area, CONTROL_UNITS_MAX,
                         to->area, &to->area_count) ||
            !get_numbers(scope->programmes, scope->n_programmes,
                         CONTROL_PROGRAMMES_MAX, to->programmes,
                         &to->programme_count) ||
            !get_numbers(scope->corrects_for, scope->n_corrects_for,
                         CONTROL_UNITS_MAX, to->corrects_for,
                         &to->corrects_for_count)) {
            return false;
        }
    }
    out->scope_count = (uint32_t)enrolment->n_scopes;
    return true;
}

static bool get_succeeds(const Tallyline__Enrolment *enrolment,
                         struct control_enrolment *out)
{
    if (enrolment->n_succeeds > CONTROL_SUCCEEDS_MAX) {
        return false;
    }
    for (size_t i = 0; i < enrolment->n_succeeds; i++) {
        if (!get_places(&enrolment->succeeds[i]->base,
                        control_succession_places, &out->succeeds[i])) {
            return false;
        }
    }
    out->succeeds_count = (uint32_t)enrolment->n_succeeds;
    return true;
}

static bool get_contribution(const Tallyline__ErasureOrder *order,
                             struct control_erasure_order *out)
{
    out->contribution =
        (struct bytes){order->contribution.data, order->contribution.len};
    return order->has_contribution && order->contribution.len > 0 &&
           order->contribution.len <= BATCH_BYTES_MAX;
}

/* New keys come both or not at all, and only where the old ones were lost. */
static bool has_reason(const struct control_break *broken)
{
    static const struct public_key none;
    bool keys = control_changes_keys(broken);

    return keys != public_key_equal(&broken->ledger_key, &none) &&
           broken->reason ==
               (keys ? CONTROL_BREAK_KEYS_LOST : CONTROL_BREAK_ENTRIES_LOST);
}

static bool get_missing(const Tallyline__Break *from, struct control_break *out)
{
    uint64_t end = 0;

    if (from->n_missing % 2 != 0 ||
        from->n_missing > 2 * (size_t)CONTROL_MISSING_MAX) {
        return false;
    }
    for (size_t i = 0; i < from->n_missing; i += 2) {
        struct control_run *run = &out->missing[i / 2];

        run->from = from->missing[i];
        run->to = from->missing[i + 1];
        if (run->from >= run->to || (i > 0 && run->from <= end)) {
            return false;
        }
        end = run->to;
    }
    out->missing_count = (uint32_t)(from->n_missing / 2);
    return has_reason(out);
}

/* The body of the stated kind; NULL when there is another or more than one. */
static const ProtobufCMessage *body_of(const ProtobufCMessage *whole,
                                       uint32_t kind)
{
    const ProtobufCMessage *body = NULL;
    for (uint32_t k = CONTROL_GENESIS; k <= CONTROL_BREAK; k++) {
        const ProtobufCFieldDescriptor *field =
            control_field(whole, CONTROL_BODY_FIELD_BASE + k);
        const ProtobufCMessage *found =
            *(ProtobufCMessage *const *)control_member(whole, field->offset);
        if ((found != NULL) != (k == kind)) {
            return NULL;
        }
        body = k == kind ? found : body;
    }
    return body;
}

/* Fields that this program does not know, in the message or below it: no more
 * than three levels, as the schema has no more. */
static bool has_unknown(const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    bool found = message->n_unknown_fields > 0;
    for (unsigned i = 0; i < descriptor->n_fields && !found; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        const void *member = control_member(message, field->offset);
        if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
            continue;
        }
        if (field->label != PROTOBUF_C_LABEL_REPEATED) {
            const ProtobufCMessage *below = *(ProtobufCMessage *const *)member;
            found = below != NULL && has_unknown(below);
            continue;
        }
        size_t count = 0;
        memcpy(&count, control_member(message, field->quantifier_offset),
               sizeof count);
        ProtobufCMessage *const *list =
            *(ProtobufCMessage *const *const *)member;
        for (size_t k = 0; k < count && !found; k++) {
            found = has_unknown(list[k]);
        }
    }
    return found;
}

/* Whether packing the message again gives the same bytes. */
static bool is_only_form(const ProtobufCMessage *whole, struct arena *arena,
                         struct bytes body)
{
    size_t size = protobuf_c_message_get_packed_size(whole);
    uint8_t *again = size == body.size ? arena_give(arena, size) : NULL;
    return again != NULL && protobuf_c_message_pack(whole, again) == size &&
           memcmp(again, body.data, size) == 0;
}

static void *give(void *arena, size_t size)
{
    return arena_give(arena, size);
}

static void take_back(void *arena, void *memory)
{
    (void)arena;
    (void)memory; /* the arena takes back everything at once */
}

enum status codec_unpack_control(struct bytes body, struct arena *arena,
                                 struct control *control)
{
    ProtobufCAllocator allocator = {give, take_back, arena};
    memset(control, 0, sizeof *control);
    ProtobufCMessage *whole = protobuf_c_message_unpack(
        &tallyline__control_body__descriptor, &allocator, body.size, body.data);
    if (whole == NULL) {
        return STATUS_INVALID;
    }
    const Tallyline__ControlBody *head = (Tallyline__ControlBody *)whole;
    if (!head->has_version || head->version < CONTROL_VERSION ||
        !head->has_kind || head->kind < CONTROL_GENESIS) {
        return STATUS_INVALID;
    }
    if (head->version > CONTROL_VERSION || has_unknown(whole) ||
        head->kind > CONTROL_BREAK) {
        return STATUS_VERSION;
    }
    control->kind = (enum control_kind)head->kind;
    const ProtobufCMessage *found = body_of(whole, head->kind);
    bool valid = found != NULL && is_only_form(whole, arena, body) &&
                 get_places(whole, control_head_places, control) &&
                 get_places(found, control_body_places[control->kind],
                            &control->genesis);
    if (valid && control_has_files(control->kind)) {
        valid = get_files((const Tallyline__FileSet *)found, &control->files);
    } else if (valid && control->kind == CONTROL_ENROLMENT) {
        const Tallyline__Enrolment *enrolment =
            (const Tallyline__Enrolment *)found;

        valid = get_scopes(enrolment, &control->enrolment) &&
                get_succeeds(enrolment, &control->enrolment);
    } else if (valid && control->kind == CONTROL_ERASURE_ORDER) {
        valid = get_contribution((const Tallyline__ErasureOrder *)found,
                                 &control->erasure_order);
    } else if (valid && control->kind == CONTROL_BREAK) {
        valid = get_missing((const Tallyline__Break *)found, &control->broken);
    }
    return valid ? STATUS_OK : STATUS_INVALID;
}
