/* What was lost and given up: numbers without an entry, and the control entry
 * that says so. A checkpoint from before cannot be made again where entries are
 * missing; one that the break itself names is accounted for. */
#include "collector/audit/verify_private.h"

#include "collector/ledger/ledger_internal.h"
#include "common/format/fingerprint.h"

#include <stdlib.h>
#include <string.h>

static void found(struct verify_entries *self, const struct entry *entry,
                  enum verify_fault fault)
{
    verify_found(self->results, VERIFY_BREAKS, fault, verify_at_entry(entry),
                 NULL);
}

/* Whose signature it has is looked at in its turn. */
static enum status read_document(const struct ledger_snapshot *snapshot,
                                 const struct entry *entry,
                                 struct control **control)
{
    struct bytes document;
    enum status status = ledger_bytes(snapshot, entry, &document);

    *control = NULL;
    if (status == STATUS_OK) {
        status = control_open(document, NULL, control);
    }
    return status;
}

static void note_runs(struct verify_entries *self,
                      const struct control_break *broken)
{
    if (broken->missing_count == 0) {
        return;
    }
    if (self->named_count + broken->missing_count > self->named_room) {
        size_t room = 2 * self->named_room + CONTROL_MISSING_MAX;
        struct control_run *grown = realloc(self->named, room * sizeof *grown);

        if (grown == NULL) {
            self->status = STATUS_MEMORY;
            return;
        }
        self->named = grown;
        self->named_room = room;
    }
    memcpy(self->named + self->named_count, broken->missing,
           broken->missing_count * sizeof *self->named);
    self->named_count += broken->missing_count;
}

/* The first number that was given up by then. A break that names none is of a
 * checkpoint that came to light when others were on record. */
static uint64_t lost_from(const struct verify_entries *self,
                          const struct control_break *broken)
{
    uint64_t from =
        broken->missing_count > 0 ? broken->missing[0].from : broken->old_size;

    for (size_t i = 0; broken->missing_count == 0 && i < self->broken_count;
         i++) {
        from = self->broken[i].from < from ? self->broken[i].from : from;
    }
    return from;
}

static void note_break(struct verify_entries *self, uint64_t index,
                       const struct control *control)
{
    static const struct digest none;
    const struct control_break *broken = &control->broken;
    struct verify_broken *place;
    uint64_t from = 0;

    if (control->kind != CONTROL_BREAK) {
        return;
    }
    note_runs(self, broken);
    from = lost_from(self, broken);
    if (digest_equal(&broken->old_root, &broken->new_root) ||
        (broken->missing_count == 0 &&
         digest_equal(&broken->old_root, &none))) {
        return; /* what was signed before holds */
    }
    for (size_t i = 0; i < self->broken_count; i++) {
        place = &self->broken[i];
        if (place->size == broken->old_size &&
            digest_equal(&place->root, &broken->old_root)) {
            /* one break, in several documents */
            place->from = from < place->from ? from : place->from;
            return;
        }
    }
    if (self->broken_count == VERIFY_BREAKS_MAX) {
        return;
    }
    place = &self->broken[self->broken_count++];
    place->index = index;
    place->from = from;
    place->size = broken->old_size;
    place->root = broken->old_root;
}

static int by_number(const void *left, const void *right)
{
    const struct control_run *a = left, *b = right;

    return a->from < b->from ? -1 : a->from > b->from ? 1 : 0;
}

/* Two breaks may name the same number: it is told once. */
static void join_runs(struct verify_entries *self)
{
    size_t kept = 0;

    if (self->named_count == 0) {
        return;
    }
    qsort(self->named, self->named_count, sizeof *self->named, by_number);
    for (size_t i = 1; i < self->named_count; i++) {
        const struct control_run *run = &self->named[i];

        if (run->from > self->named[kept].to) {
            self->named[++kept] = *run;
        } else if (run->to > self->named[kept].to) {
            self->named[kept].to = run->to;
        }
    }
    self->named_count = kept + 1;
}

static bool is_named(const struct verify_entries *self, uint64_t index)
{
    size_t low = 0, high = self->named_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (self->named[middle].to <= index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < self->named_count && self->named[low].from <= index;
}

void verify_breaks_read(struct verify_entries *self)
{
    struct entry entry;
    enum status status = ledger_next_control(self->snapshot, 0, &entry);

    while (status == STATUS_OK) {
        struct control *control = NULL;

        if (read_document(self->snapshot, &entry, &control) == STATUS_OK) {
            /* Replaced too often: that document is a finding in its turn. */
            (void)!province_keys_apply(&self->keys, entry.index, control);
            note_break(self, entry.index, control);
        }
        control_free(&control);
        status = ledger_next_control(self->snapshot, entry.index + 1, &entry);
    }
    join_runs(self);
}

enum verify_broken_kind verify_breaks_know(const struct verify_entries *self,
                                           uint64_t size,
                                           const struct digest *root,
                                           uint64_t *by)
{
    for (size_t i = 0; i < self->broken_count; i++) {
        const struct verify_broken *broken = &self->broken[i];

        if (by != NULL) {
            *by = broken->index;
        }
        if (size == broken->size && digest_equal(root, &broken->root)) {
            return VERIFY_BROKEN_NAMED;
        }
        if (size > broken->from && size <= broken->size) {
            return VERIFY_BROKEN_WITHIN;
        }
    }
    return VERIFY_BROKEN_NOT;
}

void verify_missing(struct verify_entries *self, const struct entry *entry)
{
    self->missing++;
    self->told += is_named(self, entry->index);
    self->results->parts[VERIFY_BREAKS].checked++;
    if (entry->received_at != self->last_received) {
        found(self, entry, VERIFY_FAULT_ENTRY_TIME);
    }
}

/* Nobody who lost the old keys could say with them that these are the new ones.
 * So it is told, with what to compare by hand. */
static void note_new_keys(struct verify_entries *self,
                          const struct entry *entry,
                          const struct control_break *broken)
{
    const struct public_key *const administrator[] = {&broken->administrator};
    const struct public_key *const ledger[] = {&broken->ledger_key};
    char first[FINGERPRINT_TEXT_MAX];
    char second[FINGERPRINT_TEXT_MAX];
    char note[VERIFY_NOTE_MAX];

    fingerprint_make(administrator, 1, first);
    fingerprint_make(ledger, 1, second);
    verify_note(self->results, note, "quản trị %s, sổ cái %s",
                "administrator %s, ledger %s", first, second);
    verify_noted(self->results, VERIFY_BREAKS, VERIFY_FAULT_NEW_KEYS,
                 verify_at_entry(entry), note);
}

/* A break is the word of who signed it and no proof: whatever it explains away,
 * each one is told. */
static void note_other_tree(struct verify_entries *self,
                            const struct entry *entry,
                            const struct control_break *broken)
{
    static const struct digest none;
    char note[VERIFY_NOTE_MAX];

    if (broken->missing_count > 0) {
        verify_note(self->results, note, "thiếu từ mục %llu",
                    "entries are missing from %llu on",
                    (unsigned long long)broken->missing[0].from);
    } else if (!digest_equal(&broken->old_root, &none) &&
               !digest_equal(&broken->old_root, &broken->new_root)) {
        verify_note(self->results, note,
                    "không thiếu mục nào, nhưng %llu mục đầu có gốc khác",
                    "none is missing, but the first %llu have another root",
                    (unsigned long long)broken->old_size);
    } else {
        return; /* what was signed before holds */
    }
    verify_noted(self->results, VERIFY_BREAKS, VERIFY_FAULT_BROKEN,
                 verify_at_entry(entry), note);
}

/* Who only lost the keys has lost no entry: the tree is what it was. */
static bool keeps_root(const struct control_break *broken)
{
    static const struct digest none;

    return !control_changes_keys(broken) || broken->missing_count > 0 ||
           digest_equal(&broken->old_root, &none) ||
           digest_equal(&broken->old_root, &broken->new_root);
}

/* The numbers that it names hold nothing, and the root over all of them is the
 * one that it gives. */
void verify_break(struct verify_entries *self, const struct entry *entry,
                  const struct control_break *broken)
{
    struct digest root;

    self->results->parts[VERIFY_BREAKS].checked++;
    for (uint32_t i = 0; i < broken->missing_count; i++) {
        uint64_t to = broken->missing[i].to;

        for (uint64_t k = broken->missing[i].from; k < to; k++) {
            struct entry named;

            if (k >= entry->index ||
                ledger_entry(self->snapshot, k, &named) != STATUS_OK ||
                named.kind != ENTRY_MISSING) {
                found(self, entry, VERIFY_FAULT_CONTROL_REFERS);
                return;
            }
        }
    }
    if (ledger_root(self->snapshot, broken->old_size, &root) != STATUS_OK ||
        !digest_equal(&root, &broken->new_root) || !keeps_root(broken)) {
        found(self, entry, VERIFY_FAULT_ROOT);
    }
    if (control_changes_keys(broken)) {
        note_new_keys(self, entry, broken);
    }
    note_other_tree(self, entry, broken);
}

void verify_breaks_end(struct verify_entries *self)
{
    if (self->missing > self->told) {
        verify_found(self->results, VERIFY_BREAKS, VERIFY_FAULT_ENTRY_UNTOLD,
                     verify_nowhere(), NULL);
    }
}
