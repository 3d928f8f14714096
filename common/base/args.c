/* Finds the command by its name, lets getopt_long() take the options apart,
 * and calls the handler. Failure modes: an unknown command or option, a
 * missing or surplus argument, a number out of range. Each is answered on
 * stderr with what was probably meant, and ends with code 2. */
#include "common/base/args.h"

#include "common/base/check.h"
#include "common/base/nearest.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* What an error message repeats of a wrong word. */
#define GIVEN_BYTES_MAX 96u

/* What getopt_long() answers for our options. */
#define OPTION_FIRST 1000
#define OPTION_HELP  999
/* `-o` for --output: what everybody writes without looking it up. */
#define SHORT_OPTIONS ":ho:"
#define SHORT_OUTPUT  "output"

static void say(const struct args *args, const char *text, const char *what)
{
    (void)fprintf(args->err, "%s: %s", args->program->name, text);
    if (what != NULL) {
        (void)fprintf(args->err, ": %s", what);
    }
    (void)fputc('\n', args->err);
}

static enum status fail_usage(const struct args *args, const char *vi,
                              const char *en, const char *what,
                              const struct nearest *nearest)
{
    const struct args_program *program = args->program;
    struct language_text meant = {"có phải ý bạn là", "did you mean"};
    struct language_text more = {"xem", "see"};

    say(args, language_pick((struct language_text){vi, en}, args->language),
        what);
    if (nearest != NULL && nearest->best != NULL) {
        (void)fprintf(args->err, "  %s: %s\n",
                      language_pick(meant, args->language), nearest->best);
    }
    (void)fprintf(args->err, "  %s: %s%s%s --help\n",
                  language_pick(more, args->language), program->name,
                  args->command != NULL ? " " : "",
                  args->command != NULL ? args->command->name : "");
    return STATUS_USAGE;
}

/* How many words of `words` are the command's name; 0 if it is another. */
static int match_command(const char *name, char **words, int count)
{
    const char *space = strchr(name, ' ');
    size_t first = space != NULL ? (size_t)(space - name) : strlen(name);

    if (count < 1 || strlen(words[0]) != first ||
        strncmp(words[0], name, first) != 0) {
        return 0;
    }
    if (space == NULL) {
        return 1;
    }
    return count >= 2 && strcmp(words[1], space + 1) == 0 ? 2 : 0;
}

const struct args_command *args_command_at(const struct args_program *program,
                                           size_t place)
{
    if (place < program->command_count) {
        return &program->commands[place];
    }
    place -= program->command_count;
    for (size_t i = 0;
         program->families != NULL && program->families[i] != NULL; i++) {
        for (const struct args_command *command = program->families[i];
             command->name != NULL; command++) {
            if (place-- == 0) {
                return command;
            }
        }
    }
    return NULL;
}

static bool is_group(const struct args_program *program, const char *word)
{
    const struct args_command *command;

    for (size_t i = 0; (command = args_command_at(program, i)) != NULL; i++) {
        if (args_in_group(command, word)) {
            return true;
        }
    }
    return false;
}

/* Sets args->command and the number of words it took. */
static enum status find_command(struct args *args, char **words, int count,
                                int *taken)
{
    const struct args_program *program = args->program;
    const struct args_command *command;
    struct nearest nearest;
    char given[GIVEN_BYTES_MAX] = "";

    for (size_t i = 0; (command = args_command_at(program, i)) != NULL; i++) {
        *taken = match_command(command->name, words, count);
        if (*taken > 0) {
            args->command = command;
            return STATUS_OK;
        }
    }
    (void)snprintf(given, sizeof given, "%s%s%s", words[0],
                   is_group(program, words[0]) && count > 1 ? " " : "",
                   is_group(program, words[0]) && count > 1 ? words[1] : "");
    if (is_group(program, words[0]) && count == 1) {
        args_help(program, words[0], args->language, args->err);
        return STATUS_USAGE;
    }
    nearest_init(&nearest, given);
    for (size_t i = 0; (command = args_command_at(program, i)) != NULL; i++) {
        nearest_try(&nearest, command->name);
    }
    return fail_usage(args, "không có lệnh này", "no such command", given,
                      &nearest);
}

static size_t add_options(const struct args_option *table,
                          const struct args_option **list, size_t n)
{
    for (; table != NULL && table->name != NULL; table++) {
        check(n < ARGS_OPTIONS_MAX);
        list[n++] = table;
    }
    return n;
}

/* The command's options and then those of the program. */
static size_t list_options(const struct args *args,
                           const struct args_option **list)
{
    size_t n = add_options(args->command->options, list, 0);

    return add_options(args->program->options, list, n);
}

static enum status fail_option(const struct args *args,
                               const struct args_option *const *list,
                               size_t count, const char *text)
{
    char given[GIVEN_BYTES_MAX];
    char with_dashes[NEAREST_BYTES_MAX + 3];
    struct nearest nearest;

    (void)snprintf(given, sizeof given, "%.*s", (int)strcspn(text, "="), text);
    nearest_init(&nearest, strncmp(given, "--", 2) == 0 ? given + 2 : given);
    for (size_t i = 0; i < count; i++) {
        nearest_try(&nearest, list[i]->name);
    }
    if (nearest.best != NULL) {
        (void)snprintf(with_dashes, sizeof with_dashes, "--%s", nearest.best);
        nearest.best = with_dashes;
    }
    return fail_usage(args, "không có tùy chọn này", "no such option", given,
                      &nearest);
}

static enum status keep_option(struct args *args,
                               const struct args_option *option,
                               const char *value)
{
    if (args->given_count == ARGS_GIVEN_MAX) {
        return fail_usage(args, "quá nhiều tùy chọn", "too many options", NULL,
                          NULL);
    }
    args->given[args->given_count++] = (struct args_given){
        .option = option, .value = value != NULL ? value : ""};
    return STATUS_OK;
}

/* getopt_long() takes abbreviations, we do not: the whole name was written. */
static bool written_out(const char *text, const char *name)
{
    size_t size = strlen(name);

    return strncmp(text, "--", 2) == 0 && strncmp(text + 2, name, size) == 0 &&
           (text[2 + size] == '\0' || text[2 + size] == '=');
}

/* What getopt_long() would answer for the option; 0 where there is none. */
static int named(const struct args_option *const *list, size_t count,
                 const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i]->name, name) == 0) {
            return OPTION_FIRST + (int)i;
        }
    }
    return 0;
}

/* STATUS_EXISTS when help was asked for and written. */
static enum status parse_options(struct args *args, int argc, char **argv)
{
    const struct args_option *list[ARGS_OPTIONS_MAX];
    struct option table[ARGS_OPTIONS_MAX + 2] = {{0}};
    size_t count = list_options(args, list);
    enum status status = STATUS_OK;
    int found;

    for (size_t i = 0; i < count; i++) {
        table[i] = (struct option){.name = list[i]->name,
                                   .has_arg = list[i]->argument != NULL
                                                  ? required_argument
                                                  : no_argument,
                                   .val = OPTION_FIRST + (int)i};
    }
    table[count] = (struct option){.name = "help", .val = OPTION_HELP};
    optind = 0;
    opterr = 0;
    while (status == STATUS_OK &&
           (found = getopt_long(argc, argv, SHORT_OPTIONS, table, NULL)) !=
               -1) {
        bool apart = optarg != NULL && optarg == argv[optind - 1];
        const char *text = argv[optind - (apart ? 2 : 1)];

        if (found == 'h' || found == OPTION_HELP) {
            args_help_command(args->program, args->command, args->language,
                              args->out);
            return STATUS_EXISTS;
        }
        if (found == 'o') {
            found = named(list, count, SHORT_OUTPUT);
            text = found != 0 ? "--" SHORT_OUTPUT : text;
        }
        if (found == ':') {
            status = fail_usage(args, "thiếu giá trị của tùy chọn",
                                "the option needs a value", text, NULL);
        } else if (found < OPTION_FIRST ||
                   !written_out(text, list[found - OPTION_FIRST]->name)) {
            status = fail_option(args, list, count, text);
        } else {
            status = keep_option(args, list[found - OPTION_FIRST], optarg);
        }
    }
    args->operands = (const char *const *)argv + optind;
    args->operand_count = (size_t)(argc - optind);
    return status;
}

static enum status check_operands(const struct args *args)
{
    const struct args_command *command = args->command;

    if (args->operand_count < command->operands_min) {
        return fail_usage(args, "thiếu đối số", "an argument is missing",
                          command->operands, NULL);
    }
    if (args->operand_count > command->operands_max) {
        return fail_usage(args, "thừa đối số", "one argument too many",
                          args->operands[command->operands_max], NULL);
    }
    return STATUS_OK;
}

static enum status run_command(struct args *args, int argc, char **argv,
                               void *context)
{
    enum status status;
    int taken = 0;

    status = find_command(args, argv + 1, argc - 1, &taken);
    if (status != STATUS_OK) {
        return status;
    }
    /* getopt_long() skips the first word, here the command's last. */
    status = parse_options(args, argc - taken, argv + taken);
    if (status == STATUS_EXISTS) {
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = check_operands(args);
    }
    if (status == STATUS_OK) {
        status = args->command->run(args, context);
    }
    return status;
}

/* The help of the program, of a group or of a command, after the words that
 * follow `help`. */
static enum status run_help(struct args *args, int count, char **words)
{
    const struct args_program *program = args->program;
    enum status status = STATUS_OK;
    int taken;

    if (count == 0 || (count == 1 && is_group(program, words[0]))) {
        args_help(program, count > 0 ? words[0] : NULL, args->language,
                  args->out);
        return STATUS_OK;
    }
    status = find_command(args, words, count, &taken);
    if (status == STATUS_OK) {
        args_help_command(program, args->command, args->language, args->out);
    }
    return status;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int args_run(const struct args_program *program, int argc, char **argv,
             void *context, FILE *out, FILE *err)
{
    struct args args = {.program = program,
                        .language = language_from_environment(),
                        .out = out,
                        .err = err};
    enum status status = STATUS_OK;

    if (argc < 2) {
        args_help(program, NULL, args.language, err);
        return status_exit_code(STATUS_USAGE);
    }
    if (strcmp(argv[1], "help") == 0 || is_help(argv[1])) {
        status = run_help(&args, argc - 2, argv + 2);
    } else if (argc == 3 && is_group(program, argv[1]) && is_help(argv[2])) {
        status = run_help(&args, 1, argv + 1);
    } else if (strcmp(argv[1], "version") == 0 ||
               strcmp(argv[1], "--version") == 0) {
        (void)fprintf(out, "%s %s\n", program->name, TALLYLINE_VERSION);
    } else if (strcmp(argv[1], "--man") == 0) {
        args_man(program, args.language, out);
    } else {
        status = run_command(&args, argc, argv, context);
    }
    if (fflush(out) != 0 || ferror(out)) {
        say(&args, status_text(STATUS_IO, args.language), "stdout");
        status = status == STATUS_OK ? STATUS_IO : status;
    }
    return status_exit_code(status);
}

int args_main(const struct args_program *program, int argc, char **argv,
              void *context)
{
    return args_run(program, argc, argv, context, stdout, stderr);
}

bool args_declares(const struct args *args, const char *name)
{
    const struct args_option *list[ARGS_OPTIONS_MAX];
    size_t count = list_options(args, list);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i]->name, name) == 0) {
            return true;
        }
    }
    return false;
}

const char *args_value_at(const struct args *args, const char *name, size_t i)
{
    check(args_declares(args, name));
    for (size_t k = 0; k < args->given_count; k++) {
        if (strcmp(args->given[k].option->name, name) == 0 && i-- == 0) {
            return args->given[k].value;
        }
    }
    return NULL;
}

size_t args_count(const struct args *args, const char *name)
{
    size_t n = 0;

    while (args_value_at(args, name, n) != NULL) {
        n++;
    }
    return n;
}

const char *args_value(const struct args *args, const char *name)
{
    size_t n = args_count(args, name);

    return n > 0 ? args_value_at(args, name, n - 1) : NULL;
}

bool args_flag(const struct args *args, const char *name)
{
    return args_value(args, name) != NULL;
}

MUST_USE enum status args_number(const struct args *args, const char *name,
                                 uint64_t min, uint64_t max, uint64_t *out)
{
    const char *text = args_value(args, name);
    unsigned long long number;
    char *end;

    if (text == NULL) {
        return STATUS_OK;
    }
    errno = 0;
    number = strtoull(text, &end, 10);
    if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' ||
        number < min || number > max) {
        const char *wrong = args_text(
            args, (struct language_text){"cần một số", "needs a number"});

        args_error(args, "--%s %s (%llu..%llu): %s", name, wrong,
                   (unsigned long long)min, (unsigned long long)max, text);
        return STATUS_USAGE;
    }
    *out = number;
    return STATUS_OK;
}
