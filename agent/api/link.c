/* GET link: how the office stands with its province, as `status` says it. */
#include "agent/api/telling.h"
#include "agent/api/works.h"

#include "agent/office/collectors_look.h"
#include "agent/office/standing.h"
#include "agent/spool/spool_history.h"
#include "common/format/wire.h"

static const char *state_of(enum standing_line line)
{
    switch (line) {
    case STANDING_CONNECTED:
        return "connected";
    case STANDING_NEVER:
        return "never";
    case STANDING_DOWN:
        return "down";
    case STANDING_REFUSED:
        return "refused";
    default:
        return "frozen";
    }
}

/* Since when it stands as it does; 0: nobody noted it. */
static int64_t since(const struct standing *standing, enum standing_line line)
{
    const struct spool_link *link = &standing->link;

    switch (line) {
    case STANDING_CONNECTED:
        return link->connected_at;
    case STANDING_DOWN:
        return link->lost_at;
    case STANDING_REFUSED:
        return link->refused_at;
    default:
        return 0;
    }
}

static void tell_room(const struct standing *standing, enum language language,
                      struct say *say)
{
    char text[STANDING_TEXT_MAX];

    say_object(say, "room");
    say_total(say, "used",
              standing->counts.bytes_used + standing->counts.bytes_reserved);
    say_total(say, "total", standing->counts.bytes_total);
    say_total(say, "left", standing->room_left);
    if (standing->days_left == STANDING_DAYS_UNKNOWN) {
        say_null(say, "days_left");
    } else {
        say_number(say, "days_left", standing->days_left);
    }
    standing_room_text(standing, language, text);
    say_text(say, "text", text);
    say_object_end(say);
}

static void tell_ledger(const struct standing *standing, enum language language,
                        struct say *say)
{
    char text[STANDING_TEXT_MAX];

    standing_ledger_text(standing, language, text);
    say_object(say, "ledger");
    say_text(say, "state",
             standing_ledger_token(&standing->witness, standing->now));
    say_bool(say, "alarm", standing_alarm(&standing->witness));
    say_moment(say, "since",
               standing_alarm(&standing->witness) ? standing->witness.since
                                                  : 0);
    say_text(say, "text", text[0] != '\0' ? text : NULL);
    say_object_end(say);
}

static void tell_clock(const struct standing *standing, struct say *say)
{
    if (wire_clocks_differ(standing->link.clock_ahead)) {
        say_number(say, "clock_ahead_s",
                   standing->link.clock_ahead / CLOCK_US_PER_S);
    } else {
        say_null(say, "clock_ahead_s");
    }
}

static enum status tell_collectors(const struct desk_means *means, int64_t now,
                                   struct say *say)
{
    const struct config *config = &means->office->config;
    enum status rc = STATUS_OK;

    say_text(say, "primary",
             config->address_count > 0 ? config->addresses[0] : NULL);
    say_array(say, "collectors");
    for (size_t i = 0; rc == STATUS_OK && i < collectors_count(means->office);
         i++) {
        struct collector_look look;

        rc = collectors_look(means->office, i, true, now, &look);
        if (rc != STATUS_OK) {
            break;
        }
        say_object(say, NULL);
        say_text(say, "name", look.name);
        say_text(say, "address", look.address);
        say_bool(say, "primary", look.primary);
        say_text(say, "state", state_of(look.line));
        say_moment(say, "since", look.since);
        say_number(say, "waiting", (int64_t)look.waiting);
        say_moment(say, "received_at", look.received_at);
        say_bool(say, "holds_room", look.holds_room);
        say_object_end(say);
    }
    say_array_end(say);
    return rc;
}

static enum status tell_history(struct spool *spool, struct say *say)
{
    struct spool_history history;
    enum status rc = spool_history(spool, &history);

    say_text(say, "own_past",
             !history.wanted ? NULL
             : history.done  ? "whole"
                             : "coming");
    return rc;
}

enum status tell_link(const struct desk_means *means, enum language language,
                      struct say *say)
{
    struct standing standing;
    char text[STANDING_TEXT_MAX];
    enum standing_line line;
    enum status rc = standing_look(means->office, true,
                                   clock_wall_us(means->clock), &standing);

    if (rc != STATUS_OK) {
        return rc;
    }
    line = standing_line(&standing);
    say_text(say, "state", state_of(line));
    say_text(say, "line", standing_line_token(line));
    say_moment(say, "at", standing.now);
    say_moment(say, "since", since(&standing, line));
    say_moment(say, "heard_at", standing.link.heard_at);
    say_moment(say, "connected_at", standing.link.connected_at);
    say_number(say, "waiting",
               (int64_t)(standing.counts.saved + standing.counts.sealed));
    say_moment(say, "oldest_waiting", standing.counts.oldest_waiting);
    tell_room(&standing, language, say);
    rc = tell_collectors(means, standing.now, say);
    tell_clock(&standing, say);
    tell_ledger(&standing, language, say);
    standing_sentence(&standing, language, text);
    say_text(say, "sentence", text);
    return rc == STATUS_OK ? tell_history(means->office->spool, say) : rc;
}

static enum desk_turn tell(struct desk_order *order, struct http_reply *reply)
{
    struct telling telling;
    enum status rc;

    tell_begin(&telling, order);
    rc = tell_link(order->means, order->language, &telling.say);
    tell_end(&telling, rc, reply);
    return DESK_DONE;
}

const struct desk_work link_work = {.turn = tell};
