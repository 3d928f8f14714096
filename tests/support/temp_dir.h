/* temp_dir - a directory of one's own for one test.
 *
 * Flow     test -> temp_dir_open() -> files -> temp_dir_close()
 * Owns     the directory and everything below it.
 * Threads  one.
 * Limits   TEMP_DIR_PATH_MAX bytes a path, end mark included.
 */
#ifndef TALLYLINE_TESTS_TEMP_DIR_H
#define TALLYLINE_TESTS_TEMP_DIR_H

#define TEMP_DIR_PATH_MAX 512u

struct temp_dir {
    char path[TEMP_DIR_PATH_MAX];
};

/* Makes an empty directory below TMPDIR or /tmp; aborts if it cannot. */
void temp_dir_open(struct temp_dir *dir);

/* Writes "dir/name" to `out`; aborts if it does not fit. */
void temp_dir_path(const struct temp_dir *dir, const char *name,
                   char out[TEMP_DIR_PATH_MAX]);

/* Writes a file of that content; aborts if it cannot. */
void temp_dir_write(const struct temp_dir *dir, const char *name,
                    const void *data, unsigned long size);

/* How often a file of any path holds these bytes. */
unsigned long temp_dir_count(const char *path, const void *what,
                             unsigned long size);

/* Removes the directory and all below it. */
void temp_dir_close(struct temp_dir *dir);

#endif
