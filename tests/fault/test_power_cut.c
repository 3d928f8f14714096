/* The power goes at any call by which the spool reaches the disk. This program
 * stands before those calls and keeps a second picture of the file: what a
 * disk is sure to hold. Writes join it when a sync asks for it, or at once on
 * a file opened with O_DSYNC. Until then the disk may have done all, some or
 * half of them: pictures with every such choice, drawn at random, must open
 * and hold everything that had been acknowledged. */
#include "agent/spool/spool.h"
#include "common/event/reference.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define IMAGE_BYTES_MAX (8u << 20)
#define PENDING_MAX     4096u
#define CUTS_MAX        64u /* of one step */
#define SECTOR          512u
#define STEPS           250u
#define MARK_FIELD      7u

long syscall(long number, ...);

struct image {
    uint8_t *bytes;
    size_t size;
};

struct write {
    off_t at;
    size_t size;
    uint8_t *bytes; /* NULL: the file gets the size `at` */
};

static bool watching;
static ino_t watched;
static struct image durable;
static struct write pending[PENDING_MAX];
static size_t pending_count;
static struct image cuts[CUTS_MAX]; /* of the step under way */
static size_t cut_count;
static unsigned cuts_seen;

static void apply(struct image *image, const struct write *write, size_t size)
{
    size_t end = (size_t)write->at + (write->bytes == NULL ? 0 : size);
    cr_assert_leq(end, IMAGE_BYTES_MAX);
    if (end > image->size) {
        memset(image->bytes + image->size, 0, end - image->size);
        image->size = end;
    }
    if (write->bytes != NULL) {
        memcpy(image->bytes + write->at, write->bytes, size);
    }
}

/* What may be left of a write that no sync has asked for. */
static size_t left_of(const struct write *write)
{
    size_t sectors = write->size / SECTOR;
    switch (rand() % 4) {
    case 0:
        return 0;
    case 1:
        return sectors == 0 ? 0 : (size_t)rand() % sectors * SECTOR;
    default:
        return write->size;
    }
}

/* The power goes now: keeps one of the pictures that may be found. */
static void cut(void)
{
    struct image *image = &cuts[cut_count];
    if (!watching || cut_count == CUTS_MAX || rand() % 3 != 0) {
        return;
    }
    image->bytes = malloc(IMAGE_BYTES_MAX);
    cr_assert_not_null(image->bytes);
    memcpy(image->bytes, durable.bytes, durable.size);
    image->size = durable.size;
    for (size_t i = 0; i < pending_count; i++) {
        size_t left = left_of(&pending[i]);
        if (left > 0 || (pending[i].bytes == NULL && rand() % 2 == 0)) {
            apply(image, &pending[i], left);
        }
    }
    cut_count++;
}

static void settle(void)
{
    for (size_t i = 0; i < pending_count; i++) {
        apply(&durable, &pending[i], pending[i].size);
        free(pending[i].bytes);
    }
    pending_count = 0;
}

static bool is_watched(int fd)
{
    struct stat about;
    return watching && fstat(fd, &about) == 0 && about.st_ino == watched;
}

/* A write is on its way, and has been done when the file says so. */
static void note(int fd, const void *bytes, size_t size, off_t at)
{
    struct write write = {.at = at, .size = size};
    if (bytes != NULL) {
        write.bytes = malloc(size);
        cr_assert_not_null(write.bytes);
        memcpy(write.bytes, bytes, size);
    }
    if ((fcntl(fd, F_GETFL) & O_DSYNC) != 0) {
        apply(&durable, &write, size);
        free(write.bytes);
        return;
    }
    cr_assert_lt(pending_count, PENDING_MAX);
    pending[pending_count++] = write;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    if (is_watched(fd)) {
        cut();
        note(fd, bytes, size, at);
        cut();
    }
    return syscall(SYS_pwrite64, fd, bytes, size, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    if (is_watched(fd)) {
        off_t at = lseek(fd, 0, SEEK_CUR);
        for (int i = 0; i < count; i++) {
            note(fd, parts[i].iov_base, parts[i].iov_len, at);
            at += (off_t)parts[i].iov_len;
        }
        cut();
    }
    return syscall(SYS_writev, fd, parts, count);
}

int ftruncate(int fd, off_t size)
{
    if (is_watched(fd)) {
        note(fd, NULL, 0, size);
        cut();
    }
    return (int)syscall(SYS_ftruncate, fd, size);
}

int fdatasync(int fd)
{
    if (is_watched(fd)) {
        cut();
        settle();
        cut();
    }
    return (int)syscall(SYS_fdatasync, fd);
}

/* ---- the office ---- */

static void watch(void)
{
    struct stat about;
    FILE *file = fopen(spool_path, "rb");
    cr_assert_not_null(file);
    cr_assert_eq(fstat(fileno(file), &about), 0);
    cr_assert_leq(about.st_size, IMAGE_BYTES_MAX);
    durable.bytes = malloc(IMAGE_BYTES_MAX);
    cr_assert_not_null(durable.bytes);
    durable.size = fread(durable.bytes, 1, IMAGE_BYTES_MAX, file);
    cr_assert_eq(durable.size, (size_t)about.st_size);
    (void)fclose(file);
    watched = about.st_ino;
    watching = true;
}

static void set_up(void)
{
    spool_fixture_open();
    watch();
}

static void tear_down(void)
{
    watching = false;
    settle();
    free(durable.bytes);
    spool_fixture_close();
}

TestSuite(power_cut, .init = set_up, .fini = tear_down, .timeout = 110);

static void seed_run(void)
{
    const char *given = getenv("TALLYLINE_TEST_SEED");
    unsigned seed =
        given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(0);
    (void)fprintf(stderr, "TALLYLINE_TEST_SEED=%u\n", seed);
    srand(seed);
}

/* Opens what a cut has left and looks for events 1 to `acknowledged`. */
static void check_cut(const struct image *image, uint32_t acknowledged)
{
    char name[TEMP_DIR_PATH_MAX + 8];
    struct spool *found = NULL;
    struct event event;
    enum spool_state state;
    uint64_t last = 0;

    (void)snprintf(name, sizeof name, "%s.cut", spool_path);
    FILE *file = fopen(name, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(image->bytes, 1, image->size, file), image->size);
    cr_assert_eq(fclose(file), 0);
    cr_assert_eq(spool_open(name, SPOOL_FIXTURE_MAP_BYTES, false, &found),
                 STATUS_OK);
    cr_assert_eq(spool_last_seq(found, &last), STATUS_OK);
    cr_assert_geq(last, acknowledged);
    for (uint32_t seq = 1; seq <= last; seq++) {
        cr_assert_eq(spool_event(found, id60_make(SPOOL_FIXTURE_AGENT, 1, seq),
                                 &event, &state),
                     STATUS_OK, "event %u of %u", seq, acknowledged);
        cr_assert_eq(event_get(&event, MARK_FIELD), seq);
    }
    spool_close(&found);
    cuts_seen++;
}

static void check_cuts(uint32_t acknowledged)
{
    watching = false;
    for (size_t i = 0; i < cut_count; i++) {
        check_cut(&cuts[i], acknowledged);
        free(cuts[i].bytes);
    }
    cut_count = 0;
    watching = true;
}

/* Saves up to five events together, seals or receives. */
static uint32_t step(uint32_t saved)
{
    struct event events[5];
    uint32_t count = 1 + (uint32_t)rand() % 5;
    uint64_t first;

    switch (rand() % 6) {
    case 0:
        (void)spool_fixture_seal_all();
        return saved;
    case 1:
        (void)spool_fixture_seal_all();
        spool_fixture_receive_all();
        return saved;
    default:
        for (uint32_t i = 0; i < count; i++) {
            events[i] = spool_fixture_event(1, saved + 1 + i);
        }
        cr_assert_eq(spool_append(spool, events, count, NULL, &first),
                     STATUS_OK);
        return saved + count;
    }
}

Test(power_cut, i1_whatever_the_disk_has_left_undone_nothing_saved_is_lost)
{
    uint32_t saved = 0;
    seed_run();
    for (unsigned i = 0; i < STEPS; i++) {
        uint32_t before = saved;
        saved = step(saved);
        /* Cuts during the step came before its answer. */
        check_cuts(before);
    }
    cr_assert_gt(cuts_seen, STEPS);
    (void)fprintf(stderr, "%u power cuts, %u events\n", cuts_seen, saved);
}
