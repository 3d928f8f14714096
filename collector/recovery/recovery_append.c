/* What is proven becomes part of the ledger again, in groups; then what follows
 * without a gap and was not covered by a checkpoint; then the recovery ends and
 * its rows go. Failure modes: a process that dies in between leaves entries
 * that are durable and rows that still wait: the next start goes on with them.
 * An entry that the ledger itself does not take costs its claim and the proof,
 * and is waited for again. */
#include "collector/recovery/recovery_internal.h"

#include "collector/ledger/ledger_internal.h"
#include "common/base/log.h"

/* ---- who was heard ---- */

static bool counts(const struct context_agent *agent)
{
    return agent->joined && !agent->revoked;
}

enum status recovery_unheard(struct recovery *recovery,
                             struct recovery_standing *standing,
                             uint32_t *answered)
{
    const struct context *context = NULL;
    struct recovery_reader reader = {.own = false};
    enum status status = recovery_context(recovery, &context);

    standing->unheard = 0;
    standing->offices = 0;
    *answered = 0;
    if (status == STATUS_OK) {
        status = recovery_reader_open(recovery->options.ledger, &reader);
    }
    for (size_t i = 0; status == STATUS_OK && i < context_agent_count(context);
         i++) {
        const struct context_agent *agent = context_agent_at(context, i);
        struct recovery_heard heard;

        if (!counts(agent)) {
            continue;
        }
        standing->offices++;
        status = recovery_get_heard(&reader, agent->number, &heard);
        if (heard.answered && recovery_same_machine(&heard, agent)) {
            ++*answered;
        } else if (standing->unheard < RECOVERY_GAPS_MAX) {
            standing->first_unheard[standing->unheard++] = agent->number;
        } else {
            standing->unheard++;
        }
    }
    recovery_reader_close(&reader);
    return status;
}

/* All that the offices know was heard. Who only misses its end does not wait
 * longer than a while for those that are away; a ledger that is known to come
 * from a backup waits for all; and where nothing was left, one office's word
 * that there is no other is given time to be proven wrong. */
static enum status heard_enough(struct recovery *recovery, bool *enough)
{
    struct recovery_standing standing;
    int64_t now = clock_monotonic_us(recovery->options.clock);
    int64_t quiet = now - recovery->news_at;
    uint32_t answered = 0;
    enum status status = recovery_unheard(recovery, &standing, &answered);

    *enough = false;
    if (status != STATUS_OK || standing.offices == 0) {
        return status; /* nobody at all is not everybody */
    }
    switch (recovery->state.kind) {
    case RECOVERY_BEHIND:
        *enough = standing.unheard == 0 || quiet >= RECOVERY_QUIET_US ||
                  now - recovery->reached_at >= RECOVERY_QUIET_MAX_US;
        break;
    case RECOVERY_TOTAL:
        *enough = standing.unheard == 0 &&
                  (answered > 1 || quiet >= RECOVERY_ALONE_US);
        break;
    default:
        *enough = standing.unheard == 0;
    }
    return STATUS_OK;
}

/* ---- what is proven ---- */

/* The group's last entry completes what was signed: its root is that. Where the
 * tree stands still there is none to compare. */
static bool is_signed(const struct recovery *recovery, uint64_t size)
{
    const struct ledger *ledger = recovery->options.ledger;
    const struct recovery_note *note = recovery_note_at(recovery, size);
    struct digest root;

    if (note == NULL || ledger->tree_stands) {
        return true;
    }
    merkle_frontier_root(&ledger->group_tree, &root);
    return digest_equal(&root, &note->root);
}

/* The one claim that is left there. */
static enum status append_proven(struct recovery *recovery, uint64_t index,
                                 size_t *bytes)
{
    struct ledger *ledger = recovery->options.ledger;
    struct recovery_reader reader;
    struct recovery_row row;
    enum status status = recovery_reader_open(ledger, &reader);

    if (status == STATUS_OK) {
        status = recovery_next_row(&reader, index, 0, &row);
    }
    if (status == STATUS_OK && row.entry.index != index) {
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        buffer_clear(&recovery->row);
        status = buffer_append(&recovery->row, row.bytes);
    }
    recovery_reader_close(&reader);
    if (status == STATUS_OK) {
        status = ledger_append_returned(ledger, &row.entry,
                                        buffer_bytes(&recovery->row));
    }
    if (status == STATUS_OK) {
        *bytes += row.bytes.size;
        recovery->consumed++;
        status = recovery_drop_index(ledger, index);
    }
    if (status == STATUS_OK && !is_signed(recovery, index + 1)) {
        status = STATUS_INVALID;
    }
    return status;
}

/* What was proven is not what the ledger takes, or is not there: the claim
 * goes, and all that is left has to be proven again. */
static enum status doubt(struct recovery *recovery, uint64_t index, bool there)
{
    enum status status = recovery_begin(recovery);

    log_error("what came back does not follow on the ledger",
              log_number("index", (int64_t)index));
    if (status == STATUS_OK) {
        status = recovery_drop_index(recovery->options.ledger, index);
    }
    recovery->consumed += there ? 1 : 0;
    recovery->refused += there ? 1 : 0;
    recovery->state.verified = recovery->entries;
    if (status == STATUS_OK) {
        status = recovery_put_state(recovery->options.ledger, &recovery->state);
    }
    recovery_proof_reset(&recovery->proof);
    return status == STATUS_OK ? recovery_save(recovery)
                               : recovery_lose(recovery, status);
}

static enum status append_group(struct recovery *recovery)
{
    uint64_t index = recovery->entries;
    size_t bytes = 0;
    enum status status = recovery_begin(recovery);

    /* The rows that are dropped with it make the room again. */
    if (status == STATUS_OK) {
        ledger_use_reserve(recovery->options.ledger);
    }
    while (status == STATUS_OK && index < recovery->state.verified &&
           index - recovery->entries < RECOVERY_TURN_ENTRIES &&
           bytes < RECOVERY_TURN_BYTES) {
        status = append_proven(recovery, index, &bytes);
        index += status == STATUS_OK;
    }
    if (status == STATUS_INVALID || status == STATUS_NOT_FOUND) {
        recovery_rollback(recovery);
        return doubt(recovery, index, status == STATUS_INVALID);
    }
    status = status == STATUS_OK || status == STATUS_AGAIN
                 ? recovery_save(recovery)
                 : recovery_lose(recovery, status);
    if (status == STATUS_OK) {
        recovery->entries = index;
    }
    return status;
}

/* ---- the end ---- */

/* Rows first, then in one transaction who was heard and the state: a crash in
 * between leaves a recovery that ends once more, without waiting for anybody
 * again. */
enum status recovery_end(struct recovery *recovery, bool *more)
{
    struct ledger *ledger = recovery->options.ledger;
    bool left = true;
    enum status status = recovery_put_keys(recovery);

    if (status == STATUS_OK) {
        status = recovery_begin(recovery);
    }
    if (status == STATUS_OK) {
        status = recovery_drop_rows(ledger, RECOVERY_DROP_MAX, &left);
    }
    if (status == STATUS_OK && !left) {
        status = recovery_drop_state(ledger);
    }
    status = status == STATUS_OK ? recovery_save(recovery)
                                 : recovery_lose(recovery, status);
    *more = left;
    if (status == STATUS_OK && !left) {
        log_info("the ledger is whole again",
                 log_number("entries", (int64_t)recovery->entries),
                 log_number("restored", (int64_t)(recovery->entries -
                                                  recovery->state.began)));
        recovery->state = (struct recovery_state){.kind = RECOVERY_NONE};
        recovery->kept = 0;
        recovery_proof_reset(&recovery->proof);
        recovery_pass_reset(&recovery->tail);
        context_free(&recovery->context);
        recovery->context_stale = true;
    }
    return status;
}

/* All that was signed is there: what follows, and then nothing more. */
static enum status end_step(struct recovery *recovery, bool *more)
{
    uint64_t before = recovery->entries;
    bool enough = false;
    enum status status;

    if (recovery->reached_at == 0) {
        recovery->reached_at = clock_monotonic_us(recovery->options.clock);
    }
    status = heard_enough(recovery, &enough);
    if (status != STATUS_OK || !enough || recovery_clock_behind(recovery)) {
        return status;
    }
    status = recovery_append_tail(recovery, MERKLE_SIZE_MAX, false);
    if (status != STATUS_OK || recovery->entries > before) {
        *more = *more || status == STATUS_OK;
        return status;
    }
    return recovery->entries > 0 ? recovery_end(recovery, more) : STATUS_OK;
}

static enum status append_step(struct recovery *recovery, bool *more,
                               bool *appended)
{
    uint64_t before = recovery->entries;
    enum status status = STATUS_OK;

    if (recovery->entries < recovery->state.verified) {
        status = append_group(recovery);
        *more = *more || (status == STATUS_OK &&
                          recovery->entries < recovery->state.verified);
    } else if (recovery_target(recovery) <= recovery->entries) {
        status = end_step(recovery, more);
    }
    *appended = recovery->entries > before;
    return status;
}

enum status recovery_step(struct recovery *recovery, bool *more, bool *appended)
{
    enum status status;

    *more = false;
    *appended = false;
    if (!recovery_active(recovery) || recovery->state.giving_up ||
        clock_monotonic_us(recovery->options.clock) < recovery->try_at) {
        return STATUS_OK;
    }
    status = recovery_follow_keys(recovery);
    if (status == STATUS_OK) {
        status = recovery_proof_step(recovery, more);
    }
    if (status == STATUS_OK) {
        status = append_step(recovery, more, appended);
    }
    if (status == STATUS_FULL) {
        log_warning("no room to go on with the rebuilding",
                    log_number("entries", (int64_t)recovery->entries));
        *more = false;
        return STATUS_OK;
    }
    return status;
}
