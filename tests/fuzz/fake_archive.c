/* The parts of a workbook are those of the input, one behind the other with a
 * zero between them, in this order. What packs them is left out. */
#include "agent/sheet/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/check.h"

static const char *const names[] = {
    "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
    "xl/workbook.xml", "xl/_rels/workbook.xml.rels"};

#define PARTS (sizeof names / sizeof names[0])

struct archive {
    uint8_t *bytes;
    size_t size;
    size_t begin[PARTS], end[PARTS];
    size_t part;
};

enum status __wrap_archive_open(int fd, struct archive **archive,
                                struct fault *fault);
void __wrap_archive_close(struct archive **archive);
enum status __wrap_archive_begin(struct archive *archive, const char *name,
                                 struct fault *fault);
enum status __wrap_archive_read(struct archive *archive, uint8_t *out,
                                size_t room, size_t *size, struct fault *fault);
uint64_t __wrap_archive_part_size(const struct archive *archive);
const char *__wrap_archive_part_name(const struct archive *archive);

enum status __wrap_archive_open(int fd, struct archive **out,
                                struct fault *fault)
{
    struct archive *archive = calloc(1, sizeof *archive);
    off_t size = lseek(fd, 0, SEEK_END);
    size_t part = 0;

    (void)fault;
    check(archive != NULL && size >= 0);
    archive->size = (size_t)size;
    archive->bytes = malloc(archive->size + 1);
    check(archive->bytes != NULL);
    check(pread(fd, archive->bytes, archive->size, 0) == size);
    for (size_t i = 0; i <= archive->size && part < PARTS; i++) {
        if (i == archive->size || archive->bytes[i] == 0) {
            archive->end[part] = i;
            if (++part < PARTS) {
                archive->begin[part] =
                    i + 1 < archive->size ? i + 1 : archive->size;
                archive->end[part] = archive->begin[part];
            }
        }
    }
    *out = archive;
    return STATUS_OK;
}

void __wrap_archive_close(struct archive **archive)
{
    if (*archive != NULL) {
        free((*archive)->bytes);
        free(*archive);
        *archive = NULL;
    }
}

enum status __wrap_archive_begin(struct archive *archive, const char *name,
                                 struct fault *fault)
{
    (void)fault;
    for (size_t i = 0; i < PARTS; i++) {
        if (strcmp(names[i], name) == 0 &&
            archive->begin[i] < archive->end[i]) {
            archive->part = i;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

/* In small pieces, so that tags are cut. */
enum status __wrap_archive_read(struct archive *archive, uint8_t *out,
                                size_t room, size_t *size, struct fault *fault)
{
    size_t *at = &archive->begin[archive->part];
    size_t left = archive->end[archive->part] - *at;

    (void)fault;
    room = room < 61 ? room : 61;
    *size = left < room ? left : room;
    memcpy(out, archive->bytes + *at, *size);
    *at += *size;
    return STATUS_OK;
}

uint64_t __wrap_archive_part_size(const struct archive *archive)
{
    return archive->end[archive->part];
}

const char *__wrap_archive_part_name(const struct archive *archive)
{
    return names[archive->part];
}
