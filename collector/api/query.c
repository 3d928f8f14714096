#include "collector/api/query.h"

#include <stdlib.h>
#include <string.h>

#include "collector/api/roles.h"
#include "common/base/text.h"
#include "common/event/period.h"
#include "common/event/reference.h"
#include "common/reports/form_days.h"

void query_init(struct query *query, enum query_kind kind,
                const struct http_who *who)
{
    memset(query, 0, sizeof *query);
    query->kind = kind;
    query->from = QUERY_DAY_ABSENT;
    query->to = QUERY_DAY_ABSENT;
    query->units_on = QUERY_DAY_ABSENT;
    query->on = QUERY_DAY_ABSENT;
    query->limit = QUERY_LIMIT;
    query->reader.mends = who->role != ROLE_VIEWER;
    if (who->role == ROLE_DISTRICT) {
        query->reader.home = (uint32_t)who->scope;
        query->reader.figures.kind = FIGURE_READER_UNIT;
        query->reader.figures.unit = (uint32_t)who->scope;
    } else if (who->role == ROLE_AUDITOR || who->role == ROLE_ADMIN) {
        query->reader.figures.kind = FIGURE_READER_AUDIT;
    }
}

bool query_equal(const struct query *a, const struct query *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* ---- parameters ---- */

static bool copy(const char *text, char *to, size_t room)
{
    size_t size = strlen(text);

    if (size == 0 || size >= room) {
        return false;
    }
    memcpy(to, text, size);
    return true;
}

static bool read_plan(const char *text, struct query *query)
{
    return copy(text, query->plan, sizeof query->plan);
}

static bool read_unit(const char *text, struct query *query)
{
    return copy(text, query->unit, sizeof query->unit);
}

static bool read_day(const char *text, int32_t *day)
{
    return strlen(text) == sizeof "2018-03-05" - 1 &&
           text_parse_date(text, strlen(text), day) == STATUS_OK;
}

static bool read_from(const char *text, struct query *query)
{
    return read_day(text, &query->from);
}

static bool read_to(const char *text, struct query *query)
{
    return read_day(text, &query->to);
}

static bool read_units_on(const char *text, struct query *query)
{
    return read_day(text, &query->units_on);
}

static bool read_on(const char *text, struct query *query)
{
    return read_day(text, &query->on);
}

static bool read_period(const char *text, struct query *query)
{
    enum period_kind kind = PERIOD_KIND_END;
    uint32_t key = 0;
    bool read = period_key_parse(text, &kind, &key);

    query->period_kind = read ? (uint32_t)kind : 0;
    query->period_key = key;
    return read;
}

static bool read_regime(const char *text, struct query *query)
{
    return form_regime_parse(text, &query->regime);
}

static bool read_by(const char *text, struct query *query)
{
    static const char *const words[] = {[QUERY_BY_DISTRICT] = "district",
                                        [QUERY_BY_COMMUNE] = "commune",
                                        [QUERY_BY_NONE] = "none"};

    for (unsigned i = QUERY_BY_DISTRICT; i <= QUERY_BY_NONE; i++) {
        if (strcmp(text, words[i]) == 0) {
            query->by = (enum query_by)i;
            return true;
        }
    }
    return false;
}

static bool read_all(const char *text, struct query *query)
{
    query->all = strcmp(text, "1") == 0;
    return query->all || strcmp(text, "0") == 0;
}

/* Plain digits: strtoull() takes signs and blanks too. */
static bool read_number(const char *text, uint64_t max, uint64_t *number)
{
    size_t size = strlen(text);

    return size > 0 && size <= 19 && strspn(text, "0123456789") == size &&
           (*number = strtoull(text, NULL, 10)) <= max;
}

static bool read_after(const char *text, struct query *query)
{
    return read_number(text, INT64_MAX, &query->after);
}

static bool read_limit(const char *text, struct query *query)
{
    uint64_t limit = 0;
    bool read = read_number(text, QUERY_LIMIT_MAX, &limit) && limit > 0;

    query->limit = read ? (uint32_t)limit : QUERY_LIMIT;
    return read;
}

static bool read_number_part(const char *text, struct query *query)
{
    uint64_t number = 0;
    bool read = read_number(text, UINT32_MAX, &number) && number > 0;

    query->number = (uint32_t)number;
    return read;
}

static bool read_id(const char *text, struct query *query)
{
    return copy(text, query->id, sizeof query->id);
}

static bool read_event(const char *text, struct query *query)
{
    return event_id_parse(text, strlen(text), &query->event) == STATUS_OK;
}

/* Of the path and of the query; a name in braces is of the path. */
static const struct {
    const char *name;
    bool (*read)(const char *text, struct query *query);
    const char *wrong;
} parameters[] = {
    {"plan", read_plan, "plan: the id of a plan"},
    {"unit", read_unit, "unit: a code such as gso3:001"},
    {"period", read_period, "period: 2018-M03, 2018-Q1, 2018-H1 or 2018"},
    {"regime", read_regime, "regime: calendar, nd09_2019 or plan_deadline"},
    {"from", read_from, "from: a day such as 2018-03-05"},
    {"to", read_to, "to: a day such as 2018-03-05"},
    {"units_on", read_units_on, "units_on: a day such as 2018-03-05"},
    {"on", read_on, "on: a day such as 2018-03-05"},
    {"by", read_by, "by: district, commune or none"},
    {"all", read_all, "all: 0 or 1"},
    {"after", read_after, "after: the `next` of the page before"},
    {"limit", read_limit, "limit: 1 to 500"},
    {"{id}", read_id, "the id of a target or an indicator"},
    {"{code}", read_unit, "a unit such as gso3:001"},
    {"{number}", read_number_part, "the number of an office"},
    {"{event}", read_event, "an event such as 271.1.42"},
};

static const char *part_of(const struct http_request *request, const char *name)
{
    char bare[16];

    if (name[0] != '{') {
        return http_query(request, name);
    }
    (void)copy(name + 1, bare, sizeof bare);
    bare[strlen(name) - 2] = '\0';
    return http_part(request, bare);
}

static bool is_named(const char *name, const char *const *names)
{
    while (*names != NULL && strcmp(*names, name) != 0) {
        names++;
    }
    return *names != NULL;
}

bool query_read(const struct http_request *request, const char *const *names,
                struct query *query, struct http_reply *reply)
{
    if (!http_query_only(request, names, reply)) {
        return false;
    }
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
        const char *text = is_named(parameters[i].name, names)
                               ? part_of(request, parameters[i].name)
                               : NULL;

        if (text != NULL && !parameters[i].read(text, query)) {
            http_reply_problem(reply, 400, parameters[i].wrong);
            return false;
        }
    }
    if (query->regime != 0 && query->period_kind == 0) {
        http_reply_problem(reply, 400, "regime: only with period");
        return false;
    }
    if (query->period_kind != 0 &&
        (query->from != QUERY_DAY_ABSENT || query->to != QUERY_DAY_ABSENT)) {
        http_reply_problem(reply, 400, "period: not with from and to");
        return false;
    }
    return true;
}
