/* tallyline-agent import: the rows of a file, all or none, or those that are
 * right. A file that is read half way when the power goes leaves nothing, since
 * it is one transaction. */
#include "agent/commands/answer.h"
#include "agent/commands/commands.h"
#include "agent/commands/import_tell.h"
#include "agent/sheet/columns.h"
#include "agent/sheet/feed.h"
#include "agent/sheet/refused.h"
#include "common/base/charset.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES    65536u
#define PIPE_BYTES_MAX (64u * 1024u * 1024u)

/* How far the reading is, on a terminal only. */
struct progress {
    unsigned shown; /* per cent, plus one */
};

static void progress_show(struct progress *progress, uint64_t done,
                          uint64_t total)
{
    static const char bar[] = "##############################";
    unsigned percent = 100;

    if (isatty(STDERR_FILENO) == 0) {
        return;
    }
    if (done < total) {
        percent = (unsigned)(done * 100 / total);
    }
    if (percent + 1 != progress->shown) {
        progress->shown = percent + 1;
        (void)fprintf(stderr, "\r[%-30.*s] %3u %%",
                      (int)(percent * (sizeof bar - 1) / 100), bar, percent);
    }
}

static void progress_end(const struct progress *progress)
{
    if (progress->shown != 0) {
        (void)fprintf(stderr, "\r%40s\r", "");
    }
}

/* ---- what was asked for ---- */

static enum status read_charset(const struct args *args,
                                const struct office *office,
                                enum charset *charset)
{
    const char *named = args_value(args, "encoding");

    *charset = named != NULL ? charset_find(named) : CHARSETS;
    if (named == NULL || *charset != CHARSETS) {
        return STATUS_OK;
    }
    args_error(args, office->language == LANGUAGE_EN
                         ? "--encoding: one of utf-8, utf-16, windows-1258, "
                           "tcvn3, vni"
                         : "--encoding: một trong utf-8, utf-16, "
                           "windows-1258, tcvn3, vni");
    return STATUS_USAGE;
}

/* What the file is read as, where it is not what everybody expects. */
static void say_charset(const struct args *args, const struct office *office,
                        const struct feed *feed)
{
    if (feed->workbook == NULL && args_value(args, "encoding") == NULL &&
        feed->charset > CHARSET_UTF16 && feed->charset < CHARSETS) {
        (void)fprintf(stderr,
                      office->language == LANGUAGE_EN
                          ? "%s: read as %s\n"
                          : "%s: đọc theo bảng mã %s\n",
                      feed->options.name, charset_name(feed->charset));
    }
}

/* The type that is said for all rows: on the command line, or by a template. */
static enum status choose_type(const struct args *args,
                               const struct office *office,
                               const struct feed *feed,
                               const struct catalogue_type **type)
{
    const char *text = args_value(args, "type");

    *type = text != NULL ? answer_type(args, office, text) : feed->type;
    return text != NULL && *type == NULL ? STATUS_USAGE : STATUS_OK;
}

/* ---- one import ---- */

struct job {
    const struct args *args;
    const struct office *office;
    struct clock clock;
    struct source source;
    struct report report;
    struct progress progress;
    struct feed feed;
    struct import *import;
    struct import_counts counts;
    struct columns columns;
    struct things things;    /* all zero: not read */
    struct refused *refused; /* NULL: not asked for */
    struct import_tell tell;
};

static void on_row(void *owner, const struct import_row *row)
{
    struct job *job = owner;

    import_tell_row(&job->tell, job->import, row);
    if (job->refused != NULL) {
        refused_row(job->refused, row);
    }
}

static void on_progress(void *owner, uint64_t done, uint64_t total)
{
    struct job *job = owner;

    progress_show(&job->progress, done, total);
}

static enum status begin_refused(struct job *job,
                                 const struct catalogue_type *type)
{
    struct refused_options options = {.path = args_value(job->args, "refused"),
                                      .language = job->office->language,
                                      .whole =
                                          !args_flag(job->args, "good-only")};
    enum status rc = STATUS_OK;

    if (options.path == NULL) {
        return STATUS_OK;
    }
    if (type != NULL) {
        columns_make(&job->columns, job->office->context, job->office->agent,
                     type, job->office->language, clock_today(&job->clock));
        options.columns = &job->columns;
        rc = things_read(&job->things, job->office->spool, job->office->context,
                         job->office->language);
        job->columns.things = &job->things;
    }
    return rc == STATUS_OK ? refused_new(&options, &job->refused) : rc;
}

/* Reads the rows within a transaction, which stays open. */
static enum status read_rows(struct job *job)
{
    const struct args *args = job->args;
    struct import_options options = {
        .source = &job->source,
        .name = job->feed.options.name,
        .report = &job->report,
        .sheet = feed_sheet(&job->feed),
        /* A dry run looks at each row as if those before it were saved. */
        .good_only = args_flag(args, "good-only") || args_flag(args, "dry-run"),
        .on_row = on_row,
        .row_owner = job};
    enum status rc = choose_type(args, job->office, &job->feed, &options.type);

    if (rc == STATUS_OK) {
        rc = begin_refused(job, options.type);
    }
    if (rc == STATUS_OK) {
        rc = spool_begin_aside(job->office->spool);
    }
    if (rc == STATUS_OK) {
        rc = import_new(&options, &job->import);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    job->tell.type = options.type;
    job->tell.sheet = options.sheet;
    job->tell.feed = &job->feed;
    if (job->refused != NULL) {
        refused_of(job->refused, job->import);
    }
    rc = feed_rows(&job->feed, job->import, &job->counts);
    progress_end(&job->progress);
    return rc;
}

/* Ends the transaction as the reading went; `saved` says whether the rows that
 * are right are on stable storage. */
static enum status settle(struct job *job, enum status rc, bool *saved)
{
    struct spool *spool = job->office->spool;
    bool dry = args_flag(job->args, "dry-run");
    bool wanted =
        !dry && rc == STATUS_OK &&
        (job->report.errors == 0 || args_flag(job->args, "good-only"));

    *saved = false;
    if (wanted && job->counts.added > 0) {
        rc = spool_commit(spool);
    }
    spool_forget(spool);
    if (wanted && rc == STATUS_OK && job->counts.added == 0) {
        /* I1: an import that died may have left what is here already */
        rc = spool_sync(spool);
    }
    *saved = wanted && rc == STATUS_OK;
    if (*saved && job->counts.added > 0) {
        spool_committed(spool, &job->tell.first, &job->tell.last);
        (void)office_poke(job->office);
    }
    return rc == STATUS_OK && job->report.errors > 0 ? STATUS_INVALID : rc;
}

/* The file of refused rows, when there are any. */
static enum status end_refused(struct job *job, enum status rc)
{
    bool made = false;
    const char *path = args_value(job->args, "refused");
    enum status closed = refused_close(
        &job->refused, rc == STATUS_INVALID && job->counts.refused > 0, &made);

    if (closed == STATUS_EXISTS) {
        args_error(job->args, "%s: %s", path,
                   job->office->language == LANGUAGE_EN
                       ? "there is a file of this name already; the refused "
                         "rows were not written"
                       : "đã có tệp tên này; chưa ghi các dòng bị từ chối");
    } else if (closed != STATUS_OK) {
        args_error(job->args, "%s: %s", path,
                   status_text(closed, job->office->language));
    } else if (made) {
        job->tell.refused = path;
    }
    return rc == STATUS_OK ? closed : rc;
}

static enum status answer(struct job *job, enum status rc, bool saved)
{
    if (rc == STATUS_OK || rc == STATUS_INVALID) {
        import_tell_end(&job->tell, &job->report, &job->counts, &job->feed.seen,
                        saved);
        return rc;
    }
    return rc == STATUS_USAGE ? rc : answer_failure(job->args, job->office, rc);
}

static enum status import_file(const struct args *args,
                               const struct office *office, const char *name,
                               FILE *file)
{
    struct job *job = calloc(1, sizeof *job);
    struct feed_options options = {.name = name,
                                   .sheet = args_value(args, "sheet"),
                                   .progress = on_progress,
                                   .owner = job};
    bool saved = false;
    enum status rc;

    if (job == NULL) {
        return answer_failure(args, office, STATUS_MEMORY);
    }
    job->args = args;
    job->office = office;
    clock_init_real(&job->clock);
    report_init(&job->report, office->language);
    options.report = &job->report;
    rc = import_tell_begin(&job->tell, args, office, name);
    if (rc == STATUS_OK) {
        rc = answer_source(args, office, &job->clock, &job->source);
    }
    if (rc == STATUS_OK) {
        rc = read_charset(args, office, &options.charset);
    }
    if (rc == STATUS_OK) {
        rc = feed_open(&job->feed, &options, file);
    }
    if (rc == STATUS_OK) {
        /* Whoever fills a workbook chooses labels from lists. */
        job->source.keys = job->feed.workbook == NULL;
        say_charset(args, office, &job->feed);
        rc = read_rows(job);
        rc = settle(job, rc, &saved);
        rc = end_refused(job, rc);
    }
    rc = answer(job, rc, saved);
    feed_close(&job->feed);
    import_free(&job->import);
    things_fini(&job->things);
    report_fini(&job->report);
    free(job);
    return rc;
}

/* Copies what comes through a pipe, or is typed, into a file without a name,
 * which can be read as often as needed. STATUS_FULL: more than
 * PIPE_BYTES_MAX. */
static enum status copy_pipe(FILE *pipe, FILE *copy)
{
    static uint8_t piece[PIECE_BYTES];
    uint64_t total = 0;
    size_t size;

    do {
        size = fread(piece, 1, sizeof piece, pipe);
        total += size;
        if (total > PIPE_BYTES_MAX) {
            return STATUS_FULL;
        }
        if (fwrite(piece, 1, size, copy) != size) {
            return STATUS_IO;
        }
    } while (size == sizeof piece);
    if (ferror(pipe) != 0) {
        return STATUS_NO_INPUT;
    }
    return fseek(copy, 0, SEEK_SET) == 0 ? STATUS_OK : STATUS_IO;
}

static enum status import_pipe(const struct args *args,
                               const struct office *office, const char *name,
                               FILE *pipe)
{
    static const struct language_text large = {
        "quá 64 MiB; hãy lưu thành tệp rồi nhập tệp đó",
        "more than 64 MiB; save it as a file and import that"};
    FILE *copy = tmpfile();
    enum status rc = copy != NULL ? copy_pipe(pipe, copy) : STATUS_IO;

    if (rc == STATUS_OK) {
        rc = import_file(args, office, name, copy);
    } else if (rc == STATUS_FULL) {
        args_error(args, "%s: %s", name,
                   language_pick(large, office->language));
        rc = STATUS_INVALID;
    } else {
        rc = answer_failure(args, office, rc);
    }
    if (copy != NULL) {
        (void)fclose(copy);
    }
    return rc;
}

static enum status import_any(const struct args *args,
                              const struct office *office, const char *name,
                              FILE *file)
{
    struct stat info;

    return fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode)
               ? import_file(args, office, name, file)
               : import_pipe(args, office, name, file);
}

static enum status open_and_import(const struct args *args,
                                   const struct office *office)
{
    static const struct language_text absent = {"không có tệp này",
                                                "there is no such file"};
    static const struct language_text unreadable = {
        "không có quyền đọc tệp này", "the file may not be read"};
    static const struct language_text folder = {
        "đây là thư mục, cần một tệp .xlsx hoặc .csv",
        "this is a folder, an .xlsx or .csv file is needed"};
    const char *name = args->operands[0];
    struct stat info;
    FILE *file;
    enum status rc;

    if (strcmp(name, "-") == 0) {
        return import_any(args, office, name, stdin);
    }
    if (stat(name, &info) == 0 && S_ISDIR(info.st_mode)) {
        args_error(args, "%s: %s", name,
                   language_pick(folder, office->language));
        return STATUS_NO_INPUT;
    }
    file = fopen(name, "rb");
    if (file == NULL) {
        args_error(args, "%s: %s", name,
                   language_pick(errno == ENOENT ? absent : unreadable,
                                 office->language));
        return STATUS_NO_INPUT;
    }
    rc = import_any(args, office, name, file);
    (void)fclose(file);
    return rc;
}

enum status cmd_import(const struct args *args, void *context)
{
    struct office *office = NULL;
    enum status rc = office_open(args, &office);

    (void)context;
    if (rc == STATUS_OK) {
        rc = answer_may_record(args, office);
    }
    if (rc == STATUS_OK) {
        rc = open_and_import(args, office);
    }
    office_close(&office);
    return rc;
}
