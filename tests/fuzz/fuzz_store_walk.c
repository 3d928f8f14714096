/* A store's file with any bytes changed, or cut short: the walk over its trees
 * ends, and looks at nothing that is not there. The input is a row of changes
 * to a store that is made first: three bytes of where, one of what; the first
 * byte cuts the file. The linker puts memory in the place of the file. */
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/store/store.h"
#include "common/store/store_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define MAP_BYTES      (UINT64_C(16) << 20)
#define ROWS           60u
#define LARGE_BYTES    9000u
#define CHANGE_BYTES   4u
#define CHANGES_MAX    64u
#define IMAGE_FD       1000
#define COMMITS_MAX    16u
#define PATH_BYTES_MAX 64u

static const char *const tables[] = {"first", "second"};
static const struct store_options options = {.path = "a",
                                             .tables = tables,
                                             .table_count = 2,
                                             .map_bytes = MAP_BYTES,
                                             .format = 1,
                                             .kind = "fuzz"};
static uint8_t *original;
static uint8_t *image;
static size_t image_size;
static size_t shown;         /* how much of it there is */
static uint64_t last_commit; /* of the store as it was made */

ssize_t __real_pread(int fd, void *to, size_t size, off_t at);
ssize_t __wrap_pread(int fd, void *to, size_t size, off_t at);

ssize_t __wrap_pread(int fd, void *to, size_t size, off_t at)
{
    if (fd != IMAGE_FD) {
        return __real_pread(fd, to, size, at);
    }
    if (at < 0 || (size_t)at >= shown) {
        return 0;
    }
    if (size > shown - (size_t)at) {
        size = shown - (size_t)at;
    }
    memcpy(to, image + at, size);
    return (ssize_t)size;
}

/* Rows enough for branches, one on pages of its own, and free pages. */
static void fill(struct store *store)
{
    static uint8_t large[LARGE_BYTES];
    struct store_txn *txn = NULL;

    for (unsigned turn = 0; turn < 3; turn++) {
        check(store_begin(store, true, &txn) == STATUS_OK);
        for (uint32_t i = 0; i < ROWS; i++) {
            uint8_t key[4];

            bytes_put_u32(key, i * (turn + 1));
            check(store_put(txn, turn % 2, (struct bytes){key, sizeof key},
                            (struct bytes){large, 60}) == STATUS_OK);
        }
        check(store_put(txn, 1, bytes_of_text("large"),
                        (struct bytes){large, sizeof large}) == STATUS_OK);
        check(store_commit(&txn) == STATUS_OK);
    }
}

static void make_image(void)
{
    static const struct log_settings quiet = {.level = LOG_LEVEL_ERROR,
                                              .fd = -1};
    char folder[] = "/tmp/tallyline-fuzz-XXXXXX";
    char path[PATH_BYTES_MAX];
    char lock[PATH_BYTES_MAX];
    struct store_options made = options;
    struct store *store = NULL;
    FILE *file;
    long size;

    log_init(&quiet);
    check(mkdtemp(folder) != NULL);
    (void)snprintf(path, sizeof path, "%s/store", folder);
    (void)snprintf(lock, sizeof lock, "%s/store-lock", folder);
    made.path = path;
    made.create = true;
    check(store_open(&made, &store) == STATUS_OK);
    fill(store);
    store_close(&store);
    file = fopen(path, "rb");
    check(file != NULL && fseek(file, 0, SEEK_END) == 0);
    size = ftell(file);
    check(size > 0 && fseek(file, 0, SEEK_SET) == 0);
    image_size = (size_t)size;
    original = malloc(image_size);
    image = malloc(image_size);
    check(original != NULL && image != NULL);
    check(fread(original, 1, image_size, file) == image_size);
    (void)fclose(file);
    memcpy(image, original, image_size);
    (void)unlink(path);
    (void)unlink(lock);
    (void)rmdir(folder);
}

static void find_last_commit(void)
{
    shown = image_size;
    for (uint64_t i = 0; i < COMMITS_MAX; i++) {
        if (store_walk(&options, IMAGE_FD, i) == STATUS_OK) {
            last_commit = i;
        }
    }
    check(last_commit > 0);
}

static size_t place_of(const uint8_t *change)
{
    return ((size_t)change[0] << 16 | (size_t)change[1] << 8 | change[2]) %
           image_size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum status status;
    size_t changes;

    if (image == NULL) {
        make_image();
        find_last_commit();
    }
    if (size == 0) {
        return 0;
    }
    shown = image_size - image_size / 256 * (data[0] % 256);
    if (data[0] % 2 == 0) {
        shown = image_size;
    }
    changes = (size - 1) / CHANGE_BYTES;
    changes = changes < CHANGES_MAX ? changes : CHANGES_MAX;
    for (size_t i = 0; i < changes; i++) {
        const uint8_t *change = data + 1 + i * CHANGE_BYTES;

        image[place_of(change)] = change[3];
    }
    status = store_walk(&options, IMAGE_FD, last_commit);
    check(status == STATUS_OK || status == STATUS_CORRUPT ||
          status == STATUS_AGAIN || status == STATUS_VERSION ||
          status == STATUS_MEMORY);
    check(status != STATUS_MEMORY || changes > 0);
    for (size_t i = 0; i < changes; i++) {
        size_t place = place_of(data + 1 + i * CHANGE_BYTES);

        image[place] = original[place];
    }
    return 0;
}
