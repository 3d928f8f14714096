/* Possible failures: none that matters. A kernel that refuses one of these
 * leaves the process as it would be without. */
#include "common/base/guard.h"

#include "common/base/language.h"
#include "common/base/status.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Made beforehand: a handler may only write. */
static const char *said_at_the_end;

static void end_at_once(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (info->si_code != BUS_ADRERR) {
        /* Not a mapped file: our bug, which happens again and ends us. */
        (void)signal(number, SIG_DFL);
        return;
    }
    (void)!write(STDERR_FILENO, said_at_the_end, strlen(said_at_the_end));
    _exit(status_exit_code(STATUS_IO));
}

static void catch_bus_errors(void)
{
    static const struct language_text text = {
        "tệp dữ liệu bị cắt ngắn hoặc ổ đĩa không đọc được nữa trong khi "
        "đang dùng; chương trình dừng, không xác nhận thêm gì. Kiểm tra ổ đĩa "
        "rồi chạy lại.\n",
        "a data file was cut short, or the disk cannot be read any more, "
        "while it was in use; the program ends and acknowledges nothing more. "
        "Look at the disk, then start it again.\n"};
    struct sigaction action;

    said_at_the_end = language_pick(text, language_from_environment());
    memset(&action, 0, sizeof action);
    action.sa_sigaction = end_at_once;
    action.sa_flags = SA_SIGINFO;
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGBUS, &action, NULL);
}

void guard_process(void)
{
    struct rlimit none = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* whose search for leaks looks in from outside */
    (void)prctl(PR_SET_DUMPABLE, 0);
#endif
    catch_bus_errors();
    /* A write above a limit on files is then an error like a full disk. */
    (void)signal(SIGXFSZ, SIG_IGN);
}
