/* The happy path: lock the folder, sweep what a former run left, copy ledger,
 * state, configuration and perhaps keys into NAME.new, sync, read back, write
 * the manifest, rename, sync the folder.
 *
 * Possible failures: no room (looked at before, and met while writing), a disk
 * that fails, a copy that reads back otherwise. In all of them NAME.new is
 * removed; a run that is killed leaves it to the next one. */
#include "collector/recovery/backup.h"

#include "collector/ledger/cold_moves.h"
#include "collector/ledger/ledger_move.h"
#include "collector/recovery/backup_files.h"
#include "collector/recovery/recovery.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define MANIFEST_BYTES_MAX 1024u
#define KEYS_FOLDER        "keys"
#define KEYS_NEEDED        3u

/* The last one only where the first keys were lost. */
static const char *const key_names[] = {"administrator.key", "ledger.key",
                                        "server.key", KEYS_ANNOUNCED};

struct making {
    const struct backup_options *options;
    struct backup *backup;
    const char *what;
    int folder; /* locked */
    int new;    /* NAME.new */
    char new_name[BACKUP_NAME_MAX];
};

/* ---- where ---- */

static enum status open_folder(struct making *making)
{
    const char *path = making->options->folder;

    making->what = path;
    if (strlen(path) >= BACKUP_FOLDER_MAX) {
        return STATUS_INVALID;
    }
    if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    making->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (making->folder < 0) {
        return errno == ENOTDIR ? STATUS_INVALID : STATUS_IO;
    }
    if (flock(making->folder, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? STATUS_BUSY : STATUS_IO;
    }
    return STATUS_OK;
}

/* backup-20181231T235959Z; of several in a second the later ones end in a
 * number. */
static enum status choose_name(struct making *making)
{
    char moment[sizeof "20181231T235959Z"];
    time_t seconds = (time_t)(making->options->now / CLOCK_US_PER_S);
    struct tm utc;
    struct stat about;

    check(gmtime_r(&seconds, &utc) != NULL);
    if (strftime(moment, sizeof moment, "%Y%m%dT%H%M%SZ", &utc) == 0) {
        return STATUS_INVALID;
    }
    for (unsigned i = 1; i <= BACKUP_SAME_SECOND_MAX; i++) {
        char *name = making->backup->name;

        (void)snprintf(name, BACKUP_NAME_MAX, BACKUP_FILES_PREFIX "%s", moment);
        if (i > 1) {
            (void)snprintf(name + strlen(name), BACKUP_NAME_MAX - strlen(name),
                           "-%u", i);
        }
        if (fstatat(making->folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0) {
            (void)snprintf(making->new_name, sizeof making->new_name,
                           "%.*s" BACKUP_SUFFIX,
                           (int)(BACKUP_NAME_MAX - sizeof BACKUP_SUFFIX), name);
            return errno == ENOENT ? STATUS_OK : STATUS_IO;
        }
    }
    return STATUS_EXISTS;
}

/* Whether what is in use has room; more may be needed by the time it is
 * there. */
static enum status look_for_room(const struct making *making)
{
    struct statvfs disk;
    uint64_t used = 0;
    uint64_t total = 0;

    ledger_room(making->options->ledger, &used, &total);
    if (fstatvfs(making->folder, &disk) != 0) {
        return STATUS_IO;
    }
    return (uint64_t)disk.f_bavail * disk.f_frsize < used ? STATUS_FULL
                                                          : STATUS_OK;
}

/* ---- what ---- */

static void tell_copied(void *owner, uint64_t bytes)
{
    const struct making *making = owner;
    const struct backup_progress *progress = making->options->progress;
    uint64_t used = 0;
    uint64_t total = 0;

    if (progress != NULL) {
        ledger_room(making->options->ledger, &used, &total);
        progress->copied(progress->owner, bytes, used > bytes ? used : bytes);
    }
}

static void path_of_copy(const struct making *making, const char *name,
                         char path[FILE_PATH_MAX])
{
    int length = snprintf(path, FILE_PATH_MAX, "%s/%s%s",
                          making->options->folder, making->new_name, name);

    check(length > 0 && (size_t)length < FILE_PATH_MAX);
}

/* A copy that is put back cannot know how much came after it. So it says from
 * the first that it is one: the collector that runs on it asks the offices
 * before it takes anything new. What was erased and still lies in unused places
 * of the ledger's files, because the collector that wrote it runs on, goes from
 * the copy's. */
static enum status settle_copy(const struct making *making)
{
    char path[FILE_PATH_MAX];
    struct clock clock;
    struct ledger_options options = {
        .path = path, .clock = &clock, .no_lock = true};
    struct ledger *ledger = NULL;
    bool wanted = false;
    enum status status;

    path_of_copy(making, "/" BACKUP_FILES_LEDGER, path);
    clock_init_real(&clock);
    status = ledger_open(&options, &ledger);
    if (status == STATUS_OK) {
        status = recovery_mark(ledger, RECOVERY_RESTORED);
    }
    if (status == STATUS_OK) {
        status = ledger_to_overwrite(ledger, &wanted);
    }
    if (status == STATUS_OK && wanted) {
        status = ledger_overwrite(ledger, true);
        /* Without a file that is missing here too the mark stays. */
        status = status == STATUS_AWAY ? STATUS_OK : status;
    }
    ledger_close(&ledger);
    return status;
}

static enum status copy_ledger(struct making *making)
{
    struct store_progress progress = {.owner = making, .written = tell_copied};
    enum status status;
    int fd = openat(making->new, BACKUP_FILES_LEDGER,
                    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);

    making->what = BACKUP_FILES_LEDGER;
    if (fd < 0) {
        return backup_files_status(errno);
    }
    status = ledger_copy(making->options->ledger, fd, &progress);
    if (close(fd) != 0 && status == STATUS_OK) {
        status = backup_files_status(errno);
    }
    return status;
}

/* It is to be read back from the disk, not from memory. */
static void forget_pages(const struct making *making)
{
    int fd = openat(making->new, BACKUP_FILES_LEDGER, O_RDONLY | O_CLOEXEC);

    if (fd >= 0) {
        (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
        (void)close(fd);
    }
}

/* They are apart: with them whoever finds the backup can sign in the province's
 * name, without them nobody can, and a ledger is whole without them. */
static enum status copy_keys(struct making *making)
{
    struct stat about;
    int folder = -1;
    enum status status = STATUS_OK;

    making->what = KEYS_FOLDER;
    if (mkdirat(making->new, KEYS_FOLDER, S_IRWXU) == 0) {
        folder = openat(making->new, KEYS_FOLDER,
                        O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (folder < 0 || fstat(folder, &about) != 0) {
        status = backup_files_status(errno);
    } else if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        status = STATUS_REFUSED;
    }
    for (size_t i = 0;
         status == STATUS_OK && i < sizeof key_names / sizeof key_names[0];
         i++) {
        making->what = key_names[i];
        status = backup_files_copy(making->options->from->keys, key_names[i],
                                   folder);
        status =
            status == STATUS_NOT_FOUND && i == KEYS_NEEDED ? STATUS_OK : status;
    }
    if (status == STATUS_OK && fsync(folder) != 0) {
        status = STATUS_IO;
    }
    if (folder >= 0) {
        (void)close(folder);
    }
    return status;
}

/* Those of which the ledger tells, and nobody else's. */
static enum status copy_told(const struct making *making, const char *from,
                             int folder)
{
    struct ledger_snapshot *snapshot = NULL;
    struct cold_moves moves = {.list = NULL};
    struct cold_files files = {.list = NULL};
    enum status status =
        ledger_snapshot_open(making->options->ledger, &snapshot);

    if (status == STATUS_OK) {
        status = cold_moves_read(snapshot, &moves);
    }
    ledger_snapshot_close(&snapshot);
    if (status == STATUS_OK) {
        status = cold_files_read(from, &files);
    }
    for (size_t i = 0; i < files.count && status == STATUS_OK; i++) {
        const struct cold_file *file = &files.list[i];
        char path[COLD_PATH_MAX];

        /* A damaged one goes along: that it is, the copy's check says. */
        if (file->fresh || (file->status == STATUS_OK &&
                            cold_moves_find(&moves, &file->digest) == NULL)) {
            continue;
        }
        status = cold_path(from, file->number, path);
        if (status == STATUS_OK) {
            status = backup_files_copy(from, strrchr(path, '/') + 1, folder);
        }
    }
    cold_moves_free(&moves);
    cold_files_free(&files);
    return status;
}

/* Files of moved batches never change but for what is erased; they are copied
 * behind the ledger, which names none that is not there. */
static enum status copy_cold(struct making *making)
{
    char from[COLD_PATH_MAX];
    enum status status = cold_folder(making->options->from->ledger, from);
    int folder = -1;

    making->what = COLD_FOLDER;
    if (status != STATUS_OK || access(from, F_OK) != 0) {
        return status;
    }
    if (mkdirat(making->new, COLD_FOLDER, S_IRWXU) == 0) {
        folder = openat(making->new, COLD_FOLDER,
                        O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (folder < 0) {
        return backup_files_status(errno);
    }
    status = copy_told(making, from, folder);
    if (status == STATUS_OK && fsync(folder) != 0) {
        status = STATUS_IO;
    }
    (void)close(folder);
    return status;
}

/* The figures' state saves the next start the fold, and may be missing. It is
 * copied first: it must not be ahead of the ledger beside it. */
static enum status copy_all(struct making *making)
{
    const char *from = making->options->from->path;
    enum status status;

    making->what = BACKUP_FILES_STATE;
    status = backup_files_copy(from, BACKUP_FILES_STATE, making->new);
    if (status == STATUS_NOT_FOUND) {
        status = STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = copy_ledger(making);
    }
    if (status == STATUS_OK) {
        status = copy_cold(making);
    }
    if (status == STATUS_OK) {
        making->what = BACKUP_FILES_LEDGER;
        status = settle_copy(making);
        forget_pages(making);
    }
    if (status == STATUS_OK) {
        making->what = BACKUP_FILES_CONFIG;
        status = backup_files_copy(from, BACKUP_FILES_CONFIG, making->new);
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    if (status == STATUS_OK && making->options->keys) {
        status = copy_keys(making);
    }
    return status;
}

/* ---- the manifest ---- */

static enum status write_manifest(struct making *making)
{
    const struct backup *backup = making->backup;
    char id[BYTES_HEX_SIZE(RANDOM_ID_BYTES)];
    char root[BYTES_HEX_SIZE(DIGEST_BYTES)];
    char moment[TEXT_MOMENT_MAX];
    struct buffer text;
    enum status status;

    making->what = BACKUP_MANIFEST;
    check(bytes_to_hex((struct bytes){backup->id.bytes, RANDOM_ID_BYTES}, id,
                       sizeof id) == STATUS_OK);
    check(bytes_to_hex((struct bytes){backup->root.bytes, DIGEST_BYTES}, root,
                       sizeof root) == STATUS_OK);
    text_format_moment(backup->made_at, moment);
    buffer_init(&text, MANIFEST_BYTES_MAX);
    status = buffer_printf(&text,
                           "# tallyline-collector backup; read back and found "
                           "whole when it was made\n"
                           "backup: \"%s\"\nmade_at: \"%s\"\n"
                           "entries: %" PRIu64 "\nroot: \"%s\"\nkeys: %s\n",
                           id, moment, backup->entries, root,
                           making->options->keys ? "true" : "false");
    if (status == STATUS_OK) {
        status = backup_files_write(making->new, BACKUP_MANIFEST,
                                    buffer_bytes(&text));
    }
    buffer_fini(&text);
    return status;
}

/* ---- the whole ---- */

static enum status read_back(struct making *making)
{
    char path[FILE_PATH_MAX];

    path_of_copy(making, "", path);
    making->what = BACKUP_FILES_LEDGER;
    return backup_check(path, making->options->ledger,
                        making->options->progress, making->backup);
}

static enum status publish(struct making *making)
{
    making->what = making->backup->name;
    if (fsync(making->new) != 0 ||
        renameat(making->folder, making->new_name, making->folder,
                 making->backup->name) != 0) {
        return backup_files_status(errno);
    }
    return fsync(making->folder) == 0 ? STATUS_OK : STATUS_IO;
}

static enum status make_new(struct making *making)
{
    enum status status;

    making->what = making->new_name;
    if (mkdirat(making->folder, making->new_name, S_IRWXU) != 0) {
        return backup_files_status(errno);
    }
    making->new = openat(making->folder, making->new_name,
                         O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    status = making->new < 0 ? backup_files_status(errno) : copy_all(making);
    if (status == STATUS_OK) {
        status = read_back(making);
    }
    if (status == STATUS_OK) {
        status = write_manifest(making);
    }
    if (status == STATUS_OK) {
        status = publish(making);
    }
    if (making->new >= 0) {
        (void)close(making->new);
    }
    if (status != STATUS_OK) {
        backup_files_remove(making->folder, making->new_name);
    }
    return status;
}

enum status backup_make(const struct backup_options *options,
                        struct backup *backup, const char **what)
{
    struct making making = {.options = options,
                            .backup = backup,
                            .what = options->folder,
                            .folder = -1,
                            .new = -1};
    enum status status;

    memset(backup, 0, sizeof *backup);
    backup->made_at = options->now;
    random_id_make(&backup->id);
    status = open_folder(&making);
    if (status == STATUS_OK) {
        backup_files_sweep(making.folder);
        status = choose_name(&making);
    }
    if (status == STATUS_OK) {
        status = look_for_room(&making);
    }
    if (status == STATUS_OK) {
        status = make_new(&making);
    }
    if (making.folder >= 0) {
        (void)close(making.folder);
    }
    *what = making.what == making.new_name ? options->folder : making.what;
    return status;
}
