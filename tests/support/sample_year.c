#include "tests/support/sample_year.h"

#include "common/base/clock.h"
#include "common/base/csv.h"
#include "common/base/text.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "tests/support/source_file.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_ROOM    512u
#define ALIASES_MAX  1024u
#define COLUMNS_MAX  32u
#define PROSTITUTION 1u

/* A local name: the n-th of its kind has number n. */
struct alias {
    uint32_t kind;
    char name[32];
    uint32_t number;
};

struct reading {
    struct sample_year *year;
    const char *plan;
    uint32_t agent;
    uint32_t sequence;
    struct alias aliases[ALIASES_MAX];
    size_t alias_count;
    uint32_t numbers[REFERENCE_KIND_END];
    char columns[COLUMNS_MAX][32];
    size_t column_count;
};

static void apply(struct sample_year *year, const struct control *control)
{
    struct report report;
    unsigned change = 0;

    report_init(&report, LANGUAGE_EN);
    if (context_apply(year->context, year->entries, control, &report,
                      &change) != STATUS_OK) {
        report_print(&report, stderr);
        cr_assert_fail("a control document is refused");
    }
    report_fini(&report);
    year->entries++;
}

static void apply_file(struct sample_year *year, enum control_kind kind,
                       const char *plan, const char *name)
{
    struct control *control = calloc(1, sizeof *control);
    char path[PATH_ROOM];
    char *text;

    cr_assert_not_null(control);
    (void)snprintf(path, sizeof path, "plans/%s/%s", plan, name);
    text = source_file(path);
    control->kind = kind;
    control->files.revision = 1;
    control->files.file_count = 1;
    (void)snprintf(control->files.id, sizeof control->files.id, "%s", name);
    (void)snprintf(control->files.files[0].name,
                   sizeof control->files.files[0].name, "%s", name);
    control->files.files[0].content = bytes_of_text(text);
    apply(year, control);
    free(control);
    free(text);
}

static uint32_t token_value(const char *enumeration, const char *text,
                            size_t size)
{
    const struct catalogue_value *value = catalogue_value_by_token(
        catalogue_enumeration(enumeration), text, size);

    cr_assert_not_null(value, "%s has no %.*s", enumeration, (int)size, text);
    return value->value;
}

static uint32_t unit_of(const char *text, size_t size)
{
    uint32_t key = 0;

    cr_assert_eq(unit_key_parse(text, size, 0, &key), STATUS_OK, "%.*s",
                 (int)size, text);
    return key;
}

/* "gso3:001:police;gso3:01:dolisa" */
static void read_pairs(struct control_enrolment *enrolment, const char *text)
{
    while (*text != '\0') {
        size_t size = strcspn(text, ";");
        struct control_scope *scope =
            &enrolment->scopes[enrolment->scope_count++];
        const char *colon = text + size;

        while (*colon != ':') {
            colon--;
        }
        scope->unit = unit_of(text, (size_t)(colon - text));
        scope->office =
            token_value("Office", colon + 1, (size_t)(text + size - colon - 1));
        scope->from = calendar_day(2017, 1, 1);
        scope->to = calendar_day(2019, 12, 31);
        text += size + (text[size] == ';');
    }
}

static void read_area(struct control_enrolment *enrolment, const char *text)
{
    while (*text != '\0') {
        size_t size = strcspn(text, ";");

        for (uint32_t i = 0; i < enrolment->scope_count; i++) {
            struct control_scope *scope = &enrolment->scopes[i];

            scope->area[scope->area_count++] = unit_of(text, size);
        }
        text += size + (text[size] == ';');
    }
}

static void enrol(struct sample_year *year, uint32_t agent,
                  const struct csv_row *row)
{
    struct control *control = calloc(1, sizeof *control);
    struct control_enrolment *enrolment;

    cr_assert_not_null(control);
    control->kind = CONTROL_ENROLMENT;
    enrolment = &control->enrolment;
    enrolment->agent_number = agent;
    enrolment->join_until = INT64_MAX;
    enrolment->join_key.bytes[0] = (uint8_t)agent;
    (void)snprintf(enrolment->name, sizeof enrolment->name, "%s",
                   row->cells[1].text);
    read_pairs(enrolment, row->cells[2].text);
    read_area(enrolment, row->cells[3].text);
    apply(year, control);
    memset(control, 0, sizeof *control);
    control->kind = CONTROL_JOINED;
    control->joined.agent_number = agent;
    control->joined.epoch_ordinal = 1;
    control->joined.agent_id.bytes[0] = (uint8_t)agent;
    control->joined.epoch.bytes[0] = (uint8_t)agent;
    control->joined.curve_key.bytes[0] = (uint8_t)(agent + 100);
    control->joined.sign_key.bytes[0] = (uint8_t)(agent + 200);
    control->joined.join_key.bytes[0] = (uint8_t)agent;
    apply(year, control);
    free(control);
}

/* @name, or a whole reference. */
static uint64_t read_reference(struct reading *reading, uint32_t kind,
                               const char *text, size_t size)
{
    uint64_t id = 0;

    if (*text != '@') {
        cr_assert_eq(
            reference_parse(text, size, (enum reference_kind)kind, &id, NULL),
            STATUS_OK, "%s", text);
        return id;
    }
    for (size_t i = 0; i < reading->alias_count; i++) {
        if (reading->aliases[i].kind == kind &&
            strcmp(reading->aliases[i].name, text) == 0) {
            return id60_make(reading->agent, 1, reading->aliases[i].number);
        }
    }
    cr_assert_lt(reading->alias_count, ALIASES_MAX);
    reading->aliases[reading->alias_count] =
        (struct alias){.kind = kind, .number = ++reading->numbers[kind]};
    (void)snprintf(reading->aliases[reading->alias_count].name,
                   sizeof reading->aliases[0].name, "%s", text);
    reading->alias_count++;
    return id60_make(reading->agent, 1, reading->numbers[kind]);
}

static uint64_t read_scalar(struct reading *reading,
                            const struct catalogue_field *field,
                            const char *text, size_t size)
{
    uint64_t value = 0;
    int32_t day = 0;

    switch (field->kind) {
    case FIELD_VALUE:
    case FIELD_VALUES:
        return token_value(field->enumeration->name, text, size);
    case FIELD_UNIT:
    case FIELD_UNITS:
        return unit_of(text, size);
    case FIELD_DATE:
        cr_assert_eq(text_parse_date(text, size, &day), STATUS_OK);
        return (uint64_t)(int64_t)day;
    case FIELD_FLAG:
        return *text == 'y' || *text == 't';
    case FIELD_REFERENCE:
        return read_reference(reading, field->reference, text, size);
    case FIELD_EVENT_ID:
        cr_assert_eq(event_id_parse(text, size, &value), STATUS_OK);
        return value;
    default:
        cr_assert_eq(text_parse_count(text, size, &value), STATUS_OK, "%s: %s",
                     field->name, text);
        return value;
    }
}

static void read_field(struct reading *reading, struct event *event,
                       const char *name, const char *text)
{
    uint32_t number = 0;
    const struct catalogue_field *field =
        catalogue_find_field(catalogue_type(event->type), name, &number);

    cr_assert_not_null(field, "%s", name);
    if (number < EVENT_BODY_BASE) {
        event_header_set(event, number,
                         read_scalar(reading, field, text, strlen(text)));
        return;
    }
    number -= EVENT_BODY_BASE;
    if (field->kind != FIELD_VALUES && field->kind != FIELD_UNITS) {
        event_set(event, number,
                  read_scalar(reading, field, text, strlen(text)));
        return;
    }
    while (*text != '\0') {
        size_t size = strcspn(text, ";");

        cr_assert(event_append(
            event, number, (uint32_t)read_scalar(reading, field, text, size)));
        text += size + (text[size] == ';');
    }
}

static enum status on_event(void *owner, const struct csv_row *row)
{
    struct reading *reading = owner;
    struct sample_event *made;

    if (row->number == 1) {
        reading->column_count = row->cell_count;
        cr_assert_leq(row->cell_count, COLUMNS_MAX);
        for (size_t i = 0; i < row->cell_count; i++) {
            (void)snprintf(reading->columns[i], sizeof reading->columns[i],
                           "%s", row->cells[i].text);
        }
        return STATUS_OK;
    }
    cr_assert_lt(reading->year->count, SAMPLE_EVENTS_MAX);
    made = &reading->year->events[reading->year->count++];
    made->id = id60_make(reading->agent, 1, ++reading->sequence);
    event_init(&made->event, token_value("EventType", row->cells[0].text,
                                         row->cells[0].size));
    event_header_set(&made->event, EVENT_PROGRAMME, PROSTITUTION);
    for (size_t i = 1; i < row->cell_count; i++) {
        if (row->cells[i].size > 0) {
            read_field(reading, &made->event, reading->columns[i],
                       row->cells[i].text);
        }
    }
    made->event.recorded_at = (made->event.occurred_on + 1) * CLOCK_US_PER_DAY;
    return STATUS_OK;
}

static int is_sample(const struct dirent *item)
{
    return strstr(item->d_name, ".csv") != NULL;
}

static void read_office(struct reading *reading, const char *folder)
{
    char path[PATH_ROOM];
    struct dirent **items = NULL;
    int count;

    (void)snprintf(path, sizeof path, "%s/plans/%s/samples/%s",
                   source_directory(), reading->plan, folder);
    count = scandir(path, &items, is_sample, alphasort);
    cr_assert_gt(count, 0);
    for (int i = 0; i < count; i++) {
        struct csv_fault fault;
        char *text;

        (void)snprintf(path, sizeof path, "plans/%s/samples/%s/%s",
                       reading->plan, folder, items[i]->d_name);
        text = source_file(path);
        cr_assert_eq(csv_read(bytes_of_text(text), on_event, reading, &fault),
                     STATUS_OK, "%s", path);
        free(text);
        free(items[i]);
    }
    free(items);
}

static enum status on_office(void *owner, const struct csv_row *row)
{
    struct reading *reading = owner;

    if (row->number == 1) {
        return STATUS_OK;
    }
    reading->agent++;
    reading->sequence = 0;
    reading->alias_count = 0;
    memset(reading->numbers, 0, sizeof reading->numbers);
    enrol(reading->year, reading->agent, row);
    read_office(reading, row->cells[1].text);
    return STATUS_OK;
}

static enum status fetch(void *owner, uint64_t id, struct event *event)
{
    const struct sample_year *year = owner;

    for (size_t i = 0; i < year->count; i++) {
        if (year->events[i].id == id) {
            *event = year->events[i].event;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

static void fold_all(struct sample_year *year)
{
    struct fold_source source = {.owner = year, .fetch = fetch};

    cr_assert_eq(fold_new(year->context, source, &year->fold), STATUS_OK);
    for (size_t i = 0; i < year->count; i++) {
        const struct sample_event *it = &year->events[i];

        cr_assert_eq(fold_event(year->fold, it->id,
                                it->event.recorded_at + CLOCK_US_PER_DAY,
                                &it->event),
                     STATUS_OK);
        cr_assert_eq(fold_set_position(year->fold, year->entries + i + 1),
                     STATUS_OK);
    }
}

void sample_year_open(struct sample_year *year, const char *plan)
{
    struct reading *reading = calloc(1, sizeof *reading);
    struct control *control = calloc(1, sizeof *control);
    char path[PATH_ROOM];
    char *text;

    memset(year, 0, sizeof *year);
    year->events = calloc(SAMPLE_EVENTS_MAX, sizeof *year->events);
    cr_assert(reading != NULL && control != NULL && year->events != NULL);
    cr_assert_eq(context_new(&year->context), STATUS_OK);
    control->kind = CONTROL_GENESIS;
    control->genesis.unit = unit_of("gso3:01", 7);
    apply(year, control);
    free(control);
    apply_file(year, CONTROL_UNITS, plan, "units.csv");
    apply_file(year, CONTROL_PLAN, plan, "plan.yaml");
    reading->year = year;
    reading->plan = plan;
    (void)snprintf(path, sizeof path, "plans/%s/samples/offices.csv", plan);
    text = source_file(path);
    cr_assert_eq(csv_read(bytes_of_text(text), on_office, reading, NULL),
                 STATUS_OK);
    free(text);
    free(reading);
    fold_all(year);
}

void sample_year_close(struct sample_year *year)
{
    fold_free(&year->fold);
    context_free(&year->context);
    free(year->events);
}
