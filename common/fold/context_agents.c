/* Agents: what they are enrolled for, the keys they are known by, and their
 * epochs. Every check stands before the first change, and room is made before
 * it is used, so that a document is applied whole or not at all. */
#include "common/fold/context_state.h"

#include "common/base/check.h"
#include "common/event/reference.h"

#include <stdlib.h>
#include <string.h>

void context_agents_fini(struct context *context)
{
    for (size_t i = 0; i < context->member_count; i++) {
        free(context->members[i]->scopes);
        free(context->members[i]->epochs);
        free(context->members[i]);
    }
    free(context->members);
    id_map_fini(&context->by_number);
    context_keys_fini(&context->by_id);
    context_keys_fini(&context->by_curve);
    context_keys_fini(&context->by_join);
    context_keys_fini(&context->by_sign);
}

/* Ids are shorter than keys; zeros stand behind them. */
static struct public_key padded(const struct random_id *id)
{
    struct public_key key = {{0}};

    memcpy(key.bytes, id->bytes, sizeof id->bytes);
    return key;
}

static MUST_USE enum status refuse(struct report *report, uint32_t number,
                                   const char *vi, const char *en)
{
    report_add(report, REPORT_ERROR, NULL, 0, 0, "trạm %u: %s", "agent %u: %s",
               number, report->language == LANGUAGE_EN ? en : vi);
    return STATUS_INVALID;
}

/* The agent, revoked or not. */
static MUST_USE enum status find_any(const struct context *context,
                                     uint32_t number, struct report *report,
                                     struct context_member **member)
{
    uint32_t at =
        number == 0 ? ID_MAP_NONE : id_map_get(&context->by_number, number);

    if (at == ID_MAP_NONE) {
        return refuse(report, number, "chưa được cấp quyền", "is not enrolled");
    }
    *member = context->members[at];
    return STATUS_OK;
}

/* The agent, if it is there and not revoked. */
static MUST_USE enum status find_member(const struct context *context,
                                        uint32_t number, struct report *report,
                                        struct context_member **member)
{
    enum status status = find_any(context, number, report, member);

    if (status == STATUS_OK && (*member)->agent.revoked) {
        return refuse(report, number, "đã bị thu hồi quyền",
                      "has been revoked");
    }
    return status;
}

static MUST_USE enum status copy_scopes(const struct control_scope *from,
                                        uint32_t count,
                                        struct control_scope **to)
{
    *to = calloc(count + 1u, sizeof **to);
    if (*to == NULL) {
        return STATUS_MEMORY;
    }
    memcpy(*to, from, count * sizeof **to);
    return STATUS_OK;
}

static MUST_USE enum status new_member(struct context *context, uint32_t number,
                                       struct context_member **member)
{
    enum status status;

    if (context->member_count == context->member_room) {
        size_t room = context->member_room == 0 ? 32 : context->member_room * 2;
        struct context_member **members =
            realloc(context->members, room * sizeof *members);

        if (members == NULL) {
            return STATUS_MEMORY;
        }
        context->members = members;
        context->member_room = room;
    }
    *member = calloc(1, sizeof **member);
    if (*member == NULL) {
        return STATUS_MEMORY;
    }
    status = id_map_put(&context->by_number, number,
                        (uint32_t)context->member_count);
    if (status != STATUS_OK) {
        free(*member);
        return status;
    }
    (*member)->agent.number = number;
    (*member)->agent.name = (*member)->name;
    (*member)->agent.succeeds = (*member)->succeeds;
    (*member)->agent.closed_after = INT32_MAX;
    context->members[context->member_count++] = *member;
    return STATUS_OK;
}

static MUST_USE enum status check_enrolment(
    const struct context *context, const struct control_enrolment *enrolment,
    struct context_member **member, struct report *report)
{
    uint32_t number = enrolment->agent_number;
    uint32_t at = id_map_get(&context->by_number, number);

    *member = at == ID_MAP_NONE ? NULL : context->members[at];
    if (number == 0 || number > REFERENCE_AGENT_MAX) {
        return refuse(report, number, "số hiệu ngoài giới hạn",
                      "the number is out of range");
    }
    if (*member == NULL && context->member_count == CONTEXT_AGENTS_MAX) {
        return refuse(report, number, "đã đủ số trạm",
                      "there are too many agents");
    }
    if (*member != NULL && (*member)->agent.revoked) {
        return refuse(report, number, "đã bị thu hồi quyền",
                      "has been revoked");
    }
    if (enrolment->join_until != 0 &&
        (context_keys_get(&context->by_join, &enrolment->join_key) !=
             UINT32_MAX ||
         context_keys_get(&context->by_curve, &enrolment->join_key) !=
             UINT32_MAX)) {
        return refuse(report, number, "khóa đăng ký đã dùng rồi",
                      "the join key was given out before");
    }
    if (enrolment->join_until != 0 &&
        enrolment->rotates != (*member != NULL && (*member)->agent.joined)) {
        return refuse(report, number,
                      "khóa đăng ký không hợp với tình trạng của trạm",
                      "a join key is for an agent that has not joined, a "
                      "rotation for one that has");
    }
    if (enrolment->again &&
        !(enrolment->join_until != 0 && enrolment->rotates)) {
        return refuse(report, number,
                      "máy thay thế phải có khóa đăng ký của nó",
                      "a machine in place of another needs a join key for "
                      "new keys");
    }
    return STATUS_OK;
}

MUST_USE enum status context_apply_enrolment(
    struct context *context, const struct control_enrolment *enrolment,
    struct report *report, unsigned *change)
{
    struct context_member *member;
    struct control_scope *scopes = NULL;
    enum status status = check_enrolment(context, enrolment, &member, report);

    if (status == STATUS_OK) {
        status = context_check_succeeds(context, enrolment, report);
    }
    if (status == STATUS_OK) {
        status = context_keys_reserve(&context->by_join);
    }
    if (status == STATUS_OK) {
        status =
            copy_scopes(enrolment->scopes, enrolment->scope_count, &scopes);
    }
    if (status == STATUS_OK && member == NULL) {
        status = new_member(context, enrolment->agent_number, &member);
    }
    if (status != STATUS_OK) {
        free(scopes);
        return status;
    }
    free(member->scopes);
    member->scopes = scopes;
    member->agent.scopes = scopes;
    member->agent.scope_count = enrolment->scope_count;
    memcpy(member->name, enrolment->name, sizeof member->name);
    if (enrolment->join_until != 0) {
        context_keys_add(&context->by_join, &enrolment->join_key,
                         id_map_get(&context->by_number, member->agent.number));
        member->agent.may_join = true;
        member->agent.join_key = enrolment->join_key;
        member->agent.join_until = enrolment->join_until;
        member->agent.join_rotates = enrolment->rotates;
        member->agent.join_again = enrolment->again;
    }
    *change = CONTEXT_CHANGED_KEYS;
    if (context_take_succeeds(context, member, enrolment)) {
        *change |= CONTEXT_CHANGED_FIGURES;
    }
    return STATUS_OK;
}

/* Whether the join key is this agent's, unused, and used in time. */
static MUST_USE enum status check_join_key(const struct context_member *member,
                                           const struct public_key *key,
                                           bool rotates, int64_t now,
                                           struct report *report)
{
    const struct context_agent *agent = &member->agent;

    if (!agent->may_join || agent->join_rotates != rotates ||
        !public_key_equal(&agent->join_key, key)) {
        return refuse(report, agent->number,
                      "khóa đăng ký không đúng hoặc đã dùng rồi",
                      "the join key is not the one given out, or is used up");
    }
    if (now > agent->join_until) {
        return refuse(report, agent->number, "khóa đăng ký đã quá hạn",
                      "the join key is out of date");
    }
    return STATUS_OK;
}

/* New keys must never have been anybody's, nor been given out for joining. */
static MUST_USE enum status reserve_keys(struct context *context,
                                         const struct context_member *member,
                                         const struct public_key *curve_key,
                                         const struct public_key *sign_key,
                                         struct report *report)
{
    enum status status;

    if (context_keys_get(&context->by_curve, curve_key) != UINT32_MAX ||
        context_keys_get(&context->by_join, curve_key) != UINT32_MAX ||
        context_keys_get(&context->by_sign, sign_key) != UINT32_MAX) {
        return refuse(report, member->agent.number, "khóa đã có người dùng",
                      "a key that was in use before");
    }
    if (member->key_count == CONTEXT_KEYS_MAX) {
        return refuse(report, member->agent.number, "đã đổi khóa quá nhiều lần",
                      "its keys were changed too often");
    }
    status = context_keys_reserve(&context->by_curve);
    return status == STATUS_OK ? context_keys_reserve(&context->by_sign)
                               : status;
}

static void set_keys(struct context *context, struct context_member *member,
                     uint64_t index, const struct public_key *curve_key,
                     const struct public_key *sign_key)
{
    uint32_t at = id_map_get(&context->by_number, member->agent.number);

    context_keys_add(&context->by_curve, curve_key, at);
    context_keys_add(&context->by_sign, sign_key, at);
    member->agent.curve_key = *curve_key;
    member->agent.sign_key = *sign_key;
    member->agent.may_join = false;
    member->keys[member->key_count].index = index;
    member->keys[member->key_count].sign_key = *sign_key;
    member->key_count++;
}

MUST_USE enum status context_apply_joined(struct context *context,
                                          uint64_t index,
                                          const struct control *control,
                                          struct report *report)
{
    const struct control_joined *joined = &control->joined;
    struct public_key id = padded(&joined->agent_id);
    struct context_member *member;
    struct context_epoch *epochs;
    enum status status =
        find_member(context, joined->agent_number, report, &member);

    if (status != STATUS_OK) {
        return status;
    }
    if (member->agent.joined) {
        return refuse(report, joined->agent_number, "đã đăng ký rồi",
                      "has joined before");
    }
    if (joined->epoch_ordinal != 1 ||
        context_keys_get(&context->by_id, &id) != UINT32_MAX) {
        return refuse(report, joined->agent_number,
                      "mã trạm hoặc thứ tự đợt không hợp lệ",
                      "its id is in use, or its first epoch is not number 1");
    }
    status = check_join_key(member, &joined->join_key, false,
                            control->created_at, report);
    if (status == STATUS_OK) {
        status = reserve_keys(context, member, &joined->curve_key,
                              &joined->sign_key, report);
    }
    if (status == STATUS_OK) {
        status = context_keys_reserve(&context->by_id);
    }
    if (status != STATUS_OK) {
        return status;
    }
    epochs = calloc(1, sizeof *epochs);
    if (epochs == NULL) {
        return STATUS_MEMORY;
    }
    epochs->id = joined->epoch;
    epochs->ordinal = 1;
    member->epochs = epochs;
    member->agent.epochs = epochs;
    member->agent.epoch_count = 1;
    member->agent.joined = true;
    member->agent.id = joined->agent_id;
    context_keys_add(&context->by_id, &id,
                     id_map_get(&context->by_number, joined->agent_number));
    set_keys(context, member, index, &joined->curve_key, &joined->sign_key);
    return STATUS_OK;
}

MUST_USE enum status context_apply_key_change(struct context *context,
                                              uint64_t index,
                                              const struct control *control,
                                              struct report *report)
{
    const struct control_key_change *change = &control->key_change;
    struct context_member *member;
    enum status status =
        find_member(context, change->agent_number, report, &member);

    if (status == STATUS_OK && !member->agent.joined) {
        status = refuse(report, change->agent_number, "chưa đăng ký",
                        "has not joined");
    }
    if (status == STATUS_OK) {
        status = check_join_key(member, &change->join_key, true,
                                control->created_at, report);
    }
    if (status == STATUS_OK) {
        status = reserve_keys(context, member, &change->curve_key,
                              &change->sign_key, report);
    }
    if (status == STATUS_OK) {
        set_keys(context, member, index, &change->curve_key, &change->sign_key);
    }
    return status;
}

MUST_USE enum status context_apply_epoch(struct context *context,
                                         uint64_t index,
                                         const struct control_epoch *epoch,
                                         struct report *report)
{
    struct context_member *member;
    struct context_epoch *epochs;
    enum status status =
        find_member(context, epoch->agent_number, report, &member);
    uint32_t count;

    if (status != STATUS_OK) {
        return status;
    }
    count = member->agent.epoch_count;
    if (count == 0) {
        return refuse(report, epoch->agent_number, "chưa đăng ký",
                      "has not joined");
    }
    if (count == CONTEXT_EPOCHS_MAX ||
        epoch->epoch_ordinal != member->epochs[count - 1].ordinal + 1 ||
        epoch->previous_next_seq == 0 ||
        !random_id_equal(&epoch->previous, &member->epochs[count - 1].id)) {
        return refuse(report, epoch->agent_number,
                      "đợt mới không nối tiếp đợt đang mở",
                      "the new epoch does not follow the open one");
    }
    for (uint32_t i = 0; i < count; i++) {
        if (random_id_equal(&epoch->epoch, &member->epochs[i].id)) {
            return refuse(report, epoch->agent_number, "đợt đã có rồi",
                          "the epoch was opened before");
        }
    }
    epochs = realloc(member->epochs, (count + 1u) * sizeof *epochs);
    if (epochs == NULL) {
        return STATUS_MEMORY;
    }
    epochs[count - 1].end_seq = epoch->previous_next_seq;
    epochs[count - 1].ended_at = index;
    context->epochs_ended++;
    epochs[count] = (struct context_epoch){
        .id = epoch->epoch,
        .ordinal = epoch->epoch_ordinal,
    };
    member->epochs = epochs;
    member->agent.epochs = epochs;
    member->agent.epoch_count = count + 1;
    return STATUS_OK;
}

MUST_USE enum status context_apply_revocation(
    struct context *context, const struct control_revocation *revocation,
    struct report *report)
{
    struct context_member *member;
    /* A second one moves the day from which to review. */
    enum status status =
        find_any(context, revocation->agent_number, report, &member);

    if (status == STATUS_OK) {
        member->agent.revoked = true;
        member->agent.may_join = false;
        member->agent.review_from = revocation->review_from;
    }
    return status;
}
