/* GET outbox: what became of what was entered, newest first, a page at a time.
 * What recovery gave a new id is told under that one alone. */
#include "agent/api/glance.h"
#include "agent/api/lineage.h"
#include "agent/api/naming.h"
#include "agent/api/search.h"
#include "agent/api/telling.h"
#include "agent/api/works.h"

#include <stdlib.h>
#include <string.h>

#include "agent/office/outcome_words.h"
#include "agent/source/source.h"
#include "agent/spool/spool_outbox.h"
#include "common/event/reference.h"

#define LIMIT_USUAL 50u

/* An answer under way: rows are told in the turn in which they are found. */
struct asked {
    struct spool_wish wish;
    struct search *search;
    uint64_t after;
    size_t limit;
    size_t looked; /* at events at most */
    size_t count;  /* told */
    bool begun;
    struct telling telling;
};

/* ---- what is asked for ---- */

static bool read_search(const struct desk_order *order, struct asked *asked,
                        struct http_reply *reply)
{
    enum status rc = search_new(desk_query(order, "on"), desk_query(order, "q"),
                                &asked->search);

    if (rc == STATUS_INVALID) {
        http_reply_problem(reply, 400, "on=YYYY-MM-DD");
    } else if (rc != STATUS_OK) {
        desk_failed(order, rc, reply);
    }
    search_fill(asked->search, &asked->wish);
    return rc == STATUS_OK;
}

static bool read_asked(const struct desk_order *order, struct asked *asked,
                       struct http_reply *reply)
{
    const char *state = desk_query(order, "state");
    const char *type = desk_query(order, "type");
    const char *after = desk_query(order, "after");
    const struct catalogue_type *found = NULL;
    uint64_t limit;

    asked->wish.states =
        ((1u << (SPOOL_MOVED + 1u)) - 1u) & ~(1u << SPOOL_MOVED);
    if (state != NULL && state[0] != '\0' &&
        !tell_read_state(state, &asked->wish.states)) {
        http_reply_problem(reply, 400, "state");
        return false;
    }
    if (type != NULL && type[0] != '\0') {
        found = source_type(type, strlen(type), NULL);
        if (found == NULL) {
            http_reply_problem(reply, 400, "type");
            return false;
        }
        asked->wish.type = found->number;
    }
    if (after != NULL && after[0] != '\0' &&
        event_id_parse(after, strlen(after), &asked->after) != STATUS_OK) {
        http_reply_problem(reply, 400, "after");
        return false;
    }
    if (!desk_query_number(order, "limit", SPOOL_PAGE_MAX, LIMIT_USUAL, &limit,
                           reply)) {
        return false;
    }
    if (!read_search(order, asked, reply)) {
        return false;
    }
    asked->limit = limit == 0 ? LIMIT_USUAL : (size_t)limit;
    return true;
}

/* ---- rows ---- */

/* Why it is not counted, in words; null for what counts or is not received. */
static enum status tell_reason(struct telling *telling, uint64_t id,
                               const struct event *event)
{
    const struct office *office = telling->order->means->office;
    struct office asked = *office; /* in the language of who asks */
    struct spool_outcome outcome;
    char text[OUTCOME_WORDS_MAX];
    enum status rc = spool_outcome(office->spool, id, &outcome);

    asked.language = telling->order->language;
    if (rc == STATUS_OK) {
        outcome_words_tell(&asked, event, &outcome, false, text);
        say_text(&telling->say, "reason", text);
    } else {
        say_null(&telling->say, "reason");
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* What counts and what does not; only what corrects or was corrected has more
 * than one version to look at. */
static enum status tell_lineage(struct telling *telling, uint64_t id,
                                const struct event *event,
                                enum spool_state state, bool corrected)
{
    struct versions *all = NULL;
    enum status rc;

    lineage_tell_given(telling, event);
    if (!corrected && event->target == 0) {
        lineage_tell_alone(telling, state);
        return STATUS_OK;
    }
    rc = versions_new(telling->order->means->office->spool, id, &all);
    if (rc == STATUS_OK) {
        lineage_tell(telling, all, id);
    }
    versions_free(&all);
    return rc;
}

/* A void says little of itself: what it is about. */
static void tell_voids(struct telling *telling, const struct event *event)
{
    uint64_t id = event->head != 0 ? event->head : event->target;
    struct say *say = &telling->say;
    struct words words = naming_words(telling->order);
    char text[GLANCE_TEXT_MAX];
    struct event target;
    enum spool_state state;

    if (event->type != VERSIONS_VOID ||
        spool_event(telling->order->means->office->spool, id, &target,
                    &state) != STATUS_OK) {
        say_null(say, "voids");
        return;
    }
    say_object(say, "voids");
    tell_id(say, "id", id);
    say_text(say, "label", words_type(&words, &target));
    say_day(say, "occurred_on", target.occurred_on);
    tell_place(telling, &target);
    glance_tell(&words, &target, text);
    say_text(say, "glance", text);
    say_object_end(say);
}

static void tell_glance(struct telling *telling, const struct event *event)
{
    struct words words = naming_words(telling->order);
    char text[GLANCE_TEXT_MAX];

    glance_tell(&words, event, text);
    say_text(&telling->say, "glance", text);
}

static enum status tell_row(struct telling *telling,
                            const struct spool_found *found)
{
    struct spool *spool = telling->order->means->office->spool;
    struct say *say = &telling->say;
    uint64_t corrections[SPOOL_CORRECTIONS_MAX];
    size_t count = 0;
    struct event event;
    enum spool_state state;
    enum status rc = spool_event(spool, found->id, &event, &state);

    if (rc == STATUS_OK) {
        rc = spool_corrections(spool, found->id, corrections,
                               SPOOL_CORRECTIONS_MAX, &count);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    say_object(say, NULL);
    tell_id(say, "id", found->id);
    tell_event_head(telling, &event);
    tell_state(telling, found->state);
    rc = tell_reason(telling, found->id, &event);
    if (rc == STATUS_OK) {
        rc = tell_lineage(telling, found->id, &event, found->state, count > 0);
    }
    tell_glance(telling, &event);
    tell_voids(telling, &event);
    tell_id(say, "corrects", event.target);
    tell_id(say, "corrected_by", count > 0 ? corrections[count - 1] : 0);
    say_object_end(say);
    return rc;
}

enum status tell_standings(struct say *say, const char *key,
                           struct spool *spool)
{
    struct spool_standings standings;
    enum status rc = spool_standings(spool, &standings);

    if (rc == STATUS_OK) {
        say_object(say, key);
        say_number(say, "saved", (int64_t)standings.saved);
        say_number(say, "sent", (int64_t)standings.sent);
        say_number(say, "received", (int64_t)standings.received);
        say_number(say, "backed_up", (int64_t)standings.backed_up);
        say_number(say, "to_mend", (int64_t)standings.to_mend);
        say_number(say, "moved", (int64_t)standings.moved);
        say_number(say, "removed", (int64_t)standings.removed);
        say_object_end(say);
    }
    return rc;
}

/* A page, or the next part of one that asks for names. */
static enum status tell_part(struct asked *asked, struct spool *spool)
{
    struct spool_found found[SPOOL_PAGE_MAX];
    size_t count = 0;
    enum status rc =
        spool_page(spool, &asked->wish, asked->after,
                   asked->limit - asked->count, found, &count, &asked->after);

    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = tell_row(&asked->telling, &found[i]);
    }
    asked->count += count;
    asked->looked +=
        asked->wish.looks != 0 ? asked->wish.looks : SPOOL_LOOK_MAX;
    return rc;
}

static bool is_full(const struct asked *asked)
{
    return asked->after == 0 || asked->count == asked->limit ||
           asked->looked >= SPOOL_LOOK_MAX;
}

static enum status begin(struct asked *asked, const struct desk_order *order)
{
    enum status rc;

    asked->begun = true;
    tell_begin(&asked->telling, order);
    rc = tell_standings(&asked->telling.say, "counts",
                        order->means->office->spool);
    say_array(&asked->telling.say, "rows");
    return rc;
}

static enum desk_turn go_on(struct desk_order *order, struct http_reply *reply)
{
    const struct desk_means *means = order->means;
    int64_t until = clock_monotonic_us(means->clock) + DESK_TURN_US;
    struct asked *asked = order->state;
    struct telling *telling = &asked->telling;
    enum status rc = STATUS_OK;

    if (!search_ready(asked->search, order, until)) {
        return DESK_AGAIN;
    }
    if (!asked->begun) {
        rc = begin(asked, order);
    }
    do {
        if (rc == STATUS_OK) {
            rc = tell_part(asked, means->office->spool);
        }
    } while (rc == STATUS_OK && !is_full(asked) &&
             clock_monotonic_us(means->clock) < until);
    if (rc == STATUS_OK && !is_full(asked)) {
        return DESK_AGAIN;
    }
    say_array_end(&telling->say);
    tell_id(&telling->say, "next", asked->after);
    asked->begun = false;
    tell_end(telling, rc, reply);
    return DESK_DONE;
}

static enum desk_turn tell(struct desk_order *order, struct http_reply *reply)
{
    if (order->state == NULL) {
        order->state = calloc(1, sizeof(struct asked));
        if (order->state == NULL) {
            desk_failed(order, STATUS_MEMORY, reply);
            return DESK_DONE;
        }
        if (!read_asked(order, order->state, reply)) {
            return DESK_DONE;
        }
    }
    return go_on(order, reply);
}

static void forget(struct desk_order *order)
{
    struct asked *asked = order->state;

    if (asked == NULL) {
        return;
    }
    search_free(&asked->search);
    if (asked->begun) {
        buffer_fini(&asked->telling.buffer);
    }
    free(asked);
    order->state = NULL;
}

const struct desk_work outbox_work = {
    .query = {"state", "type", "on", "q", "after", "limit"},
    .turn = tell,
    .fini = forget};
