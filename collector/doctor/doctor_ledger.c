/* Failure modes: a ledger that cannot be opened, or whose end cannot be read,
 * is told as what it is; nothing here mends anything. */
#include "collector/doctor/doctor.h"

#include "collector/ledger/cold_moves.h"
#include "collector/ledger/ledger_damage.h"
#include "collector/ledger/ledger_move.h"
#include "common/base/text.h"
#include "common/store/store.h"

#include <inttypes.h>

#define NOTE_PERCENT    60u
#define OLD_BACKUP_US   (2 * CLOCK_US_PER_DAY)
#define OLD_SCRUB_US    (7 * CLOCK_US_PER_DAY)
#define CLOCK_BEHIND_US (60 * CLOCK_US_PER_S)

static const struct findings_check ledger_check = {"ledger",
                                                   {"Sổ cái", "Ledger"}};

/* ---- room and end ---- */

static void look_at_room(struct doctor *doctor)
{
    static const struct language_text larger = {
        "tăng map_mib trong collector.yaml rồi khởi động lại",
        "raise map_mib in collector.yaml and start the collector again"};
    uint64_t used = 0;
    uint64_t total = 0;
    uint64_t percent;

    ledger_room(doctor->reading.ledger, &used, &total);
    percent = total == 0 ? 0 : used * 100 / total;
    findings_add(&doctor->findings, &ledger_check,
                 percent >= STORE_FULL_PERCENT ? FINDINGS_BAD
                 : percent >= NOTE_PERCENT     ? FINDINGS_NOTE
                                               : FINDINGS_GOOD,
                 percent >= NOTE_PERCENT ? &larger : NULL,
                 "đã dùng %" PRIu64 " %% chỗ (thôi nhận số liệu từ %u %%)",
                 "%" PRIu64
                 " %% of the room is used (nothing is taken from %u %%)",
                 percent, STORE_FULL_PERCENT);
}

/* An entry of a later time than now: the clock was set back. */
static void look_at_end(struct doctor *doctor,
                        const struct ledger_snapshot *snapshot)
{
    static const struct language_text set_it = {
        "chỉnh giờ của máy; trung tâm không ký mốc nào lùi thời gian",
        "set the clock; the collector signs nothing that goes back in time"};
    uint64_t size = ledger_snapshot_size(snapshot);
    struct entry entry;
    char moment[TEXT_MOMENT_MAX];

    if (size == 0 || ledger_entry(snapshot, size - 1, &entry) != STATUS_OK) {
        return; /* damage is told by itself */
    }
    text_format_clock(entry.received_at, doctor->findings.language, moment);
    if (entry.received_at > clock_wall_us(&doctor->clock) + CLOCK_BEHIND_US) {
        findings_add(&doctor->findings, &ledger_check, FINDINGS_BAD, &set_it,
                     "mục cuối ghi lúc %s, sau giờ của máy này",
                     "the last entry is of %s, after this machine's clock",
                     moment);
    } else {
        findings_add(&doctor->findings, &ledger_check, FINDINGS_GOOD, NULL,
                     "%" PRIu64 " mục, mục cuối lúc %s",
                     "%" PRIu64 " entries, the last of %s", size, moment);
    }
}

/* ---- what it has lost ---- */

/* When the ledger was begun; 0: that cannot be read. */
static int64_t began_at(const struct ledger_snapshot *snapshot)
{
    struct entry first;

    return ledger_entry(snapshot, 0, &first) == STATUS_OK ? first.received_at
                                                          : 0;
}

static void look_at_damage(struct doctor *doctor,
                           const struct ledger_snapshot *snapshot)
{
    static const struct findings_check check = {"damage",
                                                {"Hư hỏng", "Damage"}};
    static const struct language_text see = {
        "tallyline-collector status nói mục nào; trung tâm tự xin lại từ trạm "
        "đã gửi",
        "tallyline-collector status says which entries; the collector asks the "
        "offices for them again"};
    static const struct language_text scrub = {
        "đặt scrub_mib_s lớn hơn 0 trong collector.yaml và để trung tâm chạy "
        "qua đêm",
        "let scrub_mib_s be above 0 in collector.yaml, and the collector run "
        "through the night"};
    struct ledger_scrubbed scrubbed = {0};
    struct ledger_damage damage;
    char moment[TEXT_MOMENT_MAX];
    bool known = ledger_scrubbed(snapshot, &scrubbed) == STATUS_OK;
    int64_t from = known ? scrubbed.ended_at : began_at(snapshot);

    if (ledger_next_damage(snapshot, 0, &damage) == STATUS_OK) {
        findings_add(
            &doctor->findings, &check, FINDINGS_BAD, &see,
            "có mục bị hỏng chưa chữa được, đầu tiên là mục %" PRIu64,
            "damaged entries are not healed yet, the first is %" PRIu64,
            damage.index);
    } else if (clock_wall_us(&doctor->clock) - from > OLD_SCRUB_US) {
        findings_add(&doctor->findings, &check, FINDINGS_NOTE, &scrub,
                     "chưa soát lại toàn bộ trong 7 ngày qua",
                     "nothing was read again within 7 days");
    } else if (!known) {
        findings_add(&doctor->findings, &check, FINDINGS_GOOD, NULL,
                     "chưa thấy; chưa tới lần soát đầu tiên",
                     "none is known; all was never read again so far");
    } else {
        text_format_clock(scrubbed.ended_at, doctor->findings.language, moment);
        findings_add(&doctor->findings, &check, FINDINGS_GOOD, NULL,
                     "không có; soát lần cuối lúc %s",
                     "none; all was read again at %s", moment);
    }
}

static void look_at_cold(struct doctor *doctor,
                         const struct ledger_snapshot *snapshot)
{
    static const struct findings_check check = {"cold",
                                                {"Tệp lưu lạnh", "Cold files"}};
    static const struct language_text see = {
        "tallyline-collector status nói tệp nào; lấy lại từ bản sao lưu",
        "tallyline-collector status says which; take them from a backup"};
    struct cold_moves moves = {.list = NULL};
    struct cold_files files = {.list = NULL};
    size_t wrong = 0;

    if (cold_moves_read(snapshot, &moves) == STATUS_OK && moves.count > 0 &&
        cold_files_read(ledger_cold_folder(doctor->reading.ledger), &files) ==
            STATUS_OK) {
        for (size_t i = 0; i < moves.count; i++) {
            uint32_t number = 0;

            wrong += cold_moves_look(snapshot, &files, &moves.list[i],
                                     &number) != STATUS_OK;
        }
        findings_add(&doctor->findings, &check,
                     wrong > 0 ? FINDINGS_BAD : FINDINGS_GOOD,
                     wrong > 0 ? &see : NULL, "%zu tệp, %zu thiếu hoặc hỏng",
                     "%zu files, %zu missing or damaged", moves.count, wrong);
    }
    cold_files_free(&files);
    cold_moves_free(&moves);
}

static void look_at_backup(struct doctor *doctor)
{
    static const struct findings_check check = {"backup",
                                                {"Sao lưu", "Backup"}};
    static const struct language_text make = {
        "tallyline-collector backup THƯ_MỤC trên ổ đĩa khác, mỗi đêm một lần",
        "tallyline-collector backup DIR on another disk, once a night"};
    const struct context_backup *backup =
        context_backup(province_context(doctor->reading.province));
    char moment[TEXT_MOMENT_MAX];
    bool old;

    if (backup == NULL) {
        findings_add(&doctor->findings, &check, FINDINGS_NOTE, &make,
                     "chưa sao lưu lần nào", "there was none so far");
        return;
    }
    old = clock_wall_us(&doctor->clock) - backup->made_at > OLD_BACKUP_US;
    text_format_clock(backup->made_at, doctor->findings.language, moment);
    findings_add(&doctor->findings, &check, old ? FINDINGS_NOTE : FINDINGS_GOOD,
                 old ? &make : NULL, "lần cuối %s", "the last was at %s",
                 moment);
}

void doctor_ledger(struct doctor *doctor)
{
    static const struct language_text keep = {
        "đừng xóa tệp nào; xem docs/RECOVERY.md",
        "remove no file; see docs/RECOVERY.md"};
    struct ledger_snapshot *snapshot = NULL;
    enum status status = reading_open(doctor->args, &doctor->reading);

    doctor->has_ledger = status == STATUS_OK;
    if (status == STATUS_OK) {
        status = ledger_snapshot_open(doctor->reading.ledger, &snapshot);
    }
    if (status != STATUS_OK) {
        findings_add(&doctor->findings, &ledger_check, FINDINGS_BAD, &keep,
                     "%s: %s", "%s: %s", doctor->directory.ledger,
                     status_text(status, doctor->findings.language));
        return;
    }
    look_at_room(doctor);
    look_at_end(doctor, snapshot);
    look_at_damage(doctor, snapshot);
    look_at_cold(doctor, snapshot);
    look_at_backup(doctor);
    ledger_snapshot_close(&snapshot);
}

void doctor_close(struct doctor *doctor)
{
    live_close(&doctor->live);
    reading_close(&doctor->reading);
}
