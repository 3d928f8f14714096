#include "agent/sheet/number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

/* 1970-01-01 in the two systems. */
#define EPOCH_1900 25569
#define EPOCH_1904 24107
/* 1900-03-01: from here on the first system counts days that were. */
#define FIRST_1900 61
/* 9999-12-31, the last day that a spreadsheet shows. */
#define LAST_1900 2958465

/* Whole numbers up to here are exact. */
#define WHOLE_MAX 9007199254740992.0

static bool write_day(double serial, bool from_1904, char out[NUMBER_TEXT_MAX])
{
    double day = floor(serial);
    double shift = from_1904 ? EPOCH_1904 : EPOCH_1900;
    double first = from_1904 ? 0 : FIRST_1900;
    double last = LAST_1900 - (EPOCH_1900 - shift);
    char text[TEXT_DATE_MAX];

    if (!(day >= first && day <= last)) {
        return false;
    }
    text_format_date_iso((int32_t)(day - shift), text);
    (void)snprintf(out, NUMBER_TEXT_MAX, "%s", text);
    return true;
}

void number_write(const char *text, bool day, bool from_1904,
                  char out[NUMBER_TEXT_MAX])
{
    char *end = NULL;
    double value = 0;
    char *dot;

    if (text[0] != '\0' && strspn(text, "0123456789+-.eE") == strlen(text)) {
        value = strtod(text, &end);
    }
    if (end == NULL || *end != '\0' || !isfinite(value)) {
        (void)snprintf(out, NUMBER_TEXT_MAX, "%.*s", (int)NUMBER_TEXT_MAX - 1,
                       text);
        return;
    }
    if (day && write_day(value, from_1904, out)) {
        return;
    }
    if (floor(value) == value && fabs(value) <= WHOLE_MAX) {
        (void)snprintf(out, NUMBER_TEXT_MAX, "%.0f", value);
        return;
    }
    (void)snprintf(out, NUMBER_TEXT_MAX, "%.15g", value);
    dot = strchr(out, '.');
    if (dot != NULL) {
        *dot = ',';
    }
}
