#include "collector/line/agents.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/fold/context.h"

#include <stdlib.h>
#include <string.h>

#define LINES_STEP 64u /* more when the table grows */

struct agents {
    const struct clock *clock;
    struct agent_line **lines;
    size_t count, room;
    bool hold; /* nobody is to send batches */
};

static const struct {
    const char *token;
    struct language_text text;
} alarms[] = {
    [AGENTS_POSITION_TAKEN] =
        {"position_taken",
         {"gửi số liệu khác mang số thứ tự đã có: máy có thể đã bị sao chép "
          "hoặc khôi phục từ bản cũ; văn phòng xử lý bằng lệnh recover",
          "other data at a sequence number that is taken: the machine may have "
          "been copied or rolled back; the office mends it with recover"}},
    [AGENTS_CHAIN_BROKEN] =
        {"chain_broken",
         {"lô số liệu không nối tiếp lô đã nhận trước đó",
          "a batch that does not follow the one received before it"}},
    [AGENTS_BAD_SIGNATURE] = {"bad_signature",
                              {"chữ ký của lô số liệu không đúng",
                               "the signature of a batch is wrong"}},
    [AGENTS_WRONG_AGENT] = {"wrong_agent",
                            {"gửi lô số liệu của trạm khác",
                             "sent a batch of another agent"}},
    [AGENTS_TWO_LINKS] =
        {"two_links",
         {"hai máy đang dùng cùng một khóa: có thể máy đã bị sao chép",
          "two machines use one key: it may have been copied"}},
    [AGENTS_ROLLED_BACK] =
        {"rolled_back",
         {"trạm có ít số liệu hơn số trung tâm đã nhận: có thể đã được khôi "
          "phục từ bản cũ",
          "the office has saved less than was received: it may have been "
          "rolled back"}},
};

const char *agents_alarm_token(enum agents_alarm alarm)
{
    check(alarm < AGENTS_ALARM_END);
    return alarms[alarm].token;
}

const char *agents_alarm_text(enum agents_alarm alarm, enum language language)
{
    check(alarm < AGENTS_ALARM_END);
    return language_pick(alarms[alarm].text, language);
}

struct agents *agents_new(const struct clock *clock)
{
    struct agents *agents = calloc(1, sizeof *agents);

    if (agents != NULL) {
        agents->clock = clock;
    }
    return agents;
}

void agents_free(struct agents **agents)
{
    if (*agents == NULL) {
        return;
    }
    for (size_t i = 0; i < (*agents)->count; i++) {
        documents_line_fini(&(*agents)->lines[i]->documents);
        free((*agents)->lines[i]->owed);
        free((*agents)->lines[i]);
    }
    free((*agents)->lines);
    free(*agents);
    *agents = NULL;
}

struct agent_line *agents_find(const struct agents *agents, uint32_t number)
{
    for (size_t i = 0; i < agents->count; i++) {
        if (agents->lines[i]->number == number) {
            return agents->lines[i];
        }
    }
    return NULL;
}

struct agent_line *agents_at(const struct agents *agents, size_t position)
{
    return position < agents->count ? agents->lines[position] : NULL;
}

struct agent_line *agents_line(struct agents *agents, uint32_t number)
{
    struct agent_line *line = agents_find(agents, number);

    if (line != NULL || agents->count == CONTEXT_AGENTS_MAX) {
        return line;
    }
    if (agents->count == agents->room) {
        size_t room = agents->room + LINES_STEP;
        struct agent_line **grown =
            realloc(agents->lines, room * sizeof(struct agent_line *));

        if (grown == NULL) {
            return NULL;
        }
        agents->lines = grown;
        agents->room = room;
    }
    line = calloc(1, sizeof *line);
    if (line != NULL) {
        line->number = number;
        documents_line_init(&line->documents);
        agents->lines[agents->count++] = line;
    }
    return line;
}

void agents_hear(struct agents *agents, struct agent_line *line,
                 const struct intake_route *route)
{
    int64_t now = clock_monotonic_us(agents->clock);

    line->heard_at = clock_wall_us(agents->clock);
    line->heard_mono = now;
    if (line->has_route && intake_route_equal(&line->route, route)) {
        return;
    }
    if (line->has_old_route && intake_route_equal(&line->old_route, route)) {
        if (now - line->route_since < AGENTS_OLD_LINK_US) {
            return;
        }
        agents_alarm(agents, line, AGENTS_TWO_LINKS, 0);
    }
    line->old_route = line->route;
    line->has_old_route = line->has_route;
    line->route = *route;
    line->has_route = true;
    line->route_since = now;
    line->welcomed = false;
}

bool agents_live(const struct agents *agents, const struct agent_line *line)
{
    return line->has_route &&
           clock_monotonic_us(agents->clock) - line->heard_mono < WIRE_DEAD_US;
}

void agents_alarm(struct agents *agents, struct agent_line *line,
                  enum agents_alarm alarm, uint64_t seq)
{
    line->alarms[alarm]++;
    line->alarm_at = clock_wall_us(agents->clock);
    log_warning("alarm", log_number("agent", line->number),
                log_text("what", agents_alarm_token(alarm)),
                log_number("seq", (int64_t)seq));
}

void agents_owe(struct agent_line *line, const uint8_t entries[][ENTRY_BYTES],
                size_t count)
{
    size_t room = AGENTS_OWED_MAX - line->owed_count;

    if (line->owed == NULL) {
        line->owed = malloc(AGENTS_OWED_MAX * sizeof *line->owed);
    }
    if (line->owed != NULL) {
        count = count < room ? count : room;
        memcpy(line->owed + line->owed_count, entries,
               count * sizeof *line->owed);
        line->owed_count += count;
    }
}

void agents_hold(struct agents *agents, bool hold)
{
    agents->hold = hold;
}

uint64_t agents_credit(const struct agents *agents)
{
    uint64_t live = 0;
    uint64_t share;

    if (agents->hold) {
        return 0;
    }
    for (size_t i = 0; i < agents->count; i++) {
        live += agents_live(agents, agents->lines[i]);
    }
    share = AGENTS_CREDIT_TOTAL / (live == 0 ? 1 : live);
    if (share > WIRE_CREDIT_BYTES) {
        share = WIRE_CREDIT_BYTES;
    }
    return share < AGENTS_CREDIT_LEAST ? AGENTS_CREDIT_LEAST : share;
}
