/* init --recover --new-keys: the keys of the province are lost, and with them,
 * maybe, the ledger. New ones are made; the old public ones come from the
 * agent.yaml of an office, or from the ledger that is left, and say what may
 * come back. The ledger will name the new ones in a recorded break. Offices
 * know nothing of them: each takes one file, by its own word.
 *
 * Failure modes: keys that are there are never written over. A process that
 * dies between two steps leaves a directory on which the same command goes on.
 */
#include "collector/commands/commands.h"

#include "collector/province/keys.h"
#include "collector/province/making.h"
#include "collector/province/old_keys.h"
#include "common/base/check.h"
#include "common/base/file.h"
#include "common/format/fingerprint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAKING_FOLDER "keys.new"

struct renewing {
    const struct args *args;
    const struct directory *directory;
    const struct clock *clock;
    struct settings settings;
    struct enrol_file former;
    struct keys keys;
    const char *output;
};

static enum status fail(const struct renewing *self, const char *what,
                        enum status status)
{
    return command_fail(self->args, what, status);
}

/* ---- what was before ---- */

static enum status read_office(struct renewing *self)
{
    static const struct language_text needed = {
        "cần --old-keys TỆP: bản sao agent.yaml của một trạm, có khóa cũ của "
        "tỉnh",
        "--old-keys FILE is needed: a copy of an office's agent.yaml, which "
        "has the province's old keys"};
    const char *path = args_value(self->args, "old-keys");
    struct report report;
    enum status status;

    if (path == NULL) {
        args_error(self->args, "%s", args_text(self->args, needed));
        return STATUS_USAGE;
    }
    report_init(&report, self->args->language);
    status = old_keys_load(path, &report, &self->former);
    command_report(&report);
    report_fini(&report);
    return status == STATUS_OK ? status : fail(self, path, status);
}

static enum status take_keys(struct renewing *self,
                             const struct context *context)
{
    const struct province_keys *keys = context_province_keys(context);

    if (keys->count == 0) {
        return STATUS_NOT_FOUND;
    }
    if (keys->count > ENROL_FORMER_MAX) {
        return STATUS_FULL;
    }
    for (size_t i = 0; i < keys->count; i++) {
        self->former.former[i] = keys->pairs[i].administrator;
    }
    self->former.former_count = keys->count;
    self->former.former_ledger_key = *context_ledger_key(context);
    return STATUS_OK;
}

static enum status read_ledger(struct renewing *self)
{
    struct ledger_options options = {.path = self->directory->ledger,
                                     .clock = self->clock};
    struct ledger *ledger = NULL;
    struct province *province = NULL;
    enum status status = ledger_open(&options, &ledger);

    if (status == STATUS_OK) {
        status = province_open(ledger, &province);
    }
    if (status == STATUS_OK) {
        status = take_keys(self, province_context(province));
    }
    province_close(&province);
    ledger_close(&ledger);
    return status == STATUS_OK ? status
                               : fail(self, self->directory->ledger, status);
}

/* ---- what is made ---- */

static enum status make_all(struct renewing *self)
{
    struct directory making;
    bool made = false;
    enum status status = making_begin(self->directory, &making, &made);

    if (status == STATUS_OK && made) {
        status = keys_load(self->directory, &self->keys, NULL);
    } else if (status == STATUS_OK) {
        status =
            settings_save(making.config, self->args->language, &self->settings);
        if (status == STATUS_OK) {
            status = keys_renew(&making, &self->former, &self->keys);
        }
        if (status == STATUS_OK) {
            status = init_mark_ledger(making.ledger, self->clock, true);
        }
    }
    if (status == STATUS_OK) {
        status = making_end(self->directory, &making);
    }
    return status == STATUS_OK ? status
                               : fail(self, self->directory->path, status);
}

/* A folder of keys that nobody has used: those of a process that died. */
static enum status clear_unused(const struct directory *making)
{
    static const char *const names[] = {"server.key", "ledger.key",
                                        "administrator.key", KEYS_ANNOUNCED};
    char path[DIRECTORY_PATH_MAX + 32];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        int length =
            snprintf(path, sizeof path, "%s/%s", making->keys, names[i]);

        check(length > 0 && (size_t)length < sizeof path);
        if (unlink(path) != 0 && errno != ENOENT) {
            return STATUS_IO;
        }
    }
    return rmdir(making->keys) == 0 || errno == ENOENT ? STATUS_OK : STATUS_IO;
}

/* Beside a ledger that is there; they get their place when all are. */
static enum status make_keys(struct renewing *self)
{
    struct directory making = *self->directory;
    int length = snprintf(making.keys, sizeof making.keys, "%s/" MAKING_FOLDER,
                          self->directory->path);
    enum status status = STATUS_OK;

    if (length < 0 || (size_t)length >= sizeof making.keys) {
        return STATUS_INVALID;
    }
    status = clear_unused(&making);
    if (status == STATUS_OK && mkdir(making.keys, S_IRWXU) != 0) {
        status = STATUS_IO;
    }
    if (status == STATUS_OK) {
        status = keys_renew(&making, &self->former, &self->keys);
    }
    if (status == STATUS_OK &&
        rename(making.keys, self->directory->keys) != 0) {
        status = STATUS_IO;
    }
    return status == STATUS_OK ? file_sync_folder(self->directory->keys)
                               : status;
}

static enum status make_rest(struct renewing *self)
{
    static const struct language_text there = {
        "ở đây đã có khóa; nếu mất thật thì chuyển thư mục này đi nơi khác",
        "there are keys here already; if they are of no use, move this folder "
        "elsewhere"};
    int lock = -1;
    enum status status;

    if (access(self->directory->keys, F_OK) == 0) {
        args_error(self->args, "%s: %s", self->directory->keys,
                   args_text(self->args, there));
        return STATUS_EXISTS;
    }
    status = directory_lock(self->directory, &lock);
    if (status != STATUS_OK) {
        return fail(self, self->directory->lock, status);
    }
    status = read_ledger(self);
    if (status == STATUS_OK) {
        status = init_mark_ledger(self->directory->ledger, self->clock, false);
        if (status == STATUS_OK) {
            status = make_keys(self);
        }
        if (status != STATUS_OK) {
            (void)fail(self, self->directory->path, status);
        }
    }
    directory_unlock(&lock);
    return status;
}

/* ---- what is said ---- */

static void say(const struct renewing *self)
{
    static const struct language_text begun = {
        "khóa mới của tỉnh; sổ cái sẽ được dựng lại từ các trạm",
        "new keys of the province; the ledger will be rebuilt from the "
        "offices"};
    static const struct language_text print = {
        "dấu vân tay của khóa mới, để đọc cho các trạm qua điện thoại",
        "fingerprint of the new keys, to be read to the offices over the "
        "telephone"};
    static const struct language_text keep = {
        "cất ngay một bản sao của thư mục này ở nơi an toàn",
        "keep a copy of this folder in a safe place, now"};
    static const struct language_text hand = {
        "đưa tệp này cho mọi trạm; ở mỗi trạm: tallyline-agent join TỆP "
        "--new-province-keys",
        "hand this file to every office; in each: tallyline-agent join FILE "
        "--new-province-keys"};
    static const struct language_text run = {
        "chạy trung tâm rồi xem tiến độ bằng lệnh status; chưa nhận số liệu "
        "mới cho đến khi dựng xong",
        "run the collector and follow it with status; nothing new is taken in "
        "until it is done"};
    char text[FINGERPRINT_TEXT_MAX];

    fingerprint_new_keys(&self->keys.announced, text);
    (void)fprintf(stderr, "%s: %s\n  %s:\n", self->directory->path,
                  args_text(self->args, begun), args_text(self->args, print));
    (void)printf("%s\n", text);
    (void)fflush(stdout);
    (void)fprintf(stderr, "  1. %s: %s\n  2. %s: %s\n  3. %s\n",
                  args_text(self->args, keep), self->directory->keys,
                  args_text(self->args, hand), self->output,
                  args_text(self->args, run));
}

/* ---- the command ---- */

static enum status read_arguments(struct renewing *self)
{
    static const struct language_text needed = {
        "cần --output TỆP: tệp có khóa mới, đưa cho mọi trạm",
        "--output FILE is needed: the file with the new keys, for every "
        "office"};
    static const struct language_text both = {
        "--keys và --new-keys không đi cùng nhau: còn khóa thì không cần khóa "
        "mới",
        "--keys and --new-keys do not go together: kept keys need no new ones"};
    enum status status;

    if (args_value(self->args, "keys") != NULL) {
        args_error(self->args, "%s", args_text(self->args, both));
        return STATUS_USAGE;
    }
    if (self->output == NULL) {
        args_error(self->args, "%s", args_text(self->args, needed));
        return STATUS_USAGE;
    }
    status = command_new_file(self->args, self->output);
    return status == STATUS_OK
               ? command_reach(self->args, self->directory, &self->settings,
                               self->former.addresses,
                               &self->former.address_count)
               : status;
}

enum status cmd_init_new_keys(const struct args *args,
                              const struct directory *directory,
                              const struct settings *settings,
                              const struct clock *clock)
{
    struct renewing self = {.args = args,
                            .directory = directory,
                            .clock = clock,
                            .settings = *settings,
                            .output = args_value(args, "output")};
    bool left = access(directory->ledger, F_OK) == 0;
    struct report report;
    enum status status = STATUS_OK;

    if (left) {
        report_init(&report, args->language);
        status = settings_load(directory->config, &report, &self.settings);
        command_report(&report);
        report_fini(&report);
    }
    if (status == STATUS_OK) {
        status = read_arguments(&self);
    }
    if (status == STATUS_OK && left) {
        status = make_rest(&self);
    } else if (status == STATUS_OK) {
        status = read_office(&self);
        if (status == STATUS_OK) {
            status = make_all(&self);
        }
    }
    if (status == STATUS_OK) {
        status = enrol_file_save(self.output, &self.keys.announced);
        if (status != STATUS_OK) {
            (void)fail(&self, self.output, status);
        }
    }
    if (status == STATUS_OK) {
        say(&self);
    }
    keys_wipe(&self.keys);
    return status;
}
