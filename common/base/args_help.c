/* Help and man page from the same table, so that they cannot tell different
 * things. Names and placeholders are ASCII; texts are UTF-8 in composed form,
 * so that one code point is one column. */
#include "common/base/args.h"

#include <string.h>

#define COLUMNS     78u
#define LEFT        2u
#define NAME_WIDTH  26u
#define TEXT_INDENT 4u

static const struct {
    int code;
    struct language_text says;
} exit_codes[] = {
    {0, {"xong", "done"}},
    {1,
     {"bị từ chối, hoặc dữ liệu đã lưu không còn nguyên vẹn",
      "refused, or stored data is not intact"}},
    {2, {"dùng sai lệnh", "wrong use of the command"}},
    {3, {"không tìm thấy", "not found"}},
    {65, {"dữ liệu không hợp lệ", "the data is not valid"}},
    {66, {"không đọc được đầu vào", "the input cannot be read"}},
    {74, {"lỗi đĩa hoặc hết chỗ lưu", "the disk failed or is full"}},
    {78, {"cấu hình không hợp lệ", "the configuration is not valid"}},
};

#define EXIT_CODE_COUNT (sizeof exit_codes / sizeof exit_codes[0])

static const struct args_note language_note = {
    "TALLYLINE_LANG",
    {"ngôn ngữ: vi (mặc định) hoặc en", "language: vi (default) or en"}};

static const struct args_option help_option = {
    .name = "help",
    .help = {"in phần trợ giúp này", "print this help and end"}};

static size_t columns_of(const char *text, size_t size)
{
    size_t columns = 0;

    for (size_t i = 0; i < size; i++) {
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return columns;
}

static void spaces(FILE *out, size_t n)
{
    (void)fprintf(out, "%*s", (int)n, "");
}

/* Writes words from column `at`, wrapped, further lines at `indent`. */
static void wrap(FILE *out, const char *text, size_t at, size_t indent)
{
    bool first = true;

    while (*text != '\0') {
        size_t size = strcspn(text, " \n");
        size_t width = columns_of(text, size);

        if (!first && at + 1 + width > COLUMNS) {
            (void)fputc('\n', out);
            spaces(out, indent);
            at = indent;
        } else if (!first) {
            (void)fputc(' ', out);
            at++;
        }
        (void)fwrite(text, 1, size, out);
        at += width;
        first = false;
        text += size;
        while (*text == ' ') {
            text++;
        }
        if (*text == '\n') {
            (void)fputs(text[1] == '\n' ? "\n\n" : "\n", out);
            text += strspn(text, "\n");
            spaces(out, indent);
            at = indent;
            first = true;
        }
    }
    (void)fputc('\n', out);
}

/* A name on the left and its text in the column beside it. */
static void row(FILE *out, const char *name, const char *text)
{
    size_t size = strlen(name);

    spaces(out, LEFT);
    (void)fputs(name, out);
    if (LEFT + size + 2 > NAME_WIDTH) {
        (void)fputc('\n', out);
        spaces(out, NAME_WIDTH);
    } else {
        spaces(out, NAME_WIDTH - LEFT - size);
    }
    wrap(out, text, NAME_WIDTH, NAME_WIDTH);
}

static void heading(FILE *out, const char *vi, const char *en,
                    enum language language)
{
    (void)fprintf(out, "\n%s:\n",
                  language_pick((struct language_text){vi, en}, language));
}

static void option_rows(FILE *out, const struct args_option *options,
                        enum language language)
{
    char name[128];

    for (; options != NULL && options->name != NULL; options++) {
        (void)snprintf(name, sizeof name, "--%s%s%s", options->name,
                       options->argument != NULL ? " " : "",
                       options->argument != NULL ? options->argument : "");
        row(out, name, language_pick(options->help, language));
    }
}

void args_help_command(const struct args_program *program,
                       const struct args_command *command,
                       enum language language, FILE *out)
{
    struct language_text usage = {"Cách dùng", "Usage"};
    struct language_text options = {"TÙY CHỌN", "OPTION"};

    (void)fprintf(out, "%s: %s %s [%s]...%s%s\n\n",
                  language_pick(usage, language), program->name, command->name,
                  language_pick(options, language),
                  command->operands != NULL ? " " : "",
                  command->operands != NULL ? command->operands : "");
    wrap(out, language_pick(command->description, language), 0, 0);
    heading(out, "Tùy chọn", "Options", language);
    option_rows(out, command->options, language);
    option_rows(out, program->options, language);
    row(out, "--help", language_pick(help_option.help, language));
    if (command->examples == NULL) {
        return;
    }
    heading(out, "Ví dụ", "Examples", language);
    for (const struct args_example *example = command->examples;
         example->command != NULL; example++) {
        (void)fprintf(out, "  %s %s\n", program->name, example->command);
        spaces(out, TEXT_INDENT + LEFT);
        wrap(out, language_pick(example->says, language), TEXT_INDENT + LEFT,
             TEXT_INDENT + LEFT);
    }
}

bool args_in_group(const struct args_command *command, const char *word)
{
    size_t size = strlen(word);

    return strncmp(command->name, word, size) == 0 &&
           command->name[size] == ' ';
}

static void exit_code_rows(FILE *out, enum language language)
{
    char code[8];

    for (size_t i = 0; i < EXIT_CODE_COUNT; i++) {
        (void)snprintf(code, sizeof code, "%d", exit_codes[i].code);
        row(out, code, language_pick(exit_codes[i].says, language));
    }
}

void args_help(const struct args_program *program, const char *group,
               enum language language, FILE *out)
{
    struct language_text usage = {"Cách dùng", "Usage"};
    struct language_text words = {"LỆNH [TÙY CHỌN]...", "COMMAND [OPTION]..."};
    struct language_text version = {"in phiên bản", "print the version"};
    struct language_text help = {"in trợ giúp của một lệnh",
                                 "print the help of a command"};
    const struct args_command *command;

    (void)fprintf(out, "%s: %s %s\n\n", language_pick(usage, language),
                  program->name, language_pick(words, language));
    wrap(out, language_pick(program->description, language), 0, 0);
    heading(out, "Lệnh", "Commands", language);
    for (size_t i = 0; (command = args_command_at(program, i)) != NULL; i++) {
        if (group == NULL || args_in_group(command, group) ||
            strcmp(command->name, group) == 0) {
            row(out, command->name, language_pick(command->summary, language));
        }
    }
    row(out, "help COMMAND", language_pick(help, language));
    row(out, "version", language_pick(version, language));
    if (program->options != NULL) {
        heading(out, "Tùy chọn của mọi lệnh", "Options of every command",
                language);
        option_rows(out, program->options, language);
    }
    heading(out, "Biến môi trường", "Environment", language);
    row(out, language_note.name, language_pick(language_note.says, language));
    for (const struct args_note *note = program->environment;
         note != NULL && note->name != NULL; note++) {
        row(out, note->name, language_pick(note->says, language));
    }
    heading(out, "Mã kết thúc", "Exit codes", language);
    exit_code_rows(out, language);
}

/* One input line of mdoc: a leading control character is hidden and a
 * backslash is written out. Newlines end the line. */
static void man_text(FILE *out, const char *text)
{
    bool at_start = true;

    for (; *text != '\0'; text++) {
        if (at_start && (*text == '.' || *text == '\'')) {
            (void)fputs("\\&", out);
        }
        at_start = false;
        if (*text == '\\') {
            (void)fputs("\\e", out);
        } else if (*text == '\n' && text[1] == '\n') {
            (void)fputs("\n.Pp\n", out);
            text++;
            at_start = true;
        } else if (*text == '\n') {
            (void)fputc('\n', out);
            at_start = true;
        } else {
            (void)fputc(*text, out);
        }
    }
    (void)fputc('\n', out);
}

static void man_options(FILE *out, const struct args_option *options,
                        enum language language)
{
    if (options == NULL || options->name == NULL) {
        return;
    }
    (void)fputs(".Bl -tag -width Ds\n", out);
    for (; options->name != NULL; options++) {
        (void)fprintf(out, ".It Fl \\&-%s", options->name);
        if (options->argument != NULL) {
            (void)fprintf(out, " Ar \"%s\"", options->argument);
        }
        (void)fputc('\n', out);
        man_text(out, language_pick(options->help, language));
    }
    (void)fputs(".El\n", out);
}

static void man_command(FILE *out, const struct args_command *command,
                        enum language language)
{
    (void)fprintf(out, ".Ss \"%s", command->name);
    if (command->operands != NULL) {
        (void)fprintf(out, " %s", command->operands);
    }
    (void)fputs("\"\n", out);
    man_text(out, language_pick(command->description, language));
    man_options(out, command->options, language);
}

static void man_examples(FILE *out, const struct args_program *program,
                         enum language language)
{
    const struct args_command *command;
    bool first = true;

    for (size_t i = 0; (command = args_command_at(program, i)) != NULL; i++) {
        const struct args_example *example = command->examples;

        for (; example != NULL && example->command != NULL; example++) {
            (void)fputs(first ? ".Sh EXAMPLES\n" : ".Pp\n", out);
            first = false;
            man_text(out, language_pick(example->says, language));
            (void)fprintf(out, ".Dl \"%s ", program->name);
            for (const char *c = example->command; *c != '\0'; c++) {
                /* A quote inside a quoted macro argument is doubled. */
                (void)fputs(*c == '"'    ? "\"\""
                            : *c == '\\' ? "\\e"
                                         : (char[]){*c, '\0'},
                            out);
            }
            (void)fputs("\"\n", out);
        }
    }
}

static void man_note(FILE *out, const char *macro, const struct args_note *note,
                     enum language language)
{
    (void)fprintf(out, ".It %s %s\n", macro, note->name);
    man_text(out, language_pick(note->says, language));
}

static void man_notes(FILE *out, const char *macro,
                      const struct args_note *notes, enum language language)
{
    for (; notes != NULL && notes->name != NULL; notes++) {
        man_note(out, macro, notes, language);
    }
}

void args_man(const struct args_program *program, enum language language,
              FILE *out)
{
    const struct args_command *command;

    (void)fprintf(out, ".Dd %s\n.Dt ", program->date);
    for (const char *c = program->name; *c != '\0'; c++) {
        (void)fputc(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c, out);
    }
    (void)fprintf(out, " 1\n.Os Tallyline %s\n.Sh NAME\n.Nm %s\n.Nd ",
                  TALLYLINE_VERSION, program->name);
    man_text(out, language_pick(program->summary, language));
    (void)fputs(".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Ar option ...\n"
                ".Op Ar argument ...\n.Sh DESCRIPTION\n",
                out);
    man_text(out, language_pick(program->description, language));
    (void)fputs(".Sh COMMANDS\n", out);
    for (size_t i = 0; (command = args_command_at(program, i)) != NULL; i++) {
        man_command(out, command, language);
    }
    if (program->options != NULL) {
        (void)fputs(".Ss \"options of every command\"\n", out);
        man_options(out, program->options, language);
    }
    (void)fputs(".Sh ENVIRONMENT\n.Bl -tag -width Ds\n", out);
    man_note(out, "Ev", &language_note, language);
    man_notes(out, "Ev", program->environment, language);
    (void)fputs(".El\n", out);
    if (program->files != NULL) {
        (void)fputs(".Sh FILES\n.Bl -tag -width Ds\n", out);
        man_notes(out, "Pa", program->files, language);
        (void)fputs(".El\n", out);
    }
    (void)fputs(".Sh EXIT STATUS\n.Bl -tag -width Ds\n", out);
    for (size_t i = 0; i < EXIT_CODE_COUNT; i++) {
        (void)fprintf(out, ".It %d\n", exit_codes[i].code);
        man_text(out, language_pick(exit_codes[i].says, language));
    }
    (void)fputs(".El\n", out);
    man_examples(out, program, language);
    if (program->see_also != NULL) {
        (void)fprintf(out, ".Sh SEE ALSO\n.Xr %s\n", program->see_also);
    }
}
