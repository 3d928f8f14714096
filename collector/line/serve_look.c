/* How the lines stand, for those who look: a copy that they may keep. */
#include "collector/line/serve.h"

#include "common/base/log.h"

#include <string.h>

static void copy_line(const struct serve *serve, const struct agent_line *line,
                      struct standing_line *copy)
{
    copy->number = line->number;
    copy->live = agents_live(serve->agents, line);
    copy->heard_at = line->heard_at;
    copy->receipt_at = line->receipt_at;
    memcpy(copy->software, line->software, sizeof copy->software);
    copy->heartbeat = line->heartbeat;
    copy->frozen = line->frozen;
    copy->refusal = line->refusal;
    copy->refused_at = line->refused_at;
    memcpy(copy->alarms, line->alarms, sizeof copy->alarms);
    copy->clock_ahead = line->clock_ahead;
}

static void copy_checkpoints(const struct serve *serve,
                             struct standing *standing)
{
    if (serve->checkpoints == NULL) {
        return;
    }
    checkpoints_standing(serve->checkpoints, &standing->checkpoints);
    while (checkpoints_witness(serve->checkpoints, standing->witness_count,
                               &standing->witnesses[standing->witness_count])) {
        standing->witness_count++;
    }
}

static size_t count_lines(const struct serve *serve)
{
    size_t count = 0;

    while (agents_at(serve->agents, count) != NULL) {
        count++;
    }
    return count;
}

static size_t count_witnesses(const struct serve *serve)
{
    struct checkpoints_witness witness;
    size_t count = 0;

    while (serve->checkpoints != NULL &&
           checkpoints_witness(serve->checkpoints, count, &witness)) {
        count++;
    }
    return count;
}

void serve_look(struct serve *serve)
{
    struct standing *standing;
    const struct agent_line *line;

    if (serve->standings == NULL ||
        clock_monotonic_us(serve->clock) < standings_due_at(serve->standings)) {
        return;
    }
    standing = standing_new(count_lines(serve), count_witnesses(serve));
    if (standing == NULL) {
        log_warning("no memory for those who look");
        return;
    }
    admit_counts(serve->admit, &standing->admitted);
    intake_counts(serve->listen->intake, &standing->links);
    ledger_room(serve->ledger, &standing->bytes_used, &standing->bytes_total);
    standing->at = clock_wall_us(serve->clock);
    standing->started_at = serve->started_at;
    standing->entries = serve->entries;
    standing->full = standing->admitted.full;
    standing->committed_at = standing->admitted.committed_at;
    standing->recovering = recovery_active(serve->recovery);
    copy_checkpoints(serve, standing);
    for (size_t i = 0; (line = agents_at(serve->agents, i)) != NULL; i++) {
        copy_line(serve, line, &standing->lines[standing->line_count++]);
    }
    standings_publish(serve->standings, standing);
}
