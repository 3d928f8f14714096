/* What offices return is kept until the entries before it are there. Failure
 * modes: what cannot be what is missing is left out and counted; without room
 * it is not kept, and is asked for again. */
#include "collector/recovery/recovery_internal.h"

#include "common/base/log.h"
#include "common/format/batch.h"
#include "common/format/control.h"
#include "common/format/wire_pairs.h"

#include <string.h>

/* What can be said of it at once; the place of a batch's key is only known when
 * all before it is there. */
static enum status judge(struct recovery *recovery, uint32_t agent,
                         const struct wire_pair *pair)
{
    struct control *control = NULL;
    struct batch_header header;
    enum status status;

    if (pair->entry.index < recovery->entries ||
        pair->entry.index >= MERKLE_SIZE_MAX) {
        return STATUS_EXISTS;
    }
    if (pair->entry.kind == ENTRY_CONTROL) {
        status = pair->erased ? STATUS_INVALID
                              : control_open(pair->bytes,
                                             recovery_administrator(
                                                 recovery, recovery->context),
                                             &control);
        control_free(&control);
        return status;
    }
    if (agent == 0 || pair->entry.agent_number != agent) {
        return STATUS_REFUSED;
    }
    if (pair->erased) {
        return STATUS_OK; /* an order has to say so: see the pass */
    }
    status = batch_peek(pair->bytes, &header);
    if (status == STATUS_OK &&
        (header.agent_number != pair->entry.agent_number ||
         header.epoch_ordinal != pair->entry.epoch_ordinal ||
         header.first_seq != pair->entry.first_seq ||
         header.count != pair->entry.count ||
         !random_id_equal(&header.agent, &pair->entry.agent) ||
         !random_id_equal(&header.epoch, &pair->entry.epoch))) {
        status = STATUS_INVALID;
    }
    return status;
}

static bool same_entry(const struct entry *a, const struct entry *b)
{
    uint8_t left[ENTRY_BYTES];
    uint8_t right[ENTRY_BYTES];

    entry_write(a, left);
    entry_write(b, right);
    return memcmp(left, right, ENTRY_BYTES) == 0;
}

/* The number that a new claim gets. STATUS_EXISTS: it is there already, or no
 * more are taken. */
static enum status find_claim(struct recovery *recovery,
                              const struct wire_pair *pair, uint8_t *claim)
{
    struct recovery_reader reader;
    struct recovery_row row;
    enum status status =
        recovery_reader_open(recovery->options.ledger, &reader);

    *claim = 0;
    while (status == STATUS_OK) {
        status = recovery_next_row(&reader, pair->entry.index, *claim, &row);
        if (status != STATUS_OK || row.entry.index != pair->entry.index) {
            break;
        }
        if (same_entry(&row.entry, &pair->entry) &&
            (row.bytes.size > 0 || pair->erased)) {
            status = STATUS_EXISTS;
        }
        *claim = (uint8_t)(row.claim + 1u);
        if (*claim == RECOVERY_RIVALS_MAX) {
            status = STATUS_EXISTS;
        }
    }
    recovery_reader_close(&reader);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status keep_one(struct recovery *recovery, uint32_t agent,
                            const struct wire_pair *pair)
{
    struct recovery_row row = {
        .entry = pair->entry, .agent = agent, .bytes = pair->bytes};
    enum status status = judge(recovery, agent, pair);

    if (status == STATUS_OK) {
        status = recovery_begin(recovery);
    }
    if (status == STATUS_OK) {
        status = find_claim(recovery, pair, &row.claim);
    }
    if (status == STATUS_OK) {
        status = recovery_put_row(recovery->options.ledger, &row,
                                  &recovery->scratch);
    }
    if (status == STATUS_EXISTS) {
        return STATUS_OK;
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
    if (status != STATUS_OK) {
        return status;
    }
    if (row.claim == 0) {
        recovery->kept++;
    } else {
        log_warning("two offices claim one entry", log_number("agent", agent),
                    log_number("index", (int64_t)pair->entry.index));
    }
    recovery_pass_again(&recovery->pass);
    recovery->news_at = clock_monotonic_us(recovery->options.clock);
    if (pair->entry.kind != ENTRY_CONTROL) {
        return STATUS_OK;
    }
    recovery->position++;
    if (pair->entry.index < recovery->context_next) {
        recovery->context_stale = true;
        return STATUS_OK;
    }
    recovery->context_next = pair->entry.index + 1;
    return recovery_apply(recovery, recovery->context, pair->entry.index,
                          pair->bytes);
}

/* One more within the group; a group that is as large as it may be ends. */
static enum status keep(struct recovery *recovery, uint32_t agent,
                        const struct wire_pair *pair)
{
    enum status status = keep_one(recovery, agent, pair);

    if (status == STATUS_AGAIN) {
        status = recovery_save(recovery);
        if (status == STATUS_OK) {
            status = keep_one(recovery, agent, pair);
        }
    }
    return status;
}

enum status recovery_keep(struct recovery *recovery, uint32_t agent,
                          const struct wire_pair pairs[], size_t count)
{
    enum status status = recovery_renew_context(recovery);

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = keep(recovery, agent, &pairs[i]);
    }
    if (status == STATUS_FULL) {
        status = recovery_save(recovery); /* what came before it */
        return status == STATUS_OK ? STATUS_FULL : status;
    }
    return status;
}
