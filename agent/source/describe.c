/* The catalogue as a person reads it who has a form on paper and the command
 * line in front of them. */
#include "agent/source/describe.h"

#include "common/base/check.h"
#include "common/event/event.h"
#include "common/event/reference.h"

#include <inttypes.h>

/* Tokens of types and values are shorter. */
#define NAME_WIDTH 28

void describe_types(enum language language, FILE *out)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);

    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "  %-*s %s\n", NAME_WIDTH, types[i].name,
                      language_pick(types[i].label, language));
    }
}

/* What is written for kinds that have no list of values. */
static struct language_text how_of(enum field_kind kind)
{
    switch (kind) {
    case FIELD_COUNT:
    case FIELD_MONEY:
        return (struct language_text){"số nguyên, như 1250 hoặc 1.250",
                                      "a whole number, such as 1250"};
    case FIELD_COUNTS:
        return (struct language_text){"các số nguyên, như 2;1",
                                      "whole numbers, such as 2;1"};
    case FIELD_FLAG:
        return (struct language_text){"có hoặc không", "yes or no"};
    case FIELD_DATE:
        return (struct language_text){"ngày, như 05/03/2018",
                                      "a day, such as 2018-03-05"};
    case FIELD_YEAR:
        return (struct language_text){"năm, như 2018", "a year, such as 2018"};
    case FIELD_UNIT:
        return (struct language_text){
            "tên đơn vị, như \"Ngọc Khánh\", hoặc mã như gso3:00025",
            "name of a unit, such as \"Ngọc Khánh\", or its code gso3:00025"};
    case FIELD_UNITS:
        return (struct language_text){
            "tên các đơn vị, như Ngọc Khánh;Kim Mã, hoặc mã của chúng",
            "names of units, such as Ngọc Khánh;Kim Mã, or their codes"};
    case FIELD_PERIOD_KEY:
        return (struct language_text){"kỳ báo cáo, như 2018-Q2",
                                      "a period, such as 2018-Q2"};
    case FIELD_DOCUMENT:
        return (struct language_text){"số văn bản, như 25/KH-UBND",
                                      "number of a document: 25/KH-UBND"};
    case FIELD_EVENT_ID:
        return (struct language_text){"mã sự kiện, như 271.1.42",
                                      "id of an event, such as 271.1.42"};
    default:
        return (struct language_text){"một số", "a number"};
    }
}

void describe_how(const struct catalogue_field *field, enum language language,
                  char out[DESCRIBE_HOW_MAX])
{
    if (field->kind != FIELD_REFERENCE) {
        (void)snprintf(out, DESCRIBE_HOW_MAX, "%s",
                       language_pick(how_of(field->kind), language));
    } else if (field->reference == 0) {
        (void)snprintf(out, DESCRIBE_HOW_MAX, "%s",
                       language == LANGUAGE_EN ? "a reference"
                                               : "mã đối tượng");
    } else {
        const char *prefix =
            reference_prefix((enum reference_kind)field->reference);

        (void)snprintf(out, DESCRIBE_HOW_MAX,
                       language == LANGUAGE_EN
                           ? "a reference %s-…, a local name such as @so-15, "
                             "or new"
                           : "mã %s-…, tên riêng như @so-15, hoặc “mới” để cấp "
                             "mã mới",
                       prefix);
    }
}

static void write_field(const struct catalogue_field *field, const char *name,
                        struct language_text label, bool required,
                        enum language language, FILE *out)
{
    char how[DESCRIBE_HOW_MAX];

    (void)fprintf(out, "%c %-*s %s", required ? '*' : ' ', NAME_WIDTH, name,
                  language_pick(label, language));
    if (field->enumeration == NULL) {
        describe_how(field, language, how);
        (void)fprintf(out, ": %s", how);
    } else if (field->kind == FIELD_VALUES) {
        (void)fprintf(out, "%s",
                      language == LANGUAGE_EN
                          ? ": one or several, parted by semicolons"
                          : ": một hoặc nhiều, cách nhau bằng dấu chấm phẩy");
    }
    (void)fputc('\n', out);
}

static void write_values(const struct catalogue_field *field,
                         const struct vocabulary *vocabulary,
                         enum language language, FILE *out)
{
    const struct catalogue_value *value;

    for (size_t i = 0;
         field->enumeration != NULL &&
         (value = vocabulary_at(vocabulary, field->enumeration, i)) != NULL;
         i++) {
        (void)fprintf(out, "      %-*s %s\n", NAME_WIDTH - 4, value->token,
                      language_pick(value->label, language));
    }
}

/* A field of the header under the name that the type gives it. */
static void write_header_field(const struct catalogue_type *type,
                               uint32_t number, enum language language,
                               FILE *out)
{
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);
    const struct catalogue_field *field = &header[number - 1];

    check(number >= 1 && number <= count);
    if (number == EVENT_OCCURRED_ON) {
        write_field(field, type->date_name, type->date_label, true, language,
                    out);
    } else if (number == EVENT_SUBJECT_UNIT) {
        write_field(field, type->unit_name, field->label, type->unit_required,
                    language, out);
    } else {
        write_field(field, field->name, field->label, false, language, out);
    }
}

void describe_type(const struct catalogue_type *type,
                   const struct vocabulary *vocabulary, enum language language,
                   FILE *out)
{
    bool english = language == LANGUAGE_EN;

    (void)fprintf(out, "%s (%s); * %s\n\n",
                  language_pick(type->label, language), type->name,
                  english ? "required" : "bắt buộc");
    write_header_field(type, EVENT_OCCURRED_ON, language, out);
    write_header_field(type, EVENT_SUBJECT_UNIT, language, out);
    for (size_t i = 0; i < type->field_count; i++) {
        const struct catalogue_field *field = &type->fields[i];

        write_field(field, field->name, field->label, field->required, language,
                    out);
        write_values(field, vocabulary, language, out);
    }
    write_header_field(type, EVENT_DOCUMENT_NUMBER, language, out);
    (void)fprintf(out, "\n%s\n",
                  english ? "To replace an event: all of it again, with "
                            "corrects=ID and reason=REASON."
                          : "Để thay một sự kiện đã ghi: ghi lại đầy đủ, thêm "
                            "corrects=MÃ và reason=LÝ_DO.");
}
