/* What another collector of the province has ordered, and whether it is in
 * force here. Nothing to tell where none was ever heard of. */
#include "collector/doctor/doctor.h"

#include "collector/province/arrivals.h"
#include "common/base/text.h"

#include <inttypes.h>

#define OLD_ORDERS_US (2 * CLOCK_US_PER_DAY)

void doctor_orders(struct doctor *doctor)
{
    static const struct findings_check check = {
        "orders", {"Lệnh của trung tâm kia", "Orders of the other collector"}};
    static const struct language_text act = {
        "chạy lại import-orders: lệnh nêu chỗ không hợp (RECOVERY.md)",
        "give import-orders again: it names what does not fit (RECOVERY.md)"};
    static const struct language_text carry = {
        "xem vì sao tệp lệnh không tới nữa (crontab ở trung tâm kia)",
        "see why no file of orders comes any more (crontab of the other one)"};
    struct arrivals arrivals;
    char moment[TEXT_MOMENT_MAX];

    if (arrivals_load(&doctor->directory, &arrivals) != STATUS_OK) {
        return;
    }
    text_format_clock(arrivals.at, doctor->findings.language, moment);
    if (arrivals.left_out > 0 || arrivals.refused > 0) {
        findings_add(&doctor->findings, &check, FINDINGS_BAD, &act,
                     "%" PRIu64 " lệnh và %" PRIu64 " lô chưa lấy được, lúc %s",
                     "%" PRIu64 " orders and %" PRIu64
                     " batches could not be taken, at %s",
                     arrivals.left_out, arrivals.refused, moment);
    } else if (clock_wall_us(&doctor->clock) - arrivals.at > OLD_ORDERS_US) {
        findings_add(&doctor->findings, &check, FINDINGS_NOTE, &carry,
                     "lấy lần cuối lúc %s", "last taken at %s", moment);
    } else {
        findings_add(&doctor->findings, &check, FINDINGS_GOOD, NULL,
                     "lấy lần cuối lúc %s", "last taken at %s", moment);
    }
}
