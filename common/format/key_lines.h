/* key_lines - keys, names and addresses as lines of the YAML files that travel
 * between a province's machines.
 *
 * Flow     enrol_file, card <-> [key_lines] <-> YAML text
 * Owns     the text of a file while it is read.
 * Threads  any.
 * Limits   ENROL_ADDRESSES_MAX addresses; what a buffer or an array holds.
 *
 * Keys and ids are in hex, texts in double quotes.
 */
#ifndef TALLYLINE_COMMON_KEY_LINES_H
#define TALLYLINE_COMMON_KEY_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/language.h"
#include "common/base/status.h"
#include "common/base/yaml.h"
#include "common/figures/report.h"
#include "common/format/enrol_file.h"

/* ---- writing: STATUS_FULL, STATUS_MEMORY ---- */

/* `before`, at most SIGNATURE_BYTES in hex, and the end of the line. */
MUST_USE enum status key_lines_put(struct buffer *out, const char *before,
                                   const uint8_t *data, size_t size);
/* "key: HEX", as above. */
MUST_USE enum status key_lines_put_hex(struct buffer *out, const char *key,
                                       const uint8_t *data, size_t size);
/* 'key: "text"'; nothing for an empty text. */
MUST_USE enum status key_lines_put_text(struct buffer *out, const char *key,
                                        const char *text);
/* The list `collector`. */
MUST_USE enum status key_lines_put_addresses(
    struct buffer *out,
    const char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX], size_t count);

/* ---- reading: mistakes stand in the file's report ---- */

/* A kind of file. */
struct key_lines_kind {
    size_t bytes_max;
    uint32_t version;        /* the newest that is known */
    const char *const *keys; /* that may be there; NULL behind the last */
    struct language_text too_large;
    /* Takes what the file says into `out`. */
    void (*read)(const struct yaml *yaml, void *out);
};

/* Reads a file of that kind. STATUS_NO_INPUT: cannot be read; STATUS_INVALID:
 * every mistake stands in `report`; STATUS_VERSION: from a newer program;
 * STATUS_MEMORY. `out` is to be wiped unless STATUS_OK. */
MUST_USE enum status key_lines_load(const char *path,
                                    const struct key_lines_kind *kind,
                                    struct report *report, void *out);

/* Exactly `size` bytes in hex, which must be there. */
void key_lines_read_hex(const struct yaml *yaml, const char *key, uint8_t *out,
                        size_t size);
/* Shorter than `room`; empty when the file does not have it. */
void key_lines_read_text(const struct yaml *yaml, const char *key, char *out,
                         size_t room);
/* The list `collector`, which must be there. */
void key_lines_read_addresses(
    const struct yaml *yaml,
    char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX], size_t *count);

#endif
