/* The file of the fold's state: used when it fits, and never believed more
 * than the ledger. Every start below is a new one, as after a crash: it reads
 * the control entries and the file. TALLYLINE_TEST_SEED repeats a run. */
#include "collector/figures/fold_file.h"

#include "collector/figures/tally.h"
#include "common/base/file.h"
#include "common/event/reference.h"
#include "common/format/frames.h"
#include "tests/support/frame_file.h"
#include "tests/support/hall.h"
#include "tests/support/start.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLIPS        150u
#define CUTS         40u
#define FILE_MAX     (8u << 20)
#define PROGRAM_BYTE 10u /* of the label: within the program's hash */

static struct hall hall;
static struct office office;
static char path[TEMP_DIR_PATH_MAX];
static char other_path[TEMP_DIR_PATH_MAX];
static struct start start;

static void send(struct bytes batch)
{
    cr_assert(hall_send(&hall, &office, batch).appended);
}

static void send_visits(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        send(office_batch(&office));
    }
}

static void send_void(uint32_t number)
{
    struct event event;

    office_void(&office, id60_make(1, 1, number), &event);
    send(office_seal(&office, &event, 1));
}

/* Saves the state as it is now. */
static void save_now(void)
{
    start_open(&start, &hall, path);
    (void)start_save(&start);
    start_close(&start);
}

/* Starts, and holds what came of it against a fold from nothing. */
static void start_again(void)
{
    struct digest is, should = start_from_nothing(&hall, other_path);

    start_open(&start, &hall, path);
    is = start_save(&start);
    cr_assert(digest_equal(&is, &should), "another state than from nothing");
    start_close(&start);
}

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    temp_dir_path(&hall.dir, "figures.state", path);
    temp_dir_path(&hall.dir, "other.state", other_path);
}

static void teardown(void)
{
    office_close(&office);
    hall_close(&hall);
}

TestSuite(fold_file, .init = setup, .fini = teardown);

Test(fold_file, i4_a_start_goes_on_where_the_state_was_saved)
{
    uint64_t position;

    send_visits(20);
    send_void(3);
    save_now();
    position = hall_size(&hall);
    send_visits(7);
    send_void(5);
    send_void(24);
    start_again();
    cr_assert_eq(start.begun, position);
    start_again();
    cr_assert_eq(start.begun, hall_size(&hall));
}

Test(fold_file, i4_the_hash_of_the_last_entry_comes_back)
{
    struct start again;

    send_visits(3);
    save_now();
    start_open(&start, &hall, NULL);
    start_open(&again, &hall, path);
    cr_assert_eq(again.begun, hall_size(&hall));
    cr_assert(digest_equal(tally_last(again.tally), tally_last(start.tally)));
    start_close(&again);
    start_close(&start);
}

Test(fold_file, i4_what_a_step_in_between_saved_is_taken_over)
{
    bool more = false;
    unsigned changes;
    struct tally_progress progress = {.owner = NULL};

    send_visits(30);
    cr_assert_eq(province_open(hall.ledger, &start.province), STATUS_OK);
    cr_assert_eq(
        tally_open(hall.ledger, start.province, progress, &start.tally),
        STATUS_OK);
    tally_keep_in(start.tally, path);
    cr_assert_eq(tally_step(start.tally, 2, &changes, &more), STATUS_OK);
    cr_assert(more && !tally_complete(start.tally));
    (void)start_save(&start);
    start_close(&start);
    start_again();
    cr_assert_eq(start.begun, 2);
}

/* ---- files that do not fit ---- */

static struct buffer content;

static void read_state(void)
{
    buffer_init(&content, FILE_MAX);
    cr_assert_eq(file_read(path, &content), STATUS_OK);
}

static void write_state(size_t size)
{
    temp_dir_write(&hall.dir, "figures.state", content.data, size);
}

static enum status look(void)
{
    struct ledger_snapshot *snapshot = NULL;
    struct province *province = NULL;
    struct fold_source source = {.owner = NULL};
    struct fold_file file = {.path = path};
    struct fold_file_state state;
    enum status status;

    cr_assert_eq(province_open(hall.ledger, &province), STATUS_OK);
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    file.snapshot = snapshot;
    status = fold_file_read(&file, province_context(province), source,
                            province_figures(province), &state);
    cr_assert_eq(state.fold == NULL, status != STATUS_OK);
    cr_assert_eq(state.registers == NULL, status != STATUS_OK);
    fold_free(&state.fold);
    registers_free(&state.registers);
    ledger_snapshot_close(&snapshot);
    province_close(&province);
    return status;
}

Test(fold_file, i4_a_damaged_file_is_not_taken)
{
    uint64_t seed = world_seed();
    size_t size;

    send_visits(20);
    send_void(4);
    save_now();
    read_state();
    size = content.size;
    cr_assert_eq(look(), STATUS_OK);
    for (unsigned i = 0; i < FLIPS; i++) {
        uint64_t bit = world_random(&seed) % (size * 8);

        content.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        write_state(size);
        cr_assert_eq(look(), STATUS_CORRUPT);
        content.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (unsigned i = 0; i < CUTS; i++) {
        write_state(i == 0 ? 0 : world_random(&seed) % size);
        cr_assert_eq(look(), STATUS_CORRUPT);
    }
    start_again();
    cr_assert_eq(start.begun, 0);
    cr_assert_eq(look(), STATUS_OK, "what was saved then fits again");
    buffer_fini(&content);
}

/* Changes one byte of the label and makes all hashes anew. */
static void change_label(size_t at)
{
    struct frame_file file;
    struct frame_writer *writer;
    size_t offset = 0, size;

    read_state();
    frame_file_init(&file);
    writer = frame_writer_new(frame_file_sink(&file));
    cr_assert_not_null(writer);
    content.data[4 + at] ^= 1;
    while ((size = bytes_get_u32(content.data + offset)) > 0) {
        memcpy(frame_room(writer, size), content.data + offset + 4, size);
        frame_cut(writer);
        offset += 4 + size + DIGEST_BYTES;
    }
    cr_assert_eq(frame_writer_end(writer, &file.digest), STATUS_OK);
    frame_writer_free(&writer);
    cr_assert_eq(file.bytes.size, content.size);
    memcpy(content.data, file.bytes.data, content.size);
    write_state(content.size);
    frame_file_fini(&file);
    buffer_fini(&content);
}

Test(fold_file, i4_the_state_of_another_program_is_not_taken)
{
    send_visits(5);
    save_now();
    change_label(PROGRAM_BYTE);
    cr_assert_eq(look(), STATUS_VERSION);
    start_again();
    cr_assert_eq(start.begun, 0);
}

Test(fold_file, i4_a_label_that_differs_anywhere_is_not_taken)
{
    send_visits(5);
    save_now();
    for (size_t at = 0; at < 184; at++) {
        change_label(at);
        cr_assert_neq(look(), STATUS_OK, "byte %zu", at);
        change_label(at);
    }
    cr_assert_eq(look(), STATUS_OK);
}

/* A ledger that was restored from a copy does not hold what the state is of. */
Test(fold_file, i4_a_state_that_is_ahead_of_its_ledger_is_not_taken)
{
    struct buffer copy;

    send_visits(5);
    hall_reopen(&hall, 0);
    buffer_init(&copy, FILE_MAX);
    cr_assert_eq(file_read(hall.path, &copy), STATUS_OK);
    send_visits(5);
    save_now();
    cr_assert_eq(look(), STATUS_OK);
    temp_dir_write(&hall.dir, strrchr(hall.path, '/') + 1, copy.data,
                   copy.size);
    hall_reopen(&hall, 0);
    cr_assert_eq(look(), STATUS_INVALID);
    /* The offices send it again, and something else after it. */
    office.next.first_seq = 6;
    office.next.previous = (struct digest){{0}};
    start_again();
    cr_assert_eq(start.begun, 0);
    buffer_fini(&copy);
}

Test(fold_file, i4_the_state_of_another_ledger_is_not_taken)
{
    struct hall first;
    struct office first_office;

    send_visits(5);
    save_now();
    first = hall;
    first_office = office;
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    send_visits(8);
    cr_assert_eq(look(), STATUS_INVALID);
    start_open(&start, &hall, path);
    cr_assert_eq(start.begun, 0);
    start_close(&start);
    office_close(&office);
    hall_close(&hall);
    hall = first;
    office = first_office;
}

/* ---- control entries behind the state ---- */

Test(fold_file, i4_a_plan_behind_the_state_makes_it_useless)
{
    struct control *control = calloc(1, sizeof *control);

    cr_assert_not_null(control);
    send_visits(5);
    save_now();
    control->kind = CONTROL_ENROLMENT;
    control->enrolment.agent_number = 1;
    control->enrolment.scope_count = 1;
    (void)snprintf(control->enrolment.name, sizeof control->enrolment.name,
                   "%s", "office 1");
    control->enrolment.scopes[0].unit = WORLD_DISTRICT(2);
    control->enrolment.scopes[0].office = WORLD_LABOUR_OFFICE;
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    cr_assert_eq(look(), STATUS_INVALID);
    start_again();
    cr_assert_eq(start.begun, 0);
    cr_assert_eq(look(), STATUS_OK);
    free(control);
}

/* Joining changes no figure; nor does what an agent was enrolled for before it
 * had sent anything. */
Test(fold_file, i4_an_office_that_joins_behind_the_state_leaves_it_of_use)
{
    uint64_t position;
    struct office second, first;

    send_visits(5);
    save_now();
    position = hall_size(&hall);
    first = office;
    office_open(&second, 2);
    hall_join(&hall, &second);
    office = second;
    send_visits(3);
    second = office;
    office = first;
    start_again();
    cr_assert_eq(start.begun, position);
    office_close(&second);
}
