/* Failure modes: those of the spool; without a look there is nothing to say. */
#include "agent/office/standing.h"

#include "agent/line/witness.h"
#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ASKED_TIMES_MIN 3u /* of a proof that does not come */
#define MINUTE_US       (60 * CLOCK_US_PER_S)
#define HOUR_US         (60 * MINUTE_US)
#define HUNDRED         100u
#define RATE_EVENTS_MIN 10u /* fewer are no rate */

/* ---- room ---- */

/* How many events of the current epoch were recorded before a moment: they
 * stand in the order in which they were recorded, but for a clock that was
 * set. */
static enum status count_before(struct spool *spool,
                                const struct spool_identity *identity,
                                uint64_t last, int64_t moment, uint64_t *count)
{
    uint64_t low = 0, high = last;
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK && low < high) {
        uint64_t middle = low + (high - low + 1) / 2;
        struct event event;
        enum spool_state state;

        rc = spool_event(spool,
                         id60_make(identity->agent_number,
                                   identity->epoch_ordinal, (uint32_t)middle),
                         &event, &state);
        /* What has left the spool is older than what is here. */
        if (rc == STATUS_NOT_FOUND ||
            (rc == STATUS_OK && event.recorded_at < moment)) {
            rc = STATUS_OK;
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    *count = low;
    return rc;
}

/* When the first event that is here was recorded. */
static enum status first_moment(struct spool *spool, int64_t *moment)
{
    struct event event;
    enum spool_state state;
    uint64_t id;
    enum status rc = spool_next(spool, 0, &id, &event, &state);

    *moment = rc == STATUS_OK ? event.recorded_at : INT64_MAX;
    return rc;
}

/* Events a day, in hundredths; 0: nobody can tell. */
static enum status find_rate(struct standing *standing)
{
    struct spool *spool = standing->office->spool;
    struct spool_identity identity;
    int64_t from = standing->now - STANDING_RATE_DAYS * CLOCK_US_PER_DAY;
    int64_t first = 0;
    uint64_t last = 0, before = 0;
    enum status rc = first_moment(spool, &first);

    from = first > from ? first : from;
    if (rc == STATUS_OK) {
        rc = spool_identity(spool, &identity);
    }
    if (rc == STATUS_OK) {
        rc = spool_last_seq(spool, &last);
    }
    if (rc == STATUS_OK) {
        rc = count_before(spool, &identity, last, from, &before);
    }
    if (rc == STATUS_OK && last - before >= RATE_EVENTS_MIN &&
        standing->now - from >= STANDING_RATE_MIN_DAYS * CLOCK_US_PER_DAY) {
        standing->per_day_e2 = (last - before) * HUNDRED *
                               (uint64_t)CLOCK_US_PER_S /
                               (uint64_t)((standing->now - from) /
                                          (CLOCK_US_PER_DAY / CLOCK_US_PER_S));
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* What an event takes here until it is sealed, which may be never while there
 * is no line: its row, and room for its share of a batch. */
static uint64_t bytes_each(const struct spool_counts *counts, uint64_t events)
{
    uint64_t share = counts->saved > 0 ? counts->bytes_reserved / counts->saved
                                       : SPOOL_EVENT_OVERHEAD;

    return counts->bytes_used / events + share;
}

static enum status find_room(struct standing *standing)
{
    const struct spool_counts *counts = &standing->counts;
    uint64_t limit = counts->bytes_total / HUNDRED * STORE_FULL_PERCENT;
    uint64_t used = counts->bytes_used + counts->bytes_reserved;
    uint64_t events = counts->saved + counts->sealed + counts->received +
                      counts->to_mend + counts->moved;
    struct spool_standings standings;
    uint64_t days;
    enum status rc = spool_standings(standing->office->spool, &standings);

    standing->room_left = used < limit ? limit - used : 0;
    standing->days_left = STANDING_DAYS_UNKNOWN;
    if (rc == STATUS_OK) {
        rc = find_rate(standing);
    }
    events -=
        rc == STATUS_OK && standings.removed < events ? standings.removed : 0;
    if (rc == STATUS_OK && standing->per_day_e2 > 0 && events > 0 &&
        counts->bytes_used / events > 0) {
        days = standing->room_left / bytes_each(counts, events) * HUNDRED /
               standing->per_day_e2;
        standing->days_left =
            days < STANDING_DAYS_MAX ? (uint32_t)days : STANDING_DAYS_MAX;
    }
    return rc;
}

enum status standing_look(const struct office *office, bool service,
                          int64_t now, struct standing *standing)
{
    enum status rc;

    memset(standing, 0, sizeof *standing);
    standing->office = office;
    standing->service = service;
    standing->now = now;
    rc = spool_link(office->spool, &standing->link);
    if (rc == STATUS_OK) {
        rc = spool_counts(office->spool, &standing->counts);
    }
    if (rc == STATUS_OK) {
        rc = spool_witness(office->spool, &standing->witness);
    }
    if (rc == STATUS_OK) {
        rc = spool_last_receipt(office->spool, &standing->last);
        standing->has_last = rc == STATUS_OK;
        rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    return rc == STATUS_OK ? find_room(standing) : rc;
}

/* ---- the line ---- */

enum standing_line standing_line(const struct standing *standing)
{
    const struct spool_link *link = &standing->link;

    switch (link->frozen) {
    case SPOOL_POSITION_TAKEN:
        return STANDING_POSITION_TAKEN;
    case SPOOL_REVOKED:
        return STANDING_REVOKED;
    case SPOOL_CHAIN_BROKEN:
        return STANDING_CHAIN_BROKEN;
    case SPOOL_RUNNING:
        break;
    }
    if (link->refusal != 0 && link->refused_at >= link->heard_at) {
        return STANDING_REFUSED;
    }
    if (link->heard_at == 0) {
        return STANDING_NEVER;
    }
    return link->lost_at != 0 || !standing->service ? STANDING_DOWN
                                                    : STANDING_CONNECTED;
}

static const struct {
    const char *token;
    struct language_text text;
} lines[] = {
    [STANDING_CONNECTED] = {"running",
                            {"Đường truyền: đang nối", "Line: connected"}},
    [STANDING_DOWN] =
        {"down",
         {"Đường truyền: KHÔNG NỐI; số liệu đã lưu vẫn an toàn và sẽ tự gửi "
          "khi nối lại",
          "Line: DOWN; what was saved is safe and goes by itself when the line "
          "is back"}},
    [STANDING_NEVER] = {"never_connected",
                        {"Chưa kết nối lần nào", "Never connected so far"}},
    [STANDING_REFUSED] = {"refused", {"Tỉnh từ chối", "The province refuses"}},
    [STANDING_POSITION_TAKEN] =
        {"position_taken",
         {"Đường truyền ĐÃ DỪNG: tỉnh đã nhận số liệu khác mang cùng số thứ "
          "tự, tức là có một máy khác chạy bản sao của dữ liệu này, hoặc dữ "
          "liệu được khôi phục từ bản cũ. Hãy tắt máy kia rồi chạy "
          "tallyline-agent recover.",
          "The line STANDS STILL: the province has other events under the same "
          "numbers: another machine runs a copy of this data, or it was "
          "restored from an old copy. Stop that machine and run "
          "tallyline-agent recover."}},
    [STANDING_REVOKED] =
        {"revoked",
         {"Đường truyền ĐÃ DỪNG: tỉnh đã thu hồi quyền của trạm này. Số liệu "
          "đã lưu vẫn còn; hãy liên hệ người quản trị của tỉnh.",
          "The line STANDS STILL: the province has revoked this office. What "
          "was saved is kept; call the province's administrator."}},
    [STANDING_CHAIN_BROKEN] =
        {"chain_broken",
         {"Đường truyền ĐÃ DỪNG: số liệu gửi đi không nối tiếp số liệu tỉnh đã "
          "nhận. Hãy chạy tallyline-agent recover.",
          "The line STANDS STILL: what was sent does not hang together with "
          "what the province has. Run tallyline-agent recover."}},
};

const char *standing_line_token(enum standing_line line)
{
    return lines[line].token;
}

bool standing_is_frozen(enum standing_line line)
{
    return line >= STANDING_POSITION_TAKEN;
}

void standing_line_text(const struct standing *standing, enum language language,
                        char text[STANDING_TEXT_MAX])
{
    enum standing_line line = standing_line(standing);
    const char *words = language_pick(lines[line].text, language);

    if (line == STANDING_REFUSED) {
        (void)snprintf(text, STANDING_TEXT_MAX, "%s: %s", words,
                       wire_refusal_text(standing->link.refusal, language));
    } else {
        (void)snprintf(text, STANDING_TEXT_MAX, "%s", words);
    }
}

/* ---- for who has just saved something ---- */

/* "3 giờ": in the largest unit of which there are two. */
static void format_while(int64_t much, enum language language,
                         char text[STANDING_TEXT_MAX])
{
    static const struct {
        int64_t us;
        struct language_text text;
    } units[] = {
        {CLOCK_US_PER_DAY, {"ngày", "days"}},
        {HOUR_US, {"giờ", "hours"}},
        {MINUTE_US, {"phút", "minutes"}},
    };
    size_t unit = 0;

    while (much < 2 * units[unit].us &&
           unit + 1 < sizeof units / sizeof units[0]) {
        unit++;
    }
    (void)snprintf(text, STANDING_TEXT_MAX, "%" PRId64 " %s",
                   much > 0 ? much / units[unit].us : 0,
                   language_pick(units[unit].text, language));
}

/* Adds a sentence. */
static void add(char text[STANDING_TEXT_MAX], const char *sentence)
{
    size_t size = strlen(text);

    (void)snprintf(text + size, STANDING_TEXT_MAX - size, "%s%s",
                   size > 0 ? " " : "", sentence);
}

static void add_waiting(const struct standing *standing, enum language language,
                        char text[STANDING_TEXT_MAX])
{
    static const struct language_text none = {
        "Tỉnh đã nhận tất cả những gì đã lưu trên máy này.",
        "The province has received all that is saved on this machine."};
    const struct spool_counts *counts = &standing->counts;
    uint64_t waiting = counts->saved + counts->sealed;
    char count[TEXT_NUMBER_MAX], moment[TEXT_MOMENT_MAX];
    char sentence[STANDING_TEXT_MAX];

    if (waiting == 0) {
        add(text, counts->received + counts->to_mend > 0
                      ? language_pick(none, language)
                      : "");
        return;
    }
    text_format_count(waiting, language, count);
    text_format_clock(counts->oldest_waiting, language, moment);
    (void)snprintf(
        sentence, sizeof sentence,
        language == LANGUAGE_EN
            ? "%s events are saved on this machine and wait to be sent, the "
              "oldest since %s."
            : "%s sự kiện đã lưu trên máy này và chờ gửi, lâu nhất từ %s.",
        count, moment);
    add(text, sentence);
}

static void add_down(const struct standing *standing, enum language language,
                     char text[STANDING_TEXT_MAX])
{
    int64_t since = standing->link.lost_at != 0 ? standing->link.lost_at
                                                : standing->link.heard_at;
    char moment[TEXT_MOMENT_MAX], much[STANDING_TEXT_MAX];

    text_format_clock(since, language, moment);
    format_while(standing->now - since, language, much);
    (void)snprintf(
        text, STANDING_TEXT_MAX,
        language == LANGUAGE_EN
            ? "No connection to the province since %s (%s). What was "
              "saved is safe and goes by itself when the line is back."
            : "Mất kết nối với tỉnh từ %s (%s). Số liệu đã lưu vẫn an toàn và "
              "sẽ tự gửi khi nối lại.",
        moment, much);
}

void standing_sentence(const struct standing *standing, enum language language,
                       char text[STANDING_TEXT_MAX])
{
    static const struct language_text connected = {
        "Đang nối với tỉnh.", "Connected to the province."};
    static const struct language_text never = {
        "Chưa kết nối với tỉnh lần nào. Số liệu đã lưu nằm an toàn trên máy "
        "này và sẽ tự gửi khi nối được.",
        "Never connected to the province so far. What was saved is safe on "
        "this machine and goes by itself once there is a connection."};

    text[0] = '\0';
    switch (standing_line(standing)) {
    case STANDING_CONNECTED:
        add(text, language_pick(connected, language));
        break;
    case STANDING_NEVER:
        add(text, language_pick(never, language));
        break;
    case STANDING_DOWN:
        add_down(standing, language, text);
        break;
    default:
        standing_line_text(standing, language, text);
        break;
    }
    add_waiting(standing, language, text);
}

void standing_room_text(const struct standing *standing, enum language language,
                        char text[STANDING_TEXT_MAX])
{
    char mebibytes[TEXT_NUMBER_MAX], count[TEXT_NUMBER_MAX];

    text_format_count(standing->room_left >> 20, language, mebibytes);
    text_format_count(standing->days_left, language, count);
    if (standing->days_left == STANDING_DAYS_UNKNOWN) {
        (void)snprintf(text, STANDING_TEXT_MAX,
                       language == LANGUAGE_EN ? "%s MiB" : "%s MiB",
                       mebibytes);
    } else if (standing->days_left == STANDING_DAYS_MAX) {
        (void)snprintf(
            text, STANDING_TEXT_MAX,
            language == LANGUAGE_EN
                ? "%s MiB, enough for more than 10 years at the present rate"
                : "%s MiB, đủ cho hơn 10 năm nữa nếu ghi như hiện nay",
            mebibytes);
    } else {
        (void)snprintf(
            text, STANDING_TEXT_MAX,
            language == LANGUAGE_EN
                ? "%s MiB, enough for about %s more days at the rate of the "
                  "last %d"
                : "%s MiB, đủ cho khoảng %s ngày nữa nếu ghi như %d ngày qua",
            mebibytes, count, STANDING_RATE_DAYS);
    }
}

/* ---- the province's ledger ---- */

const struct language_text standing_behind = {
    "Sổ cái của tỉnh ĐANG THIẾU so với những gì máy này đã thấy. Tỉnh vừa "
    "khôi phục từ bản cũ thì như vậy; máy này giữ đủ số liệu của văn phòng "
    "và tự gửi lại. Nếu kéo dài, hãy báo người quản trị của tỉnh",
    "The province's ledger IS BEHIND what this machine has seen. So it is "
    "after a restore from an older copy; this machine keeps all that the "
    "office has recorded and sends it again by itself. If it lasts, tell "
    "the administrator of the province"};
const struct language_text standing_not_shown = {
    "Tỉnh CHƯA CHỨNG MINH được biên nhận này có trong sổ cái, dù đã hỏi "
    "nhiều lần. Hãy báo người quản trị của tỉnh; mục",
    "The province HAS NOT SHOWN that this receipt is in the ledger, though "
    "it was asked again and again. Tell the administrator of the province; "
    "entry"};

bool standing_alarm(const struct spool_witness *witness)
{
    return witness->reason != 0 && witness->settled == 0;
}

bool standing_unanswered(const struct spool_witness *witness, int64_t now)
{
    return witness->asked_times >= ASKED_TIMES_MIN &&
           now - witness->asked_since >= CLOCK_US_PER_DAY;
}

const char *standing_ledger_token(const struct spool_witness *witness,
                                  int64_t now)
{
    if (standing_alarm(witness)) {
        return witness_reason_token(witness->reason);
    }
    if (witness->behind != 0) {
        return "behind";
    }
    return standing_unanswered(witness, now) ? "unanswered" : "good";
}

void standing_ledger_text(const struct standing *standing,
                          enum language language, char text[STANDING_TEXT_MAX])
{
    const struct spool_witness *witness = &standing->witness;

    text[0] = '\0';
    if (standing_alarm(witness)) {
        add(text, witness_reason_text(witness->reason, language));
    } else if (witness->behind != 0) {
        add(text, language_pick(standing_behind, language));
    } else if (standing_unanswered(witness, standing->now)) {
        char entry[TEXT_NUMBER_MAX];

        (void)snprintf(entry, sizeof entry, "%" PRIu64, witness->asked);
        add(text, language_pick(standing_not_shown, language));
        add(text, entry);
    }
}
