/* What the ledger says of what was given up. Breaks are signed one after the
 * other, as many as the runs of missing numbers need, and each is durable
 * together with how far they go: a process that dies leaves some of them, and
 * the same call goes on with the next. */
#include "collector/recovery/recovery_internal.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_moved.h"
#include "common/base/check.h"
#include "common/format/control.h"

#include <stdlib.h>
#include <string.h>

enum status recovery_append_new(struct recovery *recovery,
                                struct bytes document)
{
    struct ledger *ledger = recovery->options.ledger;
    struct entry entry = {.kind = ENTRY_CONTROL,
                          .index = ledger->next_index,
                          .received_at = clock_wall_us(recovery->options.clock),
                          .size = (uint32_t)document.size};

    check(recovery->open);
    if (entry.received_at < ledger->last_received) {
        entry.received_at = ledger->last_received;
        entry.flags = ENTRY_FLAG_CLOCK_STEPPED;
    }
    digest_bytes(document, &entry.digest);
    ledger_use_reserve(ledger);
    return ledger_append_returned(ledger, &entry, document);
}

/* ---- breaks ---- */

/* The runs of missing numbers from `told` on that one document can name, and
 * how far they go. */
static enum status find_runs(const struct recovery *recovery,
                             const struct ledger_snapshot *snapshot,
                             struct control_break *broken, uint64_t *told)
{
    uint64_t target = recovery->state.target;
    enum status status = STATUS_OK;

    for (*told = recovery->state.told; *told < target; ++*told) {
        struct control_run *last =
            &broken->missing[broken->missing_count == 0
                                 ? 0
                                 : broken->missing_count - 1];
        struct entry entry;

        status = ledger_entry(snapshot, *told, &entry);
        if (status != STATUS_OK) {
            break;
        }
        if (entry.kind != ENTRY_MISSING) {
            continue;
        }
        if (broken->missing_count > 0 && last->to == *told) {
            last->to = *told + 1;
        } else if (broken->missing_count == CONTROL_MISSING_MAX) {
            break;
        } else {
            broken->missing[broken->missing_count++] =
                (struct control_run){.from = *told, .to = *told + 1};
        }
    }
    return status;
}

/* What was signed before. */
static void old_tree(const struct recovery *recovery,
                     struct control_break *broken)
{
    const struct recovery_state *state = &recovery->state;

    broken->reason = CONTROL_BREAK_ENTRIES_LOST;
    broken->old_size = state->target;
    for (size_t i = 0; i < state->note_count; i++) {
        if (state->notes[i].size == state->target) {
            broken->old_root = state->notes[i].root;
        }
    }
}

/* Signs the document and puts it, and the state with how far it goes, into one
 * transaction. */
static enum status put_break(struct recovery *recovery, struct control *control,
                             const struct recovery_state *state)
{
    struct buffer document;
    enum status status = STATUS_OK;

    control->created_at = clock_wall_us(recovery->options.clock);
    random_id_make(&control->nonce);
    buffer_init(&document, CONTROL_BYTES_MAX);
    status = control_sign(control, &recovery->options.keys->administrator,
                          &document);
    if (status == STATUS_OK) {
        status = recovery_begin(recovery);
    }
    if (status == STATUS_OK) {
        status = recovery_append_new(recovery, buffer_bytes(&document));
    }
    if (status == STATUS_OK) {
        status = recovery_put_state(recovery->options.ledger, state);
    }
    if (status == STATUS_OK) {
        status = recovery_save(recovery);
    }
    if (status == STATUS_OK) {
        recovery->state = *state;
        recovery->entries++;
    }
    recovery_rollback(recovery);
    buffer_fini(&document);
    return status;
}

/* The next one. Nothing is to be told where all numbers are there and make the
 * root that was signed. */
static enum status put_next_break(struct recovery *recovery,
                                  struct control *control)
{
    struct control_break *broken = &control->broken;
    struct recovery_state state = recovery->state;
    struct ledger_snapshot *snapshot = NULL;
    bool first = state.told == state.began;
    enum status status =
        ledger_snapshot_open(recovery->options.ledger, &snapshot);

    memset(control, 0, sizeof *control);
    control->kind = CONTROL_BREAK;
    old_tree(recovery, broken);
    if (status == STATUS_OK) {
        status = find_runs(recovery, snapshot, broken, &state.told);
    }
    if (status == STATUS_OK) {
        status = ledger_root(snapshot, broken->old_size, &broken->new_root);
    }
    ledger_snapshot_close(&snapshot);
    if (status != STATUS_OK) {
        return status;
    }
    if (broken->missing_count == 0 &&
        (!first || digest_equal(&broken->old_root, &broken->new_root))) {
        recovery->state = state;
        return STATUS_OK;
    }
    return put_break(recovery, control, &state);
}

enum status recovery_put_breaks(struct recovery *recovery)
{
    struct control *control = calloc(1, sizeof *control);
    /* What follows is signed with them. */
    enum status status =
        control == NULL ? STATUS_MEMORY : recovery_put_keys(recovery);

    while (status == STATUS_OK &&
           recovery->state.told < recovery->state.target) {
        status = put_next_break(recovery, control);
    }
    free(control);
    return status;
}

enum status recovery_put_bound(struct recovery *recovery)
{
    struct control *control = calloc(1, sizeof *control);
    struct recovery_state state = recovery->state;
    struct ledger_snapshot *snapshot = NULL;
    /* What follows is signed with them. */
    enum status status =
        control == NULL ? STATUS_MEMORY : recovery_put_keys(recovery);

    state.giving_up = true;
    state.target = recovery->entries;
    state.told = state.target + 1;
    if (status == STATUS_OK) {
        status = ledger_snapshot_open(recovery->options.ledger, &snapshot);
    }
    if (status == STATUS_OK) {
        control->kind = CONTROL_BREAK;
        control->broken.reason = CONTROL_BREAK_ENTRIES_LOST;
        control->broken.old_size = state.target;
        status = ledger_root(snapshot, state.target, &control->broken.new_root);
        control->broken.old_root = control->broken.new_root;
    }
    ledger_snapshot_close(&snapshot);
    if (status == STATUS_OK) {
        status = put_break(recovery, control, &state);
    }
    free(control);
    return status;
}

enum status recovery_tell(struct recovery *recovery, uint64_t from, uint64_t to,
                          const struct recovery_teller *teller)
{
    struct ledger_snapshot *snapshot = NULL;
    uint64_t begun = UINT64_MAX; /* of the run */
    enum status status =
        ledger_snapshot_open(recovery->options.ledger, &snapshot);

    for (uint64_t i = from; i < to && status == STATUS_OK; i++) {
        struct entry entry;

        status = ledger_entry(snapshot, i, &entry);
        if (status == STATUS_OK && entry.kind == ENTRY_MISSING) {
            begun = begun == UINT64_MAX ? i : begun;
        } else if (begun != UINT64_MAX) {
            teller->run(teller->owner, begun, i);
            begun = UINT64_MAX;
        }
    }
    if (begun != UINT64_MAX) {
        teller->run(teller->owner, begun, to);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

/* ---- orders ---- */

/* Whether the batch stands in the ledger without bytes and without its order.
 */
static enum status is_unordered(const struct recovery_reader *reader,
                                uint64_t index, const struct digest *digest,
                                bool *is)
{
    struct moved moved;
    struct entry entry;
    enum status status = moved_get(reader->txn, digest, &moved);

    *is = false;
    if (status == STATUS_OK && moved.kind == MOVED_ERASED &&
        moved.control == MOVED_ORDER_TO_COME) {
        status = tables_get_entry(reader->txn, index, &entry);
        *is = status == STATUS_OK && digest_equal(&entry.digest, digest);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The next order that has to be appended again, in a buffer. */
static enum status find_order(struct recovery *recovery, uint64_t *index,
                              struct digest *digest)
{
    struct recovery_reader reader;
    struct bytes document = {0};
    bool is = false;
    enum status status =
        recovery_reader_open(recovery->options.ledger, &reader);

    while (status == STATUS_OK && !is) {
        status = recovery_next_erasure(&reader, index, digest, &document);
        if (status == STATUS_OK) {
            status = is_unordered(&reader, *index, digest, &is);
        }
    }
    if (status == STATUS_OK) {
        buffer_clear(&recovery->row);
        status = buffer_append(&recovery->row, document);
    }
    recovery_reader_close(&reader);
    return status;
}

/* Only who is in force where it is given again can give it: what a former
 * administrator ordered has the signature of the one who followed. */
static enum status sign_order(struct recovery *recovery)
{
    const struct sign_keys *keys = &recovery->options.keys->administrator;
    struct control *control = NULL;
    enum status status =
        control_open(buffer_bytes(&recovery->row), &keys->public_key, &control);

    if (status == STATUS_REFUSED) {
        status = control_open(buffer_bytes(&recovery->row), NULL, &control);
        if (status == STATUS_OK) {
            control->created_at = clock_wall_us(recovery->options.clock);
            random_id_make(&control->nonce);
            buffer_clear(&recovery->row);
            status = control_sign(control, keys, &recovery->row);
        }
    }
    control_free(&control);
    return status;
}

enum status recovery_put_orders(struct recovery *recovery)
{
    uint64_t index = 0;
    struct digest digest = {{0}};
    enum status status = recovery_save(recovery);

    while (status == STATUS_OK) {
        status = find_order(recovery, &index, &digest);
        if (status == STATUS_OK) {
            status = sign_order(recovery);
        }
        if (status == STATUS_OK) {
            status = recovery_begin(recovery);
        }
        if (status == STATUS_OK) {
            status =
                recovery_append_new(recovery, buffer_bytes(&recovery->row));
        }
        if (status == STATUS_OK) {
            status = recovery_save(recovery);
        }
        recovery->entries += status == STATUS_OK;
    }
    recovery_rollback(recovery);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
