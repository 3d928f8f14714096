#include "collector/commands/scope.h"

#include "collector/commands/commands.h"
#include "common/base/nearest.h"
#include "common/base/text.h"
#include "common/event/calendar.h"
#include "common/event/catalogue.h"
#include "common/event/unit.h"
#include "common/event/vocabulary.h"

#include <stdio.h>
#include <string.h>

#define PROGRAMMES_MAX 8u

/* Events outside the years that can be entered need no scope. */
static const struct calendar_date first_day = {2000, 1, 1};
static const struct calendar_date last_day = {2100, 12, 31};

struct reader_of_scope {
    const struct args *args;
    const struct context *context;
    int32_t today;
};

static enum status bad(const struct reader_of_scope *self, const char *text,
                       struct language_text why)
{
    args_error(self->args, "%s: %s", text, args_text(self->args, why));
    return STATUS_USAGE;
}

static enum status read_unit(const struct reader_of_scope *self,
                             const char *text, size_t size, uint32_t *unit)
{
    const struct units *units = context_units(self->context);

    if (unit_key_parse(text, size, self->today, unit) != STATUS_OK) {
        return bad(
            self, text,
            (struct language_text){"không phải mã đơn vị hành chính (gso3:001)",
                                   "is not the code of a unit (gso3:001)"});
    }
    if (units != NULL && !units_known(units, *unit)) {
        return bad(self, text,
                   (struct language_text){
                       "không có đơn vị này trong danh mục đơn vị hành chính",
                       "there is no such unit in the list of units"});
    }
    return STATUS_OK;
}

/* Tells a word that is not in the list what there is: nobody knows these
 * tokens by heart. */
static enum status bad_value(const struct reader_of_scope *self,
                             const struct catalogue_enumeration *list,
                             const char *text, size_t size)
{
    const struct vocabulary *vocabulary = context_vocabulary(self->context);
    const struct catalogue_value *value;
    struct nearest nearest;
    char word[NEAREST_BYTES_MAX + 1u];

    (void)snprintf(word, sizeof word, "%.*s", (int)size, text);
    nearest_init(&nearest, word);
    for (size_t i = 0; (value = vocabulary_at(vocabulary, list, i)) != NULL;
         i++) {
        nearest_try(&nearest, value->token);
    }
    (void)bad(self, word,
              (struct language_text){"không có trong danh mục",
                                     "is not in the list"});
    if (nearest.best != NULL) {
        (void)fprintf(
            stderr, "  %s: %s\n",
            args_text(self->args, (struct language_text){"có phải ý bạn là",
                                                         "did you mean"}),
            nearest.best);
        return STATUS_USAGE;
    }
    for (size_t i = 0; (value = vocabulary_at(vocabulary, list, i)) != NULL;
         i++) {
        (void)fprintf(stderr, "  %-24s %s\n", value->token,
                      args_text(self->args, value->label));
    }
    return STATUS_USAGE;
}

static enum status read_value(const struct reader_of_scope *self,
                              const char *enumeration, const char *text,
                              size_t size, uint32_t *value)
{
    const struct catalogue_enumeration *list =
        catalogue_enumeration(enumeration);
    const struct catalogue_value *found = vocabulary_by_token(
        context_vocabulary(self->context), list, text, size);

    if (found == NULL) {
        return bad_value(self, list, text, size);
    }
    *value = found->value;
    return STATUS_OK;
}

/* UNIT:OFFICE; the unit may hold a colon itself. */
static enum status read_pair(const struct reader_of_scope *self,
                             const char *text, struct control_scope *scope)
{
    const char *colon = strrchr(text, ':');
    uint32_t unit;
    enum status status;

    /* gso3:001 alone is a unit without an office. */
    if (colon == NULL ||
        unit_key_parse(text, strlen(text), self->today, &unit) == STATUS_OK) {
        return bad(
            self, text,
            (struct language_text){
                "cần cả đơn vị và cơ quan, ĐƠN-VỊ:CƠ-QUAN, như gso3:001:police",
                "unit and office are needed, UNIT:OFFICE, such as "
                "gso3:001:police"});
    }
    status = read_unit(self, text, (size_t)(colon - text), &scope->unit);
    return status != STATUS_OK ? status
                               : read_value(self, "Office", colon + 1,
                                            strlen(colon + 1), &scope->office);
}

/* A list of units parted by commas, of all uses of the option. */
static enum status read_units(const struct reader_of_scope *self,
                              const char *option, uint32_t units[],
                              uint32_t *count)
{
    for (size_t i = 0; i < args_count(self->args, option); i++) {
        const char *text = args_value_at(self->args, option, i);

        while (*text != '\0') {
            size_t size = strcspn(text, ",;");
            enum status status;

            if (*count == CONTROL_UNITS_MAX) {
                return bad(self, text,
                           (struct language_text){"quá nhiều đơn vị",
                                                  "too many units"});
            }
            status = read_unit(self, text, size, &units[(*count)++]);
            if (status != STATUS_OK) {
                return status;
            }
            text += size + (text[size] != '\0');
        }
    }
    return STATUS_OK;
}

static enum status read_programmes(const struct reader_of_scope *self,
                                   struct control_scope *scope)
{
    for (size_t i = 0; i < args_count(self->args, "programme"); i++) {
        const char *text = args_value_at(self->args, "programme", i);

        while (*text != '\0') {
            size_t size = strcspn(text, ",;");
            enum status status;

            if (scope->programme_count == PROGRAMMES_MAX) {
                return bad(self, text,
                           (struct language_text){"quá nhiều chương trình",
                                                  "too many programmes"});
            }
            status = read_value(self, "Programme", text, size,
                                &scope->programmes[scope->programme_count++]);
            if (status != STATUS_OK) {
                return status;
            }
            text += size + (text[size] != '\0');
        }
    }
    return STATUS_OK;
}

/* What all pairs of the command have in common. */
static enum status read_common(const struct reader_of_scope *self,
                               struct control_scope *scope)
{
    enum status status;

    scope->from = calendar_day(first_day.year, first_day.month, first_day.day);
    scope->to = calendar_day(last_day.year, last_day.month, last_day.day);
    status = command_day(self->args, "from", &scope->from);
    if (status == STATUS_OK) {
        status = command_day(self->args, "to", &scope->to);
    }
    if (status == STATUS_OK) {
        status = read_units(self, "area", scope->area, &scope->area_count);
    }
    if (status == STATUS_OK) {
        status = read_units(self, "corrects-for", scope->corrects_for,
                            &scope->corrects_for_count);
    }
    return status == STATUS_OK ? read_programmes(self, scope) : status;
}

enum status scope_read(const struct args *args, const struct context *context,
                       int32_t today, struct control_scope scopes[],
                       uint32_t *count)
{
    struct reader_of_scope self = {args, context, today};
    struct control_scope common = {.unit = 0};
    enum status status = read_common(&self, &common);

    *count = 0;
    for (size_t i = 0; i < args_count(args, "pair") && status == STATUS_OK;
         i++) {
        struct control_scope *scope = &scopes[*count];
        const char *text = args_value_at(args, "pair", i);

        if (*count == CONTROL_SCOPES_MAX) {
            return bad(
                &self, text,
                (struct language_text){"quá nhiều cặp", "too many pairs"});
        }
        *scope = common;
        status = read_pair(&self, text, scope);
        if (scope->area_count == 0) {
            scope->area[0] = scope->unit;
            scope->area_count = 1;
        }
        (*count)++;
    }
    return status;
}

void scope_format_pair(const struct control_scope *scope,
                       const struct context *context, char *out, size_t room)
{
    const struct catalogue_value *office =
        vocabulary_value(context_vocabulary(context),
                         catalogue_enumeration("Office"), scope->office);
    char unit[UNIT_TEXT_MAX];

    unit_key_format(scope->unit, unit);
    if (office == NULL) {
        (void)snprintf(out, room, "%s:%u", unit, scope->office);
    } else {
        (void)snprintf(out, room, "%s:%s", unit, office->token);
    }
}
