#define _GNU_SOURCE /* posix_spawn_file_actions_addclosefrom_np */
#include "agent/api/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <unistd.h>

#include "common/base/check.h"

#define PROGRAM  "/proc/self/exe"
#define FIRST_FD 3

bool child_start(const char *const words[], enum language language, int out,
                 pid_t *child)
{
    char english[] = "TALLYLINE_LANG=en";
    char vietnamese[] = "TALLYLINE_LANG=vi";
    char *environment[] = {language == LANGUAGE_EN ? english : vietnamese,
                           NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    bool good;

    (void)sigemptyset(&none);
    check(posix_spawn_file_actions_init(&actions) == 0);
    check(posix_spawnattr_init(&attributes) == 0);
    good =
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
                                         O_RDONLY, 0) == 0 &&
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
                                         O_WRONLY, 0) == 0 &&
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) == 0 &&
        posix_spawn_file_actions_addclosefrom_np(&actions, FIRST_FD) == 0 &&
        posix_spawnattr_setsigmask(&attributes, &none) == 0 &&
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK) == 0 &&
        /* It takes no const words; it only reads them. */
        posix_spawn(child, PROGRAM, &actions, &attributes,
                    (char **)(uintptr_t)words, environment) == 0;
    check(posix_spawn_file_actions_destroy(&actions) == 0);
    check(posix_spawnattr_destroy(&attributes) == 0);
    return good;
}
