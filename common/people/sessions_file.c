/* Sessions over a restart in order: nobody who reads a page is thrown out when
 * the program gets a new version. The file holds no cookie, only its hash,
 * and opens nothing by itself; it is removed before anything of it is used, so
 * an older one never comes back. Whoever was killed signs in again. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/people/sessions.h"

#define SESSIONS_NAME      "sessions"
#define SESSIONS_BYTES_MAX (SESSIONS_MAX * 352u)

/* What must be the same of a user for the session to go on. */
static void digest_account(const struct account *account,
                           char hash[ACCOUNT_HASH_SIZE])
{
    char text[ACCOUNT_NAME_SIZE + ACCOUNT_SECRET_SIZE + 32u];

    (void)snprintf(text, sizeof text, "%s %" PRIu32 " %" PRIu32 " %s",
                   account->name, account->role, account->unit,
                   account->secret);
    account_hash(text, hash);
    sodium_memzero(text, sizeof text);
}

static enum status put(const struct accounts_rules *rules,
                       const struct session *session, int64_t offset_us,
                       struct buffer *text)
{
    char digest[ACCOUNT_HASH_SIZE];
    char name[ACCOUNT_NAME_SIZE];

    memcpy(name, session->account.name, sizeof name);
    account_name_pack(rules, name);
    digest_account(&session->account, digest);
    return buffer_printf(text, "%s %s %s %s %" PRId64 " %" PRId64 "\n", name,
                         digest, session->key, session->csrf,
                         session->begun_us + offset_us,
                         session->used_us + offset_us);
}

void sessions_save(const struct sessions *sessions,
                   const struct accounts_rules *rules, const char *directory,
                   const struct clock *clock)
{
    int64_t offset_us = clock_wall_us(clock) - clock_monotonic_us(clock);
    char path[FILE_PATH_MAX];
    struct buffer text;
    enum status status = STATUS_OK;
    int size = snprintf(path, sizeof path, "%s/" SESSIONS_NAME, directory);

    buffer_init(&text, SESSIONS_BYTES_MAX);
    for (size_t i = 0; status == STATUS_OK && i < sessions->count; i++) {
        status = put(rules, sessions->list[i], offset_us, &text);
    }
    if (size < 0 || (size_t)size >= sizeof path) {
        status = STATUS_IO;
    }
    if (status == STATUS_OK && sessions->count > 0) {
        (void)unlink(path);
        status = file_create(path, buffer_bytes(&text));
    }
    if (status != STATUS_OK) {
        log_warning("who is signed in will have to sign in again",
                    log_status("status", status));
    }
    account_text_wipe(&text);
}

/* Monotonic time of a wall time; false: it is ahead of the clock. */
static bool back(int64_t wall_us, const struct clock *clock, int64_t *us)
{
    int64_t ago_us = clock_wall_us(clock) - wall_us;

    *us = clock_monotonic_us(clock) - ago_us;
    return ago_us >= 0;
}

static bool read_session(const char *line, const struct accounts_rules *rules,
                         const struct accounts *users,
                         const struct clock *clock, struct session *session)
{
    char name[ACCOUNT_NAME_SIZE];
    char digest[ACCOUNT_HASH_SIZE];
    char now[ACCOUNT_HASH_SIZE];
    const struct account *user;
    int64_t begun = 0, used = 0;

    memset(session, 0, sizeof *session);
    if (sscanf(line,
               "%63s %64[0-9a-f] %64[0-9a-f] %32[0-9a-f] %" SCNd64 " %" SCNd64,
               name, digest, session->key, session->csrf, &begun, &used) != 6 ||
        strlen(session->key) != ACCOUNT_HASH_SIZE - 1 ||
        strlen(session->csrf) != SESSION_CSRF_SIZE - 1) {
        return false;
    }
    account_name_unpack(rules, name);
    user = accounts_find(users, name);
    if (user == NULL) {
        return false;
    }
    digest_account(user, now);
    session->account = *user;
    return strcmp(digest, now) == 0 && back(begun, clock, &session->begun_us) &&
           back(used, clock, &session->used_us);
}

static void take_in(struct sessions *sessions, const struct session *session)
{
    struct session *copy = malloc(sizeof *copy);

    if (copy != NULL && sessions->count < SESSIONS_MAX) {
        *copy = *session;
        copy->number = ++sessions->last_number;
        sessions->list[sessions->count++] = copy;
    } else {
        free(copy);
    }
}

void sessions_load(struct sessions *sessions,
                   const struct accounts_rules *rules, const char *directory,
                   const struct accounts *users, const struct clock *clock)
{
    char path[FILE_PATH_MAX];
    struct buffer text;
    struct stat info;
    char *save = NULL;
    enum status status;
    int size = snprintf(path, sizeof path, "%s/" SESSIONS_NAME, directory);

    buffer_init(&text, SESSIONS_BYTES_MAX);
    status = account_file_read(directory, SESSIONS_NAME, &text, &info);
    if (size < 0 || (size_t)size >= sizeof path ||
        (status != STATUS_NOT_FOUND &&
         (unlink(path) != 0 || file_sync_folder(path) != STATUS_OK))) {
        status = STATUS_IO; /* what stays could be used a second time */
    }
    if (status == STATUS_OK) {
        for (char *line = strtok_r((char *)text.data, "\n", &save);
             line != NULL; line = strtok_r(NULL, "\n", &save)) {
            struct session session;

            if (read_session(line, rules, users, clock, &session)) {
                take_in(sessions, &session);
            }
        }
        (void)sessions_count(sessions, clock_monotonic_us(clock));
    }
    account_text_wipe(&text);
}
