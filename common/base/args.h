/* args - one table of commands: parsing, help and man page of a program.
 *
 * Flow     argv -> [args] -> a command's handler -> exit code
 * Owns     nothing; tables, operands and option values are borrowed.
 * Threads  the main thread only, before others are started (getopt_long).
 * Limits   ARGS_GIVEN_MAX options on one command line, ARGS_OPTIONS_MAX
 *          options of one command.
 *
 * A command's name is one word or two ("plan check"). Options are long and
 * never abbreviated, so that a new one breaks no script; but for -h, and for -o
 * where a command has --output. Usage errors end with
 * code 2 and name what was probably meant. `version`, `help` and --help are
 * built in; --man prints the man page in mdoc, for the build.
 *
 * What a command answers goes to stdout; what went wrong goes to stderr by
 * args_error(). The handler's status becomes the exit code (status.h). A
 * program that runs a command for another one gives streams of its own.
 */
#ifndef TALLYLINE_COMMON_ARGS_H
#define TALLYLINE_COMMON_ARGS_H

#include "common/base/language.h"
#include "common/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define ARGS_GIVEN_MAX   64u
#define ARGS_OPTIONS_MAX 32u

/* An operands_max without a limit. */
#define ARGS_MANY SIZE_MAX

struct args;

struct args_option {
    const char *name;     /* without the two dashes; NULL ends a table */
    const char *argument; /* such as "FILE"; NULL for a flag */
    struct language_text help;
};

struct args_example {
    const char *command; /* without the program's name; NULL ends a table */
    struct language_text says;
};

struct args_command {
    const char *name;
    const char *operands; /* such as "TYPE [FIELD=VALUE]..."; NULL for none */
    size_t operands_min;
    size_t operands_max;
    struct language_text summary;        /* one line, no full stop */
    struct language_text description;    /* sentences; blank line = paragraph */
    const struct args_option *options;   /* NULL for none */
    const struct args_example *examples; /* NULL for none */
    enum status (*run)(const struct args *args, void *context);
};

/* A file or a variable of the environment that help and man page name. */
struct args_note {
    const char *name; /* NULL ends a table */
    struct language_text says;
};

struct args_program {
    const char *name;
    const char *date; /* of the man page: "November 21, 2026" */
    struct language_text summary;
    struct language_text description;
    const struct args_command *commands;
    size_t command_count;
    /* Those of families that have tables of their own, each ended by one
     * without a name, and the list by NULL; NULL for none. */
    const struct args_command *const *families;
    const struct args_option *options;   /* of every command; NULL for none */
    const struct args_note *files;       /* NULL for none */
    const struct args_note *environment; /* beside TALLYLINE_LANG; or NULL */
    const char *see_also;                /* "tallyline-collector 1"; or NULL */
};

struct args_given {
    const struct args_option *option;
    const char *value;
};

/* A parsed command line; handlers read it through the functions below. */
struct args {
    const struct args_program *program;
    const struct args_command *command;
    enum language language;
    FILE *out; /* what is answered: stdout, or in its place */
    FILE *err; /* what went wrong: stderr, or in its place */
    const char *const *operands;
    size_t operand_count;
    struct args_given given[ARGS_GIVEN_MAX];
    size_t given_count;
};

/* Runs the program: finds the command, parses, calls the handler with
 * `context`. Returns the exit code; 74 when stdout could not be written. */
MUST_USE int args_main(const struct args_program *program, int argc,
                       char **argv, void *context);
/* The same with other streams than stdout and stderr. */
MUST_USE int args_run(const struct args_program *program, int argc, char **argv,
                      void *context, FILE *out, FILE *err);

/* Whether the command line may have this option at all. */
bool args_declares(const struct args *args, const char *name);
/* The value of an option, the last one if it was given several times; NULL if
 * it was not given; "" for a flag. The option must be in the tables. */
const char *args_value(const struct args *args, const char *name);

bool args_flag(const struct args *args, const char *name);

/* How often an option was given, and its values in order. */
size_t args_count(const struct args *args, const char *name);
const char *args_value_at(const struct args *args, const char *name, size_t i);

/* A decimal number in [min, max]; `out` is unchanged if the option was not
 * given. STATUS_USAGE, with its message written, for anything else. */
MUST_USE enum status args_number(const struct args *args, const char *name,
                                 uint64_t min, uint64_t max, uint64_t *out);

/* The text of a pair in the language of the command line. */
const char *args_text(const struct args *args, struct language_text text);

/* Writes "program: message" and a line end to args->err. */
void args_error(const struct args *args, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Writes of `what` what the status means, or why it is refused. Gives the
 * status. */
enum status args_fail(const struct args *args, const char *what,
                      enum status status);
enum status args_refuse(const struct args *args, const char *what,
                        struct language_text why, enum status status);

/* Help of the program, or of the commands of one group ("plan") if `group` is
 * not NULL. */
void args_help(const struct args_program *program, const char *group,
               enum language language, FILE *out);

/* Help of one command. */
void args_help_command(const struct args_program *program,
                       const struct args_command *command,
                       enum language language, FILE *out);

/* Every command in the order of the tables; NULL behind the last. */
const struct args_command *args_command_at(const struct args_program *program,
                                           size_t place);
/* Whether a command's name begins with this word and has a second one. */
bool args_in_group(const struct args_command *command, const char *word);

/* The man page, as mdoc. */
void args_man(const struct args_program *program, enum language language,
              FILE *out);

#endif
