/* vocabulary_load - a vocabulary file as a vocabulary.
 *
 * Flow     vocabulary.yaml -> yaml -> [vocabulary_load] -> vocabulary
 *
 * A value with a mistake is left out and the next one is read, so that all
 * mistakes are told at once; a file with a mistake makes no vocabulary.
 */
#include "common/vocabulary.h"

#include "common/yaml.h"

static void load_value(const struct yaml *yaml, const struct yaml_node *node,
                       struct vocabulary *vocabulary, enum status *status)
{
    static const char *const keys[] = {"enumeration", "value",        "token",
                                       "label",       "abbreviation", NULL};
    const char *enumeration = NULL;
    struct catalogue_value value = {0};
    uint64_t number = 0;
    if (!yaml_keys(yaml, node, keys)) {
        return;
    }
    const struct yaml_node *abbreviation = yaml_get(node, "abbreviation");
    bool read =
        yaml_text(yaml, yaml_require(yaml, node, "enumeration"), &enumeration);
    read = yaml_integer(yaml, yaml_require(yaml, node, "value"), 0, UINT32_MAX,
                        &number) &&
           read;
    read = yaml_text(yaml, yaml_require(yaml, node, "token"), &value.token) &&
           read;
    read = yaml_both_languages(yaml, yaml_require(yaml, node, "label"),
                               &value.label) &&
           read;
    if (abbreviation != NULL) {
        read = yaml_text(yaml, abbreviation, &value.abbreviation) && read;
    }
    if (!read) {
        return;
    }
    enum vocabulary_error why = VOCABULARY_OK;
    value.value = (uint32_t)number;
    enum status added = vocabulary_add(vocabulary, enumeration, &value, &why);
    if (added == STATUS_INVALID) {
        yaml_error(yaml, node, "%s, %u (%s): %s", "%s, %u (%s): %s",
                   enumeration, value.value, value.token,
                   vocabulary_error_text(why, yaml_report(yaml)->language));
    } else if (added != STATUS_OK) {
        *status = added;
    }
}

enum status vocabulary_load(const char *name, struct bytes text,
                            struct report *report,
                            struct vocabulary **vocabulary)
{
    static const char *const keys[] = {"version", "values", NULL};
    struct yaml *yaml = NULL;
    struct vocabulary *made = NULL;
    uint64_t version = 0;
    size_t errors = report->errors;
    enum status status = yaml_load(name, text, report, &yaml);
    if (status != STATUS_OK) {
        goto out;
    }
    const struct yaml_node *root = yaml_root(yaml);
    if (!yaml_keys(yaml, root, keys)) {
        status = STATUS_INVALID;
        goto out;
    }
    (void)yaml_integer(yaml, yaml_require(yaml, root, "version"), 1, UINT32_MAX,
                       &version);
    made = vocabulary_new((uint32_t)version);
    if (made == NULL) {
        status = STATUS_MEMORY;
        goto out;
    }
    const struct yaml_node *values = yaml_require(yaml, root, "values");
    if (values != NULL && yaml_list(yaml, values)) {
        for (const struct yaml_node *node = values->first;
             node != NULL && status == STATUS_OK; node = node->next) {
            load_value(yaml, node, made, &status);
        }
    }
    if (status == STATUS_OK && report->errors > errors) {
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        *vocabulary = made;
        made = NULL;
    }
out:
    vocabulary_free(&made);
    yaml_unload(&yaml);
    return status;
}
