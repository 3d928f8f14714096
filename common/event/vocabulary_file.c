#include "common/event/vocabulary_file.h"

#include "common/base/nearest.h"
#include "common/base/yaml.h"

#include <stddef.h>
#include <string.h>

/* The place of the mistake: the key that vocabulary_add() complains of. */
static const struct yaml_node *fault_node(const struct yaml_node *item,
                                          enum vocabulary_error why)
{
    const char *key = NULL;

    switch (why) {
    case VOCABULARY_NO_ENUMERATION:
    case VOCABULARY_CLOSED:
        key = "enumeration";
        break;
    case VOCABULARY_VALUE_RANGE:
    case VOCABULARY_VALUE_TWICE:
        key = "value";
        break;
    case VOCABULARY_TOKEN:
    case VOCABULARY_TOKEN_TWICE:
        key = "token";
        break;
    case VOCABULARY_LABEL:
        key = "label";
        break;
    case VOCABULARY_ABBREVIATION:
        key = "abbreviation";
        break;
    case VOCABULARY_OK:
    case VOCABULARY_TOO_MANY:
        break;
    }
    if (key != NULL && yaml_get(item, key) != NULL) {
        return yaml_get(item, key);
    }
    return item;
}

static void refuse(const struct yaml *yaml, const struct yaml_node *item,
                   enum vocabulary_error why)
{
    enum language language = yaml_report(yaml)->language;
    const struct yaml_node *node = fault_node(item, why);
    struct nearest nearest;
    const struct catalogue_enumeration *known;

    if (why != VOCABULARY_NO_ENUMERATION || node->kind != YAML_TEXT) {
        yaml_error(yaml, node, "%s", "%s",
                   vocabulary_error_text(why, language));
        return;
    }
    nearest_init(&nearest, node->text);
    for (size_t i = 0; (known = catalogue_enumeration_at(i)) != NULL; i++) {
        nearest_try(&nearest, known->name);
    }
    yaml_unknown(yaml, node, "bảng giá trị", "enumeration", nearest.best);
}

/* `persons: no` of what is measured in parts of a whole: hectares, places. */
static bool read_persons(const struct yaml *yaml, const struct yaml_node *item,
                         const char *enumeration, struct catalogue_value *value)
{
    const struct yaml_node *node = yaml_get(item, "persons");
    bool persons = true;

    if (node == NULL) {
        return true;
    }
    if (!yaml_flag(yaml, node, &persons)) {
        return false;
    }
    if (strcmp(enumeration, "CoverageMeasure") != 0) {
        yaml_error(yaml, node, "persons chỉ dùng cho CoverageMeasure",
                   "persons is for CoverageMeasure alone");
        return false;
    }
    value->impersonal = !persons;
    return true;
}

static enum status read_value(const struct yaml *yaml,
                              const struct yaml_node *item,
                              struct vocabulary *vocabulary)
{
    static const char *const known[] = {
        "enumeration", "value",        "token", "label",
        "persons",     "abbreviation", NULL};
    struct catalogue_value value = {0};
    const char *enumeration = NULL;
    enum vocabulary_error why = VOCABULARY_OK;
    uint64_t number = 0;
    bool good = yaml_keys(yaml, item, known);

    good = yaml_text(yaml, yaml_require(yaml, item, "enumeration"),
                     &enumeration) &&
           good;
    good = yaml_integer(yaml, yaml_require(yaml, item, "value"), 0, UINT32_MAX,
                        &number) &&
           good;
    good = yaml_text(yaml, yaml_require(yaml, item, "token"), &value.token) &&
           good;
    good = yaml_both_languages(yaml, yaml_require(yaml, item, "label"),
                               &value.label) &&
           good;
    if (yaml_get(item, "abbreviation") != NULL) {
        good = yaml_text(yaml, yaml_get(item, "abbreviation"),
                         &value.abbreviation) &&
               good;
    }
    value.value = (uint32_t)number;
    good = good && read_persons(yaml, item, enumeration, &value);
    if (good) {
        enum status rc = vocabulary_add(vocabulary, enumeration, &value, &why);

        if (rc != STATUS_INVALID) {
            return rc;
        }
        refuse(yaml, item, why);
    }
    return STATUS_OK;
}

static enum status read_values(const struct yaml *yaml,
                               struct vocabulary **vocabulary)
{
    static const char *const known[] = {"vocabulary", "values", NULL};
    const struct yaml_node *root = yaml_root(yaml);
    const struct yaml_node *values = yaml_get(root, "values");
    uint64_t version = 0;
    enum status rc = STATUS_OK;

    if (root == NULL) {
        yaml_error(yaml, NULL, "tệp trống", "the file is empty");
        return STATUS_INVALID;
    }
    (void)yaml_keys(yaml, root, known);
    (void)yaml_integer(yaml, yaml_require(yaml, root, "vocabulary"), 1,
                       UINT32_MAX, &version);
    *vocabulary = vocabulary_new((uint32_t)version);
    if (*vocabulary == NULL) {
        return STATUS_MEMORY;
    }
    if (values != NULL && yaml_list(yaml, values)) {
        for (values = values->first; values != NULL && rc == STATUS_OK;
             values = values->next) {
            rc = read_value(yaml, values, *vocabulary);
        }
    }
    return rc;
}

enum status vocabulary_load(const char *name, struct bytes text,
                            struct report *report,
                            struct vocabulary **vocabulary)
{
    size_t errors = report->errors;
    struct yaml *yaml = NULL;
    enum status rc;

    *vocabulary = NULL;
    rc = yaml_load(name, text, report, &yaml);
    if (rc == STATUS_OK) {
        rc = read_values(yaml, vocabulary);
    }
    if (rc == STATUS_OK && report->errors > errors) {
        rc = STATUS_INVALID;
    }
    if (rc != STATUS_OK) {
        vocabulary_free(vocabulary);
    }
    yaml_unload(&yaml);
    report_sort(report);
    return rc;
}
