/* Possible failures: a disk that is full or fails, which costs time at the next
 * start and nothing else. */
#include "collector/figures/tally_private.h"

#include "common/base/check.h"
#include "common/base/log.h"

/* Nothing is saved when so much of the map or the disk is used. */
#define ROOM_PERCENT 75u

void tally_keep_in(struct tally *tally, const char *path)
{
    check(tally->fold == NULL);
    tally->path = path;
}

uint64_t tally_events(const struct tally *tally)
{
    struct fold_totals totals = {.events = 0};

    if (tally->fold != NULL) {
        fold_totals(tally->fold, &totals);
    }
    return totals.events;
}

/* Reading and writing take as long as folding some events does. */
static void goes_on(void *owner)
{
    struct tally *tally = owner;

    if (tally->progress.folded != NULL) {
        tally->progress.folded(tally->progress.owner, tally->position,
                               ledger_snapshot_size(tally->snapshot));
    }
}

struct fold_file tally_file(struct tally *tally)
{
    return (struct fold_file){.path = tally->path,
                              .snapshot = tally->snapshot,
                              .owner = tally,
                              .goes_on = goes_on};
}

/* An event or a row costs some 50 bytes each time the state is written: with
 * a fourth more each time, all writing together is five times the state. What
 * two seconds fold again is not worth a pause under load. */
bool tally_due(const struct tally *tally, enum tally_occasion occasion)
{
    static const struct {
        uint64_t events, part;
    } from[TALLY_OCCASION_END] = {
        [TALLY_UNDER_LOAD] = {5000000, 4},
        [TALLY_IDLE] = {100000, 32},
        [TALLY_STOPPING] = {1000, 128},
    };
    uint64_t events = tally_events(tally);
    uint64_t fresh = events - tally->saved_events;

    return tally->path != NULL && tally->fold != NULL &&
           (tally->saving == NULL || occasion == TALLY_STOPPING) &&
           fresh >= from[occasion].events &&
           fresh >= events / from[occasion].part;
}

static enum status start(struct tally *tally, struct digest *digest)
{
    struct fold_file file;
    uint64_t figures = province_figures(tally->province);
    uint64_t used = 0, total = 0;
    struct fold_file_state state = {
        .place = {.position = tally->position,
                  .controls =
                      figures > tally->position ? figures : tally->position},
        .fold = tally->fold,
        .registers = tally->registers};
    enum status status;

    ledger_room(tally->ledger, &used, &total);
    if (used / ROOM_PERCENT > total / 100) {
        return STATUS_FULL; /* I6: the room is the ledger's */
    }
    status = fold_set_position(tally->fold, tally->position);
    if (status != STATUS_OK) {
        return status;
    }
    status = ledger_snapshot_open(tally->ledger, &tally->snapshot);
    if (status == STATUS_OK) {
        file = tally_file(tally);
        status = fold_file_start(&file, &state, &tally->saving);
    }
    ledger_snapshot_close(&tally->snapshot);
    if (digest != NULL) {
        *digest = state.digest;
    }
    return status;
}

static enum status told(const struct tally *tally, enum status status)
{
    if (status != STATUS_OK) {
        log_warning("the state of the figures could not be saved",
                    log_text("path", tally->path),
                    log_status("status", status));
    }
    return status;
}

/* Waits for what is becoming durable. */
static enum status finish(struct tally *tally)
{
    enum status status;

    if (tally->saving == NULL) {
        return STATUS_OK;
    }
    status = save_file_close(&tally->saving);
    if (status == STATUS_OK) {
        log_info("state of the figures saved",
                 log_number("entries", (int64_t)tally->saving_position),
                 log_number("events", (int64_t)tally->saved_events));
    }
    return told(tally, status);
}

enum status tally_save_start(struct tally *tally, struct digest *digest)
{
    enum status status;

    check(tally->snapshot == NULL && tally->path != NULL &&
          tally->position > 0);
    (void)finish(tally);
    status = start(tally, digest);
    tally->saved_events = tally_events(tally);
    tally->saving_position = tally->position;
    return told(tally, status);
}

bool tally_saving(const struct tally *tally)
{
    return tally->saving != NULL;
}

void tally_save_look(struct tally *tally)
{
    if (tally->saving != NULL && save_file_ended(tally->saving)) {
        (void)finish(tally);
    }
}

void tally_save_finish(struct tally *tally)
{
    (void)finish(tally);
}

void tally_save_drop(struct tally *tally)
{
    if (tally->saving != NULL) {
        save_file_drop(tally->saving);
        (void)!save_file_close(&tally->saving);
    }
}

enum status tally_save(struct tally *tally, struct digest *digest)
{
    enum status status = tally_save_start(tally, digest);

    return status == STATUS_OK ? finish(tally) : status;
}

enum status tally_compare(struct tally *tally, const char *path,
                          uint64_t controls, uint64_t *offset,
                          struct digest *digest)
{
    struct fold_file file = {.path = path, .owner = tally, .goes_on = goes_on};
    struct fold_file_state state = {
        .place = {.position = tally->position, .controls = controls},
        .fold = tally->fold,
        .registers = tally->registers};
    enum status status = fold_set_position(tally->fold, tally->position);

    check(tally->snapshot == NULL && tally->position > 0);
    if (status == STATUS_OK) {
        status = ledger_snapshot_open(tally->ledger, &tally->snapshot);
    }
    if (status == STATUS_OK) {
        file.snapshot = tally->snapshot;
        status = fold_file_compare(&file, &state, offset);
    }
    ledger_snapshot_close(&tally->snapshot);
    *digest = state.digest;
    return status;
}
