/* The happy path: a small directory, parts that are stored or deflated, each
 * no more than it may be. Failure modes: a file that is none, is cut short, is
 * locked, lies about its sizes, or unpacks without end; each is a fault. */
#include "agent/sheet/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

/* The end of the directory: 22 bytes and a comment of at most 65,535. */
#define END_BYTES      22u
#define END_PARTS_AT   10u
#define END_SIZE_AT    12u
#define TAIL_BYTES_MAX (END_BYTES + 65535u)

struct archive {
    zip_t *zip;
    zip_file_t *part; /* NULL: none is being read */
    char name[FAULT_PLACE_MAX];
    uint64_t packed;   /* bytes of the part in the file */
    uint64_t said;     /* bytes that it is said to hold */
    uint64_t unpacked; /* of the part, so far */
    uint64_t all;      /* of all parts, so far */
};

static uint32_t little(const uint8_t *at, size_t bytes)
{
    uint32_t value = 0;

    for (size_t i = bytes; i > 0; i--) {
        value = value << 8 | at[i - 1];
    }
    return value;
}

static bool is_mark(const uint8_t *at, uint8_t third, uint8_t fourth)
{
    return at[0] == 'P' && at[1] == 'K' && at[2] == third && at[3] == fourth;
}

/* Every end of a directory that a reader might find; and none of the larger
 * form, which no workbook of this size needs. */
static enum status look_at_end(const uint8_t *tail, size_t size,
                               struct fault *fault)
{
    bool found = false;

    for (size_t i = 0; i + END_BYTES <= size; i++) {
        if (is_mark(tail + i, 6, 7)) {
            fault_set(fault, FAULT_DAMAGED, "");
            return STATUS_INVALID;
        }
        if (!is_mark(tail + i, 5, 6)) {
            continue;
        }
        found = true;
        if (little(tail + i + END_PARTS_AT, 2) > ARCHIVE_PARTS_MAX ||
            little(tail + i + END_SIZE_AT, 4) > ARCHIVE_DIRECTORY_MAX) {
            fault_set(fault, FAULT_MANY_PARTS, "");
            return STATUS_INVALID;
        }
    }
    if (!found) {
        fault_set(fault, FAULT_DAMAGED, "");
    }
    return found ? STATUS_OK : STATUS_INVALID;
}

/* The first bytes and the last ones. */
static enum status look_around(int fd, struct fault *fault)
{
    static const uint8_t compound[4] = {0xd0, 0xcf, 0x11, 0xe0};
    uint8_t head[4];
    struct stat info;
    size_t size;
    uint8_t *tail;
    enum status rc = STATUS_IO;

    if (fstat(fd, &info) != 0) {
        return STATUS_NO_INPUT;
    }
    if (info.st_size > (off_t)ARCHIVE_FILE_MAX) {
        fault_set(fault, FAULT_LARGE, "");
        return STATUS_INVALID;
    }
    if (info.st_size < (off_t)END_BYTES ||
        pread(fd, head, sizeof head, 0) != (ssize_t)sizeof head ||
        !is_mark(head, 3, 4)) {
        fault_set(fault,
                  info.st_size >= (off_t)END_BYTES &&
                          memcmp(head, compound, sizeof head) == 0
                      ? FAULT_OLD_OR_LOCKED
                      : FAULT_NOT_A_WORKBOOK,
                  "");
        return STATUS_INVALID;
    }
    size = (size_t)info.st_size;
    size = size < TAIL_BYTES_MAX ? size : TAIL_BYTES_MAX;
    tail = malloc(size);
    if (tail == NULL) {
        return STATUS_MEMORY;
    }
    if (pread(fd, tail, size, info.st_size - (off_t)size) == (ssize_t)size) {
        rc = look_at_end(tail, size, fault);
    }
    free(tail);
    return rc;
}

enum status archive_open(int fd, struct archive **archive, struct fault *fault)
{
    struct archive *made;
    int copy = -1;
    int why = 0;
    enum status rc = look_around(fd, fault);

    *archive = NULL;
    if (rc != STATUS_OK) {
        return rc;
    }
    made = calloc(1, sizeof *made);
    copy = dup(fd);
    if (made == NULL || copy < 0) {
        rc = STATUS_MEMORY;
        goto out;
    }
    made->zip = zip_fdopen(copy, 0, &why);
    if (made->zip == NULL) {
        rc = why == ZIP_ER_MEMORY ? STATUS_MEMORY : STATUS_INVALID;
        fault_set(fault, FAULT_DAMAGED, "");
        goto out;
    }
    copy = -1; /* the archive's now */
    *archive = made;
    made = NULL;
out:
    if (copy >= 0) {
        (void)close(copy);
    }
    free(made);
    return rc;
}

void archive_close(struct archive **archive)
{
    if (*archive == NULL) {
        return;
    }
    if ((*archive)->part != NULL) {
        (void)zip_fclose((*archive)->part);
    }
    zip_discard((*archive)->zip);
    free(*archive);
    *archive = NULL;
}

enum status archive_begin(struct archive *archive, const char *name,
                          struct fault *fault)
{
    zip_int64_t index;
    zip_stat_t info;

    if (archive->part != NULL) {
        (void)zip_fclose(archive->part);
        archive->part = NULL;
    }
    (void)snprintf(archive->name, sizeof archive->name, "%s", name);
    index = zip_name_locate(archive->zip, name, ZIP_FL_NOCASE);
    if (index < 0) {
        return STATUS_NOT_FOUND;
    }
    if (zip_stat_index(archive->zip, (zip_uint64_t)index, 0, &info) != 0 ||
        (info.valid & ZIP_STAT_COMP_SIZE) == 0 ||
        (info.valid & ZIP_STAT_COMP_METHOD) == 0 ||
        (info.comp_method != ZIP_CM_STORE &&
         info.comp_method != ZIP_CM_DEFLATE)) {
        fault_set(fault, FAULT_DAMAGED, name);
        return STATUS_INVALID;
    }
    archive->part = zip_fopen_index(archive->zip, (zip_uint64_t)index, 0);
    if (archive->part == NULL) {
        bool locked =
            zip_error_code_zip(zip_get_error(archive->zip)) == ZIP_ER_NOPASSWD;

        fault_set(fault, locked ? FAULT_OLD_OR_LOCKED : FAULT_DAMAGED, name);
        return STATUS_INVALID;
    }
    archive->packed = info.comp_size;
    archive->said = (info.valid & ZIP_STAT_SIZE) != 0 ? info.size : 0;
    archive->unpacked = 0;
    return STATUS_OK;
}

enum status archive_read(struct archive *archive, uint8_t *out, size_t room,
                         size_t *size, struct fault *fault)
{
    zip_int64_t got = zip_fread(archive->part, out, room);

    *size = 0;
    if (got < 0) {
        fault_set(fault, FAULT_DAMAGED, archive->name);
        return STATUS_INVALID;
    }
    *size = (size_t)got;
    archive->unpacked += *size;
    archive->all += *size;
    if (archive->all > ARCHIVE_UNPACKED_MAX ||
        archive->unpacked >
            ARCHIVE_FREE_BYTES + archive->packed * ARCHIVE_RATIO_MAX) {
        fault_set(fault, FAULT_BOMB, archive->name);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

uint64_t archive_part_size(const struct archive *archive)
{
    return archive->said;
}

const char *archive_part_name(const struct archive *archive)
{
    return archive->name;
}
