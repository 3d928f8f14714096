/* orders_file - what a province has ordered, carried from one of its ledgers to
 * another.
 *
 * Flow     ledger -> orders -> [orders_file] -> import-orders -> other ledger
 * Owns     an open file and one record.
 * Threads  one at a time.
 * Limits   CONTROL_BYTES_MAX a record, ORDERS_FILE_RECORDS_MAX a file.
 *
 * Layout (big-endian), version 1:
 *
 *   offset size
 *        0    4  "TLO1"
 *        4    1  version, 1
 *        5    3  zero
 *        8   16  id of the ledger that it was made of
 *       24    8  entries of that ledger
 *       32    8  made_at, microseconds UTC
 *       40    n  records: kind (1), size (4), then so many bytes
 *     40+n    5  zero
 *               32  a hash: it begins as SHA-256 of the head, and each record
 *                   makes it SHA-256(hash, SHA-256(kind, size and bytes))
 *               64  Ed25519 over "tallyline orders 1", a zero byte and the hash
 *
 * The first record is the genesis of the ledger it was made of; orders and
 * batches (if asked for) follow as they stand in it. The
 * administrator signs the file, so that nothing can be left out on the way;
 * each document in it bears that signature as well.
 *
 * Invariants
 *   I8   what the administrator has not signed is refused before a record of
 *        it is read, and no record is read that was not signed.
 *   I11  every size is checked before it is used.
 */
#ifndef TALLYLINE_COLLECTOR_ORDERS_FILE_H
#define TALLYLINE_COLLECTOR_ORDERS_FILE_H

#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/control.h"
#include "common/format/sign.h"

#define ORDERS_FILE_HEAD_BYTES  40u
#define ORDERS_FILE_RECORDS_MAX 1000000u

struct orders_file_head {
    struct random_id ledger_id;
    uint64_t entries;
    int64_t made_at;
};

enum orders_file_kind {
    ORDERS_FILE_CONTROL = 1, /* a control document */
    ORDERS_FILE_BATCH = 2    /* a batch of an office, as it was sealed */
};

/* ---- writing ---- */

struct orders_file_writer; /* opaque */

/* Begins "path.new", of mode 0600. STATUS_EXISTS: at `path` lies a file of
 * another kind; STATUS_INVALID: the path is too long; STATUS_IO, STATUS_MEMORY.
 */
MUST_USE enum status orders_file_create(const char *path,
                                        const struct orders_file_head *head,
                                        struct orders_file_writer **writer);
/* Adds a record, at most CONTROL_BYTES_MAX. STATUS_FULL: no room there, or too
 * many records; STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status orders_file_put(struct orders_file_writer *writer,
                                     enum orders_file_kind kind,
                                     struct bytes bytes);
/* Signs, and gives the file its name once it is on the medium, in place of an
 * older one. Frees the writer in every case; as above. */
MUST_USE enum status orders_file_finish(struct orders_file_writer **writer,
                                        const struct sign_keys *administrator);
/* Leaves nothing behind; takes NULL. */
void orders_file_abandon(struct orders_file_writer **writer);

/* ---- reading ---- */

struct orders_file_reader; /* opaque */

/* Reads the whole file once, into a copy that has no name. STATUS_NO_INPUT:
 * cannot be read; STATUS_INVALID: no such file, or not all of one; STATUS_FULL:
 * no room for the copy (TMPDIR); STATUS_VERSION, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status orders_file_open(const char *path,
                                      struct orders_file_head *head,
                                      struct orders_file_reader **reader);
/* Whether that administrator signed it. STATUS_REFUSED. */
MUST_USE enum status orders_file_verify(const struct orders_file_reader *reader,
                                        const struct public_key *administrator);
/* The next record, valid until the next call. STATUS_NOT_FOUND behind the
 * last; STATUS_INVALID, STATUS_IO. */
MUST_USE enum status orders_file_next(struct orders_file_reader *reader,
                                      enum orders_file_kind *kind,
                                      struct bytes *bytes);
/* From the first record on again. STATUS_IO. */
MUST_USE enum status orders_file_again(struct orders_file_reader *reader);
void orders_file_close(struct orders_file_reader **reader);

#endif
