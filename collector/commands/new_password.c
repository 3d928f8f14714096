/* Reading a new password. The terminal's echo is switched off while it is
 * typed, and on again whatever happens. */
#include "collector/commands/commands_users.h"

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

static enum status check_length(const struct args *args, const char *password)
{
    static const struct language_text wrong = {
        "mật khẩu cần từ 8 ký tự đến 256 byte, không có ký tự điều khiển",
        "a password has 8 characters at least, 256 bytes at most, and no "
        "control characters"};
    size_t size = strlen(password);
    size_t letters = 0;

    for (size_t i = 0; i < size; i++) {
        letters += ((unsigned char)password[i] & 0xc0u) != 0x80u ? 1u : 0u;
    }
    if (letters >= PASSWORD_MIN && text_check(password, size) == TEXT_OK) {
        return STATUS_OK;
    }
    args_error(args, "%s", args_text(args, wrong));
    return STATUS_USAGE;
}

enum status new_password_read(const struct args *args,
                              char password[PASSWORD_SIZE])
{
    static const struct language_text first = {"Mật khẩu", "Password"};
    static const struct language_text again = {"Nhập lại", "Once more"};
    static const struct language_text none = {
        "cần mật khẩu: trên màn hình, hoặc là dòng đầu của stdin",
        "a password is needed: on the terminal, or as the first line of "
        "stdin"};
    static const struct language_text other = {"hai lần không giống nhau",
                                               "the two are not the same"};
    char second[PASSWORD_SIZE];
    bool terminal = isatty(STDIN_FILENO) == 1;
    bool got = terminal ? ask(args_text(args, first), password, PASSWORD_SIZE)
                        : read_line(password, PASSWORD_SIZE);
    enum status status;

    if (!got) {
        args_error(args, "%s", args_text(args, none));
        return STATUS_NO_INPUT;
    }
    status = check_length(args, password);
    if (status == STATUS_OK && terminal) {
        got = ask(args_text(args, again), second, sizeof second);
        if (!got || strcmp(password, second) != 0) {
            args_error(args, "%s", args_text(args, other));
            status = STATUS_USAGE;
        }
        sodium_memzero(second, sizeof second);
    }
    return status;
}
