/* Failure modes: a collector that runs and does not answer is told as that. */
#include "collector/doctor/doctor.h"

#include "collector/ledger/ledger_notes.h"
#include "common/format/wire.h"

#include <inttypes.h>

#define SILENT_US CLOCK_US_PER_DAY

static void look_at_run(struct doctor *doctor)
{
    static const struct findings_check check = {"service",
                                                {"Dịch vụ", "Service"}};
    static const struct language_text start = {
        "systemctl start tallyline-collector; nếu không lên, xem journalctl -u "
        "tallyline-collector",
        "systemctl start tallyline-collector; if it does not stay up, see "
        "journalctl -u tallyline-collector"};
    enum status status = live_open(&doctor->directory, &doctor->live);

    if (doctor->live.standing != NULL) {
        const char *address = live_text(doctor->live.standing, "address");

        findings_add(&doctor->findings, &check, FINDINGS_GOOD, NULL,
                     "đang chạy: %s", "running: %s",
                     address == NULL ? "" : address);
    } else if (doctor->live.runs) {
        findings_add(&doctor->findings, &check, FINDINGS_BAD, &start,
                     "đang chạy nhưng không trả lời: %s",
                     "running but not answering: %s",
                     status_text(status, doctor->findings.language));
    } else {
        findings_add(&doctor->findings, &check, FINDINGS_BAD, &start,
                     "không chạy: các trạm giữ số liệu cho đến khi có lại",
                     "not running: the offices keep their events until it is");
    }
}

/* ---- offices ---- */

struct offices {
    uint64_t joined, waiting, silent, never, clocks, frozen, alarms;
};

static void count_office(const struct doctor *doctor,
                         const struct context_agent *agent,
                         struct offices *offices)
{
    const json_t *line = live_agent(&doctor->live, agent->number);
    int64_t heard = (int64_t)live_number(line, "heard_at");
    int64_t ahead = json_integer_value(json_object_get(line, "clock_ahead"));

    if (agent->revoked) {
        return;
    }
    if (!agent->joined) {
        offices->waiting++;
        return;
    }
    offices->joined++;
    offices->never += heard == 0;
    offices->silent +=
        heard != 0 && clock_wall_us(&doctor->clock) - heard > SILENT_US;
    offices->clocks += wire_clocks_differ(ahead);
    offices->alarms += json_object_size(json_object_get(line, "alarms")) > 0 &&
                       live_number(line, "refusal") != 0;
}

static void look_at_offices(struct doctor *doctor)
{
    static const struct findings_check check = {"offices",
                                                {"Các trạm", "Offices"}};
    static const struct language_text see = {
        "tallyline-collector status nói trạm nào; gọi cho trạm, ở đó có "
        "tallyline-agent doctor",
        "tallyline-collector status says which; call them: tallyline-agent "
        "doctor there says why"};
    const struct context *context = province_context(doctor->reading.province);
    struct offices offices = {0};
    bool wrong;

    if (doctor->live.standing == NULL) {
        return; /* nobody knows how they stand */
    }
    for (size_t i = 0; i < context_agent_count(context); i++) {
        count_office(doctor, context_agent_at(context, i), &offices);
    }
    wrong = offices.silent + offices.never + offices.clocks + offices.alarms +
                offices.waiting >
            0;
    findings_add(
        &doctor->findings, &check, wrong ? FINDINGS_NOTE : FINDINGS_GOOD,
        wrong ? &see : NULL,
        "%" PRIu64 " trạm; %" PRIu64 " im lặng quá một ngày, %" PRIu64
        " chưa liên lạc từ khi trung tâm chạy, %" PRIu64
        " chưa đăng ký xong, %" PRIu64 " sai giờ, %" PRIu64 " bị từ chối",
        "%" PRIu64 " joined; %" PRIu64 " silent for more than a day, %" PRIu64
        " not heard since the start, %" PRIu64 " not joined yet, %" PRIu64
        " with a wrong clock, %" PRIu64 " refused",
        offices.joined, offices.silent, offices.never, offices.waiting,
        offices.clocks, offices.alarms);
}

/* ---- witnesses ---- */

static void look_at_witnesses(struct doctor *doctor)
{
    static const struct findings_check check = {"witnesses",
                                                {"Làm chứng", "Witnesses"}};
    static const struct language_text see = {
        "tallyline-collector status nói trạm nào và điều gì khác; báo người "
        "kiểm toán",
        "tallyline-collector status says which office and what differs; tell "
        "the auditor"};
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_witness witness;
    uint64_t objections = 0;
    uint32_t from = 0;

    if (ledger_snapshot_open(doctor->reading.ledger, &snapshot) != STATUS_OK) {
        return; /* told where the ledger was looked at */
    }
    while (ledger_next_witness(snapshot, from, &witness) == STATUS_OK &&
           witness.agent < UINT32_MAX) {
        objections +=
            witness.objection.reason != 0 && witness.objection.settled == 0;
        from = witness.agent + 1;
    }
    ledger_snapshot_close(&snapshot);
    findings_add(&doctor->findings, &check,
                 objections > 0 ? FINDINGS_BAD : FINDINGS_GOOD,
                 objections > 0 ? &see : NULL,
                 "%" PRIu64 " trạm không nhận mốc xác nhận",
                 "%" PRIu64 " offices do not take the checkpoint", objections);
}

void doctor_service(struct doctor *doctor)
{
    look_at_run(doctor);
    if (doctor->has_ledger) {
        look_at_offices(doctor);
        look_at_witnesses(doctor);
    }
}
