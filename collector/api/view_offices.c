/* How the lines stand: what the process knows of each, and what the ledger and
 * the fold know of its events. An office that never connected is there too. */
#include "collector/api/view_offices.h"

#include <stdlib.h>
#include <string.h>

#include "common/event/reference.h"
#include "common/event/validate.h"

static const char *const states[VIEW_OFFICE_END] = {
    [VIEW_OFFICE_LIVE] = "live",       [VIEW_OFFICE_SILENT] = "silent",
    [VIEW_OFFICE_NEVER] = "never",     [VIEW_OFFICE_NOT_JOINED] = "not_joined",
    [VIEW_OFFICE_REVOKED] = "revoked", [VIEW_OFFICE_CLOSED] = "closed",
};

/* ---- what the ledger knows ---- */

/* When its last batch was received, and how many events it has sent: by its
 * streams, one for each epoch. */
void view_received(struct scene *scene, const struct ledger_snapshot *snapshot,
                   const struct context_agent *agent, int64_t *received_at,
                   uint64_t *events)
{
    *received_at = 0;
    *events = 0;
    for (uint32_t i = 0; i < agent->epoch_count; i++) {
        struct ledger_stream stream;
        struct entry entry;

        if (!scene_ok(scene, ledger_stream(snapshot, &agent->id,
                                           &agent->epochs[i].id, &stream))) {
            return;
        }
        *events += stream.next_seq - 1;
        if (stream.next_seq > 1 &&
            ledger_entry(snapshot, stream.last_index, &entry) == STATUS_OK &&
            entry.received_at > *received_at) {
            *received_at = entry.received_at;
        }
    }
}

/* ---- one office ---- */

static enum view_office_state state_of(const struct context_agent *agent,
                                       const struct standing_line *line,
                                       int64_t received_at, int32_t today)
{
    if (agent->revoked) {
        return VIEW_OFFICE_REVOKED;
    }
    if (agent->closed_after < today) {
        return VIEW_OFFICE_CLOSED;
    }
    if (!agent->joined) {
        return VIEW_OFFICE_NOT_JOINED;
    }
    if (line != NULL && line->live) {
        return VIEW_OFFICE_LIVE;
    }
    return line != NULL || received_at != 0 ? VIEW_OFFICE_SILENT
                                            : VIEW_OFFICE_NEVER;
}

/* The units that it records for, each once. */
static void tell_units(struct scene *scene, const struct context_agent *agent)
{
    struct say *say = &scene->say;
    int32_t today = scene->source->today;

    say_array(say, "units");
    for (uint32_t i = 0; scene->units != NULL && i < agent->scope_count; i++) {
        uint32_t key = agent->scopes[i].unit;
        const struct unit *unit = units_find(scene->units, key, today);
        bool before = false;

        for (uint32_t k = 0; k < i && !before; k++) {
            before = agent->scopes[k].unit == key;
        }
        if (unit == NULL) {
            unit = units_find(scene->units, key, agent->scopes[i].from);
        }
        if (!before && unit != NULL && choice_may_see(scene, key, today)) {
            tell_unit(say, NULL, unit);
        }
    }
    say_array_end(say);
}

static void tell_heartbeat(struct say *say, const struct standing_line *line,
                           bool shared)
{
    const struct wire_agent_heartbeat *beat =
        shared || line == NULL || line->heartbeat.now == 0 ? NULL
                                                           : &line->heartbeat;

    say_text(say, "software",
             line != NULL && line->software[0] != '\0' ? line->software : NULL);
    if (beat == NULL) {
        say_null(say, "waiting");
        say_null(say, "oldest_waiting");
        say_null(say, "spool_used");
        say_null(say, "spool_total");
    } else {
        say_total(say, "waiting", beat->waiting);
        say_moment(say, "oldest_waiting", beat->oldest_waiting);
        say_total(say, "spool_used", beat->bytes_used);
        say_total(say, "spool_total", beat->bytes_total);
    }
    if (line != NULL && wire_clocks_differ(line->clock_ahead)) {
        say_number(say, "clock_ahead_s", line->clock_ahead / CLOCK_US_PER_S);
    } else {
        say_null(say, "clock_ahead_s");
    }
}

static void tell_refusal(struct say *say, const struct standing_line *line)
{
    if (line == NULL || line->refusal == 0) {
        say_null(say, "refusal");
        return;
    }
    say_object(say, "refusal");
    say_text(say, "code", wire_refusal_token(line->refusal));
    say_labels(
        say, "meaning",
        (struct language_text){wire_refusal_text(line->refusal, LANGUAGE_VI),
                               wire_refusal_text(line->refusal, LANGUAGE_EN)});
    say_moment(say, "at", line->refused_at);
    say_object_end(say);
}

static void tell_alarms(struct say *say, const struct standing_line *line)
{
    say_bool(say, "frozen", line != NULL && line->frozen != 0);
    say_array(say, "alarms");
    for (unsigned i = 0; line != NULL && i < AGENTS_ALARM_END; i++) {
        enum agents_alarm alarm = (enum agents_alarm)i;

        if (line->alarms[i] == 0) {
            continue;
        }
        say_object(say, NULL);
        say_text(say, "alarm", agents_alarm_token(alarm));
        say_total(say, "count", line->alarms[i]);
        say_labels(
            say, "meaning",
            (struct language_text){agents_alarm_text(alarm, LANGUAGE_VI),
                                   agents_alarm_text(alarm, LANGUAGE_EN)});
        say_object_end(say);
    }
    say_array_end(say);
}

void view_objection(struct say *say, const char *key,
                    const struct checkpoints_witness *witness)
{
    bool objects = witness->reason != 0 && witness->settled_at == 0;

    say_labels(say, key,
               objects
                   ? (struct language_text){checkpoints_reason_text(
                                                witness->reason, LANGUAGE_VI),
                                            checkpoints_reason_text(
                                                witness->reason, LANGUAGE_EN)}
                   : (struct language_text){NULL, NULL});
}

static void tell_witness(struct say *say, const struct standing *standing,
                         uint32_t number)
{
    const struct checkpoints_witness *witness =
        standing == NULL ? NULL : standing_witness(standing, number);

    if (witness == NULL) {
        say_null(say, "witness");
        return;
    }
    say_object(say, "witness");
    say_number(say, "size", (int64_t)witness->size);
    say_moment(say, "at", witness->time * CLOCK_US_PER_S);
    say_bool(say, "current",
             witness->size != 0 && witness->size == standing->checkpoints.size);
    view_objection(say, "objects", witness);
    say_object_end(say);
}

/* Whether it records for units that the reader may not see: what is told of
 * the office as a whole is not the reader's then. */
static bool is_shared(const struct scene *scene,
                      const struct context_agent *agent)
{
    bool shared = false;

    for (uint32_t i = 0; i < agent->scope_count && !shared; i++) {
        shared =
            scene->query->reader.home != 0 &&
            !choice_may_see(scene, agent->scopes[i].unit, scene->source->today);
    }
    return shared;
}

enum view_office_state view_office_row(struct scene *scene, const char *key,
                                       const struct ledger_snapshot *snapshot,
                                       const struct context_agent *agent)
{
    struct say *say = &scene->say;
    const struct standing *standing = scene->source->standing;
    const struct standing_line *line =
        standing == NULL ? NULL : standing_line(standing, agent->number);
    int64_t received_at;
    uint64_t events;
    enum view_office_state state;
    bool shared = is_shared(scene, agent);

    view_received(scene, snapshot, agent, &received_at, &events);
    state = state_of(agent, line, received_at, scene->source->today);
    say_object(say, key);
    say_number(say, "number", agent->number);
    say_text(say, "name", agent->name);
    tell_units(scene, agent);
    say_text(say, "state", states[state]);
    say_moment(say, "heard_at", line == NULL ? 0 : line->heard_at);
    say_moment(say, "received_at", received_at);
    if (shared) {
        say_null(say, "events");
    } else {
        say_total(say, "events", events);
    }
    if (scene->fold != NULL) {
        say_total(say, "to_mend", view_to_mend(scene, agent->number));
    } else {
        say_null(say, "to_mend");
    }
    tell_heartbeat(say, line, shared);
    tell_refusal(say, line);
    tell_alarms(say, line);
    tell_witness(say, standing, agent->number);
    say_object_end(say);
    return state;
}

/* Whether it records for a unit that the reader may see. */
bool view_may_see_office(const struct scene *scene,
                         const struct context_agent *agent)
{
    bool may = scene->query->reader.home == 0;

    for (uint32_t i = 0; scene->units != NULL && i < agent->scope_count && !may;
         i++) {
        may =
            choice_may_see(scene, agent->scopes[i].unit, scene->source->today);
    }
    return may;
}

/* ---- all of them ---- */

void view_office_counts(struct say *say, const char *key,
                        const int64_t counts[VIEW_OFFICE_END])
{
    int64_t all = 0;

    say_object(say, key);
    for (unsigned i = 0; i < VIEW_OFFICE_END; i++) {
        say_number(say, states[i], counts[i]);
        all += counts[i];
    }
    say_number(say, "enrolled", all);
    say_object_end(say);
}

void view_count_offices(struct scene *scene, int64_t counts[VIEW_OFFICE_END])
{
    struct ledger_snapshot *snapshot = NULL;
    const struct standing *standing = scene->source->standing;

    memset(counts, 0, VIEW_OFFICE_END * sizeof *counts);
    if (!scene_ok(scene, ledger_snapshot_open(scene->source->view->ledger,
                                              &snapshot))) {
        return;
    }
    for (size_t i = 0; i < context_agent_count(scene->context); i++) {
        const struct context_agent *agent = context_agent_at(scene->context, i);
        const struct standing_line *line =
            standing == NULL ? NULL : standing_line(standing, agent->number);
        int64_t received_at;
        uint64_t events;

        if (view_may_see_office(scene, agent)) {
            view_received(scene, snapshot, agent, &received_at, &events);
            counts[state_of(agent, line, received_at, scene->source->today)]++;
        }
    }
    ledger_snapshot_close(&snapshot);
}

void view_offices(struct scene *scene)
{
    struct say *say = &scene->say;
    struct ledger_snapshot *snapshot = NULL;
    int64_t counts[VIEW_OFFICE_END] = {0};

    if (!scene_ok(scene, ledger_snapshot_open(scene->source->view->ledger,
                                              &snapshot))) {
        return;
    }
    say_object(say, NULL);
    say_moment(say, "at", scene->source->wall_us);
    say_number(say, "position", (int64_t)tally_position(scene->tally));
    say_array(say, "offices");
    for (size_t i = 0; i < context_agent_count(scene->context); i++) {
        const struct context_agent *agent = context_agent_at(scene->context, i);

        if (view_may_see_office(scene, agent)) {
            counts[view_office_row(scene, NULL, snapshot, agent)]++;
        }
    }
    say_array_end(say);
    view_office_counts(say, "counts", counts);
    say_object_end(say);
    ledger_snapshot_close(&snapshot);
}

/* A row of what moves. */
static void tell_link(struct scene *scene, const struct context_agent *agent,
                      enum view_office_state state, int64_t received_at)
{
    const struct standing *standing = scene->source->standing;
    const struct standing_line *line =
        standing == NULL ? NULL : standing_line(standing, agent->number);
    struct say *say = &scene->say;

    say_object(say, NULL);
    say_number(say, "number", agent->number);
    say_text(say, "state", states[state]);
    say_moment(say, "heard_at", line == NULL ? 0 : line->heard_at);
    say_moment(say, "received_at", received_at);
    if (line != NULL && line->heartbeat.now != 0 && !is_shared(scene, agent)) {
        say_total(say, "waiting", line->heartbeat.waiting);
    } else {
        say_null(say, "waiting");
    }
    say_object_end(say);
}

/* What a stream compares with what it sent before (changes.h). */
void view_links(struct scene *scene)
{
    const struct standing *standing = scene->source->standing;
    struct buffer *body = &scene->answer->body;
    struct ledger_snapshot *snapshot = NULL;
    int64_t counts[VIEW_OFFICE_END];

    view_count_offices(scene, counts);
    if (!scene_ok(scene, ledger_snapshot_open(scene->source->view->ledger,
                                              &snapshot))) {
        return;
    }
    say_object(&scene->say, NULL);
    view_office_counts(&scene->say, "counts", counts);
    say_object_end(&scene->say);
    (void)scene_ok(scene, buffer_u8(body, 0));
    for (size_t i = 0; i < context_agent_count(scene->context); i++) {
        const struct context_agent *agent = context_agent_at(scene->context, i);
        const struct standing_line *line =
            standing == NULL ? NULL : standing_line(standing, agent->number);
        int64_t received_at;
        uint64_t events;

        if (view_may_see_office(scene, agent)) {
            view_received(scene, snapshot, agent, &received_at, &events);
            say_init(&scene->say, body);
            tell_link(scene, agent,
                      state_of(agent, line, received_at, scene->source->today),
                      received_at);
            (void)scene_ok(scene, buffer_u8(body, 0));
        }
    }
    ledger_snapshot_close(&snapshot);
}
