/* What only its office says, and no root: it follows on the ledger as far as it
 * goes without a gap, or fills what is given up. Failure modes: a clock that is
 * behind what was signed makes it wait; a claim that does not hold makes room
 * for the next one to the same number. */
#include "collector/recovery/recovery_internal.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "common/base/log.h"

#define RANKS 3u /* of claims to one number, see rank_of() */

bool recovery_clock_behind(struct recovery *recovery)
{
    int64_t now = clock_wall_us(recovery->options.clock);
    struct recovery_reader reader = {.own = false};
    struct entry last = {.received_at = INT64_MIN};
    bool behind;

    if (recovery_reader_open(recovery->options.ledger, &reader) != STATUS_OK ||
        tables_last_entry(reader.txn, &last) != STATUS_OK) {
        last.received_at = INT64_MIN;
    }
    recovery_reader_close(&reader);
    if (recovery_renew_context(recovery) == STATUS_OK &&
        recovery->context_until > last.received_at) {
        last.received_at = recovery->context_until; /* it was signed then */
    }
    behind = last.received_at > now + WIRE_CLOCKS_DIFFER_US;
    if (behind && !recovery->clock_behind) {
        log_error("this machine's clock is behind the ledger: set it, the "
                  "recovery waits",
                  log_number("entry_time", last.received_at),
                  log_number("clock", now));
    }
    recovery->clock_behind = behind;
    return behind;
}

/* Appends the claim whose bytes lie in recovery->row, if it holds. */
static enum status try_claim(struct recovery *recovery,
                             const struct recovery_reader *reader,
                             struct recovery_row *row)
{
    int64_t until =
        clock_wall_us(recovery->options.clock) + WIRE_CLOCKS_DIFFER_US;
    enum status status;

    row->bytes = buffer_bytes(&recovery->row);
    if (row->entry.received_at > until) {
        log_error("an entry came back that was received later than now",
                  log_number("agent", row->agent),
                  log_number("index", (int64_t)row->entry.index));
    }
    status = recovery_pass_judge(recovery, &recovery->tail, reader, row, until);
    if (status == STATUS_OK) {
        status = ledger_append_returned(recovery->options.ledger, &row->entry,
                                        row->bytes);
    }
    if (status == STATUS_OK) {
        status = recovery_pass_take(recovery, &recovery->tail, row);
    } else if (status == STATUS_REFUSED || status == STATUS_INVALID) {
        recovery->refused++;
    }
    return status;
}

/* Whose word comes first: what two offices say alike, then that of one, and
 * last that of an office that has been revoked since, which was no longer its
 * administrator's. */
static unsigned rank_of(const struct context *context,
                        const struct recovery_row *row)
{
    const struct context_agent *one = context_agent(context, row->agent);
    const struct context_agent *other = context_agent(context, row->other);

    if (one == NULL || one->revoked) {
        return other != NULL && !other->revoked ? 1 : 2;
    }
    return other != NULL && !other->revoked ? 0 : 1;
}

/* The claims to the number that have that rank, one after the other.
 * STATUS_NOT_FOUND: none holds. */
static enum status try_rank(struct recovery *recovery,
                            const struct recovery_reader *reader,
                            const struct context *context, uint64_t index,
                            unsigned rank, size_t *bytes)
{
    struct recovery_row row;
    uint32_t agent = 0;
    enum status status = STATUS_OK;

    while (status == STATUS_OK) {
        status = recovery_next_row(reader, index, agent, &row);
        if (status == STATUS_OK && row.entry.index != index) {
            status = STATUS_NOT_FOUND;
        }
        if (status != STATUS_OK) {
            break;
        }
        agent = row.agent + 1;
        if (rank_of(context, &row) != rank) {
            continue;
        }
        buffer_clear(&recovery->row);
        status = buffer_append(&recovery->row, row.bytes);
        if (status == STATUS_OK) {
            status = try_claim(recovery, reader, &row);
        }
        if (status == STATUS_OK) {
            *bytes += row.bytes.size;
            return STATUS_OK;
        }
        status = status == STATUS_REFUSED || status == STATUS_INVALID
                     ? STATUS_OK
                     : status;
    }
    return status;
}

static enum status try_claims(struct recovery *recovery, uint64_t index,
                              size_t *bytes)
{
    const struct context *context = NULL;
    struct recovery_reader reader = {.own = false};
    enum status status = recovery_context(recovery, &context);

    if (status == STATUS_OK) {
        status = recovery_reader_open(recovery->options.ledger, &reader);
    }
    if (status == STATUS_OK && !recovery->tail.begun) {
        status = recovery_pass_begin(recovery, &recovery->tail, &reader);
    }
    if (status == STATUS_OK) {
        status = STATUS_NOT_FOUND;
    }
    for (unsigned rank = 0; status == STATUS_NOT_FOUND && rank < RANKS;
         rank++) {
        status = try_rank(recovery, &reader, context, index, rank, bytes);
    }
    recovery_reader_close(&reader);
    return status;
}

static enum status append_next(struct recovery *recovery, uint64_t index,
                               bool fill, size_t *bytes)
{
    struct ledger *ledger = recovery->options.ledger;
    struct recovery_reader reader = {.ledger = ledger, .txn = ledger->txn};
    struct recovery_row row;
    enum status status = try_claims(recovery, index, bytes);

    if (status == STATUS_NOT_FOUND && fill) {
        status = ledger_append_missing(ledger);
        if (status == STATUS_OK) {
            recovery_pass_skip(&recovery->tail);
        }
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = recovery_next_row(&reader, index, 0, &row);
    if (status == STATUS_OK && row.entry.index == index) {
        recovery->consumed++;
        status = recovery_drop_index(ledger, index);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status recovery_append_tail(struct recovery *recovery, uint64_t limit,
                                 bool fill)
{
    uint64_t index = recovery->entries;
    size_t bytes = 0;
    enum status status = recovery_save(recovery);

    if (recovery->tail.begun && recovery->tail.at != index) {
        recovery_pass_reset(&recovery->tail);
    }
    if (status == STATUS_OK) {
        status = recovery_begin(recovery);
    }
    if (status == STATUS_OK) {
        ledger_use_reserve(recovery->options.ledger);
    }
    if (status == STATUS_OK && fill) {
        status = recovery_put_state(recovery->options.ledger, &recovery->state);
    }
    while (status == STATUS_OK && index < limit &&
           index - recovery->entries < RECOVERY_TURN_ENTRIES &&
           bytes < RECOVERY_TURN_BYTES) {
        status = append_next(recovery, index, fill, &bytes);
        index += status == STATUS_OK;
    }
    status = status == STATUS_OK || status == STATUS_NOT_FOUND ||
                     status == STATUS_AGAIN
                 ? recovery_save(recovery)
                 : recovery_lose(recovery, status);
    if (status == STATUS_OK) {
        recovery->entries = index;
    } else {
        recovery_pass_reset(&recovery->tail);
    }
    return status;
}
