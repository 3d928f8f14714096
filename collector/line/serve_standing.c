/* How things stand, for `status`: numbers and times, nothing of any event. */
#include "collector/line/serve.h"

#include "collector/commands/status_recovery.h"

#include <jansson.h>
#include <stdlib.h>

/* Microseconds UTC; no value is a time that was never. */
static json_t *moment(int64_t wall_us)
{
    return wall_us == 0 ? json_null() : json_integer(wall_us);
}

static json_t *number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *ledger_json(const struct serve *serve)
{
    struct admit_counts counts;
    uint64_t used = 0;
    uint64_t total = 0;

    ledger_room(serve->ledger, &used, &total);
    admit_counts(serve->admit, &counts);
    return json_pack("{so so so sb so so so so so so}", /* */
                     "entries", number(serve->entries), "bytes_used",
                     number(used), "bytes_total", number(total), "full",
                     counts.full, "committed_at", moment(counts.committed_at),
                     "commits", number(counts.commits), "batches",
                     number(counts.batches), "events", number(counts.events),
                     "duplicates", number(counts.duplicates), "refused",
                     number(counts.refused));
}

static json_t *links_json(const struct serve *serve)
{
    struct intake_counts counts;

    intake_counts(serve->listen->intake, &counts);
    return json_pack(
        "{so so so so so so so so so so so}", "messages",
        number(counts.messages), "sent", number(counts.sent), "unreachable",
        number(counts.unreachable), "queue_full", number(counts.queue_full),
        "nameless", number(counts.nameless), "oversized",
        number(counts.oversized), "malformed", number(counts.malformed),
        "strangers", number(counts.strangers), "failed", number(counts.failed),
        "accept_failed", number(counts.accept_failed), "cut",
        number(counts.cut));
}

static json_t *feed_door_json(const struct standing_feed_door *door)
{
    return json_pack(
        "{sb so so so so so so so so so so}", "open", door->open, "keys",
        number(door->keys), "links", number(door->links), "strangers",
        number(door->strangers), "entries", number(door->entries), "figures",
        number(door->figures), "left_out", number(door->left_out), "requests",
        number(door->requests), "refused", number(door->refused), "later",
        number(door->later), "dropped", number(door->dropped));
}

/* The doors of the live feed; none: it is off. */
static json_t *feed_json(const struct serve *serve)
{
    struct standing_feed feed = {.on = false};
    json_t *doors = json_array();

    if (serve->standings != NULL) {
        standings_feed(serve->standings, &feed);
    }
    for (size_t i = 0; feed.on && i < STANDING_FEED_DOORS; i++) {
        (void)json_array_append_new(doors, feed_door_json(&feed.doors[i]));
    }
    return doors;
}

static json_t *figures_json(const struct serve *serve)
{
    return json_pack("{so sb}", "position", number(serve->figured.position),
                     "complete", serve->figured.complete);
}

static json_t *checkpoints_json(const struct serve *serve)
{
    struct checkpoints_standing standing = {0};

    if (serve->checkpoints != NULL) {
        checkpoints_standing(serve->checkpoints, &standing);
    }
    return json_pack("{so so ss so so so so so}", "size", number(standing.size),
                     "signed_at", moment(standing.signed_at), "trouble",
                     checkpoints_trouble_token(standing.trouble),
                     "trouble_size", number(standing.trouble_size),
                     "trouble_agent", number(standing.trouble_agent),
                     "witnesses", number(standing.witnesses), "current",
                     number(standing.current), "objections",
                     number(standing.objections));
}

static json_t *alarms_json(const struct agent_line *line)
{
    json_t *alarms = json_object();

    for (unsigned i = 0; i < AGENTS_ALARM_END; i++) {
        if (line->alarms[i] > 0) {
            (void)json_object_set_new(alarms,
                                      agents_alarm_token((enum agents_alarm)i),
                                      number(line->alarms[i]));
        }
    }
    return alarms;
}

static json_t *line_json(const struct serve *serve,
                         const struct agent_line *line)
{
    const struct wire_agent_heartbeat *beat = &line->heartbeat;

    return json_pack(
        "{so sb so ss so so so so so so so so so so so so sI so}", "number",
        number(line->number), "live", agents_live(serve->agents, line),
        "heard_at", moment(line->heard_at), "software", line->software,
        "beat_at", moment(beat->now), "waiting", number(beat->waiting),
        "oldest_waiting", moment(beat->oldest_waiting), "bytes_used",
        number(beat->bytes_used), "bytes_total", number(beat->bytes_total),
        "batches", number(line->batches), "duplicates",
        number(line->duplicates), "events", number(line->events), "receipt_at",
        moment(line->receipt_at), "refusal", number(line->refusal),
        "refused_at", moment(line->refused_at), "frozen_epoch",
        number(line->frozen), "clock_ahead", (json_int_t)line->clock_ahead,
        "alarms", alarms_json(line));
}

static json_t *recovery_json(const struct serve *serve)
{
    struct recovery_standing standing = {.kind = RECOVERY_NONE};

    if (recovery_active(serve->recovery) &&
        recovery_standing(serve->recovery, &standing) != STATUS_OK) {
        standing.kind = RECOVERY_NONE; /* the next step meets the cause */
    }
    return status_recovery_json(&standing);
}

enum status serve_standing(const struct serve *serve, struct buffer *out)
{
    json_t *lines = json_array();
    json_t *standing;
    const struct agent_line *line;
    char *text;
    enum status status = STATUS_MEMORY;

    for (size_t i = 0; (line = agents_at(serve->agents, i)) != NULL; i++) {
        (void)json_array_append_new(lines, line_json(serve, line));
    }
    standing = json_pack(
        "{ss so ss so so so so so so so}", "version", TALLYLINE_VERSION,
        "started_at", moment(serve->started_at), "address",
        intake_address(serve->listen->intake), "ledger", ledger_json(serve),
        "figures", figures_json(serve), "links", links_json(serve), "feed",
        feed_json(serve), "checkpoints", checkpoints_json(serve), "agents",
        lines, "recovery", recovery_json(serve));
    text = standing == NULL ? NULL : json_dumps(standing, JSON_COMPACT);
    if (text != NULL) {
        status = buffer_text(out, text);
    }
    free(text);
    json_decref(standing);
    return status;
}
