#include "common/base/yaml.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Reads the text, which is right. */
static struct yaml *load(const char *text, struct report *report)
{
    struct yaml *yaml = NULL;

    report_init(report, LANGUAGE_EN);
    cr_assert_eq(yaml_load("f.yaml", bytes_of_text(text), report, &yaml),
                 STATUS_OK);
    return yaml;
}

static void expect_line(const struct report *report, size_t index, size_t line,
                        size_t column, const char *part)
{
    cr_assert_lt(index, report->count);
    cr_assert_eq(report->lines[index].line, line, "line %zu: %s",
                 report->lines[index].line, report->lines[index].text);
    cr_assert_eq(report->lines[index].column, column, "column %zu: %s",
                 report->lines[index].column, report->lines[index].text);
    cr_assert_not_null(strstr(report->lines[index].text, part), "%s",
                       report->lines[index].text);
}

/* Reads the text, which has this one mistake. */
static void refused(const char *text, size_t line, size_t column,
                    const char *part)
{
    struct report report;
    struct yaml *yaml = NULL;

    report_init(&report, LANGUAGE_EN);
    cr_assert_eq(yaml_load("f.yaml", bytes_of_text(text), &report, &yaml),
                 STATUS_INVALID);
    cr_assert_null(yaml);
    cr_assert_eq(report.errors, 1);
    expect_line(&report, 0, line, column, part);
    report_fini(&report);
}

Test(yaml, the_tree_keeps_line_and_column)
{
    struct report report;
    struct yaml *yaml = load("a: một\nb:\n  - x\n  - {c: 1}\n", &report);
    const struct yaml_node *root = yaml_root(yaml);
    const struct yaml_node *b = yaml_get(root, "b");

    cr_assert_eq(root->kind, YAML_MAPPING);
    cr_assert_eq(root->count, 2);
    cr_assert_str_eq(yaml_get(root, "a")->text, "một");
    cr_assert_eq(b->kind, YAML_LIST);
    cr_assert_eq(b->line, 3);
    cr_assert_eq(b->column, 3);
    cr_assert_eq(b->first->line, 3);
    cr_assert_eq(b->first->column, 5);
    cr_assert_str_eq(yaml_get(b->first->next, "c")->text, "1");
    cr_assert_null(yaml_get(root, "nothing"));
    cr_assert_null(yaml_get(NULL, "a"));
    yaml_unload(&yaml);
    report_fini(&report);
}

Test(yaml, a_text_is_one_line_in_nfc)
{
    struct report report;
    struct yaml *yaml =
        load("a: >-\n  hai\n  dòng\nb: \"o\xCC\x80\"\n", &report);

    cr_assert_str_eq(yaml_get(yaml_root(yaml), "a")->text, "hai dòng");
    cr_assert_str_eq(yaml_get(yaml_root(yaml), "b")->text, "ò");
    yaml_unload(&yaml);
    report_fini(&report);
}

Test(yaml, what_such_a_file_does_not_need_is_refused)
{
    refused("a: 1\nb: 2\na: 3\n", 3, 1, "twice (first on line 1)");
    refused("a: &x 1\n", 1, 4, "anchors");
    refused("a: 1\nb: *x\n", 2, 4, "aliases");
    refused("a: !!int 1\n", 1, 4, "tags");
    refused("a: 1\n---\nb: 2\n", 2, 1, "more than one document");
    refused("a: [1, 2\nb: 3\n", 2, 2, "YAML syntax");
    refused("a:\n\t- 1\n", 2, 1, "YAML syntax");
    refused("? [1]\n: 2\n", 1, 3, "a key must be a word");
    refused("a: \"x\\0y\"\n", 1, 4, "control characters");
    refused("a: \"x\\u202Ey\"\n", 1, 4, "control characters");
    refused("a: \xFF\n", 0, 0, "UTF-8");
}

Test(yaml, every_getter_says_what_is_wrong_and_where)
{
    static const char *const known[] = {"text", "number", "list", NULL};
    static const char *const colours[] = {"red", "green", NULL};
    struct report report;
    struct yaml *yaml = load("text: \"\"\n"
                             "number: 12a\n"
                             "nmber: 99\n"
                             "day: 14/06/2018\n"
                             "flag: maybe\n"
                             "colour: gren\n"
                             "both: {vi: một}\n",
                             &report);
    const struct yaml_node *root = yaml_root(yaml);
    struct language_text both = {NULL, NULL};
    const char *text = NULL;
    uint64_t number = 7;
    uint32_t colour = 7;
    int32_t day = 7;
    bool flag = true;

    cr_assert_not(yaml_keys(yaml, root, known));
    expect_line(&report, 0, 3, 1, "did you mean \"number\"?");
    expect_line(&report, 1, 4, 1, "no key \"day\"");
    report_fini(&report);
    cr_assert_not(yaml_text(yaml, yaml_get(root, "text"), &text));
    cr_assert_not(yaml_integer(yaml, yaml_get(root, "number"), 0, 9, &number));
    cr_assert_not(yaml_integer(yaml, yaml_get(root, "nmber"), 0, 9, &number));
    cr_assert_not(yaml_date(yaml, yaml_get(root, "day"), &day));
    cr_assert_not(yaml_flag(yaml, yaml_get(root, "flag"), &flag));
    cr_assert_not(
        yaml_choice(yaml, yaml_get(root, "colour"), colours, &colour));
    cr_assert_not(yaml_both_languages(yaml, yaml_get(root, "both"), &both));
    cr_assert_not(yaml_list(yaml, root));
    cr_assert_null(yaml_require(yaml, root, "list"));
    cr_assert(text == NULL && number == 7 && colour == 7 && day == 7 && flag);
    expect_line(&report, 0, 1, 7, "empty");
    expect_line(&report, 1, 2, 9, "not a whole number");
    expect_line(&report, 2, 3, 8, "from 0 to 9");
    expect_line(&report, 3, 4, 6, "year-month-day");
    expect_line(&report, 4, 5, 7, "no value \"maybe\"");
    expect_line(&report, 5, 6, 9, "did you mean \"green\"?");
    expect_line(&report, 6, 7, 7, "key \"en\" is missing");
    expect_line(&report, 7, 1, 1, "a list is wanted");
    expect_line(&report, 8, 1, 1, "key \"list\" is missing");
    cr_assert_eq(report.errors, 9);
    yaml_unload(&yaml);
    report_fini(&report);
}

Test(yaml, a_comma_in_a_text_is_guessed)
{
    static const char *const known[] = {"vi", "en", NULL};
    struct report report;
    struct yaml *yaml = load("{vi: Quận, huyện, en: District}", &report);

    cr_assert_not(yaml_keys(yaml, yaml_root(yaml), known));
    expect_line(&report, 0, 1, 12, "put the whole text in quotes");
    yaml_unload(&yaml);
    report_fini(&report);
}

Test(yaml, getters_read_what_is_right)
{
    static const char *const colours[] = {"red", "green", NULL};
    struct report report;
    struct yaml *yaml = load("{number: 1.250, day: 2018-06-14, flag: yes, "
                             "colour: green, both: {vi: một, en: one}}",
                             &report);
    const struct yaml_node *root = yaml_root(yaml);
    struct language_text both = {NULL, NULL};
    uint64_t number = 0;
    uint32_t colour = 0;
    int32_t day = 0;
    bool flag = false;

    cr_assert(
        yaml_integer(yaml, yaml_get(root, "number"), 1250, 1250, &number));
    cr_assert_eq(number, 1250);
    cr_assert(yaml_date(yaml, yaml_get(root, "day"), &day));
    cr_assert_eq(day, 17696);
    cr_assert(yaml_flag(yaml, yaml_get(root, "flag"), &flag) && flag);
    cr_assert(yaml_choice(yaml, yaml_get(root, "colour"), colours, &colour));
    cr_assert_eq(colour, 1);
    cr_assert(yaml_both_languages(yaml, yaml_get(root, "both"), &both));
    cr_assert_str_eq(both.en, "one");
    cr_assert_eq(report.errors, 0);
    yaml_unload(&yaml);
    report_fini(&report);
}

Test(yaml, an_empty_file_has_no_root)
{
    struct report report;
    struct yaml *yaml = load("# only a remark\n", &report);

    cr_assert_null(yaml_root(yaml));
    yaml_unload(&yaml);
    report_fini(&report);
}

/* `count` times `part` between `head` and `tail`. */
static char *repeat(const char *head, const char *part, size_t count,
                    const char *tail)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    cr_assert_not_null(out);
    (void)fputs(head, out);
    for (size_t i = 0; i < count; i++) {
        (void)fputs(part, out);
    }
    (void)fputs(tail, out);
    cr_assert_eq(fclose(out), 0);
    return text;
}

static enum status status_of(const char *text)
{
    struct report report;
    struct yaml *yaml = NULL;
    enum status rc;

    report_init(&report, LANGUAGE_EN);
    rc = yaml_load("f.yaml", bytes_of_text(text), &report, &yaml);
    yaml_unload(&yaml);
    report_fini(&report);
    return rc;
}

Test(yaml, i11_depth_nodes_and_bytes_are_limited)
{
    char *text = repeat("", "[", YAML_DEPTH_MAX, "");
    char *deep = repeat(text, "]", YAML_DEPTH_MAX, "");

    cr_assert_eq(status_of(deep), STATUS_OK);
    free(deep);
    free(text);
    text = repeat("", "[", YAML_DEPTH_MAX + 1, "");
    deep = repeat(text, "]", YAML_DEPTH_MAX + 1, "");
    cr_assert_eq(status_of(deep), STATUS_INVALID);
    free(deep);
    free(text);

    /* The list itself is a node too. */
    text = repeat("[", "1,", YAML_NODES_MAX - 1, "]");
    cr_assert_eq(status_of(text), STATUS_OK);
    free(text);
    text = repeat("[", "1,", YAML_NODES_MAX, "]");
    cr_assert_eq(status_of(text), STATUS_INVALID);
    free(text);

    text = repeat("#", "x", YAML_BYTES_MAX - 2, "\n");
    cr_assert_eq(status_of(text), STATUS_OK);
    free(text);
    text = repeat("#", "x", YAML_BYTES_MAX - 1, "\n");
    cr_assert_eq(status_of(text), STATUS_INVALID);
    free(text);
}
