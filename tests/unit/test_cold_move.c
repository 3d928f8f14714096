#include "collector/ledger/cold_move.h"

#include "collector/ledger/ledger_move.h"
#include "common/event/calendar.h"
#include "tests/support/hall.h"
#include "tests/support/tamper.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCHES     12u
#define LARGE_BYTES (200u << 10)

static struct hall hall;
static struct office office;
static struct cold_move *mover;
static struct cold_move_options options;
static char folder[COLD_PATH_MAX];
static int64_t half; /* when the second half was received */

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    for (unsigned i = 0; i < BATCHES; i++) {
        cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
        if (i + 1 == BATCHES / 2) {
            hall.now.wall_us++;
            half = hall.now.wall_us;
        }
    }
    (void)hall_fold(&hall);
    options =
        (struct cold_move_options){.ledger = hall.ledger,
                                   .province = hall.province,
                                   .administrator = &hall.keys.administrator,
                                   .clock = &hall.clock,
                                   .moves = true,
                                   .least = 2};
    (void)snprintf(folder, sizeof folder, "%s",
                   ledger_cold_folder(hall.ledger));
}

static void teardown(void)
{
    cold_move_close(&mover);
    office_close(&office);
    hall_close(&hall);
}

TestSuite(cold_move, .init = setup, .fini = teardown);

static int64_t now(void)
{
    return clock_wall_us(&hall.clock);
}

/* Every batch is read back with its hash; how many are in cold files. */
static unsigned expect_all(void)
{
    struct ledger_snapshot *snapshot = NULL;
    unsigned cold = 0, batches = 0;

    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    for (uint64_t i = 0; i < ledger_snapshot_size(snapshot); i++) {
        struct entry entry;
        struct bytes bytes;
        struct digest digest;
        struct moved moved;

        cr_assert_eq(ledger_entry(snapshot, i, &entry), STATUS_OK);
        cr_assert_eq(ledger_bytes(snapshot, &entry, &bytes), STATUS_OK);
        digest_bytes(bytes, &digest);
        cr_assert(digest_equal(&digest, &entry.digest));
        batches += entry.kind == ENTRY_BATCH ? 1 : 0;
        cold += ledger_where(snapshot, &entry, &moved) == STATUS_OK ? 1 : 0;
    }
    ledger_snapshot_close(&snapshot);
    cr_assert_eq(batches, BATCHES);
    return cold;
}

static int64_t visits(void)
{
    struct tally_progress progress = {.owner = NULL};
    struct tally *fresh = NULL;
    unsigned changes;
    struct fold_totals totals;

    cr_assert_eq(tally_open(hall.ledger, hall.province, progress, &fresh),
                 STATUS_OK);
    cr_assert_eq(tally_advance(fresh, &changes), STATUS_OK);
    fold_totals(tally_fold(fresh), &totals);
    tally_close(&fresh);
    return (int64_t)totals.outcomes[FOLD_COUNTED];
}

static void root(struct digest *digest)
{
    struct ledger_snapshot *snapshot = NULL;

    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_root(snapshot, 3 + BATCHES, digest), STATUS_OK);
    ledger_snapshot_close(&snapshot);
}

static void move_all(void)
{
    bool moved = false;

    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(cold_move_step(mover, now() + 1, &moved), STATUS_OK);
    cr_assert(moved);
}

Test(cold_move, i5_old_batches_move_and_are_read_as_before)
{
    struct digest before, after;
    uint64_t size = hall_size(&hall);
    bool moved = true;

    root(&before);
    move_all();
    cr_assert_eq(hall_size(&hall), size + 1); /* the move is an entry */
    cr_assert_eq(expect_all(), BATCHES);
    cr_assert_eq(visits(), BATCHES);
    root(&after);
    cr_assert(digest_equal(&before, &after));
    /* There is nothing left to move; control documents stay. */
    cr_assert_eq(cold_move_step(mover, now() + 1, &moved), STATUS_OK);
    cr_assert_not(moved);
    cold_move_close(&mover);
    hall_reopen(&hall, 0);
    cr_assert_eq(expect_all(), BATCHES);
    cr_assert_eq(visits(), BATCHES);
}

Test(cold_move, only_what_is_old_enough_moves)
{
    bool moved = true;

    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(cold_move_step(mover, half - 1, &moved), STATUS_OK);
    cr_assert_not(moved);
    options.least = BATCHES + 1;
    cold_move_close(&mover);
    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(cold_move_step(mover, now() + 1, &moved), STATUS_OK);
    cr_assert_not(moved);
    cr_assert_eq(expect_all(), 0);
}

/* A file that is not there: figures are not known, and known again when it is
 * back; what comes in goes on. */
Test(cold_move, i4_a_missing_file_is_no_wrong_figure)
{
    struct tally_progress progress = {.owner = NULL};
    struct tally *fresh = NULL;
    char path[COLD_PATH_MAX], aside[COLD_PATH_MAX + 8];
    unsigned changes;

    move_all();
    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    (void)snprintf(aside, sizeof aside, "%s.away", path);
    cr_assert_eq(rename(path, aside), 0);
    cr_assert_eq(tally_open(hall.ledger, hall.province, progress, &fresh),
                 STATUS_OK);
    cr_assert_eq(tally_advance(fresh, &changes), STATUS_AWAY);
    tally_close(&fresh);
    cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
    cr_assert_eq(rename(aside, path), 0);
    cr_assert_eq(visits(), BATCHES + 1);
}

/* Which batch was sent is known without its bytes. */
Test(cold_move, i3_a_batch_that_has_moved_is_not_taken_again)
{
    struct office again;
    struct admit_answer answer;
    struct event event;
    struct bytes batch;

    again = office;
    office_visit(&office, 900, &event);
    batch = office_seal(&office, &event, 1);
    cr_assert(hall_send(&hall, &office, batch).appended);
    move_all();
    answer = hall_send(&hall, &again, batch);
    cr_assert_not(answer.appended);
    cr_assert_eq(answer.refusal.code, WIRE_REFUSAL_NONE);
}

static struct cold_row rows[COLD_BATCHES_MAX];

static enum status next_bytes(void *owner, const struct cold_row *row,
                              struct bytes *bytes)
{
    struct ledger_snapshot *snapshot = owner;
    struct entry entry;

    cr_assert_eq(ledger_entry(snapshot, row->index, &entry), STATUS_OK);
    return ledger_bytes(snapshot, &entry, bytes);
}

/* File and entry as a crash leaves them before the batches have moved; `named`:
 * behind the moment when the file gets its name. */
static void begin_move(bool named)
{
    struct cold_head head = {.number = 1, .to = hall_size(&hall) - 1};
    struct control *control = calloc(1, sizeof *control);
    struct ledger_snapshot *snapshot = NULL;
    struct cold_source source = {.next = next_bytes};
    struct entry entry;

    cr_assert_not_null(control);
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    source.owner = snapshot;
    for (uint64_t i = 0; i <= head.to; i++) {
        cr_assert_eq(ledger_entry(snapshot, i, &entry), STATUS_OK);
        if (entry.kind == ENTRY_BATCH) {
            rows[head.count++] = (struct cold_row){
                .index = i, .digest = entry.digest, .size = entry.size};
        }
    }
    cr_assert_eq(mkdir(folder, 0700), 0);
    control->kind = CONTROL_COLD_MOVE;
    control->cold_move.to_index = head.to;
    cr_assert_eq(
        cold_write(folder, &head, rows, source, &control->cold_move.file),
        STATUS_OK);
    ledger_snapshot_close(&snapshot);
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    free(control);
    if (named) {
        cr_assert_eq(cold_publish(folder, 1), STATUS_OK);
    }
}

/* A crash between the entry and the move: the next start ends it, and removes
 * what has no entry; a whole file without one is somebody else's. */
static void end_move(void)
{
    char path[COLD_PATH_MAX], other[COLD_PATH_MAX];
    char fresh[COLD_PATH_MAX + 8];

    cr_assert_eq(expect_all(), 0);
    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    cr_assert_eq(cold_path(folder, 2, other), STATUS_OK);
    temp_dir_write(&hall.dir, "cold/00000002.cold", "whose?", 6);
    temp_dir_write(&hall.dir, "cold/00000003.cold.new", "half", 4);
    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(expect_all(), BATCHES);
    cr_assert_eq(access(path, F_OK), 0);
    (void)snprintf(fresh, sizeof fresh, "%s.new", path);
    cr_assert(access(fresh, F_OK) != 0 && access(other, F_OK) == 0);
    temp_dir_path(&hall.dir, "cold/00000003.cold.new", other);
    cr_assert_neq(access(other, F_OK), 0);
    cr_assert_eq(visits(), BATCHES);
    /* Again is the same. */
    cold_move_close(&mover);
    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(expect_all(), BATCHES);
}

Test(cold_move, i5_an_interrupted_move_is_ended)
{
    begin_move(true);
    end_move();
}

Test(cold_move, i5_a_move_whose_file_has_no_name_yet_is_ended)
{
    begin_move(false);
    end_move();
}

/* A file that is not the one that the entry names moves nothing, and keeps its
 * name. */
Test(cold_move, i5_a_changed_file_moves_nothing)
{
    char path[COLD_PATH_MAX];
    bool moved = false;
    FILE *file;

    begin_move(true);
    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    file = fopen(path, "r+b");
    cr_assert_not_null(file);
    cr_assert_eq(fseek(file, 60, SEEK_SET), 0);
    cr_assert_eq(fputc('!', file), '!');
    (void)fclose(file);
    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(expect_all(), 0);
    /* They move once more, to a file of their own. */
    cr_assert_eq(cold_move_step(mover, now() + 1, &moved), STATUS_OK);
    cr_assert(moved);
    cr_assert_eq(expect_all(), BATCHES);
    cr_assert_eq(access(path, F_OK), 0);
    cr_assert_eq(cold_path(folder, 2, path), STATUS_OK);
    cr_assert_eq(access(path, F_OK), 0);
}

static void forget_moves(void)
{
    struct tamper tamper;

    hall_shut(&hall);
    tamper_open(&tamper, hall.path);
    tamper_forget_moves(&tamper, folder);
    tamper_close(&tamper);
    hall_reopen(&hall, 0);
    options.ledger = hall.ledger;
    options.province = hall.province;
}

/* In two files, the first of them with the half. */
static void move_halves(void)
{
    bool moved = false;

    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(cold_move_step(mover, half, &moved), STATUS_OK);
    cr_assert(moved);
    cr_assert_eq(cold_move_step(mover, now() + 1, &moved), STATUS_OK);
    cr_assert(moved);
    cold_move_close(&mover);
}

Test(cold_move, i5_files_that_outlived_their_ledger_are_tied_again)
{
    move_halves();
    forget_moves();
    cr_assert_eq(expect_all(), 0);
    /* Whether there is a rule or not. */
    options.moves = false;
    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(expect_all(), BATCHES);
    cr_assert_eq(visits(), BATCHES);
}

/* Of a file that is lost with its ledger the batches move once more. */
Test(cold_move, what_came_back_moves_again)
{
    char path[COLD_PATH_MAX];
    bool moved = false;

    move_halves();
    forget_moves();
    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(expect_all(), BATCHES / 2);
    cr_assert_eq(cold_move_step(mover, now() + 1, &moved), STATUS_OK);
    cr_assert(moved);
    cr_assert_eq(expect_all(), BATCHES);
    cr_assert_eq(cold_move_step(mover, now() + 1, &moved), STATUS_OK);
    cr_assert_not(moved);
}

/* Batches that fill a file before there are enough of them are a file. */
Test(cold_move, large_batches_do_not_hold_the_rule_up)
{
    static uint8_t payload[BATCH_PAYLOAD_MAX];
    uint64_t chance = 4711;
    bool moved = false;

    for (unsigned i = 0; i < COLD_BYTES_MAX / LARGE_BYTES + 1; i++) {
        for (size_t k = 0; k < LARGE_BYTES; k++) {
            payload[k] = (uint8_t)world_random(&chance);
        }
        cr_assert(
            hall_send(&hall, &office,
                      office_seal_payload(
                          &office, (struct bytes){payload, LARGE_BYTES}, 1))
                .appended);
    }
    options.least = COLD_MOVE_LEAST;
    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(cold_move_step(mover, now() + 1, &moved), STATUS_OK);
    cr_assert(moved);
    cr_assert_eq(cold_move_step(mover, now() + 1, &moved), STATUS_OK);
    cr_assert_not(moved);
}

/* A copy of the directory that leads to the same folder changes nothing. */
Test(cold_move, i6_a_folder_that_another_has_is_left_alone)
{
    char fresh[TEMP_DIR_PATH_MAX];
    int lock = -1;

    move_all();
    cold_move_close(&mover);
    temp_dir_write(&hall.dir, "cold/00000002.cold.new", "half", 4);
    temp_dir_path(&hall.dir, "cold/00000002.cold.new", fresh);
    cr_assert_eq(cold_own(folder, &lock), STATUS_OK);
    cr_assert_eq(cold_move_open(&options, &mover), STATUS_BUSY);
    cr_assert_null(mover);
    cr_assert_eq(access(fresh, F_OK), 0);
    cr_assert_eq(ledger_overwrite(hall.ledger, true), STATUS_BUSY);
    cold_disown(&lock);
    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_neq(access(fresh, F_OK), 0);
}

/* All that stands in a table follows from the entries. */
Test(cold_move, i5_a_damaged_table_is_made_anew)
{
    static struct cold_row found[COLD_BATCHES_MAX];
    char path[COLD_PATH_MAX];
    struct cold_head head;
    struct digest before, after;
    FILE *file;

    move_all();
    cold_move_close(&mover);
    cr_assert_eq(cold_table(folder, 1, &head, found, &before), STATUS_OK);
    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    file = fopen(path, "r+b");
    cr_assert_eq(fwrite("        ", 1, 8, file), 8);
    (void)fclose(file);
    cr_assert_eq(cold_table(folder, 1, &head, found, &after), STATUS_CORRUPT);
    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(cold_table(folder, 1, &head, found, &after), STATUS_OK);
    cr_assert(digest_equal(&before, &after));
    cr_assert_eq(expect_all(), BATCHES);
}

Test(cold_move, a_folder_elsewhere_is_reached_by_a_link)
{
    char wanted[TEMP_DIR_PATH_MAX], other[TEMP_DIR_PATH_MAX];
    char target[TEMP_DIR_PATH_MAX] = "";

    temp_dir_path(&hall.dir, "elsewhere", wanted);
    temp_dir_path(&hall.dir, "another", other);
    options.folder = wanted;
    move_all();
    cr_assert_gt(readlink(folder, target, sizeof target - 1), 0);
    cr_assert_str_eq(target, wanted);
    cr_assert_eq(expect_all(), BATCHES);
    cold_move_close(&mover);
    options.folder = other;
    cr_assert_eq(cold_move_open(&options, &mover), STATUS_EXISTS);
}
