/* Whose signature counts of what comes back, and the break that brings the
 * province new keys when it has lost its own. Failure modes: a process that
 * dies before the break is durable makes it when it ends once more; once it is
 * in the ledger the new keys are in force, and none is made. */
#include "collector/recovery/recovery_internal.h"

#include "collector/ledger/ledger_internal.h"
#include "common/base/log.h"
#include "common/format/checkpoint.h"
#include "common/format/control.h"

#include <stdlib.h>

/* ---- whose signature counts ---- */

static bool trusts(const struct recovery *recovery,
                   const struct public_key *administrator)
{
    const struct keys *keys = recovery->options.keys;
    const struct enrol_file *before = &keys->announced;

    for (size_t i = 0; i < before->former_count; i++) {
        if (public_key_equal(&before->former[i], administrator)) {
            return true;
        }
    }
    return public_key_equal(&keys->administrator.public_key, administrator);
}

/* Who signed the first entry, as far as this machine was told. */
static const struct public_key *first_administrator(
    const struct recovery *recovery)
{
    const struct keys *keys = recovery->options.keys;

    return keys->announced.former_count > 0 ? &keys->announced.former[0]
                                            : &keys->administrator.public_key;
}

enum status recovery_open_any(const struct recovery *recovery,
                              struct bytes document, struct control **control)
{
    const struct keys *keys = recovery->options.keys;
    const struct enrol_file *before = &keys->announced;
    const struct province_keys *known =
        recovery->context == NULL ? NULL
                                  : context_province_keys(recovery->context);
    enum status status =
        control_open(document, &keys->administrator.public_key, control);

    for (size_t i = 0; status == STATUS_REFUSED && i < before->former_count;
         i++) {
        status = control_open(document, &before->former[i], control);
    }
    for (size_t i = 0;
         status == STATUS_REFUSED && known != NULL && i < known->count; i++) {
        status =
            control_open(document, &known->pairs[i].administrator, control);
    }
    return status;
}

enum status recovery_open_next(const struct recovery *recovery,
                               const struct context *context, uint64_t index,
                               struct bytes document, struct control **control)
{
    const struct public_key *administrator = context_administrator(context);
    enum status status = control_open_next(
        document,
        administrator != NULL ? administrator : first_administrator(recovery),
        control);

    if (status == STATUS_OK && (*control)->kind == CONTROL_BREAK &&
        control_changes_keys(&(*control)->broken) &&
        index >= recovery->entries &&
        !trusts(recovery, &(*control)->broken.administrator)) {
        control_free(control);
        status = STATUS_REFUSED;
    }
    return status;
}

bool recovery_open_note(const struct recovery *recovery, struct bytes note,
                        struct checkpoint *checkpoint)
{
    const struct keys *keys = recovery->options.keys;
    const struct enrol_file *before = &keys->announced;
    const struct checkpoint said = *checkpoint;
    enum status status = checkpoint_open(
        note, said.origin, &keys->ledger.public_key, checkpoint, NULL);

    /* A former key counts only for a ledger that is known to lack its end. */
    if (status != STATUS_OK && before->new_keys &&
        (recovery->state.kind == RECOVERY_RESTORED ||
         recovery->state.kind == RECOVERY_TOTAL)) {
        status = checkpoint_open(note, said.origin, &before->former_ledger_key,
                                 checkpoint, NULL);
    }
    return status == STATUS_OK;
}

/* ---- new keys ---- */

/* Whether the keys of this machine are not those that the ledger names. */
static enum status are_new(struct recovery *recovery, bool *new)
{
    const struct keys *keys = recovery->options.keys;
    struct recovery_reader reader = {.own = false};
    struct context *context = NULL;
    const struct public_key *administrator;
    enum status status = STATUS_OK;

    *new = false;
    if (!keys->announced.new_keys) {
        return STATUS_OK;
    }
    status = recovery_reader_open(recovery->options.ledger, &reader);
    if (status == STATUS_OK) {
        status = recovery_read_context(recovery, &reader, &context);
    }
    recovery_reader_close(&reader);
    if (status == STATUS_OK) {
        administrator = context_administrator(context);
        *new =
            administrator != NULL &&
            !public_key_equal(administrator, &keys->administrator.public_key);
    }
    context_free(&context);
    return status;
}

/* The greatest checkpoint of before whose root the ledger has: that much is
 * proven. Without one, what there is. */
static enum status proven(const struct recovery *recovery,
                          struct control_break *broken)
{
    const struct recovery_state *state = &recovery->state;
    struct ledger_snapshot *snapshot = NULL;
    enum status status =
        ledger_snapshot_open(recovery->options.ledger, &snapshot);

    broken->old_size = recovery->entries;
    for (size_t i = state->note_count; status == STATUS_OK && i-- > 0;) {
        struct digest root;

        if (state->notes[i].size > recovery->entries) {
            continue;
        }
        status = ledger_root(snapshot, state->notes[i].size, &root);
        if (status == STATUS_OK && digest_equal(&root, &state->notes[i].root)) {
            broken->old_size = state->notes[i].size;
            broken->old_root = root;
            break;
        }
    }
    if (status == STATUS_OK) {
        status = ledger_root(snapshot, broken->old_size, &broken->new_root);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

static enum status put(struct recovery *recovery, struct control *control)
{
    const struct keys *keys = recovery->options.keys;
    struct buffer document;
    enum status status = proven(recovery, &control->broken);

    control->kind = CONTROL_BREAK;
    control->created_at = clock_wall_us(recovery->options.clock);
    control->broken.reason = CONTROL_BREAK_KEYS_LOST;
    control->broken.administrator = keys->administrator.public_key;
    control->broken.ledger_key = keys->ledger.public_key;
    random_id_make(&control->nonce);
    buffer_init(&document, CONTROL_BYTES_MAX);
    if (status == STATUS_OK) {
        status = control_sign(control, &keys->administrator, &document);
    }
    if (status == STATUS_OK) {
        status = recovery_begin(recovery);
    }
    if (status == STATUS_OK) {
        status = recovery_append_new(recovery, buffer_bytes(&document));
    }
    if (status == STATUS_OK) {
        status = recovery_save(recovery);
    }
    if (status == STATUS_OK) {
        log_warning("the province has new keys from here on",
                    log_number("entry", (int64_t)recovery->entries));
        recovery->entries++;
    }
    recovery_rollback(recovery);
    buffer_fini(&document);
    return status;
}

/* What came back stands before it, and orders that are given again behind it:
 * there this machine's administrator signs. */
enum status recovery_put_keys(struct recovery *recovery)
{
    struct control *control = NULL;
    bool new = false;
    enum status status = are_new(recovery, &new);

    if (status == STATUS_OK && new) {
        control = calloc(1, sizeof *control);
        status = control == NULL ? STATUS_MEMORY : put(recovery, control);
        free(control);
    }
    return status == STATUS_OK ? recovery_put_orders(recovery) : status;
}
