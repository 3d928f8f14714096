/* What came back is held against what was signed: walks up to the next
 * checkpoint, each believing other offices, until its root comes out. Then all
 * claims that it contradicts are dropped, in slices; with the last of them the
 * size is proven, and from then on one claim stands at each index below.
 *
 * What comes behind a walk is not seen by it, so that nobody can change what it
 * has looked at, nor make it begin again: the next walk sees it. Failure modes:
 * where no choice fits, all stands still until something new has come. A crash
 * between two slices leaves the claims that were believed; they are looked at
 * once more. */
#include "collector/recovery/recovery_internal.h"

#include "common/base/log.h"

#include <string.h>

void recovery_proof_reset(struct recovery_proof *proof)
{
    bool alone = proof->alone;

    context_free(&proof->pass.context);
    memset(proof, 0, sizeof *proof);
    proof->alone = alone;
}

static bool is_broken(const struct recovery *recovery, uint64_t size)
{
    for (size_t i = 0; i < recovery->break_count; i++) {
        if (size > recovery->breaks[i].from &&
            size <= recovery->breaks[i].size) {
            return true;
        }
    }
    return false;
}

const struct recovery_note *recovery_note_at(const struct recovery *recovery,
                                             uint64_t size)
{
    const struct recovery_state *state = &recovery->state;

    for (size_t i = 0; i < state->note_count; i++) {
        if (state->notes[i].size == size) {
            return is_broken(recovery, size) ? NULL : &state->notes[i];
        }
    }
    return NULL;
}

uint64_t recovery_floor(const struct recovery *recovery)
{
    uint64_t floor = recovery->entries > recovery->state.verified
                         ? recovery->entries
                         : recovery->state.verified;

    return recovery->proof.settling && recovery->proof.pass.at > floor
               ? recovery->proof.pass.at
               : floor;
}

/* ---- the walk ---- */

/* Begins anew under the next choice; without one all stands still. */
static void try_next(struct recovery_proof *proof)
{
    uint64_t at = proof->pass.at;

    recovery_pass_reset(&proof->pass);
    if (recovery_next_choice(proof)) {
        log_info("it is looked at once more, and another office is doubted",
                 log_number("from", (int64_t)at),
                 log_number("choice", (int64_t)proof->choice));
        return;
    }
    log_error("what came back is not what was signed",
              log_number("index", (int64_t)at));
    proof->misfit = true;
    proof->misfit_at = at;
}

static enum status begin_walk(struct recovery *recovery,
                              struct recovery_reader *reader)
{
    struct recovery_proof *proof = &recovery->proof;
    struct random_id id;

    random_id_make(&id);
    memcpy(&proof->walk, id.bytes, sizeof proof->walk);
    proof->walk |= 1; /* never 0 */
    if (proof->choice == 0) {
        proof->news = false;
    }
    proof->pass.rooted = true;
    return recovery_pass_begin(recovery, &proof->pass, reader);
}

/* One entry. `ended`: the walk goes no further in this turn. */
static enum status step(struct recovery *recovery,
                        struct recovery_reader *reader, size_t *bytes,
                        bool *ended)
{
    struct recovery_proof *proof = &recovery->proof;
    const struct recovery_note *note;
    struct recovery_row row;
    struct digest root;
    enum status status =
        recovery_choose(recovery, reader, proof->pass.at, &row);

    if (status == STATUS_OK) {
        status = recovery_suspect(proof, reader, proof->pass.at);
    }
    if (status != STATUS_OK) {
        *ended = true;
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    *bytes += row.bytes.size;
    status =
        recovery_pass_judge(recovery, &proof->pass, reader, &row, INT64_MAX);
    if (status == STATUS_OK) {
        status = recovery_pass_take(recovery, &proof->pass, &row);
    }
    if (status == STATUS_REFUSED) {
        try_next(proof);
        *ended = true;
        return STATUS_OK;
    }
    note =
        status == STATUS_OK ? recovery_note_at(recovery, proof->pass.at) : NULL;
    if (note == NULL) {
        return status;
    }
    *ended = true;
    merkle_frontier_root(&proof->pass.frontier, &root);
    if (digest_equal(&root, &note->root)) {
        proof->settling = true;
        proof->settled = recovery->entries;
    } else {
        try_next(proof);
    }
    return STATUS_OK;
}

/* Looks at entries until a checkpoint, a gap or the end of the turn. */
static enum status walk(struct recovery *recovery, bool *more)
{
    struct recovery_proof *proof = &recovery->proof;
    struct recovery_reader reader;
    uint64_t before = proof->pass.at;
    size_t bytes = 0;
    bool ended = false;
    enum status status =
        recovery_reader_open(recovery->options.ledger, &reader);

    if (status == STATUS_OK && !proof->pass.begun) {
        status = begin_walk(recovery, &reader);
        before = proof->pass.at;
    }
    for (unsigned i = 0;
         status == STATUS_OK && !ended && i < RECOVERY_TURN_ENTRIES &&
         bytes < RECOVERY_TURN_BYTES;
         i++) {
        status = step(recovery, &reader, &bytes, &ended);
    }
    recovery_reader_close(&reader);
    /* At a gap, and where nothing fits, it waits for what comes. */
    *more = *more || proof->settling ||
            (proof->misfit
                 ? proof->news
                 : !proof->pass.begun || (!ended && proof->pass.at > before));
    return status;
}

/* ---- what the root contradicts ---- */

/* Drops the claims to the index that are not believed; `dropped` counts. */
static enum status drop_others(struct recovery *recovery, uint64_t index,
                               size_t *dropped)
{
    struct ledger *ledger = recovery->options.ledger;
    struct recovery_reader reader;
    struct recovery_row row = {.agent = 0};
    uint32_t stays;
    enum status status = recovery_reader_open(ledger, &reader);

    if (status == STATUS_OK) {
        status = recovery_choose(recovery, &reader, index, &row);
    }
    stays = row.agent;
    for (uint32_t from = 0; status == STATUS_OK;) {
        status = recovery_next_row(&reader, index, from, &row);
        if (status != STATUS_OK || row.entry.index != index) {
            break;
        }
        from = row.agent + 1;
        if (row.agent != stays) {
            recovery->refused++;
            ++*dropped;
            log_error("an office claims an entry that was another's",
                      log_number("agent", row.agent),
                      log_number("index", (int64_t)index));
            status = recovery_drop_row(ledger, index, row.agent);
        }
    }
    recovery_reader_close(&reader);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status end_settling(struct recovery *recovery)
{
    enum status status = STATUS_OK;

    recovery->state.verified = recovery->proof.pass.at;
    status = recovery_put_state(recovery->options.ledger, &recovery->state);
    if (status == STATUS_OK) {
        status = recovery_save(recovery);
    }
    if (status == STATUS_OK) {
        log_info("the root of what came back is the one that was signed",
                 log_number("size", (int64_t)recovery->state.verified));
        recovery->proof.settling = false;
        recovery->proof.choice = 0;
        recovery->proof.suspect_count = 0;
    }
    return status;
}

/* A turn's worth of what was walked over. */
static enum status settle(struct recovery *recovery, bool *more)
{
    struct recovery_proof *proof = &recovery->proof;
    size_t dropped = 0;
    enum status status = recovery_begin(recovery);

    for (unsigned i = 0;
         status == STATUS_OK && i < RECOVERY_TURN_ENTRIES &&
         dropped < RECOVERY_DROP_MAX && proof->settled < proof->pass.at;
         i++) {
        status = drop_others(recovery, proof->settled, &dropped);
        proof->settled += status == STATUS_OK;
    }
    *more = true;
    if (status == STATUS_OK) {
        status = proof->settled == proof->pass.at ? end_settling(recovery)
                                                  : recovery_save(recovery);
    }
    return recovery_lose(recovery, status);
}

enum status recovery_proof_step(struct recovery *recovery, bool *more)
{
    struct recovery_proof *proof = &recovery->proof;
    uint64_t target = recovery_target(recovery);

    enum status status = STATUS_OK;

    if (proof->settling) {
        return settle(recovery, more);
    }
    if (proof->misfit && proof->news) {
        recovery_proof_reset(proof);
    }
    if (proof->pass.begun && proof->pass.at < recovery->entries) {
        recovery_proof_reset(proof); /* more was appended than was proven */
    }
    if (proof->misfit || target <= recovery->entries ||
        target <= recovery->state.verified) {
        return STATUS_OK;
    }
    status = walk(recovery, more);
    return status == STATUS_OK && proof->settling ? settle(recovery, more)
                                                  : status;
}
