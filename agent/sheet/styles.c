#include "agent/sheet/styles.h"

#include <stdlib.h>
#include <string.h>

#include "agent/sheet/markup.h"
#include "common/base/text.h"

struct styles {
    uint8_t days[STYLES_MAX / 8u]; /* a bit a style */
    size_t count;
    /* Formats of the file's own that show a day. */
    uint32_t formats[STYLES_FORMATS_MAX];
    size_t format_count;

    struct fault *fault; /* while it is read */
    const char *part;
    bool within; /* cellXfs */
};

/* ---- formats ---- */

/* Formats that every program knows by number: days, and days with a time. */
static bool known_day(uint32_t format)
{
    return (format >= 14 && format <= 17) || format == 22 ||
           (format >= 27 && format <= 31) || format == 36 ||
           (format >= 50 && format <= 54) || format == 57 || format == 58;
}

/* The place behind what is quoted, escaped or in brackets; `at` itself when
 * none begins there. */
static const char *behind_literal(const char *at)
{
    const char *end = NULL;

    if (*at == '\\' || *at == '_' || *at == '*') {
        return at[1] != '\0' ? at + 2 : at + 1;
    }
    if (*at == '"') {
        end = strchr(at + 1, '"');
    } else if (*at == '[') {
        end = strchr(at + 1, ']');
    } else {
        return at;
    }
    return end != NULL ? end + 1 : at + strlen(at);
}

/* Hours, minutes or seconds that go on: [h], [mm]. [Magenta] is a colour. */
static bool goes_on(const char *at)
{
    size_t size = strspn(at + 1, "hmsHMS");

    return *at == '[' && size > 0 && at[1 + size] == ']';
}

bool styles_shows_day(const char *format)
{
    bool month = false;
    bool time = false;

    for (const char *at = format; *at != '\0' && *at != ';'; at++) {
        const char *behind = behind_literal(at);

        time = time || goes_on(at);
        if (behind != at) {
            at = behind - 1;
            continue;
        }
        switch (*at) {
        case 'd':
        case 'D':
        case 'y':
        case 'Y':
            return true;
        case 'm':
        case 'M':
            month = true;
            break;
        case 'h':
        case 'H':
        case 's':
        case 'S':
            time = true;
            break;
        case 'G':
        case 'g':
            if (strncmp(at, "General", 7) == 0) {
                at += 6;
            }
            break;
        default:
            break;
        }
    }
    return month && !time; /* with a time, m is minutes */
}

/* ---- the part ---- */

static bool read_number(const char *text, uint32_t *number)
{
    uint64_t count;

    if (text == NULL ||
        text_parse_count(text, strlen(text), &count) != STATUS_OK ||
        count > UINT32_MAX) {
        return false;
    }
    *number = (uint32_t)count;
    return true;
}

static enum status add_format(struct styles *styles,
                              const char *const *attributes)
{
    const char *code = markup_attribute(attributes, "formatCode");
    uint32_t number;

    if (code == NULL ||
        !read_number(markup_attribute(attributes, "numFmtId"), &number) ||
        !styles_shows_day(code)) {
        return STATUS_OK;
    }
    if (styles->format_count == STYLES_FORMATS_MAX) {
        fault_set(styles->fault, FAULT_MANY_STYLES, styles->part);
        return STATUS_INVALID;
    }
    styles->formats[styles->format_count++] = number;
    return STATUS_OK;
}

static enum status add_style(struct styles *styles,
                             const char *const *attributes)
{
    uint32_t format = 0;
    bool day;

    if (styles->count == STYLES_MAX) {
        fault_set(styles->fault, FAULT_MANY_STYLES, styles->part);
        return STATUS_INVALID;
    }
    (void)read_number(markup_attribute(attributes, "numFmtId"), &format);
    day = known_day(format);
    for (size_t i = 0; i < styles->format_count && !day; i++) {
        day = styles->formats[i] == format;
    }
    if (day) {
        styles->days[styles->count / 8] |= (uint8_t)(1u << styles->count % 8);
    }
    styles->count++;
    return STATUS_OK;
}

static enum status on_begin(void *owner, const char *name,
                            const char *const *attributes)
{
    struct styles *styles = owner;

    if (strcmp(name, "numFmt") == 0) {
        return add_format(styles, attributes);
    }
    if (strcmp(name, "cellXfs") == 0) {
        styles->within = true;
    } else if (strcmp(name, "xf") == 0 && styles->within) {
        return add_style(styles, attributes);
    }
    return STATUS_OK;
}

static enum status on_end(void *owner, const char *name)
{
    struct styles *styles = owner;

    if (strcmp(name, "cellXfs") == 0) {
        styles->within = false;
    }
    return STATUS_OK;
}

enum status styles_read(struct archive *archive, const char *part,
                        struct styles **styles, struct fault *fault)
{
    struct styles *made = calloc(1, sizeof *made);
    struct markup markup = {.owner = made, .begin = on_begin, .end = on_end};
    enum status rc;

    *styles = NULL;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->fault = fault;
    made->part = part;
    rc = archive_begin(archive, part, fault);
    if (rc == STATUS_OK) {
        rc = markup_read(archive, &markup, fault);
    } else if (rc == STATUS_NOT_FOUND) {
        rc = STATUS_OK;
    }
    if (rc != STATUS_OK) {
        styles_free(&made);
    }
    *styles = made;
    return rc;
}

void styles_free(struct styles **styles)
{
    free(*styles);
    *styles = NULL;
}

bool styles_is_day(const struct styles *styles, uint64_t style)
{
    return style < styles->count &&
           (styles->days[style / 8] & 1u << style % 8) != 0;
}
