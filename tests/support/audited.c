#include "tests/support/audited.h"

#include "collector/audit/erasing.h"
#include "collector/ledger/cold_move.h"
#include "collector/ledger/ledger_move.h"
#include "collector/ledger/ledger_notes.h"
#include "collector/reports/form_choice.h"
#include "common/base/check.h"
#include "common/base/file.h"
#include "common/event/calendar.h"
#include "tests/support/start.h"
#include "tests/support/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (64u << 20)
#define ORIGIN   "test"
#define WITNESS  2u

#define MOVED_END 60u /* entries before it move */

/* ---- what happens in it ---- */

static void order(struct audited *self, struct control *control)
{
    check(hall_order(&self->hall, control) == STATUS_OK);
}

static void send(struct audited *self, size_t office, uint32_t batches)
{
    for (uint32_t i = 0; i < batches; i++) {
        struct office *from = &self->offices[office];
        struct bytes batch = office_batch(from);

        self->hall.now.wall_us += 1000000;
        check(hall_send(&self->hall, from, batch).appended);
    }
}

static void send_all(struct audited *self, uint32_t batches)
{
    for (uint32_t i = 0; i < batches; i++) {
        for (size_t k = 0; k < 3; k++) {
            send(self, k, 1);
        }
    }
}

static void rotate(struct audited *self, struct office *office)
{
    const struct context_agent *agent =
        context_agent(province_context(self->hall.province), office->number);
    struct control *control = calloc(1, sizeof *control);

    check(control != NULL && agent != NULL);
    curve_keys_make(&office->join_keys);
    control->kind = CONTROL_ENROLMENT;
    control->enrolment.agent_number = office->number;
    control->enrolment.scope_count = agent->scope_count;
    memcpy(control->enrolment.scopes, agent->scopes,
           agent->scope_count * sizeof agent->scopes[0]);
    (void)snprintf(control->enrolment.name, sizeof control->enrolment.name,
                   "office %u", office->number);
    control->enrolment.join_key = office->join_keys.public_key;
    control->enrolment.join_until = self->hall.now.wall_us + CLOCK_US_PER_DAY;
    control->enrolment.rotates = true;
    order(self, control);
    memset(control, 0, sizeof *control);
    curve_keys_make(&office->curve_keys);
    sign_keys_make(&office->sign_keys);
    control->kind = CONTROL_KEY_CHANGE;
    control->key_change.agent_number = office->number;
    control->key_change.curve_key = office->curve_keys.public_key;
    control->key_change.sign_key = office->sign_keys.public_key;
    control->key_change.join_key = office->join_keys.public_key;
    order(self, control);
    free(control);
}

static void open_epoch(struct audited *self, struct office *office)
{
    struct control control = {.kind = CONTROL_EPOCH_OPENED};

    control.epoch.agent_number = office->number;
    control.epoch.epoch_ordinal = 2;
    control.epoch.previous = office->next.epoch;
    control.epoch.previous_next_seq = office->next.first_seq;
    random_id_make(&control.epoch.epoch);
    order(self, &control);
    office->next.epoch = control.epoch.epoch;
    office->next.epoch_ordinal = 2;
    office->next.first_seq = 1;
    memset(&office->next.previous, 0, sizeof office->next.previous);
}

static void revoke(struct audited *self, const struct office *office)
{
    struct control control = {.kind = CONTROL_REVOCATION};

    control.revocation.agent_number = office->number;
    order(self, &control);
}

void audited_freeze(struct audited *self)
{
    struct control control = {.kind = CONTROL_REPORT_FREEZE};
    const struct context *context = province_context(self->hall.province);
    struct form_source source = {.context = context};
    struct form_request request = {.language = LANGUAGE_VI};
    struct form_choice choice;
    struct form *form = NULL;
    enum period_kind kind = PERIOD_QUARTER;

    (void)hall_fold(&self->hall);
    (void)snprintf(control.freeze.plan_id, sizeof control.freeze.plan_id,
                   "thu-2018");
    check(period_key_parse("2018-Q1", &kind, &control.freeze.period_key));
    control.freeze.period_kind = kind;
    control.freeze.regime = PERIOD_CALENDAR;
    control.freeze.unit = WORLD_PROVINCE;
    control.freeze.at_index = hall_size(&self->hall);
    check(form_choose_frozen(context, &control.freeze, &choice) == STATUS_OK);
    source.fold = tally_fold(self->hall.tally);
    source.last = tally_last(self->hall.tally);
    source.known_on = calendar_day_of_moment(self->hall.now.wall_us);
    request.days = &choice.days;
    request.unit = choice.unit;
    request.by = choice.by;
    request.by_level = choice.by_level;
    request.reader = choice.reader;
    check(form_new(&source, &request, &form) == STATUS_OK);
    check(form_digest(form, &control.freeze.figures) == STATUS_OK);
    form_free(&form);
    order(self, &control);
}

/* ---- what is signed ---- */

static void sign_checkpoint(struct audited *self, struct buffer *note,
                            struct checkpoint *checkpoint)
{
    struct ledger_snapshot *snapshot = NULL;
    struct digest root;
    uint64_t size;

    check(ledger_snapshot_open(self->hall.ledger, &snapshot) == STATUS_OK);
    size = ledger_snapshot_size(snapshot);
    check(ledger_root(snapshot, size, &root) == STATUS_OK);
    ledger_snapshot_close(&snapshot);
    check(checkpoint_init(checkpoint, ORIGIN, size, &root) == STATUS_OK);
    buffer_clear(note);
    check(checkpoint_sign(checkpoint, &self->hall.keys.ledger, note) ==
          STATUS_OK);
}

static void keep_checkpoint(struct audited *self)
{
    struct checkpoint checkpoint;

    sign_checkpoint(self, &self->outside, &checkpoint);
    check(ledger_begin(self->hall.ledger) == STATUS_OK);
    check(ledger_keep_checkpoint(self->hall.ledger, checkpoint.size,
                                 buffer_bytes(&self->outside)) == STATUS_OK);
    check(ledger_commit(self->hall.ledger) == STATUS_OK);
}

/* An office cosigns the checkpoint that was kept last. */
static void cosign(struct audited *self)
{
    const struct office *office = &self->offices[WITNESS];
    struct ledger_cosignature cosignature = {
        .time = self->hall.now.wall_us / 1000000,
        .key = office->sign_keys.public_key};
    struct checkpoint checkpoint;
    struct note note;

    check(note_open(buffer_bytes(&self->outside), &note) == STATUS_OK);
    check(checkpoint_read(note.text, &checkpoint) == STATUS_OK);
    cosignature.size = checkpoint.size;
    note_cosign(note.text, &office->sign_keys, (uint64_t)cosignature.time,
                &cosignature.signature);
    check(ledger_begin(self->hall.ledger) == STATUS_OK);
    check(ledger_keep_cosignature(self->hall.ledger, office->number,
                                  &cosignature) == STATUS_OK);
    check(ledger_commit(self->hall.ledger) == STATUS_OK);
}

static void save_state(struct audited *self)
{
    struct start start;
    char path[TEMP_DIR_PATH_MAX];

    temp_dir_path(&self->hall.dir, "figures.state", path);
    (void)unlink(path);
    start_open(&start, &self->hall, path);
    (void)start_save(&start);
    start_close(&start);
}

/* ---- what leaves the store ---- */

static int64_t received_at(struct audited *self, uint64_t index)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry;

    check(ledger_snapshot_open(self->hall.ledger, &snapshot) == STATUS_OK);
    check(ledger_entry(snapshot, index, &entry) == STATUS_OK);
    ledger_snapshot_close(&snapshot);
    return entry.received_at;
}

void audited_erase(struct audited *self, uint64_t index, struct buffer *before)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry;
    struct bytes batch;
    struct erasing_progress progress = {.read = NULL};
    struct control *control = calloc(1, sizeof *control);
    struct erasing erasing;

    check(control != NULL);
    check(ledger_snapshot_open(self->hall.ledger, &snapshot) == STATUS_OK);
    check(ledger_entry(snapshot, index, &entry) == STATUS_OK);
    check(ledger_bytes(snapshot, &entry, &batch) == STATUS_OK);
    check(buffer_append(before, batch) == STATUS_OK);
    ledger_snapshot_close(&snapshot);
    check(erasing_make(self->hall.ledger, province_context(self->hall.province),
                       &self->hall.keys.administrator, index, progress,
                       &erasing) == STATUS_OK);
    erasing_order(&erasing, 12, 2026, control);
    order(self, control);
    erasing_fini(&erasing);
    free(control);
}

void audited_move(struct audited *self)
{
    struct cold_move_options options = {.ledger = self->hall.ledger,
                                        .province = self->hall.province,
                                        .administrator =
                                            &self->hall.keys.administrator,
                                        .clock = &self->hall.clock,
                                        .moves = true,
                                        .least = 1};
    struct cold_move *mover = NULL;
    bool moved = false;

    check(cold_move_open(&options, &mover) == STATUS_OK);
    for (uint64_t end = MOVED_END / 2; end <= MOVED_END; end += MOVED_END / 2) {
        check(cold_move_step(mover, received_at(self, end), &moved) ==
                  STATUS_OK &&
              moved);
    }
    cold_move_close(&mover);
    self->erased[0] = MOVED_END / 4;
    self->erased[1] = MOVED_END * 2;
    for (size_t i = 0; i < 2; i++) {
        audited_erase(self, self->erased[i], &self->before[i]);
    }
    check(ledger_overwrite(self->hall.ledger, true) == STATUS_OK);
    save_state(self);
    keep_checkpoint(self);
    audited_copy(self);
}

/* ---- all of it ---- */

void audited_open(struct audited *self)
{
    char path[TEMP_DIR_PATH_MAX];

    if (access("/dev/shm", W_OK) == 0) {
        /* What a sync costs is not what is looked for. */
        check(setenv("TMPDIR", "/dev/shm", 0) == 0);
    }
    memset(self, 0, sizeof *self);
    buffer_init(&self->outside, CHECKPOINT_NOTE_MAX);
    buffer_init(&self->before[0], BATCH_BYTES_MAX);
    buffer_init(&self->before[1], BATCH_BYTES_MAX);
    hall_open(&self->hall, 0);
    for (uint32_t i = 0; i < 3; i++) {
        office_open(&self->offices[i], i + 1);
    }
    hall_join(&self->hall, &self->offices[0]);
    hall_join(&self->hall, &self->offices[1]);
    send(self, 0, 20);
    send(self, 1, 20);
    audited_freeze(self);
    hall_join(&self->hall, &self->offices[2]);
    send_all(self, 30);
    keep_checkpoint(self);
    rotate(self, &self->offices[0]);
    send_all(self, 30);
    open_epoch(self, &self->offices[2]);
    send_all(self, 10);
    save_state(self);
    revoke(self, &self->offices[1]);
    send(self, 0, 15);
    send(self, 2, 15);
    keep_checkpoint(self);
    cosign(self);
    temp_dir_path(&self->hall.dir, "copy", path);
    check(mkdir(path, S_IRWXU) == 0);
    check(directory_init_copy(&self->copy, path) == STATUS_OK);
    audited_copy(self);
}

void audited_close(struct audited *self)
{
    for (uint32_t i = 0; i < 3; i++) {
        office_close(&self->offices[i]);
    }
    hall_close(&self->hall);
    buffer_fini(&self->outside);
    buffer_fini(&self->before[0]);
    buffer_fini(&self->before[1]);
}

static void copy_file(const struct audited *self, const char *name,
                      const char *to)
{
    char from[TEMP_DIR_PATH_MAX];
    struct buffer content;

    buffer_init(&content, FILE_MAX);
    temp_dir_path(&self->hall.dir, name, from);
    check(file_read(from, &content) == STATUS_OK);
    (void)unlink(to);
    check(file_create(to, buffer_bytes(&content)) == STATUS_OK);
    buffer_fini(&content);
}

static void copy_cold(const struct audited *self)
{
    char folder[TEMP_DIR_PATH_MAX], name[64], path[COLD_PATH_MAX];
    struct cold_files files;

    temp_dir_path(&self->hall.dir, COLD_FOLDER, folder);
    check(cold_files_read(folder, &files) == STATUS_OK);
    temp_dir_path(&self->hall.dir, "copy/" COLD_FOLDER, folder);
    if (files.count > 0) {
        (void)mkdir(folder, S_IRWXU);
    }
    for (size_t i = 0; i < files.count; i++) {
        check(cold_path(folder, files.list[i].number, path) == STATUS_OK);
        (void)snprintf(name, sizeof name, COLD_FOLDER "/%s",
                       strrchr(path, '/') + 1);
        copy_file(self, name, path);
    }
    cold_files_free(&files);
}

void audited_copy(struct audited *self)
{
    copy_file(self, "ledger.mdb", self->copy.ledger);
    copy_file(self, "figures.state", self->copy.state);
    copy_cold(self);
}

enum status audited_verify(const struct audited *self, bool outside,
                           struct verify_results *results)
{
    struct verify_options options = {.directory = &self->copy,
                                     .language = LANGUAGE_EN};

    if (outside) {
        options.checkpoint = buffer_bytes(&self->outside);
    }
    return verify_ledger(&options, results);
}

bool audited_found(const struct audited *self, bool outside)
{
    struct verify_results *results = calloc(1, sizeof *results);
    bool passes;

    check(results != NULL);
    passes = audited_verify(self, outside, results) == STATUS_OK &&
             verify_passes(results);
    free(results);
    return !passes;
}

bool audited_says(const struct verify_results *results, enum verify_part part,
                  enum verify_fault fault)
{
    const struct verify_part_result *result = &results->parts[part];

    for (size_t i = 0; i < result->kept; i++) {
        if (result->findings[i].fault == fault) {
            return true;
        }
    }
    return false;
}

void audited_print(const struct verify_results *results)
{
    for (int i = 0; i < VERIFY_PART_END; i++) {
        const struct verify_part_result *part = &results->parts[i];

        (void)fprintf(
            stderr, "%s: verdict %d, %llu checked, %llu failed %s\n",
            verify_part_token((enum verify_part)i), (int)verify_verdict(part),
            (unsigned long long)part->checked, (unsigned long long)part->failed,
            part->reason.en == NULL ? "" : part->reason.en);
        for (size_t k = 0; k < part->kept; k++) {
            (void)fprintf(stderr, "  %s at %lld, byte %lld: %s\n",
                          verify_fault_token(part->findings[k].fault),
                          (long long)part->findings[k].place.index,
                          (long long)part->findings[k].place.offset,
                          part->findings[k].note);
        }
    }
}
