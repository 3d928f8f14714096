/* Programs in the place of `import`: this one, started again under its name.
 * The type that is said for all rows is what it is to do. */
#define _GNU_SOURCE /* memmem */
#include "agent/api/sheets_internal.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/deadline.h"
#include "tests/support/temp_dir.h"

#define WAIT_MS 20000

static atomic_llong now;

static int64_t read_clock(void *context)
{
    (void)context;
    return atomic_load(&now);
}

#define SAVED "{\"kind\":\"sums\",\"saved\":true,\"good\":1,\"known\":0}\n"

static void say(const char *words)
{
    (void)!write(STDOUT_FILENO, words, strlen(words));
}

/* Goes on talking: so slowly that it is never silent for long and never says
 * much, or without a pause. */
static void talk(int pause_ms)
{
    for (;;) {
        say("{}\n");
        (void)poll(NULL, 0, pause_ms);
    }
}

/* Until the other end of the file, a pipe with a name, is opened. */
static void save_when_told(const char *file)
{
    (void)open(file, O_RDONLY | O_CLOEXEC);
    say(SAVED);
    _exit(0);
}

static bool is_asked(const char *what, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], what) == 0) {
            return true;
        }
    }
    return false;
}

__attribute__((constructor)) static void stand_in(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[0], "tallyline-agent") != 0) {
        return;
    }
    (void)alarm(60); /* where nobody ends it after all */
    if (is_asked("talk", argc, argv)) {
        talk(1);
    } else if (is_asked("chatter", argc, argv)) {
        talk(0);
    } else if (is_asked("save", argc, argv)) {
        save_when_told(argv[argc - 1]);
    }
    for (;;) {
        (void)pause();
    }
}

static pid_t child_of(struct sheets *sheets)
{
    pid_t child;

    cr_assert_eq(pthread_mutex_lock(&sheets->lock), 0);
    child = sheets->jobs[0].child;
    cr_assert_eq(pthread_mutex_unlock(&sheets->lock), 0);
    return child;
}

static bool is_started(void *sheets)
{
    return child_of(sheets) > 0;
}

static bool is_answered(void *context)
{
    struct sheets *sheets = context;
    bool answered;

    cr_assert_eq(pthread_mutex_lock(&sheets->lock), 0);
    answered = sheets->late[0].token[0] != '\0';
    cr_assert_eq(pthread_mutex_unlock(&sheets->lock), 0);
    return answered;
}

struct fixture {
    struct temp_dir dir;
    struct clock clock;
    struct sheets *sheets;
    struct sheets_job *job;
};

static void open_sheets(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    fixture->clock = (struct clock){read_clock, read_clock, NULL};
    temp_dir_open(&fixture->dir);
    cr_assert_eq(sheets_open(fixture->dir.path, fixture->dir.path,
                             &fixture->clock, &fixture->sheets),
                 STATUS_OK);
    fixture->job = &fixture->sheets->jobs[0];
}

static void close_sheets(struct fixture *fixture)
{
    sheets_close(&fixture->sheets);
    temp_dir_close(&fixture->dir);
}

/* Nobody waits for the answer any more; whoever asks hears what is true. */
static void start(struct fixture *fixture, enum sheets_question question,
                  const char *what)
{
    *fixture->job = (struct sheets_job){
        .sheets = fixture->sheets, .question = question, .role = "clerk"};
    fixture->job->sheet.token[0] = 'a';
    memcpy(fixture->job->sheet.type, what, strlen(what) + 1);
    cr_assert(sheets_job_start(fixture->job));
    cr_assert(deadline_wait(is_started, fixture->sheets, WAIT_MS));
}

static void end_in_time(const char *what)
{
    struct fixture fixture;

    open_sheets(&fixture);
    start(&fixture, SHEETS_SAVE, what);
    cr_assert_eq(fixture.job->end_by, SHEETS_RUN_US, "it has its time");
    atomic_store(&now, SHEETS_RUN_US);
    cr_assert(deadline_wait(is_answered, fixture.sheets, WAIT_MS));
    cr_assert_eq(child_of(fixture.sheets), 0);
    cr_assert_eq(fixture.sheets->late[0].reply.status, 503);
    cr_assert(fixture.job->begun && fixture.job->code < 0, "it may have saved");
    close_sheets(&fixture);
}

Test(sheets_job, i11_a_program_that_never_ends_is_ended)
{
    end_in_time("");
}

/* It is never silent for as long as the clock is waited for. */
Test(sheets_job, i11_a_program_that_goes_on_talking_is_ended)
{
    end_in_time("talk");
}

/* Its time is not over: the clock stands still. */
Test(sheets_job, i11_a_program_that_says_too_much_is_ended_with_a_reason)
{
    struct fixture fixture;
    static const char reason[] = "quá nhiều chữ";
    const struct http_reply *reply;

    open_sheets(&fixture);
    start(&fixture, SHEETS_LOOK, "chatter");
    cr_assert(deadline_wait(is_answered, fixture.sheets, WAIT_MS));
    cr_assert_eq(child_of(fixture.sheets), 0);
    reply = &fixture.sheets->late[0].reply;
    cr_assert_eq(reply->status, 422);
    cr_assert_not_null(
        memmem(reply->body.data, reply->body.size, reason, sizeof reason - 1));
    close_sheets(&fixture);
}

/* ---- a file that is saved, and another of the same person ---- */

static void make_sheet(const struct fixture *fixture, char letter,
                       struct sheet *sheet)
{
    *sheet = (struct sheet){.token = {letter}, .person = "Lan"};
    (void)snprintf(sheet->path, sizeof sheet->path, "%s/%c", fixture->dir.path,
                   letter);
}

static const struct sheet *sheet_of(const struct sheets *sheets, char letter)
{
    for (size_t i = 0; i < SHEETS_MAX; i++) {
        if (sheets->files[i].token[0] == letter) {
            return &sheets->files[i];
        }
    }
    return NULL;
}

/* Its program has been started, and reads the file only when it is told. */
static void save_first(struct fixture *fixture)
{
    struct sheet first;

    make_sheet(fixture, 'a', &first);
    memcpy(first.type, "save", sizeof "save");
    cr_assert_eq(mkfifo(first.path, 0600), 0);
    sheets_keep(fixture->sheets, &first);
    *fixture->job = (struct sheets_job){.sheets = fixture->sheets,
                                        .question = SHEETS_SAVE,
                                        .role = "clerk",
                                        .sheet = first};
    cr_assert(sheets_job_start(fixture->job));
    cr_assert(deadline_wait(is_started, fixture->sheets, WAIT_MS));
}

static void look_at_another(struct fixture *fixture, char letter)
{
    struct sheet another;

    make_sheet(fixture, letter, &another);
    cr_assert_geq(open(another.path, O_CREAT | O_CLOEXEC, 0600), 0);
    sheets_keep(fixture->sheets, &another);
}

/* Its pipe is opened for both, so that nobody waits for a reader that is gone.
 */
static void let_it_save(struct fixture *fixture, const char *path)
{
    cr_assert_geq(open(path, O_RDWR | O_CLOEXEC), 0);
    cr_assert(deadline_wait(is_answered, fixture->sheets, WAIT_MS));
    cr_assert_eq(fixture->sheets->late[0].reply.status, 200);
}

/* Neither is lost: the first is read after the second has come. */
Test(sheets_job, a_second_file_waits_beside_one_that_is_saved)
{
    struct fixture fixture;
    char path[FILE_PATH_MAX];

    open_sheets(&fixture);
    save_first(&fixture);
    look_at_another(&fixture, 'b');
    cr_assert_not_null(sheet_of(fixture.sheets, 'a'));
    memcpy(path, sheet_of(fixture.sheets, 'a')->path, sizeof path);
    let_it_save(&fixture, path);
    cr_assert(sheet_of(fixture.sheets, 'a')->saved);
    cr_assert_not_null(sheet_of(fixture.sheets, 'b'), "it is on the screen");
    cr_assert_eq(access(sheet_of(fixture.sheets, 'b')->path, F_OK), 0);
    look_at_another(&fixture, 'c');
    cr_assert_null(sheet_of(fixture.sheets, 'b'));
    cr_assert_null(sheet_of(fixture.sheets, 'a'), "a person has one");
    close_sheets(&fixture);
}

/* It was taken away meanwhile: no place is kept for a file that is gone. */
Test(sheets_job, what_is_saved_does_not_come_back_when_it_is_gone)
{
    struct fixture fixture;
    struct sheet first;
    char kept[FILE_PATH_MAX + 8];

    open_sheets(&fixture);
    save_first(&fixture);
    make_sheet(&fixture, 'a', &first);
    (void)snprintf(kept, sizeof kept, "%s.kept", first.path);
    cr_assert_eq(link(first.path, kept), 0);
    sheets_forget(fixture.sheets, first.token);
    look_at_another(&fixture, 'b');
    let_it_save(&fixture, kept);
    cr_assert_null(sheet_of(fixture.sheets, 'a'));
    cr_assert_not_null(sheet_of(fixture.sheets, 'b'));
    close_sheets(&fixture);
}
