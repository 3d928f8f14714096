/* period - months, quarters, half-years and years as each regime cuts them.
 *
 * Flow     plan, entry, reports -> [period] -> days
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   PERIOD_CUTS_MAX periods of a kind a year.
 *
 * A regime is nothing but the last days of its periods. `calendar` ends them
 * with the month, `nd09_2019` (Decree 09/2019, art. 12) on the 14th of the
 * last month, so that its year runs from 15/12 to 14/12; `plan_deadline` ends
 * them on the days that the plan gives. A period begins on the day after the
 * one before it has ended, be that in the year before.
 */
#ifndef TALLYLINE_COMMON_PERIOD_H
#define TALLYLINE_COMMON_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/language.h"

#define PERIOD_CUTS_MAX     12u
#define PERIOD_LABEL_MAX    96u /* with the closing zero */
#define PERIOD_KEY_TEXT_MAX 16u

/* Numbers as in enum Regime of proto/event.proto. */
enum period_regime_number {
    PERIOD_CALENDAR = 1,
    PERIOD_ND09_2019 = 2,
    PERIOD_PLAN_DEADLINE = 3
};

/* Numbers as in enum PeriodKind of proto/event.proto. */
enum period_kind {
    PERIOD_MONTH = 1,
    PERIOD_QUARTER = 2,
    PERIOD_HALF_YEAR = 3,
    PERIOD_YEAR = 4,
    PERIOD_AD_HOC = 5, /* has no bounds */
    PERIOD_KIND_END
};

/* The last day of a period; day 31 is the last of any month. */
struct period_cut {
    uint8_t month;
    uint8_t day;
};

/* When the reports of a kind have to be sent. */
struct period_due {
    bool given;
    bool before;         /* before the day, not on it */
    uint32_t count;      /* days of the year, by period; 0: after each period */
    uint32_t days_after; /* so many days after its last one */
    struct period_cut days[PERIOD_CUTS_MAX];
};

/* Days that are no working days beside Saturdays and Sundays, in order. */
struct period_holidays {
    const int32_t *days;
    size_t count;
};

/* A regime as a plan uses it. */
struct period_regime {
    uint32_t number; /* enum period_regime_number */
    uint32_t kinds;  /* bit (1 << kind): reports of that kind are due */
    /* The same: an event's own period may not cross the end of such a one. */
    uint32_t entry_kinds;
    /* PERIOD_PLAN_DEADLINE: last days by kind, in the order of the year. */
    struct period_cut cuts[PERIOD_KIND_END][PERIOD_CUTS_MAX];
    uint32_t cut_counts[PERIOD_KIND_END];
    struct period_due due[PERIOD_KIND_END];
    /* At least so many between the close of a period and the day on which its
     * report is sent (Decree 09/2019, art. 8). */
    uint32_t working_days;
};

struct period {
    uint32_t regime;
    enum period_kind kind;
    uint32_t key; /* year * 100 + number of the period in it, from 1 */
    int32_t from; /* days, inclusive */
    int32_t to;
};

/* The built-in regime with that number; all kinds are due. False for
 * PERIOD_PLAN_DEADLINE and unknown numbers. */
bool period_regime_init(struct period_regime *regime, uint32_t number);
/* How many periods of the kind a year has; 0: none in this regime. */
uint32_t period_count(const struct period_regime *regime,
                      enum period_kind kind);
/* False when the regime has no such period. */
bool period_bounds(const struct period_regime *regime, enum period_kind kind,
                   uint32_t key, struct period *period);
/* The period of the kind that a day falls into. False as above. */
bool period_of_day(const struct period_regime *regime, enum period_kind kind,
                   int32_t day, struct period *period);
/* Whether the days from `from` to `to` lie in more than one period of a kind
 * in `entry_kinds`; `last` then gets the last day of the first part. */
bool period_crosses(const struct period_regime *regime, int32_t from,
                    int32_t to, int32_t *last);
/* How many days after `from`, up to `to`, are working days. */
uint32_t period_working_days(const struct period_holidays *holidays,
                             int32_t from, int32_t to);
/* The last day on which the period's report is in time: the one that the plan
 * gives, else the first that leaves the regime's working days. False when there
 * is neither. */
bool period_deadline(const struct period_regime *regime,
                     const struct period *period,
                     const struct period_holidays *holidays, int32_t *last);
/* "quý 2/2018", "first half of 2018". False for what is none: another kind, no
 * such number in a year. */
bool period_short_label(enum period_kind kind, uint32_t key,
                        enum language language, char name[PERIOD_LABEL_MAX]);
/* "quý 2/2018 (01/04/2018 - 30/06/2018)", "Q2 2018 (2018-04-01 to ...)",
 * "first half of 2018 (...)". */
void period_label(const struct period *period, enum language language,
                  char label[PERIOD_LABEL_MAX]);
/* "2018-Q2", "2018-M03", "2018-H1", "2018": what a command takes. False when
 * it is not one. */
bool period_key_parse(const char *text, enum period_kind *kind, uint32_t *key);
/* And back. */
void period_key_format(const struct period *period,
                       char text[PERIOD_KEY_TEXT_MAX]);

#endif
