/* plan - a programme plan as data: measures, indicators, targets, registers.
 *
 * Flow     plan.yaml -> [plan] -> fold (measures), indicator (figures)
 * Owns     everything it points to; free with plan_free().
 * Threads  read by any once loaded.
 * Limits   the PLAN_*_MAX below.
 *
 * plan_load() reads text that a person wrote and reports every mistake with
 * file, line and column. What it gives is closed: every id is resolved to a
 * position, every filter to field numbers and values, so that the fold needs
 * neither names nor files (I4).
 */
#ifndef TALLYLINE_COMMON_PLAN_H
#define TALLYLINE_COMMON_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/event/catalogue.h"
#include "common/event/event.h"
#include "common/event/period.h"
#include "common/event/unit.h"
#include "common/event/vocabulary.h"
#include "common/figures/report.h"

#define PLAN_MEASURES_MAX          256u
#define PLAN_INDICATORS_MAX        256u
#define PLAN_TARGETS_MAX           512u
#define PLAN_LISTS_MAX             64u
#define PLAN_LIST_ITEMS_MAX        4096u
#define PLAN_REGISTER_MAX          16384u
#define PLAN_CONDITIONS_MAX        13u
#define PLAN_WHERE_MAX             11u /* of them in a file */
#define PLAN_VALUES_MAX            32u
#define PLAN_DEPTH_MAX             12u
#define PLAN_NODES_MAX             1024u /* of a formula */
#define PLAN_OPERANDS_MAX          12u
#define PLAN_SETS_MAX              4u /* combined by one formula */
#define PLAN_STATUS_CONDITIONS_MAX 3u
#define PLAN_CAPTURE_MAX           4u
#define PLAN_KEY_FIELDS_MAX        4u
#define PLAN_REGIMES_MAX           3u
#define PLAN_HOLIDAYS_MAX          366u
#define PLAN_LEGAL_MAX             32u
#define PLAN_RECIPIENTS_MAX        32u
#define PLAN_SETTINGS_MAX          32u
#define PLAN_BASELINES_MAX         256u
#define PLAN_OPTIONS_MAX           8u
#define PLAN_PATH_MAX              24u
#define PLAN_VERSIONS_MAX          8u
#define PLAN_RESPONSIBLE_MAX       8u
#define PLAN_PROGRAMMES_MAX        4u
#define PLAN_OFFICES_MAX           32u

/* A field is a number as in event.h: a header field, or EVENT_BODY_BASE + n.
 */

enum plan_test {
    PLAN_TEST_ANY_OF,  /* value (or any item of a set) is one of `values` */
    PLAN_TEST_ALL_OF,  /* the set holds all of `values` */
    PLAN_TEST_NONE_OF, /* none of them, or absent */
    PLAN_TEST_AT_LEAST,
    PLAN_TEST_AT_MOST,
    PLAN_TEST_PRESENT,
    PLAN_TEST_IN_LIST,    /* a reference or unit of plan list values[0] */
    PLAN_TEST_LEVEL,      /* the unit in the field is of level values[0] */
    PLAN_TEST_NOT_IN_LIST /* none of plan list values[0], or absent */
};

struct plan_condition {
    uint32_t field;
    enum plan_test test;
    uint64_t values[PLAN_VALUES_MAX];
    uint32_t value_count;
    /* At least or at most what this field of the same event says, which has to
     * be given too; 0: a value. */
    uint32_t other;
};

/* What the fold keeps of the events that pass the conditions. */
enum plan_keep {
    PLAN_KEEP_SUM, /* per unit and day: the sum of `field` (1 if field is 0) */
    PLAN_KEEP_ROWS /* per key: dated rows with captured fields */
};

/* A measure: one filter over one event type, and what is kept of it. */
struct plan_measure {
    uint32_t type; /* event type */
    struct plan_condition conditions[PLAN_CONDITIONS_MAX];
    uint32_t condition_count;
    enum plan_keep keep;
    uint32_t field; /* KEEP_SUM: what is added; a list adds its items */
    /* KEEP_ROWS: the key. A reference field; or EVENT_SUBJECT_UNIT and other
     * fields together. */
    uint32_t key_fields[PLAN_KEY_FIELDS_MAX];
    uint32_t key_field_count;
    uint32_t capture[PLAN_CAPTURE_MAX]; /* fields copied into each row */
    uint32_t capture_count;
    bool impersonal; /* its numbers are no persons, whatever their field */
};

enum plan_operation {
    PLAN_SUM,      /* KEEP_SUM over the range of days */
    PLAN_DISTINCT, /* keys with a row in the range */
    PLAN_FIRST,    /* keys whose first row of all lies in the range */
    PLAN_REACHED,  /* keys whose first row of all is not after `look` */
    PLAN_STATUS,   /* keys whose last row by `look` passes */
    PLAN_STATED,   /* keys with a day in `until`; only below PLAN_IN_TIME */
    PLAN_DUE,      /* keys whose last day in `until` is not after `look` */
    PLAN_IN_TIME,  /* keys whose first row of all is not after the day that the
                      operand (PLAN_STATED) has for them */
    PLAN_LATEST,   /* sum over keys of a captured field of that last row; with
                      an operand only over what is in that set */
    PLAN_UNITS,    /* units of `level` that have a row in the range */
    PLAN_IN_FORCE, /* units of `level` in force on the unit date */
    PLAN_LIST,     /* how many members `list` has in the unit */
    PLAN_ALL_OF,   /* members of `list` for which the operand is at least 1 */
    PLAN_BOTH,     /* what is in all operands, where the first puts it */
    PLAN_EITHER,  /* what is in one of them, where the first of these puts it */
    PLAN_WITHOUT, /* what is in the first operand and not in the second */
    PLAN_PERIODS, /* periods (for each operand) in which it is `at_least` so
                      many, over the periods that are over */
    PLAN_ON_TIME, /* reports of units of `level` that came by their day, over
                      all that were due in the range: `constant` days after the
                      end of their period; UINT64_MAX: as the regime says, or
                      on its last day */
    PLAN_BASELINE, /* what the plan states of its unit */
    PLAN_CHANGE,   /* the first operand less what it was before: in an earlier
                      range, or the second operand */
    PLAN_CONSTANT,
    PLAN_ADD,      /* operands added */
    PLAN_SUBTRACT, /* the first less the others */
    PLAN_RATIO     /* the first over the second; undefined when that is 0 */
};

/* The day up to which rows are looked at. */
enum plan_look {
    PLAN_LOOK_END,        /* of the range */
    PLAN_LOOK_START,      /* the day before the range begins */
    PLAN_LOOK_PLAN_START, /* the day before the plan begins */
    PLAN_LOOK_DAY         /* `look_day` */
};

/* What a change is measured against, and how it is told. */
enum plan_against {
    PLAN_AGAINST_YEAR,   /* the same days a year before */
    PLAN_AGAINST_PERIOD, /* as many months, or days, before */
    PLAN_AGAINST_OPERAND
};

enum plan_change {
    PLAN_CHANGE_COUNT,
    PLAN_CHANGE_PERCENT, /* of the earlier figure */
    PLAN_CHANGE_POINTS   /* of two shares: percentage points */
};

/* A node of a formula. Those from PLAN_DISTINCT to PLAN_IN_TIME, PLAN_UNITS and
 * PLAN_BOTH to PLAN_WITHOUT give sets: plan_formula_is_set(). */
struct plan_formula {
    enum plan_operation operation;
    uint32_t measure;      /* position in the plan's measures */
    uint32_t capture;      /* PLAN_LATEST: position in the measure's capture */
    enum unit_level level; /* PLAN_UNITS, PLAN_IN_FORCE */
    bool below;            /* PLAN_UNITS: what happened in units below, too */
    uint32_t list;         /* PLAN_LIST, PLAN_ALL_OF, or restricting what is
                              counted; UINT32_MAX: none */
    bool excluded;         /* to what is not in the list */
    /* PLAN_STATUS: what the captured fields of the last row must pass. The
     * conditions' `field` is a position in the measure's capture. */
    struct plan_condition conditions[PLAN_STATUS_CONDITIONS_MAX];
    uint32_t condition_count;
    /* Position in the capture of a day; UINT32_MAX: none. PLAN_STATUS: what it
     * says is not before `look`, or absent. */
    uint32_t until;
    uint64_t constant;
    bool received; /* PLAN_ON_TIME: by the day on which they were received */
    /* PLAN_DISTINCT, PLAN_UNITS: so many events in the range, and in each of
     * its periods of the kind `every` (0: none is asked for) that is over. */
    uint64_t at_least;
    enum period_kind every; /* PLAN_PERIODS too */
    uint32_t regime;        /* of these periods: enum period_regime_number */
    enum plan_look look;    /* PLAN_REACHED, PLAN_STATUS, PLAN_LATEST */
    int32_t look_day;
    const struct plan_formula *operands[PLAN_OPERANDS_MAX];
    uint32_t operand_count;
    uint32_t nodes;    /* of the tree below, itself included */
    uint32_t baseline; /* PLAN_BASELINE: position */
    enum plan_against against;
    enum plan_change change;
    /* PLAN_CHANGE of persons: for the plan's own unit alone. The change beside
     * an earlier number would tell a present one that is hidden. */
    bool persons;
};

struct plan_indicator {
    const char *id;
    uint32_t number; /* of enum Indicator, or from 10000 the province's; 0 */
    struct language_text label;
    struct language_text unit_of_count; /* vụ, cơ sở, lượt, người ... */
    struct language_text note;          /* footnote, may be empty */
    bool persons;      /* counts persons: small cells suppressed */
    uint32_t settings; /* a bit for each setting that its formula follows */
    const struct plan_formula *formula; /* NULL: not computed */
    struct language_text not_computed;  /* why, when formula is NULL */
    size_t line;
};

/* A figure that the plan states of a day, with its source. */
struct plan_baseline {
    const char *id;
    struct language_text label;
    uint64_t quantity;
    bool lower_bound; /* at least so many */
    int32_t on;
    struct language_text source;
    uint32_t source_line; /* in the plan's text; 0 */
    uint32_t unit;        /* that it is about */
    size_t line;          /* in the file */
};

enum plan_comparator {
    PLAN_MONITOR, /* no target: monitor only */
    PLAN_AT_LEAST,
    PLAN_MORE_THAN,
    PLAN_EXACTLY,
    PLAN_AT_MOST,
    PLAN_BETWEEN,
    PLAN_ALL_NAMED, /* every member of the formula's list */
    PLAN_NONE,      /* zero */
    /* Of a figure that says what changed: more, or less, by so many (or by so
     * many per cent of what there was). */
    PLAN_INCREASE,
    PLAN_DECREASE
};

/* What must be there when the day is over. */
struct plan_point {
    int32_t by;
    bool has_quantity, has_percent;
    uint64_t quantity;
    uint32_t percent_e2;
};

struct plan_target {
    const char *id; /* HN18-05 */
    uint32_t indicator;
    struct language_text label; /* as the plan words it */
    enum plan_comparator comparator;
    bool has_quantity, has_percent;
    uint64_t quantity, quantity_to;
    uint32_t percent_e2; /* hundredths of a per cent: 80 % is 8000 */
    const struct plan_formula *quantity_formula; /* target read from events */
    /* The text states `stated` (21 hotspots) but its annex names only `listed`
     * of them (7). Both 0 unless they differ. */
    uint64_t stated, listed;
    uint32_t scope; /* unit key; 0: the plan's unit */
    /* The target is about the units of `scope_list` and what lies in them, or
     * about all others. */
    bool scope_listed, scope_all_but;
    uint32_t scope_list;
    bool each_unit; /* the target holds for every unit of `each_level` */
    enum unit_level each_level;
    int32_t from, to; /* window, inclusive */
    int32_t due;      /* the last day */
    bool due_before;  /* the plan says "before" the day after it */
    /* A target that was changed stands once for each version, one behind the
     * other under one id; days on which this one begins and is replaced, 0:
     * with the plan, and never. */
    int32_t effective, replaced_on;
    const struct plan_point *path; /* sorted by day; none: even growth */
    uint32_t path_count;
    uint32_t responsible[PLAN_RESPONSIBLE_MAX]; /* offices */
    uint32_t responsible_count;
    uint32_t source_line; /* in the plan's text; 0 */
    size_t line;          /* in the file */
};

struct plan_list {
    const char *id;
    uint32_t reference_kind; /* 0: a list of units */
    const uint64_t *items;
    const struct language_text *labels; /* one an item; texts may be NULL */
    uint32_t count;
    struct language_text label;
    uint64_t stated; /* how many the text states; 0: as many as listed */
};

/* A thing that the plan's annexes name, in the state they give. The fold reads
 * `event` before all others, as if it had been recorded: type, occurred_on,
 * unit (the plan's), subject_unit, programme and body fields are set. */
struct plan_register_row {
    struct event event;
    uint64_t reference; /* the thing it is about; 0: a unit's own state */
    struct language_text label; /* published in the annex; never a person */
};

/* How something is counted that the text of the plan leaves open: the readings
 * that are possible, and the one that holds under this revision. */
struct plan_option {
    const char *id;
    struct language_text label;
};

struct plan_setting {
    const char *id;
    struct language_text label;
    const struct plan_option *options;
    uint32_t option_count;
    uint32_t chosen;           /* position in `options` */
    struct language_text note; /* why; may be empty */
    size_t line;
};

/* What stands above and below the plan's reports; NULL: by the name of the
 * unit. */
struct plan_form {
    const char *superior; /* of the agency that reports */
    const char *agency;   /* "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI" */
    const char *symbol;   /* "BC-SLĐTBXH", behind the report's number */
    const char *place;    /* "Hà Nội" */
    const char *addressee;  /* "Ủy ban nhân dân Thành phố" */
    const char *signed_for; /* "KT. GIÁM ĐỐC" */
    const char *signer;     /* "PHÓ GIÁM ĐỐC" */
    const char *const *recipients;
    uint32_t recipient_count;
};

struct plan {
    const char *id;
    uint32_t revision; /* the author's own count */
    bool has_revision; /* that it was written */
    struct language_text title;
    const char *number; /* "24/KH-UBND" */
    /* Id of the plan whose place it takes; NULL: none. */
    const char *supersedes;
    int32_t issued_on;
    int32_t from, to;                         /* plan year, inclusive */
    uint32_t unit;                            /* of the body that issued it */
    uint32_t programme;                       /* the first one: that of entry */
    uint32_t programmes[PLAN_PROGRAMMES_MAX]; /* whose events count */
    uint32_t programme_count;
    uint32_t offices[PLAN_OFFICES_MAX]; /* that report; none: all that are */
    uint32_t office_count;
    struct period_regime regimes[PLAN_REGIMES_MAX]; /* in force for entry */
    uint32_t regime_count;
    struct period_holidays holidays;
    const char *const *legal_base;
    uint32_t legal_base_count;
    struct plan_form form;
    const struct plan_setting *settings;
    uint32_t setting_count;
    const struct plan_baseline *baselines;
    uint32_t baseline_count;
    const struct plan_measure *measures;
    uint32_t measure_count;
    const struct plan_indicator *indicators;
    uint32_t indicator_count;
    const struct plan_target *targets; /* in the order of the plan */
    uint32_t target_count;
    const struct plan_list *lists;
    uint32_t list_count;
    const struct plan_register_row *rows;
    uint32_t row_count;
    struct arena *arena; /* everything above but the texts */
    struct yaml *source; /* the texts; they live as long as the plan */
};

/* Reads a plan from text. Every mistake goes to `report`; STATUS_INVALID if
 * there was an error, and then no plan is given. Without `units` no code is
 * looked up: for checking alone. Gives `plan` (heap). */
MUST_USE enum status plan_load(const char *name, struct bytes text,
                               const struct units *units,
                               const struct vocabulary *vocabulary,
                               struct report *report, struct plan **plan);
void plan_free(struct plan **plan);
/* The regime as the plan uses it, or as it is by itself. False when the plan
 * would have to say more. */
bool plan_regime(const struct plan *plan, uint32_t number,
                 struct period_regime *regime);
/* Whether the formula gives a part of a whole. */
bool plan_formula_is_ratio(const struct plan_formula *formula);
/* Whether the formula gives things or units, each at its places. */
bool plan_formula_is_set(const struct plan_formula *formula);
/* Position of the indicator, target or setting; UINT32_MAX when there is
 * none. */
uint32_t plan_find_indicator(const struct plan *plan, const char *id);
uint32_t plan_find_target(const struct plan *plan, const char *id);
/* The unit that is `key` on the day, or that carries on what was in force when
 * the plan began: units end, codes are given to others. NULL: none. */
const struct unit *plan_carried(const struct plan *plan,
                                const struct units *units, uint32_t key,
                                int32_t day);
uint32_t plan_find_setting(const struct plan *plan, const char *id);
uint32_t plan_find_baseline(const struct plan *plan, const char *id);
/* Whether events of the programme are the plan's. */
bool plan_has_programme(const struct plan *plan, uint32_t programme);
/* Whether an office reports under the plan: every one where it names none. */
bool plan_asks_office(const struct plan *plan, uint32_t office);
/* Whether both keep the same of the same events. The positions of lists are
 * compared as they are: within one plan only do they mean the same. */
bool plan_measures_equal(const struct plan_measure *a,
                         const struct plan_measure *b);

#endif
