#include "agent/commands/lines.h"

#include "agent/office/lock.h"
#include "common/base/log.h"

enum status lines_lock(struct lines *lines, const char *dir)
{
    lines->dir = dir;
    return lock_take(dir, LOCK_LINE_FILE, &lines->lock);
}

enum status lines_open(struct lines *lines,
                       const struct uplink_options *options)
{
    enum status status;

    lines->options = *options;
    status = uplink_new(options, &lines->uplink);
    return status == STATUS_OK ? others_open(options, &lines->others) : status;
}

void lines_close(struct lines *lines)
{
    others_close(&lines->others);
    uplink_free(&lines->uplink);
}

void lines_unlock(struct lines *lines)
{
    lock_release(&lines->lock);
}

enum status lines_renew(struct lines *lines, bool moved)
{
    enum status status = STATUS_OK;

    others_close(&lines->others);
    if (lines->lock < 0 && moved) {
        (void)!lock_take(lines->dir, LOCK_LINE_FILE, &lines->lock);
    }
    if (lines->lock >= 0) {
        status = uplink_restart(lines->uplink);
    }
    return status == STATUS_OK ? others_open(&lines->options, &lines->others)
                               : status;
}

enum status lines_step(struct lines *lines)
{
    enum status status = uplink_step(lines->uplink);

    return status == STATUS_OK ? others_step(&lines->others) : status;
}

/* A line that stands still is nobody's; when it has been mended it is ours
 * again. */
static enum status mind_primary(struct lines *lines, bool knocked)
{
    struct uplink_standing standing;
    struct spool_link link;
    enum status status;

    uplink_standing(lines->uplink, &standing);
    if (standing.state != UPLINK_FROZEN) {
        return STATUS_OK;
    }
    if (lines->lock >= 0) {
        log_error("the line stands still until somebody acts",
                  log_text("reason", wire_refusal_token(standing.refusal)));
        lock_release(&lines->lock);
        return STATUS_OK;
    }
    if (!knocked ||
        lock_take(lines->dir, LOCK_LINE_FILE, &lines->lock) != STATUS_OK) {
        return STATUS_OK;
    }
    status = spool_link(lines->options.spool, &link);
    if (status == STATUS_OK && link.frozen == SPOOL_RUNNING) {
        return uplink_restart(lines->uplink);
    }
    lock_release(&lines->lock);
    return status;
}

enum status lines_mind(struct lines *lines, bool knocked)
{
    enum status status = mind_primary(lines, knocked);

    return status == STATUS_OK && knocked ? others_mend(&lines->others)
                                          : status;
}

size_t lines_poll_items(const struct lines *lines,
                        zmq_pollitem_t items[LINES_POLL_ITEMS])
{
    size_t count = uplink_poll_items(lines->uplink, items);

    return count + others_poll_items(&lines->others, items + count);
}

int64_t lines_due_us(const struct lines *lines)
{
    int64_t due = uplink_due_us(lines->uplink);
    int64_t others = others_due_us(&lines->others);

    return others < due ? others : due;
}
