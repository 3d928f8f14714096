/* Which events a formula reads: their type, and what they have to say. */
#include "common/figures/formula_writing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/event/catalogue.h"

#define ELLIPSIS "…"

void formula_put_span(struct formula_writing *self, const char *text,
                      size_t size)
{
    size_t room = FORMULA_WORDS_MAX - sizeof ELLIPSIS;

    if (self->used == FORMULA_WORDS_MAX) {
        return; /* it has ended already */
    }
    if (self->used + size > room) {
        memcpy(self->text + self->used, ELLIPSIS, sizeof ELLIPSIS);
        self->used = FORMULA_WORDS_MAX;
        return;
    }
    memcpy(self->text + self->used, text, size);
    self->used += size;
    self->text[self->used] = '\0';
}

void formula_put(struct formula_writing *self, const char *text)
{
    formula_put_span(self, text, strlen(text));
}

void formula_say(struct formula_writing *self, const char *vi, const char *en)
{
    formula_put(self, self->language == LANGUAGE_EN ? en : vi);
}

void formula_put_label(struct formula_writing *self, struct language_text label)
{
    const char *text = language_pick(label, self->language);

    formula_put(self, text != NULL ? text : label.vi != NULL ? label.vi : "");
}

void formula_put_number(struct formula_writing *self, uint64_t number)
{
    char text[TEXT_NUMBER_MAX];

    text_format_count(number, self->language, text);
    formula_put(self, text);
}

void formula_put_quoted(struct formula_writing *self,
                        struct language_text label)
{
    formula_say(self, "«", "“");
    formula_put_label(self, label);
    formula_say(self, "»", "”");
}

/* ---- fields and conditions ---- */

static const struct catalogue_field *field_of(
    const struct plan_measure *measure, uint32_t field)
{
    const struct catalogue_type *type = catalogue_type(measure->type);
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);

    if (field > EVENT_BODY_BASE) {
        return type == NULL ? NULL
                            : catalogue_field(type, field - EVENT_BODY_BASE);
    }
    return field >= 1 && field <= count ? &header[field - 1] : NULL;
}

void formula_put_field(struct formula_writing *self,
                       const struct plan_measure *measure, uint32_t field)
{
    const struct catalogue_type *type = catalogue_type(measure->type);
    const struct catalogue_field *found = field_of(measure, field);

    if (field == EVENT_OCCURRED_ON && type != NULL) {
        formula_put_label(self, type->date_label);
    } else if (found != NULL) {
        formula_put_label(self, found->label);
    }
}

void formula_put_list(struct formula_writing *self, uint64_t list)
{
    if (list < self->plan->list_count) {
        formula_put_quoted(self, self->plan->lists[list].label);
    }
}

static void put_value(struct formula_writing *self,
                      const struct catalogue_field *field, uint64_t value)
{
    const struct catalogue_value *found =
        field == NULL || field->enumeration == NULL
            ? NULL
            : vocabulary_value(self->vocabulary, field->enumeration,
                               (uint32_t)value);
    char text[TEXT_DATE_MAX];

    if (found != NULL) {
        formula_put_label(self, found->label);
    } else if (field != NULL && field->kind == FIELD_FLAG) {
        formula_say(self, value != 0 ? "có" : "không",
                    value != 0 ? "yes" : "no");
    } else if (field != NULL && field->kind == FIELD_DATE) {
        text_format_date((int32_t)value, self->language, text);
        formula_put(self, text);
    } else if (field != NULL && field->kind == FIELD_YEAR) {
        (void)snprintf(text, sizeof text, "%" PRIu64, value);
        formula_put(self, text);
    } else {
        formula_put_number(self, value);
    }
}

void formula_put_level(struct formula_writing *self, enum unit_level level)
{
    switch (level) {
    case UNIT_PROVINCE:
        formula_say(self, "tỉnh, thành phố", "provinces");
        break;
    case UNIT_DISTRICT:
        formula_say(self, "quận, huyện", "districts");
        break;
    case UNIT_COMMUNE:
        formula_say(self, "xã, phường, thị trấn", "communes");
        break;
    }
}

static void put_values(struct formula_writing *self,
                       const struct catalogue_field *field,
                       const struct plan_condition *condition,
                       const char *between)
{
    for (uint32_t i = 0; i < condition->value_count; i++) {
        formula_put(self, i > 0 ? between : "");
        put_value(self, field, condition->values[i]);
    }
}

static void put_condition(struct formula_writing *self,
                          const struct plan_measure *measure,
                          const struct plan_condition *condition,
                          uint32_t number)
{
    const struct catalogue_field *field = field_of(measure, number);
    bool en = self->language == LANGUAGE_EN;

    formula_put_field(self, measure, number);
    switch (condition->test) {
    case PLAN_TEST_ANY_OF:
        formula_put(self, ": ");
        put_values(self, field, condition, en ? " or " : " hoặc ");
        break;
    case PLAN_TEST_ALL_OF:
        formula_put(self, ": ");
        put_values(self, field, condition, en ? " and " : " và ");
        break;
    case PLAN_TEST_NONE_OF:
        if (field != NULL && field->kind == FIELD_FLAG) {
            formula_say(self, ": không", ": no");
            break;
        }
        formula_say(self, " không phải ", " is not ");
        put_values(self, field, condition, en ? " or " : " hay ");
        break;
    case PLAN_TEST_AT_LEAST:
    case PLAN_TEST_AT_MOST:
        formula_put(self,
                    condition->test == PLAN_TEST_AT_LEAST ? " ≥ " : " ≤ ");
        if (condition->other != 0) {
            formula_put_field(self, measure, condition->other);
        } else {
            put_values(self, field, condition, ", ");
        }
        break;
    case PLAN_TEST_PRESENT:
        formula_say(self, ": có ghi", ": given");
        break;
    case PLAN_TEST_IN_LIST:
    case PLAN_TEST_NOT_IN_LIST:
        if (condition->test == PLAN_TEST_IN_LIST) {
            formula_say(self, " thuộc danh sách ", " is on the list ");
        } else {
            formula_say(self, " không thuộc danh sách ",
                        " is not on the list ");
        }
        formula_put_list(self, condition->values[0]);
        break;
    case PLAN_TEST_LEVEL:
        formula_say(self, " ở cấp ", " is one of the ");
        formula_put_level(self, (enum unit_level)condition->values[0]);
        break;
    }
}

/* "«Kiểm tra cơ sở» (Kết quả: vi phạm)" */
void formula_put_events(struct formula_writing *self, uint32_t number)
{
    const struct plan_measure *measure = &self->plan->measures[number];
    const struct catalogue_type *type = catalogue_type(measure->type);
    bool open = false;

    if (type != NULL) {
        formula_put_quoted(self, type->label);
    }
    for (uint32_t i = 0; i < measure->condition_count; i++) {
        const struct plan_condition *condition = &measure->conditions[i];

        if (condition->field == EVENT_PROGRAMME) {
            continue;
        }
        formula_put(self, open ? "; " : " (");
        open = true;
        put_condition(self, measure, condition, condition->field);
    }
    formula_put(self, open ? ")" : "");
}

/* Of a last row: its conditions name places in what the measure captures. */
void formula_put_states(struct formula_writing *self,
                        const struct plan_formula *formula)
{
    const struct plan_measure *measure =
        &self->plan->measures[formula->measure];

    for (uint32_t i = 0; i < formula->condition_count; i++) {
        formula_put(self, i > 0 ? "; " : "");
        put_condition(self, measure, &formula->conditions[i],
                      measure->capture[formula->conditions[i].field]);
    }
    if (formula->until != UINT32_MAX) {
        formula_put(self, formula->condition_count > 0 ? "; " : "");
        formula_put_field(self, measure, measure->capture[formula->until]);
        formula_say(self, " chưa qua", " is not over");
    }
}
