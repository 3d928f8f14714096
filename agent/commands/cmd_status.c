/* tallyline-agent status: how the office stands, in plain words, whether or
 * not the service runs. Exit code 1 when the line stands still until somebody
 * acts, or the province's ledger is not what it was, so that a script need not
 * read the words. */
#include "agent/commands/answer.h"
#include "agent/commands/commands.h"
#include "agent/commands/status_backup.h"
#include "agent/commands/status_clock.h"
#include "agent/commands/status_page.h"
#include "agent/commands/status_witness.h"
#include "agent/office/collectors_look.h"
#include "agent/office/standing.h"
#include "common/base/listing.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/format/wire.h"

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

struct shown {
    struct standing standing;
    struct spool_backup backup;
    struct spool_history history;
    struct collector_look others[CONFIG_OTHERS_MAX];
    size_t other_count;
};

static const char *pick(const struct standing *standing, const char *vi,
                        const char *en)
{
    return standing->office->language == LANGUAGE_EN ? en : vi;
}

static enum status look(const struct office *office, struct shown *shown)
{
    bool service = office_poke(office);
    int64_t now = clock_wall_us(clock_real());
    enum status rc = standing_look(office, service, now, &shown->standing);

    if (rc == STATUS_OK) {
        rc = spool_backup(office->spool, &shown->backup);
    }
    if (rc == STATUS_OK) {
        rc = spool_history(office->spool, &shown->history);
    }
    shown->other_count = office->config.other_count;
    for (size_t i = 0; rc == STATUS_OK && i < shown->other_count; i++) {
        rc = collectors_look(office, i + 1, service, now, &shown->others[i]);
    }
    return rc;
}

/* ---- words ---- */

static void print_moment(const struct standing *standing, const char *vi,
                         const char *en, int64_t moment)
{
    char text[TEXT_MOMENT_MAX];

    if (moment != 0) {
        text_format_clock(moment, standing->office->language, text);
        (void)printf("%s: %s\n", pick(standing, vi, en), text);
    }
}

static void print_line(const struct standing *standing)
{
    const struct spool_link *link = &standing->link;
    enum standing_line line = standing_line(standing);
    char text[STANDING_TEXT_MAX];

    standing_line_text(standing, standing->office->language, text);
    (void)printf("%s\n", text);
    if (line == STANDING_DOWN) {
        print_moment(standing, "Mất kết nối từ", "Down since", link->lost_at);
    } else if (line == STANDING_REFUSED) {
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
    char text[STANDING_TEXT_MAX];

    standing_room_text(standing, standing->office->language, text);
    (void)printf("%s: %s\n", pick(standing, "Chỗ còn lại", "Room left"), text);
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

static void print_text(const struct shown *shown)
{
    const struct standing *standing = &shown->standing;
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
    status_backup_print(&shown->backup, office->language);
    status_history_print(&shown->history, office->language);
    for (size_t i = 0; i < shown->other_count; i++) {
        char text[STANDING_TEXT_MAX];

        collectors_look_text(&shown->others[i], office->language, text);
        (void)printf("%s: %s\n",
                     pick(standing, "Trung tâm khác", "Another collector"),
                     text);
    }
    print_room(standing);
    print_plans(standing);
    status_page_print(office);
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

static void put_row(const struct shown *shown, struct listing *listing)
{
    const struct standing *standing = &shown->standing;
    const struct spool_backup *backup = &shown->backup;
    const struct spool_history *history = &shown->history;
    const struct spool_counts *counts = &standing->counts;
    char id[EVENT_ID_TEXT_MAX];

    listing_number(listing, standing->office->identity.agent_number);
    listing_number(listing, standing->office->identity.epoch_ordinal);
    listing_text(listing, standing->service ? "running" : "stopped");
    listing_text(listing, standing_line_token(standing_line(standing)));
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
    listing_count(listing, backup->backed_up);
    listing_count(listing, backup->removed);
    if (backup->kept_from != 0) {
        event_id_format(backup->kept_from, id);
        listing_text(listing, id);
    } else {
        listing_none(listing);
    }
    if (history->wanted) {
        listing_text(listing, history->done ? "whole" : "coming");
        listing_count(listing, history->events);
    } else {
        listing_none(listing);
        listing_none(listing);
    }
    status_witness_put(&standing->witness, clock_wall_us(clock_real()),
                       listing);
}

static enum status print_row(const struct shown *shown,
                             enum listing_format format)
{
    struct listing *listing = NULL;
    enum status rc =
        listing_open(format, shown->standing.office->language, columns,
                     sizeof columns / sizeof columns[0], stdout, &listing);

    if (rc == STATUS_OK) {
        put_row(shown, listing);
        rc = listing_close(&listing);
    }
    return rc;
}

enum status cmd_status(const struct args *args, void *context)
{
    struct shown shown;
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
    rc = look(office, &shown);
    if (rc == STATUS_OK && format == LISTING_TEXT) {
        print_text(&shown);
    } else if (rc == STATUS_OK) {
        rc = print_row(&shown, format);
    }
    if (rc != STATUS_OK) {
        rc = answer_failure(args, office, rc);
    } else if (shown.standing.link.frozen != SPOOL_RUNNING ||
               standing_alarm(&shown.standing.witness)) {
        rc = STATUS_REFUSED;
    }
    office_close(&office);
    return rc;
}
