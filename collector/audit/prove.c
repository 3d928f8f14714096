/* Failure modes: an entry above every checkpoint, for the ledger signs one in
 * some seconds only; a note in the ledger that is none. */
#include "collector/audit/prove.h"

#include "collector/ledger/ledger_notes.h"
#include "common/format/checkpoint.h"
#include "common/format/note.h"

#include <stdlib.h>
#include <string.h>

void prove_init(struct prove *prove)
{
    memset(prove, 0, sizeof *prove);
    buffer_init(&prove->note, WIRE_PROOF_NOTE_MAX);
}

void prove_fini(struct prove *prove)
{
    buffer_fini(&prove->note);
}

/* How many witnesses have last cosigned each size, one row a size. */
struct votes {
    uint64_t size;
    size_t count;
};

static enum status count_votes(const struct ledger_snapshot *snapshot,
                               uint64_t index, struct votes **votes,
                               size_t *count)
{
    struct ledger_witness witness;
    size_t room = 0;
    uint32_t from = 0;
    enum status status;

    *votes = NULL;
    *count = 0;
    while ((status = ledger_next_witness(snapshot, from, &witness)) ==
           STATUS_OK) {
        uint64_t size = witness.cosignature.size;
        size_t i = 0;

        while (i < *count && (*votes)[i].size != size) {
            i++;
        }
        if (size > index && i == *count) {
            if (*count == room) {
                struct votes *more =
                    realloc(*votes, (room + 64) * sizeof *more);

                if (more == NULL) {
                    return STATUS_MEMORY;
                }
                *votes = more;
                room += 64;
            }
            (*votes)[(*count)++] = (struct votes){.size = size};
        }
        if (size > index) {
            (*votes)[i].count++;
        }
        if (witness.agent == UINT32_MAX) {
            return STATUS_OK;
        }
        from = witness.agent + 1;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The checkpoint of that very size. */
static enum status take_note(const struct ledger_snapshot *snapshot,
                             uint64_t size, struct prove *prove)
{
    struct bytes note;
    uint64_t found = 0;
    enum status status = ledger_next_checkpoint(snapshot, size, &found, &note);

    if (status != STATUS_OK || found != size) {
        return status == STATUS_OK ? STATUS_NOT_FOUND : status;
    }
    prove->size = size;
    buffer_clear(&prove->note);
    return buffer_append(&prove->note, note);
}

/* The best of those that witnesses have cosigned. STATUS_NOT_FOUND: nobody has
 * cosigned one that is large enough and kept. */
static enum status choose_cosigned(const struct ledger_snapshot *snapshot,
                                   uint64_t index, struct prove *prove)
{
    struct votes *votes = NULL;
    size_t count = 0;
    enum status status = count_votes(snapshot, index, &votes, &count);

    if (status == STATUS_OK) {
        status = STATUS_NOT_FOUND;
    }
    for (size_t left = count; left > 0 && status == STATUS_NOT_FOUND; left--) {
        struct votes *best = &votes[0];

        for (size_t i = 1; i < count; i++) {
            if (votes[i].count > best->count ||
                (votes[i].count == best->count && votes[i].size > best->size)) {
                best = &votes[i];
            }
        }
        status = take_note(snapshot, best->size, prove);
        best->count = 0;
        best->size = 0;
    }
    free(votes);
    return status;
}

static enum status choose_newest(const struct ledger_snapshot *snapshot,
                                 uint64_t index, struct prove *prove)
{
    struct bytes note;
    uint64_t size = 0;
    enum status status =
        ledger_checkpoint_below(snapshot, UINT64_MAX, &size, &note);

    if (status != STATUS_OK || size <= index) {
        return status == STATUS_OK || status == STATUS_NOT_FOUND ? STATUS_AGAIN
                                                                 : status;
    }
    return take_note(snapshot, size, prove);
}

/* Puts the witnesses' lines below the ledger's. */
static enum status add_witnesses(const struct ledger_snapshot *snapshot,
                                 struct prove *prove)
{
    struct ledger_witness witness;
    struct checkpoint checkpoint;
    struct note note;
    char name[NOTE_NAME_MAX];
    uint32_t from = 0;
    enum status status = note_open(buffer_bytes(&prove->note), &note);

    if (status == STATUS_OK) {
        status = checkpoint_read(note.text, &checkpoint);
    }
    while (status == STATUS_OK && prove->witnesses < NOTE_SIGNATURES_MAX - 1 &&
           (status = ledger_next_witness(snapshot, from, &witness)) ==
               STATUS_OK) {
        const struct ledger_cosignature *said = &witness.cosignature;

        if (said->size == prove->size) {
            checkpoint_witness_name(checkpoint.origin, witness.agent, name);
            status =
                note_append_cosignature(&prove->note, name, &said->key,
                                        (uint64_t)said->time, &said->signature);
            prove->witnesses += status == STATUS_OK;
        }
        if (witness.agent == UINT32_MAX) {
            return status;
        }
        from = witness.agent + 1;
    }
    return status == STATUS_NOT_FOUND || status == STATUS_FULL ? STATUS_OK
                                                               : status;
}

enum status prove_make(const struct ledger_snapshot *snapshot, uint64_t index,
                       bool cosigned, struct prove *prove)
{
    enum status status = ledger_entry(snapshot, index, &prove->entry);

    prove->witnesses = 0;
    if (status != STATUS_OK) {
        return status;
    }
    status =
        cosigned ? choose_cosigned(snapshot, index, prove) : STATUS_NOT_FOUND;
    if (status == STATUS_NOT_FOUND) {
        status = choose_newest(snapshot, index, prove);
    }
    if (status == STATUS_OK && cosigned) {
        status = add_witnesses(snapshot, prove);
    }
    if (status == STATUS_OK) {
        status = ledger_inclusion(snapshot, index, prove->size, &prove->path);
        status = status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
    }
    return status;
}
