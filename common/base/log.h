/* log - what happened, one line each, for people and for machines.
 *
 * Flow     modules -> [log] -> stderr: the journal, a file or a terminal
 * Owns     the process-wide settings: the only global of the project.
 * Threads  any after log_init(); a line is one write and never mixes.
 * Limits   LOG_LINE_BYTES_MAX a line, longer ones are cut; LOG_SITE_BURST
 *          lines from one place in the code within LOG_SITE_WINDOW_US, then
 *          only a count, so that no peer can fill a disk through the log.
 *
 * A line is logfmt: module=spool msg="opened" path=/var/lib/x events=12. Off
 * a terminal it begins with the journal's <N> priority; on one with the time
 * and the level. Fields have types, and there is none for raw input: event
 * payloads, keys of people and secrets never reach a log (I9).
 *
 *     log_info("opened", log_text("path", path), log_number("events", n));
 */
#ifndef TALLYLINE_COMMON_LOG_H
#define TALLYLINE_COMMON_LOG_H

#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "common/base/status.h"

#include <stdatomic.h>
#include <stdint.h>

#define LOG_LINE_BYTES_MAX 1024u
#define LOG_FIELDS_MAX     16u
#define LOG_HEX_BYTES_MAX  32u
#define LOG_SITE_BURST     20u
#define LOG_SITE_WINDOW_US (INT64_C(10) * CLOCK_US_PER_S)

enum log_level {
    LOG_LEVEL_ERROR,
    LOG_LEVEL_WARNING,
    LOG_LEVEL_INFO,
    LOG_LEVEL_DEBUG
};

enum log_form {
    LOG_FORM_AUTO, /* by whether the descriptor is a terminal */
    LOG_FORM_JOURNAL,
    LOG_FORM_TERMINAL
};

struct log_settings {
    int fd;
    enum log_level level; /* lines above it are left out */
    enum log_form form;
    const struct clock *clock; /* NULL: the machine's; borrowed till the end */
};

/* Without it lines of LOG_LEVEL_INFO and below go to stderr. Not for use while
 * another thread logs. */
void log_init(const struct log_settings *settings);
/* Lines above this level are left out from now on. Any thread, any time. */
void log_set_level(enum log_level level);

struct log_field {
    const char *key; /* NULL ends a list */
    enum {
        LOG_FIELD_NUMBER,
        LOG_FIELD_TEXT,
        LOG_FIELD_HEX
    } kind;
    int64_t number;
    const char *text;
    struct bytes bytes;
};

/* Fields borrow what they are given until the line is written. */
struct log_field log_number(const char *key, int64_t number);
struct log_field log_text(const char *key, const char *text);
struct log_field log_status(const char *key, enum status status);

/* An identifier or a hash, at most LOG_HEX_BYTES_MAX of it, as hex. */
struct log_field log_hex(const char *key, struct bytes bytes);

/* One place in the code, for its rate limit. */
struct log_site {
    const char *file;
    _Atomic int64_t window_start_us;
    _Atomic uint32_t in_window;
    _Atomic uint32_t left_out;
};

/* Used by the macros below. */
void log_write(struct log_site *site, enum log_level level, const char *message,
               const struct log_field *fields);

#define LOG_END        \
    (struct log_field) \
    {                  \
        .key = NULL    \
    }
#define LOG_AT(level, message, ...)                            \
    do {                                                       \
        static struct log_site log_site_ = {.file = __FILE__}; \
        log_write(&log_site_, level, message,                  \
                  (const struct log_field[]){__VA_ARGS__});    \
    } while (0)

/* log_error(message, field, ...): the message is a constant in English. */
#define log_error(...) LOG_AT(LOG_LEVEL_ERROR, __VA_ARGS__, LOG_END, LOG_END)
#define log_warning(...) \
    LOG_AT(LOG_LEVEL_WARNING, __VA_ARGS__, LOG_END, LOG_END)
#define log_info(...)  LOG_AT(LOG_LEVEL_INFO, __VA_ARGS__, LOG_END, LOG_END)
#define log_debug(...) LOG_AT(LOG_LEVEL_DEBUG, __VA_ARGS__, LOG_END, LOG_END)

#endif
