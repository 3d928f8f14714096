/* Failure modes are what this is for: each ends in a finding. The spool is
 * opened twice, first alone, so that the reason can be told here. */
#include "agent/doctor/doctor.h"

#include "common/base/machine.h"
#include "common/figures/report.h"
#include "common/store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define MEBIBYTE       (UINT64_C(1) << 20)
#define DISK_BYTES_MIN (64 * MEBIBYTE) /* below it is an error */
#define SLOW_SYNC_US   (500 * CLOCK_US_PER_MS)
/* Of the spool's room, from which on somebody is told. */
#define NOTE_PERCENT 60u

/* ---- agent.yaml ---- */

static const struct findings_check config_check = {
    "config", {"Cấu hình", "Configuration"}};

static void tell_mistakes(struct doctor *doctor, const struct report *report)
{
    static const struct language_text mend = {
        "sửa dòng này trong agent.yaml, rồi chạy tallyline-agent check-config",
        "mend this line of agent.yaml, then run tallyline-agent check-config"};

    for (size_t i = 0; i < report->count; i++) {
        findings_add(&doctor->findings, &config_check, FINDINGS_BAD, &mend,
                     "dòng %zu: %s", "line %zu: %s", report->lines[i].line,
                     report->lines[i].text);
    }
}

static void look_at_config(struct doctor *doctor)
{
    static const struct language_text join = {
        "chạy tallyline-agent join TỆP, với tệp mà tỉnh đã cấp",
        "run tallyline-agent join FILE, with the file that the province gave "
        "out"};
    struct report report;
    char path[OFFICE_PATH_MAX];
    enum status rc = office_path(doctor->dir, OFFICE_CONFIG_FILE, path);

    report_init(&report, doctor->findings.language);
    if (rc == STATUS_OK) {
        rc = config_load(path, &report, &doctor->config);
    }
    doctor->has_config = rc == STATUS_OK;
    if (rc == STATUS_OK) {
        findings_add(&doctor->findings, &config_check, FINDINGS_GOOD, NULL,
                     "%s hợp lệ", "%s is valid", path);
    } else if (rc == STATUS_NOT_FOUND) {
        findings_add(&doctor->findings, &config_check, FINDINGS_BAD, &join,
                     "%s: văn phòng chưa đăng ký với tỉnh",
                     "%s: the office has not joined the province", doctor->dir);
    } else if (rc == STATUS_CONFIG) {
        tell_mistakes(doctor, &report);
    } else {
        findings_add(&doctor->findings, &config_check, FINDINGS_BAD, NULL,
                     "%s: %s", "%s: %s", path,
                     status_text(rc, doctor->findings.language));
    }
    report_fini(&report);
}

/* ---- keys ---- */

static void look_at_keys(struct doctor *doctor)
{
    static const struct findings_check check = {"keys", {"Khóa", "Keys"}};
    static const struct language_text ask = {
        "đừng tạo khóa mới; nếu mất khóa, xin tỉnh tệp đăng ký lại cho máy này",
        "make no new keys; if they are lost, ask the province for a new "
        "enrolment file of this office"};
    static const struct language_text close = {
        "chmod -R go= trên thư mục khóa; nếu máy có người lạ dùng, xin tỉnh "
        "đổi khóa",
        "chmod -R go= on the folder of keys; if strangers use the machine, ask "
        "the province for new keys"};
    static const struct language_text again = {
        "chạy lại tallyline-agent rotate TỆP",
        "run tallyline-agent rotate FILE again"};
    enum status rc = keyring_load(doctor->dir, &doctor->keyring);

    doctor->has_keys = rc == STATUS_OK;
    if (rc == STATUS_REFUSED) {
        findings_add(&doctor->findings, &check, FINDINGS_BAD, &close,
                     "người dùng khác của máy đọc được khóa",
                     "other users of the machine can read the keys");
    } else if (rc != STATUS_OK) {
        findings_add(&doctor->findings, &check, FINDINGS_BAD, &ask, "%s/%s: %s",
                     "%s/%s: %s", doctor->dir, OFFICE_KEYS_FOLDER,
                     status_text(rc, doctor->findings.language));
    } else if (keyring_rotating(doctor->dir)) {
        findings_add(&doctor->findings, &check, FINDINGS_BAD, &again,
                     "đang đổi khóa dở dang", "a change of keys is under way");
    } else {
        findings_add(&doctor->findings, &check, FINDINGS_GOOD, NULL,
                     "đọc được, chỉ người dùng của dịch vụ có quyền",
                     "readable, by the user of the service alone");
    }
}

/* ---- the disk ---- */

/* What the spool may still grow by. */
static uint64_t wanted_bytes(const struct doctor *doctor)
{
    char path[OFFICE_PATH_MAX];
    uint64_t taken = 0;

    if (office_path(doctor->dir, OFFICE_SPOOL_FILE, path) == STATUS_OK) {
        taken = machine_file_bytes(path);
    }
    return taken < doctor->config.spool_bytes
               ? doctor->config.spool_bytes - taken
               : 0;
}

static void judge_disk(struct doctor *doctor,
                       const struct findings_check *check,
                       const struct machine_disk *disk)
{
    static const struct language_text free_it = {
        "xóa bớt tệp không cần trên ổ đĩa này; đừng xóa gì trong thư mục dữ "
        "liệu của Tallyline",
        "remove what is not needed from this disk; nothing of Tallyline's "
        "own folder"};
    static const struct language_text slow = {
        "ổ đĩa chậm hoặc sắp hỏng; hãy cho người phụ trách máy xem",
        "the disk is slow or about to fail; have it looked at"};
    uint64_t wanted = wanted_bytes(doctor);

    if (disk->free_bytes < DISK_BYTES_MIN) {
        findings_add(&doctor->findings, check, FINDINGS_BAD, &free_it,
                     "chỉ còn trống %" PRIu64 " MiB",
                     "only %" PRIu64 " MiB are free",
                     disk->free_bytes / MEBIBYTE);
    } else if (disk->free_bytes < wanted) {
        findings_add(&doctor->findings, check, FINDINGS_NOTE, &free_it,
                     "còn trống %" PRIu64
                     " MiB, kho số liệu có thể cần %" PRIu64 " MiB nữa",
                     "%" PRIu64 " MiB are free, the store may take %" PRIu64
                     " MiB more",
                     disk->free_bytes / MEBIBYTE, wanted / MEBIBYTE);
    } else if (disk->sync_us > SLOW_SYNC_US) {
        findings_add(&doctor->findings, check, FINDINGS_NOTE, &slow,
                     "ghi một tệp nhỏ mất %" PRId64 " mili giây",
                     "writing a small file took %" PRId64 " ms",
                     disk->sync_us / CLOCK_US_PER_MS);
    } else {
        findings_add(&doctor->findings, check, FINDINGS_GOOD, NULL,
                     "ghi được, còn trống %" PRIu64 " MiB",
                     "can be written, %" PRIu64 " MiB are free",
                     disk->free_bytes / MEBIBYTE);
    }
}

static void look_at_disk(struct doctor *doctor)
{
    static const struct findings_check check = {"disk", {"Ổ đĩa", "Disk"}};
    static const struct language_text look = {
        "kiểm tra ổ đĩa còn chỗ, còn ghi được và chạy lệnh bằng đúng người "
        "dùng của dịch vụ",
        "see that the disk has room and can be written, and run the command as "
        "the user of the service"};
    struct machine_disk disk;

    if (machine_disk(doctor->dir, &doctor->clock, &disk) == STATUS_OK) {
        judge_disk(doctor, &check, &disk);
    } else {
        findings_add(&doctor->findings, &check, FINDINGS_BAD, &look,
                     "không ghi được vào %s: %s", "%s cannot be written: %s",
                     doctor->dir, strerror(errno));
    }
}

/* ---- the spool ---- */

static const struct findings_check spool_check = {"spool",
                                                  {"Kho số liệu", "Store"}};

static void explain_spool(struct doctor *doctor, enum status rc)
{
    static const struct language_text join = {
        "chạy tallyline-agent join TỆP, với tệp mà tỉnh đã cấp",
        "run tallyline-agent join FILE, with the file that the province gave "
        "out"};
    static const struct language_text keep = {
        "đừng xóa tệp này; hãy báo người quản trị của tỉnh",
        "keep the file and tell the province's administrator"};
    static const struct language_text newer = {
        "cài lại phiên bản mới hơn đã tạo ra dữ liệu này",
        "install the newer version that made this data"};
    const struct language_text *advice = &keep;

    if (rc == STATUS_NOT_FOUND) {
        advice = &join;
    } else if (rc == STATUS_VERSION) {
        advice = &newer;
    }
    findings_add(&doctor->findings, &spool_check, FINDINGS_BAD, advice,
                 "%s/%s: %s", "%s/%s: %s", doctor->dir, OFFICE_SPOOL_FILE,
                 status_text(rc, doctor->findings.language));
}

static enum status try_spool(const struct doctor *doctor)
{
    struct spool *spool = NULL;
    struct spool_identity identity;
    struct spool_counts counts;
    char path[OFFICE_PATH_MAX];
    enum status rc = office_path(doctor->dir, OFFICE_SPOOL_FILE, path);

    if (rc == STATUS_OK) {
        rc = spool_open(path, doctor->config.spool_bytes, false, &spool);
    }
    if (rc == STATUS_OK) {
        rc = spool_identity(spool, &identity);
    }
    if (rc == STATUS_OK) {
        rc = spool_counts(spool, &counts);
    }
    spool_close(&spool);
    return rc;
}

static void look_at_room(struct doctor *doctor)
{
    static const struct language_text larger = {
        "tăng spool_bytes trong agent.yaml (ổ đĩa phải còn chỗ), hoặc nối lại "
        "đường truyền: những gì tỉnh đã sao lưu sẽ tự nhường chỗ",
        "raise spool_bytes in agent.yaml (the disk must have the room), or "
        "bring the line up again: what the province has backed up makes room"};
    struct spool_counts counts;
    uint64_t percent = 0;

    if (spool_counts(doctor->office->spool, &counts) != STATUS_OK) {
        explain_spool(doctor, STATUS_IO);
        return;
    }
    if (counts.bytes_total > 0) {
        percent = (counts.bytes_used + counts.bytes_reserved) * 100 /
                  counts.bytes_total;
    }
    findings_add(&doctor->findings, &spool_check,
                 percent >= STORE_FULL_PERCENT ? FINDINGS_BAD
                 : percent >= NOTE_PERCENT     ? FINDINGS_NOTE
                                               : FINDINGS_GOOD,
                 percent >= NOTE_PERCENT ? &larger : NULL,
                 "đã dùng %" PRIu64 " %% chỗ (thôi nhận sự kiện mới từ %u %%)",
                 "%" PRIu64
                 " %% of the room is used (new events are refused from %u %%)",
                 percent, STORE_FULL_PERCENT);
}

static void look_at_spool(struct doctor *doctor)
{
    enum status rc = try_spool(doctor);

    if (rc == STATUS_OK) {
        rc = office_open(doctor->args, &doctor->office);
    }
    if (rc == STATUS_OK) {
        look_at_room(doctor);
    } else {
        explain_spool(doctor, rc);
    }
}

void doctor_machine(struct doctor *doctor)
{
    look_at_config(doctor);
    if (!doctor->has_config) {
        return;
    }
    look_at_keys(doctor);
    look_at_disk(doctor);
    look_at_spool(doctor);
}

void doctor_close(struct doctor *doctor)
{
    keyring_wipe(&doctor->keyring);
    office_close(&doctor->office);
}
