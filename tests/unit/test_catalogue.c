/* The catalogue against event.proto: nothing missing, nothing extra. The
 * generated descriptors say names and wire types; the text of event.proto says
 * which enumeration a field takes.
 */
#include "common/event/catalogue.h"
#include "common/event/event.h"
#include "common/event/reference.h"

#include "event.pb-c.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#define BODY_TAG_BASE  100u
#define PROTO_LINE_MAX 256

static const ProtobufCMessageDescriptor *const root =
    &tallyline__event__descriptor;

/* The first word of the comment on the field's line in event.proto. */
static void comment_word(const char *message, const char *field,
                         char word[PROTO_LINE_MAX])
{
    FILE *file = fopen(TALLYLINE_PROTO_DIR "/event.proto", "r");
    cr_assert_not_null(file);
    char line[PROTO_LINE_MAX];
    char open[PROTO_LINE_MAX];
    char name[PROTO_LINE_MAX];
    bool inside = false;
    bool found = false;
    snprintf(open, sizeof(open), "message %s {", message);
    snprintf(name, sizeof(name), " %s = ", field);
    word[0] = '\0';
    while (!found && fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, open, strlen(open)) == 0) {
            inside = true;
        } else if (line[0] == '}') {
            inside = false;
        } else if (inside && strstr(line, name) != NULL) {
            found = true;
            const char *comment = strstr(line, "// ");
            size_t length = 0;
            while (comment != NULL &&
                   isalnum((unsigned char)comment[3 + length])) {
                word[length] = comment[3 + length];
                length++;
            }
            word[length] = '\0';
        }
    }
    fclose(file);
    cr_assert(found, "%s.%s", message, field);
}

static bool is_nfc(const char *text)
{
    utf8proc_uint8_t *nfc = utf8proc_NFC((const utf8proc_uint8_t *)text);
    bool same = nfc != NULL && strcmp((const char *)nfc, text) == 0;
    free(nfc);
    return same;
}

static void assert_label(struct language_text label, const char *where)
{
    const char *texts[] = {label.vi, label.en};
    for (size_t i = 0; i < 2; i++) {
        cr_assert_not_null(texts[i], "%s", where);
        cr_assert(texts[i][0] != '\0' && texts[i][0] != ' ', "%s", where);
        cr_assert(texts[i][strlen(texts[i]) - 1] != ' ', "%s", where);
        cr_assert(is_nfc(texts[i]), "%s: %s", where, texts[i]);
        cr_assert_null(strstr(texts[i], "  "), "%s: %s", where, texts[i]);
    }
}

static bool kind_fits(const struct catalogue_field *field,
                      const ProtobufCFieldDescriptor *wire)
{
    bool list = wire->label == PROTOBUF_C_LABEL_REPEATED;
    switch (wire->type) {
    case PROTOBUF_C_TYPE_BOOL:
        return field->kind == FIELD_FLAG && !list;
    case PROTOBUF_C_TYPE_INT32:
        return field->kind == FIELD_DATE && !list;
    case PROTOBUF_C_TYPE_INT64:
        return field->kind == FIELD_MOMENT && !list;
    case PROTOBUF_C_TYPE_BYTES:
        return field->kind == FIELD_KEY && !list;
    case PROTOBUF_C_TYPE_UINT64:
        return !list &&
               (field->kind == FIELD_REFERENCE || field->kind == FIELD_MONEY ||
                field->kind == FIELD_INDEX || field->kind == FIELD_EVENT_ID);
    case PROTOBUF_C_TYPE_UINT32:
        if (list) {
            return field->kind == FIELD_VALUES || field->kind == FIELD_COUNTS ||
                   field->kind == FIELD_UNITS;
        }
        return field->kind == FIELD_VALUE || field->kind == FIELD_COUNT ||
               field->kind == FIELD_YEAR || field->kind == FIELD_UNIT ||
               field->kind == FIELD_PERIOD_KEY || field->kind == FIELD_DOCUMENT;
    default:
        return false;
    }
}

/* What the comment in event.proto says against what the catalogue says. */
static bool meaning_fits(const struct catalogue_field *field, const char *word)
{
    const struct catalogue_enumeration *enumeration =
        catalogue_enumeration(word);
    if (enumeration != NULL || field->enumeration != NULL) {
        return field->enumeration == enumeration &&
               (field->kind == FIELD_VALUE || field->kind == FIELD_VALUES);
    }
    return (strcmp(word, "reference") == 0) ==
               (field->kind == FIELD_REFERENCE) &&
           (strcmp(word, "date") == 0) == (field->kind == FIELD_DATE);
}

static void assert_field(const struct catalogue_field *field,
                         const ProtobufCFieldDescriptor *wire,
                         const char *message, uint32_t number)
{
    char where[PROTO_LINE_MAX];
    char word[PROTO_LINE_MAX];
    snprintf(where, sizeof(where), "%s.%s", message, wire->name);
    cr_assert_eq(field->number, number, "%s", where);
    cr_assert_eq(wire->id, number, "%s", where);
    cr_assert_str_eq(field->name, wire->name);
    cr_assert(kind_fits(field, wire), "%s", where);
    comment_word(message, wire->name, word);
    cr_assert(meaning_fits(field, word), "%s: %s", where, word);
    bool counts = field->kind == FIELD_COUNT || field->kind == FIELD_COUNTS ||
                  field->kind == FIELD_MONEY;
    cr_assert_eq(field->max > field->min, counts, "%s", where);
    cr_assert(!field->persons || field->kind == FIELD_COUNT, "%s", where);
    cr_assert(wire->type == PROTOBUF_C_TYPE_UINT64 || field->max <= UINT32_MAX);
    assert_label(field->label, where);
    assert_label(field->help, where);
    cr_assert(field->help.vi[strlen(field->help.vi) - 1] == '.', "%s", where);
    cr_assert(field->help.en[strlen(field->help.en) - 1] == '.', "%s", where);
}

Test(catalogue, has_every_header_field_and_no_other)
{
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);
    for (unsigned i = 0; i < count; i++) {
        assert_field(&header[i], &root->fields[i], "Event", i + 1);
    }
    for (unsigned i = (unsigned)count; i < root->n_fields; i++) {
        cr_assert_eq(root->fields[i].type, PROTOBUF_C_TYPE_MESSAGE);
    }
    cr_assert_eq(count, EVENT_REASON);
}

Test(catalogue, has_every_type_and_body_field_and_no_other)
{
    size_t header = 0;
    size_t count = 0;
    catalogue_header(&header);
    const struct catalogue_type *types = catalogue_types(&count);
    cr_assert_eq(count, root->n_fields - header);
    for (uint32_t i = 0; i < count; i++) {
        const struct catalogue_type *type = &types[i];
        const ProtobufCFieldDescriptor *wire = &root->fields[header + i];
        const ProtobufCMessageDescriptor *body = wire->descriptor;
        cr_assert_eq(type->number, i + 1);
        cr_assert_eq(wire->id, BODY_TAG_BASE + type->number);
        cr_assert_str_eq(type->name, wire->name);
        assert_label(type->label, type->name);
        assert_label(type->date_label, type->name);
        cr_assert_eq(type->field_count, body->n_fields, "%s", type->name);
        cr_assert_lt(type->field_count, EVENT_FIELDS_MAX);
        for (uint32_t n = 0; n < type->field_count; n++) {
            assert_field(&type->fields[n], &body->fields[n], body->short_name,
                         n + 1);
        }
    }
}

/* A reference field says of which kind, in its name too. */
Test(catalogue, names_the_kind_of_every_reference)
{
    static const struct {
        const char *start;
        uint32_t kind;
    } names[] = {{"est_ref", REFERENCE_ESTABLISHMENT},
                 {"hotspot_ref", REFERENCE_HOTSPOT},
                 {"model_ref", REFERENCE_MODEL},
                 {"case_ref", REFERENCE_CASE},
                 {"tip_ref", REFERENCE_TIP},
                 {"inspection_ref", REFERENCE_INSPECTION},
                 {"follow_up_of", REFERENCE_INSPECTION},
                 {"first", 0},
                 {"second", 0}};
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        for (size_t n = 0; n < types[i].field_count; n++) {
            const struct catalogue_field *field = &types[i].fields[n];
            bool known = false;
            for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
                if (strcmp(field->name, names[k].start) == 0) {
                    known = true;
                    cr_assert_eq(field->reference, names[k].kind);
                }
            }
            cr_assert_eq(known, field->kind == FIELD_REFERENCE, "%s.%s",
                         types[i].name, field->name);
        }
    }
}

/* "CAR_RACE_KIND" for "CarRaceKind". */
static void value_prefix(const char *name, char prefix[PROTO_LINE_MAX])
{
    size_t length = 0;
    for (const char *c = name; *c != '\0'; c++) {
        if (c != name && isupper((unsigned char)*c)) {
            prefix[length++] = '_';
        }
        prefix[length++] = (char)toupper((unsigned char)*c);
    }
    prefix[length++] = '_';
    prefix[length] = '\0';
}

static void assert_value(const struct catalogue_enumeration *enumeration,
                         const char *line, uint32_t position)
{
    char prefix[PROTO_LINE_MAX];
    char name[PROTO_LINE_MAX];
    unsigned number = 0;
    cr_assert_eq(sscanf(line, " %255[A-Z0-9_] = %u;", name, &number), 2);
    cr_assert_eq(number, position);
    value_prefix(enumeration->name, prefix);
    cr_assert_eq(strncmp(name, prefix, strlen(prefix)), 0, "%s", name);
    for (char *c = name; *c != '\0'; c++) {
        *c = (char)tolower((unsigned char)*c);
    }
    if (number == 0) {
        cr_assert_str_eq(name + strlen(prefix), "unspecified");
        return;
    }
    cr_assert_leq(number, enumeration->value_count, "%s", name);
    const struct catalogue_value *value = &enumeration->values[number - 1];
    cr_assert_eq(value->value, number);
    cr_assert_str_eq(value->token, name + strlen(prefix));
    assert_label(value->label, name);
    bool document = strcmp(enumeration->name, "DocumentKind") == 0 ||
                    strcmp(enumeration->name, "DocumentBody") == 0;
    cr_assert_eq(value->abbreviation != NULL, document, "%s", name);
}

Test(catalogue, has_every_value_of_every_enumeration_and_no_other)
{
    FILE *file = fopen(TALLYLINE_PROTO_DIR "/event.proto", "r");
    cr_assert_not_null(file);
    char line[PROTO_LINE_MAX];
    const struct catalogue_enumeration *inside = NULL;
    uint32_t position = 0;
    size_t seen = 0;
    while (fgets(line, sizeof(line), file) != NULL) {
        char name[PROTO_LINE_MAX];
        if (sscanf(line, "enum %255[A-Za-z0-9] {", name) == 1) {
            cr_assert_not_null(catalogue_enumeration(name), "%s", name);
            cr_assert_eq(catalogue_enumeration_at(seen),
                         catalogue_enumeration(name), "order of %s", name);
            inside = catalogue_enumeration(name);
            assert_label(inside->label, name);
            position = 0;
            seen++;
        } else if (inside != NULL && line[0] == '}') {
            cr_assert_eq(position, inside->value_count + 1, "%s", inside->name);
            inside = NULL;
        } else if (inside != NULL) {
            assert_value(inside, line, position++);
        }
    }
    fclose(file);
    cr_assert_gt(seen, 40);
    cr_assert_null(catalogue_enumeration_at(seen));
}

Test(catalogue, has_no_token_or_label_twice_in_an_enumeration)
{
    for (size_t e = 0; catalogue_enumeration_at(e) != NULL; e++) {
        const struct catalogue_enumeration *one = catalogue_enumeration_at(e);
        for (size_t i = 0; i < one->value_count; i++) {
            for (size_t k = i + 1; k < one->value_count; k++) {
                const struct catalogue_value *a = &one->values[i];
                const struct catalogue_value *b = &one->values[k];
                cr_assert_str_neq(a->token, b->token);
                cr_assert_str_neq(a->label.vi, b->label.vi, "%s", one->name);
                cr_assert_str_neq(a->label.en, b->label.en, "%s", one->name);
            }
        }
    }
}

Test(catalogue, finds_types_fields_and_values_by_name)
{
    const struct catalogue_type *type = catalogue_type_by_name("inspection");
    cr_assert_eq(type, catalogue_type(8));
    uint32_t number = 0;
    const struct catalogue_field *field =
        catalogue_find_field(type, "est_ref", &number);
    cr_assert_eq(number, EVENT_BODY_BASE + 1);
    cr_assert_eq(field, catalogue_field(type, 1));
    catalogue_find_field(type, "inspected_on", &number);
    cr_assert_eq(number, EVENT_OCCURRED_ON);
    catalogue_find_field(type, "occurred_on", &number);
    cr_assert_eq(number, EVENT_OCCURRED_ON);
    catalogue_find_field(type, "document", &number);
    cr_assert_eq(number, EVENT_DOCUMENT_NUMBER);
    cr_assert_null(catalogue_find_field(type, "held_on", &number));
    catalogue_find_field(catalogue_type(15), "commune", &number);
    cr_assert_eq(number, EVENT_SUBJECT_UNIT);
    const struct catalogue_enumeration *kinds = catalogue_enumeration("Level");
    cr_assert_eq(catalogue_value_by_token(kinds, "district", 8)->value, 2);
    cr_assert_null(catalogue_value_by_token(kinds, "districts", 9));
    cr_assert_null(catalogue_value_by_token(kinds, "", 0));
}

Test(catalogue, i11_knows_nothing_beyond_its_ends)
{
    size_t count = 0;
    catalogue_types(&count);
    cr_assert_null(catalogue_type(0));
    cr_assert_not_null(catalogue_type((uint32_t)count));
    cr_assert_null(catalogue_type((uint32_t)count + 1));
    cr_assert_null(catalogue_type_by_name("birthday"));
    cr_assert_null(catalogue_enumeration("Name"));
    const struct catalogue_enumeration *level = catalogue_enumeration("Level");
    cr_assert_null(catalogue_value(level, 0));
    cr_assert_not_null(catalogue_value(level, 3));
    cr_assert_null(catalogue_value(level, 4));
    cr_assert_null(catalogue_value(level, UINT32_MAX));
    cr_assert_null(catalogue_field(catalogue_type(20), 0));
    cr_assert_null(catalogue_field(catalogue_type(20), 2));
}

/* No word in event.proto could be a text: I9 is a property of the types. */
Test(catalogue, i9_has_no_field_that_could_hold_text)
{
    for (unsigned i = 0; i < root->n_fields; i++) {
        cr_assert_neq(root->fields[i].type, PROTOBUF_C_TYPE_STRING);
        if (root->fields[i].type == PROTOBUF_C_TYPE_BYTES) {
            cr_assert_str_eq(root->fields[i].name, "entry_key");
        }
        const ProtobufCMessageDescriptor *body = root->fields[i].descriptor;
        for (unsigned n = 0; body != NULL && n < body->n_fields; n++) {
            cr_assert_neq(body->fields[n].type, PROTOBUF_C_TYPE_STRING);
            cr_assert_neq(body->fields[n].type, PROTOBUF_C_TYPE_BYTES);
            cr_assert_neq(body->fields[n].type, PROTOBUF_C_TYPE_MESSAGE);
        }
    }
}
