/* revoke: the agent's key opens no batch any more. What was received stays in
 * the ledger and counts; from --since on it is listed for review by
 * `status --review`, and corrections are somebody else's decision. */
#include "collector/commands/commands.h"
#include "common/event/calendar.h"

#include <inttypes.h>
#include <stdio.h>

struct revoking {
    const struct args *args;
    uint32_t number;
    int64_t review_from;
    bool known; /* it is revoked, and nothing else was said */
};

static enum status compose(void *owner, const struct context *context,
                           struct control controls[], size_t *count)
{
    static const struct language_text none = {
        "không có trạm nào mang số hiệu này", "there is no such agent"};
    static const struct language_text already = {"đã bị thu hồi quyền từ trước",
                                                 "was revoked before"};
    struct revoking *self = owner;
    const struct context_agent *agent = context_agent(context, self->number);

    if (agent == NULL) {
        args_error(self->args, "%" PRIu32 ": %s", self->number,
                   args_text(self->args, none));
        return STATUS_NOT_FOUND;
    }
    if (agent->revoked &&
        (self->review_from == 0 || self->review_from == agent->review_from)) {
        (void)fprintf(stderr, "%" PRIu32 ": %s\n", self->number,
                      args_text(self->args, already));
        self->known = true;
        return STATUS_OK;
    }
    controls[0].kind = CONTROL_REVOCATION;
    controls[0].revocation = (struct control_revocation){
        .agent_number = self->number, .review_from = self->review_from};
    *count = 1;
    return STATUS_OK;
}

enum status cmd_revoke(const struct args *args, void *context)
{
    static const struct language_text done = {
        "đã thu hồi quyền; những gì đã nhận vẫn được tính. Xem lại: "
        "tallyline-collector status --review --agent",
        "revoked; what was received still counts. To review it: "
        "tallyline-collector status --review --agent"};
    struct revoking self = {.args = args};
    struct writer_order order = {.owner = &self, .compose = compose};
    struct writer *writer = NULL;
    struct clock clock;
    int32_t since = INT32_MIN;
    enum status status =
        command_agent_number(args, args->operands[0], &self.number);

    (void)context;
    if (status == STATUS_OK) {
        status = command_day(args, "since", &since);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (since != INT32_MIN) {
        self.review_from = since * CLOCK_US_PER_DAY - CLOCK_CIVIL_ZONE_US;
    }
    clock_init_real(&clock);
    status = command_writer(args, &clock, &writer);
    if (status == STATUS_OK) {
        status = command_order(args, writer, &order);
    }
    if (status == STATUS_OK && !self.known) {
        (void)fprintf(stderr, "%" PRIu32 ": %s %" PRIu32 "\n", self.number,
                      args_text(args, done), self.number);
    }
    writer_close(&writer);
    return status;
}
