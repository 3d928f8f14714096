/* tallyline-agent as people call it: `record` is handed to the running daemon,
 * everything else, and what the daemon leaves undone, is done by the full
 * program beside this one. Here the C library is enough: loading the others
 * takes longer than saving an event.
 *
 * Failure modes: no daemon, another version of it, one that dies or does not
 * answer in time. In each the full program does the work, under the same
 * entry_key, so that an event which the daemon had saved is not saved again. */
#include "agent/commands/handover.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#define FULL_SUFFIX "-full"
#define PATH_BYTES  4096u

struct call {
    char bytes[HANDOVER_BYTES_MAX];
    size_t size;
    bool cut; /* not all of it found room */
};

/* ---- what is asked ---- */

/* Whether the word is this option; its value follows, or stands in it. */
static bool is_option(const char *word, const char *option)
{
    size_t size = strlen(option);

    return strncmp(word, option, size) == 0 &&
           (word[size] == '\0' || word[size] == '=');
}

static bool is_row(const char *word)
{
    return is_option(word, "--unit") || is_option(word, "--office") ||
           is_option(word, "--role");
}

/* The directory that the command line names. False for a line that is not
 * plainly one event to save. */
static bool find_office(int count, char **words, const char **dir)
{
    *dir = getenv("TALLYLINE_DIR");
    for (int i = 2; i < count; i++) {
        const char *equals = strchr(words[i], '=');

        if (words[i][0] != '-') {
            continue;
        }
        if (is_option(words[i], "--dir")) {
            *dir = equals != NULL ? equals + 1 : words[i + 1];
        } else if (!is_row(words[i])) {
            return false;
        }
        i += equals == NULL;
    }
    if (*dir == NULL || **dir == '\0') {
        *dir = OFFICE_DIR;
    }
    return count > 2 && strcmp(words[1], "record") == 0;
}

/* A fresh key, which the full program finds in its environment. */
static bool make_key(char hex[HANDOVER_KEY_HEX + 1])
{
    unsigned char key[EVENT_ENTRY_KEY_BYTES];

    if (getrandom(key, sizeof key, 0) != (ssize_t)sizeof key) {
        return false;
    }
    for (size_t i = 0; i < sizeof key; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", key[i]);
    }
    return setenv(HANDOVER_KEY_VARIABLE, hex, 1) == 0;
}

/* ---- the call ---- */

static void add_word(struct call *call, const char *word)
{
    size_t size = strlen(word) + 1;

    call->cut = call->cut || size > sizeof call->bytes - call->size;
    if (!call->cut) {
        memcpy(call->bytes + call->size, word, size);
        call->size += size;
    }
}

static bool make_call(struct call *call, int count, char **words)
{
    const char *language = getenv("TALLYLINE_LANG");
    char key[HANDOVER_KEY_HEX + 1];

    if (!make_key(key)) {
        return false;
    }
    add_word(call, TALLYLINE_VERSION);
    add_word(call, language == NULL              ? ""
                   : strcmp(language, "en") == 0 ? "en"
                                                 : "vi");
    add_word(call, key);
    for (int i = 1; i < count; i++) {
        add_word(call, words[i]);
    }
    return !call->cut;
}

/* Sends the call with the socket to answer on. */
static bool send_call(const char *dir, struct call *call, int answer)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    union {
        struct cmsghdr aligned;
        char room[CMSG_SPACE(sizeof answer)];
    } control = {0};
    struct iovec bytes = {.iov_base = call->bytes, .iov_len = call->size};
    struct msghdr message = {.msg_name = &address,
                             .msg_namelen = sizeof address,
                             .msg_iov = &bytes,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/%s",
                          dir, OFFICE_SOCKET_FILE);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool sent = false;

    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof answer);
    memcpy(CMSG_DATA(header), &answer, sizeof answer);
    if (fd >= 0 && length > 0 && (size_t)length < sizeof address.sun_path) {
        sent = sendmsg(fd, &message, MSG_NOSIGNAL) == (ssize_t)call->size;
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return sent;
}

/* One message, or the end when the daemon closes its side or dies. */
static size_t wait_for_answer(int fd, char said[HANDOVER_ANSWER_MAX])
{
    struct timeval patience = {.tv_sec = HANDOVER_WAIT_S};
    ssize_t size;

    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) !=
        0) {
        return 0;
    }
    size = recv(fd, said, HANDOVER_ANSWER_MAX, 0);
    return size > 0 ? (size_t)size : 0;
}

/* Returns the size of what the daemon said; 0 when it saved nothing that it
 * told us of. */
static size_t hand_over(int count, char **words, char said[HANDOVER_ANSWER_MAX])
{
    static struct call call;
    const char *dir;
    struct stat info;
    int ends[2];
    size_t size = 0;

    (void)unsetenv(HANDOVER_KEY_VARIABLE);
    /* Root works on nobody else's files, in this way neither. */
    if (!find_office(count, words, &dir) || stat(dir, &info) != 0 ||
        (geteuid() == 0 && info.st_uid != 0) ||
        !make_call(&call, count, words) ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        return 0;
    }
    if (send_call(dir, &call, ends[1])) {
        (void)close(ends[1]);
        size = wait_for_answer(ends[0], said);
    } else {
        (void)close(ends[1]);
    }
    (void)close(ends[0]);
    return size;
}

int main(int argc, char **argv)
{
    char said[HANDOVER_ANSWER_MAX];
    char path[PATH_BYTES + sizeof FULL_SUFFIX];
    size_t size = hand_over(argc, argv, said);
    ssize_t length;

    if (size > 0) {
        if (fwrite(said, 1, size, stdout) != size || fflush(stdout) != 0) {
            perror("tallyline-agent: stdout");
            return EX_IOERR;
        }
        return EXIT_SUCCESS;
    }
    length = readlink("/proc/self/exe", path, PATH_BYTES);
    if (length > 0) {
        memcpy(path + length, FULL_SUFFIX, sizeof FULL_SUFFIX);
        (void)execv(path, argv);
    }
    perror("tallyline-agent" FULL_SUFFIX);
    return EX_CONFIG;
}
