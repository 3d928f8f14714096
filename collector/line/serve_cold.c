/* Old batches move to cold files while the collector runs: one file at a time,
 * so that intake waits no longer than the disk needs for it. Without a rule too
 * the folder is opened once, behind a recovery if there is one: moves that were
 * begun are ended. */
#include "collector/line/serve.h"

#include "common/base/log.h"

static enum status step(struct serve *serve, bool *moved)
{
    struct cold_move_options options = {
        .ledger = serve->ledger,
        .province = serve->province,
        .administrator = &serve->keys->administrator,
        .clock = serve->clock,
        .folder = serve->cold_dir,
        .moves = serve->cold_after_days > 0,
    };
    int64_t before =
        clock_wall_us(serve->clock) - serve->cold_after_days * CLOCK_US_PER_DAY;
    enum status status = STATUS_OK;

    *moved = false;
    if (serve->cold == NULL) {
        status = cold_move_open(&options, &serve->cold);
    }
    return status == STATUS_OK && options.moves
               ? cold_move_step(serve->cold, before, moved)
               : status;
}

void serve_cold_again(struct serve *serve)
{
    cold_move_close(&serve->cold);
    serve->cold_at = 0;
}

enum status serve_cold(struct serve *serve)
{
    int64_t now = clock_monotonic_us(serve->clock);
    bool moved = false;
    enum status status;

    if (recovery_active(serve->recovery)) {
        serve_cold_again(serve);
        return STATUS_OK;
    }
    if (now < serve->cold_at ||
        (serve->cold_after_days == 0 && serve->cold != NULL)) {
        return STATUS_OK;
    }
    status = step(serve, &moved);
    serve->cold_at = clock_monotonic_us(serve->clock) +
                     (moved ? SERVE_COLD_MORE_US : SERVE_COLD_US);
    if (status == STATUS_OK) {
        return STATUS_OK;
    }
    log_error(status == STATUS_BUSY
                  ? "another collector has the folder of the cold files"
                  : "old batches could not be moved to a cold file",
              log_status("status", status));
    /* The next try looks again how far this one came. */
    cold_move_close(&serve->cold);
    return ledger_broken(serve->ledger) ? STATUS_IO : STATUS_OK;
}
