#include "collector/commands/succession.h"

#include "collector/commands/commands.h"
#include "common/base/text.h"
#include "common/event/reference.h"

#include <inttypes.h>
#include <string.h>

enum status succession_read(const struct args *args,
                            struct control_enrolment *enrolment)
{
    static const struct language_text wrong = {
        "cần số hiệu trạm và ngày nhận cuối cùng, như 3:2025-09-30 (tối đa 16)",
        "the number of an agent and a last day are needed, as 3:2025-09-30 (16 "
        "at most)"};

    enrolment->succeeds_count = 0;
    for (size_t i = 0; i < args_count(args, "succeeds"); i++) {
        const char *text = args_value_at(args, "succeeds", i);
        size_t size = strcspn(text, ":");
        uint64_t number = 0;
        int32_t until = 0;

        if (enrolment->succeeds_count == CONTROL_SUCCEEDS_MAX ||
            text[size] != ':' ||
            text_parse_count(text, size, &number) != STATUS_OK || number == 0 ||
            number > REFERENCE_AGENT_MAX ||
            text_parse_date(text + size + 1, strlen(text + size + 1), &until) !=
                STATUS_OK) {
            args_error(args, "--succeeds %s: %s", text, args_text(args, wrong));
            return STATUS_USAGE;
        }
        enrolment->succeeds[enrolment->succeeds_count++] =
            (struct control_succession){(uint32_t)number, until};
    }
    return STATUS_OK;
}

static bool has_scope(const struct control_enrolment *enrolment,
                      const struct control_scope *scope)
{
    for (uint32_t i = 0; i < enrolment->scope_count; i++) {
        if (enrolment->scopes[i].unit == scope->unit &&
            enrolment->scopes[i].office == scope->office) {
            return true;
        }
    }
    return false;
}

enum status succession_take_over(const struct args *args,
                                 const struct context *context,
                                 struct control_enrolment *enrolment)
{
    for (uint32_t i = 0; i < enrolment->succeeds_count; i++) {
        uint32_t number = enrolment->succeeds[i].agent_number;
        const struct context_agent *closed = context_agent(context, number);

        for (uint32_t k = 0; closed != NULL && k < closed->scope_count; k++) {
            if (has_scope(enrolment, &closed->scopes[k])) {
                continue;
            }
            if (enrolment->scope_count == CONTROL_SCOPES_MAX) {
                args_error(
                    args, "--succeeds %" PRIu32 ": %s", number,
                    args_text(args, (struct language_text){"quá nhiều cặp",
                                                           "too many pairs"}));
                return STATUS_USAGE;
            }
            enrolment->scopes[enrolment->scope_count++] = closed->scopes[k];
        }
    }
    return STATUS_OK;
}
