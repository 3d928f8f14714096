/* import-spool: what offices without a link have brought on a stick, and the
 * answer to it. The collector runs; it alone writes. Exit code 1 when a file or
 * a batch was refused. */
#include "collector/commands/commands.h"
#include "collector/commands/progress.h"
#include "collector/line/live.h"
#include "collector/stick/stick_import.h"
#include "common/base/listing.h"

#include <errno.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

static const struct listing_column columns[] = {
    {"agent", {"Số hiệu", "Agent"}, LISTING_RIGHT},
    {"name", {"Trạm", "Name"}, LISTING_LEFT},
    {"batches", {"Lô mới", "New batches"}, LISTING_RIGHT},
    {"events", {"Sự kiện mới", "New events"}, LISTING_RIGHT},
    {"known", {"Lô đã có", "Already here"}, LISTING_RIGHT},
    {"refused", {"Lô bị từ chối", "Refused"}, LISTING_RIGHT},
    {"refusal", {"Lý do", "Why"}, LISTING_LEFT},
};

static const struct language_text idle = {
    "trung tâm phải đang chạy và trả lời được: systemctl status "
    "tallyline-collector",
    "the collector must be running, and does not answer: systemctl status "
    "tallyline-collector"};

/* STATUS_BUSY, with its message written, when nobody is there to take them. */
static enum status check_running(const struct args *args,
                                 const struct reading *reading)
{
    struct live live;
    enum status status = live_open(&reading->directory, &live);

    if (status == STATUS_OK && !live.runs) {
        status = STATUS_BUSY;
    }
    live_close(&live);
    if (status != STATUS_OK) {
        args_error(args, "%s", args_text(args, idle));
    }
    return status;
}

static void explain(const struct args *args, const char *path,
                    enum status status)
{
    static const struct language_text part = {
        "tệp không trọn vẹn hoặc đã bị sửa: chép lại từ văn phòng",
        "the file is not whole, or was changed: copy it from the office again"};
    static const struct language_text other = {
        "không phải tệp của một trạm thuộc tỉnh này, hoặc ghi trước khi đổi "
        "khóa: ghi lại ở văn phòng (tallyline-agent export --usb)",
        "not the file of an agent of this province, or from before a change of "
        "keys: write it again in the office (tallyline-agent export --usb)"};
    static const struct language_text full = {
        "không còn chỗ trên thẻ nhớ hoặc trong thư mục tạm; những gì đã nhận "
        "vẫn được giữ, hãy chạy lại lệnh này",
        "no room on the stick or in the temporary folder; what was received is "
        "kept: run this command again"};
    static const struct language_text version = {
        "tệp, hoặc trung tâm đang chạy, thuộc phiên bản khác với lệnh này; "
        "nâng cấp xong thì khởi động lại trung tâm",
        "the file, or the collector that runs, is of another version than this "
        "command; after an upgrade start the collector anew"};

    if (status == STATUS_INVALID) {
        args_error(args, "%s: %s", path, args_text(args, part));
    } else if (status == STATUS_REFUSED) {
        args_error(args, "%s: %s", path, args_text(args, other));
    } else if (status == STATUS_BUSY) {
        args_error(args, "%s", args_text(args, idle));
    } else if (status == STATUS_FULL) {
        args_error(args, "%s: %s", path, args_text(args, full));
    } else if (status == STATUS_VERSION) {
        args_error(args, "%s: %s", path, args_text(args, version));
    } else {
        args_error(args, "%s: %s", path, status_text(status, args->language));
    }
}

static void print_result(const struct stick_import *import,
                         const struct stick_result *result,
                         struct listing *listing)
{
    const struct context_agent *agent = context_agent(
        province_context(import->reading->province), result->agent);

    listing_number(listing, result->agent);
    listing_text(listing, agent == NULL ? "" : agent->name);
    listing_count(listing, result->batches);
    listing_count(listing, result->events);
    listing_count(listing, result->known);
    listing_count(listing, result->refused);
    if (result->refusal != 0) {
        listing_text(listing, wire_refusal_token(result->refusal));
    } else {
        listing_none(listing);
    }
}

/* All files, though one of them be bad: the first bad status. */
static enum status take_files(struct stick_import *import, const glob_t *files,
                              struct listing *listing)
{
    static const struct language_text label = {"nhận từ thẻ nhớ",
                                               "taking from the stick"};
    struct progress progress;
    enum status worst = STATUS_OK;

    progress_begin(&progress, import->args, label, files->gl_pathc);
    for (size_t i = 0; i < files->gl_pathc && worst != STATUS_BUSY; i++) {
        struct stick_result result;
        enum status status = stick_import(import, files->gl_pathv[i], &result);

        if (status != STATUS_OK) {
            progress_end(&progress);
            explain(import->args, files->gl_pathv[i], status);
        }
        if (status == STATUS_OK || result.batches > 0) {
            print_result(import, &result, listing);
        }
        if (status == STATUS_OK && result.refused > 0) {
            args_error(
                import->args, "%s: %s", files->gl_pathv[i],
                wire_refusal_text(result.refusal, import->args->language));
            status = STATUS_REFUSED;
        }
        worst = worst == STATUS_OK || status == STATUS_BUSY ? status : worst;
        progress_at(&progress, i + 1);
    }
    progress_end(&progress);
    return worst;
}

/* STATUS_NO_INPUT, with its message written, when there is none. */
static enum status find_files(const struct args *args, const char *folder,
                              glob_t *files)
{
    static const struct language_text none = {
        "không có tệp nào của văn phòng (" STICK_PREFIX "…" STICK_UP_SUFFIX ")",
        "there is no file of an office (" STICK_PREFIX "…" STICK_UP_SUFFIX ")"};
    char pattern[FILE_PATH_MAX];
    struct stat info;
    int length = snprintf(pattern, sizeof pattern,
                          "%s/" STICK_PREFIX "*" STICK_UP_SUFFIX, folder);

    if (stat(folder, &info) != 0) {
        args_error(args, "%s: %s", folder, strerror(errno));
        return STATUS_NO_INPUT;
    }
    if (length < 0 || (size_t)length >= sizeof pattern ||
        glob(pattern, 0, NULL, files) != 0 || files->gl_pathc == 0) {
        args_error(args, "%s: %s", folder, args_text(args, none));
        return STATUS_NO_INPUT;
    }
    return STATUS_OK;
}

static enum status import_all(const struct args *args, struct reading *reading,
                              const glob_t *files, enum listing_format format)
{
    struct keys keys;
    struct clock clock;
    struct stick_import import = {.args = args,
                                  .keys = &keys,
                                  .clock = &clock,
                                  .folder = args->operands[0],
                                  .reading = reading};
    struct listing *listing = NULL;
    enum status closed;
    enum status status = keys_load(&reading->directory, &keys, NULL);

    clock_init_real(&clock);
    if (status != STATUS_OK) {
        return command_fail(args, reading->directory.keys, status);
    }
    status = listing_open(format, args->language, columns,
                          sizeof columns / sizeof columns[0], stdout, &listing);
    if (status == STATUS_OK) {
        status = take_files(&import, files, listing);
    }
    closed = listing_close(&listing);
    keys_wipe(&keys);
    return status == STATUS_OK ? closed : status;
}

enum status cmd_import_spool(const struct args *args, void *context)
{
    struct reading reading = {.ledger = NULL};
    enum listing_format format = LISTING_TEXT;
    glob_t files = {.gl_pathc = 0};
    enum status status = listing_format_given(args, &format);

    (void)context;
    if (status == STATUS_OK) {
        status = find_files(args, args->operands[0], &files);
    }
    if (status == STATUS_OK) {
        status = reading_open(args, &reading);
    }
    if (status == STATUS_OK) {
        status = check_running(args, &reading);
    }
    if (status == STATUS_OK) {
        status = import_all(args, &reading, &files, format);
    }
    reading_close(&reading);
    globfree(&files);
    return status;
}
