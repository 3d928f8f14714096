/* Reads one event: cells by field, then what was left out, then the rules of
 * the province and the office's own. Every mistake is noted and reading goes
 * on, so that a person mends a row once. Failure modes: only the spool's, when
 * it cannot allot a number. */
#include "agent/source/source_internal.h"

#include "common/base/check.h"
#include "common/base/text.h"
#include "common/event/period.h"
#include "common/event/reference.h"
#include "common/event/validate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* enum Role of proto/event.proto. */
#define ROLE_OFFICER 2u
/* enum EventType and CorrectionAction. */
#define TYPE_CORRECTION 20u
#define ACTION_VOID     1u
#define ACTION_FIELD    1u

/* ---- mistakes ---- */

/* `mark`: its field has failed, and needs no other mistake. */
static void note(struct source_reading *reading, size_t cell, uint32_t number,
                 bool mark, const char *text)
{
    struct source *source = reading->source;

    if (mark && number < SOURCE_FIELD_NUMBERS) {
        reading->failed[number] = true;
    }
    if (source->issue_count < SOURCE_ISSUES_MAX) {
        struct source_issue *issue = &source->issues[source->issue_count];

        issue->cell = cell;
        issue->field = number < SOURCE_FIELD_NUMBERS ? number : 0;
        (void)snprintf(issue->text, sizeof issue->text, "%s", text);
    }
    source->issue_count++;
}

void source_fail(struct source_reading *reading, uint32_t number,
                 const char *vi, const char *en, ...)
{
    char text[SOURCE_TEXT_MAX];
    va_list arguments;
    int length;

    va_start(arguments, en);
    length = vsnprintf(text, sizeof text,
                       reading->source->language == LANGUAGE_EN ? en : vi,
                       arguments);
    va_end(arguments);
    check(length >= 0);
    note(reading,
         reading->cell != SOURCE_NO_CELL ? reading->cell
                                         : source_cell_of(reading, number),
         number, true, text);
}

const char *source_quote(const struct source_value *value,
                         char out[SOURCE_QUOTED_MAX + 8u])
{
    size_t size = value->size;
    bool cut = size > SOURCE_QUOTED_MAX;

    if (cut) {
        size = SOURCE_QUOTED_MAX;
        /* Not within a character. */
        while (size > 0 && ((uint8_t)value->text[size] & 0xc0u) == 0x80u) {
            size--;
        }
    }
    (void)snprintf(out, SOURCE_QUOTED_MAX + 8u, "\"%.*s%s\"", (int)size,
                   value->text, cut ? "…" : "");
    return out;
}

/* ---- cells ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void source_trim(const char **text, size_t *size)
{
    while (*size > 0 && is_blank((*text)[0])) {
        *text += 1;
        *size -= 1;
    }
    while (*size > 0 && is_blank((*text)[*size - 1])) {
        *size -= 1;
    }
}

/* The cell in NFC and without blanks around it. False when there is nothing
 * to read: it is empty, or no text that we take. */
static bool clean(struct source_reading *reading,
                  const struct source_cell *cell, uint32_t number,
                  char out[SOURCE_VALUE_MAX + 1u], size_t *size)
{
    const char *text = cell->text;
    size_t left = cell->size;
    enum text_error why = TEXT_OK;

    source_trim(&text, &left);
    if (left == 0) {
        return false;
    }
    if (text_to_nfc(text, left, out, SOURCE_VALUE_MAX + 1u, size, &why) ==
        STATUS_OK) {
        return *size > 0;
    }
    switch (why) {
    case TEXT_NOT_UTF8:
    case TEXT_NUL:
        source_fail(reading, number,
                    "chữ không phải mã Unicode UTF-8; hãy lưu tệp dạng CSV "
                    "UTF-8%s",
                    "the text is not UTF-8; save the file as CSV UTF-8%s", "");
        break;
    case TEXT_TOO_LONG:
        source_fail(reading, number, "dài quá %u byte", "longer than %u bytes",
                    SOURCE_VALUE_MAX);
        break;
    default:
        source_fail(reading, number,
                    "có ký tự điều khiển không nhìn thấy; hãy gõ lại%s",
                    "there is an invisible control character; type it "
                    "again%s",
                    "");
        break;
    }
    return false;
}

static const struct catalogue_field *field_of(const struct catalogue_type *type,
                                              uint32_t number)
{
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);

    if (number >= EVENT_BODY_BASE) {
        return catalogue_field(type, number - EVENT_BODY_BASE);
    }
    return number >= 1 && number <= count ? &header[number - 1] : NULL;
}

/* Fields are read in three rounds: the header, because days and units decide
 * how the rest is read; the body; and its references last, because they may
 * allot numbers. */
enum round {
    ROUND_DAY,
    ROUND_HEADER,
    ROUND_BODY,
    ROUND_REFERENCES
};

static enum round round_of(const struct catalogue_field *field, uint32_t number)
{
    if (number == EVENT_OCCURRED_ON) {
        return ROUND_DAY;
    }
    if (number < EVENT_BODY_BASE) {
        return ROUND_HEADER;
    }
    return field->kind == FIELD_REFERENCE ? ROUND_REFERENCES : ROUND_BODY;
}

static void read_round(struct source_reading *reading, enum round round)
{
    bool given[SOURCE_FIELD_NUMBERS] = {false};

    const struct source_cell *cells = reading->cells;

    for (size_t i = 0; i < reading->cell_count && reading->trouble == STATUS_OK;
         i++) {
        char text[SOURCE_VALUE_MAX + 1u];
        uint32_t number = cells[i].field;
        const struct catalogue_field *field;
        struct source_value value;

        if (number == SOURCE_IGNORED) {
            continue;
        }
        field = field_of(reading->type, number);
        check(field != NULL);
        if (round_of(field, number) != round) {
            continue;
        }
        reading->cell = i;
        value = (struct source_value){field, number, text, 0};
        if (!clean(reading, &cells[i], number, text, &value.size)) {
            continue;
        }
        if (given[number]) {
            source_fail(reading, number,
                        "trường %s được ghi hai lần; hãy bỏ bớt một lần",
                        "the field %s is given twice; leave one out",
                        validate_field_name(reading->type->number, number));
            continue;
        }
        given[number] = true;
        source_read_value(reading, &value);
    }
    reading->cell = SOURCE_NO_CELL;
}

/* ---- what was left out ---- */

static void fill_in(struct source_reading *reading)
{
    const struct source *source = reading->source;
    struct event *event = reading->event;
    uint32_t programme = context_programme(source->context, event->occurred_on);

    source_default_pair(reading);
    if (event->role == 0 && !reading->failed[EVENT_ROLE]) {
        event->role = source->role != 0 ? source->role : ROLE_OFFICER;
        event->header_present |= 1u << EVENT_ROLE;
    }
    if (event->programme == 0 && programme != 0 &&
        !reading->failed[EVENT_PROGRAMME]) {
        event->programme = programme;
        event->header_present |= 1u << EVENT_PROGRAMME;
    }
    event->vocabulary = vocabulary_version(context_vocabulary(source->context));
    event->recorded_at = clock_wall_us(source->clock);
    event->header_present |= 1u << EVENT_RECORDED_AT;
    if (event->vocabulary != 0) {
        event->header_present |= 1u << EVENT_VOCABULARY;
    }
}

size_t source_cell_of(const struct source_reading *reading, uint32_t number)
{
    if (number >= EVENT_DOCUMENT_NUMBER && number <= EVENT_DOCUMENT_BODIES) {
        number = EVENT_DOCUMENT_NUMBER;
    }
    for (size_t i = 0; i < reading->cell_count; i++) {
        if (reading->cells[i].field == number) {
            return i;
        }
    }
    return SOURCE_NO_CELL;
}

/* ---- the rules ---- */

static enum validate_unit look_up_unit(void *context, uint32_t unit,
                                       int32_t day, uint32_t *level)
{
    const struct units *units = context;
    const struct unit *found = units_find(units, unit, day);

    if (found != NULL) {
        *level = (uint32_t)found->level;
        return VALIDATE_UNIT_IN_FORCE;
    }
    for (size_t i = 0; i < units_count(units); i++) {
        if (units_at(units, i)->key == unit) {
            return VALIDATE_UNIT_OTHER_DAYS;
        }
    }
    return VALIDATE_UNIT_ABSENT;
}

static bool crosses_cut(void *context, int32_t from, int32_t to, int32_t *last)
{
    return context_crosses(context, from, to, last);
}

static bool failed(const struct source_reading *reading, uint32_t number)
{
    return number < SOURCE_FIELD_NUMBERS && reading->failed[number];
}

/* Nobody wrote the unit that was filled in: the day is what can be changed. */
static uint32_t field_to_mend(const struct source_reading *reading,
                              const struct validate_issue *issue)
{
    return issue->rule == VALIDATE_UNIT_NOT_IN_FORCE &&
                   issue->field == EVENT_UNIT &&
                   source_cell_of(reading, EVENT_UNIT) == SOURCE_NO_CELL
               ? EVENT_OCCURRED_ON
               : issue->field;
}

static void judge(struct source_reading *reading)
{
    const struct source *source = reading->source;
    const struct units *units = context_units(source->context);
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    /* The hooks take no const pointer; they only read. */
    struct validate_rules rules = {
        .vocabulary = context_vocabulary(source->context),
        .unit = units != NULL ? look_up_unit : NULL,
        .unit_context = (void *)(uintptr_t)units,
        .crosses = crosses_cut,
        .crosses_context = (void *)(uintptr_t)source->context,
        .has_today = true,
        .today = clock_today(source->clock),
    };
    struct validate_reader reader = {.vocabulary = rules.vocabulary,
                                     .units = units,
                                     .language = source->language,
                                     .keys = source->keys};
    size_t broken =
        validate_event(reading->event, &rules, issues, VALIDATE_ISSUES_MAX);

    for (size_t i = 0; i < broken && i < VALIDATE_ISSUES_MAX; i++) {
        char text[VALIDATE_TEXT_MAX];
        uint32_t field;

        if (failed(reading, issues[i].field) ||
            failed(reading, issues[i].other)) {
            continue;
        }
        field = field_to_mend(reading, &issues[i]);
        if (failed(reading, field)) {
            continue;
        }
        (void)validate_describe(reading->event, &issues[i], &reader, text);
        note(reading, source_cell_of(reading, field), field, false, text);
    }
    for (size_t i = 0; i < broken && i < VALIDATE_ISSUES_MAX; i++) {
        if (issues[i].field < SOURCE_FIELD_NUMBERS) {
            reading->failed[issues[i].field] = true;
        }
    }
}

/* ---- one event ---- */

enum status source_read(struct source *source,
                        const struct catalogue_type *type,
                        const struct source_cell cells[], size_t count,
                        struct event *event)
{
    struct source_reading reading = {
        .source = source,
        .type = type,
        .cells = cells,
        .cell_count = count,
        .event = event,
        .cell = SOURCE_NO_CELL,
    };

    check(count <= SOURCE_CELLS_MAX);
    source->issue_count = 0;
    source->saved_as = 0;
    source->allotted_count = 0;
    event_init(event, type->number);
    read_round(&reading, ROUND_DAY);
    read_round(&reading, ROUND_HEADER);
    fill_in(&reading);
    read_round(&reading, ROUND_BODY);
    if (type->number == TYPE_CORRECTION && !event_has(event, ACTION_FIELD)) {
        event_set(event, ACTION_FIELD, ACTION_VOID);
    }
    /* A row that is here already must not allot numbers again. */
    if (source->issue_count == 0) {
        reading.trouble = source_settle_entry(&reading);
    }
    read_round(&reading, ROUND_REFERENCES);
    if (reading.trouble == STATUS_OK) {
        source_check_target(&reading);
        source_check_reason(&reading);
    }
    if (reading.trouble != STATUS_OK) {
        return reading.trouble;
    }
    judge(&reading);
    source_check_scope(&reading);
    if (source->issue_count == 0) {
        return STATUS_OK;
    }
    reading.trouble = source_take_back(source);
    return reading.trouble == STATUS_OK ? STATUS_INVALID : reading.trouble;
}
