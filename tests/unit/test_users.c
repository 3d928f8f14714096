#define _GNU_SOURCE /* memmem */
/* Who may look: files, sessions, attempts, passwords. */
#include "collector/api/roles.h"
#include "common/people/attempts.h"
#include "common/people/passwords.h"
#include "common/people/sessions.h"
#include "tests/support/deadline.h"
#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET "$argon2id$v=19$m=65536,t=2,p=1$abc$def"
#define MINUTE INT64_C(60000000)

static struct temp_dir dir;
static struct accounts accounts;
static size_t line;

static void setup(void)
{
    temp_dir_open(&dir);
    accounts_init(&accounts);
}

static void teardown(void)
{
    accounts_fini(&accounts);
    temp_dir_close(&dir);
}

TestSuite(users, .init = setup, .fini = teardown);

static struct account account(const char *name, uint32_t role, uint32_t unit)
{
    struct account made = {.role = role, .unit = unit, .secret = SECRET};

    (void)snprintf(made.name, sizeof made.name, "%s", name);
    return made;
}

static enum status load(const char *text)
{
    char path[TEMP_DIR_PATH_MAX];

    temp_dir_write(&dir, "users", text, strlen(text));
    temp_dir_path(&dir, "users", path);
    cr_assert_eq(chmod(path, 0600), 0);
    accounts_fini(&accounts);
    return accounts_load(&province_people, dir.path, ACCOUNTS_USERS, &accounts,
                         &line, NULL);
}

/* ---- files ---- */

Test(users, a_file_is_read_as_it_was_written)
{
    struct account lan = account("lan", ROLE_OFFICER, 0);
    struct account district = account("ba-dinh", ROLE_DISTRICT, 1300001);
    char path[TEMP_DIR_PATH_MAX];
    struct stat info;

    cr_assert_eq(accounts_add(&accounts, &lan), STATUS_OK);
    cr_assert_eq(accounts_add(&accounts, &district), STATUS_OK);
    cr_assert_eq(accounts_add(&accounts, &lan), STATUS_EXISTS);
    cr_assert_eq(
        accounts_save(&province_people, dir.path, ACCOUNTS_USERS, &accounts),
        STATUS_OK);
    accounts_fini(&accounts);
    cr_assert_eq(accounts_load(&province_people, dir.path, ACCOUNTS_USERS,
                               &accounts, &line, NULL),
                 STATUS_OK);
    cr_assert_eq(accounts.count, 2);
    cr_assert_eq(accounts_find(&accounts, "ba-dinh")->unit, 1300001);
    cr_assert_str_eq(accounts_find(&accounts, "lan")->secret, SECRET);
    temp_dir_path(&dir, "users", path);
    cr_assert_eq(stat(path, &info), 0);
    cr_assert_eq(info.st_mode & 0777u, 0600u);
}

Test(users, without_a_file_there_is_nobody)
{
    cr_assert_eq(accounts_load(&province_people, dir.path, ACCOUNTS_USERS,
                               &accounts, &line, NULL),
                 STATUS_OK);
    cr_assert_eq(accounts.count, 0);
}

Test(users, a_file_that_others_may_touch_is_not_believed)
{
    static const mode_t modes[] = {0640, 0604, 0620, 0660, 0666, 0601};
    char path[TEMP_DIR_PATH_MAX];

    cr_assert_eq(load("lan viewer - " SECRET "\n"), STATUS_OK);
    temp_dir_path(&dir, "users", path);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        cr_assert_eq(chmod(path, modes[i]), 0);
        accounts_fini(&accounts);
        cr_assert_eq(accounts_load(&province_people, dir.path, ACCOUNTS_USERS,
                                   &accounts, &line, NULL),
                     STATUS_REFUSED);
        cr_assert_eq(accounts.count, 0);
    }
}

Test(users, a_link_to_another_file_is_not_followed)
{
    char path[TEMP_DIR_PATH_MAX];
    char other[TEMP_DIR_PATH_MAX];

    cr_assert_eq(load("lan viewer - " SECRET "\n"), STATUS_OK);
    temp_dir_path(&dir, "users", path);
    temp_dir_path(&dir, "other", other);
    cr_assert_eq(rename(path, other), 0);
    cr_assert_eq(symlink(other, path), 0);
    accounts_fini(&accounts);
    cr_assert_eq(accounts_load(&province_people, dir.path, ACCOUNTS_USERS,
                               &accounts, &line, NULL),
                 STATUS_NO_INPUT);
}

Test(users, one_line_that_cannot_be_read_refuses_the_file)
{
    static const char *const bad[] = {"lan\n",
                                      "lan viewer -\n",
                                      "lan viewer - " SECRET " more\n",
                                      "lan king - " SECRET "\n",
                                      "lan viewer gso3:001 " SECRET "\n",
                                      "lan district - " SECRET "\n",
                                      "lan district gso3:x " SECRET "\n",
                                      "Lan viewer - " SECRET "\n",
                                      "lan viewer - plain\n",
                                      "../x viewer - " SECRET "\n"};
    char text[256];

    cr_assert_eq(load("# who\n\nlan viewer - " SECRET "\r\n"), STATUS_OK);
    cr_assert_eq(accounts.count, 1);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        (void)snprintf(text, sizeof text, "ok viewer - " SECRET "\n%s", bad[i]);
        cr_assert_eq(load(text), STATUS_INVALID, "%s", bad[i]);
        cr_assert_eq(accounts.count, 0);
        cr_assert_eq(line, 2);
    }
    cr_assert_eq(load("a viewer - " SECRET "\na admin - " SECRET "\n"),
                 STATUS_INVALID);
}

Test(users, i11_one_account_too_many_is_refused)
{
    size_t room = ACCOUNTS_MAX * 80u + 128u;
    char *text = calloc(1, room);
    size_t size = 0;

    cr_assert_not_null(text);
    for (size_t i = 0; i < ACCOUNTS_MAX; i++) {
        size += (size_t)snprintf(text + size, room - size,
                                 "u%zu viewer - " SECRET "\n", i);
    }
    cr_assert_eq(load(text), STATUS_OK);
    cr_assert_eq(accounts.count, ACCOUNTS_MAX);
    (void)snprintf(text + size, room - size, "v viewer - " SECRET "\n");
    cr_assert_eq(load(text), STATUS_INVALID);
    free(text);
}

Test(users, a_changed_file_is_noticed)
{
    struct accounts_seen seen;
    struct account lan = account("lan", ROLE_VIEWER, 0);

    cr_assert_eq(accounts_load(&province_people, dir.path, ACCOUNTS_USERS,
                               &accounts, &line, &seen),
                 STATUS_OK);
    cr_assert_not(
        accounts_changed(&province_people, dir.path, ACCOUNTS_USERS, &seen));
    cr_assert_eq(accounts_add(&accounts, &lan), STATUS_OK);
    cr_assert_eq(
        accounts_save(&province_people, dir.path, ACCOUNTS_USERS, &accounts),
        STATUS_OK);
    cr_assert(
        accounts_changed(&province_people, dir.path, ACCOUNTS_USERS, &seen));
}

Test(users, a_name_is_plain)
{
    static const char *const bad[] = {
        "",    "1a",  "a b",
        "A",   "a/b", "-a",
        "a\n", "ă",   "abcdefghijklmnopqrstuvwxyzabcdefg"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_not(account_name_good(&province_people, bad[i]), "%s",
                      bad[i]);
    }
    cr_assert(account_name_good(&province_people, "phong-lao-dong.ba_dinh2"));
    cr_assert(account_name_good(&province_people,
                                "abcdefghijklmnopqrstuvwxyzabcdef"));
}

/* ---- sessions ---- */

Test(users, a_session_is_new_and_its_cookie_is_not_kept)
{
    struct sessions sessions;
    struct account lan = account("lan", ROLE_OFFICER, 0);
    char first[ACCOUNT_TOKEN_SIZE];
    char second[ACCOUNT_TOKEN_SIZE];
    struct session *session;

    sessions_init(&sessions);
    session = sessions_begin(&sessions, &lan, 1, first);
    cr_assert_not_null(session);
    cr_assert_eq(strlen(first), 64);
    cr_assert_null(memmem(session, sizeof *session, first, 64));
    cr_assert_not_null(sessions_begin(&sessions, &lan, 1, second));
    cr_assert_str_neq(first, second);
    cr_assert_eq(sessions_find(&sessions, first, 2), session);
    cr_assert_null(sessions_find(&sessions, session->key, 2));
    cr_assert_null(sessions_find(&sessions, "", 2));
    sessions_end(&sessions, session);
    cr_assert_null(sessions_find(&sessions, first, 2));
    cr_assert_not_null(sessions_find(&sessions, second, 2));
    sessions_fini(&sessions);
}

Test(users, a_session_ends_by_age_and_by_rest)
{
    struct sessions sessions;
    struct account lan = account("lan", ROLE_OFFICER, 0);
    char token[ACCOUNT_TOKEN_SIZE];
    int64_t now = 0;

    sessions_init(&sessions);
    cr_assert_not_null(sessions_begin(&sessions, &lan, 0, token));
    while (now + SESSION_IDLE_US / 2 < SESSION_LIFE_US) {
        now += SESSION_IDLE_US / 2;
        cr_assert_not_null(sessions_find(&sessions, token, now));
    }
    cr_assert_null(sessions_find(&sessions, token, SESSION_LIFE_US));
    cr_assert_not_null(sessions_begin(&sessions, &lan, 0, token));
    cr_assert_not_null(sessions_find(&sessions, token, SESSION_IDLE_US - 1));
    cr_assert_null(sessions_find(&sessions, token, 2 * SESSION_IDLE_US));
    sessions_fini(&sessions);
}

Test(users, another_password_role_or_unit_ends_the_session)
{
    static struct sessions sessions;
    struct account users[3] = {account("a", ROLE_OFFICER, 0),
                               account("b", ROLE_OFFICER, 0),
                               account("c", ROLE_DISTRICT, 1300001)};
    char tokens[3][ACCOUNT_TOKEN_SIZE];

    sessions_init(&sessions);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(accounts_add(&accounts, &users[i]), STATUS_OK);
        cr_assert_not_null(sessions_begin(&sessions, &users[i], 0, tokens[i]));
    }
    sessions_hold_against(&sessions, &accounts);
    cr_assert_eq(sessions.count, 3);
    accounts.list[0].secret[20]++;
    sessions_hold_against(&sessions, &accounts);
    cr_assert_null(sessions_find(&sessions, tokens[0], 1));
    accounts.list[1].role = ROLE_VIEWER;
    sessions_hold_against(&sessions, &accounts);
    cr_assert_null(sessions_find(&sessions, tokens[1], 1));
    accounts.list[2].unit++;
    sessions_hold_against(&sessions, &accounts);
    cr_assert_eq(sessions.count, 0);
    sessions_fini(&sessions);
}

Test(users, i11_one_session_too_many_ends_the_one_used_longest_ago)
{
    static struct sessions sessions;
    char first[ACCOUNT_TOKEN_SIZE];
    char second[ACCOUNT_TOKEN_SIZE];
    char token[ACCOUNT_TOKEN_SIZE];
    struct account lan = account("lan", ROLE_VIEWER, 0);

    sessions_init(&sessions);
    cr_assert_not_null(sessions_begin(&sessions, &lan, 1, first));
    cr_assert_not_null(sessions_begin(&sessions, &lan, 2, second));
    for (int64_t i = 2; i < (int64_t)SESSIONS_USER_MAX; i++) {
        cr_assert_not_null(sessions_begin(&sessions, &lan, 1 + i, token));
    }
    cr_assert_eq(sessions.count, SESSIONS_USER_MAX);
    cr_assert_not_null(sessions_find(&sessions, first, 100));
    cr_assert_not_null(sessions_begin(&sessions, &lan, 101, token));
    cr_assert_eq(sessions.count, SESSIONS_USER_MAX);
    cr_assert_not_null(sessions_find(&sessions, first, 102));
    cr_assert_null(sessions_find(&sessions, second, 102));
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct account other = lan;

        (void)snprintf(other.name, sizeof other.name, "u%zu", i);
        cr_assert_not_null(sessions_begin(&sessions, &other, 200, token));
    }
    cr_assert_eq(sessions.count, SESSIONS_MAX);
    cr_assert_null(sessions_find(&sessions, first, 201));
    sessions_fini(&sessions);
}

/* ---- attempts ---- */

Test(users, i11_five_tries_a_minute_and_not_one_more)
{
    static struct attempts attempts;
    int64_t now = 1000000000;

    attempts_init(&attempts);
    for (unsigned i = 0; i < ATTEMPTS_NAME; i++) {
        cr_assert_eq(
            attempts_take(&attempts, "name", "lan", ATTEMPTS_NAME, now), 0);
    }
    cr_assert_eq(attempts_take(&attempts, "name", "lan", ATTEMPTS_NAME, now),
                 12);
    cr_assert_eq(attempts_take(&attempts, "name", "hoa", ATTEMPTS_NAME, now),
                 0);
    cr_assert_eq(attempts_take(&attempts, "link", "lan", ATTEMPTS_NAME, now),
                 0);
    now += 12000000;
    cr_assert_eq(attempts_take(&attempts, "name", "lan", ATTEMPTS_NAME, now),
                 0);
    cr_assert_gt(attempts_take(&attempts, "name", "lan", ATTEMPTS_NAME, now),
                 0);
    attempts_give(&attempts, "name", "lan", ATTEMPTS_NAME, now);
    cr_assert_eq(attempts_take(&attempts, "name", "lan", ATTEMPTS_NAME, now),
                 0);
    cr_assert_eq(attempts_take(&attempts, "name", "lan", ATTEMPTS_NAME,
                               now + 10 * MINUTE),
                 0);
}

Test(users, i11_as_many_who_try_are_remembered_as_there_is_room_for)
{
    static struct attempts attempts;
    char name[32];

    attempts_init(&attempts);
    for (unsigned i = 0; i < ATTEMPTS_NAME; i++) {
        cr_assert_eq(
            attempts_take(&attempts, "name", "lan", ATTEMPTS_NAME, MINUTE * 9),
            0);
    }
    for (size_t i = 0; i < ATTEMPTS_MAX + 10; i++) {
        (void)snprintf(name, sizeof name, "n%zu", i);
        cr_assert_eq(
            attempts_take(&attempts, "name", name, ATTEMPTS_NAME, MINUTE * 9),
            0);
    }
    cr_assert_eq(attempts.count, ATTEMPTS_MAX);
    /* Who has tried most is not the one that is forgotten. */
    cr_assert_gt(
        attempts_take(&attempts, "name", "lan", ATTEMPTS_NAME, MINUTE * 9), 0);
}

/* ---- passwords ---- */

static atomic_int said[PASSWORDS_WAITING_MAX + PASSWORDS_AT_ONCE + 2];

static void take(void *owner, bool right)
{
    atomic_store((atomic_int *)owner, right ? 1 : -1);
}

static bool is_said(void *owner)
{
    return atomic_load((atomic_int *)owner) != 0;
}

Test(users, a_password_is_compared_apart, .timeout = 60)
{
    struct passwords *passwords = NULL;
    char secret[ACCOUNT_SECRET_SIZE];

    cr_assert_eq(password_hash(&province_people, "matkhau dài", secret),
                 STATUS_OK);
    cr_assert_eq(strncmp(secret, "$argon2id$", 10), 0);
    cr_assert_eq(passwords_open(&province_people, &passwords), STATUS_OK);
    cr_assert(passwords_ask(passwords, "matkhau dài", secret, take, &said[0]));
    cr_assert(passwords_ask(passwords, "matkhau dai", secret, take, &said[1]));
    cr_assert(passwords_ask(passwords, "matkhau dài", NULL, take, &said[2]));
    for (size_t i = 0; i < 3; i++) {
        cr_assert(deadline_wait(is_said, &said[i], 20000));
    }
    cr_assert_eq(atomic_load(&said[0]), 1);
    cr_assert_eq(atomic_load(&said[1]), -1);
    cr_assert_eq(atomic_load(&said[2]), -1);
    passwords_close(&passwords);
}

Test(users, i11_too_many_who_wait_are_refused_and_the_rest_is_answered,
     .timeout = 60)
{
    struct passwords *passwords = NULL;
    size_t taken = 0;

    cr_assert_eq(passwords_open(&province_people, &passwords), STATUS_OK);
    while (taken < sizeof said / sizeof said[0] &&
           passwords_ask(passwords, "x", NULL, take, &said[taken])) {
        taken++;
    }
    cr_assert_geq(taken, PASSWORDS_WAITING_MAX);
    cr_assert_lt(taken, sizeof said / sizeof said[0]);
    passwords_close(&passwords);
    for (size_t i = 0; i < taken; i++) {
        cr_assert_eq(atomic_load(&said[i]), -1);
    }
}
