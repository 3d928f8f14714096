#include "collector/api/metrics.h"

#include <stdlib.h>

#include "collector/api/metric_text.h"
#include "collector/figures/figures.h"

#define TYPE    "text/plain; version=0.0.4; charset=utf-8"
#define RETRY_S 2u

/* ---- what the server itself counts ---- */

static void put_one(struct metric_text *text, const char *label,
                    const char *value, uint64_t number)
{
    char labels[METRIC_LABELS_MAX] = "";

    metric_label(labels, label, value);
    metric_number(text, labels, number);
}

/* Taken while the request is there: the answer may come when the server is
 * closing, or closed. */
struct counted {
    struct http_counts http;
    struct access_counts access;
    struct figures_state figures;
};

static void put_server(struct metric_text *text, const struct http_counts *http)
{
    static const char *const classes[] = {NULL,  NULL,  "2xx",
                                          "3xx", "4xx", "5xx"};

    metric_family(text, "http_replies_total", "counter",
                  "Replies by the class of their status.");
    for (size_t i = 2; i < sizeof classes / sizeof classes[0]; i++) {
        put_one(text, "class", classes[i], http->by_class[i]);
    }
    metric_family(text, "http_refused_total", "counter",
                  "Requests refused before they were looked at, by reason.");
    put_one(text, "reason", "host", http->refused_host);
    put_one(text, "reason", "origin", http->refused_origin);
    put_one(text, "reason", "csrf", http->refused_csrf);
    put_one(text, "reason", "role", http->refused_role);
    put_one(text, "reason", "limit", http->refused_limit);
    metric_gauge(text, "http_connections", "Connections that are open.",
                 http->connections);
    metric_counter(text, "http_connections_total",
                   "Connections that were opened.", http->connections_total);
    metric_counter(text, "http_connections_refused_total",
                   "Connections refused by a limit.",
                   http->connections_refused);
    metric_counter(text, "http_connections_cut_total",
                   "Connections ended because they were too slow.",
                   http->connections_cut);
    metric_gauge(text, "live_streams", "Pages that follow live.",
                 http->streams);
    metric_counter(text, "live_streams_cut_total",
                   "Live pages cut because they did not keep up.",
                   http->streams_cut);
}

static void put_access(struct metric_text *text,
                       const struct access_counts *counts)
{
    metric_gauge(text, "sessions", "Sessions that are open.", counts->sessions);
    metric_family(text, "sign_ins_total", "counter",
                  "Attempts to sign in, by result.");
    put_one(text, "result", "good", counts->signed_in);
    put_one(text, "result", "wrong", counts->wrong);
    put_one(text, "result", "too_often", counts->too_often);
}

static void put_figures(struct metric_text *text,
                        const struct figures_state *state)
{
    static const char *const works[] = {[FIGURES_FOLDING] = "folding",
                                        [FIGURES_ANSWERING] = "answering",
                                        [FIGURES_DOCUMENTS] = "documents",
                                        [FIGURES_SAVING] = "saving"};

    metric_family(text, "figures_busy_seconds_total", "counter",
                  "What the thread of the figures spent its time on.");
    for (size_t i = 0; i < FIGURES_WORK_END; i++) {
        char labels[METRIC_LABELS_MAX] = "";

        metric_label(labels, "work", works[i]);
        metric_seconds(text, labels, (int64_t)state->spent_us[i]);
    }
}

static void put_build(struct metric_text *text)
{
    metric_family(text, "build_info", "gauge",
                  "1, with the version of the program.");
    put_one(text, "version", TALLYLINE_VERSION, 1);
}

/* ---- /metrics ---- */

struct asked {
    struct counted counted;
    struct http_later *later;
};

static void fill(const struct counted *counted, const struct answer *answer,
                 struct http_reply *reply)
{
    struct metric_text text;
    struct buffer all;

    if (answer == NULL || answer->status != 200) {
        http_reply_problem(reply, answer == NULL ? 503 : answer->status,
                           answer == NULL ? "too many ask at a time"
                                          : answer->why);
        reply->retry_after_s = RETRY_S;
        return;
    }
    buffer_init(&all, METRICS_BYTES_MAX);
    metric_text_init(&text, &all);
    put_build(&text);
    if (text.status == STATUS_OK) {
        text.status = buffer_append(&all, buffer_bytes(&answer->body));
    }
    put_server(&text, &counted->http);
    put_access(&text, &counted->access);
    put_figures(&text, &counted->figures);
    if (text.status == STATUS_OK) {
        http_reply_take(reply, TYPE, &all);
    } else {
        http_reply_problem(reply, 503, NULL);
    }
    buffer_fini(&all);
}

/* desk_taker */
static void answer_later(void *owner, struct answer *answer)
{
    struct asked *asked = owner;
    struct http_reply reply;

    http_reply_init(&reply);
    fill(&asked->counted, answer, &reply);
    http_later_answer(&asked->later, &reply);
    free(asked);
}

void metrics_give(struct web *web, struct http_request *request,
                  struct http_reply *reply)
{
    const char *name = http_who(request)->name;
    struct answer *answer;
    struct asked *asked;
    struct query query;
    struct counted counted = {.figures = {.position = 0}};
    int32_t today = 0;

    http_request_counts(request, &counted.http);
    access_counts(web->access, &counted.access);
    desk_look(web->desk, &counted.figures, &today);
    query_init(&query, QUERY_METRICS, http_who(request));
    answer = desk_find(web->desk, &query, name);
    if (answer != NULL) {
        fill(&counted, answer, reply);
        answer_release(&answer);
        return;
    }
    asked = calloc(1, sizeof *asked);
    if (asked == NULL) {
        http_reply_problem(reply, 503, NULL);
        return;
    }
    asked->counted = counted;
    asked->later = http_later(request, reply);
    if (asked->later == NULL) {
        free(asked);
    } else if (desk_ask(web->desk, &query, name, answer_later, asked) !=
               DESK_PLACED) {
        answer_later(asked, NULL);
    }
}

/* ---- one word ---- */

static void say(struct http_reply *reply, unsigned status, const char *word)
{
    reply->status = status;
    http_reply_borrow(reply, "text/plain; charset=utf-8", bytes_of_text(word),
                      NULL, NULL);
    reply->retry_after_s = status == 200 ? 0 : RETRY_S;
}

void metrics_healthy(struct http_reply *reply)
{
    say(reply, 200, "healthy\n");
}

void metrics_ready(struct web *web, struct http_reply *reply)
{
    struct standing *standing = standings_get(web->options.standings);
    struct figures_state state = {.complete = false};
    int32_t today = 0;

    desk_look(web->desk, &state, &today);
    if (standing == NULL || !state.complete) {
        say(reply, 503, "the figures are being computed\n");
    } else if (standing->recovering) {
        say(reply, 503, "the ledger is being rebuilt\n");
    } else if (standing->full) {
        say(reply, 503, "there is no room in the ledger\n");
    } else {
        say(reply, 200, "ready\n");
    }
    standing_release(&standing);
}
