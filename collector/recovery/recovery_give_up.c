/* What nobody has any more is given up, by the word of the administrator. A
 * batch behind a missing one of its stream goes with it: the office still has
 * it, and sends it as a new one. From the transaction of the first number that
 * is filled the state says that this is under way: from then on nothing else
 * goes on, and only breaks that name all of it end it. Failure modes: a process
 * that dies leaves that state; the same call goes on with it. */
#include "collector/recovery/recovery_internal.h"

#include "common/base/log.h"

/* What is proven first: it need not be given up. Whoever gives up waits for
 * it: two offices are not doubted at a time, which the collector has done while
 * it ran, and which takes as many walks as there are pairs. */
static enum status go_on(struct recovery *recovery)
{
    bool more = true;
    bool appended = false;
    enum status status = STATUS_OK;

    recovery->proof.alone = true;
    log_info("what came back is held against what was signed once more",
             log_number("entries", (int64_t)recovery->entries),
             log_number("target", (int64_t)recovery_target(recovery)));

    while (status == STATUS_OK && more && recovery_active(recovery)) {
        status = recovery_step(recovery, &more, &appended);
        more = more || appended;
    }
    return status;
}

static enum status fill(struct recovery *recovery)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && recovery->entries < recovery->state.target) {
        status = recovery_append_tail(recovery, recovery->state.target, true);
    }
    return status;
}

/* What follows without a gap on all that was signed. */
static enum status append_rest(struct recovery *recovery)
{
    uint64_t before;
    enum status status;

    do {
        before = recovery->entries;
        status = recovery_append_tail(recovery, MERKLE_SIZE_MAX, false);
    } while (status == STATUS_OK && recovery->entries > before);
    return status;
}

/* Whether there is a first entry at all. */
static enum status check_first(struct recovery *recovery)
{
    if (recovery->entries == 0) {
        enum status status = recovery_append_tail(recovery, 1, false);

        if (status != STATUS_OK) {
            return status;
        }
    }
    return recovery->entries > 0 ? STATUS_OK : STATUS_NOT_FOUND;
}

/* Nobody knows what those have who were not heard. */
static enum status bound(struct recovery *recovery)
{
    struct recovery_standing standing = {.unheard = 0};
    uint32_t answered = 0;
    enum status status = recovery_unheard(recovery, &standing, &answered);

    return status == STATUS_OK && standing.unheard > 0
               ? recovery_put_bound(recovery)
               : status;
}

/* All below the target is filled: what follows, breaks and the end. */
static enum status end(struct recovery *recovery)
{
    const struct recovery_state *state = &recovery->state;
    bool more = true;
    enum status status = STATUS_OK;

    if (state->told <= state->began) { /* behind a break nothing follows */
        status = append_rest(recovery);
    }
    if (status == STATUS_OK) {
        status =
            state->giving_up ? recovery_put_breaks(recovery) : bound(recovery);
    }
    while (status == STATUS_OK && more) {
        status = recovery_end(recovery, &more);
    }
    return status;
}

enum status recovery_give_up(struct recovery *recovery,
                             const struct recovery_teller *teller)
{
    struct recovery_state *state = &recovery->state;
    uint64_t from;
    uint64_t to;
    enum status status = STATUS_OK;

    if (!recovery_active(recovery)) {
        return STATUS_NOT_FOUND;
    }
    if (!state->giving_up) {
        status = go_on(recovery);
        if (status != STATUS_OK || !recovery_active(recovery)) {
            return status;
        }
    }
    if (recovery_clock_behind(recovery)) {
        return STATUS_AGAIN;
    }
    if (!state->giving_up) {
        status = check_first(recovery);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!state->giving_up && recovery_target(recovery) > recovery->entries) {
        state->giving_up = true;
        state->target = recovery_target(recovery);
        state->told = state->began;
    }
    from = state->began;
    to = state->target;
    status = fill(recovery);
    if (status == STATUS_OK) {
        status = end(recovery);
    }
    return status == STATUS_OK && teller != NULL
               ? recovery_tell(recovery, from, to, teller)
               : status;
}
