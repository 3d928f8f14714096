/* The numbers are those of proto/ledger.proto. */
#include "common/format/codec_control_places.h"

#include "common/base/check.h"

#define PLACE(field, how, type, member)                                 \
    {                                                                   \
        .number = (field), .form = (how), .at = offsetof(type, member), \
        .size = sizeof(((const type *)NULL)->member)                    \
    }
#define PLACES(list)                             \
    {                                            \
        (list), sizeof(list) / sizeof((list)[0]) \
    }

static const struct place head_places[] = {
    PLACE(2, FORM_I64, struct control, created_at),
    PLACE(3, FORM_BYTES, struct control, nonce),
};
static const struct place genesis_places[] = {
    PLACE(1, FORM_BYTES, struct control_genesis, ledger_id),
    PLACE(2, FORM_TEXT, struct control_genesis, origin),
    PLACE(3, FORM_U32, struct control_genesis, unit),
    PLACE(4, FORM_BYTES, struct control_genesis, administrator),
    PLACE(5, FORM_BYTES, struct control_genesis, ledger_key),
};
static const struct place files_places[] = {
    PLACE(1, FORM_TEXT, struct control_file_set, id),
    PLACE(2, FORM_U32, struct control_file_set, revision),
};
static const struct place file_places[] = {
    PLACE(1, FORM_TEXT, struct control_file, name),
};
static const struct place enrolment_places[] = {
    PLACE(1, FORM_AGENT, struct control_enrolment, agent_number),
    PLACE(2, FORM_TEXT, struct control_enrolment, name),
    PLACE(4, FORM_KEY, struct control_enrolment, join_key),
    PLACE(5, FORM_I64, struct control_enrolment, join_until),
    PLACE(6, FORM_FLAG, struct control_enrolment, rotates),
    PLACE(8, FORM_MARK, struct control_enrolment, again),
};
static const struct place scope_places[] = {
    PLACE(1, FORM_U32, struct control_scope, unit),
    PLACE(2, FORM_U32, struct control_scope, office),
    PLACE(5, FORM_I32, struct control_scope, from),
    PLACE(6, FORM_I32, struct control_scope, to),
};
static const struct place succession_places[] = {
    PLACE(1, FORM_AGENT, struct control_succession, agent_number),
    PLACE(2, FORM_I32, struct control_succession, until),
};
static const struct place joined_places[] = {
    PLACE(1, FORM_AGENT, struct control_joined, agent_number),
    PLACE(2, FORM_BYTES, struct control_joined, agent_id),
    PLACE(3, FORM_BYTES, struct control_joined, epoch),
    PLACE(4, FORM_EPOCH, struct control_joined, epoch_ordinal),
    PLACE(5, FORM_BYTES, struct control_joined, curve_key),
    PLACE(6, FORM_BYTES, struct control_joined, sign_key),
    PLACE(7, FORM_BYTES, struct control_joined, join_key),
};
static const struct place key_change_places[] = {
    PLACE(1, FORM_AGENT, struct control_key_change, agent_number),
    PLACE(2, FORM_BYTES, struct control_key_change, curve_key),
    PLACE(3, FORM_BYTES, struct control_key_change, sign_key),
    PLACE(4, FORM_BYTES, struct control_key_change, join_key),
};
static const struct place epoch_places[] = {
    PLACE(1, FORM_AGENT, struct control_epoch, agent_number),
    PLACE(2, FORM_BYTES, struct control_epoch, epoch),
    PLACE(3, FORM_EPOCH, struct control_epoch, epoch_ordinal),
    PLACE(4, FORM_BYTES, struct control_epoch, previous),
    PLACE(5, FORM_U64, struct control_epoch, previous_next_seq),
};
static const struct place revocation_places[] = {
    PLACE(1, FORM_AGENT, struct control_revocation, agent_number),
    PLACE(2, FORM_I64, struct control_revocation, review_from),
};
static const struct place freeze_places[] = {
    PLACE(1, FORM_TEXT, struct control_freeze, plan_id),
    PLACE(2, FORM_U32, struct control_freeze, regime),
    PLACE(3, FORM_U32, struct control_freeze, period_kind),
    PLACE(4, FORM_U32, struct control_freeze, period_key),
    PLACE(5, FORM_U32, struct control_freeze, unit),
    PLACE(6, FORM_U64, struct control_freeze, at_index),
    PLACE(7, FORM_BYTES, struct control_freeze, figures),
};
static const struct place backup_mark_places[] = {
    PLACE(1, FORM_U64, struct control_backup_mark, up_to_index),
    PLACE(2, FORM_BYTES, struct control_backup_mark, root),
    PLACE(3, FORM_BYTES, struct control_backup_mark, backup_id),
};
static const struct place cold_move_places[] = {
    PLACE(1, FORM_U64, struct control_cold_move, from_index),
    PLACE(2, FORM_U64, struct control_cold_move, to_index),
    PLACE(3, FORM_BYTES, struct control_cold_move, file),
};
static const struct place erasure_places[] = {
    PLACE(1, FORM_U64, struct control_erasure_order, index),
    PLACE(2, FORM_BYTES, struct control_erasure_order, digest),
    PLACE(3, FORM_U32, struct control_erasure_order, order_number),
    PLACE(4, FORM_U32, struct control_erasure_order, order_year),
};

static const struct place break_places[] = {
    PLACE(1, FORM_U64, struct control_break, old_size),
    PLACE(2, FORM_BYTES, struct control_break, old_root),
    PLACE(3, FORM_BYTES, struct control_break, new_root),
    PLACE(5, FORM_KEY, struct control_break, administrator),
    PLACE(6, FORM_KEY, struct control_break, ledger_key),
    PLACE(7, FORM_U32, struct control_break, reason),
};

const struct places control_body_places[CONTROL_BREAK + 1] = {
    [CONTROL_GENESIS] = PLACES(genesis_places),
    [CONTROL_PLAN] = PLACES(files_places),
    [CONTROL_UNITS] = PLACES(files_places),
    [CONTROL_VOCABULARY] = PLACES(files_places),
    [CONTROL_ENROLMENT] = PLACES(enrolment_places),
    [CONTROL_JOINED] = PLACES(joined_places),
    [CONTROL_KEY_CHANGE] = PLACES(key_change_places),
    [CONTROL_EPOCH_OPENED] = PLACES(epoch_places),
    [CONTROL_REVOCATION] = PLACES(revocation_places),
    [CONTROL_REPORT_FREEZE] = PLACES(freeze_places),
    [CONTROL_BACKUP_MARK] = PLACES(backup_mark_places),
    [CONTROL_COLD_MOVE] = PLACES(cold_move_places),
    [CONTROL_ERASURE_ORDER] = PLACES(erasure_places),
    [CONTROL_BREAK] = PLACES(break_places),
};

const struct places control_head_places = PLACES(head_places);
const struct places control_file_places = PLACES(file_places);
const struct places control_scope_places = PLACES(scope_places);
const struct places control_succession_places = PLACES(succession_places);

bool control_has_files(enum control_kind kind)
{
    return kind == CONTROL_PLAN || kind == CONTROL_UNITS ||
           kind == CONTROL_VOCABULARY;
}

const ProtobufCFieldDescriptor *control_field(const ProtobufCMessage *message,
                                              uint32_t number)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(message->descriptor, number);
    check(field != NULL);
    return field;
}

void *control_member(const ProtobufCMessage *message, size_t offset)
{
    return (uint8_t *)(uintptr_t)message + offset;
}
