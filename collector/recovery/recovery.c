/* What is known of a recovery, and the group of the ledger that it is written
 * in. Failure modes: without room nothing of the group is kept, and what is
 * known is what the table says; only that entries are missing stays known. */
#include "collector/recovery/recovery.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/recovery/recovery_internal.h"
#include "common/base/log.h"
#include "common/format/merkle.h"

#include <stdlib.h>

/* ---- state ---- */

/* A recovery that is under way goes on: what it has proven stays proven, and
 * what is half given up is ended with its break. It only waits for more. */
static enum status keep_begun(struct ledger *ledger,
                              struct recovery_state *state)
{
    struct recovery_reader reader = {.ledger = ledger, .txn = ledger->txn};
    enum recovery_kind kind = state->kind;
    struct recovery_state known;
    enum status status = recovery_get_state(&reader, &known);

    if (status == STATUS_OK && known.kind != RECOVERY_NONE) {
        *state = known;
        if (!known.giving_up && known.kind < kind) {
            state->kind = kind;
        }
    }
    return status;
}

enum status recovery_mark(struct ledger *ledger, enum recovery_kind kind)
{
    struct ledger_snapshot *snapshot = NULL;
    struct recovery_state state = {.kind = kind};
    enum status status = ledger_snapshot_open(ledger, &snapshot);

    if (status == STATUS_OK) {
        state.began = ledger_snapshot_size(snapshot);
    }
    ledger_snapshot_close(&snapshot);
    if (status == STATUS_OK) {
        status = ledger_begin(ledger);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = keep_begun(ledger, &state);
    if (status == STATUS_OK) {
        status = recovery_put_state(ledger, &state);
    }
    if (status != STATUS_OK) {
        ledger_rollback(ledger);
        return status;
    }
    return ledger_commit(ledger);
}

/* Counts what lies in the table from before. */
static enum status count_rows(struct recovery *recovery,
                              struct recovery_reader *reader)
{
    struct recovery_row row;
    uint64_t index = recovery->entries;
    enum status status;

    while ((status = recovery_next_row(reader, index, 0, &row)) == STATUS_OK) {
        recovery->kept++;
        index = row.entry.index + 1;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status recovery_count_kept(struct recovery *recovery)
{
    struct recovery_reader reader;
    enum status status =
        recovery_reader_open(recovery->options.ledger, &reader);

    recovery->kept = 0;
    if (status == STATUS_OK) {
        status = count_rows(recovery, &reader);
    }
    recovery_reader_close(&reader);
    return status;
}

enum status recovery_count_entries(struct recovery *recovery)
{
    struct ledger_snapshot *snapshot = NULL;
    enum status status =
        ledger_snapshot_open(recovery->options.ledger, &snapshot);

    if (status == STATUS_OK) {
        recovery->entries = ledger_snapshot_size(snapshot);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

/* What a program of before has kept is asked for again. */
static enum status begin_again(struct recovery *recovery)
{
    struct ledger *ledger = recovery->options.ledger;
    bool left = true;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && left) {
        status = recovery_begin(recovery);
        if (status == STATUS_OK) {
            status = recovery_drop_rows(ledger, RECOVERY_DROP_MAX, &left);
        }
        if (status == STATUS_OK && !left) {
            status = recovery_drop_heard(ledger);
        }
        if (status == STATUS_OK && !left) {
            recovery->state.older = false;
            status = recovery_put_state(ledger, &recovery->state);
        }
        if (status == STATUS_OK) {
            status = recovery_save(recovery);
        }
    }
    recovery_rollback(recovery);
    return status;
}

static enum status read_table(struct recovery *recovery)
{
    struct recovery_reader reader = {.own = false};
    enum status status = recovery_count_entries(recovery);

    if (status == STATUS_OK) {
        status = recovery_reader_open(recovery->options.ledger, &reader);
    }
    if (status == STATUS_OK) {
        status = recovery_get_state(&reader, &recovery->state);
    }
    if (status == STATUS_OK && recovery_active(recovery) &&
        !recovery->state.older) {
        status = count_rows(recovery, &reader);
    }
    recovery_reader_close(&reader);
    return status == STATUS_OK && recovery->state.older ? begin_again(recovery)
                                                        : status;
}

static void say_open(const struct recovery *recovery)
{
    if (recovery->state.giving_up) {
        log_error("giving up what is missing was begun and has not ended: stop "
                  "the collector and run init --recover --give-up again",
                  log_number("entries", (int64_t)recovery->entries));
    } else if (recovery_active(recovery)) {
        log_error("the ledger is being restored from the offices",
                  log_number("entries", (int64_t)recovery->entries),
                  log_number("kept", (int64_t)recovery->kept),
                  log_number("target", (int64_t)recovery_target(recovery)));
    }
}

enum status recovery_open(const struct recovery_options *options,
                          struct recovery **out)
{
    struct recovery *recovery = calloc(1, sizeof *recovery);
    enum status status;

    *out = NULL;
    if (recovery == NULL) {
        return STATUS_MEMORY;
    }
    recovery->options = *options;
    recovery->context_stale = true;
    recovery->news_at = clock_monotonic_us(options->clock);
    buffer_init(&recovery->scratch, CONTROL_BYTES_MAX + 2 * ENTRY_BYTES);
    buffer_init(&recovery->row, CONTROL_BYTES_MAX);
    status = read_table(recovery);
    if (status == STATUS_OK && recovery_active(recovery)) {
        /* the breaks on record say which checkpoints hold no more */
        status = recovery_renew_context(recovery);
    }
    if (status != STATUS_OK) {
        recovery_close(&recovery);
        return status;
    }
    say_open(recovery);
    *out = recovery;
    return STATUS_OK;
}

void recovery_close(struct recovery **recovery)
{
    if (*recovery != NULL) {
        recovery_rollback(*recovery);
        context_free(&(*recovery)->context);
        recovery_proof_reset(&(*recovery)->proof);
        recovery_pass_reset(&(*recovery)->tail);
        recovery_good_reset(&(*recovery)->good);
        recovery_shares_reset(&(*recovery)->shares);
        buffer_fini(&(*recovery)->scratch);
        buffer_fini(&(*recovery)->row);
        free(*recovery);
        *recovery = NULL;
    }
}

bool recovery_active(const struct recovery *recovery)
{
    return recovery != NULL && recovery->state.kind != RECOVERY_NONE;
}

bool recovery_lets_strangers(const struct recovery *recovery)
{
    return recovery_active(recovery) &&
           recovery->state.kind != RECOVERY_BEHIND &&
           !recovery->state.giving_up;
}

uint64_t recovery_position(const struct recovery *recovery)
{
    return recovery->position;
}

uint64_t recovery_target(const struct recovery *recovery)
{
    const struct recovery_state *state = &recovery->state;
    uint64_t target = recovery->entries;

    for (size_t i = 0; i < state->note_count; i++) {
        if (state->notes[i].size > target &&
            recovery_note_at(recovery, state->notes[i].size) != NULL) {
            target = state->notes[i].size;
        }
    }
    return target;
}

/* ---- the group ---- */

enum status recovery_begin(struct recovery *recovery)
{
    enum status status = STATUS_OK;

    if (recovery->open) {
        return STATUS_OK;
    }
    status = ledger_begin(recovery->options.ledger);
    recovery->open = status == STATUS_OK;
    if (status == STATUS_OK && recovery->unstored) {
        status = recovery_put_state(recovery->options.ledger, &recovery->state);
    }
    return status;
}

void recovery_rollback(struct recovery *recovery)
{
    if (recovery->open) {
        ledger_rollback(recovery->options.ledger);
        recovery->open = false;
    }
    recovery->consumed = 0;
}

/* That entries are missing stays known, whether or not it could be stored. */
enum status recovery_lose(struct recovery *recovery, enum status status)
{
    const struct recovery_state known = recovery->state;

    if (status != STATUS_FULL) {
        return status;
    }
    recovery_rollback(recovery);
    recovery->kept = 0;
    recovery->context_stale = true;
    recovery_proof_reset(&recovery->proof);
    recovery_pass_reset(&recovery->tail);
    recovery_good_reset(&recovery->good);
    recovery_shares_reset(&recovery->shares);
    status = read_table(recovery);
    recovery->unstored =
        !recovery_active(recovery) && known.kind != RECOVERY_NONE;
    if (recovery->unstored) {
        recovery->state = known;
    }
    recovery->try_at =
        clock_monotonic_us(recovery->options.clock) + RECOVERY_FULL_US;
    return status == STATUS_OK ? STATUS_FULL : status;
}

enum status recovery_save(struct recovery *recovery)
{
    enum status status;

    if (!recovery->open) {
        return STATUS_OK;
    }
    recovery->open = false;
    status = ledger_commit(recovery->options.ledger);
    recovery->unstored = recovery->unstored && status != STATUS_OK;
    if (status == STATUS_OK) {
        recovery->kept -= recovery->consumed;
    }
    recovery->consumed = 0;
    return recovery_lose(recovery, status);
}
