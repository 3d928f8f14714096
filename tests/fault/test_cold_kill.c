/* A process that moves batches to cold files and erases some of them is killed
 * at moments that differ. Whatever it leaves, every batch is there once, or was
 * erased by an order that is an entry; figures and root are what they were; and
 * the next start ends what was begun. */
#include "collector/audit/erasing.h"
#include "collector/ledger/cold_move.h"
#include "collector/ledger/ledger_move.h"
#include "common/base/file.h"
#include "common/event/calendar.h"
#include "tests/support/hall.h"
#include "tests/support/rounds.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCHES      60u
#define EVENTS       20u
#define AT_ONCE      15u /* batches of one file */
#define ERASED_EVERY 10u
#define LEDGER_MAX   (16u << 20)
#define KILL_US_MAX  300000u
#define FAILED       3

static struct temp_dir dir;
static char ledger_path[TEMP_DIR_PATH_MAX];
static char folder[TEMP_DIR_PATH_MAX];
static struct keys keys;
static struct buffer fresh; /* the ledger as it was before */
static struct digest root;
static uint64_t first; /* entry of the first batch */
static int64_t began;  /* when it was received */

/* Made where nothing is left open: an open store may not go across fork(). A
 * batch is received each second. */
static void make_ledger(void)
{
    struct event events[EVENTS];
    struct ledger_snapshot *snapshot = NULL;
    struct hall hall;
    struct office office;

    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    first = hall_size(&hall);
    began = clock_wall_us(&hall.clock);
    for (uint32_t b = 0; b < BATCHES; b++) {
        for (uint32_t i = 0; i < EVENTS; i++) {
            office_visit(&office, b * EVENTS + i + 1, &events[i]);
        }
        cr_assert(
            hall_send(&hall, &office, office_seal(&office, events, EVENTS))
                .appended);
        hall.now.wall_us += CLOCK_US_PER_S;
    }
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_root(snapshot, first + BATCHES, &root), STATUS_OK);
    ledger_snapshot_close(&snapshot);
    keys = hall.keys;
    buffer_init(&fresh, LEDGER_MAX);
    cr_assert_eq(file_read(hall.path, &fresh), STATUS_OK);
    office_close(&office);
    hall_close(&hall);
}

static void setup(void)
{
    temp_dir_open(&dir);
    temp_dir_path(&dir, "ledger.mdb", ledger_path);
    temp_dir_path(&dir, COLD_FOLDER, folder);
    make_ledger();
}

static void teardown(void)
{
    buffer_fini(&fresh);
    temp_dir_close(&dir);
}

TestSuite(cold_kill, .init = setup, .fini = teardown, .timeout = 1800);

static void need(bool good, int code)
{
    if (!good) {
        _exit(code);
    }
}

/* ---- a collector at work ---- */

struct desk {
    struct ledger *ledger;
    struct province *province;
    struct clock_settable now;
    struct clock clock;
};

static void open_desk(struct desk *desk, bool read_only)
{
    struct ledger_options options = {
        .path = ledger_path, .clock = &desk->clock, .read_only = read_only};

    desk->now = (struct clock_settable){
        .wall_us = began + BATCHES * CLOCK_US_PER_S, .monotonic_us = 1};
    clock_init_settable(&desk->clock, &desk->now);
    need(ledger_open(&options, &desk->ledger) == STATUS_OK, FAILED);
    need(province_open(desk->ledger, &desk->province) == STATUS_OK, FAILED);
}

static void close_desk(struct desk *desk)
{
    province_close(&desk->province);
    ledger_close(&desk->ledger);
}

static void erase(struct desk *desk, uint64_t index)
{
    struct erasing_progress progress = {.read = NULL};
    struct control *control = calloc(1, sizeof *control);
    struct erasing erasing;
    struct buffer document;
    struct report report;
    struct bytes bytes;
    struct entry entry;
    enum status status =
        erasing_make(desk->ledger, province_context(desk->province),
                     &keys.administrator, index, progress, &erasing);

    report_init(&report, LANGUAGE_EN);
    buffer_init(&document, CONTROL_BYTES_MAX);
    need(control != NULL && (status == STATUS_OK || status == STATUS_ERASED),
         FAILED);
    if (status == STATUS_OK) {
        erasing_order(&erasing, 12, 2026, control);
        need(control_sign(control, &keys.administrator, &document) == STATUS_OK,
             FAILED);
        bytes = buffer_bytes(&document);
        need(province_order(desk->province, &bytes, 1, &report, &entry) ==
                 STATUS_OK,
             FAILED);
    }
    erasing_fini(&erasing);
    buffer_fini(&document);
    report_fini(&report);
    free(control);
}

/* Moves file by file; erases a batch that has moved, and one that has not. */
static void work(int up)
{
    struct desk desk;
    struct cold_move_options options = {
        .administrator = &keys.administrator, .moves = true, .least = 1};
    struct cold_move *mover = NULL;
    bool moved = false;

    open_desk(&desk, false);
    options.ledger = desk.ledger;
    options.province = desk.province;
    options.clock = &desk.clock;
    need(write(up, "", 1) == 1, FAILED);
    need(cold_move_open(&options, &mover) == STATUS_OK, FAILED);
    for (uint32_t b = AT_ONCE; b <= BATCHES; b += AT_ONCE) {
        need(cold_move_step(mover, began + b * CLOCK_US_PER_S, &moved) ==
                 STATUS_OK,
             FAILED);
        for (uint32_t k = 3; k < b + AT_ONCE && k < BATCHES;
             k += ERASED_EVERY) {
            erase(&desk, first + k);
        }
        need(ledger_overwrite(desk.ledger, false) == STATUS_OK, FAILED);
    }
    cold_move_close(&mover);
    close_desk(&desk);
    _exit(0);
}

/* ---- looking at what is there ---- */

static void look_at_bytes(struct desk *desk)
{
    struct ledger_snapshot *snapshot = NULL;
    struct digest found;

    need(ledger_snapshot_open(desk->ledger, &snapshot) == STATUS_OK, FAILED);
    for (uint64_t i = 0; i < ledger_snapshot_size(snapshot); i++) {
        struct control *order = NULL;
        struct entry entry;
        struct bytes bytes;
        uint64_t index = 0;
        enum status status;

        need(ledger_entry(snapshot, i, &entry) == STATUS_OK, 10);
        status = ledger_bytes(snapshot, &entry, &bytes);
        need(status == STATUS_OK || status == STATUS_ERASED, 11);
        if (status == STATUS_ERASED) {
            need(ledger_erasure(snapshot, &entry, &order, &index) == STATUS_OK,
                 12);
            need(order->erasure_order.index == i &&
                     (i - first) % ERASED_EVERY == 3,
                 13);
            control_free(&order);
        } else {
            digest_bytes(bytes, &found);
            need(digest_equal(&found, &entry.digest), 14);
        }
    }
    need(ledger_root(snapshot, first + BATCHES, &found) == STATUS_OK &&
             digest_equal(&found, &root),
         15);
    ledger_snapshot_close(&snapshot);
}

static void look_at_figures(struct desk *desk)
{
    struct tally_progress progress = {.owner = NULL};
    struct tally *tally = NULL;
    struct fold_totals totals;
    unsigned changes;

    need(tally_open(desk->ledger, desk->province, progress, &tally) ==
             STATUS_OK,
         FAILED);
    need(tally_advance(tally, &changes) == STATUS_OK, 20);
    fold_totals(tally_fold(tally), &totals);
    need(totals.outcomes[FOLD_COUNTED] == BATCHES * EVENTS, 21);
    tally_close(&tally);
}

static void look(int up)
{
    struct desk desk;

    (void)up;
    open_desk(&desk, true);
    look_at_bytes(&desk);
    look_at_figures(&desk);
    close_desk(&desk);
    _exit(0);
}

/* After the last start nothing is left to do, and nothing of what was erased
 * is in a cold file. */
static void look_at_end(int up)
{
    struct desk desk;
    struct ledger_snapshot *snapshot = NULL;

    open_desk(&desk, true);
    need(ledger_snapshot_open(desk.ledger, &snapshot) == STATUS_OK, FAILED);
    for (uint32_t b = 0; b < BATCHES; b++) {
        static uint8_t place[BATCH_BYTES_MAX];
        char path[COLD_PATH_MAX];
        struct moved moved;
        struct entry entry;
        FILE *file;

        need(ledger_entry(snapshot, first + b, &entry) == STATUS_OK, 30);
        need(ledger_where(snapshot, &entry, &moved) == STATUS_OK, 31);
        need((moved.kind == MOVED_ERASED) == (b % ERASED_EVERY == 3), 32);
        if (moved.kind != MOVED_ERASED || moved.file == 0) {
            continue;
        }
        need(cold_path(folder, moved.file, path) == STATUS_OK, 33);
        file = fopen(path, "rb");
        need(file != NULL && fseek(file, (long)moved.offset, SEEK_SET) == 0 &&
                 fread(place, 1, moved.size, file) == moved.size,
             34);
        (void)fclose(file);
        for (uint32_t i = 0; i < moved.size; i++) {
            need(place[i] == 0, 35);
        }
    }
    ledger_snapshot_close(&snapshot);
    close_desk(&desk);
    look(up);
}

/* ---- rounds ---- */

static pid_t run(void (*child)(int), int up)
{
    pid_t pid = fork();

    cr_assert_geq(pid, 0);
    if (pid == 0) {
        child(up);
        _exit(0);
    }
    return pid;
}

static void expect(void (*child)(int), uint32_t round, const char *what)
{
    int ended = 0, up[2];
    pid_t pid;

    cr_assert_eq(pipe(up), 0);
    pid = run(child, up[1]);
    cr_assert_eq(waitpid(pid, &ended, 0), pid);
    (void)close(up[0]);
    (void)close(up[1]);
    cr_assert(WIFEXITED(ended) && WEXITSTATUS(ended) == 0, "round %u, %s: %d",
              round, what, WEXITSTATUS(ended));
}

static void kill_at(uint64_t after_us)
{
    struct timespec until = {.tv_nsec = (long)after_us * 1000};
    int up[2];
    char word;
    pid_t pid;

    cr_assert_eq(pipe(up), 0);
    pid = run(work, up[1]);
    (void)close(up[1]);
    cr_assert_eq(read(up[0], &word, 1), 1, "it did not begin");
    (void)pselect(0, NULL, NULL, NULL, &until, NULL);
    (void)kill(pid, SIGKILL);
    cr_assert_eq(waitpid(pid, NULL, 0), pid);
    (void)close(up[0]);
}

static void begin_anew(void)
{
    struct cold_files files;

    cr_assert_eq(cold_files_read(folder, &files), STATUS_OK);
    for (size_t i = 0; i < files.count; i++) {
        char path[COLD_PATH_MAX];

        cold_remove_fresh(folder, files.list[i].number);
        cr_assert_eq(cold_path(folder, files.list[i].number, path), STATUS_OK);
        (void)unlink(path);
    }
    cold_files_free(&files);
    (void)unlink(ledger_path);
    temp_dir_write(&dir, "ledger.mdb", fresh.data, fresh.size);
}

Test(cold_kill, i5_a_kill_at_any_moment_loses_nothing_and_doubles_nothing)
{
    uint64_t seed;
    uint32_t count = rounds("cold_kill", 8, 300, &seed);

    for (uint32_t i = 0; i < count; i++) {
        begin_anew();
        for (unsigned times = 0; times < 2; times++) {
            kill_at(world_random(&seed) % KILL_US_MAX);
            expect(look, i, "after a kill");
        }
        expect(work, i, "the last start");
        expect(look_at_end, i, "at the end");
    }
}
