/* Machines that were replaced. An office's word in a rebuilding is that of the
 * machine that has its key in force; the order that put another one in its
 * place may come back after the old one has spoken. Then what that one said for
 * the office is forgotten, and the true one is waited for. Failure modes: a
 * process that dies in between forgets the rest with the next start, since who
 * was heard goes last. */
#include "collector/recovery/recovery_internal.h"

#include "common/base/log.h"

#include <string.h>

bool recovery_same_machine(const struct recovery_heard *heard,
                           const struct context_agent *agent)
{
    static const struct public_key unknown;

    return public_key_equal(&heard->key, &unknown) ||
           public_key_equal(&heard->key, &agent->curve_key);
}

void recovery_key_of(const struct recovery *recovery, uint32_t agent,
                     struct public_key *key)
{
    const struct context_agent *found =
        recovery->context == NULL ? NULL
                                  : context_agent(recovery->context, agent);

    memset(key, 0, sizeof *key);
    if (found != NULL && found->joined) {
        *key = found->curve_key;
    }
}

/* The claim goes on under the name of who said the same. */
static enum status pass_on(struct recovery *recovery, struct recovery_row *row)
{
    enum status status;

    buffer_clear(&recovery->row);
    status = buffer_append(&recovery->row, row->bytes);
    if (status == STATUS_OK) {
        status = recovery_drop_row(recovery->options.ledger, row->entry.index,
                                   row->agent);
    }
    row->agent = row->other;
    row->late = row->vouched_late;
    row->other = 0;
    row->vouched_late = 0;
    row->bytes = buffer_bytes(&recovery->row);
    return status == STATUS_OK ? recovery_put_row(recovery->options.ledger, row,
                                                  &recovery->scratch)
                               : status;
}

static enum status take_back(struct recovery *recovery,
                             struct recovery_row *row)
{
    enum status status;

    buffer_clear(&recovery->row);
    status = buffer_append(&recovery->row, row->bytes);
    row->other = 0;
    row->vouched_late = 0;
    row->bytes = buffer_bytes(&recovery->row);
    return status == STATUS_OK ? recovery_put_row(recovery->options.ledger, row,
                                                  &recovery->scratch)
                               : status;
}

static enum status forget_row(struct recovery *recovery, uint32_t agent,
                              struct recovery_row *row)
{
    recovery_forget_good(recovery, row->entry.index);
    if (row->agent == agent) {
        return row->other != 0 ? pass_on(recovery, row)
                               : recovery_drop_row(recovery->options.ledger,
                                                   row->entry.index, agent);
    }
    return take_back(recovery, row);
}

/* What the office claims from (index, from) on, as much as one transaction
 * takes; `left`: there may be more. */
static enum status forget_some(struct recovery *recovery, uint32_t agent,
                               uint64_t *index, uint32_t *from, bool *left)
{
    struct recovery_reader reader;
    struct recovery_row row;
    size_t changed = 0;
    enum status status = recovery_begin(recovery);

    if (status == STATUS_OK) {
        status = recovery_reader_open(recovery->options.ledger, &reader);
    }
    while (status == STATUS_OK && changed < RECOVERY_DROP_MAX) {
        status = recovery_next_row(&reader, *index, *from, &row);
        if (status != STATUS_OK) {
            break;
        }
        *index = row.entry.index;
        *from = row.agent + 1;
        if (row.agent == agent || row.other == agent) {
            status = forget_row(recovery, agent, &row);
            changed++;
        }
    }
    *left = status == STATUS_OK;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status forget(struct recovery *recovery, uint32_t agent)
{
    uint64_t index = recovery_floor(recovery);
    uint32_t from = 0;
    bool left = true;
    enum status status = STATUS_OK;

    log_warning("what was returned for an office came from a machine that was "
                "replaced: it is forgotten",
                log_number("agent", agent));
    while (status == STATUS_OK && left) {
        status = forget_some(recovery, agent, &index, &from, &left);
        if (status == STATUS_OK && !left) {
            status = recovery_forget_heard(recovery->options.ledger, agent);
        }
        if (status == STATUS_OK) {
            status = recovery_save(recovery);
        }
    }
    return status == STATUS_OK ? recovery_count_kept(recovery) : status;
}

/* The first office that was heard with another key than is in force; 0. */
static enum status find_replaced(struct recovery *recovery,
                                 const struct context *context, uint32_t *agent)
{
    struct recovery_reader reader;
    enum status status =
        recovery_reader_open(recovery->options.ledger, &reader);

    *agent = 0;
    for (size_t i = 0;
         status == STATUS_OK && *agent == 0 && i < context_agent_count(context);
         i++) {
        const struct context_agent *at = context_agent_at(context, i);
        struct recovery_heard heard;

        status = recovery_get_heard(&reader, at->number, &heard);
        if (status == STATUS_OK && heard.heard && at->joined &&
            !recovery_same_machine(&heard, at)) {
            *agent = at->number;
        }
    }
    recovery_reader_close(&reader);
    return status;
}

enum status recovery_follow_keys(struct recovery *recovery)
{
    const struct context *context = NULL;
    uint64_t position = recovery->position;
    uint32_t agent = 0;
    enum status status = STATUS_OK;

    if (recovery->keys_known && recovery->keys_position == position) {
        return STATUS_OK;
    }
    do {
        status = recovery_context(recovery, &context);
        if (status == STATUS_OK) {
            status = find_replaced(recovery, context, &agent);
        }
        if (status == STATUS_OK && agent != 0) {
            recovery_proof_reset(&recovery->proof);
            recovery_pass_reset(&recovery->tail);
            recovery->news_at = clock_monotonic_us(recovery->options.clock);
            status = forget(recovery, agent);
        }
    } while (status == STATUS_OK && agent != 0);
    recovery->keys_known = status == STATUS_OK;
    recovery->keys_position = position;
    return recovery_lose(recovery, status);
}
