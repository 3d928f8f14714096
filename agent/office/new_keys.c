/* The happy path: a file with new keys, which names the office's own ones as
 * those that were lost; a person confirms the fingerprint; agent.yaml is
 * replaced. Failure modes: what does not fit changes nothing; a crash leaves
 * the old file or the new one, and the same command again is good. */
#include "agent/office/new_keys.h"

#include "agent/office/config.h"
#include "agent/office/lock.h"
#include "agent/office/office.h"
#include "common/base/log.h"
#include "common/format/fingerprint.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TYPED_MAX 80u

struct taking {
    const struct args *args;
    const char *dir;
    struct enrol_file file;
    struct config config;
    int line;
};

/* ---- what is given, and what is there ---- */

static enum status read_file(struct taking *taking)
{
    static const struct language_text other = {
        "đây không phải tệp khóa mới nguyên vẹn của tỉnh",
        "this is not a file with a province's new keys as it was given out"};
    const char *path = taking->args->operands[0];
    struct report report;
    enum status status;

    report_init(&report, taking->args->language);
    status = enrol_file_load(path, &report, &taking->file);
    report_print(&report, stderr);
    report_fini(&report);
    if (status == STATUS_INVALID ||
        (status == STATUS_OK && !taking->file.new_keys)) {
        args_error(taking->args, "%s: %s", path,
                   args_text(taking->args, other));
        return STATUS_INVALID;
    }
    return status == STATUS_OK ? status : args_fail(taking->args, path, status);
}

static enum status read_config(struct taking *taking)
{
    static const struct language_text none = {
        "thư mục này chưa phải của một trạm đã đăng ký với tỉnh",
        "this directory is not that of an office that has joined a province"};
    char path[OFFICE_PATH_MAX];
    struct report report;
    enum status status = office_path(taking->dir, OFFICE_CONFIG_FILE, path);

    report_init(&report, taking->args->language);
    if (status == STATUS_OK) {
        status = config_load(path, &report, &taking->config);
    }
    report_print(&report, stderr);
    report_fini(&report);
    if (status == STATUS_NOT_FOUND ||
        (status == STATUS_OK && taking->config.address_count == 0)) {
        args_error(taking->args, "%s: %s", taking->dir,
                   args_text(taking->args, none));
        return STATUS_CONFIG;
    }
    return status == STATUS_OK ? status : args_fail(taking->args, path, status);
}

static enum status open_directory(struct taking *taking)
{
    static const struct language_text busy = {
        "dịch vụ hoặc một lệnh khác đang dùng thư mục này; hãy dừng dịch vụ "
        "rồi chạy lại",
        "the service, or another command, is using this directory; stop the "
        "service and try again"};
    enum status status = office_check_owner(taking->args, taking->dir);

    if (status != STATUS_OK) {
        return status;
    }
    status = lock_take(taking->dir, LOCK_LINE_FILE, &taking->line);
    if (status == STATUS_BUSY) {
        args_error(taking->args, "%s: %s", taking->dir,
                   args_text(taking->args, busy));
        return status;
    }
    return status == STATUS_OK ? read_config(taking)
                               : args_fail(taking->args, taking->dir, status);
}

/* ---- whether it fits ---- */

static bool is_taken(const struct taking *taking)
{
    const struct config *config = &taking->config;
    const struct enrol_file *file = &taking->file;

    return public_key_equal(&config->server_key, &file->server_key) &&
           public_key_equal(&config->administrator, &file->administrator) &&
           public_key_equal(&config->ledger_key, &file->ledger_key);
}

/* The keys that this office knows are among those that were lost, and so are
 * those from before them, in that order. */
static bool follows(const struct taking *taking)
{
    const struct config *config = &taking->config;
    const struct enrol_file *file = &taking->file;
    size_t count = config->former_count;

    if (count >= file->former_count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!public_key_equal(&config->former[i], &file->former[i])) {
            return false;
        }
    }
    return public_key_equal(&config->administrator, &file->former[count]) &&
           (count + 1 < file->former_count ||
            public_key_equal(&config->ledger_key, &file->former_ledger_key));
}

/* ---- a person's word ---- */

static void show(const struct taking *taking, const char *now, const char *new)
{
    static const struct language_text lines[] = {
        {"Khóa của tỉnh mà máy này đang dùng",
         "The province's keys known here"},
        {"Khóa mới trong tệp", "The new keys in the file"}};

    (void)fprintf(stderr, "%s:\n    %s\n%s:\n    %s\n",
                  args_text(taking->args, lines[0]), now,
                  args_text(taking->args, lines[1]), new);
}

/* What somebody at the province reads out; never what stands on the screen. */
static enum status ask(const struct taking *taking, const char *print)
{
    static const struct language_text terminal = {
        "không có người ở bàn phím: cần --fingerprint, do tỉnh đọc cho",
        "nobody is at a keyboard: --fingerprint is needed, as the province "
        "says it"};
    static const struct language_text question = {
        "Gọi điện cho người quản trị của tỉnh theo số đã biết từ trước và nghe "
        "đọc dấu vân tay của khóa mới.\nNếu đúng cả tám nhóm, gõ nhóm cuối "
        "cùng; nếu không, nhấn Enter: ",
        "Call the administrator of the province by a number that you knew "
        "before, and let them read\nthe fingerprint of the new keys. If all "
        "eight groups are the same type the last one; if not, Enter: "};
    const char *last =
        print + (FINGERPRINT_GROUPS - 1) * (FINGERPRINT_DIGITS + 1);
    char typed[TYPED_MAX];

    if (isatty(STDIN_FILENO) != 1) {
        args_error(taking->args, "%s", args_text(taking->args, terminal));
        return STATUS_USAGE;
    }
    (void)fprintf(stderr, "%s", args_text(taking->args, question));
    (void)fflush(stderr);
    return fgets(typed, sizeof typed, stdin) != NULL &&
                   (fingerprint_is(last, typed) || fingerprint_is(print, typed))
               ? STATUS_OK
               : STATUS_REFUSED;
}

static enum status confirm(const struct taking *taking)
{
    static const struct language_text no = {
        "không đổi gì: dấu vân tay chưa được xác nhận",
        "nothing is changed: the fingerprint was not confirmed"};
    const struct config *config = &taking->config;
    const struct enrol_file *file = &taking->file;
    const char *given = args_value(taking->args, "fingerprint");
    char now[FINGERPRINT_TEXT_MAX];
    char new[FINGERPRINT_TEXT_MAX];
    enum status status;

    fingerprint_province(&config->server_key, &config->administrator,
                         &config->ledger_key, now);
    fingerprint_new_keys(file, new);
    show(taking, now, new);
    if (given == NULL) {
        status = ask(taking, new);
    } else {
        status = fingerprint_is(new, given) ? STATUS_OK : STATUS_REFUSED;
    }
    return status == STATUS_REFUSED
               ? args_refuse(taking->args, taking->args->operands[0], no,
                             STATUS_REFUSED)
               : status;
}

/* ---- keeping ---- */

static enum status keep(struct taking *taking)
{
    char path[OFFICE_PATH_MAX];
    enum status status = office_path(taking->dir, OFFICE_CONFIG_FILE, path);

    if (status == STATUS_OK) {
        status = config_save(path, &taking->config);
    }
    return status == STATUS_OK ? status
                               : args_fail(taking->args, taking->dir, status);
}

/* No fingerprint is over them, and none is needed: only the holder of the keys
 * is talked to there. */
static void take_addresses(struct taking *taking)
{
    struct config *config = &taking->config;
    const struct enrol_file *file = &taking->file;

    memcpy(config->addresses, file->addresses, sizeof config->addresses);
    config->address_count = file->address_count;
}

static void take_keys(struct taking *taking)
{
    struct config *config = &taking->config;
    const struct enrol_file *file = &taking->file;

    config->server_key = file->server_key;
    config->administrator = file->administrator;
    config->ledger_key = file->ledger_key;
    memcpy(config->former, file->former, sizeof config->former);
    config->former_count = file->former_count;
}

static enum status take(struct taking *taking)
{
    static const struct language_text other = {
        "tệp này thay những khóa khác, không phải khóa của tỉnh mà máy này "
        "đang dùng",
        "this file replaces other keys than those of the province that this "
        "machine knows"};
    static const struct language_text done = {
        "đã nhận khóa mới của tỉnh; hãy chạy lại dịch vụ",
        "the province's new keys are taken; start the service again"};
    enum status status = STATUS_OK;

    if (!is_taken(taking)) {
        if (!follows(taking)) {
            return args_refuse(taking->args, taking->args->operands[0], other,
                               STATUS_REFUSED);
        }
        status = confirm(taking);
        if (status == STATUS_OK) {
            take_keys(taking);
        }
    }
    if (status == STATUS_OK) {
        take_addresses(taking);
        status = keep(taking);
    }
    if (status == STATUS_OK) {
        (void)printf("%s\n", args_text(taking->args, done));
    }
    return status;
}

enum status new_keys_take(const struct args *args)
{
    struct taking taking = {.args = args, .dir = office_dir(args), .line = -1};
    enum status status = read_file(&taking);

    if (status == STATUS_OK) {
        status = open_directory(&taking);
    }
    if (status == STATUS_OK) {
        status = take(&taking);
    }
    lock_release(&taking.line);
    return status;
}
