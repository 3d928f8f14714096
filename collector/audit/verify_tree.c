/* The tree is made anew, leaf by leaf, and never read to be believed: what is
 * stored of it is compared when the leaf comes that completes it, and so is the
 * root when the tree has the size of a signed checkpoint. */
#include "collector/audit/verify_private.h"

#include "collector/ledger/ledger_tables.h"
#include "collector/ledger/ledger_tree.h"
#include "common/format/checkpoint.h"

#include <string.h>

#define SIZE_BYTES 8u
#define LEVELS_MAX (MERKLE_LEVELS / LEDGER_TREE_HEIGHT)

/* ---- nodes ---- */

static void look_at_node(struct verify_entries *self, unsigned level,
                         uint64_t index)
{
    const struct digest *should =
        &self->tree.last[(size_t)level * LEDGER_TREE_HEIGHT];
    struct digest node;
    char note[VERIFY_NOTE_MAX];
    enum status status = ledger_tree_node(self->txn, level, index, &node);

    self->nodes++;
    self->results->parts[VERIFY_TREE].checked++;
    if (status != STATUS_OK || !digest_equal(&node, should)) {
        verify_note(self->results, note, "tầng %u, nút %llu",
                    "level %u, node %llu", level, (unsigned long long)index);
        verify_found(self->results, VERIFY_TREE, VERIFY_FAULT_NODE,
                     verify_at_index(self->tree.size - 1), note);
    }
}

static void look_at_nodes(struct verify_entries *self)
{
    uint64_t index = self->tree.size;

    if (!self->has_tree) {
        return;
    }
    for (unsigned level = 1; level < LEVELS_MAX; level++) {
        if (index % LEDGER_TREE_WIDTH != 0) {
            break;
        }
        index /= LEDGER_TREE_WIDTH;
        look_at_node(self, level, index - 1);
    }
}

/* ---- checkpoints ---- */

/* The root is that of the checkpoint, whose size the tree has now. */
static void look_at_root(struct verify_entries *self, enum verify_part part,
                         struct verify_checkpoint *checkpoint)
{
    static const struct language_text broken = {
        "mốc xác nhận có trước một đứt đoạn đã ghi nhận: thiếu mục nên không "
        "tính lại "
        "được gốc của nó",
        "from before a recorded break: entries are missing, and its root "
        "cannot be made again"};
    struct digest root;
    uint64_t by = 0;
    char note[VERIFY_NOTE_MAX];

    checkpoint->waits = false;
    merkle_frontier_root(&self->tree, &root);
    if (digest_equal(&root, &checkpoint->root)) {
        return;
    }
    switch (
        verify_breaks_know(self, checkpoint->size, &checkpoint->root, &by)) {
    case VERIFY_BROKEN_NAMED:
        verify_note(self->results, note, "đứt đoạn: mục %llu",
                    "the break: entry %llu", (unsigned long long)by);
        verify_noted(self->results, part, VERIFY_FAULT_NOTE_BROKEN,
                     verify_at_index(checkpoint->size), note);
        break;
    case VERIFY_BROKEN_WITHIN:
        verify_unchecked(self->results, part, broken);
        break;
    case VERIFY_BROKEN_NOT:
        verify_found(self->results, part, VERIFY_FAULT_NOTE_ROOT,
                     verify_at_index(checkpoint->size), NULL);
        break;
    }
}

/* A former key counts up to the break that replaced it. */
enum status verify_note_open(const struct verify_entries *self,
                             struct bytes bytes, const char *origin,
                             struct checkpoint *checkpoint)
{
    enum status status = STATUS_NOT_FOUND;

    for (size_t i = self->keys.count; i-- > 0 && status != STATUS_OK;) {
        const struct public_key *key = &self->keys.pairs[i].ledger_key;

        status = checkpoint_open(bytes, origin, key, checkpoint, NULL);
        if (status == STATUS_INVALID) {
            return status;
        }
        if (status == STATUS_OK && !province_keys_sign_checkpoint(
                                       &self->keys, key, checkpoint->size)) {
            return STATUS_REFUSED;
        }
    }
    return status;
}

/* Reads a checkpoint's note; what is wrong with it is found under `part`. */
static bool open_note(struct verify_entries *self, enum verify_part part,
                      struct bytes bytes, uint64_t size,
                      struct checkpoint *checkpoint)
{
    const struct control_genesis *genesis = context_genesis(self->context);
    enum verify_fault fault = VERIFY_FAULT_NOTE_SIGNATURE;

    if (genesis == NULL) {
        fault = VERIFY_FAULT_GENESIS;
    } else {
        switch (verify_note_open(self, bytes, genesis->origin, checkpoint)) {
        case STATUS_OK:
            return true;
        case STATUS_INVALID:
            fault = VERIFY_FAULT_NOTE_FORM;
            break;
        default:
            break;
        }
    }
    verify_found(self->results, part, fault, verify_at_index(size), NULL);
    return false;
}

/* What lies under the cursor that is at `key`. */
static void take_note(struct verify_entries *self, enum status status,
                      struct bytes key, struct bytes value)
{
    struct checkpoint checkpoint;
    uint64_t size;

    self->note.waits = false;
    if (status == STATUS_NOT_FOUND) {
        store_cursor_close(&self->notes);
        return;
    }
    self->results->parts[VERIFY_CHECKPOINTS].checked++;
    size = key.size == SIZE_BYTES ? bytes_get_u64(key.data) : 0;
    if (status != STATUS_OK || key.size != SIZE_BYTES) {
        verify_found(self->results, VERIFY_CHECKPOINTS, VERIFY_FAULT_VALUE,
                     verify_at_index(size), NULL);
    } else if (open_note(self, VERIFY_CHECKPOINTS, value, size, &checkpoint)) {
        if (checkpoint.size != size) {
            verify_found(self->results, VERIFY_CHECKPOINTS,
                         VERIFY_FAULT_NOTE_FORM, verify_at_index(size), NULL);
            return;
        }
        self->note.root = checkpoint.root;
        self->note.size = size;
        self->note.waits = true;
    }
}

static void next_note(struct verify_entries *self)
{
    struct bytes key = {0}, value = {0};

    while (self->notes != NULL && !self->note.waits) {
        enum status status = store_next(self->notes, &key, &value);

        take_note(self, status, key, value);
        if (status != STATUS_OK && status != STATUS_NOT_FOUND &&
            key.size == 0) {
            store_cursor_close(&self->notes); /* it cannot go on */
        }
    }
}

/* Keys are in the genesis, so this waits for the first entry. */
static void open_notes(struct verify_entries *self)
{
    struct bytes key = {0}, value = {0};
    struct checkpoint checkpoint;
    enum status status;

    if (self->outside_note.size > 0) {
        self->results->parts[VERIFY_OUTSIDE].checked++;
        if (open_note(self, VERIFY_OUTSIDE, self->outside_note, VERIFY_NOWHERE,
                      &checkpoint)) {
            self->outside.size = checkpoint.size;
            self->outside_size = checkpoint.size;
            self->outside.root = checkpoint.root;
            self->outside.waits = true;
        }
    }
    status = store_cursor_open(self->txn, TABLE_CHECKPOINTS, &self->notes);
    if (status == STATUS_OK) {
        status = store_seek(self->notes, (struct bytes){0}, &key, &value);
        take_note(self, status, key, value);
        next_note(self);
    }
}

/* ---- leaves ---- */

void verify_leaf(struct verify_entries *self, const struct entry *entry)
{
    uint8_t record[ENTRY_BYTES];
    struct digest leaf;

    if (self->tree_broken) {
        return;
    }
    entry_write(entry, record);
    merkle_leaf((struct bytes){record, sizeof record}, &leaf);
    merkle_frontier_push(&self->tree, &leaf);
    self->results->parts[VERIFY_TREE].checked++;
    if (entry->index == 0) {
        open_notes(self);
    }
    look_at_nodes(self);
    while (self->note.waits && self->note.size == self->tree.size) {
        look_at_root(self, VERIFY_CHECKPOINTS, &self->note);
        next_note(self);
    }
    if (self->outside.waits && self->outside.size == self->tree.size) {
        look_at_root(self, VERIFY_OUTSIDE, &self->outside);
    }
}

void verify_notes_end(struct verify_entries *self)
{
    static const struct language_text broken = {
        "không đọc được một mục, nên từ đó không tính được cây",
        "an entry could not be read, so there is no tree from there on"};
    static const struct language_text older = {
        "sổ cái của phiên bản trước: cây được tính từ các mục",
        "a ledger of an older program: the tree follows from the entries"};
    uint64_t rows = 0;

    verify_witnesses(self);
    if (self->tree_broken) {
        verify_unchecked(self->results, VERIFY_TREE, broken);
        verify_unchecked(self->results, VERIFY_CHECKPOINTS, broken);
        if (self->outside.waits) {
            verify_unchecked(self->results, VERIFY_OUTSIDE, broken);
        }
        return;
    }
    if (!self->has_tree) {
        verify_nothing(self->results, VERIFY_TREE, older);
    } else if (store_count(self->txn, TABLE_TREE, &rows) != STATUS_OK ||
               rows != self->nodes) {
        verify_found(self->results, VERIFY_TREE, VERIFY_FAULT_ROWS,
                     verify_nowhere(), NULL);
    }
    while (self->note.waits) {
        verify_found(self->results, VERIFY_CHECKPOINTS,
                     VERIFY_FAULT_NOTE_LARGER, verify_at_index(self->note.size),
                     NULL);
        self->note.waits = false;
        next_note(self);
    }
    if (self->outside.waits) {
        verify_found(self->results, VERIFY_OUTSIDE, VERIFY_FAULT_NOTE_LARGER,
                     verify_at_index(self->outside.size), NULL);
    }
}
