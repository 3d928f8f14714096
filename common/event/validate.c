/* validate - the rules of single fields, in the order of the fields.
 *
 * Flow     header -> body -> relations (validate_relation.c) -> issues
 *
 * What a field must be stands in the catalogue; here is only how each kind of
 * field is checked. A rule that is merely likely is not here: an office that
 * recorded the truth must never be told that it is wrong.
 */
#include "common/event/validate.h"

#include "common/event/calendar.h"
#include "common/event/catalogue_tables.h"
#include "common/event/reference.h"
#include "common/event/validate_rules.h"

#define FIRST_DAY        VALIDATE_FIRST_DAY
#define LAST_DAY         VALIDATE_LAST_DAY
#define YEAR_MIN         VALIDATE_YEAR_MIN
#define YEAR_MAX         VALIDATE_YEAR_MAX
#define TYPE_CORRECTION  20u
#define TYPE_RATING      15u
#define TYPE_CENSUS      17u
#define LEVEL_COMMUNE    VALIDATE_COMMUNE
#define PERIOD_KEY_PARTS 100u

static uint64_t as_value(int32_t day)
{
    return (uint64_t)(int64_t)day;
}

void validate_add(struct validate_checking *checking,
                  struct validate_issue issue)
{
    if (checking->count < checking->max) {
        checking->issues[checking->count] = issue;
    }
    checking->count++;
}

static void add(struct validate_checking *checking, enum validate_rule rule,
                uint32_t field, uint64_t value, uint64_t limit)
{
    validate_add(checking, (struct validate_issue){.rule = rule,
                                                   .field = field,
                                                   .value = value,
                                                   .limit = limit});
}

/* How many periods of the kind a year can have; 0: unknown kind. */
static uint32_t periods_max(uint64_t period_kind)
{
    /* month, quarter, half-year, year, ad hoc (as many as there were) */
    static const uint32_t most[] = {0, 12, 4, 2, 1, 99};
    return period_kind < sizeof(most) / sizeof(most[0]) ? most[period_kind] : 0;
}

/* ---- the kinds of fields ---- */

static void check_value(struct validate_checking *checking, uint32_t field,
                        const struct catalogue_enumeration *enumeration,
                        uint32_t value)
{
    /* Nearly all values are the product's, which run from 1. */
    bool own = value >= 1 && value <= enumeration->value_count;
    if (!own && vocabulary_value(checking->rules->vocabulary, enumeration,
                                 value) == NULL) {
        add(checking, VALIDATE_VALUE_UNKNOWN, field, value, 0);
    }
}

static void check_range(struct validate_checking *checking, uint32_t field,
                        uint64_t value, uint64_t min, uint64_t max)
{
    if (value < min) {
        add(checking, VALIDATE_BELOW_MIN, field, value, min);
    } else if (value > max) {
        add(checking, VALIDATE_ABOVE_MAX, field, value, max);
    }
}

static void check_date(struct validate_checking *checking, uint32_t field,
                       int32_t day, int32_t last)
{
    if (day < FIRST_DAY) {
        add(checking, VALIDATE_DATE_TOO_EARLY, field, as_value(day),
            as_value(FIRST_DAY));
    } else if (day > last) {
        add(checking, VALIDATE_DATE_IN_FUTURE, field, as_value(day),
            as_value(last));
    }
}

/* I12: the unit as it was on the day of the event. Returns its level, 0 when
 * it is not known. */
static uint32_t check_unit(struct validate_checking *checking, uint32_t field,
                           uint32_t unit)
{
    const struct validate_rules *rules = checking->rules;
    int32_t day = checking->event->occurred_on;
    uint32_t level = 0;
    if (rules->unit == NULL || day == 0) {
        return 0; /* without a day there is no telling */
    }
    switch (rules->unit(rules->unit_context, unit, day, &level)) {
    case VALIDATE_UNIT_IN_FORCE:
        return level;
    case VALIDATE_UNIT_OTHER_DAYS:
        /* A mistake is found when it is found, be the unit gone by then. */
        if (checking->event->type == TYPE_CORRECTION) {
            return 0;
        }
        add(checking, VALIDATE_UNIT_NOT_IN_FORCE, field, unit, as_value(day));
        return 0;
    default:
        add(checking, VALIDATE_UNIT_UNKNOWN, field, unit, as_value(day));
        return 0;
    }
}

static void check_twice(struct validate_checking *checking, uint32_t field,
                        const uint32_t *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (items[i] == items[k]) {
                add(checking, VALIDATE_VALUE_TWICE, field, items[i], 0);
                break;
            }
        }
    }
}

static void check_list(struct validate_checking *checking,
                       const struct catalogue_field *row)
{
    uint32_t field = EVENT_BODY_BASE + row->number;
    size_t count = 0;
    const uint32_t *items = event_items(checking->event, row->number, &count);
    if (count == 0 && row->required) {
        add(checking, VALIDATE_EMPTY, field, 0, 0);
    }
    for (size_t i = 0; i < count; i++) {
        if (row->kind == FIELD_VALUES) {
            check_value(checking, field, row->enumeration, items[i]);
        } else if (row->kind == FIELD_UNITS) {
            (void)check_unit(checking, field, items[i]);
        } else {
            check_range(checking, field, items[i], row->min, row->max);
        }
    }
    if (row->kind != FIELD_COUNTS) {
        check_twice(checking, field, items, count);
    }
}

/* year * 100 + number; how many numbers a year has follows from the kind in
 * the field before. */
static void check_period_key(struct validate_checking *checking,
                             const struct catalogue_field *row, uint64_t key)
{
    uint64_t kind = event_get(checking->event, row->number - 1);
    uint32_t most = periods_max(kind);
    uint64_t number = key % PERIOD_KEY_PARTS;
    uint64_t year = key / PERIOD_KEY_PARTS;
    if (most != 0 &&
        (number < 1 || number > most || year < YEAR_MIN || year > YEAR_MAX)) {
        add(checking, VALIDATE_PERIOD_KEY, EVENT_BODY_BASE + row->number, key,
            most);
    }
}

void validate_body_field(struct validate_checking *checking,
                         const struct catalogue_field *row)
{
    uint32_t field = EVENT_BODY_BASE + row->number;
    uint64_t value = event_get(checking->event, row->number);
    switch (row->kind) {
    case FIELD_VALUE:
        check_value(checking, field, row->enumeration, (uint32_t)value);
        break;
    case FIELD_VALUES:
    case FIELD_COUNTS:
    case FIELD_UNITS:
        check_list(checking, row);
        break;
    case FIELD_COUNT:
    case FIELD_MONEY:
        check_range(checking, field, value, row->min, row->max);
        break;
    case FIELD_FLAG:
        check_range(checking, field, value, 0, 1);
        break;
    case FIELD_DATE:
        /* Deadlines and ends lie in the future. */
        check_date(checking, field,
                   event_get_date(checking->event, row->number), LAST_DAY);
        break;
    case FIELD_YEAR:
        check_range(checking, field, value, YEAR_MIN, YEAR_MAX);
        break;
    case FIELD_REFERENCE:
        if (!id60_valid(value)) {
            add(checking, VALIDATE_REFERENCE, field, value, 0);
        }
        break;
    case FIELD_UNIT:
        (void)check_unit(checking, field, (uint32_t)value);
        break;
    case FIELD_PERIOD_KEY:
        check_period_key(checking, row, value);
        break;
    default:
        break; /* a ledger position may be any; the rest is the header's */
    }
}

/* ---- the header ---- */

static void require(struct validate_checking *checking, uint32_t field,
                    bool given)
{
    if (!given) {
        add(checking, VALIDATE_REQUIRED, field, 0, 0);
    }
}

/* Those that the catalogue says are required, in a row for speed. */
static void check_required_header(struct validate_checking *checking)
{
    const struct event *event = checking->event;
    require(checking, EVENT_OCCURRED_ON, event->occurred_on != 0);
    require(checking, EVENT_RECORDED_AT, event->recorded_at != 0);
    require(checking, EVENT_UNIT, event->unit != 0);
    require(checking, EVENT_OFFICE, event->office != 0);
    if (checking->type->unit_required) {
        require(checking, EVENT_SUBJECT_UNIT, event->subject_unit != 0);
    }
    require(checking, EVENT_PROGRAMME, event->programme != 0);
    /* What a void names, and why. A replacement names them too, but nothing
     * shows that it is one. */
    if (checking->type->number == TYPE_CORRECTION) {
        require(checking, EVENT_TARGET, event->target != 0);
        require(checking, EVENT_REASON, event->reason != 0);
    }
}

static void check_given(struct validate_checking *checking, uint32_t field,
                        const struct catalogue_enumeration *enumeration,
                        uint32_t value)
{
    if (value != 0) {
        check_value(checking, field, enumeration, value);
    }
}

static void check_header_values(struct validate_checking *checking)
{
    const struct event *event = checking->event;
    check_given(checking, EVENT_OFFICE, &catalogue_office, event->office);
    check_given(checking, EVENT_ROLE, &catalogue_role, event->role);
    check_given(checking, EVENT_PROGRAMME, &catalogue_programme,
                event->programme);
    check_given(checking, EVENT_DOCUMENT_KIND, &catalogue_document_kind,
                event->document_kind);
    for (uint32_t i = 0; i < event->document_body_count; i++) {
        check_value(checking, EVENT_DOCUMENT_BODIES, &catalogue_document_body,
                    event->document_bodies[i]);
    }
    check_given(checking, EVENT_REASON, &catalogue_correction_reason,
                event->reason);
}

static void check_occurred_on(struct validate_checking *checking)
{
    const struct event *event = checking->event;
    int32_t last = LAST_DAY;
    if (checking->rules->has_today) {
        last = checking->rules->today;
    } else if (event->recorded_at != 0) {
        last = calendar_day_of_moment(event->recorded_at);
    }
    if (event->occurred_on != 0) {
        check_date(checking, EVENT_OCCURRED_ON, event->occurred_on, last);
    }
}

/* A rating and a census: their indicators divide by the communes in force. */
bool validate_needs_commune(uint32_t type)
{
    return type == TYPE_RATING || type == TYPE_CENSUS;
}

static void check_units(struct validate_checking *checking)
{
    const struct event *event = checking->event;
    uint32_t field = EVENT_UNIT;
    uint32_t level = 0;
    if (event->unit != 0) {
        level = check_unit(checking, EVENT_UNIT, event->unit);
    }
    if (event->subject_unit != 0) {
        field = EVENT_SUBJECT_UNIT;
        level = check_unit(checking, EVENT_SUBJECT_UNIT, event->subject_unit);
    }
    if (validate_needs_commune(checking->type->number) && level != 0 &&
        level != LEVEL_COMMUNE) {
        add(checking, VALIDATE_UNIT_LEVEL, field, event_place(event),
            LEVEL_COMMUNE);
    }
}

static void check_document(struct validate_checking *checking)
{
    const struct event *event = checking->event;
    bool any = event->document_number != 0 || event->document_year != 0 ||
               event->document_kind != 0 || event->document_body_count != 0;
    if (any && (event->document_number == 0 || event->document_kind == 0 ||
                event->document_body_count == 0)) {
        add(checking, VALIDATE_DOCUMENT_PARTS, EVENT_DOCUMENT_NUMBER,
            event->document_number, 0);
    }
    if (event->document_year != 0) {
        check_range(checking, EVENT_DOCUMENT_YEAR, event->document_year,
                    YEAR_MIN, YEAR_MAX);
    }
}

/* A head and a reason mean nothing without the event that is corrected. */
static void check_correction(struct validate_checking *checking)
{
    const struct event *event = checking->event;
    uint64_t ids[] = {event->target, event->head};
    static const uint32_t fields[] = {EVENT_TARGET, EVENT_HEAD};
    for (size_t i = 0; i < 2; i++) {
        if (ids[i] != 0 && !id60_valid(ids[i])) {
            add(checking, VALIDATE_CORRECTION_TARGET, fields[i], ids[i], 0);
        }
    }
    if (event->target == 0 && checking->type->number != TYPE_CORRECTION) {
        if (event->head != 0) {
            add(checking, VALIDATE_CORRECTION_TARGET, EVENT_HEAD, event->head,
                0);
        }
        if (event->reason != 0) {
            add(checking, VALIDATE_CORRECTION_TARGET, EVENT_REASON,
                event->reason, 0);
        }
    }
}

size_t validate_event(const struct event *event,
                      const struct validate_rules *rules,
                      struct validate_issue issues[], size_t max)
{
    struct validate_checking checking = {.event = event,
                                         .type = catalogue_type(event->type),
                                         .rules = rules,
                                         .issues = issues,
                                         .max = max};
    if (checking.type == NULL || event->fault != EVENT_FAULT_NONE) {
        add(&checking, VALIDATE_TYPE_UNKNOWN, EVENT_TYPE, event->type, 0);
        return checking.count;
    }
    check_required_header(&checking);
    check_header_values(&checking);
    check_occurred_on(&checking);
    check_units(&checking);
    check_document(&checking);
    check_correction(&checking);
    for (size_t i = 0; i < checking.type->field_count; i++) {
        const struct catalogue_field *row = &checking.type->fields[i];
        if (event_has(event, row->number)) {
            validate_body_field(&checking, row);
        } else if (row->required) {
            add(&checking, VALIDATE_REQUIRED, EVENT_BODY_BASE + row->number, 0,
                0);
        }
    }
    validate_relations(&checking);
    return checking.count;
}
