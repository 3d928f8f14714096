/* Reading a new password or PIN. The echo is switched off while it is typed,
 * and on again whatever happens. */
#include "common/people/new_secret.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "common/base/text.h"

/* The next line of stdin, without its end. False: there is none, or it is
 * longer than the room. */
static bool read_line(char *line, size_t room)
{
    size_t size = 0;
    char c = '\0';

    /* One byte at a time: what is behind the line is not ours to read. */
    while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
        if (size + 1 == room) {
            return false;
        }
        line[size++] = c;
    }
    if (size > 0 && line[size - 1] == '\r') {
        size--;
    }
    line[size] = '\0';
    return size > 0;
}

static bool ask(const char *prompt, char *line, size_t room)
{
    struct termios kept, silent;
    bool got;

    if (tcgetattr(STDIN_FILENO, &kept) != 0) {
        return false;
    }
    silent = kept;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    (void)fprintf(stderr, "%s: ", prompt);
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) != 0) {
        return false;
    }
    got = read_line(line, room);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &kept);
    (void)fputc('\n', stderr);
    return got;
}

bool new_secret_printable(const char *secret, size_t letters_min)
{
    size_t size = strlen(secret);
    size_t letters = 0;

    for (size_t i = 0; i < size; i++) {
        letters += ((unsigned char)secret[i] & 0xc0u) != 0x80u ? 1u : 0u;
    }
    return letters >= letters_min && text_check(secret, size) == TEXT_OK;
}

enum status new_secret_read(const struct args *args,
                            const struct new_secret *kind,
                            char secret[PASSWORD_SIZE])
{
    static const struct language_text other = {"hai lần không giống nhau",
                                               "the two are not the same"};
    char second[PASSWORD_SIZE];
    bool terminal = isatty(STDIN_FILENO) == 1;
    bool got = terminal
                   ? ask(args_text(args, kind->first), secret, PASSWORD_SIZE)
                   : read_line(secret, PASSWORD_SIZE);
    enum status status = STATUS_OK;

    if (!got) {
        args_error(args, "%s", args_text(args, kind->none));
        return STATUS_NO_INPUT;
    }
    if (!kind->good(secret)) {
        args_error(args, "%s", args_text(args, kind->wrong));
        return STATUS_USAGE;
    }
    if (terminal) {
        got = ask(args_text(args, kind->again), second, sizeof second);
        if (!got || strcmp(secret, second) != 0) {
            args_error(args, "%s", args_text(args, other));
            status = STATUS_USAGE;
        }
        sodium_memzero(second, sizeof second);
    }
    return status;
}
