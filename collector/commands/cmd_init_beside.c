/* init --beside: a further ledger of the province, in another house. It shares
 * the administrator's key and takes the orders of the one that is there, up to
 * the first batch if the file has any: those need a collector that runs. Its
 * own are the key on the link, the ledger's key, id and name. Failure modes: as
 * init; an order that does not fit leaves nothing made. */
#include "collector/commands/commands_beside.h"

#include "collector/commands/commands.h"
#include "collector/province/making.h"
#include "common/base/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NEXT_SUFFIX "/2" /* of the origin, when none is given */

struct beside {
    const struct args *args;
    const struct directory *directory;
    const struct settings *settings;
    const struct clock *clock;
    struct orders_file_reader *file;
    struct keys keys;
    struct control control; /* the genesis */
    struct carrying_result result;
    bool made;    /* before, and only moved to its place now */
    bool batches; /* the file has some, which only a collector takes */
};

/* Only the administrator's key is taken from the folder. */
static enum status read_key(struct beside *self)
{
    static const struct language_text needed = {
        "cần --keys THƯ-MỤC: thư mục khóa đã cất giữ của trung tâm thứ nhất",
        "--keys FOLDER is needed: the kept keys of the first collector"};
    const char *folder = args_value(self->args, "keys");
    char path[FILE_PATH_MAX];
    enum status status;
    int length;

    if (folder == NULL) {
        args_error(self->args, "%s", args_text(self->args, needed));
        return STATUS_USAGE;
    }
    length = snprintf(path, sizeof path, "%s/" KEYS_ADMINISTRATOR, folder);
    status = length > 0 && (size_t)length < sizeof path
                 ? sign_keys_load(path, &self->keys.administrator)
                 : STATUS_INVALID;
    return status == STATUS_OK ? status
                               : command_fail(self->args, path, status);
}

/* Two ledgers with one name could not be told apart by who audits them. */
static enum status choose_origin(struct beside *self)
{
    static const struct language_text other = {
        "cần --origin TÊN khác tên của sổ cái thứ nhất, chữ không dấu",
        "--origin NAME is needed, another one than the first ledger's, ASCII"};
    const char *given = args_value(self->args, "origin");
    char *origin = self->control.genesis.origin;
    char name[CONTROL_NAME_MAX + sizeof NEXT_SUFFIX];

    (void)snprintf(name, sizeof name, "%s" NEXT_SUFFIX, origin);
    if (given == NULL) {
        given = name;
    }
    if (!init_origin_good(given) || strcmp(given, origin) == 0) {
        args_error(self->args, "%s: %s", given, args_text(self->args, other));
        return STATUS_USAGE;
    }
    memcpy(origin, given, strlen(given) + 1);
    return STATUS_OK;
}

static enum status read_file(struct beside *self)
{
    const char *path = args_value(self->args, "beside");
    enum status status = beside_open(
        self->args, path, &self->keys.administrator.public_key, &self->file);

    if (status != STATUS_OK) {
        return status;
    }
    status = carrying_genesis(self->file, &self->keys.administrator.public_key,
                              &self->control.genesis);
    return status == STATUS_OK ? choose_origin(self)
                               : command_fail(self->args, path, status);
}

static enum status take_orders(struct beside *self,
                               const struct directory *making)
{
    struct carrying_target target = {.now = clock_wall_us(self->clock)};
    const char *what = NULL;
    enum status status =
        writer_open(making, self->clock, &target.writer, &what);

    if (status != STATUS_OK) {
        return command_fail(self->args, what, status);
    }
    status = beside_take(self->args, self->file, &target, &self->result);
    writer_close(&target.writer);
    self->batches = status == STATUS_BUSY;
    return status == STATUS_BUSY ? STATUS_OK : status;
}

/* In the folder apart. What fails leaves nothing there: the administrator's key
 * is among it. */
static enum status fill(struct beside *self, const struct directory *making)
{
    enum status status =
        settings_save(making->config, self->args->language, self->settings);

    if (status == STATUS_OK) {
        status = keys_make_beside(making, &self->keys);
    }
    if (status == STATUS_OK) {
        status = init_write_genesis(making, self->clock, &self->control,
                                    &self->keys);
    }
    if (status != STATUS_OK) {
        (void)command_fail(self->args, self->directory->path, status);
    } else {
        status = take_orders(self, making);
    }
    if (status != STATUS_OK && making_abandon(self->directory) != STATUS_OK) {
        (void)command_fail(self->args, self->directory->path, STATUS_IO);
    }
    return status;
}

static enum status make(struct beside *self)
{
    static const struct language_text exists = {
        "đã có sổ cái hoặc khóa ở đây; init không ghi đè",
        "there is a ledger, or there are keys, already; init overwrites "
        "nothing"};
    struct directory making;
    enum status status = making_begin(self->directory, &making, &self->made);

    if (status == STATUS_EXISTS) {
        args_error(self->args, "%s: %s", self->directory->path,
                   args_text(self->args, exists));
        return status;
    }
    if (status == STATUS_OK && !self->made) {
        status = fill(self, &making);
        if (status != STATUS_OK) {
            return status; /* told */
        }
    }
    if (status == STATUS_OK) {
        status = making_end(self->directory, &making);
    }
    return status == STATUS_OK
               ? status
               : command_fail(self->args, self->directory->path, status);
}

static void say(const struct beside *self)
{
    static const struct language_text made = {
        "đã tạo một sổ cái nữa của tỉnh, số lệnh đã lấy",
        "made a further ledger of the province, orders taken"};
    static const struct language_text ended = {
        "đã hoàn tất việc tạo dở dang lần trước; import-orders cho biết đã có "
        "những lệnh nào",
        "ended what was begun before; import-orders tells which orders are "
        "there"};
    static const struct language_text rest = {
        "rồi import-orders với chính tệp đó: lấy số liệu và các lệnh còn lại",
        "then import-orders with the same file: its batches, and the orders "
        "behind them"};
    static const struct language_text next[] = {
        {"chạy trung tâm: run", "run the collector: run"},
        {"ghi thẻ cho các trạm: card --name TÊN --output TỆP",
         "write its card for the offices: card --name NAME --output FILE"},
        {"ở mỗi trạm: tallyline-agent collectors add TỆP",
         "in each office: tallyline-agent collectors add FILE"},
        {"mỗi giờ một lần: orders ở trung tâm kia, import-orders ở đây",
         "once an hour: orders at the other collector, import-orders here"},
    };

    if (self->made) {
        (void)fprintf(stderr, "%s: %s\n", self->directory->path,
                      args_text(self->args, ended));
    } else {
        (void)fprintf(stderr, "%s: %s: %" PRIu64 "\n", self->directory->path,
                      args_text(self->args, made), self->result.added);
    }
    for (size_t i = 0; i < sizeof next / sizeof next[0]; i++) {
        (void)fprintf(stderr, "  %zu. %s\n", i + 1,
                      args_text(self->args, next[i]));
        if (i == 0 && self->batches) {
            (void)fprintf(stderr, "     %s\n", args_text(self->args, rest));
        }
    }
}

enum status cmd_init_beside(const struct args *args,
                            const struct directory *directory,
                            const struct settings *settings,
                            const struct clock *clock)
{
    static const struct language_text both = {
        "--beside không đi cùng --unit, --recover, --new-keys, --give-up",
        "--beside does not go with --unit, --recover, --new-keys, --give-up"};
    struct beside self = {.args = args,
                          .directory = directory,
                          .settings = settings,
                          .clock = clock,
                          .control = {.kind = CONTROL_GENESIS}};
    enum status status;

    if (args_value(args, "unit") != NULL || args_flag(args, "recover") ||
        args_flag(args, "new-keys") || args_flag(args, "give-up")) {
        args_error(args, "%s", args_text(args, both));
        return STATUS_USAGE;
    }
    status = read_key(&self);
    if (status == STATUS_OK) {
        status = read_file(&self);
    }
    if (status == STATUS_OK) {
        status = make(&self);
    }
    if (status == STATUS_OK) {
        say(&self);
    }
    orders_file_close(&self.file);
    keys_wipe(&self.keys);
    return status;
}
