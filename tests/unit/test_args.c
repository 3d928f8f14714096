#include "common/base/args.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <string.h>

static struct {
    int runs;
    char value[32];
    size_t times;
    bool flag;
    uint64_t number;
    size_t operands;
    char last[32];
} seen;

static enum status run(const struct args *args, void *context)
{
    const char *value = args_value(args, "unit");
    enum status status;

    seen.runs++;
    seen.times = args_count(args, "unit");
    seen.flag = args_flag(args, "dry-run");
    seen.operands = args->operand_count;
    (void)snprintf(seen.value, sizeof seen.value, "%s",
                   value != NULL ? value : "(none)");
    if (args->operand_count > 0) {
        (void)snprintf(seen.last, sizeof seen.last, "%s",
                       args->operands[args->operand_count - 1]);
    }
    status = args_number(args, "days", 1, 31, &seen.number);
    if (status != STATUS_OK) {
        return status;
    }
    return context != NULL ? *(enum status *)context : STATUS_OK;
}

static const struct args_option options[] = {
    {"unit", "CODE", {"đơn vị", "a unit"}},
    {"days", "N", {"số ngày", "days"}},
    {"dry-run", NULL, {"không ghi", "write nothing"}},
    {NULL, NULL, {NULL, NULL}},
};

static const struct args_option common_options[] = {
    {"state", "DIR", {"thư mục", "directory"}},
    {NULL, NULL, {NULL, NULL}},
};

static const struct args_example examples[] = {
    {"record --unit \"a \\b\"", {"ghi", "records"}},
    {NULL, {NULL, NULL}},
};

static const struct args_command commands[] = {
    {.name = "record",
     .operands = "TYPE [FIELD=VALUE]...",
     .operands_min = 1,
     .operands_max = 2,
     .summary = {"ghi một sự kiện", "record one event"},
     .description = {"Ghi.", ".Writes one event.\n\n'And \\ ends."},
     .options = options,
     .examples = examples,
     .run = run},
    {.name = "plan check",
     .operands = "FILE",
     .operands_min = 1,
     .operands_max = ARGS_MANY,
     .summary = {"kiểm tra kế hoạch", "check a plan"},
     .description = {"Kiểm tra.", "Checks."},
     .options = options,
     .run = run},
    {.name = "plan load",
     .summary = {"nạp kế hoạch", "load a plan"},
     .description = {"Nạp.", "Loads."},
     .options = options,
     .run = run},
    {.name = NULL},
};

static const struct args_note files[] = {
    {"/var/lib/test", {"trạng thái", "state"}},
    {NULL, {NULL, NULL}},
};

static const struct args_note environment[] = {
    {"TALLYLINE_DIR", {"thư mục", "directory"}},
    {NULL, {NULL, NULL}},
};

static const struct args_command *const families[] = {&commands[2], NULL};

static const struct args_program program = {
    .name = "tally-test",
    .date = "November 21, 2026",
    .summary = {"thử", "a test"},
    .description = {"Chương trình thử.", "A program for tests."},
    .commands = commands,
    .command_count = 2,
    .families = families,
    .options = common_options,
    .files = files,
    .environment = environment,
    .see_also = "tallyline-agent 1",
};

static int call(const char *line, void *context)
{
    static char text[256];
    char *words[32] = {"tally-test"};
    int count = 1;

    (void)snprintf(text, sizeof text, "%s", line);
    for (char *word = strtok(text, " "); word != NULL;
         word = strtok(NULL, " ")) {
        words[count++] = word;
    }
    memset(&seen, 0, sizeof seen);
    return args_main(&program, count, words, context);
}

static void setup(void)
{
    setenv("TALLYLINE_LANG", "en", 1);
    cr_redirect_stdout();
    cr_redirect_stderr();
}

/* All of a redirected stream; what the test reads last, since it closes it. */
static const char *text_of(FILE *stream)
{
    static char text[16384];
    size_t size = fread(text, 1, sizeof text - 1, stream);

    text[size] = '\0';
    return text;
}

static const char *stderr_text(void)
{
    (void)fflush(stderr);
    return text_of(cr_get_redirected_stderr());
}

static const char *stdout_text(void)
{
    (void)fflush(stdout);
    return text_of(cr_get_redirected_stdout());
}

TestSuite(args, .init = setup);

Test(args, a_command_gets_its_options_and_operands_in_any_order)
{
    cr_assert_eq(call("record visit --unit=a --dry-run x=1 --unit b "
                      "--days 31 --state /tmp",
                      NULL),
                 0);
    cr_assert_eq(seen.runs, 1);
    cr_assert_str_eq(seen.value, "b");
    cr_assert_eq(seen.times, 2);
    cr_assert(seen.flag);
    cr_assert_eq(seen.number, 31);
    cr_assert_eq(seen.operands, 2);
    cr_assert_str_eq(seen.last, "x=1");
}

Test(args, a_command_of_two_words_is_found)
{
    cr_assert_eq(call("plan check a b c", NULL), 0);
    cr_assert_eq(seen.operands, 3);
    cr_assert_not(seen.flag);
    cr_assert_str_eq(seen.value, "(none)");
    cr_assert_eq(call("plan load", NULL), 0);
    cr_assert_eq(seen.operands, 0);
}

Test(args, after_two_dashes_all_words_are_operands)
{
    cr_assert_eq(call("record visit -- --unit", NULL), 0);
    cr_assert_eq(seen.operands, 2);
    cr_assert_str_eq(seen.last, "--unit");
}

Test(args, the_status_of_the_handler_is_the_exit_code)
{
    enum status status = STATUS_IO;

    cr_assert_eq(call("plan load", &status), 74);
    status = STATUS_NOT_FOUND;
    cr_assert_eq(call("plan load", &status), 3);
}

Test(args, an_unknown_command_is_refused_with_what_was_meant)
{
    cr_assert_eq(call("recrod visit", NULL), 2);
    cr_assert_eq(seen.runs, 0);
    cr_assert_str_eq(stderr_text(), "tally-test: no such command: recrod\n"
                                    "  did you mean: record\n"
                                    "  see: tally-test --help\n");
}

Test(args, an_unknown_second_word_is_refused_with_what_was_meant)
{
    cr_assert_eq(call("plan chekc x", NULL), 2);
    cr_assert_not_null(strstr(stderr_text(), "did you mean: plan check\n"));
}

Test(args, a_word_near_nothing_gets_no_suggestion)
{
    cr_assert_eq(call("xyzzy", NULL), 2);
    cr_assert_null(strstr(stderr_text(), "did you mean"));
}

Test(args, an_unknown_option_is_refused_with_what_was_meant)
{
    cr_assert_eq(call("record visit --untt=3", NULL), 2);
    cr_assert_eq(seen.runs, 0);
    cr_assert_str_eq(stderr_text(), "tally-test: no such option: --untt\n"
                                    "  did you mean: --unit\n"
                                    "  see: tally-test record --help\n");
}

Test(args, an_abbreviated_option_is_refused_so_that_new_ones_break_nothing)
{
    cr_assert_eq(call("record visit --un 3", NULL), 2);
    cr_assert_eq(call("record visit --dry", NULL), 2);
    cr_assert_eq(call("record visit --un=3", NULL), 2);
    cr_assert_eq(seen.runs, 0);
}

Test(args, a_missing_value_is_refused)
{
    cr_assert_eq(call("record visit --unit", NULL), 2);
    cr_assert_not_null(strstr(stderr_text(), "needs a value: --unit\n"));
}

Test(args, too_few_and_too_many_operands_are_refused)
{
    cr_assert_eq(call("record", NULL), 2);
    cr_assert_eq(call("record a b c", NULL), 2);
    cr_assert_eq(call("plan load x", NULL), 2);
    cr_assert_eq(seen.runs, 0);
    cr_assert_eq(call("record a b", NULL), 0);
}

Test(args, a_number_is_decimal_and_within_its_range)
{
    static const char *const bad[] = {
        "0", "32", "x", "1x", "-1", "+1", "0x1", "99999999999999999999"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char line[64];

        (void)snprintf(line, sizeof line, "plan load --days=%s", bad[i]);
        cr_assert_eq(call(line, NULL), 2, "%s", bad[i]);
        cr_assert_eq(seen.number, 0);
    }
    cr_assert_eq(call("plan load --days=1", NULL), 0);
    cr_assert_eq(seen.number, 1);
}

Test(args, i11_one_option_too_many_is_refused)
{
    char *words[3 + ARGS_GIVEN_MAX + 1] = {"tally-test", "plan", "load"};

    for (unsigned i = 0; i <= ARGS_GIVEN_MAX; i++) {
        words[3 + i] = "--dry-run";
    }
    memset(&seen, 0, sizeof seen);
    cr_assert_eq(args_main(&program, 3 + (int)ARGS_GIVEN_MAX, words, NULL), 0);
    cr_assert_eq(seen.runs, 1);
    cr_assert_eq(args_main(&program, 4 + (int)ARGS_GIVEN_MAX, words, NULL), 2);
    cr_assert_eq(seen.runs, 1);
}

Test(args, help_lists_every_command_with_its_summary)
{
    const char *text;

    cr_assert_eq(call("--help", NULL), 0);
    text = stdout_text();
    for (size_t i = 0; commands[i].name != NULL; i++) {
        cr_assert_not_null(strstr(text, commands[i].name));
        cr_assert_not_null(strstr(text, commands[i].summary.en));
    }
    cr_assert_not_null(strstr(text, "--state DIR"));
    cr_assert_not_null(strstr(text, "  78  "));
    cr_assert_not_null(strstr(text, "TALLYLINE_DIR"));
}

Test(args, help_of_a_command_lists_its_options_in_the_chosen_language)
{
    const char *text;

    setenv("TALLYLINE_LANG", "vi", 1);
    cr_assert_eq(call("record --help", NULL), 0);
    cr_assert_eq(seen.runs, 0);
    text = stdout_text();
    cr_assert_not_null(strstr(text, "Cách dùng: tally-test record"));
    cr_assert_not_null(strstr(text, "--unit CODE"));
    cr_assert_not_null(strstr(text, "không ghi"));
    cr_assert_not_null(strstr(text, "--state DIR"));
}

Test(args, help_of_a_group_lists_its_commands)
{
    const char *text;

    cr_assert_eq(call("plan --help", NULL), 0);
    text = stdout_text();
    cr_assert_not_null(strstr(text, "plan check"));
    cr_assert_not_null(strstr(text, "plan load"));
    cr_assert_null(strstr(text, "record one event"));
    cr_assert_eq(call("plan", NULL), 2);
    text = stderr_text();
    cr_assert_not_null(strstr(text, "plan load"));
    cr_assert_null(strstr(text, "record one event"));
}

Test(args, without_a_command_the_help_goes_to_stderr_and_the_code_is_2)
{
    cr_assert_eq(call("", NULL), 2);
    cr_assert_not_null(strstr(stderr_text(), "Usage: tally-test COMMAND"));
}

Test(args, version_is_built_in)
{
    cr_assert_eq(call("version", NULL), 0);
    cr_assert_str_eq(stdout_text(), "tally-test " TALLYLINE_VERSION "\n");
}

Test(args, the_man_page_hides_what_would_be_a_request)
{
    const char *text;

    cr_assert_eq(call("--man", NULL), 0);
    text = stdout_text();
    cr_assert_not_null(strstr(text, "\n\\&.Writes one event.\n.Pp\n"
                                    "\\&'And \\e ends.\n"));
    cr_assert_not_null(strstr(text, ".Dt TALLY-TEST 1\n"));
    cr_assert_not_null(strstr(text, ".It Ev TALLYLINE_DIR\ndirectory\n"));
    cr_assert_not_null(strstr(text, ".It Pa /var/lib/test\nstate\n"));
    cr_assert_not_null(
        strstr(text, ".Dl \"tally-test record --unit \"\"a \\eb\"\"\"\n"));
}

Test(args, what_failed_is_named_with_why)
{
    static const struct language_text why = {"vì thế", "so it is"};
    struct args args = {
        .program = &program, .language = LANGUAGE_EN, .err = stderr};
    const char *text;

    cr_assert_eq(args_fail(&args, "spool.mdb", STATUS_BUSY), STATUS_BUSY);
    cr_assert_eq(args_refuse(&args, "lan", why, STATUS_EXISTS), STATUS_EXISTS);
    text = stderr_text();
    cr_assert_not_null(strstr(text, "tally-test: spool.mdb: "));
    cr_assert_not_null(strstr(text, "tally-test: lan: so it is\n"));
}
