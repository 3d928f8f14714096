/* The happy path: the ledger has grown, the pause is over; the root at the last
 * checkpoint's size is that checkpoint's, so the next one is signed, put into
 * the ledger together with what witnesses have said, and only then shown.
 *
 * Failure modes: a root that is another one, or cannot be computed: trouble,
 * which is logged once, and nothing is signed while it lasts. A ledger that has
 * no room: the next step tries again. A commit that failed ends the process. */
#include "collector/ledger/checkpoints_internal.h"

#include "common/base/check.h"
#include "common/base/log.h"

#include <stdlib.h>
#include <string.h>

/* ---- trouble ---- */

void checkpoints_set_trouble(struct checkpoints *checkpoints,
                             enum checkpoints_trouble trouble, uint64_t size,
                             uint32_t agent)
{
    if (checkpoints->trouble == trouble &&
        checkpoints->trouble_agent == agent) {
        return;
    }
    checkpoints->trouble = trouble;
    checkpoints->trouble_size = size;
    checkpoints->trouble_agent = agent;
    if (trouble == CHECKPOINTS_GOOD) {
        log_info("checkpoints are signed again");
    } else {
        log_error(checkpoints_trouble_text(trouble, LANGUAGE_EN),
                  log_text("trouble", checkpoints_trouble_token(trouble)),
                  log_number("size", (int64_t)size),
                  log_number("agent", agent));
    }
}

bool checkpoints_lasts(enum checkpoints_trouble trouble)
{
    return trouble == CHECKPOINTS_DISPUTED ||
           trouble == CHECKPOINTS_REWRITTEN || trouble == CHECKPOINTS_NOT_OURS;
}

enum status checkpoints_compare(const struct ledger_snapshot *snapshot,
                                const struct checkpoint *checkpoint,
                                enum checkpoints_trouble smaller,
                                enum checkpoints_trouble other,
                                enum checkpoints_trouble *trouble)
{
    struct digest root;
    enum status status;

    *trouble = CHECKPOINTS_GOOD;
    if (checkpoint->size == 0) {
        return STATUS_OK;
    }
    if (checkpoint->size > ledger_snapshot_size(snapshot)) {
        *trouble = smaller;
        return STATUS_OK;
    }
    status = ledger_root(snapshot, checkpoint->size, &root);
    if (status == STATUS_CORRUPT) {
        *trouble = CHECKPOINTS_UNREADABLE;
        return STATUS_OK;
    }
    if (status == STATUS_OK && !digest_equal(&root, &checkpoint->root)) {
        *trouble = other;
    }
    return status;
}

/* What an office has shown from before a break is done with. */
static enum status forgive(struct checkpoints *checkpoints,
                           const struct ledger_snapshot *snapshot,
                           enum checkpoints_trouble *trouble)
{
    struct control_break *broken;
    bool found = false;
    enum status status;

    if (*trouble != CHECKPOINTS_DISPUTED) {
        return STATUS_OK;
    }
    broken = calloc(1, sizeof *broken);
    status = broken == NULL
                 ? STATUS_MEMORY
                 : checkpoints_broken(checkpoints, snapshot,
                                      checkpoints->shown.size, broken, &found);
    if (status == STATUS_OK && found) {
        checkpoints->shown.size = 0;
        *trouble = CHECKPOINTS_GOOD;
    }
    free(broken);
    return status;
}

/* All that was signed before, as far as it is known. */
static enum status look(struct checkpoints *checkpoints,
                        const struct ledger_snapshot *snapshot)
{
    enum checkpoints_trouble trouble;
    enum status status;

    if (checkpoints_lasts(checkpoints->trouble)) {
        return STATUS_OK;
    }
    status = checkpoints_compare(snapshot, &checkpoints->last, CHECKPOINTS_CUT,
                                 CHECKPOINTS_REWRITTEN, &trouble);
    if (status == STATUS_OK && trouble != CHECKPOINTS_GOOD) {
        checkpoints_set_trouble(checkpoints, trouble, checkpoints->last.size,
                                0);
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = checkpoints_compare(snapshot, &checkpoints->shown,
                                     CHECKPOINTS_BEHIND, CHECKPOINTS_DISPUTED,
                                     &trouble);
    }
    if (status == STATUS_OK) {
        status = forgive(checkpoints, snapshot, &trouble);
    }
    if (status == STATUS_OK) {
        checkpoints_set_trouble(
            checkpoints, trouble,
            trouble == CHECKPOINTS_GOOD ? 0 : checkpoints->shown.size,
            trouble == CHECKPOINTS_GOOD ? 0 : checkpoints->shown_by);
    }
    return status;
}

/* ---- opening ---- */

static enum status read_last(struct checkpoints *checkpoints,
                             const struct ledger_snapshot *snapshot)
{
    struct bytes note;
    uint64_t size = 0;
    enum status status =
        ledger_checkpoint_below(snapshot, UINT64_MAX, &size, &note);

    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    status = checkpoints_read(checkpoints, note, &checkpoints->last);
    if (status != STATUS_OK || checkpoints->last.size != size ||
        note.size > WIRE_NOTE_MAX) {
        memset(&checkpoints->last, 0, sizeof checkpoints->last);
        checkpoints_set_trouble(checkpoints, CHECKPOINTS_NOT_OURS, size, 0);
        return STATUS_OK;
    }
    memcpy(checkpoints->note.bytes, note.data, note.size);
    checkpoints->note.size = note.size;
    return STATUS_OK;
}

static enum status read_witnesses(struct checkpoints *checkpoints,
                                  const struct ledger_snapshot *snapshot)
{
    struct ledger_witness read;
    uint32_t from = 0;
    enum status status;

    while ((status = ledger_next_witness(snapshot, from, &read)) == STATUS_OK) {
        struct witness *witness =
            checkpoints_witness_of(checkpoints, read.agent);

        if (witness == NULL) {
            return STATUS_MEMORY;
        }
        witness->cosignature = read.cosignature;
        witness->stored = read.cosignature.size;
        witness->reason = read.objection.reason;
        witness->objected_at = read.objection.at;
        witness->settled_at = read.objection.settled;
        if (read.agent == UINT32_MAX) {
            return STATUS_OK;
        }
        from = read.agent + 1;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status checkpoints_open(const struct checkpoints_options *options,
                             struct checkpoints **out)
{
    struct checkpoints *checkpoints = calloc(1, sizeof *checkpoints);
    struct ledger_snapshot *snapshot = NULL;
    enum status status = STATUS_MEMORY;

    *out = NULL;
    if (checkpoints != NULL) {
        checkpoints->options = *options;
        /* Offices that hold more are to be heard before anything is signed. */
        checkpoints->signed_mono = clock_monotonic_us(options->clock);
        check(strlen(options->origin) < sizeof checkpoints->origin);
        memcpy(checkpoints->origin, options->origin,
               strlen(options->origin) + 1);
        checkpoints_know(checkpoints, options->known);
        status = ledger_snapshot_open(options->ledger, &snapshot);
    }
    if (status == STATUS_OK) {
        status = read_last(checkpoints, snapshot);
    }
    if (status == STATUS_OK) {
        status = read_witnesses(checkpoints, snapshot);
    }
    if (status == STATUS_OK) {
        status = look(checkpoints, snapshot);
    }
    ledger_snapshot_close(&snapshot);
    if (status == STATUS_OK) {
        *out = checkpoints;
    } else {
        checkpoints_close(&checkpoints);
    }
    return status;
}

void checkpoints_close(struct checkpoints **checkpoints)
{
    if (*checkpoints != NULL) {
        free((*checkpoints)->witnesses);
        free(*checkpoints);
        *checkpoints = NULL;
    }
}

/* ---- signing ---- */

enum status checkpoints_make(const struct checkpoints *checkpoints,
                             const struct ledger_snapshot *snapshot,
                             uint64_t size, struct checkpoint *checkpoint,
                             struct wire_note *note)
{
    struct buffer text;
    struct digest root;
    enum status status = ledger_root(snapshot, size, &root);

    if (status == STATUS_OK) {
        status = checkpoint_init(checkpoint, checkpoints->origin, size, &root);
    }
    if (status != STATUS_OK) {
        return status;
    }
    buffer_init(&text, WIRE_NOTE_MAX);
    status = checkpoint_sign(checkpoint, checkpoints->options.keys, &text);
    if (status == STATUS_OK) {
        memcpy(note->bytes, text.data, text.size);
        note->size = text.size;
    }
    buffer_fini(&text);
    return status;
}

struct signing {
    struct checkpoint checkpoint; /* size 0: none is signed */
    struct wire_note note;
    uint64_t marked; /* size of another one to keep; 0: none */
    struct wire_note marked_note;
    struct checkpoints_leaving leaving;
};

static enum status put_witnesses(struct checkpoints *checkpoints,
                                 const struct ledger_snapshot *snapshot)
{
    struct ledger *ledger = checkpoints->options.ledger;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < checkpoints->count && status == STATUS_OK; i++) {
        const struct witness *witness = &checkpoints->witnesses[i];

        if (witness->cosignature.size != witness->stored) {
            status = checkpoints_keep_again(checkpoints, snapshot,
                                            witness->cosignature.size);
        }
        if (witness->cosignature.size != witness->stored &&
            status == STATUS_OK) {
            status = ledger_keep_cosignature(ledger, witness->agent,
                                             &witness->cosignature);
        }
    }
    return status;
}

static enum status put(struct checkpoints *checkpoints,
                       const struct ledger_snapshot *snapshot,
                       const struct signing *signing)
{
    struct ledger *ledger = checkpoints->options.ledger;
    enum status status = ledger_begin(ledger);

    if (status != STATUS_OK) {
        return status;
    }
    if (signing->checkpoint.size != 0) {
        status = ledger_keep_checkpoint(
            ledger, signing->checkpoint.size,
            (struct bytes){signing->note.bytes, signing->note.size});
    }
    if (status == STATUS_OK && signing->marked != 0) {
        status =
            ledger_keep_checkpoint(ledger, signing->marked,
                                   (struct bytes){signing->marked_note.bytes,
                                                  signing->marked_note.size});
    }
    for (size_t i = 0; i < signing->leaving.count && status == STATUS_OK; i++) {
        status = ledger_drop_checkpoint(ledger, signing->leaving.sizes[i]);
    }
    if (status == STATUS_OK) {
        status = put_witnesses(checkpoints, snapshot);
    }
    if (status != STATUS_OK) {
        ledger_rollback(ledger);
        return status;
    }
    return ledger_commit(ledger);
}

static void stored(struct checkpoints *checkpoints,
                   const struct signing *signing)
{
    if (signing->checkpoint.size != 0) {
        checkpoints->last = signing->checkpoint;
        checkpoints->note = signing->note;
        checkpoints->signed_at = clock_wall_us(checkpoints->options.clock);
    }
    if (signing->marked != 0) {
        checkpoints->marked = signing->marked;
    }
    for (size_t i = 0; i < checkpoints->count; i++) {
        checkpoints->witnesses[i].stored =
            checkpoints->witnesses[i].cosignature.size;
    }
    checkpoints->dirty = false;
}

/* What is to be signed, if the ledger still is what it was. */
static enum status prepare(struct checkpoints *checkpoints,
                           const struct ledger_snapshot *snapshot,
                           uint64_t marked, bool hold, struct signing *signing)
{
    uint64_t size = ledger_snapshot_size(snapshot);
    struct checkpoint unused;
    uint64_t last = checkpoints->last.size;
    enum status status = look(checkpoints, snapshot);

    if (!hold) {
        checkpoints_look_at_key(checkpoints);
    }
    if (status == STATUS_OK && !hold && size > last &&
        checkpoints->trouble == CHECKPOINTS_GOOD) {
        status = checkpoints_make(checkpoints, snapshot, size,
                                  &signing->checkpoint, &signing->note);
        last = size;
    }
    if (status == STATUS_OK && !hold && marked != checkpoints->marked &&
        marked <= size && checkpoints->trouble == CHECKPOINTS_GOOD) {
        status = checkpoints_make(checkpoints, snapshot, marked, &unused,
                                  &signing->marked_note);
        signing->marked = marked;
    }
    if (status == STATUS_CORRUPT) {
        checkpoints_set_trouble(checkpoints, CHECKPOINTS_UNREADABLE, size, 0);
        signing->checkpoint.size = 0;
        signing->marked = 0;
        return STATUS_OK;
    }
    return status == STATUS_OK ? checkpoints_leaving(checkpoints, snapshot,
                                                     last, &signing->leaving)
                               : status;
}

static bool is_due(const struct checkpoints *checkpoints, uint64_t entries,
                   uint64_t marked)
{
    return checkpoints->dirty || entries > checkpoints->last.size ||
           marked != checkpoints->marked;
}

enum status checkpoints_step(struct checkpoints *checkpoints, uint64_t entries,
                             uint64_t marked, bool hold)
{
    int64_t now = clock_monotonic_us(checkpoints->options.clock);
    struct ledger_snapshot *snapshot = NULL;
    struct signing *signing;
    enum status status;

    if (now < checkpoints->signed_mono + CHECKPOINTS_PAUSE_US ||
        !is_due(checkpoints, entries, marked)) {
        return STATUS_OK;
    }
    checkpoints->signed_mono = now;
    signing = calloc(1, sizeof *signing);
    if (signing == NULL) {
        return STATUS_MEMORY;
    }
    status = ledger_snapshot_open(checkpoints->options.ledger, &snapshot);
    if (status == STATUS_OK) {
        status = prepare(checkpoints, snapshot, marked, hold, signing);
    }
    if (status == STATUS_OK && (signing->checkpoint.size != 0 ||
                                signing->marked != 0 || checkpoints->dirty)) {
        status = put(checkpoints, snapshot, signing);
        if (status == STATUS_OK) {
            stored(checkpoints, signing);
        }
    }
    ledger_snapshot_close(&snapshot);
    free(signing->leaving.sizes);
    free(signing);
    return status == STATUS_FULL || status == STATUS_AGAIN ? STATUS_OK : status;
}

int64_t checkpoints_due_at(const struct checkpoints *checkpoints,
                           uint64_t entries)
{
    return is_due(checkpoints, entries, checkpoints->marked)
               ? checkpoints->signed_mono + CHECKPOINTS_PAUSE_US
               : INT64_MAX;
}

uint64_t checkpoints_to_show(const struct checkpoints *checkpoints)
{
    return checkpoints->trouble == CHECKPOINTS_BEHIND ? 0
                                                      : checkpoints->last.size;
}

bool checkpoints_last(const struct checkpoints *checkpoints,
                      const struct checkpoint **checkpoint,
                      const struct wire_note **note)
{
    *checkpoint = &checkpoints->last;
    *note = &checkpoints->note;
    return checkpoints->last.size != 0;
}
