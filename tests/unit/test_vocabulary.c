/* The province's values beside the product's, and the numbers of documents
 * that are written with them.
 */
#include "common/event/vocabulary.h"

#include "common/event/document.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct catalogue_value taxi = {
    10000, "taxi_drivers", {"Lái xe taxi", "Taxi drivers"}, NULL, false};

static const struct catalogue_enumeration *audience(void)
{
    return catalogue_enumeration("Audience");
}

static enum vocabulary_error add(struct vocabulary *vocabulary,
                                 const char *enumeration,
                                 struct catalogue_value value)
{
    enum vocabulary_error why = VOCABULARY_OK;
    enum status status = vocabulary_add(vocabulary, enumeration, &value, &why);
    cr_assert_eq(status == STATUS_OK, why == VOCABULARY_OK);
    return why;
}

static struct catalogue_value with_value(uint32_t value)
{
    struct catalogue_value changed = taxi;
    changed.value = value;
    return changed;
}

static struct catalogue_value with_token(const char *token)
{
    struct catalogue_value changed = taxi;
    changed.token = token;
    return changed;
}

static struct catalogue_value with_label(const char *vi, const char *en)
{
    struct catalogue_value changed = taxi;
    changed.label.vi = vi;
    changed.label.en = en;
    return changed;
}

Test(vocabulary, finds_the_products_and_the_provinces_values)
{
    struct vocabulary *vocabulary = vocabulary_new(3);
    cr_assert_eq(add(vocabulary, "Audience", taxi), VOCABULARY_OK);
    cr_assert_eq(vocabulary_version(vocabulary), 3);
    const struct catalogue_value *value =
        vocabulary_value(vocabulary, audience(), 10000);
    cr_assert_str_eq(value->token, "taxi_drivers");
    cr_assert_str_eq(value->label.vi, "Lái xe taxi");
    cr_assert_eq(
        value, vocabulary_by_token(vocabulary, audience(), "taxi_drivers", 12));
    cr_assert_str_eq(vocabulary_value(vocabulary, audience(), 3)->token,
                     "students");
    cr_assert_eq(
        vocabulary_by_token(vocabulary, audience(), "students", 8)->value, 3);
    /* Another enumeration has a value 10000 of its own. */
    cr_assert_null(
        vocabulary_value(vocabulary, catalogue_enumeration("Topic"), 10000));
    vocabulary_free(&vocabulary);
    cr_assert_null(vocabulary);
}

Test(vocabulary, null_is_the_products_alone)
{
    cr_assert_eq(vocabulary_version(NULL), 0);
    cr_assert_not_null(vocabulary_value(NULL, audience(), 9));
    cr_assert_null(vocabulary_value(NULL, audience(), 10));
    cr_assert_null(vocabulary_value(NULL, audience(), 10000));
    cr_assert_not_null(vocabulary_by_token(NULL, audience(), "students", 8));
    cr_assert_not_null(vocabulary_at(NULL, audience(), 8));
    cr_assert_null(vocabulary_at(NULL, audience(), 9));
}

Test(vocabulary, lists_all_values_in_the_order_of_their_numbers)
{
    static const char *const tokens[] = {"ten", "eleven", "twelve"};
    static const uint32_t order[] = {2, 0, 1};
    struct vocabulary *vocabulary = vocabulary_new(1);
    cr_assert_eq(add(vocabulary, "Topic", with_token("other")), VOCABULARY_OK);
    cr_assert_eq(add(vocabulary, "Office", with_token("another")),
                 VOCABULARY_OK);
    for (size_t i = 0; i < 3; i++) {
        struct catalogue_value value = with_token(tokens[order[i]]);
        value.value = 10010 + order[i];
        cr_assert_eq(add(vocabulary, "Audience", value), VOCABULARY_OK);
    }
    size_t own = audience()->value_count;
    for (size_t i = 0; i < own; i++) {
        cr_assert_eq(vocabulary_at(vocabulary, audience(), i)->value, i + 1);
    }
    for (size_t i = 0; i < 3; i++) {
        cr_assert_str_eq(vocabulary_at(vocabulary, audience(), own + i)->token,
                         tokens[i]);
    }
    cr_assert_null(vocabulary_at(vocabulary, audience(), own + 3));
    vocabulary_free(&vocabulary);
}

Test(vocabulary, says_why_a_value_cannot_be_added)
{
    struct vocabulary *vocabulary = vocabulary_new(1);
    cr_assert_eq(add(vocabulary, "Colour", taxi), VOCABULARY_NO_ENUMERATION);
    cr_assert_eq(add(vocabulary, "EventType", taxi), VOCABULARY_CLOSED);
    cr_assert_eq(add(vocabulary, "Level", taxi), VOCABULARY_CLOSED);
    cr_assert_eq(add(vocabulary, "Audience", with_value(9999)),
                 VOCABULARY_VALUE_RANGE);
    cr_assert_eq(add(vocabulary, "Audience", with_token("students")),
                 VOCABULARY_TOKEN_TWICE);
    static const char *const tokens[] = {"",      "Taxi", "1taxi", "_taxi",
                                         "ta xi", "tài",  "ta-xi"};
    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        cr_assert_eq(add(vocabulary, "Audience", with_token(tokens[i])),
                     VOCABULARY_TOKEN, "%s", tokens[i]);
    }
    cr_assert_eq(add(vocabulary, "Audience", with_label("", "Taxi")),
                 VOCABULARY_LABEL);
    cr_assert_eq(add(vocabulary, "Audience", with_label("Taxi", NULL)),
                 VOCABULARY_LABEL);
    cr_assert_eq(add(vocabulary, "Audience", with_label("Taxi ", "Taxi")),
                 VOCABULARY_LABEL);
    cr_assert_eq(add(vocabulary, "Audience", with_label("a\xcc\x80", "Taxi")),
                 VOCABULARY_LABEL, "not NFC");
    cr_assert_eq(add(vocabulary, "Audience", with_label("a\tb", "Taxi")),
                 VOCABULARY_LABEL);
    cr_assert_eq(add(vocabulary, "Audience", taxi), VOCABULARY_OK);
    cr_assert_eq(add(vocabulary, "Audience", with_token("other")),
                 VOCABULARY_VALUE_TWICE);
    cr_assert_eq(add(vocabulary, "Audience", with_value(10001)),
                 VOCABULARY_TOKEN_TWICE);
    vocabulary_free(&vocabulary);
}

Test(vocabulary, says_each_reason_in_both_languages)
{
    for (int error = VOCABULARY_OK; error <= VOCABULARY_TOO_MANY; error++) {
        const char *vi =
            vocabulary_error_text((enum vocabulary_error)error, LANGUAGE_VI);
        const char *en =
            vocabulary_error_text((enum vocabulary_error)error, LANGUAGE_EN);
        cr_assert(vi[0] != '\0' && en[0] != '\0' && strcmp(vi, en) != 0);
    }
}

Test(vocabulary, i11_takes_texts_up_to_their_limits)
{
    char token[VOCABULARY_TOKEN_MAX + 2];
    char label[VOCABULARY_LABEL_MAX + 2];
    struct vocabulary *vocabulary = vocabulary_new(1);
    memset(token, 'a', sizeof(token));
    memset(label, 'b', sizeof(label));
    token[VOCABULARY_TOKEN_MAX + 1] = '\0';
    label[VOCABULARY_LABEL_MAX + 1] = '\0';
    cr_assert_eq(add(vocabulary, "Audience", with_token(token)),
                 VOCABULARY_TOKEN);
    cr_assert_eq(add(vocabulary, "Audience", with_label(label, "Taxi")),
                 VOCABULARY_LABEL);
    token[VOCABULARY_TOKEN_MAX] = '\0';
    label[VOCABULARY_LABEL_MAX] = '\0';
    struct catalogue_value value = with_label(label, label);
    value.token = token;
    cr_assert_eq(add(vocabulary, "Audience", value), VOCABULARY_OK);
    vocabulary_free(&vocabulary);
}

Test(vocabulary, i11_takes_as_many_values_as_its_limit)
{
    struct vocabulary *vocabulary = vocabulary_new(1);
    char token[VOCABULARY_TOKEN_MAX];
    for (uint32_t i = 0; i <= VOCABULARY_VALUES_MAX; i++) {
        snprintf(token, sizeof(token), "v%u", i);
        struct catalogue_value value = with_token(token);
        value.value = VOCABULARY_FIRST_VALUE + i;
        cr_assert_eq(add(vocabulary, i % 2 == 0 ? "Audience" : "Topic", value),
                     i < VOCABULARY_VALUES_MAX ? VOCABULARY_OK
                                               : VOCABULARY_TOO_MANY);
    }
    vocabulary_free(&vocabulary);
}

/* ---- numbers of documents ---- */

static enum document_error parse(const char *text, struct event *event)
{
    enum document_error why = DOCUMENT_OK;
    char part[DOCUMENT_PART_MAX];
    enum status status =
        document_parse(text, strlen(text), NULL, event, &why, part);
    cr_assert_eq(status == STATUS_OK, why == DOCUMENT_OK);
    return why;
}

static void assert_document(const char *text, const char *written)
{
    struct event event;
    char out[DOCUMENT_TEXT_MAX];
    event_init(&event, 1);
    cr_assert_eq(parse(text, &event), DOCUMENT_OK, "%s", text);
    document_format(&event, NULL, out);
    cr_assert_str_eq(out, written);
}

Test(document, reads_and_writes_the_numbers_of_the_five_plans)
{
    assert_document("25/KH-UBND", "25/KH-UBND");
    assert_document("1005/2023/QĐ-UBND", "1005/2023/QĐ-UBND");
    assert_document("49/NQ-HĐND", "49/NQ-HĐND");
    assert_document(" 26 / kh - ldtbxh ", "26/KH-LĐTBXH");
    assert_document("7/TTr-SLĐTBXH-CCPCTNXH", "7/TTr-SLĐTBXH-CCPCTNXH");
    assert_document("008/qd-ubnd", "8/QĐ-UBND");
    assert_document("3/BC-ĐKT178-CA-UBND", "3/BC-ĐKT178-CA-UBND");
}

Test(document, says_what_is_wrong_and_changes_nothing)
{
    static const struct {
        const char *text;
        enum document_error error;
    } rows[] = {{"", DOCUMENT_SHAPE},
                {"25", DOCUMENT_SHAPE},
                {"25/KH", DOCUMENT_SHAPE},
                {"0/KH-UBND", DOCUMENT_NUMBER},
                {"1000000/KH-UBND", DOCUMENT_NUMBER},
                {"1.000/KH-UBND", DOCUMENT_NUMBER},
                {"/KH-UBND", DOCUMENT_NUMBER},
                {"25/1999/KH-UBND", DOCUMENT_YEAR},
                {"25/2101/KH-UBND", DOCUMENT_YEAR},
                {"25/2018/1/KH-UBND", DOCUMENT_SHAPE},
                {"25/XX-UBND", DOCUMENT_KIND_UNKNOWN},
                {"25/-UBND", DOCUMENT_KIND_UNKNOWN},
                {"25/KH-XX", DOCUMENT_BODY_UNKNOWN},
                {"25/KH-", DOCUMENT_BODY_UNKNOWN},
                {"25/KH-Nguyễn Văn A", DOCUMENT_BODY_UNKNOWN},
                {"25/KH-CA-CA-CA-CA", DOCUMENT_BODIES}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event event;
        struct event before;
        event_init(&event, 1);
        before = event;
        cr_assert_eq(parse(rows[i].text, &event), rows[i].error, "%s",
                     rows[i].text);
        cr_assert_eq(memcmp(&event, &before, sizeof(event)), 0);
        cr_assert_neq(document_error_text(rows[i].error, LANGUAGE_VI)[0], '\0');
    }
    struct event event;
    event_init(&event, 1);
    cr_assert_eq(parse("999999/2000/KH-UBND", &event), DOCUMENT_OK);
    cr_assert_eq(parse("999999/2100/KH-UBND", &event), DOCUMENT_OK);
}

Test(document, shows_the_part_that_is_meant)
{
    struct event event;
    char part[DOCUMENT_PART_MAX];
    event_init(&event, 1);
    cr_assert_eq(document_parse("29/QĐ-BLĐTBXH", strlen("29/QĐ-BLĐTBXH"), NULL,
                                &event, NULL, part),
                 STATUS_INVALID);
    cr_assert_str_eq(part, "BLĐTBXH");
}

/* I9: what comes from a vocabulary is a number in the event too. */
Test(document, i9_takes_what_the_province_declared)
{
    struct vocabulary *vocabulary = vocabulary_new(1);
    struct catalogue_value body = {10000,
                                   "bldtbxh",
                                   {"Bộ Lao động", "Ministry of labour"},
                                   "BLĐTBXH",
                                   false};
    struct event event;
    char out[DOCUMENT_TEXT_MAX];
    cr_assert_eq(add(vocabulary, "DocumentBody", body), VOCABULARY_OK);
    body.value = 10001;
    body.token = "btc";
    cr_assert_eq(add(vocabulary, "DocumentBody", body), VOCABULARY_ABBREVIATION,
                 "it spells another token");
    body.abbreviation = NULL;
    cr_assert_eq(add(vocabulary, "DocumentBody", body),
                 VOCABULARY_ABBREVIATION);
    struct catalogue_value other = taxi;
    other.abbreviation = "TX";
    cr_assert_eq(add(vocabulary, "Audience", other), VOCABULARY_ABBREVIATION);
    event_init(&event, 1);
    cr_assert_eq(document_parse("29/QĐ-BLĐTBXH", strlen("29/QĐ-BLĐTBXH"),
                                vocabulary, &event, NULL, NULL),
                 STATUS_OK);
    cr_assert_eq(event.document_bodies[0], 10000);
    document_format(&event, vocabulary, out);
    cr_assert_str_eq(out, "29/QĐ-BLĐTBXH");
    document_format(&event, NULL, out);
    cr_assert_str_eq(out, "29/QĐ-10000");
    vocabulary_free(&vocabulary);
}
