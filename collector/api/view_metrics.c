/* What is measured of the ledger, the figures and the offices. Every number is
 * one that status and the pages show, taken from the same place. */
#include "collector/api/metric_text.h"
#include "collector/api/view_metrics_feed.h"
#include "collector/api/view_offices.h"

#include "collector/ledger/ledger_damage.h"
#include "common/fold/fold.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* ---- the ledger ---- */

static void put_ledger(struct metric_text *text, const struct scene *scene,
                       const struct ledger_snapshot *snapshot)
{
    uint64_t used = 0, total = 0;

    ledger_room(scene->source->view->ledger, &used, &total);
    metric_gauge(text, "ledger_entries", "Entries of the ledger.",
                 ledger_snapshot_size(snapshot));
    metric_gauge(text, "ledger_used_bytes", "Bytes that the ledger uses.",
                 used);
    metric_gauge(text, "ledger_limit_bytes",
                 "Bytes that the ledger may use; intake stops at 85 percent.",
                 total);
    metric_gauge(text, "figures_entries",
                 "Entries that the figures are computed of.",
                 tally_position(scene->tally));
    metric_gauge(text, "figures_complete",
                 "1 unless the figures are being computed anew.",
                 scene->fold != NULL ? 1 : 0);
}

static void put_care(struct metric_text *text, const struct scene *scene,
                     const struct ledger_snapshot *snapshot)
{
    const struct context_backup *backup = context_backup(scene->context);
    struct ledger_scrubbed scrubbed = {.ended_at = 0};
    struct ledger_damage damage;
    uint64_t next = 0, damaged = 0;

    while (ledger_next_damage(snapshot, next, &damage) == STATUS_OK) {
        damaged++;
        next = damage.index + 1;
    }
    metric_gauge(text, "damaged_entries",
                 "Entries whose bytes are damaged and not healed.", damaged);
    if (ledger_scrubbed(snapshot, &scrubbed) != STATUS_OK) {
        scrubbed.ended_at = 0;
    }
    metric_moment(text, "last_scrub_timestamp_seconds",
                  "When every entry was last read and compared.",
                  scrubbed.ended_at);
    metric_moment(text, "last_backup_timestamp_seconds",
                  "When the last backup was made.",
                  backup == NULL ? 0 : backup->made_at);
    metric_gauge(text, "backed_up_entries",
                 "Entries that the last backup holds.",
                 backup == NULL ? 0 : backup->mark.up_to_index);
}

static void put_checkpoints(struct metric_text *text,
                            const struct standing *standing)
{
    const struct checkpoints_standing *last = &standing->checkpoints;

    metric_gauge(text, "checkpoint_entries",
                 "Entries that the last checkpoint covers.", last->size);
    metric_moment(text, "checkpoint_timestamp_seconds",
                  "When the last checkpoint was signed.", last->signed_at);
    metric_gauge(text, "checkpoint_trouble",
                 "1 while the ledger does not agree with a checkpoint.",
                 last->trouble == CHECKPOINTS_GOOD ? 0 : 1);
    metric_gauge(text, "witnesses", "Offices that have cosigned a checkpoint.",
                 last->witnesses);
    metric_gauge(text, "witnesses_current",
                 "Offices that have cosigned the last checkpoint.",
                 last->current);
    metric_gauge(text, "witness_objections",
                 "Offices whose objection to the ledger is not settled.",
                 last->objections);
}

/* ---- intake ---- */

static void put_refusals(struct metric_text *text,
                         const struct admit_counts *counts)
{
    metric_family(text, "refused_batches_total", "counter",
                  "Batches that were refused, by reason.");
    for (uint32_t i = WIRE_REFUSAL_NONE + 1; i < WIRE_REFUSAL_END; i++) {
        char labels[METRIC_LABELS_MAX] = "";

        metric_label(labels, "reason", wire_refusal_token(i));
        metric_number(text, labels, counts->refusals[i]);
    }
}

static void put_intake(struct metric_text *text,
                       const struct standing *standing)
{
    const struct admit_counts *counts = &standing->admitted;

    metric_family(text, "commit_duration_seconds", "histogram",
                  "How long a commit of received batches took, synced.");
    metric_histogram(text, &counts->commit);
    metric_moment(text, "last_commit_timestamp_seconds",
                  "When something was last committed.", counts->committed_at);
    metric_counter(text, "received_events_total",
                   "Events that were taken in since the start.",
                   counts->events);
    metric_counter(text, "received_batches_total",
                   "Batches that were taken in since the start.",
                   counts->batches);
    metric_counter(text, "duplicate_batches_total",
                   "Batches that came again and changed nothing.",
                   counts->duplicates);
    put_refusals(text, counts);
    metric_gauge(text, "ledger_full",
                 "1 while there is no room and nothing is taken in.",
                 counts->full ? 1 : 0);
    metric_gauge(text, "ledger_recovering",
                 "1 while the offices give back what was lost.",
                 standing->recovering ? 1 : 0);
}

static void put_links(struct metric_text *text, const struct standing *standing)
{
    const struct intake_counts *links = &standing->links;

    metric_counter(text, "link_messages_total", "Messages from offices.",
                   links->messages);
    metric_counter(text, "link_handshakes_total", "Links that were opened.",
                   links->handshakes);
    metric_counter(text, "link_strangers_total",
                   "Links refused because their key is not known.",
                   links->strangers);
    metric_counter(text, "link_malformed_total",
                   "Messages that could not be read.", links->malformed);
    metric_counter(text, "link_cut_total", "Links ended by a limit.",
                   links->cut);
}

/* ---- events ---- */

static void put_outcomes(struct metric_text *text, const struct scene *scene)
{
    struct fold_totals totals;

    if (scene->fold == NULL) {
        return; /* being computed: no number is better than an old one */
    }
    fold_totals(scene->fold, &totals);
    metric_family(text, "events", "gauge",
                  "Events of the ledger as they stand now, by outcome.");
    for (unsigned i = 0; i < FOLD_OUTCOME_END; i++) {
        char labels[METRIC_LABELS_MAX] = "";

        metric_label(labels, "outcome",
                     fold_outcome_token((enum fold_outcome)i));
        metric_number(text, labels, totals.outcomes[i]);
    }
}

/* ---- offices ---- */

struct office {
    const struct context_agent *agent;
    const struct standing_line *line; /* NULL: not heard since the start */
    int64_t received_at;              /* 0: nothing was received */
    int64_t now;
};

/* Each gives one number of an office; false: it has none. */
static bool is_up(const struct office *office, int64_t *value)
{
    *value = office->line != NULL && office->line->live ? 1 : 0;
    return true;
}

static bool last_event(const struct office *office, int64_t *value)
{
    *value = office->received_at;
    return office->received_at != 0;
}

static bool last_heard(const struct office *office, int64_t *value)
{
    *value = office->line == NULL ? 0 : office->line->heard_at;
    return *value != 0;
}

static bool has_beat(const struct office *office)
{
    return office->line != NULL && office->line->heartbeat.now != 0;
}

static bool waiting(const struct office *office, int64_t *value)
{
    *value = has_beat(office) ? (int64_t)office->line->heartbeat.waiting : 0;
    return has_beat(office);
}

/* By the office's own clock up to its heartbeat, by ours from then on. */
static bool spool_age(const struct office *office, int64_t *value)
{
    const struct wire_agent_heartbeat *beat;

    *value = 0;
    if (!has_beat(office)) {
        return false;
    }
    beat = &office->line->heartbeat;
    if (beat->waiting > 0 && beat->oldest_waiting != 0) {
        *value = beat->now - beat->oldest_waiting + office->now -
                 office->line->heard_at;
    }
    *value = *value < 0 ? 0 : *value;
    return true;
}

static bool spool_used(const struct office *office, int64_t *value)
{
    *value = has_beat(office) ? (int64_t)office->line->heartbeat.bytes_used : 0;
    return has_beat(office);
}

static bool spool_limit(const struct office *office, int64_t *value)
{
    *value =
        has_beat(office) ? (int64_t)office->line->heartbeat.bytes_total : 0;
    return has_beat(office);
}

static bool clock_ahead(const struct office *office, int64_t *value)
{
    *value = office->line == NULL ? 0 : office->line->clock_ahead;
    return office->line != NULL;
}

static const struct {
    const char *name, *help;
    bool (*value)(const struct office *office, int64_t *value);
    bool seconds; /* the value is microseconds */
} families[] = {
    {"office_up", "1 while the office's link is open.", is_up, false},
    {"office_last_event_timestamp_seconds",
     "When the office's last batch of events was received.", last_event, true},
    {"office_last_heard_timestamp_seconds",
     "When the office was last heard, since the start.", last_heard, true},
    {"office_waiting_events", "Events that wait in the office to be sent.",
     waiting, false},
    {"office_spool_age_seconds",
     "How long the oldest event that waits in the office has waited.",
     spool_age, true},
    {"office_spool_used_bytes", "Bytes that the office's spool uses.",
     spool_used, false},
    {"office_spool_limit_bytes", "Bytes that the office's spool may use.",
     spool_limit, false},
    {"office_clock_ahead_seconds",
     "How far the office's clock is ahead of the province's.", clock_ahead,
     true}};

static void label_office(const struct context_agent *agent,
                         char labels[METRIC_LABELS_MAX])
{
    labels[0] = '\0';
    metric_label_number(labels, "agent", agent->number);
    metric_label(labels, "name", agent->name);
}

/* Those that may send; one that never came is there too. */
static bool is_in_force(const struct scene *scene,
                        const struct context_agent *agent)
{
    return !agent->revoked && agent->closed_after >= scene->source->today;
}

static void put_offices(struct metric_text *text, struct scene *scene,
                        const struct ledger_snapshot *snapshot)
{
    const struct standing *standing = scene->source->standing;

    for (size_t f = 0; f < COUNT_OF(families); f++) {
        metric_family(text, families[f].name, "gauge", families[f].help);
        for (size_t i = 0; i < context_agent_count(scene->context); i++) {
            struct office office = {.agent =
                                        context_agent_at(scene->context, i),
                                    .now = scene->source->wall_us};
            char labels[METRIC_LABELS_MAX];
            int64_t value = 0;
            uint64_t events = 0;

            if (!is_in_force(scene, office.agent)) {
                continue;
            }
            office.line = standing == NULL
                              ? NULL
                              : standing_line(standing, office.agent->number);
            if (families[f].value == last_event) {
                view_received(scene, snapshot, office.agent,
                              &office.received_at, &events);
            }
            if (!families[f].value(&office, &value)) {
                continue;
            }
            label_office(office.agent, labels);
            if (families[f].seconds) {
                metric_seconds(text, labels, value);
            } else {
                metric_number(text, labels, (uint64_t)value);
            }
        }
    }
}

static void put_alarms(struct metric_text *text, const struct scene *scene)
{
    const struct standing *standing = scene->source->standing;

    metric_family(text, "office_alarms_total", "counter",
                  "What an office did that it should not, by kind.");
    for (size_t i = 0; i < standing->line_count; i++) {
        const struct standing_line *line = &standing->lines[i];
        const struct context_agent *agent =
            context_agent(scene->context, line->number);

        for (unsigned k = 0; agent != NULL && k < AGENTS_ALARM_END; k++) {
            char labels[METRIC_LABELS_MAX];

            if (line->alarms[k] > 0) {
                label_office(agent, labels);
                metric_label(labels, "alarm",
                             agents_alarm_token((enum agents_alarm)k));
                metric_number(text, labels, line->alarms[k]);
            }
        }
    }
}

void view_metrics(struct scene *scene)
{
    const struct standing *standing = scene->source->standing;
    struct ledger_snapshot *snapshot = NULL;
    struct metric_text text;

    if (scene->query->reader.home != 0) {
        (void)scene_fail(scene, 403, "the metrics are the province's to see");
        return;
    }
    if (!scene_ok(scene, ledger_snapshot_open(scene->source->view->ledger,
                                              &snapshot))) {
        return;
    }
    metric_text_init(&text, &scene->answer->body);
    put_ledger(&text, scene, snapshot);
    put_care(&text, scene, snapshot);
    put_outcomes(&text, scene);
    put_offices(&text, scene, snapshot);
    if (standing != NULL) {
        put_checkpoints(&text, standing);
        put_intake(&text, standing);
        put_links(&text, standing);
        view_metrics_feed(&text, &standing->feed);
        put_alarms(&text, scene);
    }
    ledger_snapshot_close(&snapshot);
    (void)scene_ok(scene, text.status);
}
