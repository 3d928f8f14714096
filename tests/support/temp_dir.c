#include "tests/support/temp_dir.h"

#include "common/base/bytes.h"
#include "common/base/check.h"
#include "common/base/file.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Directories open at a time while the tree is removed. */
#define TREE_FDS_MAX   16
#define FILE_BYTES_MAX (64u << 20)

void temp_dir_open(struct temp_dir *dir)
{
    const char *base = getenv("TMPDIR");
    int length = snprintf(dir->path, sizeof dir->path, "%s/tallyline-XXXXXX",
                          base != NULL && *base != '\0' ? base : "/tmp");

    check(length > 0 && (size_t)length < sizeof dir->path);
    check(mkdtemp(dir->path) != NULL);
}

void temp_dir_path(const struct temp_dir *dir, const char *name,
                   char out[TEMP_DIR_PATH_MAX])
{
    int length = snprintf(out, TEMP_DIR_PATH_MAX, "%s/%s", dir->path, name);

    check(length > 0 && (size_t)length < TEMP_DIR_PATH_MAX);
}

void temp_dir_write(const struct temp_dir *dir, const char *name,
                    const void *data, unsigned long size)
{
    char path[TEMP_DIR_PATH_MAX];
    FILE *file;

    temp_dir_path(dir, name, path);
    file = fopen(path, "wb");
    check(file != NULL);
    check(fwrite(data, 1, size, file) == size);
    check(fclose(file) == 0);
}

static int remove_one(const char *path, const struct stat *info, int type,
                      struct FTW *where)
{
    (void)info;
    (void)type;
    (void)where;
    return remove(path);
}

unsigned long temp_dir_count(const char *path, const void *what,
                             unsigned long size)
{
    struct buffer bytes;
    unsigned long found = 0;

    buffer_init(&bytes, FILE_BYTES_MAX);
    check(file_read(path, &bytes) == STATUS_OK);
    for (size_t i = 0; i + size <= bytes.size; i++) {
        found += memcmp(bytes.data + i, what, size) == 0 ? 1 : 0;
    }
    buffer_fini(&bytes);
    return found;
}

void temp_dir_close(struct temp_dir *dir)
{
    check(nftw(dir->path, remove_one, TREE_FDS_MAX, FTW_DEPTH | FTW_PHYS) == 0);
}
