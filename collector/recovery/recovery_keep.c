/* What offices return is kept until the entries before it are there: of each
 * office one claim to an index, and only what its own keys, or the
 * administrator's, have signed. Failure modes: what cannot be what is missing
 * is left out and counted; without room it is not kept, and is to be asked for
 * again. */
#include "collector/recovery/recovery_internal.h"

#include "common/base/log.h"
#include "common/format/batch.h"
#include "common/format/wire_pairs.h"

#include <string.h>

static bool same_entry(const struct entry *a, const struct entry *b)
{
    uint8_t left[ENTRY_BYTES];
    uint8_t right[ENTRY_BYTES];

    entry_write(a, left);
    entry_write(b, right);
    return memcmp(left, right, ENTRY_BYTES) == 0;
}

/* The walk that has looked at the index already: what comes now must not change
 * what it has seen. 0: none has. */
static uint64_t walk_behind(const struct recovery *recovery, uint64_t index)
{
    const struct recovery_proof *proof = &recovery->proof;

    return proof->pass.begun && index < proof->pass.at ? proof->walk : 0;
}

/* ---- what it is ---- */

static bool signed_by(const struct context *context, uint32_t agent,
                      struct bytes batch)
{
    const struct public_key *key;

    for (size_t n = 0; (key = context_sign_key_nth(context, agent, n)) != NULL;
         n++) {
        if (batch_verify(batch, key) == STATUS_OK) {
            return true;
        }
    }
    return false;
}

/* Which key was in force is only known when all before it is there: here any
 * that the office ever had will do. */
static enum status judge_batch(struct recovery *recovery, uint32_t agent,
                               const struct wire_pair *pair)
{
    struct batch_header header;
    enum status status;

    if (pair->entry.kind != ENTRY_BATCH || pair->entry.agent_number != agent) {
        return STATUS_REFUSED;
    }
    if (pair->erased) {
        return STATUS_OK; /* believed only if an order says so */
    }
    status = batch_peek(pair->bytes, &header);
    if (status != STATUS_OK) {
        return status;
    }
    if (header.agent_number != pair->entry.agent_number ||
        header.epoch_ordinal != pair->entry.epoch_ordinal ||
        header.first_seq != pair->entry.first_seq ||
        header.count != pair->entry.count ||
        !random_id_equal(&header.agent, &pair->entry.agent) ||
        !random_id_equal(&header.epoch, &pair->entry.epoch)) {
        return STATUS_INVALID;
    }
    if (signed_by(recovery->context, agent, pair->bytes)) {
        return STATUS_OK;
    }
    if (!recovery->context_stale) {
        return STATUS_REFUSED;
    }
    status = recovery_renew_context(recovery);
    return status == STATUS_OK &&
                   !signed_by(recovery->context, agent, pair->bytes)
               ? STATUS_REFUSED
               : status;
}

static enum status judge(struct recovery *recovery, uint32_t agent,
                         const struct wire_pair *pair)
{
    if (pair->entry.kind == ENTRY_CONTROL) {
        return pair->erased ? STATUS_INVALID
                            : recovery_know(recovery, pair->bytes);
    }
    return agent == 0 ? STATUS_REFUSED : judge_batch(recovery, agent, pair);
}

/* ---- where it goes ---- */

struct place {
    bool taken;   /* somebody claims the index */
    bool own;     /* the office does: */
    bool vouched; /* another one says the same as it then */
    bool same;    /* somebody says just this: */
    struct recovery_row row;
};

static enum status find_place(const struct recovery_reader *reader,
                              uint32_t agent, const struct wire_pair *pair,
                              struct place *place)
{
    uint64_t index = pair->entry.index;
    struct recovery_row row;
    enum status status = recovery_next_row(reader, index, 0, &row);

    *place = (struct place){.taken = false};
    while (status == STATUS_OK && row.entry.index == index) {
        place->taken = true;
        if (row.agent == agent) {
            place->own = true;
            place->vouched = row.other != 0;
        }
        if (same_entry(&row.entry, &pair->entry)) {
            place->same = true;
            place->row = row;
        }
        status = recovery_next_row(reader, index, row.agent + 1, &row);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status put(struct recovery *recovery, struct recovery_row *row)
{
    return recovery_put_row(recovery->options.ledger, row, &recovery->scratch);
}

/* Two offices say the same: neither can take it back. */
static enum status vouch(struct recovery *recovery, uint32_t agent,
                         struct recovery_row *row)
{
    enum status status = buffer_append(&recovery->row, row->bytes);

    row->other = agent;
    row->vouched_late = walk_behind(recovery, row->entry.index);
    row->bytes = buffer_bytes(&recovery->row);
    return status == STATUS_OK ? put(recovery, row) : status;
}

static enum status keep_claim(struct recovery *recovery, uint32_t agent,
                              const struct wire_pair *pair,
                              const struct place *place)
{
    uint64_t walk = walk_behind(recovery, pair->entry.index);
    struct recovery_row row = {.entry = pair->entry,
                               .agent = agent,
                               .late = walk,
                               .bytes = pair->bytes};
    bool has = false;
    enum status status;

    if (place->own && (place->vouched || walk != 0)) {
        log_warning("an office says two things of one entry",
                    log_number("agent", agent),
                    log_number("index", (int64_t)pair->entry.index));
        return STATUS_REFUSED;
    }
    status = recovery_has_share(recovery, &row, &has);
    if (status != STATUS_OK || has) {
        return status == STATUS_OK ? STATUS_BUSY : status;
    }
    recovery_forget_good(recovery, pair->entry.index);
    status = put(recovery, &row);
    if (status != STATUS_OK) {
        return status;
    }
    recovery_take_share(recovery, &row);
    recovery->kept += place->taken ? 0 : 1;
    recovery->proof.news = true;
    recovery->news_at = clock_monotonic_us(recovery->options.clock);
    if (place->taken && !place->own) {
        log_warning("two offices claim one entry", log_number("agent", agent),
                    log_number("index", (int64_t)pair->entry.index));
    }
    return STATUS_OK;
}

/* Of a claim that is there: its bytes, if they were not; and that another
 * office says so too. */
static enum status confirm(struct recovery *recovery, uint32_t agent,
                           const struct wire_pair *pair,
                           const struct place *place)
{
    struct recovery_row row = place->row;
    enum status status;

    buffer_clear(&recovery->row);
    if (row.agent != agent) {
        return row.other == 0 ? vouch(recovery, agent, &row) : STATUS_OK;
    }
    if (row.bytes.size > 0 || pair->erased) {
        return STATUS_OK;
    }
    status = judge(recovery, agent, pair);
    row.bytes = pair->bytes;
    return status == STATUS_OK ? put(recovery, &row) : status;
}

static enum status keep_pair(struct recovery *recovery, uint32_t agent,
                             const struct wire_pair *pair)
{
    struct recovery_reader reader = {.own = false};
    struct place place;
    enum status status;

    if (agent == 0) {
        return judge(recovery, agent, pair);
    }
    if (pair->entry.index < recovery_floor(recovery) ||
        pair->entry.index >= MERKLE_SIZE_MAX) {
        return STATUS_OK;
    }
    status = recovery_begin(recovery);
    if (status == STATUS_OK) {
        status = recovery_reader_open(recovery->options.ledger, &reader);
    }
    if (status == STATUS_OK) {
        status = find_place(&reader, agent, pair, &place);
    }
    recovery_reader_close(&reader);
    if (status != STATUS_OK) {
        return status;
    }
    if (place.same) {
        return confirm(recovery, agent, pair, &place);
    }
    status = judge(recovery, agent, pair);
    return status == STATUS_OK ? keep_claim(recovery, agent, pair, &place)
                               : status;
}

static enum status keep_one(struct recovery *recovery, uint32_t agent,
                            const struct wire_pair *pair)
{
    enum status status = keep_pair(recovery, agent, pair);

    if (status == STATUS_AGAIN) {
        /* the transaction is as large as one may be */
        status = recovery_save(recovery);
        if (status == STATUS_OK) {
            status = keep_pair(recovery, agent, pair);
        }
    }
    if (status == STATUS_REFUSED || status == STATUS_INVALID ||
        status == STATUS_VERSION) {
        recovery->refused++;
        log_warning("a returned entry cannot be what is missing",
                    log_number("agent", agent),
                    log_number("index", (int64_t)pair->entry.index),
                    log_status("why", status));
        return STATUS_OK;
    }
    return status;
}

enum status recovery_keep(struct recovery *recovery, uint32_t agent,
                          const struct wire_pair pairs[], size_t count)
{
    enum status status;

    if (recovery->state.giving_up) {
        return STATUS_OK;
    }
    status = recovery_renew_context(recovery);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = keep_one(recovery, agent, &pairs[i]);
    }
    if (status == STATUS_FULL || status == STATUS_BUSY) {
        enum status saved = recovery_save(recovery);

        return saved == STATUS_OK ? status : saved;
    }
    return status;
}
