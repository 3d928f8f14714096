/* backup: a copy of the ledger on another disk, read back, and an entry that
 * says so: from it on the offices know what they need not keep any longer. The
 * copy is made beside a running collector; only the entry goes through it. */
#include "collector/commands/commands.h"
#include "collector/recovery/backup.h"
#include "common/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PERCENT 100u

struct backing_up {
    const struct args *args;
    const char *folder;
    struct backup backup;
};

/* ---- progress ---- */

static void show(const struct args *args, struct language_text what,
                 uint64_t done, uint64_t of)
{
    (void)fprintf(stderr, "\r%s: %" PRIu64 "%% ", args_text(args, what),
                  of == 0 ? PERCENT : done * PERCENT / of);
    if (done >= of) {
        (void)fprintf(stderr, "\r%60s\r", "");
    }
}

static void show_copied(void *owner, uint64_t bytes, uint64_t of)
{
    show(owner, (struct language_text){"đang sao chép", "copying"}, bytes, of);
}

static void show_checked(void *owner, uint64_t entries, uint64_t of)
{
    show(owner, (struct language_text){"đang đọc lại", "reading back"}, entries,
         of);
}

/* ---- the copy ---- */

/* Why it could not be made, and what to do. */
static enum status explain(const struct args *args, const char *folder,
                           const char *what, enum status status)
{
    static const struct language_text full = {
        "ổ đĩa đích không đủ chỗ (hoặc không nhận tệp lớn như vậy); chưa có gì "
        "được sao lưu, không để lại gì ở đó",
        "the disk of the backup has no room (or takes no file so large); "
        "nothing is backed up, and nothing was left there"};
    static const struct language_text keys = {
        "ổ đĩa đích không giữ được quyền truy cập tệp, ai cũng đọc được khóa; "
        "hãy sao lưu không kèm --keys, hoặc dùng ổ khác",
        "the disk keeps no file modes, anybody could read the keys; leave out "
        "--keys, or take another disk"};
    static const struct language_text busy = {
        "một lệnh backup khác đang ghi vào đây",
        "another backup is writing here"};
    static const struct language_text damaged = {
        "sổ cái bị hỏng hoặc bản sao đọc lại không đúng; bản sao đã bị bỏ",
        "the ledger is damaged, or the copy reads back otherwise; the copy was "
        "thrown away"};
    const struct language_text *why = status == STATUS_FULL      ? &full
                                      : status == STATUS_REFUSED ? &keys
                                      : status == STATUS_BUSY    ? &busy
                                      : status == STATUS_CORRUPT ? &damaged
                                                                 : NULL;

    args_error(args, "%s: %s: %s", folder, what,
               why != NULL ? args_text(args, *why)
                           : status_text(status, args->language));
    return status;
}

/* A copy beside the ledger goes with it. */
static void warn_same_disk(const struct backing_up *self,
                           const struct directory *directory)
{
    static const struct language_text same = {
        "bản sao nằm cùng ổ đĩa với sổ cái: ổ hỏng thì mất cả hai",
        "the backup lies on the ledger's own disk: both go with it"};
    struct stat from;
    struct stat to;

    if (stat(directory->path, &from) == 0 && stat(self->folder, &to) == 0 &&
        from.st_dev == to.st_dev) {
        (void)fprintf(stderr, "%s\n", args_text(self->args, same));
    }
}

static enum status make(struct backing_up *self)
{
    struct backup_progress progress = {.owner = (void *)self->args,
                                       .copied = show_copied,
                                       .checked = show_checked};
    struct ledger_options options = {.read_only = true};
    struct directory directory;
    struct ledger *ledger = NULL;
    struct clock clock;
    const char *what = "";
    enum status status = command_directory(self->args, &directory);

    if (status != STATUS_OK) {
        return status;
    }
    clock_init_real(&clock);
    options.path = directory.ledger;
    status = directory_check(&directory);
    if (status == STATUS_OK) {
        status = ledger_open(&options, &ledger);
    }
    if (status != STATUS_OK) {
        return command_fail(self->args, directory.path, status);
    }
    status = backup_make(
        &(struct backup_options){
            .from = &directory,
            .ledger = ledger,
            .folder = self->folder,
            .keys = args_flag(self->args, "keys"),
            .now = clock_wall_us(&clock),
            .progress = isatty(STDERR_FILENO) == 1 ? &progress : NULL},
        &self->backup, &what);
    ledger_close(&ledger);
    if (status != STATUS_OK) {
        return explain(self->args, self->folder, what, status);
    }
    warn_same_disk(self, &directory);
    return STATUS_OK;
}

/* ---- the mark ---- */

static enum status compose(void *owner, const struct context *context,
                           struct control controls[], size_t *count)
{
    const struct backing_up *self = owner;

    (void)context;
    controls[0].kind = CONTROL_BACKUP_MARK;
    controls[0].backup_mark =
        (struct control_backup_mark){.up_to_index = self->backup.entries,
                                     .root = self->backup.root,
                                     .backup_id = self->backup.id};
    *count = 1;
    return STATUS_OK;
}

static enum status mark(struct backing_up *self)
{
    static const struct language_text unmarked = {
        "bản sao đã xong và dùng được, nhưng chưa ghi được vào sổ cái: các "
        "trạm chưa biết; hãy chạy lại lệnh này",
        "the backup is whole and good, but the ledger does not say so yet, and "
        "the offices do not know of it: run the command again"};
    struct writer_order order = {.owner = self, .compose = compose};
    struct writer *writer = NULL;
    struct clock clock;
    enum status status;

    clock_init_real(&clock);
    status = command_writer(self->args, &clock, &writer);
    if (status == STATUS_OK) {
        status = command_order(self->args, writer, &order);
    }
    writer_close(&writer);
    if (status != STATUS_OK) {
        (void)fprintf(stderr, "%s\n", args_text(self->args, unmarked));
    }
    return status;
}

static void tell(const struct backing_up *self)
{
    static const struct language_text done = {
        "đã sao lưu và đọc lại đúng: số mục",
        "backed up and read back: entries"};
    char root[BYTES_HEX_SIZE(DIGEST_BYTES)] = "";

    (void)!bytes_to_hex((struct bytes){self->backup.root.bytes, DIGEST_BYTES},
                        root, sizeof root);
    (void)fprintf(
        stderr, "%s %" PRIu64 ", %s %s\n", args_text(self->args, done),
        self->backup.entries,
        args_text(self->args, (struct language_text){"gốc cây", "root"}), root);
    (void)printf("%s/%s\n", self->folder, self->backup.name);
}

enum status cmd_backup(const struct args *args, void *context)
{
    struct backing_up self = {.args = args, .folder = args->operands[0]};
    enum status status = make(&self);

    (void)context;
    if (status == STATUS_OK) {
        tell(&self);
        status = mark(&self);
    }
    return status;
}
