#include "common/event/period.h"

#include "common/base/check.h"
#include "common/base/text.h"
#include "common/event/calendar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MONTHS         12u
#define LAST_DAY       31u
#define ND09_LAST_DAY  14u
#define KEY_YEAR_SHIFT 100u

/* Months a period of the kind is long. */
static uint32_t months_of(enum period_kind kind)
{
    switch (kind) {
    case PERIOD_MONTH:
        return 1;
    case PERIOD_QUARTER:
        return 3;
    case PERIOD_HALF_YEAR:
        return 6;
    case PERIOD_YEAR:
        return MONTHS;
    case PERIOD_AD_HOC:
    case PERIOD_KIND_END:
        break;
    }
    return 0;
}

bool period_regime_init(struct period_regime *regime, uint32_t number)
{
    uint8_t day = number == PERIOD_CALENDAR ? LAST_DAY : ND09_LAST_DAY;

    if (number != PERIOD_CALENDAR && number != PERIOD_ND09_2019) {
        return false;
    }
    memset(regime, 0, sizeof *regime);
    regime->number = number;
    regime->working_days = number == PERIOD_ND09_2019 ? 1 : 0;
    for (enum period_kind kind = PERIOD_MONTH; kind <= PERIOD_YEAR; kind++) {
        uint32_t months = months_of(kind);

        regime->kinds |= 1u << kind;
        for (uint32_t month = months; month <= MONTHS; month += months) {
            uint32_t *count = &regime->cut_counts[kind];

            regime->cuts[kind][*count] =
                (struct period_cut){.month = (uint8_t)month, .day = day};
            *count += 1;
        }
    }
    regime->entry_kinds = regime->kinds;
    return true;
}

uint32_t period_count(const struct period_regime *regime, enum period_kind kind)
{
    return kind >= PERIOD_MONTH && kind <= PERIOD_YEAR
               ? regime->cut_counts[kind]
               : 0;
}

static int32_t cut_day(int32_t year, struct period_cut cut)
{
    int32_t days = calendar_days_in_month(year, cut.month);

    return calendar_day(year, cut.month, cut.day < days ? cut.day : days);
}

bool period_bounds(const struct period_regime *regime, enum period_kind kind,
                   uint32_t key, struct period *period)
{
    uint32_t count = period_count(regime, kind);
    uint32_t number = key % KEY_YEAR_SHIFT;
    int32_t year = (int32_t)(key / KEY_YEAR_SHIFT);
    const struct period_cut *cuts;

    /* The first period begins in the year before. */
    if (number == 0 || number > count || year <= CALENDAR_YEAR_MIN ||
        year > CALENDAR_YEAR_MAX) {
        return false;
    }
    cuts = regime->cuts[kind];
    *period = (struct period){.regime = regime->number,
                              .kind = kind,
                              .key = key,
                              .to = cut_day(year, cuts[number - 1])};
    period->from = 1 + (number == 1 ? cut_day(year - 1, cuts[count - 1])
                                    : cut_day(year, cuts[number - 2]));
    return true;
}

bool period_of_day(const struct period_regime *regime, enum period_kind kind,
                   int32_t day, struct period *period)
{
    uint32_t count = period_count(regime, kind);
    uint32_t year;

    if (count == 0 || day < calendar_day(CALENDAR_YEAR_MIN + 1, 1, 1) ||
        day >= calendar_day(CALENDAR_YEAR_MAX, 1, 1)) {
        return false;
    }
    year = (uint32_t)calendar_date(day).year;
    for (uint32_t number = 1; number <= count; number++) {
        if (period_bounds(regime, kind, year * KEY_YEAR_SHIFT + number,
                          period) &&
            day <= period->to) {
            return true;
        }
    }
    /* After the last end of its year: the first period of the next. */
    return period_bounds(regime, kind, (year + 1) * KEY_YEAR_SHIFT + 1, period);
}

bool period_crosses(const struct period_regime *regime, int32_t from,
                    int32_t to, int32_t *last)
{
    bool crosses = false;

    for (enum period_kind kind = PERIOD_MONTH; kind <= PERIOD_YEAR; kind++) {
        struct period period;

        if ((regime->entry_kinds & (1u << kind)) == 0 ||
            !period_of_day(regime, kind, from, &period) || period.to >= to) {
            continue;
        }
        if (!crosses || period.to < *last) {
            *last = period.to;
        }
        crosses = true;
    }
    return crosses;
}

static void month_name(uint32_t number, uint32_t year, enum language language,
                       char name[PERIOD_LABEL_MAX])
{
    static const char *const months[MONTHS] = {
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December"};

    if (language == LANGUAGE_VI) {
        (void)snprintf(name, PERIOD_LABEL_MAX, "tháng %02u/%u", number, year);
    } else {
        (void)snprintf(name, PERIOD_LABEL_MAX, "%s %u",
                       months[(number - 1) % MONTHS], year);
    }
}

bool period_short_label(enum period_kind kind, uint32_t key,
                        enum language language, char name[PERIOD_LABEL_MAX])
{
    uint32_t number = key % KEY_YEAR_SHIFT;
    uint32_t year = key / KEY_YEAR_SHIFT;
    bool vietnamese = language == LANGUAGE_VI;

    name[0] = '\0';
    if (kind < PERIOD_MONTH || kind > PERIOD_YEAR || number == 0 ||
        number > MONTHS / months_of(kind)) {
        return false;
    }
    switch (kind) {
    case PERIOD_MONTH:
        month_name(number, year, language, name);
        break;
    case PERIOD_QUARTER:
        (void)snprintf(name, PERIOD_LABEL_MAX,
                       vietnamese ? "quý %u/%u" : "Q%u %u", number, year);
        break;
    case PERIOD_HALF_YEAR:
        if (vietnamese) {
            (void)snprintf(name, PERIOD_LABEL_MAX, "6 tháng %s năm %u",
                           number == 1 ? "đầu" : "cuối", year);
        } else {
            (void)snprintf(name, PERIOD_LABEL_MAX, "%s half of %u",
                           number == 1 ? "first" : "second", year);
        }
        break;
    case PERIOD_YEAR:
        (void)snprintf(name, PERIOD_LABEL_MAX, vietnamese ? "năm %u" : "%u",
                       year);
        break;
    case PERIOD_AD_HOC:
    case PERIOD_KIND_END:
        break;
    }
    return true;
}

void period_label(const struct period *period, enum language language,
                  char label[PERIOD_LABEL_MAX])
{
    char from[TEXT_DATE_MAX];
    char to[TEXT_DATE_MAX];
    char name[PERIOD_LABEL_MAX];

    text_format_date(period->from, language, from);
    text_format_date(period->to, language, to);
    (void)period_short_label(period->kind, period->key, language, name);
    (void)snprintf(label, PERIOD_LABEL_MAX,
                   language == LANGUAGE_VI ? "%.40s (%s - %s)"
                                           : "%.40s (%s to %s)",
                   name, from, to);
}

/* Digits only, `size` of them. */
static bool digits(const char *text, size_t size, uint32_t *number)
{
    *number = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        *number = *number * 10 + (uint32_t)(text[i] - '0');
    }
    return size > 0;
}

bool period_key_parse(const char *text, enum period_kind *kind, uint32_t *key)
{
    size_t size = strlen(text);
    enum period_kind found = PERIOD_YEAR;
    uint32_t number = 1;
    uint32_t year = 0;

    if (size < 4 || size > 8 || !digits(text, 4, &year)) {
        return false;
    }
    if (size > 4) {
        if (size < 7 || text[4] != '-' ||
            !digits(text + 6, size - 6, &number)) {
            return false;
        }
        found = text[5] == 'M'   ? PERIOD_MONTH
                : text[5] == 'Q' ? PERIOD_QUARTER
                : text[5] == 'H' ? PERIOD_HALF_YEAR
                                 : PERIOD_KIND_END;
    }
    if (found == PERIOD_KIND_END || number == 0 ||
        number > MONTHS / months_of(found)) {
        return false;
    }
    *kind = found;
    *key = year * KEY_YEAR_SHIFT + number;
    return true;
}

void period_key_format(const struct period *period,
                       char text[PERIOD_KEY_TEXT_MAX])
{
    unsigned year = period->key / KEY_YEAR_SHIFT % 10000;
    unsigned number = period->key % KEY_YEAR_SHIFT;

    switch (period->kind) {
    case PERIOD_MONTH:
        (void)snprintf(text, PERIOD_KEY_TEXT_MAX, "%04u-M%02u", year, number);
        break;
    case PERIOD_QUARTER:
        (void)snprintf(text, PERIOD_KEY_TEXT_MAX, "%04u-Q%u", year, number);
        break;
    case PERIOD_HALF_YEAR:
        (void)snprintf(text, PERIOD_KEY_TEXT_MAX, "%04u-H%u", year, number);
        break;
    case PERIOD_YEAR:
    case PERIOD_AD_HOC:
    case PERIOD_KIND_END:
        (void)snprintf(text, PERIOD_KEY_TEXT_MAX, "%04u", year);
        break;
    }
}
