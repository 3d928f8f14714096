/* What offices say and return. Failure modes: a claim that is not true costs a
 * row or a wait, never an entry; without room what came back is not kept, and
 * is asked for again when there is some. */
#include "collector/recovery/recovery.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/recovery/recovery_internal.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/format/checkpoint.h"

#include <stdlib.h>
#include <string.h>

/* ---- state ---- */

enum status recovery_mark(struct ledger *ledger, enum recovery_kind kind)
{
    struct ledger_snapshot *snapshot = NULL;
    struct recovery_state state = {.kind = kind};
    enum status status = ledger_snapshot_open(ledger, &snapshot);

    if (status == STATUS_OK) {
        state.began = ledger_snapshot_size(snapshot);
    }
    ledger_snapshot_close(&snapshot);
    if (status == STATUS_OK) {
        status = ledger_begin(ledger);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = recovery_put_state(ledger, &state);
    if (status != STATUS_OK) {
        ledger_rollback(ledger);
        return status;
    }
    return ledger_commit(ledger);
}

/* The greatest claim of the offices that were heard. */
static enum status count_claims(struct recovery *recovery,
                                struct recovery_reader *reader)
{
    struct recovery_heard heard;
    uint32_t agent = 0;
    enum status status = STATUS_OK;

    recovery->claimed = 0;
    while ((status = recovery_next_heard(reader, &agent, &heard)) ==
           STATUS_OK) {
        recovery->claimed =
            heard.claims > recovery->claimed ? heard.claims : recovery->claimed;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Counts what lies in the table from before. */
static enum status count_rows(struct recovery *recovery,
                              struct recovery_reader *reader)
{
    struct recovery_row row;
    uint64_t index = recovery->entries;
    enum status status;

    while ((status = recovery_next_row(reader, index, 0, &row)) == STATUS_OK) {
        recovery->kept++;
        index = row.entry.index + 1;
    }
    return status == STATUS_NOT_FOUND ? count_claims(recovery, reader) : status;
}

static enum status count_entries(struct recovery *recovery)
{
    struct ledger_snapshot *snapshot = NULL;
    enum status status =
        ledger_snapshot_open(recovery->options.ledger, &snapshot);

    if (status == STATUS_OK) {
        recovery->entries = ledger_snapshot_size(snapshot);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

static enum status read_table(struct recovery *recovery)
{
    struct recovery_reader reader;
    enum status status = count_entries(recovery);

    if (status == STATUS_OK) {
        status = recovery_reader_open(recovery->options.ledger, &reader);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = recovery_get_state(&reader, &recovery->state);
    if (status == STATUS_OK && recovery_active(recovery)) {
        status = count_rows(recovery, &reader);
    }
    recovery_reader_close(&reader);
    return status;
}

enum status recovery_open(const struct recovery_options *options,
                          struct recovery **out)
{
    struct recovery *recovery = calloc(1, sizeof *recovery);
    enum status status;

    *out = NULL;
    if (recovery == NULL) {
        return STATUS_MEMORY;
    }
    recovery->options = *options;
    recovery->context_stale = true;
    recovery->news_at = clock_monotonic_us(options->clock);
    buffer_init(&recovery->scratch, CONTROL_BYTES_MAX + 2 * ENTRY_BYTES);
    status = read_table(recovery);
    if (status != STATUS_OK) {
        recovery_close(&recovery);
        return status;
    }
    if (recovery_active(recovery)) {
        log_error("the ledger is being restored from the offices",
                  log_number("entries", (int64_t)recovery->entries),
                  log_number("kept", (int64_t)recovery->kept),
                  log_number("target", (int64_t)recovery_target(recovery)));
    }
    *out = recovery;
    return STATUS_OK;
}

void recovery_close(struct recovery **recovery)
{
    if (*recovery != NULL) {
        if ((*recovery)->open) {
            ledger_rollback((*recovery)->options.ledger);
        }
        context_free(&(*recovery)->context);
        recovery_pass_reset(&(*recovery)->pass);
        buffer_fini(&(*recovery)->scratch);
        free(*recovery);
        *recovery = NULL;
    }
}

bool recovery_active(const struct recovery *recovery)
{
    return recovery != NULL && recovery->state.kind != RECOVERY_NONE;
}

bool recovery_lets_strangers(const struct recovery *recovery)
{
    return recovery_active(recovery) && recovery->state.kind != RECOVERY_BEHIND;
}

uint64_t recovery_position(const struct recovery *recovery)
{
    return recovery->position;
}

uint64_t recovery_target(const struct recovery *recovery)
{
    const struct recovery_state *state = &recovery->state;
    uint64_t target = recovery->entries > recovery->claimed ? recovery->entries
                                                            : recovery->claimed;

    for (size_t i = 0; i < state->note_count; i++) {
        if (state->notes[i].size > target) {
            target = state->notes[i].size;
        }
    }
    return target;
}

enum status recovery_begin(struct recovery *recovery)
{
    enum status status = STATUS_OK;

    if (recovery->open) {
        return STATUS_OK;
    }
    status = ledger_begin(recovery->options.ledger);
    recovery->open = status == STATUS_OK;
    if (status == STATUS_OK && recovery->unstored) {
        status = recovery_put_state(recovery->options.ledger, &recovery->state);
    }
    return status;
}

/* That entries are missing stays known, whether or not it could be stored. */
enum status recovery_lose(struct recovery *recovery, enum status status)
{
    const struct recovery_state known = recovery->state;

    if (status != STATUS_FULL) {
        return status;
    }
    if (recovery->open) {
        ledger_rollback(recovery->options.ledger);
        recovery->open = false;
    }
    recovery->claimed = recovery->kept = 0;
    recovery->context_stale = true;
    recovery_pass_reset(&recovery->pass);
    status = read_table(recovery);
    recovery->unstored =
        !recovery_active(recovery) && known.kind != RECOVERY_NONE;
    if (recovery->unstored) {
        recovery->state = known;
    }
    recovery->try_at =
        clock_monotonic_us(recovery->options.clock) + RECOVERY_FULL_US;
    return status == STATUS_OK ? STATUS_FULL : status;
}

enum status recovery_save(struct recovery *recovery)
{
    enum status status;

    if (!recovery->open) {
        return STATUS_OK;
    }
    recovery->open = false;
    status = ledger_commit(recovery->options.ledger);
    recovery->unstored = recovery->unstored && status != STATUS_OK;
    return recovery_lose(recovery, status);
}

/* ---- what an office says ---- */

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
        checkpoint_open(bytes, checkpoint.origin,
                        &recovery->options.keys->ledger.public_key, &checkpoint,
                        NULL) != STATUS_OK) {
        return false;
    }
    out->size = checkpoint.size;
    out->root = checkpoint.root;
    return true;
}

/* Keeps it in the order of the sizes. Of too many the smallest goes: the
 * greater ones cover what it covers. */
static bool add_note(struct recovery_state *state,
                     const struct recovery_note *note)
{
    size_t at = 0;

    while (at < state->note_count && state->notes[at].size < note->size) {
        at++;
    }
    if (at < state->note_count && state->notes[at].size == note->size) {
        if (!digest_equal(&state->notes[at].root, &note->root)) {
            log_error("two checkpoints of one size with different roots",
                      log_number("size", (int64_t)note->size));
        }
        return false;
    }
    if (state->note_count == RECOVERY_NOTES_MAX) {
        if (at == 0) {
            return false;
        }
        at--;
        memmove(&state->notes[0], &state->notes[1],
                at * sizeof state->notes[0]);
    } else {
        memmove(&state->notes[at + 1], &state->notes[at],
                (state->note_count - at) * sizeof state->notes[0]);
        state->note_count++;
    }
    state->notes[at] = *note;
    return true;
}

/* One office's word stops no province. What no checkpoint covers and was lost
 * is sent again and gets another receipt. */
static void pass_over(const struct recovery *recovery, uint32_t agent,
                      uint64_t claims)
{
    if (claims > recovery->entries) {
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
    recovery->claimed = recovery->kept = 0;
    recovery->context_stale = true;
    recovery_pass_reset(&recovery->pass);
}

/* What is stored of the office; `first`: nothing yet. */
static enum status get_heard(struct recovery *recovery, uint32_t agent,
                             struct recovery_heard *heard, bool *first)
{
    struct recovery_reader reader = {.own = false};
    enum status status =
        recovery_reader_open(recovery->options.ledger, &reader);

    *heard = (struct recovery_heard){.answered = false};
    if (status == STATUS_OK) {
        status = recovery_get_heard(&reader, agent, heard);
    }
    recovery_reader_close(&reader);
    *first = status == STATUS_NOT_FOUND;
    return *first ? STATUS_OK : status;
}

/* A hello that says nothing new changes nothing, and costs no commit. */
static enum status note_hello(struct recovery *recovery, uint32_t agent,
                              uint64_t claims, bool noted)
{
    struct recovery_heard heard;
    bool first = false, changed = false;
    enum status status = STATUS_OK;

    if (agent != 0) {
        status = get_heard(recovery, agent, &heard, &first);
        changed = first || heard.claims != claims;
    }
    if (noted || first) {
        recovery->news_at = clock_monotonic_us(recovery->options.clock);
    }
    if (status != STATUS_OK || (!noted && !changed && !recovery->unstored)) {
        return status;
    }
    recovery->claimed = claims > recovery->claimed ? claims : recovery->claimed;
    status = recovery_begin(recovery);
    if (status == STATUS_OK && changed) {
        status = recovery_put_heard(recovery->options.ledger, agent,
                                    &(struct recovery_heard){.claims = claims});
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
    bool has_note = read_note(recovery, checkpoint, &note), noted;
    uint64_t claims = hello->last_index > hello->next_control
                          ? hello->last_index
                          : hello->next_control;
    enum status status = count_entries(recovery);

    if (agent == 0 || claims > MERKLE_SIZE_MAX) {
        claims = 0; /* anybody could say so */
    }
    if (status == STATUS_OK && !recovery_active(recovery)) {
        if (!has_note || note.size <= recovery->entries) {
            pass_over(recovery, agent, claims);
            return STATUS_OK;
        }
        begin_recovery(recovery, agent, note.size);
    }
    if (status != STATUS_OK) {
        return status;
    }
    noted = has_note && note.size > recovery->entries &&
            add_note(&recovery->state, &note);
    if (noted) {
        recovery_pass_again(&recovery->pass);
    }
    return note_hello(recovery, agent, claims, noted);
}

/* A claim to more than was returned was not true, or its bytes are gone there
 * too: nobody waits for it. */
static enum status weigh_claim(struct recovery *recovery, uint32_t agent,
                               struct recovery_heard *heard)
{
    struct recovery_reader reader = {.own = false};
    struct recovery_row row = {.claim = 0};
    enum status status;

    if (heard->claims <= recovery->entries) {
        return STATUS_OK;
    }
    status = recovery_reader_open(recovery->options.ledger, &reader);
    if (status == STATUS_OK) {
        status = recovery_next_row(&reader, heard->claims - 1, 0, &row);
    }
    recovery_reader_close(&reader);
    if (status == STATUS_NOT_FOUND ||
        (status == STATUS_OK && row.entry.index != heard->claims - 1)) {
        log_error("an office knows of an entry and does not return it",
                  log_number("agent", agent),
                  log_number("index", (int64_t)heard->claims - 1));
        heard->claims = 0;
        status = STATUS_OK;
    }
    return status;
}

enum status recovery_answered(struct recovery *recovery, uint32_t agent)
{
    struct recovery_reader reader;
    struct recovery_heard heard;
    bool first = false;
    enum status status = get_heard(recovery, agent, &heard, &first);

    if (status != STATUS_OK || heard.answered) {
        return status;
    }
    status = weigh_claim(recovery, agent, &heard);
    heard.answered = true;
    if (status == STATUS_OK) {
        status = recovery_begin(recovery);
    }
    if (status == STATUS_OK) {
        status = recovery_put_heard(recovery->options.ledger, agent, &heard);
    }
    if (status == STATUS_OK) {
        status = recovery_reader_open(recovery->options.ledger, &reader);
    }
    if (status == STATUS_OK) {
        status = count_claims(recovery, &reader);
        recovery_reader_close(&reader);
    }
    return recovery_lose(recovery, status);
}
