/* The happy path: both meta pages are sound, and the file reaches at least to
 * the last page that either of them knows. The layout below is that of LMDB
 * 0.9 (MDB_page, MDB_meta, MDB_db) with the machine's own sizes, as LMDB
 * itself writes it.
 *
 * LMDB does not write pages that were allocated and freed in one transaction,
 * so that a sound file could be shorter than its last page; store_commit()
 * lengthens the file before such a transaction, so here shorter means cut. */
#include "common/store_file.h"

#include "common/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE_META     0x08u
#define META_MAGIC    0xBEEFC0DEu
#define META_VERSION  1u
#define PAGE_SIZE_MIN 512u
#define PAGE_SIZE_MAX 65536u

struct page_head {
    size_t number;
    uint16_t pad;
    uint16_t flags;
    uint16_t lower;
    uint16_t upper;
};

struct tree {
    uint32_t page_size; /* in the first tree of a meta page */
    uint16_t flags;
    uint16_t depth;
    size_t counts[4];
    size_t root;
};

struct meta {
    uint32_t magic;
    uint32_t version;
    void *address;
    size_t map_size;
    struct tree trees[2];
    size_t last_page;
    size_t transaction;
};

static enum status read_meta(int fd, off_t at, struct meta *meta)
{
    struct page_head head;
    uint8_t page[sizeof head + sizeof *meta];
    ssize_t got = pread(fd, page, sizeof page, at);
    if (got < 0) {
        return STATUS_IO;
    }
    if ((size_t)got < sizeof page) {
        return STATUS_CORRUPT;
    }
    memcpy(&head, page, sizeof head);
    memcpy(meta, page + sizeof head, sizeof *meta);
    if ((head.flags & PAGE_META) == 0 || meta->magic != META_MAGIC) {
        return STATUS_CORRUPT;
    }
    if (meta->version != META_VERSION) {
        return meta->version > META_VERSION ? STATUS_VERSION : STATUS_CORRUPT;
    }
    uint32_t size = meta->trees[0].page_size;
    bool is_size = size >= PAGE_SIZE_MIN && size <= PAGE_SIZE_MAX &&
                   (size & (size - 1)) == 0;
    return is_size ? STATUS_OK : STATUS_CORRUPT;
}

static enum status check_open_file(int fd, const char *path)
{
    struct meta metas[2];
    struct stat about;
    enum status status = read_meta(fd, 0, &metas[0]);
    if (status != STATUS_OK) {
        return status;
    }
    uint32_t page_size = metas[0].trees[0].page_size;
    status = read_meta(fd, (off_t)page_size, &metas[1]);
    if (status != STATUS_OK) {
        return status;
    }
    /* Asked after the pages, so that a writer can only have added to it. */
    if (fstat(fd, &about) != 0) {
        return STATUS_IO;
    }
    const struct meta *newest =
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
