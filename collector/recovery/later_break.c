/* Failure modes: an objection with something else than a checkpoint of this
 * ledger's key, or one that a break explains already, is passed over. */
#include "collector/recovery/later_break.h"

#include "collector/ledger/ledger_notes.h"
#include "collector/province/province.h"
#include "common/format/checkpoint.h"
#include "common/format/control.h"

#include <stdlib.h>

struct search {
    const struct context *context;
    const struct ledger_snapshot *snapshot;
    struct checkpoint found; /* size 0: none yet */
    uint32_t agent;
};

/* ---- what is on record ---- */

/* What the breaks say of a ledger of that size. */
struct known {
    bool behind;    /* entries below it were given up */
    bool explained; /* that its root is another one is on record */
};

static void look_at(const struct control *control, const struct entry *entry,
                    uint64_t size, struct known *known)
{
    const struct control_break *broken = &control->broken;

    if (control->kind != CONTROL_BREAK) {
        return;
    }
    known->behind = known->behind || (broken->missing_count > 0
                                          ? broken->missing[0].from < size
                                          : !control_changes_keys(broken) &&
                                                broken->old_size < size);
    known->explained =
        known->explained || (control_break_explains(broken, size) &&
                             broken->old_size <= entry->index);
}

static enum status read_breaks(const struct search *search, uint64_t size,
                               struct known *known)
{
    const struct province_keys *keys = context_province_keys(search->context);
    struct entry entry = {.index = 0};
    enum status status = ledger_next_control(search->snapshot, 0, &entry);

    *known = (struct known){.behind = false};
    while (status == STATUS_OK) {
        struct control *control = NULL;
        struct bytes document;

        status = ledger_bytes(search->snapshot, &entry, &document);
        if (status == STATUS_OK &&
            control_open(document,
                         province_keys_administrator_at(keys, entry.index),
                         &control) == STATUS_OK) {
            look_at(control, &entry, size, known);
        }
        control_free(&control);
        if (status == STATUS_OK) {
            status =
                ledger_next_control(search->snapshot, entry.index + 1, &entry);
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* ---- what offices hold ---- */

static bool read_note(const struct search *search, const struct wire_note *note,
                      struct checkpoint *checkpoint)
{
    const struct province_keys *keys = context_province_keys(search->context);
    const char *origin = context_genesis(search->context)->origin;

    for (size_t i = 0; note->size > 0 && i < keys->count; i++) {
        const struct public_key *key = &keys->pairs[i].ledger_key;

        /* A former key's, whatever its size: who was away when the keys were
         * lost may have seen more of what it signed than anybody else. */
        if (checkpoint_open((struct bytes){note->bytes, note->size}, origin,
                            key, checkpoint, NULL) == STATUS_OK) {
            return true;
        }
    }
    return false;
}

static enum status weigh(struct search *search,
                         const struct ledger_witness *witness)
{
    struct checkpoint held;
    struct known known;
    struct digest root;
    enum status status;

    if (witness->objection.reason == 0 || witness->objection.settled != 0 ||
        !read_note(search, &witness->objection.held, &held) ||
        held.size <= search->found.size ||
        held.size > ledger_snapshot_size(search->snapshot)) {
        return STATUS_OK;
    }
    status = ledger_root(search->snapshot, held.size, &root);
    if (status != STATUS_OK || digest_equal(&root, &held.root)) {
        return status;
    }
    status = read_breaks(search, held.size, &known);
    if (status == STATUS_OK && known.behind && !known.explained) {
        search->found = held;
        search->agent = witness->agent;
    }
    return status;
}

static enum status find(struct search *search)
{
    struct ledger_witness *witness = calloc(1, sizeof *witness);
    uint32_t from = 0;
    enum status status = witness == NULL ? STATUS_MEMORY : STATUS_OK;

    while (status == STATUS_OK) {
        status = ledger_next_witness(search->snapshot, from, witness);
        if (status == STATUS_OK) {
            status = weigh(search, witness);
            from = witness->agent + 1;
        }
        if (from == 0) {
            break;
        }
    }
    free(witness);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* ---- the break ---- */

static enum status order(struct province *province, const struct keys *keys,
                         const struct clock *clock,
                         const struct checkpoint *found,
                         const struct digest *root)
{
    struct control *control = calloc(1, sizeof *control);
    struct buffer document;
    struct bytes documents[1];
    struct entry entry;
    struct report report;
    enum status status = STATUS_MEMORY;

    buffer_init(&document, CONTROL_BYTES_MAX);
    report_init(&report, LANGUAGE_EN);
    if (control != NULL) {
        control->kind = CONTROL_BREAK;
        control->created_at = clock_wall_us(clock);
        control->broken.reason = CONTROL_BREAK_ENTRIES_LOST;
        control->broken.old_size = found->size;
        control->broken.old_root = found->root;
        control->broken.new_root = *root;
        random_id_make(&control->nonce);
        status = control_sign(control, &keys->administrator, &document);
    }
    if (status == STATUS_OK) {
        documents[0] = buffer_bytes(&document);
        status = province_order(province, documents, 1, &report, &entry);
    }
    report_fini(&report);
    buffer_fini(&document);
    free(control);
    return status;
}

enum status later_break_record(struct ledger *ledger, const struct keys *keys,
                               const struct clock *clock, uint64_t *size,
                               uint32_t *agent)
{
    struct province *province = NULL;
    struct ledger_snapshot *snapshot = NULL;
    struct search search = {.agent = 0};
    struct digest root;
    enum status status = province_open(ledger, &province);

    if (status == STATUS_OK) {
        status = ledger_snapshot_open(ledger, &snapshot);
    }
    if (status == STATUS_OK) {
        search.context = province_context(province);
        search.snapshot = snapshot;
        status = context_genesis(search.context) == NULL ? STATUS_NOT_FOUND
                                                         : find(&search);
    }
    if (status == STATUS_OK) {
        status = search.found.size == 0
                     ? STATUS_NOT_FOUND
                     : ledger_root(snapshot, search.found.size, &root);
    }
    ledger_snapshot_close(&snapshot);
    if (status == STATUS_OK) {
        status = order(province, keys, clock, &search.found, &root);
    }
    *size = search.found.size;
    *agent = search.agent;
    province_close(&province);
    return status;
}
