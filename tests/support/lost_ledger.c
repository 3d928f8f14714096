#include "tests/support/lost_ledger.h"

#include "collector/audit/verify.h"
#include "collector/audit/verify_result.h"
#include "common/format/checkpoint.h"
#include "common/format/wire_pairs.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hall hall; /* the province as it was */
struct office offices[2];
struct wire_pair was[PAIRS_MAX];
static struct buffer memory[PAIRS_MAX];
uint64_t was_size;
static char path[TEMP_DIR_PATH_MAX];
struct ledger *ledger; /* what is left of it */
struct recovery *recovery;

/* ---- the scene ---- */

static void remember(void)
{
    struct ledger_snapshot *snapshot = NULL;

    was_size = hall_size(&hall);
    cr_assert_leq(was_size, PAIRS_MAX);
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    for (uint64_t i = 0; i < was_size; i++) {
        struct bytes bytes;

        cr_assert_eq(ledger_entry(snapshot, i, &was[i].entry), STATUS_OK);
        cr_assert_eq(ledger_bytes(snapshot, &was[i].entry, &bytes), STATUS_OK);
        buffer_init(&memory[i], CONTROL_BYTES_MAX);
        cr_assert_eq(buffer_append(&memory[i], bytes), STATUS_OK);
        was[i].bytes = buffer_bytes(&memory[i]);
    }
    ledger_snapshot_close(&snapshot);
}

static void open_recovery(void)
{
    const struct recovery_options options = {
        .ledger = ledger, .keys = &hall.keys, .clock = &hall.clock};

    cr_assert_eq(recovery_open(&options, &recovery), STATUS_OK);
}

static void open_ledger(bool create)
{
    const struct ledger_options options = {
        .path = path, .clock = &hall.clock, .create = create};

    cr_assert_eq(ledger_open(&options, &ledger), STATUS_OK);
}

void close_lost(void)
{
    recovery_close(&recovery);
    ledger_close(&ledger);
}

void reopen_lost(void)
{
    open_ledger(false);
    open_recovery();
}

/* A copy of a closed ledger, or back from it. */
void copy_lost(bool back)
{
    char kept[TEMP_DIR_PATH_MAX];
    char bytes[65536];
    FILE *from;
    FILE *to;
    size_t size;

    temp_dir_path(&hall.dir, "kept.mdb", kept);
    from = fopen(back ? kept : path, "rb");
    to = fopen(back ? path : kept, "wb");
    cr_assert(from != NULL && to != NULL);
    while ((size = fread(bytes, 1, sizeof bytes, from)) > 0) {
        cr_assert_eq(fwrite(bytes, 1, size, to), size);
    }
    cr_assert_eq(fclose(from), 0);
    cr_assert_eq(fclose(to), 0);
}

/* audit verify of the ledger, which is closed meanwhile. */
bool lost_verifies(void)
{
    struct directory directory = {.path = ""};
    const struct verify_options options = {
        .directory = &directory, .entries_only = true, .language = LANGUAGE_EN};
    struct verify_results *results = calloc(1, sizeof *results);
    bool passes;

    cr_assert(results != NULL && strlen(path) < sizeof directory.ledger);
    memcpy(directory.ledger, path, strlen(path) + 1);
    close_lost();
    passes =
        verify_ledger(&options, results) == STATUS_OK && verify_passes(results);
    reopen_lost();
    free(results);
    return passes;
}

/* As after a crash: what was saved is there. */
void open_again(void)
{
    close_lost();
    reopen_lost();
}

void set_up(void)
{
    hall_open(&hall, 0);
    for (unsigned i = 0; i < 2; i++) {
        office_open(&offices[i], i + 1);
        hall_join(&hall, &offices[i]);
    }
    for (unsigned i = 0; i < 6; i++) {
        struct office *office = &offices[i % 2];

        hall.now.wall_us += 1000;
        cr_assert(hall_send(&hall, office, office_batch(office)).appended);
    }
    remember();
    temp_dir_path(&hall.dir, "lost.mdb", path);
    open_ledger(true);
    cr_assert_eq(recovery_mark(ledger, RECOVERY_TOTAL), STATUS_OK);
    open_recovery();
}

void tear_down(void)
{
    recovery_close(&recovery);
    ledger_close(&ledger);
    for (uint64_t i = 0; i < was_size; i++) {
        buffer_fini(&memory[i]);
    }
    office_close(&offices[0]);
    office_close(&offices[1]);
    hall_close(&hall);
}

/* The province's checkpoint over so many entries. */
void sign_checkpoint(uint64_t entries, const struct sign_keys *keys,
                     struct buffer *note)
{
    struct ledger_snapshot *snapshot = NULL;
    struct checkpoint checkpoint;
    struct digest root;

    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_root(snapshot, entries, &root), STATUS_OK);
    ledger_snapshot_close(&snapshot);
    cr_assert_eq(checkpoint_init(
                     &checkpoint,
                     context_genesis(province_context(hall.province))->origin,
                     entries, &root),
                 STATUS_OK);
    buffer_init(note, CHECKPOINT_NOTE_MAX);
    cr_assert_eq(checkpoint_sign(&checkpoint, keys, note), STATUS_OK);
}

/* An office shows a checkpoint over so many entries, with this root. */
void hear_root(uint32_t agent, uint64_t entries, const struct digest *root)
{
    const struct wire_hello hello = {.last_index = entries};
    struct checkpoint checkpoint;
    struct buffer note;

    cr_assert_eq(checkpoint_init(
                     &checkpoint,
                     context_genesis(province_context(hall.province))->origin,
                     entries, root),
                 STATUS_OK);
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    cr_assert_eq(checkpoint_sign(&checkpoint, &hall.keys.ledger, &note),
                 STATUS_OK);
    cr_assert_eq(recovery_hear(recovery, agent, &hello, buffer_bytes(&note)),
                 STATUS_OK);
    buffer_fini(&note);
}

/* An office says hello; `covered` is the size of its checkpoint, 0: none. */
void hear(uint32_t agent, uint64_t last, uint64_t covered)
{
    struct wire_hello hello = {.last_index = last};
    struct buffer note;

    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    if (covered > 0) {
        sign_checkpoint(covered, &hall.keys.ledger, &note);
    }
    cr_assert_eq(recovery_hear(recovery, agent, &hello, buffer_bytes(&note)),
                 STATUS_OK);
    buffer_fini(&note);
}

uint64_t refused(void)
{
    struct recovery_standing standing;

    cr_assert_eq(recovery_standing(recovery, &standing), STATUS_OK);
    return standing.refused;
}

void give(uint32_t agent, const struct wire_pair *pair)
{
    cr_assert_eq(recovery_keep(recovery, agent, pair, 1), STATUS_OK);
    cr_assert_eq(recovery_save(recovery), STATUS_OK);
}

/* Control entries, by whom nobody knows. */
void show_controls(void)
{
    for (uint64_t i = 0; i < was_size; i++) {
        if (was[i].entry.kind == ENTRY_CONTROL) {
            give(0, &was[i]);
        }
    }
}

/* What the office holds: its batches and every control entry. */
void give_all(uint32_t agent)
{
    for (uint64_t i = 0; i < was_size; i++) {
        if (was[i].entry.kind == ENTRY_CONTROL ||
            was[i].entry.agent_number == agent) {
            give(agent, &was[i]);
        }
    }
}

void answered(uint32_t agent)
{
    cr_assert_eq(recovery_answered(recovery, agent), STATUS_OK);
    cr_assert_eq(recovery_save(recovery), STATUS_OK);
}

uint64_t left_size(void)
{
    struct ledger_snapshot *snapshot = NULL;
    uint64_t entries;

    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    entries = ledger_snapshot_size(snapshot);
    ledger_snapshot_close(&snapshot);
    return entries;
}

/* Goes on until there is nothing to do; gives how many entries there are. */
uint64_t go_on(void)
{
    bool more = true;
    bool appended = false;

    for (unsigned i = 0; (more || appended) && i < TURNS_MAX; i++) {
        cr_assert_eq(recovery_step(recovery, &more, &appended), STATUS_OK);
    }
    return left_size();
}

struct entry left_entry(uint64_t index)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry;

    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_entry(snapshot, index, &entry), STATUS_OK);
    ledger_snapshot_close(&snapshot);
    return entry;
}

/* ---- what an office may claim that is not so ---- */

struct wire_pair claim(const struct wire_pair *own, uint64_t index)
{
    struct wire_pair pair = *own;

    pair.entry.index = index;
    pair.entry.received_at = was[index].entry.received_at;
    return pair;
}

struct wire_pair claim_erased(const struct wire_pair *own, uint64_t index)
{
    struct wire_pair pair = claim(own, index);

    pair.erased = true;
    pair.bytes = (struct bytes){0};
    return pair;
}

struct wire_pair further(struct office *office, uint64_t index,
                         struct buffer *copy)
{
    struct bytes batch = office_batch(office);
    struct batch_header header;
    struct wire_pair pair = {.entry = {.kind = ENTRY_BATCH,
                                       .index = index,
                                       .received_at = hall.now.wall_us,
                                       .size = (uint32_t)batch.size}};

    cr_assert_eq(batch_peek(batch, &header), STATUS_OK);
    pair.entry.agent = header.agent;
    pair.entry.epoch = header.epoch;
    pair.entry.agent_number = header.agent_number;
    pair.entry.epoch_ordinal = header.epoch_ordinal;
    pair.entry.first_seq = header.first_seq;
    pair.entry.count = header.count;
    digest_bytes(batch, &pair.entry.digest);
    buffer_init(copy, BATCH_BYTES_MAX);
    cr_assert_eq(buffer_append(copy, batch), STATUS_OK);
    pair.bytes = buffer_bytes(copy);
    return pair;
}

/* The ledger is what it was, byte for byte. */
void check_same(uint64_t entries)
{
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_snapshot *before = NULL;
    struct digest root;
    struct digest old;

    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &before), STATUS_OK);
    cr_assert_eq(ledger_root(snapshot, entries, &root), STATUS_OK);
    cr_assert_eq(ledger_root(before, entries, &old), STATUS_OK);
    cr_assert(digest_equal(&root, &old));
    for (uint64_t i = 0; i < entries; i++) {
        struct entry entry;
        struct bytes bytes;

        cr_assert_eq(ledger_entry(snapshot, i, &entry), STATUS_OK);
        cr_assert_eq(ledger_bytes(snapshot, &entry, &bytes), STATUS_OK);
        cr_assert(bytes_equal(bytes, was[i].bytes));
    }
    ledger_snapshot_close(&before);
    ledger_snapshot_close(&snapshot);
}

/* The `nth` batch of that office. */
uint64_t batch_of(uint32_t agent, unsigned nth)
{
    for (uint64_t i = 0; i < was_size; i++) {
        if (was[i].entry.agent_number == agent && nth-- == 0) {
            return i;
        }
    }
    cr_assert_fail("no such batch");
    return was_size;
}

/* ---- another machine ---- */

static void sign_order(struct control *control, struct wire_pair *pair,
                       struct buffer *document, unsigned which)
{
    control->created_at = hall.now.wall_us + which;
    random_id_make(&control->nonce);
    buffer_init(document, CONTROL_BYTES_MAX);
    cr_assert(control_sign(control, &hall.keys.administrator, document) ==
              STATUS_OK);
    *pair = (struct wire_pair){.entry = {.kind = ENTRY_CONTROL,
                                         .index = was_size + which,
                                         .received_at = hall.now.wall_us},
                               .bytes = buffer_bytes(document)};
    pair->entry.size = (uint32_t)pair->bytes.size;
    digest_bytes(pair->bytes, &pair->entry.digest);
}

void replace_machine(uint32_t number, struct wire_pair change[2],
                     struct buffer documents[2])
{
    const struct context *context = province_context(hall.province);
    const struct context_agent *agent = context_agent(context, number);
    struct control *control = calloc(1, sizeof *control);
    struct curve_keys join, curve;
    struct sign_keys keys;

    cr_assert(control != NULL && agent != NULL);
    curve_keys_make(&join);
    curve_keys_make(&curve);
    sign_keys_make(&keys);
    control->kind = CONTROL_ENROLMENT;
    control->enrolment.agent_number = number;
    control->enrolment.scope_count = agent->scope_count;
    memcpy(control->enrolment.scopes, agent->scopes,
           agent->scope_count * sizeof agent->scopes[0]);
    (void)snprintf(control->enrolment.name, sizeof control->enrolment.name,
                   "office %u", number);
    control->enrolment.join_key = join.public_key;
    control->enrolment.join_until = hall.now.wall_us + CLOCK_US_PER_DAY;
    control->enrolment.rotates = true;
    control->enrolment.again = true;
    sign_order(control, &change[0], &documents[0], 0);
    memset(control, 0, sizeof *control);
    control->kind = CONTROL_KEY_CHANGE;
    control->key_change.agent_number = number;
    control->key_change.curve_key = curve.public_key;
    control->key_change.sign_key = keys.public_key;
    control->key_change.join_key = join.public_key;
    sign_order(control, &change[1], &documents[1], 1);
    free(control);
}
