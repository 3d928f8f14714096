/* The lock is flock(2) on a file that is never removed: it goes with the
 * process, however that ends. */
#include "collector/province/directory.h"

#include "common/base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENDPOINT_PREFIX "ipc://"
#define LOCK_PAUSE_MS   20

static void path_below(char out[DIRECTORY_PATH_MAX], const char *path,
                       const char *name)
{
    int length = snprintf(out, DIRECTORY_PATH_MAX, "%s/%s", path, name);

    check(length > 0 && (size_t)length < DIRECTORY_PATH_MAX);
}

/* STATUS_INVALID when the path, and the longest name below it, have more than
 * `most` bytes. */
static enum status name_files(struct directory *directory, const char *path,
                              size_t most)
{
    size_t size = strlen(path);

    while (size > 1 && path[size - 1] == '/') {
        size--;
    }
    if (size == 0 || size + sizeof "/collector.sock" > most) {
        return STATUS_INVALID;
    }
    memcpy(directory->path, path, size);
    directory->path[size] = '\0';
    path_below(directory->ledger, directory->path, "ledger.mdb");
    path_below(directory->state, directory->path, "figures.state");
    path_below(directory->keys, directory->path, "keys");
    path_below(directory->config, directory->path, "collector.yaml");
    path_below(directory->lock, directory->path, "collector.lock");
    directory->socket[0] = '\0';
    return STATUS_OK;
}

enum status directory_init(struct directory *directory, const char *path)
{
    enum status status = name_files(directory, path, DIRECTORY_ENDPOINT_MAX);

    if (status != STATUS_OK) {
        return status;
    }
    check(snprintf(directory->socket, sizeof directory->socket,
                   ENDPOINT_PREFIX "%s/collector.sock", directory->path) > 0);
    return STATUS_OK;
}

enum status directory_init_copy(struct directory *directory, const char *path)
{
    return name_files(directory, path, DIRECTORY_PATH_MAX);
}

/* STATUS_EXISTS is a directory that was there. */
static enum status make_directory(const char *path)
{
    if (mkdir(path, S_IRWXU) == 0) {
        return STATUS_OK;
    }
    return errno == EEXIST ? STATUS_EXISTS : STATUS_IO;
}

/* Makes the folders above the directory that are not there. */
static enum status make_parents(const char *path)
{
    char parent[DIRECTORY_PATH_MAX];
    size_t size = strlen(path);

    memcpy(parent, path, size + 1);
    for (size_t i = 1; i < size; i++) {
        if (path[i] != '/') {
            continue;
        }
        parent[i] = '\0';
        if (mkdir(parent, S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH) !=
                0 &&
            errno != EEXIST) {
            return STATUS_IO;
        }
        parent[i] = '/';
    }
    return STATUS_OK;
}

enum status directory_create(const struct directory *directory)
{
    struct stat info;
    enum status status = make_parents(directory->path);

    if (status == STATUS_OK) {
        status = make_directory(directory->path);
    }
    if (status == STATUS_EXISTS) {
        if (lstat(directory->ledger, &info) == 0 ||
            lstat(directory->keys, &info) == 0) {
            return STATUS_EXISTS;
        }
        if (chmod(directory->path, S_IRWXU) != 0) {
            return STATUS_IO;
        }
        status = STATUS_OK;
    }
    return status;
}

enum status directory_check(const struct directory *directory)
{
    struct stat info;

    if (stat(directory->path, &info) != 0 ||
        access(directory->ledger, F_OK) != 0) {
        return errno == EACCES ? STATUS_REFUSED : STATUS_NOT_FOUND;
    }
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return STATUS_REFUSED;
    }
    if (geteuid() == 0 && info.st_uid != 0) {
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

enum status directory_check_copy(const struct directory *directory)
{
    if (access(directory->ledger, R_OK) == 0) {
        return STATUS_OK;
    }
    return errno == EACCES ? STATUS_REFUSED : STATUS_NOT_FOUND;
}

enum status directory_lock(const struct directory *directory, int *fd)
{
    enum status status = STATUS_OK;

    *fd = open(directory->lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
               S_IRUSR | S_IWUSR);
    if (*fd < 0) {
        *fd = -1;
        return STATUS_IO;
    }
    if (flock(*fd, LOCK_EX | LOCK_NB) != 0) {
        status = errno == EWOULDBLOCK ? STATUS_BUSY : STATUS_IO;
        directory_unlock(fd);
    }
    return status;
}

enum status directory_lock_to_stay(const struct directory *directory, int *fd)
{
    enum status status = directory_lock(directory, fd);

    for (int waited = 0; status == STATUS_BUSY && waited < DIRECTORY_WAIT_MS;
         waited += LOCK_PAUSE_MS) {
        (void)poll(NULL, 0, LOCK_PAUSE_MS);
        status = directory_lock(directory, fd);
    }
    return status;
}

void directory_unlock(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
    *fd = -1;
}
