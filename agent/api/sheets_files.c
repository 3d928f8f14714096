/* The files that are being looked at. Failure modes: a file that is not there
 * any more (404). One that a program is at work with stays until it is done,
 * whatever else its person sends meanwhile. */
#include "agent/api/sheets_internal.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "agent/api/desk.h"
#include "common/base/check.h"

_Static_assert(SHEETS_JOBS_MAX < SHEETS_MAX, "some file may always go");

static void lock(struct sheets *sheets)
{
    check(pthread_mutex_lock(&sheets->lock) == 0);
}

static void unlock(struct sheets *sheets)
{
    check(pthread_mutex_unlock(&sheets->lock) == 0);
}

void sheets_empty_folder(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.') {
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
}

static void drop(struct sheet *sheet)
{
    if (sheet->token[0] != '\0') {
        (void)unlink(sheet->path);
        memset(sheet, 0, sizeof *sheet);
    }
}

/* A program reads the file, or is about to. With the lock held. */
static bool is_in_use(const struct sheets *sheets, const struct sheet *sheet)
{
    for (size_t i = 0; i < SHEETS_JOBS_MAX; i++) {
        const struct sheets_job *job = &sheets->jobs[i];

        if ((job->question == SHEETS_SAVE || job->question == SHEETS_REFUSED) &&
            !job->over && strcmp(job->sheet.token, sheet->token) == 0) {
            return true;
        }
    }
    return false;
}

/* With the lock held. */
static bool may_go(const struct sheets *sheets, const struct sheet *sheet)
{
    return sheet->token[0] != '\0' && !is_in_use(sheets, sheet);
}

/* With the lock held. */
static void drop_old(struct sheets *sheets)
{
    int64_t now = clock_monotonic_us(sheets->clock);

    for (size_t i = 0; i < SHEETS_MAX; i++) {
        if (may_go(sheets, &sheets->files[i]) &&
            now - sheets->files[i].came > SHEETS_KEPT_US) {
            drop(&sheets->files[i]);
        }
    }
}

/* The oldest makes room: programs are at work with fewer than there are places.
 * With the lock held. */
static struct sheet *make_room(struct sheets *sheets)
{
    struct sheet *oldest = NULL;

    for (size_t i = 0; i < SHEETS_MAX; i++) {
        struct sheet *one = &sheets->files[i];

        if (one->token[0] == '\0') {
            return one;
        }
        if (may_go(sheets, one) &&
            (oldest == NULL || one->came < oldest->came)) {
            oldest = one;
        }
    }
    check(oldest != NULL);
    drop(oldest);
    return oldest;
}

void sheets_keep(struct sheets *sheets, const struct sheet *sheet)
{
    lock(sheets);
    drop_old(sheets);
    for (size_t i = 0; i < SHEETS_MAX; i++) {
        struct sheet *one = &sheets->files[i];

        if (may_go(sheets, one) && strcmp(one->person, sheet->person) == 0) {
            drop(one); /* a person has one */
        }
    }
    *make_room(sheets) = *sheet;
    unlock(sheets);
}

void sheets_mark_saved(struct sheets *sheets, const char *token)
{
    lock(sheets);
    for (size_t i = 0; i < SHEETS_MAX; i++) {
        if (strcmp(sheets->files[i].token, token) == 0) {
            sheets->files[i].saved = true;
        }
    }
    unlock(sheets);
}

void sheets_forget(struct sheets *sheets, const char *token)
{
    lock(sheets);
    for (size_t i = 0; i < SHEETS_MAX; i++) {
        if (strcmp(sheets->files[i].token, token) == 0) {
            drop(&sheets->files[i]);
        }
    }
    sheets_late_forget(sheets, token);
    unlock(sheets);
}

bool sheets_find(struct sheets *sheets, const struct http_request *request,
                 struct sheet *sheet, struct http_reply *reply)
{
    static const struct language_text gone = {
        "Tệp này không còn ở đây; hãy chọn lại tệp.",
        "This file is not here any more; choose it again."};
    const char *token = http_part(request, "token");
    bool found = false;

    lock(sheets);
    drop_old(sheets);
    for (size_t i = 0; i < SHEETS_MAX; i++) {
        const struct sheet *one = &sheets->files[i];

        if (one->token[0] != '\0' && strcmp(one->token, token) == 0 &&
            strcmp(one->person, http_who(request)->name) == 0) {
            *sheet = *one;
            found = true;
        }
    }
    unlock(sheets);
    if (!found) {
        http_reply_problem(reply, 404,
                           language_pick(gone, desk_language(request)));
    }
    return found;
}
