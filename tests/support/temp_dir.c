#include "tests/support/temp_dir.h"

#include "common/base/check.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Directories open at a time while the tree is removed. */
#define TREE_FDS_MAX 16

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

void temp_dir_close(struct temp_dir *dir)
{
    check(nftw(dir->path, remove_one, TREE_FDS_MAX, FTW_DEPTH | FTW_PHYS) == 0);
}
