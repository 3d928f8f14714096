/* cold_private - what the files of cold share; nobody else's. */
#ifndef TALLYLINE_COLD_PRIVATE_H
#define TALLYLINE_COLD_PRIVATE_H

#include "collector/ledger/cold.h"

#define COLD_VERSION     1u
#define COLD_SUFFIX      ".cold"
#define COLD_NEW         ".new"
#define COLD_NAME_DIGITS 8
#define COLD_MAGIC       "TLC1"
#define COLD_MAGIC_BYTES 4u

/* Where the fields lie, in the head and in a row. */
enum {
    COLD_AT_VERSION = 4,
    COLD_AT_NUMBER = 8,
    COLD_AT_COUNT = 12,
    COLD_AT_FROM = 16,
    COLD_AT_TO = 24,
    COLD_AT_LEDGER = 32,
    COLD_ROW_DIGEST = 8,
    COLD_ROW_OFFSET = 40,
    COLD_ROW_SIZE = 48
};

static inline size_t cold_table_bytes(uint32_t count)
{
    return COLD_HEAD_BYTES + (size_t)count * COLD_ROW_BYTES;
}

#endif
