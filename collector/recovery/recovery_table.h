/* recovery_table - what the files that know the table's rows share.
 *
 * Flow     recovery_rows.c (claims, offices, state), recovery_documents.c
 * Threads  as recovery_rows.h, where the rows are described.
 */
#ifndef TALLYLINE_COLLECTOR_RECOVERY_TABLE_H
#define TALLYLINE_COLLECTOR_RECOVERY_TABLE_H

#include "collector/recovery/recovery_rows.h"

#define RECOVERY_ROW_VERSION 2u

/* The first byte of the key of a row that is no claim. */
#define RECOVERY_ERASURES  253u
#define RECOVERY_DOCUMENTS 254u
#define RECOVERY_HEARD     255u

/* The longest key: that of a document or of an erasure. */
#define RECOVERY_KEY_MAX (9u + DIGEST_BYTES)

/* Puts a row in the open group; `reserve`: even above the high-water mark. */
MUST_USE enum status recovery_row_put(struct ledger *ledger, struct bytes key,
                                      struct bytes value, bool reserve);
/* A head and what follows it, in one value. */
MUST_USE enum status recovery_row_put_long(struct ledger *ledger,
                                           struct bytes key, struct bytes head,
                                           struct bytes rest,
                                           struct buffer *scratch);

#endif
