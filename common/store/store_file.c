/* The happy path: both meta pages are sound, and the file reaches at least to
 * the last page that either of them knows. The layout is in store_page.h.
 *
 * LMDB does not write pages that were allocated and freed in one transaction,
 * so that a sound file could be shorter than its last page; store_commit()
 * lengthens the file before such a transaction, so here shorter means cut. */
#include "common/store/store_file.h"

#include "common/base/log.h"
#include "common/store/store_page.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_PATH_MAX 4096u

static enum status check_open_file(int fd, const char *path)
{
    struct page_meta metas[PAGE_METAS];
    struct stat about;
    enum status status = page_read_metas(fd, metas);
    if (status != STATUS_OK) {
        return status;
    }
    uint32_t page_size = metas[0].trees[0].page_size;
    /* Asked after the pages, so that a writer can only have added to it. */
    if (fstat(fd, &about) != 0) {
        return STATUS_IO;
    }
    const struct page_meta *newest =
        metas[0].transaction > metas[1].transaction ? &metas[0] : &metas[1];
    uint64_t pages = (uint64_t)about.st_size / page_size;
    if (newest->last_page >= pages) {
        log_error("the file is cut short", log_text("path", path),
                  log_number("bytes", (int64_t)about.st_size),
                  log_number("last_page", (int64_t)newest->last_page));
        return STATUS_CORRUPT;
    }
    return STATUS_OK;
}

enum status store_file_check(const char *path)
{
    struct stat about;
    enum status status = STATUS_OK;

    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    if (fstat(fd, &about) != 0) {
        status = STATUS_IO;
    } else if (!S_ISREG(about.st_mode)) {
        status = STATUS_CORRUPT;
    } else if (about.st_size == 0) {
        status = STATUS_NOT_FOUND;
    } else {
        status = check_open_file(fd, path);
    }
    (void)close(fd);
    return status;
}

enum status store_file_last(const char *path, uint64_t *transaction)
{
    struct page_meta metas[PAGE_METAS];
    enum status status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    status = page_read_metas(fd, metas);
    if (status == STATUS_OK) {
        *transaction = metas[0].transaction > metas[1].transaction
                           ? metas[0].transaction
                           : metas[1].transaction;
    }
    (void)close(fd);
    return status;
}

static bool beside(const char *path, const char *suffix,
                   char name[FILE_PATH_MAX])
{
    int size = snprintf(name, FILE_PATH_MAX, "%s%s", path, suffix);
    return size >= 0 && (size_t)size < FILE_PATH_MAX;
}

/* LMDB holds a read lock on the first byte for as long as it is open. */
bool store_file_in_use(const char *path)
{
    char name[FILE_PATH_MAX];
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    /* Asking takes no right to write. */
    int fd =
        beside(path, "-lock", name) ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) {
        return false;
    }
    bool in_use = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    (void)close(fd);
    return in_use;
}

void store_file_set_failed(const char *path, bool failed)
{
    char name[FILE_PATH_MAX];
    if (!beside(path, "-failed", name)) {
        return;
    }
    if (!failed) {
        (void)unlink(name);
        return;
    }
    int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd >= 0) {
        (void)close(fd);
    }
}

bool store_file_failed(const char *path)
{
    char name[FILE_PATH_MAX];
    return beside(path, "-failed", name) && access(name, F_OK) == 0;
}
