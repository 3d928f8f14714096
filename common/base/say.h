/* say - JSON written straight into a buffer, for what is served often.
 *
 * Flow     structs -> [say] -> bytes of a reply
 * Owns     nothing; the buffer is the caller's and bounds everything.
 * Threads  one at a time for each value.
 * Limits   the buffer's maximum; SAY_DEPTH_MAX objects and arrays in one
 *          another.
 *
 * Commas and brackets are kept by the writer; a key is given with each value
 * inside an object and is NULL inside an array. The first failure is kept, the
 * rest is passed over, and it is answered once: say->status. Texts are UTF-8
 * that was checked when it came in.
 *
 * Counts are written as texts, since a program that reads numbers as doubles
 * loses what is above 2^53; say_number() is for names, such as positions.
 */
#ifndef TALLYLINE_COMMON_SAY_H
#define TALLYLINE_COMMON_SAY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/language.h"
#include "common/base/status.h"

#define SAY_DEPTH_MAX 32u

struct say {
    struct buffer *buffer; /* borrowed */
    enum status status;
    unsigned depth;
    uint64_t begun; /* a bit a level: it has a value already */
    bool keyed;     /* a key stands already */
};

void say_init(struct say *say, struct buffer *buffer);

/* The key of the next value, which is given none itself. */
void say_key(struct say *say, const char *key);

void say_object(struct say *say, const char *key);
void say_object_end(struct say *say);
void say_array(struct say *say, const char *key);
void say_array_end(struct say *say);

/* NULL is written as null. */
void say_text(struct say *say, const char *key, const char *text);
void say_number(struct say *say, const char *key, int64_t number);
void say_count(struct say *say, const char *key, int64_t count);
void say_total(struct say *say, const char *key, uint64_t total);
void say_bool(struct say *say, const char *key, bool value);
void say_null(struct say *say, const char *key);
/* "2018-03-05" */
void say_day(struct say *say, const char *key, int32_t day);
/* RFC 3339 of microseconds UTC; 0 is null. */
void say_moment(struct say *say, const char *key, int64_t wall_us);
/* Hex. */
void say_hex(struct say *say, const char *key, struct bytes bytes);
/* {"vi": ..., "en": ...}; null when there is no text at all. */
void say_labels(struct say *say, const char *key, struct language_text text);
/* What is JSON already. */
void say_raw(struct say *say, const char *key, struct bytes value);

#endif
