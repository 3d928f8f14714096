/* Possible failures: no room or no right to write, which leave the folder for
 * the next attempt; somebody else's directory with the same names, which is
 * left alone. */
#include "collector/province/making.h"

#include "common/base/check.h"
#include "common/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "init.new"

static bool exists(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0;
}

static enum status name_paths(const struct directory *directory,
                              char folder[DIRECTORY_PATH_MAX],
                              struct directory *making)
{
    const struct {
        char *out;
        const char *name;
    } paths[] = {{making->keys, "keys"},
                 {making->config, "collector.yaml"},
                 {making->ledger, "ledger.mdb"}};
    int size =
        snprintf(folder, DIRECTORY_PATH_MAX, "%s/" FOLDER, directory->path);

    *making = *directory;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (size < 0 || (size_t)size >= DIRECTORY_PATH_MAX) {
            return STATUS_INVALID;
        }
        size = snprintf(paths[i].out, DIRECTORY_PATH_MAX, "%s/%s", folder,
                        paths[i].name);
    }
    return size > 0 && (size_t)size < DIRECTORY_PATH_MAX ? STATUS_OK
                                                         : STATUS_INVALID;
}

/* Removes the files of a folder, and the folder. Nothing to do when there is
 * none. */
static enum status clear_folder(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    bool cleared = true;

    if (folder == NULL) {
        return errno == ENOENT ? STATUS_OK : STATUS_IO;
    }
    while ((entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 &&
            strcmp(entry->d_name, "..") != 0) {
            cleared = unlinkat(dirfd(folder), entry->d_name, 0) == 0 && cleared;
        }
    }
    (void)closedir(folder);
    return cleared && rmdir(path) == 0 ? STATUS_OK : STATUS_IO;
}

enum status making_begin(const struct directory *directory,
                         struct directory *making, bool *made)
{
    char folder[DIRECTORY_PATH_MAX];
    enum status status = name_paths(directory, folder, making);

    *made = false;
    if (status != STATUS_OK) {
        return status;
    }
    if (exists(directory->keys) && !exists(directory->ledger) &&
        exists(making->ledger) && !exists(making->keys)) {
        *made = true;
        return STATUS_OK;
    }
    status = directory_create(directory);
    if (status == STATUS_OK) {
        status = clear_folder(making->keys);
    }
    if (status == STATUS_OK) {
        status = clear_folder(folder);
    }
    if (status == STATUS_OK &&
        (mkdir(folder, S_IRWXU) != 0 || mkdir(making->keys, S_IRWXU) != 0)) {
        status = STATUS_IO;
    }
    return status;
}

enum status making_abandon(const struct directory *directory)
{
    char folder[DIRECTORY_PATH_MAX];
    struct directory making;
    enum status status = name_paths(directory, folder, &making);

    if (status == STATUS_OK) {
        status = clear_folder(making.keys);
    }
    return status == STATUS_OK ? clear_folder(folder) : status;
}

/* Nothing to do when it was moved before. */
static enum status move(const char *from, const char *to)
{
    if (!exists(from)) {
        return exists(to) ? STATUS_OK : STATUS_IO;
    }
    return rename(from, to) == 0 ? file_sync_folder(to) : STATUS_IO;
}

enum status making_end(const struct directory *directory,
                       const struct directory *making)
{
    char folder[DIRECTORY_PATH_MAX];
    struct directory same;
    enum status status = name_paths(directory, folder, &same);

    if (status == STATUS_OK) {
        status = file_sync_folder(making->ledger);
    }
    if (status == STATUS_OK) {
        status = move(making->keys, directory->keys);
    }
    if (status == STATUS_OK && !exists(directory->config)) {
        status = move(making->config, directory->config);
    }
    if (status == STATUS_OK) {
        status = move(making->ledger, directory->ledger);
    }
    return status == STATUS_OK ? clear_folder(folder) : status;
}
