/* What is proven becomes part of the ledger again, in groups; when all of it is
 * there, and every office was heard, the recovery ends and its rows go. A
 * process that dies in between leaves entries that are durable and rows that
 * still wait: the next start goes on with them. */
#include "collector/recovery/recovery_internal.h"

#include "collector/ledger/ledger_internal.h"
#include "common/base/check.h"
#include "common/base/log.h"

#define DROP_MAX 4096u /* rows of one transaction */

/* ---- who was heard ---- */

static bool counts(const struct context_agent *agent)
{
    return agent->joined && !agent->revoked;
}

/* Calls for every office that belongs to the province and has not answered
 * yet; gives how many there are. */
static enum status unheard(struct recovery *recovery,
                           struct recovery_standing *standing)
{
    const struct context *context = NULL;
    struct recovery_reader reader = {.own = false};
    enum status status = recovery_context(recovery, &context);

    standing->unheard = 0;
    standing->offices = 0;
    if (status == STATUS_OK) {
        status = recovery_reader_open(recovery->options.ledger, &reader);
    }
    for (size_t i = 0; status == STATUS_OK && i < context_agent_count(context);
         i++) {
        const struct context_agent *agent = context_agent_at(context, i);
        struct recovery_heard heard = {.answered = false};

        if (!counts(agent)) {
            continue;
        }
        standing->offices++;
        status = recovery_get_heard(&reader, agent->number, &heard);
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
        if (!heard.answered) {
            if (standing->unheard < RECOVERY_GAPS_MAX) {
                standing->first_unheard[standing->unheard] = agent->number;
            }
            standing->unheard++;
        }
    }
    recovery_reader_close(&reader);
    return status;
}

/* All that the offices know was heard, or nobody has said anything new for a
 * while; a ledger that is known to come from a backup waits for all. */
static enum status heard_enough(struct recovery *recovery, bool *enough)
{
    struct recovery_standing standing;
    int64_t quiet =
        clock_monotonic_us(recovery->options.clock) - recovery->news_at;
    enum status status = unheard(recovery, &standing);

    /* Nobody at all is not everybody: who belongs has not come back yet. */
    *enough =
        status == STATUS_OK && standing.offices > 0 &&
        (standing.unheard == 0 || (recovery->state.kind == RECOVERY_BEHIND &&
                                   quiet >= RECOVERY_QUIET_US));
    return status;
}

/* ---- appending ---- */

static uint64_t last_note(const struct recovery_state *state)
{
    return state->note_count == 0 ? 0
                                  : state->notes[state->note_count - 1].size;
}

/* Entries below it may be appended. */
static enum status limit_of(struct recovery *recovery, uint64_t *limit)
{
    const struct recovery_pass *pass = &recovery->pass;
    bool enough = false;
    enum status status = STATUS_OK;

    *limit = recovery->state.verified;
    if (pass->begun && !pass->misfit && pass->at > *limit &&
        pass->at >= last_note(&recovery->state) &&
        (last_note(&recovery->state) <= recovery->state.verified ||
         last_note(&recovery->state) <= recovery->state.began)) {
        status = heard_enough(recovery, &enough);
        *limit = enough ? pass->at : *limit;
    }
    return status;
}

/* One entry within the group. */
enum status recovery_append_one(struct recovery *recovery, uint64_t index,
                                size_t *bytes)
{
    struct ledger *ledger = recovery->options.ledger;
    const struct recovery_erasure *erased;
    struct recovery_reader reader;
    struct recovery_row row;
    enum status status = recovery_reader_open(ledger, &reader);

    if (status == STATUS_OK) {
        status = recovery_pass_choose(recovery, &reader, index, &row);
    }
    recovery_reader_close(&reader);
    if (status != STATUS_OK) {
        return status;
    }
    buffer_clear(&recovery->scratch);
    status = buffer_append(&recovery->scratch, row.bytes);
    if (status == STATUS_OK) {
        erased = recovery_erased(recovery, &row.entry);
        status = ledger_append_returned(ledger, &row.entry,
                                        buffer_bytes(&recovery->scratch),
                                        erased == NULL ? 0 : erased->order);
    }
    if (status == STATUS_OK) {
        *bytes += row.bytes.size;
        status = recovery_drop_index(ledger, index);
    }
    return status;
}

/* An entry that the ledger itself does not take: whoever returned it is wrong
 * about its place. */
static enum status drop_claim(struct recovery *recovery, uint64_t index)
{
    enum status status = recovery_begin(recovery);

    log_error("what came back does not follow on the ledger",
              log_number("index", (int64_t)index));
    if (status == STATUS_OK) {
        status = recovery_drop_index(recovery->options.ledger, index);
    }
    recovery->kept--;
    recovery->refused++;
    recovery_pass_reset(&recovery->pass);
    recovery->context_stale = true;
    return status == STATUS_OK ? recovery_save(recovery) : status;
}

static enum status append_group(struct recovery *recovery, uint64_t limit)
{
    uint64_t index = recovery->entries;
    size_t bytes = 0;
    enum status status = recovery_begin(recovery);

    /* The rows that are dropped with it make the room again. */
    if (status == STATUS_OK) {
        ledger_use_reserve(recovery->options.ledger);
    }
    while (status == STATUS_OK && index < limit &&
           index - recovery->entries < RECOVERY_TURN_ENTRIES &&
           bytes < RECOVERY_TURN_BYTES) {
        status = recovery_append_one(recovery, index, &bytes);
        index += status == STATUS_OK;
    }
    if (status == STATUS_INVALID) {
        ledger_rollback(recovery->options.ledger);
        recovery->open = false;
        return drop_claim(recovery, index);
    }
    status = status == STATUS_OK ? recovery_save(recovery)
                                 : recovery_lose(recovery, status);
    if (status == STATUS_OK) {
        recovery->kept -= index - recovery->entries;
        recovery->entries = index;
    }
    return status;
}

/* ---- the end ---- */

/* Rows first, the state last: a crash in between leaves a recovery that ends
 * once more. */
enum status recovery_end(struct recovery *recovery, const struct bytes *last,
                         bool *more)
{
    struct ledger *ledger = recovery->options.ledger;
    struct ledger_answer answer;
    bool left = true;
    enum status status = recovery_begin(recovery);

    if (status == STATUS_OK) {
        status = recovery_drop_rows(ledger, DROP_MAX, &left);
    }
    if (status == STATUS_OK && !left) {
        status = recovery_drop_state(ledger);
    }
    if (status == STATUS_OK && !left && last != NULL) {
        ledger_use_reserve(ledger);
        status = ledger_append_control(ledger, *last, &answer);
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
        recovery->claimed = 0;
        recovery_pass_reset(&recovery->pass);
        context_free(&recovery->context);
        recovery->context_stale = true;
    }
    return status;
}

enum status recovery_append_step(struct recovery *recovery, bool *more,
                                 bool *appended)
{
    uint64_t limit = 0;
    bool enough = false;
    enum status status = limit_of(recovery, &limit);

    if (status == STATUS_OK && recovery->entries < limit) {
        uint64_t before = recovery->entries;

        status = append_group(recovery, limit);
        *appended = recovery->entries > before;
        *more = *more || (status == STATUS_OK && recovery->entries < limit);
    }
    if (status == STATUS_OK && recovery->entries > 0 &&
        recovery->entries >= recovery_target(recovery)) {
        status = heard_enough(recovery, &enough);
    }
    return status == STATUS_OK && enough ? recovery_end(recovery, NULL, more)
                                         : status;
}

enum status recovery_step(struct recovery *recovery, bool *more, bool *appended)
{
    enum status status;

    *more = false;
    *appended = false;
    if (!recovery_active(recovery) ||
        clock_monotonic_us(recovery->options.clock) < recovery->try_at) {
        return STATUS_OK;
    }
    status = recovery_pass_step(recovery, more);
    if (status == STATUS_OK) {
        status = recovery_append_step(recovery, more, appended);
    }
    if (status == STATUS_FULL) {
        log_warning("no room to go on with the rebuilding",
                    log_number("entries", (int64_t)recovery->entries));
        *more = false;
        return STATUS_OK;
    }
    return status;
}

/* ---- for people ---- */

/* The first gaps behind what was looked at. */
static enum status find_gaps(struct recovery *recovery,
                             struct recovery_standing *standing)
{
    uint64_t at = recovery->pass.begun ? recovery->pass.at : recovery->entries;
    struct recovery_reader reader;
    struct recovery_row row;
    enum status status =
        recovery_reader_open(recovery->options.ledger, &reader);

    while (status == STATUS_OK && at < standing->target &&
           standing->gap_count < RECOVERY_GAPS_MAX) {
        uint64_t next = standing->target;

        status = recovery_next_row(&reader, at, 0, &row);
        if (status == STATUS_OK && row.entry.index < next) {
            next = row.entry.index;
        }
        if (next > at) {
            standing->gaps[standing->gap_count++] =
                (struct recovery_gap){.from = at, .to = next};
        }
        at = next + 1;
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    recovery_reader_close(&reader);
    return status;
}

enum status recovery_standing(struct recovery *recovery,
                              struct recovery_standing *standing)
{
    enum status status;

    *standing = (struct recovery_standing){
        .kind = recovery->state.kind,
        .entries = recovery->entries,
        .kept = recovery->kept,
        .target = recovery_target(recovery),
        .refused = recovery->refused,
        .rivals = recovery->pass.rivalled_count,
        .misfit = recovery->pass.misfit,
        .misfit_at = recovery->pass.misfit_at,
    };
    standing->missing =
        standing->target > recovery->entries + recovery->kept
            ? standing->target - recovery->entries - recovery->kept
            : 0;
    status = unheard(recovery, standing);
    return status == STATUS_OK ? find_gaps(recovery, standing) : status;
}
