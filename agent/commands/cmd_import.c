/* tallyline-agent import: the rows of a file, all or none. A file that is read
 * half way when the power goes leaves nothing, since it is one transaction. It
 * is read twice: its encoding shows in all of its words together. */
#include "agent/commands/answer.h"
#include "agent/commands/commands.h"
#include "agent/source/import.h"
#include "common/base/charset.h"
#include "common/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES    65536u
#define PIPE_BYTES_MAX (64u * 1024u * 1024u)
/* Bytes of UTF-8 for one byte of an older encoding, what was held included. */
#define TEXT_GROWTH_MAX 4u

/* How far the reading is, on a terminal only. */
struct progress {
    uint64_t read, total;
    unsigned shown; /* per cent, plus one */
};

static void progress_start(struct progress *progress, FILE *file)
{
    struct stat info;

    memset(progress, 0, sizeof *progress);
    if (isatty(STDERR_FILENO) != 0 && fstat(fileno(file), &info) == 0 &&
        S_ISREG(info.st_mode)) {
        progress->total = (uint64_t)info.st_size;
    }
}

static void progress_show(struct progress *progress, size_t size)
{
    static const char bar[] = "##############################";
    unsigned percent;

    progress->read += size;
    if (progress->total == 0) {
        return;
    }
    percent = (unsigned)(progress->read * 100 / progress->total);
    percent = percent > 100 ? 100 : percent;
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

/* The encoding that was named, or the one that the file shows. CHARSETS: it
 * shows none. */
static enum status find_charset(const char *named, FILE *file,
                                enum charset *charset)
{
    static uint8_t piece[PIECE_BYTES];
    struct charset_look *look;
    size_t size;

    if (named != NULL) {
        *charset = charset_find(named);
        return *charset != CHARSETS ? STATUS_OK : STATUS_USAGE;
    }
    look = charset_look_new();
    if (look == NULL) {
        return STATUS_MEMORY;
    }
    do {
        size = fread(piece, 1, sizeof piece, file);
        charset_look_feed(look, (struct bytes){piece, size});
    } while (size == sizeof piece);
    *charset = charset_look_finish(look);
    charset_look_free(&look);
    if (ferror(file) != 0) {
        return STATUS_NO_INPUT;
    }
    return fseek(file, 0, SEEK_SET) == 0 ? STATUS_OK : STATUS_NO_INPUT;
}

/* Says it where it is not what everybody expects, and what to do where it
 * cannot be told. */
static enum status settle_charset(const struct args *args,
                                  const struct office *office, const char *name,
                                  FILE *file, enum charset *charset)
{
    const char *named = args_value(args, "encoding");
    bool english = office->language == LANGUAGE_EN;
    enum status rc = find_charset(named, file, charset);

    if (rc == STATUS_USAGE) {
        args_error(args,
                   english ? "--encoding: one of utf-8, utf-16, windows-1258, "
                             "tcvn3, vni"
                           : "--encoding: một trong utf-8, utf-16, "
                             "windows-1258, tcvn3, vni");
    } else if (rc == STATUS_OK && *charset == CHARSETS) {
        args_error(args,
                   english ? "%s: cannot tell how its Vietnamese letters are "
                             "encoded; save it in Excel as \"CSV UTF-8\", or "
                             "say --encoding windows-1258, tcvn3 or vni"
                           : "%s: không nhận ra bảng mã chữ Việt; hãy lưu lại "
                             "trong Excel dạng \"CSV UTF-8\", hoặc thêm "
                             "--encoding windows-1258, tcvn3 hay vni",
                   name);
        rc = STATUS_INVALID;
    } else if (rc == STATUS_OK && named == NULL && *charset > CHARSET_UTF16) {
        (void)fprintf(
            stderr, english ? "%s: read as %s\n" : "%s: đọc theo bảng mã %s\n",
            name, charset_name(*charset));
    }
    return rc;
}

/* Where the reading ended, and why it could not go on. */
static void report_byte(const char *name, enum charset charset,
                        const struct charset_reader *reader,
                        struct report *report)
{
    report_add(report, REPORT_ERROR, name, charset_reader_line(reader), 0,
               "có ký tự không thuộc bảng mã %s; kiểm tra lại --encoding",
               "there is a character that %s does not have; check --encoding",
               charset_name(charset));
}

static enum status read_piece(FILE *file, struct charset_reader *reader,
                              struct buffer *text, bool *ended)
{
    static uint8_t piece[PIECE_BYTES];
    size_t size = fread(piece, 1, sizeof piece, file);
    enum status rc;

    *ended = size < sizeof piece;
    buffer_clear(text);
    rc = charset_reader_feed(reader, (struct bytes){piece, size}, text);
    if (rc == STATUS_OK && *ended) {
        rc = charset_reader_finish(reader, text);
    }
    return rc;
}

static enum status read_all(const struct import_options *options,
                            enum charset charset, struct import *import,
                            FILE *file, struct import_counts *counts)
{
    struct charset_reader *reader = NULL;
    struct progress progress;
    struct buffer text;
    bool ended = false;
    enum status rc = charset_reader_new(charset, &reader);

    buffer_init(&text, (size_t)TEXT_GROWTH_MAX * PIECE_BYTES);
    progress_start(&progress, file);
    while (rc == STATUS_OK && !ended) {
        rc = read_piece(file, reader, &text, &ended);
        if (rc == STATUS_INVALID) {
            report_byte(options->name, charset, reader, options->report);
        } else if (rc == STATUS_OK) {
            rc = import_feed(import, (struct bytes){text.data, text.size});
            progress_show(&progress, PIECE_BYTES);
        }
    }
    progress_end(&progress);
    buffer_fini(&text);
    charset_reader_free(&reader);
    if (rc == STATUS_OK && ferror(file) != 0) {
        return STATUS_NO_INPUT;
    }
    return rc == STATUS_OK ? import_finish(import, counts) : rc;
}

static void print_counts(const struct args *args, const struct office *office,
                         const struct import_counts *counts)
{
    char added[TEXT_NUMBER_MAX];
    char known[TEXT_NUMBER_MAX];
    bool english = office->language == LANGUAGE_EN;

    text_format_count(counts->added, office->language, added);
    text_format_count(counts->known, office->language, known);
    if (args_flag(args, "dry-run")) {
        (void)printf(english ? "Valid: %s new rows, %s already here; not saved "
                               "(--dry-run)\n"
                             : "Hợp lệ: %s dòng mới, %s dòng đã có; chưa lưu "
                               "(--dry-run)\n",
                     added, known);
    } else {
        (void)printf(english ? "Saved: %s new rows, %s already here\n"
                             : "Đã lưu: %s dòng mới, %s dòng đã có\n",
                     added, known);
    }
}

/* Ends the transaction as the reading went. */
static enum status settle(const struct args *args, const struct office *office,
                          enum status rc, const struct report *report,
                          const struct import_counts *counts)
{
    bool dry = args_flag(args, "dry-run");

    if (rc == STATUS_OK && report->errors > 0) {
        rc = STATUS_INVALID;
    }
    if (rc == STATUS_OK && !dry && counts->added > 0) {
        rc = spool_commit(office->spool);
    }
    spool_forget(office->spool);
    if (rc == STATUS_OK && !dry && counts->added == 0) {
        /* I1: an import that died may have left what is here already */
        rc = spool_sync(office->spool);
    }
    if (rc == STATUS_OK) {
        print_counts(args, office, counts);
        if (!dry && counts->added > 0) {
            (void)office_poke(office);
        }
    } else if (rc == STATUS_INVALID) {
        report_print(report, stderr);
        args_error(args,
                   office->language == LANGUAGE_EN
                       ? "no row was saved: %zu to mend"
                       : "không lưu dòng nào: cần sửa %zu chỗ",
                   report->errors);
    } else {
        rc = answer_failure(args, office, rc);
    }
    return rc;
}

static enum status import_file(const struct args *args,
                               const struct office *office, const char *name,
                               FILE *file)
{
    struct import_counts counts = {0};
    struct import *import = NULL;
    struct report report;
    struct source source;
    struct clock clock;
    struct import_options options = {
        .source = &source, .name = name, .report = &report};
    const char *type = args_value(args, "type");
    enum charset charset = CHARSETS;
    enum status rc;

    clock_init_real(&clock);
    report_init(&report, office->language);
    rc = answer_source(args, office, &clock, &source);
    if (rc == STATUS_OK && type != NULL) {
        options.type = answer_type(args, office, type);
        rc = options.type != NULL ? STATUS_OK : STATUS_USAGE;
    }
    if (rc == STATUS_OK) {
        rc = settle_charset(args, office, name, file, &charset);
    }
    if (rc != STATUS_OK) {
        goto out;
    }
    rc = spool_begin(office->spool);
    if (rc == STATUS_OK) {
        rc = import_new(&options, &import);
    }
    if (rc == STATUS_OK) {
        rc = read_all(&options, charset, import, file, &counts);
    }
    rc = settle(args, office, rc, &report, &counts);
out:
    import_free(&import);
    report_fini(&report);
    return rc;
}

/* Copies what comes through a pipe, or is typed, into a file without a name.
 * Whoever writes there may take any time, and while a transaction is open
 * nobody else can save or send. STATUS_FULL: more than PIPE_BYTES_MAX. */
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
        "đây là thư mục, cần một tệp CSV",
        "this is a folder, a CSV file is needed"};
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
