#include "agent/office/outcome_words.h"

#include "common/base/words.h"
#include "common/event/reference.h"
#include "common/event/validate.h"
#include "common/fold/fold.h"

#include <stdio.h>

/* ---- states and outcomes ---- */

static const struct {
    const char *token;
    struct language_text text;
} states[] = {
    [SPOOL_SAVED] = {"saved", {"Đã lưu", "Saved"}},
    [SPOOL_SEALED] = {"sent", {"Đang gửi", "On its way"}},
    [SPOOL_RECEIVED] = {"received", {"Đã nhận", "Received"}},
    [SPOOL_BACKED_UP] = {"backed_up", {"Đã sao lưu", "Backed up"}},
    [SPOOL_TO_MEND] = {"to_mend", {"Cần sửa", "To mend"}},
    [SPOOL_MOVED] = {"moved", {"Đã đổi mã", "Given a new id"}},
};

const char *outcome_words_state(enum spool_state state, enum language language)
{
    return language_pick(states[state].text, language);
}

const char *outcome_words_token(enum spool_state state)
{
    return states[state].token;
}

/* The broken rule, told again by the rules themselves where they still find
 * it; they know more than an outcome carries. */
static bool describe_rule(const struct office *office,
                          const struct event *event,
                          const struct spool_outcome *outcome, bool keys,
                          char text[VALIDATE_TEXT_MAX])
{
    struct validate_reader reader = {.vocabulary =
                                         context_vocabulary(office->context),
                                     .units = context_units(office->context),
                                     .language = office->language,
                                     .keys = keys};
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    struct validate_rules rules = {.vocabulary =
                                       context_vocabulary(office->context)};
    size_t count = validate_event(event, &rules, issues, VALIDATE_ISSUES_MAX);
    struct validate_issue issue = {.rule = (enum validate_rule)outcome->rule,
                                   .field = outcome->field,
                                   .value = outcome->value};

    if (outcome->rule == 0 || outcome->rule >= VALIDATE_RULE_END) {
        return false;
    }
    for (size_t i = 0; i < count && i < VALIDATE_ISSUES_MAX; i++) {
        if ((uint32_t)issues[i].rule == outcome->rule &&
            issues[i].field == outcome->field) {
            issue = issues[i];
        }
    }
    (void)validate_describe(event, &issue, &reader, text);
    return true;
}

static const char *pick(const struct office *office, const char *vi,
                        const char *en)
{
    return office->language == LANGUAGE_EN ? en : vi;
}

static const char *refusal_text(const struct office *office, uint32_t refusal)
{
    switch (refusal) {
    case CONTEXT_NO_PAIR:
        return pick(office,
                    "văn phòng không được giao ghi cho đơn vị và cơ quan này",
                    "the office is not enrolled for this unit and office");
    case CONTEXT_NO_AREA:
        return pick(office, "nơi xảy ra nằm ngoài địa bàn của văn phòng",
                    "the place lies outside of the office's area");
    case CONTEXT_NO_PROGRAMME:
        return pick(office, "văn phòng không được giao chương trình này",
                    "the office is not enrolled for this programme");
    case CONTEXT_NO_DATE:
        return pick(office, "ngày nằm ngoài thời gian văn phòng được giao",
                    "the day lies outside of the office's enrolment");
    case CONTEXT_CLOSED:
        return pick(office,
                    "văn phòng đã bàn giao, đến sau ngày nhận cuối cùng",
                    "the office was handed over, and it came after the last "
                    "day");
    case CONTEXT_ENDED:
        return pick(office,
                    "đứng sau điểm kết thúc của đợt; nếu còn trên máy thì đã "
                    "được gửi lại trong đợt mới",
                    "it stands behind the end of its epoch; what is still on "
                    "the machine was sent again in the new one");
    default:
        return "";
    }
}

uint32_t outcome_words_field(const struct spool_outcome *outcome)
{
    return outcome->outcome == FOLD_UNIT_NOT_IN_FORCE &&
                   outcome->field == EVENT_UNIT
               ? EVENT_OCCURRED_ON
               : outcome->field;
}

void outcome_words_tell(const struct office *office, const struct event *event,
                        const struct spool_outcome *outcome, bool keys,
                        char text[OUTCOME_WORDS_MAX])
{
    struct words words = {.language = office->language};
    char detail[VALIDATE_TEXT_MAX] = "";
    const char *meaning = "";
    const char *before = ": ";
    const char *after = "";

    if (outcome->outcome < FOLD_OUTCOME_END) {
        meaning = fold_outcome_text((enum fold_outcome)outcome->outcome,
                                    office->language);
    }
    switch (outcome->outcome) {
    case FOLD_INVALID:
    case FOLD_UNKNOWN_VALUE:
    case FOLD_UNIT_NOT_IN_FORCE:
        before = ". "; /* the rule is a sentence of its own */
        if (!describe_rule(office, event, outcome, keys, detail) &&
            outcome->field != 0) {
            (void)snprintf(
                detail, sizeof detail, "%s = %llu",
                keys ? validate_field_name(event->type, outcome->field)
                     : words_label(&words, event, outcome->field),
                (unsigned long long)outcome->value);
        }
        break;
    case FOLD_OUT_OF_SCOPE:
        before = " (";
        after = ")";
        (void)snprintf(detail, sizeof detail, "%s",
                       refusal_text(office, outcome->rule));
        break;
    default:
        if (outcome->other != 0) {
            event_id_format(outcome->other, detail);
        }
        break;
    }
    if (meaning[0] == '\0' || detail[0] == '\0') {
        before = after = "";
    }
    (void)snprintf(text, OUTCOME_WORDS_MAX, "%s%s%s%s", meaning, before, detail,
                   after);
}
