/* init --recover: a ledger that is to come back from the offices. With --keys a
 * directory is made as init makes one, but with the kept keys and without an
 * entry; without them the ledger that is there is one from a backup. Failure
 * modes: as init; a collector that runs has the lock. */
#include "collector/commands.h"

#include "collector/keys.h"
#include "collector/ledger.h"
#include "collector/making.h"
#include "collector/recovery.h"

#include <stdio.h>
#include <string.h>

static enum status mark_ledger(const char *path, const struct clock *clock,
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
            status = mark_ledger(making.ledger, clock, true);
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
        status = mark_ledger(directory->ledger, clock, false);
    }
    directory_unlock(&lock);
    return status == STATUS_OK ? STATUS_OK : command_fail(args, what, status);
}

enum status cmd_init_recover(const struct args *args,
                             const struct directory *directory,
                             const struct settings *settings,
                             const struct clock *clock)
{
    enum status status = args_value(args, "keys") != NULL
                             ? recover_all(args, directory, settings, clock)
                             : recover_rest(args, directory, clock);

    if (status == STATUS_OK) {
        say(args, directory);
    }
    return status;
}
