#include "agent/doctor/doctor.h"

#include "common/base/machine.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/format/wire.h"

#include <inttypes.h>

static const struct findings_check check = {"clock", {"Đồng hồ", "Clock"}};

static const struct language_text set_it = {
    "chỉnh giờ của máy này (timedatectl set-ntp true); sự kiện ghi bằng đồng "
    "hồ sai có thể không được tính",
    "set this machine's clock (timedatectl set-ntp true); events recorded by a "
    "wrong clock may not count"};

/* When the last event was recorded; 0: there is none. */
static int64_t last_recorded(const struct office *office)
{
    struct event event;
    enum spool_state state;
    uint64_t seq = 0;

    if (spool_last_seq(office->spool, &seq) != STATUS_OK || seq == 0 ||
        spool_event(office->spool,
                    id60_make(office->identity.agent_number,
                              office->identity.epoch_ordinal, (uint32_t)seq),
                    &event, &state) != STATUS_OK) {
        return 0;
    }
    return event.recorded_at;
}

void doctor_clock(struct doctor *doctor)
{
    int64_t now = clock_wall_us(&doctor->clock);
    enum machine_clock kept = machine_clock();
    int64_t last = 0;
    char moment[TEXT_MOMENT_MAX];
    struct spool_link link = {0};

    if (doctor->office != NULL) {
        last = last_recorded(doctor->office);
        if (spool_link(doctor->office->spool, &link) != STATUS_OK) {
            link.clock_ahead = 0;
        }
    }
    text_format_clock(now, doctor->findings.language, moment);
    if (wire_clocks_differ(link.clock_ahead)) {
        findings_add(&doctor->findings, &check, FINDINGS_BAD, &set_it,
                     "%s: lệch %" PRId64 " giây so với đồng hồ của tỉnh",
                     "%s: differs from the province's by %" PRId64 " s", moment,
                     link.clock_ahead / CLOCK_US_PER_S);
    } else if (now < last) {
        findings_add(&doctor->findings, &check, FINDINGS_BAD, &set_it,
                     "%s: sớm hơn sự kiện đã ghi gần nhất",
                     "%s: earlier than the event that was recorded last",
                     moment);
    } else if (kept == MACHINE_CLOCK_UNKNOWN) {
        findings_add(&doctor->findings, &check, FINDINGS_GOOD, NULL,
                     "%s; từ trong dịch vụ không xem được có máy chủ giờ nào "
                     "giữ cho đúng hay không",
                     "%s; from within the service it cannot be seen whether a "
                     "time server keeps it right",
                     moment);
    } else if (kept == MACHINE_CLOCK_ALONE) {
        findings_add(&doctor->findings, &check, FINDINGS_NOTE, &set_it,
                     "%s; không có máy chủ giờ nào giữ cho đúng",
                     "%s; no time server keeps it right", moment);
    } else {
        findings_add(&doctor->findings, &check, FINDINGS_GOOD, NULL, "%s", "%s",
                     moment);
    }
}
