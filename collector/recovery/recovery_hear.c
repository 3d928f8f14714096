/* What offices say. Failure modes: what is not true costs a row or a wait,
 * never an entry; without room it is as if it had not been said. */
#include "collector/recovery/recovery_internal.h"

#include "common/base/log.h"
#include "common/format/checkpoint.h"
#include "common/format/merkle.h"

#include <string.h>

/* A checkpoint of this ledger's own key: what it says was so. */
static bool read_note(const struct recovery *recovery, struct bytes bytes,
                      struct recovery_note *out)
{
    const struct control_genesis *genesis =
        recovery->context == NULL ? NULL : context_genesis(recovery->context);
    struct checkpoint checkpoint;
    struct note note;

    if (bytes.size == 0 || note_open(bytes, &note) != STATUS_OK ||
        checkpoint_read(note.text, &checkpoint) != STATUS_OK ||
        (genesis != NULL && strcmp(genesis->origin, checkpoint.origin) != 0) ||
        !recovery_open_note(recovery, bytes, &checkpoint)) {
        return false;
    }
    out->size = checkpoint.size;
    out->root = checkpoint.root;
    return true;
}

/* The one that proves least beside the others: the nearest behind another. The
 * smallest proves what lies before a gap, the greatest all. */
static size_t dispensable(const struct recovery_note notes[], size_t count)
{
    size_t found = 1;

    for (size_t i = 2; i + 1 < count; i++) {
        if (notes[i].size - notes[i - 1].size <
            notes[found].size - notes[found - 1].size) {
            found = i;
        }
    }
    return found;
}

/* Keeps it in the order of the sizes. */
static bool insert(struct recovery_state *state,
                   const struct recovery_note *note)
{
    struct recovery_note notes[RECOVERY_NOTES_MAX + 1];
    size_t count = state->note_count;
    size_t at = 0;
    size_t dropped;

    while (at < count && state->notes[at].size < note->size) {
        at++;
    }
    if (at < count && state->notes[at].size == note->size) {
        if (!digest_equal(&state->notes[at].root, &note->root)) {
            log_error("two checkpoints of one size with different roots",
                      log_number("size", (int64_t)note->size));
        }
        return false;
    }
    memcpy(notes, state->notes, at * sizeof *notes);
    notes[at] = *note;
    memcpy(&notes[at + 1], &state->notes[at], (count - at) * sizeof *notes);
    count++;
    dropped = count;
    if (count > RECOVERY_NOTES_MAX) {
        dropped = dispensable(notes, count);
        count--;
        memmove(&notes[dropped], &notes[dropped + 1],
                (count - dropped) * sizeof *notes);
    }
    memcpy(state->notes, notes, count * sizeof *notes);
    state->note_count = count;
    return dropped != at;
}

bool recovery_add_note(struct recovery *recovery,
                       const struct recovery_note *note)
{
    if (note->size <= recovery->entries || note->size > MERKLE_SIZE_MAX ||
        !insert(&recovery->state, note)) {
        return false;
    }
    recovery->proof.news = true;
    recovery->reached_at = 0;
    return true;
}

/* One office's word stops no province. What no checkpoint covers and was lost
 * is sent again and gets another receipt. */
static void pass_over(const struct recovery *recovery, uint32_t agent,
                      const struct wire_hello *hello)
{
    uint64_t claims = hello->last_index > hello->next_control
                          ? hello->last_index
                          : hello->next_control;

    if (agent != 0 && claims > recovery->entries && claims <= MERKLE_SIZE_MAX) {
        log_warning("an office claims entries that no checkpoint shows",
                    log_number("agent", agent),
                    log_number("claims", (int64_t)claims),
                    log_number("entries", (int64_t)recovery->entries));
    }
}

static void begin_recovery(struct recovery *recovery, uint32_t agent,
                           uint64_t knows)
{
    log_error("entries are missing: the ledger is restored from the offices",
              log_number("entries", (int64_t)recovery->entries),
              log_number("agent", agent),
              log_number("knows_of", (int64_t)knows));
    recovery->state = (struct recovery_state){.kind = RECOVERY_BEHIND,
                                              .began = recovery->entries};
    recovery->unstored = true;
    recovery->kept = 0;
    recovery->reached_at = 0;
    recovery->context_stale = true;
    recovery_proof_reset(&recovery->proof);
    recovery_pass_reset(&recovery->tail);
    recovery_good_reset(&recovery->good);
    recovery_shares_reset(&recovery->shares);
}

/* Writes down who was heard, and what is new. What is not costs no commit. */
static enum status note_hello(struct recovery *recovery, uint32_t agent,
                              bool noted)
{
    struct recovery_reader reader = {.own = false};
    struct recovery_heard there = {.heard = true};
    enum status status = STATUS_OK;

    if (agent != 0) {
        status = recovery_follow_keys(recovery);
        if (status == STATUS_OK) {
            status = recovery_reader_open(recovery->options.ledger, &reader);
        }
        if (status == STATUS_OK) {
            status = recovery_get_heard(&reader, agent, &there);
        }
        recovery_reader_close(&reader);
    }
    if (noted || !there.heard) {
        recovery->news_at = clock_monotonic_us(recovery->options.clock);
    }
    if (status != STATUS_OK || (!noted && there.heard && !recovery->unstored)) {
        return status;
    }
    status = recovery_begin(recovery);
    if (status == STATUS_OK && !there.heard) {
        recovery_key_of(recovery, agent, &there.key);
        status = recovery_put_heard(recovery->options.ledger, agent, &there);
    }
    if (status == STATUS_OK && noted) {
        status = recovery_put_state(recovery->options.ledger, &recovery->state);
    }
    return status == STATUS_OK ? recovery_save(recovery)
                               : recovery_lose(recovery, status);
}

enum status recovery_hear(struct recovery *recovery, uint32_t agent,
                          const struct wire_hello *hello,
                          struct bytes checkpoint)
{
    struct recovery_note note = {.size = 0};
    bool has_note = read_note(recovery, checkpoint, &note);
    bool noted;
    enum status status = recovery_count_entries(recovery);

    if (status != STATUS_OK || recovery->state.giving_up) {
        return status;
    }
    if (!recovery_active(recovery)) {
        if (!has_note || note.size <= recovery->entries) {
            pass_over(recovery, agent, hello);
            return STATUS_OK;
        }
        begin_recovery(recovery, agent, note.size);
    }
    noted = has_note && recovery_add_note(recovery, &note);
    return note_hello(recovery, agent, noted);
}

enum status recovery_answered(struct recovery *recovery, uint32_t agent)
{
    struct recovery_reader reader;
    struct recovery_heard heard;
    enum status status;

    if (!recovery_active(recovery) || recovery->state.giving_up) {
        return STATUS_OK;
    }
    status = recovery_reader_open(recovery->options.ledger, &reader);
    if (status != STATUS_OK) {
        return status;
    }
    status = recovery_get_heard(&reader, agent, &heard);
    recovery_reader_close(&reader);
    if (status == STATUS_OK && !heard.answered) {
        heard.answered = true;
        if (!heard.heard) {
            recovery_key_of(recovery, agent, &heard.key);
        }
        status = recovery_begin(recovery);
        if (status == STATUS_OK) {
            status =
                recovery_put_heard(recovery->options.ledger, agent, &heard);
        }
    }
    return recovery_lose(recovery, status);
}
