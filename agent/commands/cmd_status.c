/* tallyline-agent status: how the office stands, in plain words, whether or
 * not the service runs. Exit code 1 when the line stands still until somebody
 * acts, or the province's ledger is not what it was, so that a script need not
 * read the words. */
#include "agent/commands/answer.h"
#include "agent/commands/commands.h"
#include "agent/commands/status_backup.h"
#include "agent/commands/status_clock.h"
#include "agent/commands/status_witness.h"
#include "common/base/listing.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/format/wire.h"
#include "common/store/store.h"

#include <stdio.h>

static const struct listing_column columns[] = {
    {"agent", {"Trạm", "Agent"}, LISTING_RIGHT},
    {"epoch", {"Đợt", "Epoch"}, LISTING_RIGHT},
    {"service", {"Dịch vụ", "Service"}, LISTING_LEFT},
    {"line", {"Đường truyền", "Line"}, LISTING_LEFT},
    {"refusal", {"Từ chối", "Refusal"}, LISTING_LEFT},
    {"connected_at", {"Kết nối lúc", "Connected at"}, LISTING_LEFT},
    {"heard_at", {"Liên lạc lúc", "Heard at"}, LISTING_LEFT},
    {"saved", {"Đã lưu", "Saved"}, LISTING_RIGHT},
    {"sent", {"Đang gửi", "On its way"}, LISTING_RIGHT},
    {"received", {"Đã nhận", "Received"}, LISTING_RIGHT},
    {"to_mend", {"Cần sửa", "To mend"}, LISTING_RIGHT},
    {"moved", {"Đã đổi mã", "Given a new id"}, LISTING_RIGHT},
    {"oldest_waiting", {"Chờ từ", "Waiting since"}, LISTING_LEFT},
    {"last_entry", {"Biên nhận cuối", "Last entry"}, LISTING_RIGHT},
    {"last_received_at", {"Nhận cuối lúc", "Last received at"}, LISTING_LEFT},
    {"bytes_used", {"Đã dùng", "Bytes used"}, LISTING_RIGHT},
    {"bytes_total", {"Tổng", "Bytes in all"}, LISTING_RIGHT},
    {"plan", {"Kế hoạch", "Plan"}, LISTING_LEFT},
    {"clock_ahead_s",
     {"Đồng hồ nhanh (giây)", "Clock ahead, s"},
     LISTING_RIGHT},
    {"backed_up", {"Đã sao lưu", "Backed up"}, LISTING_RIGHT},
    {"removed", {"Đã xóa bớt", "Not here any more"}, LISTING_RIGHT},
    {"kept_from", {"Còn đủ từ", "Whole from"}, LISTING_RIGHT},
    {"history", {"Số liệu cũ", "Own past"}, LISTING_LEFT},
    {"history_events", {"Đã về lại", "Come back"}, LISTING_RIGHT},
    STATUS_WITNESS_COLUMNS,
};

struct standing {
    const struct office *office;
    bool service;
    struct spool_link link;
    struct spool_counts counts;
    struct spool_backup backup;
    struct spool_history history;
    struct spool_witness witness;
    struct entry last;
    bool has_last;
};

static const char *pick(const struct standing *standing, const char *vi,
                        const char *en)
{
    return standing->office->language == LANGUAGE_EN ? en : vi;
}

static enum status look(const struct office *office, struct standing *standing)
{
    enum status rc = spool_link(office->spool, &standing->link);

    standing->office = office;
    standing->service = office_poke(office);
    if (rc == STATUS_OK) {
        rc = spool_counts(office->spool, &standing->counts);
    }
    if (rc == STATUS_OK) {
        rc = spool_backup(office->spool, &standing->backup);
    }
    if (rc == STATUS_OK) {
        rc = spool_history(office->spool, &standing->history);
    }
    if (rc == STATUS_OK) {
        rc = spool_witness(office->spool, &standing->witness);
    }
    if (rc == STATUS_OK) {
        rc = spool_last_receipt(office->spool, &standing->last);
        standing->has_last = rc == STATUS_OK;
        rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    return rc;
}

/* ---- words ---- */

/* Nobody keeps the line up while the service is away. */
static bool is_down(const struct standing *standing)
{
    return standing->link.lost_at != 0 || !standing->service;
}

/* One word for the state of the line. */
static const char *line_token(const struct standing *standing)
{
    const struct spool_link *link = &standing->link;

    switch (link->frozen) {
    case SPOOL_POSITION_TAKEN:
        return "position_taken";
    case SPOOL_REVOKED:
        return "revoked";
    case SPOOL_CHAIN_BROKEN:
        return "chain_broken";
    case SPOOL_RUNNING:
        break;
    }
    if (link->refusal != 0 && link->refused_at >= link->heard_at) {
        return "refused";
    }
    if (link->heard_at == 0) {
        return "never_connected";
    }
    return is_down(standing) ? "down" : "running";
}

static void print_moment(const struct standing *standing, const char *vi,
                         const char *en, int64_t moment)
{
    char text[TEXT_MOMENT_MAX];

    if (moment != 0) {
        text_format_clock(moment, standing->office->language, text);
        (void)printf("%s: %s\n", pick(standing, vi, en), text);
    }
}

static void print_up_or_down(const struct standing *standing)
{
    if (standing->link.heard_at == 0) {
        (void)printf("%s\n", pick(standing, "Chưa kết nối lần nào",
                                  "Never connected so far"));
    } else if (!is_down(standing)) {
        (void)printf("%s\n", pick(standing, "Đường truyền: đang nối",
                                  "Line: connected"));
    } else {
        (void)printf(
            "%s\n",
            pick(standing,
                 "Đường truyền: KHÔNG NỐI; số liệu đã lưu vẫn an toàn và sẽ tự "
                 "gửi khi nối lại",
                 "Line: DOWN; what was saved is safe and goes by itself when "
                 "the line is back"));
        print_moment(standing, "Mất kết nối từ", "Down since",
                     standing->link.lost_at);
    }
}

static void print_line(const struct standing *standing)
{
    const struct spool_link *link = &standing->link;

    switch (link->frozen) {
    case SPOOL_POSITION_TAKEN:
        (void)printf(
            "%s\n",
            pick(standing,
                 "Đường truyền ĐÃ DỪNG: tỉnh đã nhận số liệu khác mang cùng số "
                 "thứ tự, tức là có một máy khác chạy bản sao của dữ liệu này, "
                 "hoặc dữ liệu được khôi phục từ bản cũ. Hãy tắt máy kia rồi "
                 "chạy tallyline-agent recover.",
                 "The line STANDS STILL: the province has other events under "
                 "the same numbers: another machine runs a copy of this data, "
                 "or it was restored from an old copy. Stop that machine and "
                 "run tallyline-agent recover."));
        break;
    case SPOOL_REVOKED:
        (void)printf(
            "%s\n",
            pick(standing,
                 "Đường truyền ĐÃ DỪNG: tỉnh đã thu hồi quyền của trạm này. Số "
                 "liệu đã lưu vẫn còn; hãy liên hệ người quản trị của tỉnh.",
                 "The line STANDS STILL: the province has revoked this office. "
                 "What was saved is kept; call the province's "
                 "administrator."));
        break;
    case SPOOL_CHAIN_BROKEN:
        (void)printf(
            "%s\n",
            pick(standing,
                 "Đường truyền ĐÃ DỪNG: số liệu gửi đi không nối tiếp số liệu "
                 "tỉnh đã nhận. Hãy chạy tallyline-agent recover.",
                 "The line STANDS STILL: what was sent does not hang together "
                 "with what the province has. Run tallyline-agent recover."));
        break;
    case SPOOL_RUNNING:
        print_up_or_down(standing);
        break;
    }
    if (link->frozen == SPOOL_RUNNING && link->refusal != 0 &&
        link->refused_at >= link->heard_at) {
        (void)printf(
            "%s: %s\n", pick(standing, "Lần từ chối gần nhất", "Last refusal"),
            wire_refusal_text(link->refusal, standing->office->language));
        print_moment(standing, "Từ chối lúc", "Refused at", link->refused_at);
    }
    print_moment(standing, "Kết nối gần nhất", "Last connected",
                 link->connected_at);
    print_moment(standing, "Liên lạc gần nhất với trung tâm",
                 "Last heard the province", link->heard_at);
}

static void print_counts(const struct standing *standing)
{
    const struct spool_counts *counts = &standing->counts;
    enum language language = standing->office->language;
    char waiting[TEXT_NUMBER_MAX];
    char received[TEXT_NUMBER_MAX];
    char to_mend[TEXT_NUMBER_MAX];

    text_format_count(counts->saved + counts->sealed, language, waiting);
    text_format_count(counts->received + counts->to_mend, language, received);
    text_format_count(counts->to_mend, language, to_mend);
    (void)printf("%s: %s\n", pick(standing, "Chờ gửi", "Waiting"), waiting);
    print_moment(standing, "Chờ lâu nhất từ", "Waiting since",
                 counts->oldest_waiting);
    (void)printf("%s: %s\n", pick(standing, "Tỉnh đã nhận", "Received"),
                 received);
    if (counts->to_mend > 0) {
        (void)printf(
            "%s: %s (%s)\n", pick(standing, "Cần sửa", "To mend"), to_mend,
            pick(standing, "xem tallyline-agent outbox --state to_mend",
                 "see tallyline-agent outbox --state to_mend"));
    }
    if (standing->has_last) {
        char moment[TEXT_MOMENT_MAX];

        text_format_clock(standing->last.received_at,
                          standing->office->language, moment);
        (void)printf("%s: %s %llu, %s\n",
                     pick(standing, "Biên nhận cuối", "Last receipt"),
                     pick(standing, "số", "entry"),
                     (unsigned long long)standing->last.index, moment);
    }
}

static void print_room(const struct standing *standing)
{
    const struct spool_counts *counts = &standing->counts;
    uint64_t limit = counts->bytes_total / 100 * STORE_FULL_PERCENT;
    uint64_t left = counts->bytes_used < limit ? limit - counts->bytes_used : 0;
    char mebibytes[TEXT_NUMBER_MAX];

    text_format_count(left >> 20, standing->office->language, mebibytes);
    (void)printf("%s: %s MiB\n", pick(standing, "Chỗ còn lại", "Room left"),
                 mebibytes);
}

static void print_plans(const struct standing *standing)
{
    const struct context *context = standing->office->context;

    if (context_plan_count(context) == 0) {
        (void)printf("%s\n", pick(standing, "Kế hoạch: chưa nhận được",
                                  "Plan: none has come down yet"));
    }
    for (size_t i = 0; i < context_plan_count(context); i++) {
        const struct plan *plan = context_plan_at(context, i)->plan;

        (void)printf("%s: %s, %s\n", pick(standing, "Kế hoạch", "Plan"),
                     plan->number[0] != '\0' ? plan->number : plan->id,
                     language_pick(plan->title, standing->office->language));
    }
}

static void print_text(const struct standing *standing)
{
    const struct office *office = standing->office;

    (void)printf("%s: %s%s%u\n", pick(standing, "Văn phòng", "Office"),
                 office->config.office,
                 office->config.office[0] != '\0' ? ", " : "",
                 (unsigned)office->identity.agent_number);
    (void)printf("%s: %s\n", pick(standing, "Dịch vụ", "Service"),
                 standing->service
                     ? pick(standing, "đang chạy", "running")
                     : pick(standing, "không chạy", "not running"));
    print_line(standing);
    status_clock_print(standing->link.clock_ahead, office->language);
    print_counts(standing);
    status_witness_print(&standing->witness, clock_wall_us(clock_real()),
                         office->language);
    status_backup_print(&standing->backup, office->language);
    status_history_print(&standing->history, office->language);
    print_room(standing);
    print_plans(standing);
}

/* ---- files ---- */

/* The ids of all plans, parted by blanks. */
static void put_plans(const struct context *context, struct listing *listing)
{
    char text[CONTEXT_PLANS_MAX * CONTROL_NAME_MAX] = "";
    size_t size = 0;

    for (size_t i = 0; i < context_plan_count(context); i++) {
        int length = snprintf(text + size, sizeof text - size, "%s%s",
                              size == 0 ? "" : " ",
                              context_plan_at(context, i)->plan->id);

        size += length < 0 ? 0 : (size_t)length;
    }
    if (size == 0) {
        listing_none(listing);
    } else {
        listing_text(listing, text);
    }
}

static void put_row(const struct standing *standing, struct listing *listing)
{
    const struct spool_counts *counts = &standing->counts;
    char id[EVENT_ID_TEXT_MAX];

    listing_number(listing, standing->office->identity.agent_number);
    listing_number(listing, standing->office->identity.epoch_ordinal);
    listing_text(listing, standing->service ? "running" : "stopped");
    listing_text(listing, line_token(standing));
    if (standing->link.refusal != 0) {
        listing_text(listing, wire_refusal_token(standing->link.refusal));
    } else {
        listing_none(listing);
    }
    listing_moment(listing, standing->link.connected_at);
    listing_moment(listing, standing->link.heard_at);
    listing_count(listing, counts->saved);
    listing_count(listing, counts->sealed);
    listing_count(listing, counts->received);
    listing_count(listing, counts->to_mend);
    listing_count(listing, counts->moved);
    listing_moment(listing, counts->oldest_waiting);
    if (standing->has_last) {
        listing_number(listing, (int64_t)standing->last.index);
        listing_moment(listing, standing->last.received_at);
    } else {
        listing_none(listing);
        listing_none(listing);
    }
    listing_count(listing, counts->bytes_used);
    listing_count(listing, counts->bytes_total);
    put_plans(standing->office->context, listing);
    if (wire_clocks_differ(standing->link.clock_ahead)) {
        listing_number(listing, standing->link.clock_ahead / CLOCK_US_PER_S);
    } else {
        listing_none(listing);
    }
    listing_count(listing, standing->backup.backed_up);
    listing_count(listing, standing->backup.removed);
    if (standing->backup.kept_from != 0) {
        event_id_format(standing->backup.kept_from, id);
        listing_text(listing, id);
    } else {
        listing_none(listing);
    }
    if (standing->history.wanted) {
        listing_text(listing, standing->history.done ? "whole" : "coming");
        listing_count(listing, standing->history.events);
    } else {
        listing_none(listing);
        listing_none(listing);
    }
    status_witness_put(&standing->witness, clock_wall_us(clock_real()),
                       listing);
}

static enum status print_row(const struct standing *standing,
                             enum listing_format format)
{
    struct listing *listing = NULL;
    enum status rc =
        listing_open(format, standing->office->language, columns,
                     sizeof columns / sizeof columns[0], stdout, &listing);

    if (rc == STATUS_OK) {
        put_row(standing, listing);
        rc = listing_close(&listing);
    }
    return rc;
}

enum status cmd_status(const struct args *args, void *context)
{
    struct standing standing = {.office = NULL};
    enum listing_format format;
    struct office *office = NULL;
    enum status rc = listing_format_given(args, &format);

    (void)context;
    if (rc == STATUS_OK) {
        rc = office_open(args, &office);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = look(office, &standing);
    if (rc == STATUS_OK && format == LISTING_TEXT) {
        print_text(&standing);
    } else if (rc == STATUS_OK) {
        rc = print_row(&standing, format);
    }
    if (rc != STATUS_OK) {
        rc = answer_failure(args, office, rc);
    } else if (standing.link.frozen != SPOOL_RUNNING ||
               status_witness_alarm(&standing.witness)) {
        rc = STATUS_REFUSED;
    }
    office_close(&office);
    return rc;
}
