/* Offices that were closed, and the agents that carry on their work. */
#include "common/fold/context_state.h"

#include <string.h>

bool context_has_closed(const struct context *context)
{
    return context->has_closed;
}

static bool carries_on(const struct context *context,
                       const struct context_agent *agent, uint32_t number,
                       uint32_t steps)
{
    for (uint32_t i = 0; i < agent->succeeds_count; i++) {
        uint32_t closed = agent->succeeds[i].agent_number;
        const struct context_agent *before = context_agent(context, closed);

        if (closed == number ||
            (steps > 1 && before != NULL &&
             carries_on(context, before, number, steps - 1))) {
            return true;
        }
    }
    return false;
}

bool context_succeeds(const struct context *context,
                      const struct context_agent *agent, uint32_t number)
{
    return carries_on(context, agent, number, CONTEXT_SUCCESSIONS_MAX);
}

static MUST_USE enum status refuse(struct report *report, uint32_t number,
                                   const char *vi, const char *en)
{
    report_add(report, REPORT_ERROR, NULL, 0, 0, "trạm %u: %s", "agent %u: %s",
               number, report->language == LANGUAGE_EN ? en : vi);
    return STATUS_INVALID;
}

MUST_USE enum status context_check_succeeds(
    const struct context *context, const struct control_enrolment *enrolment,
    struct report *report)
{
    uint32_t number = enrolment->agent_number;

    for (uint32_t i = 0; i < enrolment->succeeds_count; i++) {
        uint32_t closed_number = enrolment->succeeds[i].agent_number;
        const struct context_agent *closed =
            context_agent(context, closed_number);

        if (closed == NULL) {
            return refuse(report, closed_number, "chưa được cấp quyền",
                          "is not enrolled");
        }
        if (closed_number == number ||
            context_succeeds(context, closed, number)) {
            return refuse(report, number, "không thể tự kế tục mình",
                          "cannot carry on its own work");
        }
    }
    return STATUS_OK;
}

/* Of several that carry on one office the last day holds. */
static void close_offices(struct context *context)
{
    context->has_closed = false;
    for (size_t i = 0; i < context->member_count; i++) {
        context->members[i]->agent.closed_after = INT32_MAX;
    }
    for (size_t i = 0; i < context->member_count; i++) {
        const struct context_agent *agent = &context->members[i]->agent;

        for (uint32_t k = 0; k < agent->succeeds_count; k++) {
            uint32_t at = id_map_get(&context->by_number,
                                     agent->succeeds[k].agent_number);
            int32_t *after = &context->members[at]->agent.closed_after;

            *after = *after == INT32_MAX || agent->succeeds[k].until > *after
                         ? agent->succeeds[k].until
                         : *after;
            context->has_closed = true;
        }
    }
}

/* Whether somebody's events may be judged otherwise for its sake. An agent
 * that has not joined has none. */
static bool has_events(const struct context *context,
                       const struct context_member *member)
{
    bool has = member->agent.joined;

    for (uint32_t i = 0; i < member->agent.succeeds_count; i++) {
        const struct context_agent *closed =
            context_agent(context, member->agent.succeeds[i].agent_number);

        has = has || (closed != NULL && closed->joined);
    }
    return has;
}

bool context_take_succeeds(struct context *context,
                           struct context_member *member,
                           const struct control_enrolment *enrolment)
{
    bool before = has_events(context, member); /* may be open again */

    memcpy(member->succeeds, enrolment->succeeds, sizeof member->succeeds);
    member->agent.succeeds_count = enrolment->succeeds_count;
    close_offices(context);
    return before || has_events(context, member);
}
