/* What all commands share: where, with which words, and how to open. */
#include "collector/commands/commands.h"

#include "common/base/file.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/store/store_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRESS_STEP 256u /* entries between two looks at the terminal */

enum status command_directory(const struct args *args,
                              struct directory *directory)
{
    const char *path = args_value(args, "dir");
    enum status status;

    if (path == NULL) {
        path = getenv("TALLYLINE_DIR");
    }
    if (path == NULL || *path == '\0') {
        path = DIRECTORY_DEFAULT;
    }
    status = directory_init(directory, path);
    if (status != STATUS_OK) {
        args_error(args, "%s: %s", path,
                   args_text(args, (struct language_text){
                                       "đường dẫn quá dài (tối đa 90 byte)",
                                       "the path is too long (90 bytes at "
                                       "most)"}));
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

/* What is usually meant, and what to do about it; NULL: nothing to add. */
static const struct language_text *hint(enum status status)
{
    static const struct language_text not_found = {
        "không có sổ cái ở đây; hãy kiểm tra --dir, hoặc tạo sổ cái mới: "
        "tallyline-collector init",
        "there is no ledger here; check --dir, or make one with: "
        "tallyline-collector init"};
    static const struct language_text refused = {
        "thư mục phải thuộc người chạy lệnh và chỉ người đó đọc được (chmod "
        "700); nếu là của người dùng khác: runuser -u tallyline-collector -- …",
        "the directory must belong to who runs the command and be readable by "
        "nobody else (chmod 700); if it is another user's: runuser -u "
        "tallyline-collector -- …"};
    static const struct language_text busy = {
        "một tiến trình khác đang dùng thư mục này, hoặc trung tâm đang chạy "
        "mà không trả lời",
        "another process uses this directory, or the running collector does "
        "not answer"};
    static const struct language_text newer = {
        "dữ liệu do phiên bản mới hơn ghi; hãy cài phiên bản đó",
        "the data were written by a newer version; install that version"};
    static const struct language_text rebuilding = {
        "xem tiến độ bằng lệnh status, dựng xong rồi chạy lại lệnh này",
        "follow it with status, and give the order again when it is done"};

    switch (status) {
    case STATUS_NOT_FOUND:
        return &not_found;
    case STATUS_REFUSED:
        return &refused;
    case STATUS_BUSY:
        return &busy;
    case STATUS_VERSION:
        return &newer;
    case STATUS_REBUILDING:
        return &rebuilding;
    default:
        return NULL;
    }
}

enum status command_fail(const struct args *args, const char *what,
                         enum status status)
{
    const struct language_text *more = hint(status);

    args_error(args, "%s: %s", what == NULL ? "" : what,
               status_text(status, args->language));
    if (more != NULL) {
        (void)fprintf(stderr, "  %s\n", args_text(args, *more));
    }
    return status;
}

void command_report(const struct report *report)
{
    if (report->count > 0) {
        report_print(report, stderr);
    }
}

enum status command_writer(const struct args *args, const struct clock *clock,
                           struct writer **writer)
{
    struct directory directory;
    const char *what = NULL;
    enum status status = command_directory(args, &directory);

    *writer = NULL;
    if (status != STATUS_OK) {
        return status;
    }
    status = writer_open(&directory, clock, writer, &what);
    return status == STATUS_OK ? status : command_fail(args, what, status);
}

enum status command_order(const struct args *args, struct writer *writer,
                          const struct writer_order *order)
{
    struct report report;
    enum status status;

    report_init(&report, args->language);
    status = writer_order(writer, order, &report);
    if (status != STATUS_OK) {
        command_report(&report);
    }
    /* Whoever composes the order says what is wrong with the command line. */
    if (status != STATUS_OK && status != STATUS_USAGE &&
        status != STATUS_NOT_FOUND && report.count == 0) {
        (void)command_fail(args, args->command->name, status);
    }
    report_fini(&report);
    return status;
}

/* ---- reading ---- */

static void show_progress(void *owner, uint64_t done, uint64_t entries)
{
    const struct args *args = owner;
    static const struct language_text text = {"đang tính từ sổ cái", "folding"};

    if (done % PROGRESS_STEP == 0 && entries > PROGRESS_STEP) {
        (void)fprintf(stderr, "\r%s: %" PRIu64 "/%" PRIu64 " ",
                      args_text(args, text), done, entries);
    }
    if (done == entries && entries > PROGRESS_STEP) {
        (void)fprintf(stderr, "\r%60s\r", "");
    }
}

/* A line on a terminal while much is folded. */
static struct tally_progress reading_progress(const struct args *args)
{
    struct tally_progress progress = {.owner = NULL, .folded = NULL};

    if (isatty(STDERR_FILENO) == 1) {
        progress.owner = (void *)args;
        progress.folded = show_progress;
    }
    return progress;
}

enum status command_data(const struct args *args, bool *copy,
                         struct directory *directory)
{
    const char *data =
        args_declares(args, "data") ? args_value(args, "data") : NULL;

    *copy = data != NULL;
    if (data == NULL) {
        return command_directory(args, directory);
    }
    if (directory_init_copy(directory, data) != STATUS_OK) {
        args_error(
            args, "--data %s: %s", data,
            args_text(args, (struct language_text){"đường dẫn quá dài",
                                                   "the path is too long"}));
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

enum status reading_open(const struct args *args, struct reading *reading)
{
    struct ledger_options options = {.read_only = true};
    bool copy = false;
    enum status status;

    memset(reading, 0, sizeof *reading);
    status = command_data(args, &copy, &reading->directory);
    if (status != STATUS_OK) {
        return status;
    }
    options.path = reading->directory.ledger;
    /* A copy may lie where nothing can be written, no lock either. */
    options.no_lock = copy && !store_file_in_use(options.path);
    status = copy ? directory_check_copy(&reading->directory)
                  : directory_check(&reading->directory);
    if (status == STATUS_OK) {
        status = ledger_open(&options, &reading->ledger);
    }
    if (status == STATUS_OK) {
        status = province_open(reading->ledger, &reading->province);
    }
    if (status != STATUS_OK) {
        (void)command_fail(args, reading->directory.path, status);
    }
    return status;
}

enum status reading_fold(const struct args *args, struct reading *reading)
{
    unsigned changes = 0;
    enum status status;

    if (reading->tally != NULL) {
        return STATUS_OK;
    }
    status = tally_open(reading->ledger, reading->province,
                        reading_progress(args), &reading->tally);
    if (status == STATUS_OK) {
        if (!reading->registers) {
            tally_without_registers(reading->tally);
        }
        if (!reading->adopted) {
            tally_keep_in(reading->tally, reading->directory.state);
        }
        status = tally_advance(reading->tally, &changes);
    }
    if (status != STATUS_OK) {
        (void)command_fail(args, reading->directory.path, status);
    }
    return status;
}

enum status reading_limit(const struct args *args, struct reading *reading,
                          uint64_t size)
{
    enum status status;

    ledger_show_prefix(reading->ledger, size);
    province_close(&reading->province);
    status = province_open(reading->ledger, &reading->province);
    if (status != STATUS_OK) {
        (void)command_fail(args, reading->directory.path, status);
    }
    return status;
}

void reading_close(struct reading *reading)
{
    tally_close(&reading->tally);
    province_close(&reading->province);
    ledger_close(&reading->ledger);
}

enum status command_day(const struct args *args, const char *option,
                        int32_t *day)
{
    static const struct language_text wrong = {
        "không phải ngày hợp lệ; hãy ghi như 05/03/2018 hoặc 2018-03-05",
        "is no day; write it like 05/03/2018 or 2018-03-05"};
    const char *text = args_value(args, option);

    if (text == NULL || text_parse_date(text, strlen(text), day) == STATUS_OK) {
        return STATUS_OK;
    }
    args_error(args, "--%s %s: %s", option, text, args_text(args, wrong));
    return STATUS_USAGE;
}

enum status command_reader(const struct args *args,
                           const struct context *context, int32_t day,
                           struct figure_reader *reader)
{
    static const struct language_text both = {"không dùng cùng với --raw",
                                              "does not go with --raw"};
    static const struct language_text none = {
        "không có đơn vị này vào ngày cuối kỳ",
        "there is no such unit at the end of the period"};
    const char *text;
    bool found;

    if (!args_declares(args, "raw")) {
        return STATUS_OK; /* the command says itself whom it is for */
    }
    text = args_value(args, "for-unit");
    if (args_flag(args, "raw")) {
        reader->kind = FIGURE_READER_AUDIT;
    }
    if (text == NULL) {
        return STATUS_OK;
    }
    found =
        unit_key_parse(text, strlen(text), day, &reader->unit) == STATUS_OK &&
        units_find(context_units(context), reader->unit, day) != NULL;
    if (!found || args_flag(args, "raw")) {
        args_error(args, "--for-unit %s: %s", text,
                   args_text(args, found ? both : none));
        return STATUS_USAGE;
    }
    reader->kind = FIGURE_READER_UNIT;
    return STATUS_OK;
}

enum status command_agent_number(const struct args *args, const char *text,
                                 uint32_t *number)
{
    uint64_t value = 0;

    if (text_parse_count(text, strlen(text), &value) != STATUS_OK ||
        value == 0 || value > REFERENCE_AGENT_MAX) {
        args_error(args, "%s: %s", text,
                   args_text(args, (struct language_text){
                                       "không phải số hiệu của một trạm",
                                       "is not the number of an agent"}));
        return STATUS_USAGE;
    }
    *number = (uint32_t)value;
    return STATUS_OK;
}

enum status command_addresses(
    const struct args *args,
    char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX], size_t *count)
{
    static const struct language_text many = {"quá nhiều địa chỉ (tối đa 8)",
                                              "too many addresses (8 at most)"};
    static const struct language_text shape = {
        "phải có dạng tcp://MÁY:CỔNG, với tên hoặc địa chỉ mà các trạm tới "
        "được",
        "must look like tcp://HOST:PORT, with a name or an address that the "
        "offices can reach"};

    *count = args_count(args, "address");
    if (*count > ENROL_ADDRESSES_MAX) {
        args_error(args, "--address: %s", args_text(args, many));
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < *count; i++) {
        const char *text = args_value_at(args, "address", i);

        if (!settings_address_good(text) || settings_address_any(text) ||
            strchr(text, '*') != NULL) {
            args_error(args, "--address %s: %s", text, args_text(args, shape));
            return STATUS_USAGE;
        }
        memcpy(addresses[i], text, strlen(text) + 1);
    }
    return STATUS_OK;
}

enum status command_new_file(const struct args *args, const char *output)
{
    static const struct language_text exists = {
        "đã có tệp này; hãy chọn tên khác hoặc xóa tệp cũ",
        "this file is there already; choose another name or remove it"};
    static const struct language_text no_folder = {
        "không có thư mục này, hoặc không có quyền ghi vào đó",
        "there is no such folder, or it may not be written to"};
    char folder[FILE_PATH_MAX] = ".";
    const char *slash = strrchr(output, '/');
    size_t size = slash == NULL ? 1 : (size_t)(slash - output);

    if (access(output, F_OK) == 0) {
        args_error(args, "%s: %s", output, args_text(args, exists));
        return STATUS_EXISTS;
    }
    if (slash != NULL && size > 0 && size < sizeof folder) {
        memcpy(folder, output, size);
        folder[size] = '\0';
    } else if (slash != NULL) {
        memcpy(folder, "/", 2);
    }
    if (access(folder, W_OK | X_OK) != 0) {
        args_error(args, "%s: %s", folder, args_text(args, no_folder));
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

enum status command_reach(
    const struct args *args, const struct directory *directory,
    const struct settings *settings,
    char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX], size_t *count)
{
    enum status status = command_addresses(args, addresses, count);

    if (status != STATUS_OK || *count > 0) {
        return status;
    }
    if (settings->address_count > 0) {
        memcpy(addresses, settings->addresses, sizeof settings->addresses);
        *count = settings->address_count;
        return STATUS_OK;
    }
    if (settings_address_any(settings->listen)) {
        args_error(args, "%s: %s", directory->config,
                   args_text(args, (struct language_text){
                                       "chưa có địa chỉ mà các trạm dùng để "
                                       "tới trung tâm; thêm --address "
                                       "tcp://MÁY:CỔNG, hoặc addresses trong "
                                       "tệp này",
                                       "no address by which the offices reach "
                                       "the collector; add --address "
                                       "tcp://HOST:PORT, or addresses in this "
                                       "file"}));
        return STATUS_USAGE;
    }
    memcpy(addresses[0], settings->listen, sizeof settings->listen);
    *count = 1;
    return STATUS_OK;
}
