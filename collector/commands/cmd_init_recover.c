/* init --recover: a ledger that is to come back from the offices. With --keys a
 * directory is made as init makes one, but with the kept keys and without an
 * entry; without them the ledger that is there is one from a backup. With
 * --give-up the administrator accepts what nobody has any more; or, if nothing
 * is missing, that an office shows a past which was given up before. Failure
 * modes: as init; a collector that runs has the lock. */
#include "collector/commands/commands.h"

#include "collector/ledger/ledger.h"
#include "collector/province/keys.h"
#include "collector/province/making.h"
#include "collector/recovery/later_break.h"
#include "collector/recovery/recovery.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum status init_mark_ledger(const char *path, const struct clock *clock,
                             bool create)
{
    struct ledger_options options = {
        .path = path, .clock = clock, .create = create};
    struct ledger *ledger = NULL;
    enum status status = ledger_open(&options, &ledger);

    if (status == STATUS_OK) {
        status =
            recovery_mark(ledger, create ? RECOVERY_TOTAL : RECOVERY_RESTORED);
    }
    ledger_close(&ledger);
    return status;
}

static void say(const struct args *args, const struct directory *directory)
{
    static const struct language_text begun = {
        "sổ cái sẽ được dựng lại từ các trạm",
        "the ledger will be rebuilt from the offices"};
    static const struct language_text next = {
        "chạy trung tâm rồi xem tiến độ bằng lệnh status; chưa nhận số liệu "
        "mới cho đến khi dựng xong",
        "run the collector and follow it with status; nothing new is taken in "
        "until it is done"};

    (void)fprintf(stderr, "%s: %s\n  %s\n", directory->path,
                  args_text(args, begun), args_text(args, next));
}

/* ---- nothing is left ---- */

static enum status make_again(const struct directory *directory,
                              const struct settings *settings,
                              const struct keys *keys, enum language language,
                              const struct clock *clock)
{
    struct directory making;
    bool made = false;
    enum status status = making_begin(directory, &making, &made);

    if (status == STATUS_OK && !made) {
        status = settings_save(making.config, language, settings);
        if (status == STATUS_OK) {
            status = keys_save(&making, keys);
        }
        if (status == STATUS_OK) {
            status = init_mark_ledger(making.ledger, clock, true);
        }
    }
    return status == STATUS_OK ? making_end(directory, &making) : status;
}

static enum status recover_all(const struct args *args,
                               const struct directory *directory,
                               const struct settings *settings,
                               const struct clock *clock)
{
    struct directory kept = *directory;
    const char *path = args_value(args, "keys");
    const char *what = NULL;
    struct keys keys;
    enum status status;

    if (strlen(path) >= sizeof kept.keys) {
        return command_fail(args, path, STATUS_INVALID);
    }
    memcpy(kept.keys, path, strlen(path) + 1);
    status = keys_load(&kept, &keys, &what);
    if (status != STATUS_OK) {
        return command_fail(args, what, status);
    }
    status = make_again(directory, settings, &keys, args->language, clock);
    keys_wipe(&keys);
    return status == STATUS_OK ? STATUS_OK
                               : command_fail(args, directory->path, status);
}

/* ---- a backup was put back ---- */

static enum status recover_rest(const struct args *args,
                                const struct directory *directory,
                                const struct clock *clock)
{
    const char *what = directory->path;
    int lock = -1;
    enum status status = directory_check(directory);

    if (status == STATUS_OK) {
        what = directory->lock;
        status = directory_lock(directory, &lock);
    }
    if (status == STATUS_OK) {
        what = directory->ledger;
        status = init_mark_ledger(directory->ledger, clock, false);
    }
    directory_unlock(&lock);
    return status == STATUS_OK ? STATUS_OK : command_fail(args, what, status);
}

static enum status open_recovery(const struct directory *directory,
                                 const struct clock *clock, struct keys *keys,
                                 struct ledger **ledger,
                                 struct recovery **recovery)
{
    struct ledger_options options = {.path = directory->ledger, .clock = clock};
    struct recovery_options recovery_options = {.keys = keys, .clock = clock};
    enum status status = keys_load(directory, keys, NULL);

    if (status == STATUS_OK) {
        status = ledger_open(&options, ledger);
    }
    if (status == STATUS_OK) {
        recovery_options.ledger = *ledger;
        status = recovery_open(&recovery_options, recovery);
    }
    return status;
}

/* Says what was given up, each run on a line of its own. */
struct told {
    const struct args *args;
    bool any;
};

static void tell_run(void *owner, uint64_t from, uint64_t to)
{
    static const struct language_text missing = {
        "các mục mất hẳn, đã ghi vào sổ cái:",
        "entries that are lost for good, as the ledger now says:"};
    struct told *told = owner;

    if (!told->any) {
        (void)fprintf(stderr, "%s\n", args_text(told->args, missing));
        told->any = true;
    }
    (void)printf("%" PRIu64 "\t%" PRIu64 "\n", from, to - 1);
}

static enum status give_up_all(const struct args *args,
                               struct recovery *recovery)
{
    static const struct language_text whole = {
        "không thiếu mục nào; trung tâm nhận số liệu trở lại",
        "nothing is missing; the collector takes in what comes again"};
    static const struct language_text too_early = {
        "mục đầu tiên của sổ cái chưa về: cần ít nhất một trạm",
        "the ledger's first entry has not come back: that takes one office"};
    struct told told = {.args = args};
    const struct recovery_teller teller = {.owner = &told, .run = tell_run};
    enum status status = recovery_give_up(recovery, &teller);

    if (status == STATUS_OK && !told.any) {
        (void)fprintf(stderr, "%s\n", args_text(args, whole));
    }
    if (status == STATUS_NOT_FOUND) {
        args_error(args, "%s", args_text(args, too_early));
    }
    return status;
}

/* An office that was away then shows what was given up. */
static enum status give_up_later(const struct args *args, struct ledger *ledger,
                                 const struct keys *keys,
                                 const struct clock *clock)
{
    static const struct language_text nothing = {
        "không có gì đang được dựng lại, và không trạm nào giữ mốc đã ký của "
        "phần đã mất",
        "nothing is being rebuilt, and no office holds a checkpoint of what "
        "was given up"};
    static const struct language_text recorded = {
        "đã ghi vào sổ cái một đứt đoạn nữa: trạm, số mục của mốc đã ký mà "
        "trạm đó giữ:",
        "the ledger now records a further break: the office, and the size of "
        "the checkpoint that it holds:"};
    uint32_t agent = 0;
    uint64_t size = 0;
    enum status status = later_break_record(ledger, keys, clock, &size, &agent);

    if (status == STATUS_NOT_FOUND) {
        args_error(args, "%s", args_text(args, nothing));
    }
    if (status == STATUS_OK) {
        (void)fprintf(stderr, "%s\n", args_text(args, recorded));
        (void)printf("%" PRIu32 "\t%" PRIu64 "\n", agent, size);
    }
    return status;
}

static enum status give_up_there(const struct args *args,
                                 const struct directory *directory,
                                 const struct clock *clock)
{
    struct keys keys = {0};
    struct ledger *ledger = NULL;
    struct recovery *recovery = NULL;
    enum status status =
        open_recovery(directory, clock, &keys, &ledger, &recovery);

    if (status == STATUS_OK) {
        status = recovery_active(recovery)
                     ? give_up_all(args, recovery)
                     : give_up_later(args, ledger, &keys, clock);
    }
    recovery_close(&recovery);
    ledger_close(&ledger);
    keys_wipe(&keys);
    return status;
}

/* The administrator accepts what nobody has any more. */
static enum status give_up(const struct args *args,
                           const struct directory *directory,
                           const struct clock *clock)
{
    static const struct language_text clock_behind = {
        "đồng hồ của máy này chậm hơn mục cuối của sổ cái; chỉnh lại rồi chạy "
        "lại",
        "this machine's clock is behind the ledger's last entry: set it, then "
        "again"};
    int lock = -1;
    enum status status = directory_check(directory);

    if (status == STATUS_OK) {
        status = directory_lock(directory, &lock);
    }
    if (status == STATUS_OK) {
        status = give_up_there(args, directory, clock);
        if (status == STATUS_AGAIN) {
            args_error(args, "%s", args_text(args, clock_behind));
        }
    }
    directory_unlock(&lock);
    return status == STATUS_OK || status == STATUS_NOT_FOUND ||
                   status == STATUS_AGAIN
               ? status
               : command_fail(args, directory->path, status);
}

enum status cmd_init_recover(const struct args *args,
                             const struct directory *directory,
                             const struct settings *settings,
                             const struct clock *clock)
{
    enum status status;

    if (args_flag(args, "give-up")) {
        return give_up(args, directory, clock);
    }
    if (args_flag(args, "new-keys")) {
        return cmd_init_new_keys(args, directory, settings, clock);
    }
    status = args_value(args, "keys") != NULL
                 ? recover_all(args, directory, settings, clock)
                 : recover_rest(args, directory, clock);

    if (status == STATUS_OK) {
        say(args, directory);
    }
    return status;
}
