#include "agent/office/kept.h"

#include <malloc.h>
#include <string.h>

#include "agent/spool/spool_backup.h"

static enum status look_at_past(const struct office *office,
                                struct kept_past *past)
{
    struct spool_identity identity = {.epoch_ordinal = 0};
    struct spool_history history;
    struct spool_backup backup;
    enum status status = spool_identity(office->spool, &identity);

    memset(past, 0, sizeof *past); /* padding too: it is compared whole */
    past->context = office->context;
    memcpy(past->documents, office->documents, sizeof past->documents);
    past->epoch = identity.epoch_ordinal;
    if (status == STATUS_OK) {
        status = spool_next_control(office->spool, &past->next_control);
    }
    if (status == STATUS_OK) {
        status = spool_history(office->spool, &history);
        past->came_back = history.events;
    }
    if (status == STATUS_OK) {
        status = spool_backup(office->spool, &backup);
        past->removed = backup.removed;
    }
    return status;
}

static enum status begin(struct kept *kept, const struct office *office,
                         const struct kept_past *past)
{
    kept_forget(kept);
    kept->past = *past;
    kept->made = true;
    return view_begin(office, office->context, &kept->view);
}

enum status kept_turn(struct kept *kept, const struct office *office,
                      const struct clock *clock, int64_t until, bool *ready)
{
    struct kept_past past;
    enum status status = look_at_past(office, &past);

    *ready = false;
    kept->asked_at = clock_monotonic_us(clock);
    if (status == STATUS_OK &&
        (!kept->made || memcmp(&past, &kept->past, sizeof past) != 0)) {
        status = begin(kept, office, &past);
    }
    while (status == STATUS_OK && !*ready) {
        status = view_advance(&kept->view, KEPT_STEP, ready);
        if (status == STATUS_INVALID) {
            status = begin(kept, office, &past);
        }
        if (clock_monotonic_us(clock) >= until) {
            break;
        }
    }
    if (status != STATUS_OK) {
        kept_forget(kept);
    }
    return status;
}

void kept_rest(struct kept *kept, const struct clock *clock)
{
    if (kept->made &&
        clock_monotonic_us(clock) - kept->asked_at >= KEPT_IDLE_US) {
        kept_forget(kept);
        (void)malloc_trim(0);
    }
}

void kept_forget(struct kept *kept)
{
    if (kept->made) {
        view_close(&kept->view);
        kept->made = false;
    }
}
