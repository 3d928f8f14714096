/* What came back is looked at in order: the signature under the key of its
 * place, the time, and the root at each checkpoint. Of rivals the first is
 * believed; when the root does not come out, all others but one office's, for
 * each office in turn, then one mixture after the other. What fits is kept, and
 * the claims that lost are dropped. */
#include "collector/recovery/recovery_internal.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "collector/ledger/ledger_tree.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/format/batch.h"

#include <string.h>

void recovery_pass_reset(struct recovery_pass *pass)
{
    context_free(&pass->context);
    memset(pass, 0, sizeof *pass);
}

void recovery_pass_again(struct recovery_pass *pass)
{
    if (pass->choice > 0 || pass->misfit) {
        recovery_pass_reset(pass);
    }
}

/* ---- rivals ---- */

/* Which of `count` claims a mixture believes at the `nth` rivalled index: each
 * of the first has a digit of the choice. */
static uint32_t digit(uint32_t mixture, size_t nth)
{
    for (size_t i = 0; i < nth && mixture > 0; i++) {
        mixture /= RECOVERY_RIVALS_MAX;
    }
    return mixture % RECOVERY_RIVALS_MAX;
}

static size_t place_of(const struct recovery_pass *pass, uint64_t index)
{
    size_t nth = 0;

    while (nth < pass->rivalled_count && pass->rivalled[nth] < index) {
        nth++;
    }
    return nth;
}

enum status recovery_pass_choose(const struct recovery *recovery,
                                 const struct recovery_reader *reader,
                                 uint64_t index, struct recovery_row *row)
{
    const struct recovery_pass *pass = &recovery->pass;
    struct recovery_row next;
    uint32_t suspect = 0;
    uint32_t wanted = 0;
    enum status status = recovery_next_row(reader, index, 0, row);

    if (status == STATUS_OK && row->entry.index != index) {
        status = STATUS_NOT_FOUND;
    }
    if (status != STATUS_OK || pass->choice == 0) {
        return status;
    }
    if (pass->choice <= pass->suspect_count) {
        suspect = pass->suspects[pass->choice - 1];
    } else {
        wanted = digit(pass->choice - (uint32_t)pass->suspect_count,
                       place_of(pass, index));
    }
    for (uint32_t nth = 0;; nth++) {
        bool believed = pass->choice <= pass->suspect_count
                            ? row->agent != suspect
                            : nth == wanted;

        if (believed ||
            recovery_next_row(reader, index, (uint8_t)(row->claim + 1),
                              &next) != STATUS_OK ||
            next.entry.index != index) {
            return STATUS_OK;
        }
        *row = next;
    }
}

static void note_suspect(struct recovery_pass *pass, uint32_t agent)
{
    for (size_t i = 0; i < pass->suspect_count; i++) {
        if (pass->suspects[i] == agent) {
            return;
        }
    }
    if (pass->suspect_count < RECOVERY_SUSPECTS_MAX) {
        pass->suspects[pass->suspect_count++] = agent;
    }
}

/* Notes that there are several claims, and by whom. */
static void note_rivals(struct recovery_pass *pass,
                        const struct recovery_reader *reader, uint64_t index)
{
    uint32_t agents[RECOVERY_RIVALS_MAX];
    struct recovery_row row;
    uint8_t claim = 0;
    size_t claims = 0;

    while (claims < RECOVERY_RIVALS_MAX &&
           recovery_next_row(reader, index, claim, &row) == STATUS_OK &&
           row.entry.index == index) {
        agents[claims++] = row.agent;
        claim = (uint8_t)(row.claim + 1);
    }
    for (size_t i = 0; claims > 1 && i < claims; i++) {
        note_suspect(pass, agents[i]);
    }
    if (claims > 1 && pass->rivalled_count < RECOVERY_RIVALLED_MAX) {
        pass->rivalled[pass->rivalled_count++] = index;
    }
}

/* Begins anew under the next choice; without one the pass stands still. */
static void try_next(struct recovery_pass *pass, uint64_t at)
{
    uint32_t choice = pass->choice + 1;
    size_t suspects = pass->suspect_count;
    uint32_t mixtures = 1;

    for (size_t i = 0;
         i < pass->rivalled_count && mixtures < RECOVERY_CHOICES_MAX; i++) {
        mixtures *= RECOVERY_RIVALS_MAX;
    }
    if (pass->rivalled_count == 0 || choice >= suspects + mixtures) {
        if (!pass->misfit) {
            log_error("what came back is not what was signed",
                      log_number("index", (int64_t)at));
        }
        pass->misfit = true;
        pass->misfit_at = at;
        return;
    }
    /* Rivals and suspects stay: the choices count by them. */
    context_free(&pass->context);
    pass->choice = choice;
    pass->begun = false;
}

/* ---- one entry ---- */

/* STATUS_REFUSED: it cannot be what was there. */
static enum status check_batch(const struct recovery *recovery,
                               const struct recovery_row *row)
{
    if (row->bytes.size == 0) {
        return recovery_erased(recovery, &row->entry) != NULL ? STATUS_OK
                                                              : STATUS_REFUSED;
    }
    const struct public_key *key = context_sign_key_at(
        recovery->pass.context, row->entry.agent_number, row->entry.index);

    return key != NULL && batch_verify(row->bytes, key) == STATUS_OK
               ? STATUS_OK
               : STATUS_REFUSED;
}

enum status recovery_pass_look(struct recovery *recovery,
                               const struct recovery_row *row)
{
    struct recovery_pass *pass = &recovery->pass;
    uint8_t record[ENTRY_BYTES];
    struct digest leaf;
    enum status status;

    if (row->entry.received_at < pass->received_at) {
        return STATUS_REFUSED;
    }
    if (row->entry.kind == ENTRY_CONTROL) {
        status = recovery_apply(recovery, pass->context, row->entry.index,
                                row->bytes);
    } else {
        status = check_batch(recovery, row);
    }
    if (status != STATUS_OK) {
        return status == STATUS_INVALID || status == STATUS_VERSION
                   ? STATUS_REFUSED
                   : status;
    }
    entry_write(&row->entry, record);
    merkle_leaf((struct bytes){record, sizeof record}, &leaf);
    merkle_frontier_push(&pass->frontier, &leaf);
    pass->received_at = row->entry.received_at;
    pass->at++;
    return STATUS_OK;
}

/* ---- the walk ---- */

enum status recovery_pass_begin(struct recovery *recovery,
                                struct recovery_reader *reader)
{
    struct recovery_pass *pass = &recovery->pass;
    struct entry last;
    enum status status =
        recovery_read_context(recovery, reader, &pass->context);

    pass->at = recovery->entries;
    pass->received_at = INT64_MIN;
    if (status == STATUS_OK) {
        status =
            ledger_tree_read(reader->txn, recovery->entries, &pass->frontier);
    }
    if (status == STATUS_OK) {
        status = tables_last_entry(reader->txn, &last);
        if (status == STATUS_OK) {
            pass->received_at = last.received_at;
        }
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    pass->begun = status == STATUS_OK;
    return status;
}

/* The root that was signed at just this size; NULL: none was. */
static const struct recovery_note *note_at(const struct recovery *recovery,
                                           uint64_t size)
{
    const struct recovery_state *state = &recovery->state;

    for (size_t i = 0; i < state->note_count; i++) {
        if (state->notes[i].size == size) {
            return &state->notes[i];
        }
    }
    return NULL;
}

/* Looks at entries until a checkpoint, a gap or the end of the turn. `met`: a
 * checkpoint's root came out. */
static enum status walk(struct recovery *recovery,
                        struct recovery_reader *reader, bool *more, bool *met)
{
    struct recovery_pass *pass = &recovery->pass;
    size_t bytes = 0;
    enum status status = STATUS_OK;

    for (unsigned i = 0; status == STATUS_OK && i < RECOVERY_TURN_ENTRIES &&
                         bytes < RECOVERY_TURN_BYTES;
         i++) {
        const struct recovery_note *note;
        struct recovery_row row;
        struct digest root;

        status = recovery_pass_choose(recovery, reader, pass->at, &row);
        if (status != STATUS_OK) {
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        }
        if (pass->choice == 0) {
            note_rivals(pass, reader, pass->at);
        }
        bytes += row.bytes.size;
        status = recovery_pass_look(recovery, &row);
        if (status == STATUS_REFUSED) {
            try_next(pass, pass->at);
            *more = !pass->misfit;
            return STATUS_OK;
        }
        note = status == STATUS_OK ? note_at(recovery, pass->at) : NULL;
        if (note == NULL) {
            continue;
        }
        merkle_frontier_root(&pass->frontier, &root);
        if (digest_equal(&root, &note->root)) {
            *met = true;
        } else {
            try_next(pass, pass->at);
        }
        *more = !pass->misfit;
        return STATUS_OK;
    }
    *more = true;
    return status;
}

/* Of rivals below the checkpoint the believed one stays. */
static enum status drop_losers(struct recovery *recovery)
{
    struct recovery_pass *pass = &recovery->pass;
    struct ledger *ledger = recovery->options.ledger;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < pass->rivalled_count && status == STATUS_OK; i++) {
        uint64_t index = pass->rivalled[i];
        struct recovery_reader reader;
        struct recovery_row row;
        uint8_t stays;

        if (index >= pass->at) {
            continue;
        }
        status = recovery_reader_open(ledger, &reader);
        if (status == STATUS_OK) {
            status = recovery_pass_choose(recovery, &reader, index, &row);
        }
        stays = row.claim;
        for (uint8_t claim = 0;
             claim < RECOVERY_RIVALS_MAX && status == STATUS_OK; claim++) {
            if (claim == stays ||
                recovery_next_row(&reader, index, claim, &row) != STATUS_OK ||
                row.entry.index != index || row.claim != claim) {
                continue;
            }
            recovery->refused++;
            log_error("an office claims an entry that was another's",
                      log_number("agent", row.agent),
                      log_number("index", (int64_t)index));
            status = recovery_drop_row(ledger, index, claim);
        }
        recovery_reader_close(&reader);
    }
    return status;
}

static enum status note_proven(struct recovery *recovery)
{
    enum status status = recovery_begin(recovery);

    if (status == STATUS_OK) {
        status = drop_losers(recovery);
    }
    recovery->state.verified = recovery->pass.at;
    if (status == STATUS_OK) {
        status = recovery_put_state(recovery->options.ledger, &recovery->state);
    }
    status = status == STATUS_OK ? recovery_save(recovery)
                                 : recovery_lose(recovery, status);
    if (status == STATUS_OK) {
        log_info("the root of what came back is the one that was signed",
                 log_number("size", (int64_t)recovery->pass.at));
        recovery->pass.choice = 0;
        recovery->pass.rivalled_count = 0;
        recovery->pass.suspect_count = 0;
    }
    return status;
}

enum status recovery_pass_step(struct recovery *recovery, bool *more)
{
    struct recovery_pass *pass = &recovery->pass;
    struct recovery_reader reader;
    bool met = false;
    enum status status;

    if (pass->misfit) {
        return STATUS_OK;
    }
    status = recovery_reader_open(recovery->options.ledger, &reader);
    if (status == STATUS_OK && !pass->begun) {
        status = recovery_pass_begin(recovery, &reader);
    }
    if (status == STATUS_OK) {
        status = walk(recovery, &reader, more, &met);
    }
    recovery_reader_close(&reader);
    return status == STATUS_OK && met ? note_proven(recovery) : status;
}
