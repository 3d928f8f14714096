/* text - Vietnamese text, numbers and dates, in and out.
 *
 * Flow     files, forms -> [text] -> units, catalogue, event;
 *          figures -> [text] -> people
 * Owns     nothing: the caller's buffers, closed by a zero.
 * Threads  any; pure.
 * Limits   TEXT_BYTES_MAX a piece of text; a key needs at most
 *          text_room(size) bytes.
 *
 * Text from outside is UTF-8 of any normal form. Inside it is NFC, without
 * control characters and without the marks that turn the direction of writing
 * (they can make a name look like another one).
 */
#ifndef TALLYLINE_COMMON_TEXT_H
#define TALLYLINE_COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/event/catalogue.h"

#define TEXT_BYTES_MAX  65536u
#define TEXT_NUMBER_MAX 32u /* with the closing zero */
#define TEXT_DATE_MAX   16u
#define TEXT_MOMENT_MAX 32u

enum text_error {
    TEXT_OK = 0,
    TEXT_NOT_UTF8,
    TEXT_NUL,
    TEXT_CONTROL, /* C0 or C1 control; tab and line ends are controls too */
    TEXT_BIDI,    /* a mark that turns the direction of writing */
    TEXT_TOO_LONG /* above TEXT_BYTES_MAX, or the buffer is too small */
};

/* Room that is always enough for the functions below, the zero included. */
size_t text_room(size_t size);

/* Whether the bytes are text that we take; TEXT_OK if so. */
enum text_error text_check(const char *text, size_t size);

/* Writes `text` in NFC. STATUS_INVALID: not text that we take, or too long,
 * see `why` (may be NULL); `out` is then empty. `length` (may be NULL) is
 * without the zero. */
MUST_USE enum status text_to_nfc(const char *text, size_t size, char *out,
                                 size_t room, size_t *length,
                                 enum text_error *why);

/* What two spellings of one name have in common: NFC, lower case, tone marks
 * of open oa, oe, uy on the second vowel, blanks (no-break ones too) collapsed
 * and none at the ends. With `without_type` the leading words xã, phường,
 * thị trấn, quận, huyện, thị xã, thành phố, tỉnh, đặc khu go as well, unless
 * only a number or nothing would be left. Statuses as text_to_nfc(). */
MUST_USE enum status text_match_key(const char *text, size_t size,
                                    bool without_type, char *out, size_t room,
                                    size_t *length);
/* The match key without accents (đ becomes d): for searching and for reading
 * abbreviations, never for deciding that two units are the same. */
MUST_USE enum status text_search_key(const char *text, size_t size,
                                     bool without_type, char *out, size_t room,
                                     size_t *length);

/* The text in capital letters, cut where `room` ends. `text` is text that we
 * take. */
void text_to_upper(const char *text, char *out, size_t room);

/* Columns on a screen: combining marks take none, wide characters two. Bytes
 * that are not UTF-8 count one each. */
size_t text_width(const char *text, size_t size);

/* 1.250.000 in Vietnamese, 1,250,000 in English. */
void text_format_count(uint64_t count, enum language language,
                       char out[TEXT_NUMBER_MAX]);
/* numerator / denominator in percent with at most two decimals, half up:
 * 80,48% and 80.48%. Denominator not 0. Numerator at most UINT64_MAX/20000. */
void text_format_percent(uint64_t numerator, uint64_t denominator,
                         enum language language, char out[TEXT_NUMBER_MAX]);
/* dd/mm/yyyy in Vietnamese, yyyy-mm-dd in English. */
void text_format_date(int32_t day, enum language language,
                      char out[TEXT_DATE_MAX]);
/* yyyy-mm-dd, for machines. */
void text_format_date_iso(int32_t day, char out[TEXT_DATE_MAX]);
/* RFC 3339, UTC, to the microsecond: 2018-03-05T01:02:03.000004Z. */
void text_format_moment(int64_t microseconds, char out[TEXT_MOMENT_MAX]);
/* A moment as people at UTC+7 read a clock: 04:29 22/11/2026. */
void text_format_clock(int64_t microseconds, enum language language,
                       char out[TEXT_MOMENT_MAX]);

/* A whole number, 1250000 or 1.250.000 (dots then must part groups of three);
 * leading zeros are taken. STATUS_INVALID for anything else. */
MUST_USE enum status text_parse_count(const char *text, size_t size,
                                      uint64_t *count);
/* A moment in the form of RFC 3339, with Z or how far it lies from UTC:
 * 2018-03-05T08:02:03+07:00, with or without seconds and parts of them; a blank
 * may stand for the T. What is finer than a microsecond is cut off.
 * STATUS_INVALID for anything else. */
MUST_USE enum status text_parse_moment(const char *text, size_t size,
                                       int64_t *microseconds);
/* yyyy-mm-dd or d/m/yyyy, a day that exists. */
MUST_USE enum status text_parse_date(const char *text, size_t size,
                                     int32_t *day);

#endif
