/* Failure modes: a slot that is damaged ends its own line, with a word in the
 * log; a disk that fails ends the daemon, as everywhere. */
#include "agent/line/others.h"

#include "agent/office/collectors.h"
#include "agent/spool/spool_slots.h"
#include "common/base/log.h"

#include <string.h>

/* A line that cannot go on ends alone: only what fails under all of them, the
 * disk or the memory, ends the daemon. */
static enum status judge(struct others_line *line, enum status status)
{
    if (status != STATUS_OK && status != STATUS_IO && status != STATUS_MEMORY) {
        log_error("what a collector has said is damaged; its line ends",
                  log_text("collector", line->config.name),
                  log_status("status", status));
        uplink_free(&line->uplink);
        return STATUS_OK;
    }
    return status;
}

static enum status open_one(const struct uplink_options *given,
                            struct others *others, size_t place)
{
    struct others_line *line = &others->lines[place];
    struct uplink_options options = *given;
    unsigned was;
    enum status status;

    collectors_view(given->config, place, &line->config);
    options.config = &line->config;
    options.threads = OTHERS_THREADS;
    was = spool_turn(others->spool, line->config.slot);
    status = uplink_new(&options, &line->uplink);
    (void)spool_turn(others->spool, was);
    return judge(line, status);
}

enum status others_open(const struct uplink_options *options,
                        struct others *others)
{
    const struct config *config = options->config;
    enum status status = STATUS_OK;

    memset(others, 0, sizeof *others);
    others->spool = options->spool;
    others->count = config->other_count;
    for (size_t i = 0; status == STATUS_OK && i < others->count; i++) {
        status = open_one(options, others, i);
    }
    return status;
}

void others_close(struct others *others)
{
    for (size_t i = 0; i < others->count; i++) {
        uplink_free(&others->lines[i].uplink);
    }
    others->count = 0;
}

/* One that still speaks of an epoch which is over begins anew. */
static enum status step(struct others_line *line, uint32_t epoch)
{
    enum status status = STATUS_OK;

    if (uplink_epoch(line->uplink) != epoch) {
        status = uplink_restart(line->uplink);
    }
    return status == STATUS_OK ? uplink_step(line->uplink) : status;
}

enum status others_step(struct others *others)
{
    uint32_t epoch = 0;
    bool moves = false;
    enum status status =
        others->count == 0 ? STATUS_OK
                           : spool_epoch_in_use(others->spool, &epoch, &moves);

    for (size_t i = 0; status == STATUS_OK && !moves && i < others->count;
         i++) {
        struct others_line *line = &others->lines[i];
        unsigned was;

        if (line->uplink != NULL) {
            was = spool_turn(others->spool, line->config.slot);
            status = judge(line, step(line, epoch));
            (void)spool_turn(others->spool, was);
        }
    }
    return status;
}

static enum status mend(struct others_line *line, struct spool *spool)
{
    struct uplink_standing standing;
    struct spool_link link;
    enum status status;

    uplink_standing(line->uplink, &standing);
    if (standing.state != UPLINK_FROZEN) {
        return STATUS_OK;
    }
    status = spool_link(spool, &link);
    return status == STATUS_OK && link.frozen == SPOOL_RUNNING
               ? uplink_restart(line->uplink)
               : status;
}

enum status others_mend(struct others *others)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < others->count; i++) {
        struct others_line *line = &others->lines[i];
        unsigned was;

        if (line->uplink != NULL) {
            was = spool_turn(others->spool, line->config.slot);
            status = judge(line, mend(line, others->spool));
            (void)spool_turn(others->spool, was);
        }
    }
    return status;
}

size_t others_poll_items(const struct others *others,
                         zmq_pollitem_t items[OTHERS_POLL_ITEMS])
{
    size_t count = 0;

    for (size_t i = 0; i < others->count; i++) {
        if (others->lines[i].uplink != NULL) {
            count += uplink_poll_items(others->lines[i].uplink, items + count);
        }
    }
    return count;
}

int64_t others_due_us(const struct others *others)
{
    int64_t due = INT64_MAX;

    for (size_t i = 0; i < others->count; i++) {
        if (others->lines[i].uplink != NULL) {
            int64_t its = uplink_due_us(others->lines[i].uplink);

            due = its < due ? its : due;
        }
    }
    return due;
}
