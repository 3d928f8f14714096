/* What nobody has any more is given up, by the word of the administrator. A
 * batch behind a missing one of its stream goes with it: the office still has
 * it, and sends it as a new one. Failure modes: a process that dies leaves the
 * recovery under way, with some numbers filled; the same call ends it. */
#include "collector/recovery/recovery_internal.h"

#include "collector/ledger/ledger_internal.h"
#include "common/base/log.h"

#include <string.h>

/* What is proven first: it need not be given up. */
static enum status go_on(struct recovery *recovery)
{
    bool more = true;
    bool appended = false;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && more && recovery_active(recovery)) {
        status = recovery_step(recovery, &more, &appended);
        more = more || appended;
    }
    return status;
}

/* Whether what came back for the index holds, and a step of the walk. */
static enum status look(struct recovery *recovery, uint64_t index)
{
    struct recovery_reader reader;
    struct recovery_row row;
    enum status status =
        recovery_reader_open(recovery->options.ledger, &reader);

    if (status == STATUS_OK && !recovery->pass.begun) {
        status = recovery_pass_begin(recovery, &reader);
    }
    if (status == STATUS_OK) {
        status = recovery_pass_choose(recovery, &reader, index, &row);
    }
    if (status == STATUS_OK) {
        status = recovery_pass_look(recovery, &row);
    }
    recovery_reader_close(&reader);
    return status;
}

/* One group of what is left below the target. */
static enum status fill_group(struct recovery *recovery, uint64_t target)
{
    struct ledger *ledger = recovery->options.ledger;
    uint64_t index = recovery->entries;
    size_t bytes = 0;
    enum status status = recovery_begin(recovery);

    while (status == STATUS_OK && index < target &&
           index - recovery->entries < RECOVERY_TURN_ENTRIES &&
           bytes < RECOVERY_TURN_BYTES) {
        status = look(recovery, index);
        if (status == STATUS_OK) {
            status = recovery_append_one(recovery, index, &bytes);
        }
        if (status == STATUS_NOT_FOUND || status == STATUS_INVALID ||
            status == STATUS_REFUSED) {
            status = ledger_append_missing(ledger);
        }
        index += status == STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = recovery_save(recovery);
    }
    if (status == STATUS_OK) {
        recovery->entries = index;
    }
    return status;
}

/* The runs of missing numbers since the recovery began. */
static enum status find_missing(struct recovery *recovery,
                                struct control_break *broken)
{
    struct ledger_snapshot *snapshot = NULL;
    enum status status =
        ledger_snapshot_open(recovery->options.ledger, &snapshot);

    for (uint64_t i = recovery->state.began;
         status == STATUS_OK && i < recovery->entries; i++) {
        struct control_run *last =
            &broken->missing[broken->missing_count == 0
                                 ? 0
                                 : broken->missing_count - 1];
        struct entry entry;

        status = ledger_entry(snapshot, i, &entry);
        if (status != STATUS_OK || entry.kind != ENTRY_MISSING) {
            continue;
        }
        if (broken->missing_count > 0 && last->to == i) {
            last->to = i + 1;
        } else if (broken->missing_count == CONTROL_MISSING_MAX) {
            status = STATUS_FULL;
        } else {
            broken->missing[broken->missing_count++] =
                (struct control_run){.from = i, .to = i + 1};
        }
    }
    if (status == STATUS_OK) {
        status = ledger_root(snapshot, broken->old_size, &broken->new_root);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

static enum status sign(const struct recovery *recovery,
                        const struct control_break *broken,
                        struct buffer *document)
{
    struct control control = {.kind = CONTROL_BREAK,
                              .created_at =
                                  clock_wall_us(recovery->options.clock),
                              .broken = *broken};

    random_id_make(&control.nonce);
    return control_sign(&control, &recovery->options.keys->administrator,
                        document);
}

/* What was signed before, if anything was. */
static void old_tree(const struct recovery *recovery,
                     struct control_break *broken)
{
    const struct recovery_state *state = &recovery->state;

    memset(broken, 0, sizeof *broken);
    broken->reason = CONTROL_BREAK_ENTRIES_LOST;
    broken->old_size = recovery_target(recovery);
    if (state->note_count > 0) {
        broken->old_size = state->notes[state->note_count - 1].size;
        broken->old_root = state->notes[state->note_count - 1].root;
    }
}

enum status recovery_give_up(struct recovery *recovery,
                             struct control_break *broken)
{
    uint64_t target;
    struct buffer document;
    struct bytes last;
    bool more = true;
    enum status status;

    memset(broken, 0, sizeof *broken);
    if (!recovery_active(recovery)) {
        return STATUS_NOT_FOUND;
    }
    status = go_on(recovery);
    if (status != STATUS_OK || !recovery_active(recovery)) {
        return status;
    }
    recovery_pass_reset(&recovery->pass);
    if (recovery->entries == 0 && look(recovery, 0) != STATUS_OK) {
        return STATUS_NOT_FOUND;
    }
    recovery_pass_reset(&recovery->pass);
    buffer_init(&document, CONTROL_BYTES_MAX);
    old_tree(recovery, broken);
    target = recovery_target(recovery);
    while (status == STATUS_OK && recovery->entries < target) {
        status = fill_group(recovery, target);
    }
    if (status == STATUS_OK) {
        status = find_missing(recovery, broken);
    }
    if (status == STATUS_OK && broken->missing_count > 0) {
        status = sign(recovery, broken, &document);
    }
    last = buffer_bytes(&document);
    while (status == STATUS_OK && more) {
        status = recovery_end(recovery,
                              broken->missing_count > 0 ? &last : NULL, &more);
    }
    buffer_fini(&document);
    return status;
}
