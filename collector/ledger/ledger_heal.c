/* What an office returns is believed only as far as a hash goes that was made
 * before the damage: bytes by the hash in their entry; a record by the kept
 * node over its block of 256, or, where there is none yet, by the root of the
 * newest checkpoint that is over it. */
#include "collector/ledger/ledger_damage.h"

#include <stdlib.h>
#include <string.h>

#include "collector/ledger/cold_moves.h"
#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_move.h"
#include "collector/ledger/ledger_notes.h"
#include "collector/ledger/ledger_tables.h"
#include "collector/ledger/ledger_tree.h"
#include "common/base/check.h"
#include "common/base/log.h"

/* ---- a tree in which some leaves are replaced ---- */

struct mended {
    const struct ledger_candidates *candidates;
    struct merkle_source below;
};

static const struct entry *candidate(const struct ledger_candidates *all,
                                     uint64_t first, uint64_t last)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->entries[i].index >= first && all->entries[i].index <= last) {
            return &all->entries[i];
        }
    }
    return NULL;
}

static void leaf_of(const struct entry *entry, struct digest *leaf)
{
    uint8_t bytes[ENTRY_BYTES];

    entry_write(entry, bytes);
    merkle_leaf((struct bytes){bytes, sizeof bytes}, leaf);
}

/* Splits what holds a candidate, at most MERKLE_LEVELS deep; what does not is
 * as the ledger has it. */
static enum status mended_node(void *context, unsigned level, uint64_t index,
                               struct digest *hash)
{
    const struct mended *mended = context;
    uint64_t first = index << level;
    uint64_t last = first + ((UINT64_C(1) << level) - 1);
    const struct entry *entry = candidate(mended->candidates, first, last);
    struct digest right;

    if (entry == NULL) {
        return mended->below.node(mended->below.context, level, index, hash);
    }
    if (level == 0) {
        leaf_of(entry, hash);
        return STATUS_OK;
    }
    enum status status = mended_node(context, level - 1, 2 * index, hash);
    if (status == STATUS_OK) {
        status = mended_node(context, level - 1, 2 * index + 1, &right);
    }
    if (status == STATUS_OK) {
        merkle_node(hash, &right, hash);
    }
    return status;
}

/* The newest checkpoint that is over entry `index`. */
static enum status checkpoint_over(const struct ledger_snapshot *snapshot,
                                   uint64_t index,
                                   struct checkpoint *checkpoint)
{
    uint64_t size = 0;
    struct bytes bytes;
    struct note note;
    enum status status =
        ledger_checkpoint_below(snapshot, snapshot->size + 1, &size, &bytes);

    if (status == STATUS_OK) {
        status = note_open(bytes, &note);
    }
    if (status == STATUS_OK) {
        status = checkpoint_read(note.text, checkpoint);
    }
    if (status == STATUS_OK && checkpoint->size <= index) {
        status = STATUS_NOT_FOUND;
    }
    return status;
}

/* Whether the candidates of the block are what the tree was made of.
 * STATUS_NOT_FOUND: nothing says so, or more of the block is damaged. */
static enum status hold(const struct ledger_snapshot *snapshot,
                        const struct ledger_candidates *candidates,
                        uint64_t index, bool *fits)
{
    struct ledger_tree tree = {.txn = snapshot->txn};
    struct mended mended = {.candidates = candidates,
                            .below = ledger_tree_source(&tree)};
    struct merkle_source source = {.node = mended_node, .context = &mended};
    uint64_t block = index / LEDGER_TREE_WIDTH;
    struct checkpoint checkpoint;
    struct digest known;
    struct digest made;
    enum status status = ledger_tree_node(snapshot->txn, 1, block, &known);

    if (status == STATUS_OK) {
        status = mended_node(&mended, LEDGER_TREE_HEIGHT, block, &made);
    } else if (status == STATUS_NOT_FOUND || status == STATUS_CORRUPT) {
        status = checkpoint_over(snapshot, index, &checkpoint);
        if (status == STATUS_OK) {
            known = checkpoint.root;
            status = merkle_root(&source, checkpoint.size, &made);
        }
    }
    *fits = status == STATUS_OK && digest_equal(&known, &made);
    return status == STATUS_CORRUPT || status == STATUS_INVALID
               ? STATUS_NOT_FOUND
               : status;
}

/* ---- putting back ---- */

enum status ledger_mend_cold(struct ledger *ledger, uint64_t index)
{
    struct ledger_snapshot *snapshot = NULL;
    struct cold_moves moves = {.list = NULL};
    const struct cold_told *told = NULL;
    uint32_t number = 0;
    enum status status = ledger_snapshot_open(ledger, &snapshot);

    check(ledger->txn == NULL);
    if (status == STATUS_OK) {
        status = cold_moves_read(snapshot, &moves);
    }
    if (status == STATUS_OK) {
        told = cold_moves_of(&moves, index);
        status = told == NULL ? STATUS_NOT_FOUND
                              : cold_moves_number(snapshot, told, &number);
    }
    if (status == STATUS_OK) {
        status = cold_moves_mend(snapshot, ledger->cold, told, number);
    }
    ledger_snapshot_close(&snapshot);
    cold_moves_free(&moves);
    return status;
}

/* Whether the file that the row names has the table that its entry tells of,
 * made anew if need be, and the batch at that place in it. */
static enum status is_in_file(const struct ledger_snapshot *snapshot,
                              const char *folder, const struct entry *entry,
                              const struct moved *moved, bool *is)
{
    struct cold_row *rows = calloc(COLD_BATCHES_MAX, sizeof *rows);
    struct cold_moves moves = {.list = NULL};
    const struct cold_told *told = NULL;
    struct cold_head head = {.count = 0};
    struct digest digest = {{0}};
    enum status status =
        rows == NULL ? STATUS_MEMORY : cold_moves_read(snapshot, &moves);

    *is = false;
    if (status == STATUS_OK) {
        told = cold_moves_of(&moves, moved->control);
    }
    if (told != NULL) {
        status = cold_table(folder, moved->file, &head, rows, &digest);
    }
    if (told != NULL &&
        (status == STATUS_CORRUPT || !digest_equal(&digest, &told->digest))) {
        status = cold_moves_mend(snapshot, folder, told, moved->file);
        if (status == STATUS_OK) {
            status = cold_table(folder, moved->file, &head, rows, &digest);
        }
    }
    for (uint32_t i = 0; told != NULL && status == STATUS_OK && i < head.count;
         i++) {
        *is = *is || (ledger_is_row(entry, &rows[i]) &&
                      rows[i].offset == moved->offset &&
                      digest_equal(&digest, &told->digest));
    }
    cold_moves_free(&moves);
    free(rows);
    return status == STATUS_CORRUPT || status == STATUS_AWAY ? STATUS_OK
                                                             : status;
}

/* Into the cold file, where the batch lay; `done` says whether that is so. */
static enum status put_cold(struct ledger *ledger, const struct entry *entry,
                            struct bytes bytes, bool *done)
{
    struct ledger_snapshot *snapshot = NULL;
    struct moved moved;
    bool is = false;
    enum status status = ledger_snapshot_open(ledger, &snapshot);

    *done = false;
    if (status == STATUS_OK) {
        status = ledger_where(snapshot, entry, &moved);
    }
    if (status == STATUS_OK && moved.kind == MOVED_COLD) {
        status = is_in_file(snapshot, ledger->cold, entry, &moved, &is);
    }
    if (status == STATUS_OK && is) {
        status = cold_put(ledger->cold, moved.file, moved.offset, bytes);
        *done = status == STATUS_OK;
    }
    ledger_snapshot_close(&snapshot);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Where it was; into the store, if the cold file that it was in is no longer
 * one: the row stays then, so that an erasure finds that place too. */
static enum status put_bytes(struct ledger *ledger, const struct entry *entry,
                             struct bytes bytes)
{
    bool done = false;
    enum status status = put_cold(ledger, entry, bytes, &done);

    if (status == STATUS_OK) {
        status = ledger_begin(ledger);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!done) {
        status = store_put_reserved(
            ledger->txn, TABLE_BYTES,
            (struct bytes){entry->digest.bytes, DIGEST_BYTES}, bytes);
    }
    if (status == STATUS_OK) {
        status = ledger_drop_damage(ledger, entry->index);
    }
    if (status != STATUS_OK) {
        ledger_rollback(ledger);
        return status;
    }
    return ledger_commit(ledger);
}

static enum status put_records(struct ledger *ledger,
                               const struct ledger_candidates *candidates,
                               uint64_t block)
{
    enum status status = ledger_begin(ledger);

    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < candidates->count && status == STATUS_OK; i++) {
        const struct entry *entry = &candidates->entries[i];

        if (entry->index / LEDGER_TREE_WIDTH != block) {
            continue;
        }
        status = tables_put_entry(ledger->txn, entry);
        if (status == STATUS_OK) {
            status = ledger_drop_damage(ledger, entry->index);
        }
    }
    if (status != STATUS_OK) {
        ledger_rollback(ledger);
        return status;
    }
    status = ledger_commit(ledger);
    /* What stood for the damage goes on. */
    merkle_frontier_init(&ledger->tree);
    return status == STATUS_OK && ledger->tree_stands
               ? ledger_tree_catch_up(ledger->store, "", &ledger->tree_stands)
               : status;
}

/* ---- candidates ---- */

static void forget_block(struct ledger_candidates *candidates, uint64_t block)
{
    size_t kept = 0;

    for (size_t i = 0; i < candidates->count; i++) {
        if (candidates->entries[i].index / LEDGER_TREE_WIDTH != block) {
            candidates->entries[kept++] = candidates->entries[i];
        }
    }
    candidates->count = kept;
}

static void add_candidate(struct ledger_candidates *candidates,
                          const struct entry *entry)
{
    for (size_t i = 0; i < candidates->count; i++) {
        if (candidates->entries[i].index == entry->index) {
            candidates->entries[i] = *entry;
            return;
        }
    }
    if (candidates->count == LEDGER_CANDIDATES_MAX) {
        candidates->count = 0; /* I11: they are asked for again */
    }
    candidates->entries[candidates->count++] = *entry;
}

static enum status heal_record(struct ledger *ledger,
                               struct ledger_candidates *candidates,
                               const struct entry *entry,
                               enum ledger_healing *healing)
{
    uint64_t block = entry->index / LEDGER_TREE_WIDTH;
    struct ledger_snapshot *snapshot = NULL;
    bool fits = false;
    enum status status = ledger_snapshot_open(ledger, &snapshot);

    add_candidate(candidates, entry);
    if (status == STATUS_OK) {
        status = hold(snapshot, candidates, entry->index, &fits);
    }
    ledger_snapshot_close(&snapshot);
    if (status == STATUS_NOT_FOUND) {
        *healing = LEDGER_HEAL_WAITS;
        return STATUS_OK;
    }
    if (status == STATUS_OK && fits) {
        *healing = LEDGER_HEALED;
        status = put_records(ledger, candidates, block);
    } else if (status == STATUS_OK) {
        *healing = LEDGER_HEAL_WRONG;
    }
    forget_block(candidates, block);
    return status;
}

static enum status heal_bytes(struct ledger *ledger, const struct entry *known,
                              const struct entry *entry, struct bytes bytes,
                              enum ledger_healing *healing)
{
    uint8_t a[ENTRY_BYTES];
    uint8_t b[ENTRY_BYTES];
    struct digest digest;

    entry_write(known, a);
    entry_write(entry, b);
    digest_bytes(bytes, &digest);
    if (memcmp(a, b, sizeof a) != 0 || bytes.size != known->size ||
        !digest_equal(&digest, &known->digest)) {
        *healing = LEDGER_HEAL_WRONG;
        return STATUS_OK;
    }
    *healing = LEDGER_HEALED;
    return put_bytes(ledger, known, bytes);
}

enum status ledger_look_at(const struct ledger_snapshot *snapshot,
                           uint64_t index, bool *damaged)
{
    struct ledger_snapshot all = *snapshot;
    struct bytes bytes;
    struct entry entry;
    enum status status = ledger_entry(snapshot, index, &entry);

    all.own_from = UINT64_MAX; /* what this process wrote too */
    if (status == STATUS_OK &&
        (entry.kind == ENTRY_BATCH || entry.kind == ENTRY_CONTROL)) {
        status = ledger_bytes(&all, &entry, &bytes);
    }
    *damaged = status == STATUS_CORRUPT;
    return status == STATUS_CORRUPT || status == STATUS_ERASED ||
                   status == STATUS_AWAY
               ? STATUS_OK
               : status;
}

enum status ledger_heal(struct ledger *ledger,
                        struct ledger_candidates *candidates,
                        const struct entry *entry, struct bytes bytes,
                        enum ledger_healing *healing)
{
    struct ledger_snapshot *snapshot = NULL;
    struct bytes stored;
    struct entry known;
    enum status status = ledger_snapshot_open(ledger, &snapshot);
    enum status looked = STATUS_NOT_FOUND;
    bool record = false;

    check(ledger->txn == NULL);
    *healing = LEDGER_HEAL_SOUND;
    if (status != STATUS_OK) {
        return status;
    }
    if (entry->index < snapshot->size) {
        looked = ledger_entry(snapshot, entry->index, &known);
        record = looked == STATUS_CORRUPT;
    }
    if (looked == STATUS_OK) {
        snapshot->own_from = UINT64_MAX;
        looked = ledger_bytes(snapshot, &known, &stored);
    }
    ledger_snapshot_close(&snapshot);
    if (record) {
        return heal_record(ledger, candidates, entry, healing);
    }
    if (looked == STATUS_CORRUPT) {
        return heal_bytes(ledger, &known, entry, bytes, healing);
    }
    return STATUS_OK;
}
