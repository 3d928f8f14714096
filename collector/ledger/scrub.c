/* The happy path: entry by entry, its bytes, its leaf; behind every 256th the
 * node that it completes, and the nodes above that this completes.
 *
 * A record that cannot be read leaves its leaf unknown: the node over it is not
 * looked at, since nothing can be said of it. */
#include "collector/ledger/scrub.h"

#include <stdlib.h>

#include "collector/ledger/cold_moves.h"
#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_move.h"
#include "collector/ledger/ledger_tree.h"
#include "common/format/control.h"

static void found(struct scrub *scrub, enum scrub_what what, unsigned level,
                  uint64_t index)
{
    const struct scrub_finding finding = {
        .what = what, .level = level, .index = index};

    scrub->found++;
    scrub->tell(scrub->owner, &finding);
}

enum status scrub_begin(struct scrub *scrub, struct ledger *ledger,
                        void (*tell)(void *owner, const struct scrub_finding *),
                        void *owner)
{
    struct ledger_snapshot *snapshot = NULL;
    enum status status = ledger_snapshot_open(ledger, &snapshot);

    *scrub = (struct scrub){.ledger = ledger, .tell = tell, .owner = owner};
    if (status == STATUS_OK) {
        scrub->size = ledger_snapshot_size(snapshot);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

/* ---- nodes ---- */

/* Holds one kept node against what it should be. One that is not there is made
 * whenever it is needed; only a wrong one is damage. */
static enum status hold(struct scrub *scrub,
                        const struct ledger_snapshot *snapshot, unsigned level,
                        uint64_t index, const struct digest *wanted)
{
    struct digest kept;
    enum status status = ledger_tree_node(snapshot->txn, level, index, &kept);

    scrub->bytes += DIGEST_BYTES;
    if (status == STATUS_CORRUPT ||
        (status == STATUS_OK && !digest_equal(&kept, wanted))) {
        found(scrub, SCRUB_NODE, level, index);
        return STATUS_OK;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* What a node should be by the kept ones below it. STATUS_NOT_FOUND: not all
 * of them are there and sound. */
static enum status from_below(const struct ledger_snapshot *snapshot,
                              unsigned level, uint64_t index,
                              struct digest *wanted)
{
    struct merkle_frontier below;
    struct digest one;

    merkle_frontier_init(&below);
    for (uint64_t i = 0; i < LEDGER_TREE_WIDTH; i++) {
        enum status status = ledger_tree_node(
            snapshot->txn, level - 1, index * LEDGER_TREE_WIDTH + i, &one);
        if (status != STATUS_OK) {
            return status == STATUS_CORRUPT ? STATUS_NOT_FOUND : status;
        }
        merkle_frontier_push(&below, &one);
    }
    *wanted = below.last[LEDGER_TREE_HEIGHT];
    return STATUS_OK;
}

/* Behind the last entry of a block of 256. */
static enum status end_block(struct scrub *scrub,
                             const struct ledger_snapshot *snapshot,
                             uint64_t entries)
{
    uint64_t nodes = entries / LEDGER_TREE_WIDTH;
    enum status status = scrub->unknown
                             ? STATUS_OK
                             : hold(scrub, snapshot, 1, nodes - 1,
                                    &scrub->block.last[LEDGER_TREE_HEIGHT]);

    for (unsigned level = 2;
         nodes % LEDGER_TREE_WIDTH == 0 && status == STATUS_OK; level++) {
        struct digest wanted;

        nodes /= LEDGER_TREE_WIDTH;
        status = from_below(snapshot, level, nodes - 1, &wanted);
        if (status == STATUS_OK) {
            status = hold(scrub, snapshot, level, nodes - 1, &wanted);
        } else if (status == STATUS_NOT_FOUND) {
            status = STATUS_OK;
        }
    }
    return status;
}

/* ---- cold files ---- */

/* A file that is missing is counted by its batches. */
static enum status look_at_table(struct scrub *scrub,
                                 const struct ledger_snapshot *snapshot,
                                 const struct entry *entry,
                                 const struct control_cold_move *move)
{
    const struct cold_told told = {.entry = entry->index,
                                   .from = move->from_index,
                                   .to = move->to_index,
                                   .digest = move->file};
    struct cold_row *rows = calloc(COLD_BATCHES_MAX, sizeof *rows);
    struct cold_head head = {.count = 0};
    struct digest digest;
    uint32_t number = 0;
    enum status status = rows == NULL
                             ? STATUS_MEMORY
                             : cold_moves_number(snapshot, &told, &number);

    if (status == STATUS_OK) {
        status = cold_table(ledger_cold_folder(scrub->ledger), number, &head,
                            rows, &digest);
        scrub->bytes += COLD_HEAD_BYTES + head.count * COLD_ROW_BYTES;
        if (status == STATUS_CORRUPT ||
            (status == STATUS_OK && !digest_equal(&digest, &told.digest))) {
            found(scrub, SCRUB_COLD, 0, entry->index);
            status = STATUS_OK;
        }
    }
    free(rows);
    return status == STATUS_NOT_FOUND || status == STATUS_AWAY ||
                   status == STATUS_CORRUPT
               ? STATUS_OK
               : status;
}

static enum status look_at_document(struct scrub *scrub,
                                    const struct ledger_snapshot *snapshot,
                                    const struct entry *entry,
                                    struct bytes document)
{
    struct control *control = NULL;
    enum status status = control_open(document, NULL, &control);

    if (status == STATUS_OK && control->kind == CONTROL_COLD_MOVE) {
        status = look_at_table(scrub, snapshot, entry, &control->cold_move);
    }
    control_free(&control);
    return status == STATUS_IO || status == STATUS_MEMORY ? status : STATUS_OK;
}

/* ---- entries ---- */

static enum status look_at_bytes(struct scrub *scrub,
                                 const struct ledger_snapshot *snapshot,
                                 const struct entry *entry)
{
    struct bytes bytes;
    enum status status;

    if (entry->kind != ENTRY_BATCH && entry->kind != ENTRY_CONTROL) {
        return STATUS_OK; /* a number without bytes */
    }
    status = ledger_bytes(snapshot, entry, &bytes);
    switch (status) {
    case STATUS_OK:
        scrub->bytes += bytes.size;
        return entry->kind == ENTRY_CONTROL
                   ? look_at_document(scrub, snapshot, entry, bytes)
                   : STATUS_OK;
    case STATUS_CORRUPT:
        scrub->bytes += entry->size;
        found(scrub, SCRUB_BYTES, 0, entry->index);
        return STATUS_OK;
    case STATUS_AWAY:
        scrub->away++;
        return STATUS_OK;
    case STATUS_ERASED:
        return STATUS_OK;
    default:
        return status;
    }
}

static void add_leaf(struct scrub *scrub, const struct entry *entry)
{
    uint8_t bytes[ENTRY_BYTES];
    struct digest leaf;

    entry_write(entry, bytes);
    merkle_leaf((struct bytes){bytes, sizeof bytes}, &leaf);
    merkle_frontier_push(&scrub->block, &leaf);
}

static enum status look_at(struct scrub *scrub,
                           const struct ledger_snapshot *snapshot)
{
    uint64_t index = scrub->next;
    struct entry entry;
    enum status status = ledger_entry(snapshot, index, &entry);

    if (index % LEDGER_TREE_WIDTH == 0) {
        merkle_frontier_init(&scrub->block);
        scrub->unknown = false;
    }
    scrub->bytes += ENTRY_BYTES;
    if (status == STATUS_CORRUPT) {
        found(scrub, SCRUB_ENTRY, 0, index);
        scrub->unknown = true;
        status = STATUS_OK;
    } else if (status == STATUS_OK) {
        add_leaf(scrub, &entry);
        status = look_at_bytes(scrub, snapshot, &entry);
    }
    scrub->next++;
    return status == STATUS_OK && scrub->next % LEDGER_TREE_WIDTH == 0
               ? end_block(scrub, snapshot, scrub->next)
               : status;
}

enum status scrub_step(struct scrub *scrub, uint64_t bytes, bool *done)
{
    struct ledger_snapshot *snapshot = NULL;
    uint64_t end = scrub->bytes + bytes;
    enum status status = ledger_snapshot_open(scrub->ledger, &snapshot);

    if (status == STATUS_OK) {
        snapshot->own_from = UINT64_MAX; /* what this process wrote too */
    }
    while (status == STATUS_OK && scrub->next < scrub->size &&
           scrub->bytes < end) {
        status = look_at(scrub, snapshot);
    }
    ledger_snapshot_close(&snapshot);
    *done = scrub->next >= scrub->size;
    return status;
}
