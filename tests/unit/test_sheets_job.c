/* A program that never ends, in the place of `import`: this one, started again
 * under its name. */
#include "agent/api/sheets_internal.h"

#include <criterion/criterion.h>
#include <stdatomic.h>
#include <string.h>
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

__attribute__((constructor)) static void stand_still(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[0], "tallyline-agent") == 0) {
        (void)alarm(60); /* where nobody ends it after all */
        for (;;) {
            (void)pause();
        }
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

/* Nobody waits for the answer any more; whoever asks hears what is true. */
Test(sheets_job, i11_a_program_that_never_ends_is_ended)
{
    struct clock clock = {read_clock, read_clock, NULL};
    struct temp_dir dir;
    struct sheets *sheets = NULL;
    struct sheets_job *job;

    temp_dir_open(&dir);
    cr_assert_eq(sheets_open(dir.path, dir.path, &clock, &sheets), STATUS_OK);
    job = &sheets->jobs[0];
    *job = (struct sheets_job){
        .sheets = sheets, .question = SHEETS_SAVE, .role = "clerk"};
    job->sheet.token[0] = 'a';
    cr_assert(sheets_job_start(job));
    cr_assert(deadline_wait(is_started, sheets, WAIT_MS));
    cr_assert_eq(job->end_by, SHEETS_RUN_US, "it has its time");
    atomic_store(&now, SHEETS_RUN_US);
    cr_assert(deadline_wait(is_answered, sheets, WAIT_MS));
    cr_assert_eq(child_of(sheets), 0);
    cr_assert_eq(sheets->late[0].reply.status, 503);
    cr_assert(job->begun && job->code < 0, "it may have saved");
    sheets_close(&sheets);
    temp_dir_close(&dir);
}
