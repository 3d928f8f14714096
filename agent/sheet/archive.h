/* archive - the parts of a workbook's file, unpacked within bounds.
 *
 * Flow     an open file -> [archive] -> markup
 * Owns     the archive and the part that is being read; close both. Only
 *          archive.c includes <zip.h>.
 * Threads  one at a time for each archive.
 * Limits   ARCHIVE_FILE_MAX bytes a file, ARCHIVE_PARTS_MAX parts,
 *          ARCHIVE_DIRECTORY_MAX bytes of directory, ARCHIVE_UNPACKED_MAX
 *          bytes of all parts that are read, ARCHIVE_RATIO_MAX times what a
 *          part takes in the file (above ARCHIVE_FREE_BYTES).
 *
 * How much a part holds is counted as it is unpacked, since what the directory
 * says may be a lie. The directory is looked at before any memory is taken for
 * it.
 *
 * Invariants
 *   I11  a small file cannot become a large one.
 */
#ifndef TALLYLINE_AGENT_ARCHIVE_H
#define TALLYLINE_AGENT_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/sheet/fault.h"
#include "common/base/status.h"

#define ARCHIVE_FILE_MAX      (64u * 1024u * 1024u)
#define ARCHIVE_PARTS_MAX     1024u
#define ARCHIVE_DIRECTORY_MAX (1024u * 1024u)
#define ARCHIVE_UNPACKED_MAX  (512u * 1024u * 1024u)
#define ARCHIVE_RATIO_MAX     200u
#define ARCHIVE_FREE_BYTES    (1024u * 1024u)

struct archive; /* opaque */

/* Opens the file behind `fd`, which stays the caller's and must not be read
 * meanwhile. STATUS_INVALID: see `fault`. */
MUST_USE enum status archive_open(int fd, struct archive **archive,
                                  struct fault *fault);
void archive_close(struct archive **archive);

/* Begins to read a part; the one before it is over. STATUS_NOT_FOUND: there is
 * none of that name (no fault is set). STATUS_INVALID: see `fault`. */
MUST_USE enum status archive_begin(struct archive *archive, const char *name,
                                   struct fault *fault);
/* Up to `room` bytes more of the part; `size` 0 at its end. */
MUST_USE enum status archive_read(struct archive *archive, uint8_t *out,
                                  size_t room, size_t *size,
                                  struct fault *fault);
/* How much the part is said to hold, for a bar of progress. */
uint64_t archive_part_size(const struct archive *archive);
/* The name of the part that is being read. */
const char *archive_part_name(const struct archive *archive);

#endif
