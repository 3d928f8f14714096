/* text_number - numbers and dates as people write them.
 *
 * Flow     text_number <-> cells, forms, figures
 *
 * Vietnamese groups thousands with dots and marks decimals with a comma:
 * 1.250.000 and 80,48%. Dates are dd/mm/yyyy.
 */
#include "common/base/check.h"
#include "common/base/text.h"
#include "common/event/calendar.h"

#include <stdio.h>
#include <string.h>

#define GROUP_DIGITS     3u
#define ISO_DATE_BYTES   10u
#define MICROSECONDS_DAY (INT64_C(86400) * 1000000)

void text_format_count(uint64_t count, enum language language,
                       char out[TEXT_NUMBER_MAX])
{
    char digits[TEXT_NUMBER_MAX];
    char mark = language == LANGUAGE_EN ? ',' : '.';
    int size =
        snprintf(digits, sizeof(digits), "%llu", (unsigned long long)count);
    size_t used = 0;
    for (int i = 0; i < size; i++) {
        if (i > 0 && (unsigned)(size - i) % GROUP_DIGITS == 0) {
            out[used++] = mark;
        }
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

void text_format_percent(uint64_t numerator, uint64_t denominator,
                         enum language language, char out[TEXT_NUMBER_MAX])
{
    check(denominator > 0 && numerator <= UINT64_MAX / 20000);
    uint64_t hundredths = numerator * 10000 / denominator;
    uint64_t rest = numerator * 10000 % denominator;
    if (rest >= denominator - rest) {
        hundredths++;
    }
    char whole[TEXT_NUMBER_MAX];
    char mark = language == LANGUAGE_EN ? '.' : ',';
    unsigned decimals = (unsigned)(hundredths % 100);
    int size = 0;
    text_format_count(hundredths / 100, language, whole);
    if (decimals == 0) {
        size = snprintf(out, TEXT_NUMBER_MAX, "%s%%", whole);
    } else if (decimals % 10 == 0) {
        size = snprintf(out, TEXT_NUMBER_MAX, "%s%c%u%%", whole, mark,
                        decimals / 10);
    } else {
        size =
            snprintf(out, TEXT_NUMBER_MAX, "%s%c%02u%%", whole, mark, decimals);
    }
    check(size > 0 && (size_t)size < TEXT_NUMBER_MAX);
}

void text_format_date_iso(int32_t day, char out[TEXT_DATE_MAX])
{
    struct calendar_date date = calendar_date(day);
    int size = snprintf(out, TEXT_DATE_MAX, "%04d-%02d-%02d", date.year,
                        date.month, date.day);
    check(size > 0 && (size_t)size < TEXT_DATE_MAX);
}

void text_format_date(int32_t day, enum language language,
                      char out[TEXT_DATE_MAX])
{
    if (language == LANGUAGE_EN) {
        text_format_date_iso(day, out);
        return;
    }
    struct calendar_date date = calendar_date(day);
    int size = snprintf(out, TEXT_DATE_MAX, "%02d/%02d/%04d", date.day,
                        date.month, date.year);
    check(size > 0 && (size_t)size < TEXT_DATE_MAX);
}

void text_format_moment(int64_t microseconds, char out[TEXT_MOMENT_MAX])
{
    int64_t day = microseconds / MICROSECONDS_DAY;
    int64_t rest = microseconds % MICROSECONDS_DAY;
    if (rest < 0) {
        day -= 1;
        rest += MICROSECONDS_DAY;
    }
    char date[TEXT_DATE_MAX];
    int seconds = (int)(rest / 1000000);
    text_format_date_iso((int32_t)day, date);
    int size = snprintf(out, TEXT_MOMENT_MAX, "%sT%02d:%02d:%02d.%06dZ", date,
                        seconds / 3600, seconds / 60 % 60, seconds % 60,
                        (int)(rest % 1000000));
    check(size > 0 && (size_t)size < TEXT_MOMENT_MAX);
}

void text_format_clock(int64_t microseconds, enum language language,
                       char out[TEXT_MOMENT_MAX])
{
    int64_t day = microseconds / MICROSECONDS_DAY;
    int64_t seconds = microseconds % MICROSECONDS_DAY / 1000000;
    char date[TEXT_DATE_MAX];

    seconds += CALENDAR_OFFSET_SECONDS;
    if (seconds < 0) {
        day--;
        seconds += MICROSECONDS_DAY / 1000000;
    } else if (seconds >= MICROSECONDS_DAY / 1000000) {
        day++;
        seconds -= MICROSECONDS_DAY / 1000000;
    }
    text_format_date((int32_t)day, language, date);
    int size = snprintf(out, TEXT_MOMENT_MAX, "%02d:%02d %s",
                        (int)(seconds / 3600), (int)(seconds / 60 % 60), date);
    check(size > 0 && (size_t)size < TEXT_MOMENT_MAX);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void trim(const char **text, size_t *size)
{
    while (*size > 0 && (*text)[0] == ' ') {
        (*text)++;
        (*size)--;
    }
    while (*size > 0 && (*text)[*size - 1] == ' ') {
        (*size)--;
    }
}

enum status text_parse_count(const char *text, size_t size, uint64_t *count)
{
    uint64_t value = 0;
    size_t group = 0; /* digits since the beginning or the last dot */
    bool dotted = false;
    trim(&text, &size);
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '.') {
            if (dotted ? group != GROUP_DIGITS
                       : group == 0 || group > GROUP_DIGITS) {
                return STATUS_INVALID;
            }
            dotted = true;
            group = 0;
            continue;
        }
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (!is_digit(text[i]) || value > (UINT64_MAX - digit) / 10) {
            return STATUS_INVALID;
        }
        value = value * 10 + digit;
        group++;
    }
    if (group == 0 || (dotted && group != GROUP_DIGITS)) {
        return STATUS_INVALID;
    }
    *count = value;
    return STATUS_OK;
}

/* A number of `least` to `most` digits; moves past it. */
static bool read_digits(const char **text, size_t *size, size_t least,
                        size_t most, int32_t *number)
{
    size_t used = 0;
    *number = 0;
    while (used < *size && used < most && is_digit((*text)[used])) {
        *number = *number * 10 + ((*text)[used] - '0');
        used++;
    }
    *text += used;
    *size -= used;
    return used >= least;
}

static bool read_mark(const char **text, size_t *size, char mark)
{
    if (*size == 0 || (*text)[0] != mark) {
        return false;
    }
    (*text)++;
    (*size)--;
    return true;
}

enum status text_parse_date(const char *text, size_t size, int32_t *day)
{
    struct calendar_date date;
    trim(&text, &size);
    bool iso = size > 4 && text[4] == '-';
    bool read = iso ? read_digits(&text, &size, 4, 4, &date.year) &&
                          read_mark(&text, &size, '-') &&
                          read_digits(&text, &size, 2, 2, &date.month) &&
                          read_mark(&text, &size, '-') &&
                          read_digits(&text, &size, 2, 2, &date.day)
                    : read_digits(&text, &size, 1, 2, &date.day) &&
                          read_mark(&text, &size, '/') &&
                          read_digits(&text, &size, 1, 2, &date.month) &&
                          read_mark(&text, &size, '/') &&
                          read_digits(&text, &size, 4, 4, &date.year);
    if (!read || size != 0 || !calendar_date_valid(&date)) {
        return STATUS_INVALID;
    }
    *day = calendar_day(date.year, date.month, date.day);
    return STATUS_OK;
}

/* The fraction of a second, in microseconds. */
static bool read_fraction(const char **text, size_t *size, int64_t *fraction)
{
    int64_t unit = 100000;
    size_t digits = 0;

    for (; *size > 0 && is_digit(**text); digits++) {
        *fraction += unit * (**text - '0');
        unit /= 10;
        (*text)++;
        (*size)--;
    }
    return digits > 0;
}

/* Hours and minutes, and seconds where they are given. */
static bool read_clock(const char **text, size_t *size, int64_t *microseconds)
{
    int32_t hour, minute, second = 0;
    int64_t fraction = 0;
    bool read = read_digits(text, size, 2, 2, &hour) &&
                read_mark(text, size, ':') &&
                read_digits(text, size, 2, 2, &minute);

    if (read && read_mark(text, size, ':')) {
        read = read_digits(text, size, 2, 2, &second) &&
               (!read_mark(text, size, '.') ||
                read_fraction(text, size, &fraction));
    }
    if (!read || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    *microseconds =
        ((hour * 60 + minute) * INT64_C(60) + second) * 1000000 + fraction;
    return true;
}

/* Z, or how far the clock lies before UTC. */
static bool read_offset(const char **text, size_t *size, int64_t *microseconds)
{
    int32_t hours, minutes;
    bool east;

    *microseconds = 0;
    if (read_mark(text, size, 'Z') || read_mark(text, size, 'z')) {
        return true;
    }
    east = read_mark(text, size, '+');
    if ((!east && !read_mark(text, size, '-')) ||
        !read_digits(text, size, 2, 2, &hours) || !read_mark(text, size, ':') ||
        !read_digits(text, size, 2, 2, &minutes) || hours > 23 ||
        minutes > 59) {
        return false;
    }
    *microseconds = (hours * 60 + minutes) * INT64_C(60000000);
    if (!east) {
        *microseconds = -*microseconds;
    }
    return true;
}

enum status text_parse_moment(const char *text, size_t size,
                              int64_t *microseconds)
{
    int64_t clock, offset;
    int32_t day;

    trim(&text, &size);
    if (size < ISO_DATE_BYTES || text[4] != '-' ||
        text_parse_date(text, ISO_DATE_BYTES, &day) != STATUS_OK) {
        return STATUS_INVALID;
    }
    text += ISO_DATE_BYTES;
    size -= ISO_DATE_BYTES;
    if ((!read_mark(&text, &size, 'T') && !read_mark(&text, &size, ' ')) ||
        !read_clock(&text, &size, &clock) ||
        !read_offset(&text, &size, &offset) || size != 0) {
        return STATUS_INVALID;
    }
    *microseconds = day * MICROSECONDS_DAY + clock - offset;
    return STATUS_OK;
}
