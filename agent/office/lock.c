#include "agent/office/lock.h"

#include "agent/office/office.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum status lock_take(const char *dir, const char *name, int *lock)
{
    char path[OFFICE_PATH_MAX];
    enum status status = office_path(dir, name, path);

    *lock = -1;
    if (status != STATUS_OK) {
        return status;
    }
    *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (*lock < 0) {
        return STATUS_IO;
    }
    if (flock(*lock, LOCK_EX | LOCK_NB) != 0) {
        status = errno == EWOULDBLOCK ? STATUS_BUSY : STATUS_IO;
        lock_release(lock);
    }
    return status;
}

void lock_release(int *lock)
{
    if (*lock >= 0) {
        (void)close(*lock);
        *lock = -1;
    }
}
