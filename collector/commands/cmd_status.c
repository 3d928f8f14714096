/* status: is the collector up, does it have room, who is heard of, what does
 * not count and why. Figures and outcomes are folded here, from the ledger as
 * it is; what only the running collector knows is asked of it. */
#include "collector/commands/commands.h"
#include "collector/commands/status_cold.h"
#include "collector/commands/status_damage.h"
#include "collector/commands/status_feed.h"
#include "collector/commands/status_lists.h"
#include "collector/commands/status_recovery.h"
#include "collector/commands/status_witness.h"
#include "collector/line/agents.h"
#include "collector/line/live.h"
#include "common/base/listing.h"
#include "common/base/text.h"
#include "common/format/wire.h"
#include "common/reports/due_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PERCENT        100u
#define ALARM_TEXT_MAX 256u

static const struct listing_column agent_columns[] = {
    {"agent", {"Số hiệu", "Agent"}, LISTING_RIGHT},
    {"name", {"Trạm", "Name"}, LISTING_LEFT},
    {"link", {"Đường truyền", "Link"}, LISTING_LEFT},
    {"heard_at", {"Liên lạc lần cuối", "Last heard"}, LISTING_LEFT},
    {"waiting", {"Chờ gửi", "Waiting"}, LISTING_RIGHT},
    {"received", {"Đã nhận", "Received"}, LISTING_RIGHT},
    {"not_counted", {"Không tính", "Not counted"}, LISTING_RIGHT},
    {"refused", {"Từ chối", "Refused"}, LISTING_LEFT},
    {"alarms", {"Cảnh báo", "Alarms"}, LISTING_LEFT},
    {"clock_ahead_s",
     {"Đồng hồ nhanh (giây)", "Clock ahead, s"},
     LISTING_RIGHT},
    STATUS_WITNESS_COLUMNS,
};

/* ---- the head, text only ---- */

static void print_up(const struct args *args, const struct live *live)
{
    static const struct language_text up = {"trung tâm đang chạy",
                                            "the collector runs"};
    static const struct language_text down = {"trung tâm không chạy",
                                              "the collector does not run"};
    static const struct language_text silent = {
        "trung tâm đang chạy nhưng không trả lời",
        "the collector runs but does not answer"};
    const char *address = live_text(live->standing, "address");

    if (live->standing != NULL) {
        (void)printf("%s: %s\n", args_text(args, up),
                     address == NULL ? "" : address);
    } else {
        (void)printf("%s\n", args_text(args, live->runs ? silent : down));
    }
}

static void print_ledger(const struct args *args, const struct reading *reading,
                         const struct live *live)
{
    static const struct language_text ledger = {"số mục trong sổ cái",
                                                "entries in the ledger"};
    static const struct language_text room = {"dung lượng đã dùng",
                                              "room in use"};
    static const struct language_text full = {
        "HẾT CHỖ: ngừng nhận số liệu cho đến khi có chỗ",
        "FULL: nothing is taken in until there is room"};
    static const struct language_text last = {"lần ghi cuối", "last entry"};
    static const struct language_text computed = {
        "trung tâm đang tính số liệu, đã tới mục",
        "the collector is computing its figures, so far to entry"};
    const json_t *standing = json_object_get(live->standing, "ledger");
    const json_t *figures = json_object_get(live->standing, "figures");
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry;
    char moment[TEXT_MOMENT_MAX];
    uint64_t used = 0;
    uint64_t total = 0;
    uint64_t position = tally_position(reading->tally);

    ledger_room(reading->ledger, &used, &total);
    (void)printf("%s: %" PRIu64 "\n%s: %" PRIu64 "%%\n",
                 args_text(args, ledger), position, args_text(args, room),
                 total == 0 ? 0 : used * PERCENT / total);
    if (json_is_true(json_object_get(standing, "full"))) {
        (void)printf("%s\n", args_text(args, full));
    }
    if (json_is_false(json_object_get(figures, "complete"))) {
        (void)printf("%s: %" PRIu64 "\n", args_text(args, computed),
                     live_number(figures, "position"));
    }
    if (position > 0 &&
        ledger_snapshot_open(reading->ledger, &snapshot) == STATUS_OK &&
        ledger_entry(snapshot, position - 1, &entry) == STATUS_OK) {
        text_format_clock(entry.received_at, args->language, moment);
        (void)printf("%s: %s\n", args_text(args, last), moment);
    }
    ledger_snapshot_close(&snapshot);
}

static void print_backup(const struct args *args, const struct reading *reading)
{
    static const struct language_text none = {
        "CHƯA SAO LƯU lần nào: tallyline-collector backup",
        "NEVER BACKED UP so far: tallyline-collector backup"};
    static const struct language_text last = {"sao lưu cuối", "last backup"};
    static const struct language_text up_to = {"số mục đã sao lưu",
                                               "entries backed up"};
    static const struct language_text since = {"số mục từ đó đến nay",
                                               "entries since"};
    const struct context_backup *backup =
        context_backup(province_context(reading->province));
    char moment[TEXT_MOMENT_MAX];

    if (backup == NULL) {
        (void)printf("%s\n", args_text(args, none));
        return;
    }
    text_format_clock(backup->made_at, args->language, moment);
    (void)printf("%s: %s; %s: %" PRIu64 "; %s: %" PRIu64 "\n",
                 args_text(args, last), moment, args_text(args, up_to),
                 backup->mark.up_to_index, args_text(args, since),
                 tally_position(reading->tally) - backup->mark.up_to_index);
}

/* ---- agents ---- */

static void alarms_of(const json_t *alarms, char text[ALARM_TEXT_MAX])
{
    size_t used = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < AGENTS_ALARM_END; i++) {
        const char *token = agents_alarm_token((enum agents_alarm)i);
        uint64_t count = live_number(alarms, token);

        if (count > 0 && used < ALARM_TEXT_MAX) {
            (void)snprintf(text + used, ALARM_TEXT_MAX - used, "%s%s=%" PRIu64,
                           used > 0 ? " " : "", token, count);
            used = strlen(text);
        }
    }
}

static void text_or_none(struct listing *listing, const char *text)
{
    if (text == NULL || *text == '\0') {
        listing_none(listing);
    } else {
        listing_text(listing, text);
    }
}

/* Events of all epochs that came in. */
static uint64_t received(const struct ledger_snapshot *snapshot,
                         const struct context_agent *agent)
{
    struct ledger_stream stream;
    uint64_t count = 0;

    for (uint32_t i = 0; i < agent->epoch_count; i++) {
        if (ledger_stream(snapshot, &agent->id, &agent->epochs[i].id,
                          &stream) == STATUS_OK) {
            count += stream.next_seq - 1;
        }
    }
    return count;
}

static const char *link_state(const struct args *args, const struct live *live,
                              const json_t *line,
                              const struct context_agent *agent)
{
    static const struct {
        const char *token;
        struct language_text text;
    } states[] = {
        {"revoked", {"đã thu hồi", "revoked"}},
        {"invited", {"chưa đăng ký", "not joined yet"}},
        {"unknown", {"không rõ", "unknown"}},
        {"live", {"đang nối", "live"}},
        {"silent", {"mất liên lạc", "silent"}},
    };
    enum listing_format format = LISTING_TEXT;
    size_t i = agent->revoked                                ? 0
               : !agent->joined                              ? 1
               : live->standing == NULL                      ? 2
               : json_is_true(json_object_get(line, "live")) ? 3
                                                             : 4;

    (void)!listing_format_given(args, &format);
    return format == LISTING_TEXT ? args_text(args, states[i].text)
                                  : states[i].token;
}

static void print_agent(const struct args *args, const struct reading *reading,
                        const struct ledger_snapshot *snapshot,
                        const struct live *live,
                        const struct context_agent *agent,
                        struct listing *listing)
{
    const json_t *line = live_agent(live, agent->number);
    uint32_t refusal = (uint32_t)live_number(line, "refusal");
    int64_t ahead = json_integer_value(json_object_get(line, "clock_ahead"));
    char alarms[ALARM_TEXT_MAX];

    alarms_of(json_object_get(line, "alarms"), alarms);
    listing_number(listing, agent->number);
    listing_text(listing, agent->name);
    listing_text(listing, link_state(args, live, line, agent));
    listing_moment(listing, (int64_t)live_number(line, "heard_at"));
    if (live_number(line, "beat_at") != 0) {
        listing_count(listing, live_number(line, "waiting"));
    } else {
        listing_none(listing);
    }
    listing_count(listing, received(snapshot, agent));
    listing_count(listing, fold_results(tally_fold(reading->tally),
                                        agent->number, NULL, 0));
    text_or_none(listing, refusal == 0 ? NULL : wire_refusal_token(refusal));
    text_or_none(listing, alarms);
    if (wire_clocks_differ(ahead)) {
        listing_number(listing, ahead / CLOCK_US_PER_S);
    } else {
        listing_none(listing);
    }
    status_witness_put(snapshot, agent->number, listing);
}

static enum status print_agents(const struct args *args,
                                const struct reading *reading,
                                const struct live *live,
                                enum listing_format format)
{
    const struct context *context = province_context(reading->province);
    struct ledger_snapshot *snapshot = NULL;
    struct listing *listing = NULL;
    enum status status = listing_open(
        format, args->language, agent_columns,
        sizeof agent_columns / sizeof agent_columns[0], stdout, &listing);
    enum status closed;

    if (status == STATUS_OK) {
        status = ledger_snapshot_open(reading->ledger, &snapshot);
    }
    for (size_t i = 0; status == STATUS_OK && i < context_agent_count(context);
         i++) {
        print_agent(args, reading, snapshot, live, context_agent_at(context, i),
                    listing);
    }
    ledger_snapshot_close(&snapshot);
    closed = listing_close(&listing);
    return status == STATUS_OK ? closed : status;
}

/* What the codes of the table mean, once each. */
static void explain(const struct args *args, const struct live *live)
{
    const json_t *agents = json_object_get(live->standing, "agents");

    for (size_t i = 0; i < json_array_size(agents); i++) {
        const json_t *line = json_array_get(agents, i);
        uint32_t refusal = (uint32_t)live_number(line, "refusal");

        if (refusal != 0) {
            (void)printf("  %" PRIu64 ": %s: %s\n", live_number(line, "number"),
                         wire_refusal_token(refusal),
                         wire_refusal_text(refusal, args->language));
        }
        for (unsigned k = 0; k < AGENTS_ALARM_END; k++) {
            const char *token = agents_alarm_token((enum agents_alarm)k);

            if (live_number(json_object_get(line, "alarms"), token) > 0) {
                (void)printf(
                    "  %" PRIu64 ": %s: %s\n", live_number(line, "number"),
                    token,
                    agents_alarm_text((enum agents_alarm)k, args->language));
            }
        }
    }
}

/* What came to the door and was not let in, or not understood. Nothing when
 * there was nothing. */
static void print_door(const struct args *args, const struct live *live)
{
    static const struct {
        const char *key;
        struct language_text text;
    } counts[] = {
        {"strangers",
         {"kết nối bằng khóa lạ bị từ chối", "links refused for unknown keys"}},
        {"failed", {"bắt tay hỏng", "handshakes that failed"}},
        {"accept_failed",
         {"kết nối không nhận được", "connections that could not be taken"}},
        {"cut",
         {"đường truyền bị cắt vì gửi quá giới hạn",
          "links ended for sending beyond the limits"}},
        {"nameless",
         {"thông điệp không rõ người gửi", "messages without a known sender"}},
        {"oversized",
         {"thông điệp quá giới hạn", "messages beyond the limits"}},
        {"malformed",
         {"thông điệp không đọc được", "messages that were not understood"}},
    };
    const json_t *links = json_object_get(live->standing, "links");

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        uint64_t count = live_number(links, counts[i].key);

        if (count > 0) {
            (void)printf("%s: %" PRIu64 "\n", args_text(args, counts[i].text),
                         count);
        }
    }
}

/* ---- the command ---- */

static enum status print_overview(const struct args *args,
                                  const struct reading *reading,
                                  enum listing_format format)
{
    struct live live;
    enum status status = live_open(&reading->directory, &live);

    if (status != STATUS_OK && status != STATUS_BUSY) {
        return command_fail(args, reading->directory.path, status);
    }
    if (format == LISTING_TEXT) {
        print_up(args, &live);
        status_print_recovery(args, &live);
        print_ledger(args, reading, &live);
        print_backup(args, reading);
        status_witness_head(args, reading, &live);
        status_damage(args, reading->ledger, stdout);
        status_cold(args, reading->ledger, stdout);
        print_door(args, &live);
        status_feed(args, &live);
        (void)printf("\n");
    }
    status = print_agents(args, reading, &live, format);
    if (status == STATUS_OK && format == LISTING_TEXT) {
        explain(args, &live);
        status_witness_explain(args, reading);
        (void)printf("\n");
        status = status_list_totals(args, reading, format);
    }
    live_close(&live);
    return status;
}

/* There may be nothing to fold yet. */
static enum status print_recovery(const struct args *args,
                                  enum listing_format format)
{
    struct directory directory;
    struct live live = {.runs = false};
    enum status status = command_directory(args, &directory);

    if (status == STATUS_OK) {
        status = live_open(&directory, &live);
    }
    if (status == STATUS_OK) {
        status = status_list_recovery(args, &live, format);
    }
    live_close(&live);
    return status;
}

/* Who has reported a period, of all plans, as of today. */
static enum status print_reported(const struct args *args,
                                  struct reading *reading,
                                  enum listing_format format)
{
    struct due_request request = {.plan = NULL};
    struct clock clock;

    clock_init_real(&clock);
    request.on = clock_today(&clock);
    return command_list_due(args, reading, &request, format);
}

enum status cmd_status(const struct args *args, void *context)
{
    enum listing_format format = LISTING_TEXT;
    struct reading reading;
    uint32_t agent = 0;
    const char *text = args_value(args, "agent");
    enum status status = listing_format_given(args, &format);

    (void)context;
    if (status == STATUS_OK && text != NULL) {
        status = command_agent_number(args, text, &agent);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (args_flag(args, "recovery")) {
        return print_recovery(args, format);
    }
    status = reading_open(args, &reading);
    if (status == STATUS_OK) {
        status = reading_fold(args, &reading);
        if (status == STATUS_CORRUPT) {
            status_damage(args, reading.ledger, args->err);
        } else if (status == STATUS_AWAY) {
            status_cold(args, reading.ledger, args->err);
        }
    }
    if (status == STATUS_OK) {
        if (args_value(args, "period") != NULL) {
            status = print_reported(args, &reading, format);
        } else if (args_flag(args, "outcomes")) {
            status = status_list_outcomes(args, &reading, agent, format);
        } else if (args_flag(args, "totals")) {
            status = status_list_totals(args, &reading, format);
        } else if (args_flag(args, "review")) {
            status = status_list_review(args, &reading, agent, format);
        } else {
            status = print_overview(args, &reading, format);
        }
    }
    reading_close(&reading);
    return status;
}
