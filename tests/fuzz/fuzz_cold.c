/* Whatever stands in a cold file: its table is taken, with rows that lie in
 * order behind each other, or refused; and bytes are given under their hash
 * alone. The linker puts the input in the place of the file's bytes. */
#include "collector/ledger/cold.h"
#include "common/base/check.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define ROWS_READ 8u

static char folder[] = "/tmp/tallyline-fuzz-XXXXXX";
static struct cold_row rows[COLD_BATCHES_MAX];
static struct bytes input;

ssize_t __wrap_pread(int fd, void *to, size_t size, off_t at);
ssize_t __wrap_pread(int fd, void *to, size_t size, off_t at)
{
    size_t from = (size_t)at < input.size ? (size_t)at : input.size;
    size_t left = input.size - from;

    (void)fd;
    if (size > left) {
        size = left;
    }
    if (size > 0) {
        memcpy(to, input.data + from, size);
    }
    return (ssize_t)size;
}

/* An empty file, since somebody opens it; gone with the process's folder. */
static void make_file(void)
{
    char path[COLD_PATH_MAX];
    int fd;

    check(mkdtemp(folder) != NULL);
    check(cold_path(folder, 1, path) == STATUS_OK);
    fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    check(fd >= 0 && close(fd) == 0);
}

static void remove_file(void)
{
    char path[COLD_PATH_MAX];

    if (cold_path(folder, 1, path) == STATUS_OK) {
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

static void read_rows(uint32_t count)
{
    struct cold_reader *reader = NULL;

    check(cold_reader_new(folder, &reader) == STATUS_OK);
    for (uint32_t i = 0; i < count && i < ROWS_READ; i++) {
        struct digest found;
        struct bytes bytes;

        if (cold_read(reader, 1, rows[i].offset, rows[i].size, &rows[i].digest,
                      &bytes) == STATUS_OK) {
            digest_bytes(bytes, &found);
            check(digest_equal(&found, &rows[i].digest));
        }
    }
    cold_reader_free(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool made;
    struct cold_head head;
    struct digest digest;

    if (!made) {
        sign_init();
        make_file();
        check(atexit(remove_file) == 0);
        made = true;
    }
    input = (struct bytes){data, size};
    if (cold_table(folder, 1, &head, rows, &digest) != STATUS_OK) {
        return 0;
    }
    check(head.number == 1 && head.count <= COLD_BATCHES_MAX);
    for (uint32_t i = 0; i < head.count; i++) {
        check(rows[i].index >= head.from && rows[i].index <= head.to);
        check(i == 0 || rows[i].index > rows[i - 1].index);
        check(i == 0 ||
              rows[i].offset == rows[i - 1].offset + rows[i - 1].size);
    }
    read_rows(head.count);
    return 0;
}
