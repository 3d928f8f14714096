#include "agent/ear.h"

#include "agent/office.h"
#include "common/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool ear_name(const char *dir, struct sockaddr_un *address)
{
    int length;

    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    length = snprintf(address->sun_path, sizeof address->sun_path, "%s/%s", dir,
                      OFFICE_SOCKET_FILE);
    return length > 0 && (size_t)length < sizeof address->sun_path;
}

int ear_open(const char *dir)
{
    struct sockaddr_un address;
    int fd;

    if (!ear_name(dir, &address)) {
        log_warning("the directory's name is too long for a socket in it: "
                    "new events leave with the next heartbeat",
                    log_text("dir", dir));
        return -1;
    }
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0) {
        (void)unlink(address.sun_path); /* of a process that is gone */
        if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
            (void)close(fd);
            fd = -1;
        }
    }
    if (fd < 0) {
        log_warning("no socket for new events: they leave with the next "
                    "heartbeat",
                    log_text("path", address.sun_path),
                    log_text("error", strerror(errno)));
    }
    return fd;
}

void ear_clear(int ear)
{
    char knock[16];

    while (ear >= 0 && recv(ear, knock, sizeof knock, MSG_DONTWAIT) >= 0) {
    }
}

void ear_close(const char *dir, int *ear)
{
    struct sockaddr_un address;

    if (*ear >= 0) {
        (void)close(*ear);
        *ear = -1;
        if (ear_name(dir, &address)) {
            (void)unlink(address.sun_path);
        }
    }
}
