/* Failure modes are what this is for: each ends in a finding. */
#include "collector/doctor/doctor.h"

#include "collector/province/keys.h"
#include "collector/province/settings.h"
#include "common/base/machine.h"
#include "common/base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define MEBIBYTE        (UINT64_C(1) << 20)
#define DISK_BYTES_MIN  (UINT64_C(1) << 30) /* below it is an error */
#define DISK_BYTES_NOTE (UINT64_C(10) << 30)
#define SLOW_SYNC_US    (250 * CLOCK_US_PER_MS)

static void look_at_settings(struct doctor *doctor)
{
    static const struct findings_check check = {"config",
                                                {"Cấu hình", "Configuration"}};
    static const struct language_text mend = {
        "sửa dòng này trong collector.yaml, rồi chạy tallyline-collector "
        "check-config",
        "mend this line of collector.yaml, then run tallyline-collector "
        "check-config"};
    struct settings settings;
    struct report report;
    enum status status;

    report_init(&report, doctor->findings.language);
    status = settings_load(doctor->directory.config, &report, &settings);
    for (size_t i = 0; i < report.count; i++) {
        findings_add(&doctor->findings, &check,
                     report.lines[i].level == REPORT_ERROR ? FINDINGS_BAD
                                                           : FINDINGS_NOTE,
                     &mend, "dòng %zu: %s", "line %zu: %s",
                     report.lines[i].line, report.lines[i].text);
    }
    if (status == STATUS_OK) {
        findings_add(&doctor->findings, &check, FINDINGS_GOOD, NULL,
                     "%s hợp lệ", "%s is valid", doctor->directory.config);
    } else if (report.errors == 0) {
        findings_add(&doctor->findings, &check, FINDINGS_BAD, &mend, "%s: %s",
                     "%s: %s", doctor->directory.config,
                     status_text(status, doctor->findings.language));
    }
    report_fini(&report);
}

static void look_at_keys(struct doctor *doctor)
{
    static const struct findings_check check = {"keys", {"Khóa", "Keys"}};
    static const struct language_text put_back = {
        "đặt lại bản khóa đã cất giữ; mất hẳn thì xem init --recover "
        "--new-keys",
        "put the kept keys back; if they are lost for good, see init --recover "
        "--new-keys"};
    static const struct language_text close = {
        "chmod -R go= trên thư mục khóa; nếu người khác đã đọc được, coi như "
        "khóa đã lộ",
        "chmod -R go= on the folder of keys; if others could read them, take "
        "them as known"};
    struct keys keys;
    const char *file = NULL;
    enum status status = keys_load(&doctor->directory, &keys, &file);

    if (status == STATUS_OK) {
        findings_add(&doctor->findings, &check, FINDINGS_GOOD, NULL,
                     "đọc được, chỉ người dùng của dịch vụ có quyền",
                     "readable, by the user of the service alone");
    } else {
        findings_add(&doctor->findings, &check, FINDINGS_BAD,
                     status == STATUS_REFUSED ? &close : &put_back, "%s/%s: %s",
                     "%s/%s: %s", doctor->directory.keys,
                     file == NULL ? "" : file,
                     status_text(status, doctor->findings.language));
    }
    keys_wipe(&keys);
}

static void look_at_disk(struct doctor *doctor)
{
    static const struct findings_check check = {"disk", {"Ổ đĩa", "Disk"}};
    static const struct language_text room = {
        "thêm chỗ cho ổ đĩa này, hoặc chuyển số liệu cũ sang cold_dir",
        "give this disk more room, or move old batches to cold_dir"};
    static const struct language_text look = {
        "kiểm tra ổ đĩa còn chỗ và còn ghi được",
        "see that the disk has room and can be written"};
    static const struct language_text slow = {
        "ổ đĩa chậm hoặc sắp hỏng; hãy cho kiểm tra",
        "the disk is slow or about to fail; have it looked at"};
    struct machine_disk disk;

    if (machine_disk(doctor->directory.path, &doctor->clock, &disk) !=
        STATUS_OK) {
        findings_add(&doctor->findings, &check, FINDINGS_BAD, &look,
                     "không ghi được vào %s: %s", "%s cannot be written: %s",
                     doctor->directory.path, strerror(errno));
    } else if (disk.free_bytes < DISK_BYTES_NOTE) {
        findings_add(
            &doctor->findings, &check,
            disk.free_bytes < DISK_BYTES_MIN ? FINDINGS_BAD : FINDINGS_NOTE,
            &room, "chỉ còn trống %" PRIu64 " MiB",
            "only %" PRIu64 " MiB are free", disk.free_bytes / MEBIBYTE);
    } else if (disk.sync_us > SLOW_SYNC_US) {
        findings_add(&doctor->findings, &check, FINDINGS_NOTE, &slow,
                     "ghi một tệp nhỏ mất %" PRId64 " mili giây",
                     "writing a small file took %" PRId64 " ms",
                     disk.sync_us / CLOCK_US_PER_MS);
    } else {
        findings_add(&doctor->findings, &check, FINDINGS_GOOD, NULL,
                     "ghi được, còn trống %" PRIu64 " MiB",
                     "can be written, %" PRIu64 " MiB are free",
                     disk.free_bytes / MEBIBYTE);
    }
}

static void look_at_clock(struct doctor *doctor)
{
    static const struct findings_check check = {"clock", {"Đồng hồ", "Clock"}};
    static const struct language_text keep = {
        "timedatectl set-ntp true: giờ nhận là bằng chứng của sổ cái",
        "timedatectl set-ntp true: the time of receipt is evidence"};
    char moment[TEXT_MOMENT_MAX];
    bool kept = machine_clock() != MACHINE_CLOCK_ALONE;

    text_format_clock(clock_wall_us(&doctor->clock), doctor->findings.language,
                      moment);
    findings_add(&doctor->findings, &check,
                 kept ? FINDINGS_GOOD : FINDINGS_NOTE, kept ? NULL : &keep,
                 kept ? "%s" : "%s; không có máy chủ giờ nào giữ cho đúng",
                 kept ? "%s" : "%s; no time server keeps it right", moment);
}

void doctor_machine(struct doctor *doctor)
{
    look_at_settings(doctor);
    look_at_keys(doctor);
    look_at_disk(doctor);
    look_at_clock(doctor);
}
