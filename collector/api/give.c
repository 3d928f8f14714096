#include "collector/api/give.h"

#include <string.h>

#define FIGURES "plan", "period", "regime", "from", "to", "units_on"

const struct give give_plans = {QUERY_PLANS, {NULL}};
const struct give give_overview = {QUERY_OVERVIEW, {FIGURES, "unit", NULL}};
const struct give give_indicators = {QUERY_INDICATORS, {"plan", NULL}};
const struct give give_indicator = {QUERY_INDICATOR,
                                    {FIGURES, "unit", "by", "{id}", NULL}};
const struct give give_units = {QUERY_UNITS, {"units_on", NULL}};
const struct give give_unit = {QUERY_UNIT, {FIGURES, "{code}", NULL}};
const struct give give_offices = {QUERY_OFFICES, {NULL}};
const struct give give_office = {QUERY_OFFICE,
                                 {"after", "limit", "{number}", NULL}};
const struct give give_reports = {
    QUERY_REPORTS,
    {"plan", "period", "after", "limit", "on", "all", "by", NULL}};
const struct give give_ledger = {QUERY_LEDGER, {NULL}};
const struct give give_event = {QUERY_EVENT, {"{event}", NULL}};

/* Why an order was not placed, and when to come again. */
static void refuse(enum desk_place placed, struct http_reply *reply)
{
    if (placed == DESK_TOO_MANY) {
        http_reply_problem(reply, 429, "you ask for too much at a time");
    } else {
        http_reply_problem(reply, 503, "too many ask at a time");
    }
    reply->retry_after_s = GIVE_RETRY_S;
}

/* The answer lives until its bytes are sent. */
static void fill(struct http_reply *reply, struct answer *answer)
{
    if (answer == NULL) {
        refuse(DESK_FULL, reply);
        return;
    }
    if (answer->status != 200) {
        http_reply_problem(reply, answer->status, answer->why);
        reply->retry_after_s = answer->status == 503 ? GIVE_RETRY_S : 0;
        return;
    }
    http_reply_borrow(reply, "application/json", buffer_bytes(&answer->body),
                      answer_let_go, answer_hold(answer));
    memcpy(reply->etag, answer->etag, sizeof answer->etag);
}

/* desk_taker */
static void answer_later(void *owner, struct answer *answer)
{
    struct http_later *later = owner;
    struct http_reply reply;

    http_reply_init(&reply);
    fill(&reply, answer);
    http_later_answer(&later, &reply);
}

void give_view(struct desk *desk, struct http_request *request,
               struct http_reply *reply)
{
    const struct give *give = http_route_data(request);
    struct answer *answer;
    const char *name = http_who(request)->name;
    struct http_later *later;
    enum desk_place placed;
    struct query query;

    query_init(&query, give->kind, http_who(request));
    if (!query_read(request, give->parameters, &query, reply)) {
        return;
    }
    answer = desk_find(desk, &query, name);
    if (answer != NULL) {
        fill(reply, answer);
        answer_release(&answer);
        return;
    }
    later = http_later(request, reply);
    if (later == NULL) {
        return;
    }
    placed = desk_ask(desk, &query, name, answer_later, later);
    if (placed != DESK_PLACED) {
        struct http_reply refused;

        http_reply_init(&refused);
        refuse(placed, &refused);
        http_later_answer(&later, &refused);
    }
}

/* ---- what there is ---- */

/* The file is a part of the program (openapi_data.S). */
extern const uint8_t openapi_begin[], openapi_end[];

void give_openapi(const struct http_request *request, struct http_reply *reply)
{
    (void)request;
    http_reply_borrow(
        reply, "application/json",
        (struct bytes){openapi_begin, (size_t)(openapi_end - openapi_begin)},
        NULL, NULL);
    reply->cache = HTTP_CACHE_ASK;
}
