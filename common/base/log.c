/* A line is put together on the stack and leaves with one write(2), so that
 * lines of two threads never mix and logging needs no memory and no lock.
 * When the write fails there is nobody left to tell, so it is let go. */
#include "common/base/log.h"

#include "common/base/check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Good before log_init() too: set once, then only read; but for the level. */
static struct {
    int fd;
    _Atomic(enum log_level) level;
    bool terminal;
    const struct clock *clock; /* NULL: the machine's */
} state = {.fd = STDERR_FILENO, .level = LOG_LEVEL_INFO};

static const struct {
    const char *name;
    int journal_priority;
} levels[] = {
    [LOG_LEVEL_ERROR] = {"error", 3},
    [LOG_LEVEL_WARNING] = {"warning", 4},
    [LOG_LEVEL_INFO] = {"info", 6},
    [LOG_LEVEL_DEBUG] = {"debug", 7},
};

void log_init(const struct log_settings *settings)
{
    state.fd = settings->fd;
    log_set_level(settings->level);
    state.terminal =
        settings->form == LOG_FORM_TERMINAL ||
        (settings->form == LOG_FORM_AUTO && isatty(settings->fd) == 1);
    state.clock = settings->clock;
}

void log_set_level(enum log_level level)
{
    atomic_store_explicit(&state.level, level, memory_order_relaxed);
}

struct log_field log_number(const char *key, int64_t number)
{
    return (struct log_field){
        .key = key, .kind = LOG_FIELD_NUMBER, .number = number};
}

struct log_field log_text(const char *key, const char *text)
{
    return (struct log_field){
        .key = key, .kind = LOG_FIELD_TEXT, .text = text != NULL ? text : ""};
}

struct log_field log_status(const char *key, enum status status)
{
    return log_text(key, status_name(status));
}

struct log_field log_hex(const char *key, struct bytes bytes)
{
    return (struct log_field){
        .key = key, .kind = LOG_FIELD_HEX, .bytes = bytes};
}

/* A line that is being put together; what does not fit is cut. One byte is
 * kept for the line end. */
struct line {
    char text[LOG_LINE_BYTES_MAX];
    size_t size;
};

static void line_char(struct line *line, char c)
{
    if (line->size < sizeof line->text - 1) {
        line->text[line->size++] = c;
    }
}

static void line_text(struct line *line, const char *text)
{
    for (; *text != '\0'; text++) {
        line_char(line, *text);
    }
}

/* Quotes when logfmt needs it. Control characters become '?', so that no text
 * can forge a line or move a terminal's cursor. */
static void line_value(struct line *line, const char *text)
{
    bool quote = *text == '\0' || strpbrk(text, " =\"\\") != NULL;

    if (quote) {
        line_char(line, '"');
    }
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\') {
            line_char(line, '\\');
        }
        line_char(line, c < 0x20 || c == 0x7f ? '?' : *text);
    }
    if (quote) {
        line_char(line, '"');
    }
}

static void line_key(struct line *line, const char *key)
{
    if (line->size > 0 && line->text[line->size - 1] != ' ' &&
        line->text[line->size - 1] != '>') {
        line_char(line, ' ');
    }
    line_text(line, key);
    line_char(line, '=');
}

static void line_number(struct line *line, int64_t number)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%" PRId64, number);
    line_text(line, text);
}

static void line_field(struct line *line, const struct log_field *field)
{
    char hex[BYTES_HEX_SIZE(LOG_HEX_BYTES_MAX)];
    struct bytes bytes = field->bytes;

    line_key(line, field->key);
    switch (field->kind) {
    case LOG_FIELD_NUMBER:
        line_number(line, field->number);
        break;
    case LOG_FIELD_TEXT:
        line_value(line, field->text);
        break;
    case LOG_FIELD_HEX:
        if (bytes.size > LOG_HEX_BYTES_MAX) {
            bytes.size = LOG_HEX_BYTES_MAX;
        }
        check(bytes_to_hex(bytes, hex, sizeof hex) == STATUS_OK);
        line_text(line, hex);
        break;
    }
}

/* "module=spool" for agent/spool/spool.c: a reader looks for the file. */
static void line_module(struct line *line, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *stem = slash != NULL ? slash + 1 : file;

    line_key(line, "module");
    for (; *stem != '\0' && *stem != '.'; stem++) {
        line_char(line, *stem);
    }
}

static void line_begin(struct line *line, enum log_level level, int64_t now_us)
{
    char text[40];
    struct tm utc;
    time_t seconds = (time_t)(now_us / CLOCK_US_PER_S);

    if (!state.terminal) {
        line_char(line, '<');
        line_number(line, levels[level].journal_priority);
        line_char(line, '>');
        return;
    }
    if (gmtime_r(&seconds, &utc) != NULL &&
        strftime(text, sizeof text, "%H:%M:%SZ ", &utc) > 0) {
        line_text(line, text);
    }
    (void)snprintf(text, sizeof text, "%-7s ", levels[level].name);
    line_text(line, text);
}

/* Whether the line may leave, and how many were left out before it. Two
 * threads that open a window at once may let a few more lines through: the
 * limit protects the disk, it need not be exact. */
static bool site_admits(struct log_site *site, int64_t now_us, uint32_t *missed)
{
    int64_t start = atomic_load(&site->window_start_us);

    *missed = 0;
    if (start == 0 || now_us - start >= LOG_SITE_WINDOW_US) {
        atomic_store(&site->window_start_us, now_us);
        atomic_store(&site->in_window, 0);
        *missed = atomic_exchange(&site->left_out, 0);
    }
    if (atomic_fetch_add(&site->in_window, 1) < LOG_SITE_BURST) {
        return true;
    }
    (void)atomic_fetch_add(&site->left_out, 1);
    return false;
}

void log_write(struct log_site *site, enum log_level level, const char *message,
               const struct log_field *fields)
{
    const struct clock *clock =
        state.clock != NULL ? state.clock : clock_real();
    struct line line = {.size = 0};
    uint32_t missed;

    if (level > atomic_load_explicit(&state.level, memory_order_relaxed) ||
        !site_admits(site, clock_monotonic_us(clock), &missed)) {
        return;
    }
    line_begin(&line, level, clock_wall_us(clock));
    line_module(&line, site->file);
    line_key(&line, "msg");
    line_value(&line, message);
    for (size_t i = 0; fields[i].key != NULL; i++) {
        check(i < LOG_FIELDS_MAX);
        line_field(&line, &fields[i]);
    }
    if (missed > 0) {
        line_field(&line, &(struct log_field){.key = "left_out",
                                              .kind = LOG_FIELD_NUMBER,
                                              .number = missed});
    }
    line.text[line.size++] = '\n';
    if (write(state.fd, line.text, line.size) < 0) {
        return;
    }
}
