#include "agent/doctor/doctor.h"

#include "agent/office/standing.h"
#include "common/base/text.h"
#include "common/event/calendar.h"

#include <inttypes.h>

static const struct findings_check office_check = {"enrolment",
                                                   {"Đăng ký", "Enrolment"}};
static const struct findings_check plan_check = {"plan", {"Kế hoạch", "Plan"}};

static int32_t today(const struct doctor *doctor)
{
    return calendar_day_of_moment(clock_wall_us(&doctor->clock));
}

static void look_at_enrolment(struct doctor *doctor)
{
    static const struct language_text wait = {
        "nối được đường truyền thì phần này tự về",
        "it comes down by itself once the line is up"};
    static const struct language_text ask = {
        "xin tỉnh gia hạn cho văn phòng này", "ask the province to renew it"};
    const struct context_agent *agent = doctor->office->agent;
    int32_t last = INT32_MIN;

    if (agent == NULL) {
        findings_add(&doctor->findings, &office_check, FINDINGS_BAD, &wait,
                     "chưa nhận được từ tỉnh", "has not come down yet");
        return;
    }
    for (uint32_t i = 0; i < agent->scope_count; i++) {
        last = agent->scopes[i].to > last ? agent->scopes[i].to : last;
    }
    if (agent->revoked || last < today(doctor)) {
        findings_add(&doctor->findings, &office_check, FINDINGS_BAD, &ask,
                     "tỉnh không còn nhận sự kiện mới của văn phòng này",
                     "the province takes no new events of this office");
    } else {
        findings_add(&doctor->findings, &office_check, FINDINGS_GOOD, NULL,
                     "%s, trạm %" PRIu32, "%s, agent %" PRIu32, agent->name,
                     agent->number);
    }
}

static void look_at_plans(struct doctor *doctor)
{
    static const struct language_text ask = {
        "hỏi tỉnh; sự kiện vẫn ghi và gửi được, nhưng chưa tính vào chỉ tiêu "
        "nào",
        "ask the province; events can be recorded and sent, and count for no "
        "target yet"};
    const struct context *context = doctor->office->context;
    int32_t day = today(doctor);
    bool found = false;

    for (size_t i = 0; i < context_plan_count(context); i++) {
        const struct plan *plan = context_plan_at(context, i)->plan;

        if (plan->from <= day && day <= plan->to) {
            found = true;
            findings_add(&doctor->findings, &plan_check, FINDINGS_GOOD, NULL,
                         "%s: %s", "%s: %s",
                         plan->number[0] != '\0' ? plan->number : plan->id,
                         language_pick(plan->title, doctor->findings.language));
        }
    }
    if (!found) {
        findings_add(&doctor->findings, &plan_check, FINDINGS_NOTE, &ask,
                     "hôm nay không có kế hoạch nào có hiệu lực",
                     "no plan is in force today");
    }
}

static void look_at_outcomes(struct doctor *doctor)
{
    static const struct findings_check check = {"to_mend",
                                                {"Cần sửa", "To mend"}};
    static const struct language_text see = {
        "tallyline-agent outbox --state to_mend nói vì sao và sửa thế nào",
        "tallyline-agent outbox --state to_mend says why and how to mend it"};
    struct spool_counts counts;

    if (spool_counts(doctor->office->spool, &counts) != STATUS_OK) {
        return; /* told where the store was looked at */
    }
    if (counts.to_mend > 0) {
        findings_add(&doctor->findings, &check, FINDINGS_NOTE, &see,
                     "%" PRIu64 " sự kiện tỉnh đã nhận nhưng chưa tính được",
                     "%" PRIu64 " events were received and do not count yet",
                     counts.to_mend);
    } else {
        findings_add(&doctor->findings, &check, FINDINGS_GOOD, NULL,
                     "không có gì phải sửa", "nothing is to be mended");
    }
}

static void look_at_ledger(struct doctor *doctor)
{
    static const struct findings_check check = {
        "ledger", {"Sổ cái của tỉnh", "Province's ledger"}};
    static const struct language_text call = {
        "báo ngay cho người kiểm toán; tallyline-agent status nói điều gì khác",
        "tell the auditor now; tallyline-agent status says what differs"};
    struct spool_witness witness;

    if (spool_witness(doctor->office->spool, &witness) != STATUS_OK) {
        return; /* a damaged store is told where it was looked at */
    }
    if (standing_alarm(&witness)) {
        findings_add(&doctor->findings, &check, FINDINGS_BAD, &call,
                     "không còn khớp với những gì máy này đã thấy",
                     "is not what this machine has seen before");
    } else if (witness.held.size > 0) {
        findings_add(&doctor->findings, &check, FINDINGS_GOOD, NULL,
                     "khớp với những gì máy này đã thấy",
                     "is what this machine has seen before");
    }
}

void doctor_office(struct doctor *doctor)
{
    if (doctor->office == NULL) {
        return;
    }
    look_at_enrolment(doctor);
    look_at_plans(doctor);
    look_at_outcomes(doctor);
    look_at_ledger(doctor);
}
