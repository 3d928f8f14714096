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

/* The answer lives until its bytes are sent. */
static void fill(struct http_reply *reply, struct answer *answer)
{
    if (answer == NULL || answer->status != 200) {
        unsigned status = answer == NULL ? 503 : answer->status;

        http_reply_problem(reply, status,
                           answer == NULL ? "too many ask at a time"
                                          : answer->why);
        reply->retry_after_s = status == 503 ? GIVE_RETRY_S : 0;
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
    struct http_later *later;
    struct query query;

    query_init(&query, give->kind, http_who(request));
    if (!query_read(request, give->parameters, &query, reply)) {
        return;
    }
    answer = desk_find(desk, &query);
    if (answer != NULL) {
        fill(reply, answer);
        answer_release(&answer);
        return;
    }
    later = http_later(request, reply);
    if (later != NULL && !desk_ask(desk, &query, answer_later, later)) {
        answer_later(later, NULL);
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
