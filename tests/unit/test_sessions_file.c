#include "collector/api/roles.h"
#include "common/people/sessions.h"
#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET "$argon2id$v=19$m=65536,t=2,p=1$abc$def"

static struct temp_dir dir;
static struct accounts accounts;

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

TestSuite(sessions_file, .init = setup, .fini = teardown);

static struct account account(const char *name, uint32_t role, uint32_t unit)
{
    struct account made = {.role = role, .unit = unit, .secret = SECRET};

    (void)snprintf(made.name, sizeof made.name, "%s", name);
    return made;
}

static void restart(struct sessions *sessions, const struct clock *clock)
{
    sessions_save(sessions, &province_people, dir.path, clock);
    sessions_fini(sessions);
    sessions_init(sessions);
    sessions_load(sessions, &province_people, dir.path, &accounts, clock);
}

Test(sessions_file, a_session_outlives_a_restart_and_its_user_does_too)
{
    static struct sessions sessions;
    struct clock_settable now = {.wall_us = 1000000000000000,
                                 .monotonic_us = 9};
    struct clock clock;
    struct account lan = account("lan", ROLE_OFFICER, 0);
    char token[ACCOUNT_TOKEN_SIZE];
    char csrf[SESSION_CSRF_SIZE];

    clock_init_settable(&clock, &now);
    cr_assert_eq(accounts_add(&accounts, &lan), STATUS_OK);
    sessions_init(&sessions);
    memcpy(csrf, sessions_begin(&sessions, &lan, 9, token)->csrf, sizeof csrf);
    now.monotonic_us = 5; /* the machine was started anew, a little later */
    now.wall_us += SESSION_IDLE_US / 2;
    sessions.list[0]->begun_us = 5 - SESSION_IDLE_US / 2;
    sessions.list[0]->used_us = 5 - SESSION_IDLE_US / 2;
    restart(&sessions, &clock);
    cr_assert_eq(sessions.count, 1);
    cr_assert_str_eq(sessions.list[0]->csrf, csrf);
    cr_assert_not_null(sessions_find(&sessions, token, 5));
    /* It is good once. */
    sessions_fini(&sessions);
    sessions_init(&sessions);
    sessions_load(&sessions, &province_people, dir.path, &accounts, &clock);
    cr_assert_eq(sessions.count, 0);
}

Test(sessions_file, a_restart_lets_nobody_in_who_would_be_out)
{
    static struct sessions sessions;
    struct clock_settable now = {.wall_us = 1000000000000000,
                                 .monotonic_us = SESSION_LIFE_US * 2};
    struct clock clock;
    struct account lan = account("lan", ROLE_OFFICER, 0);
    char token[ACCOUNT_TOKEN_SIZE];
    char path[TEMP_DIR_PATH_MAX];

    clock_init_settable(&clock, &now);
    cr_assert_eq(accounts_add(&accounts, &lan), STATUS_OK);
    for (int what = 0; what < 4; what++) {
        sessions_init(&sessions);
        cr_assert_not_null(
            sessions_begin(&sessions, &lan, now.monotonic_us, token));
        sessions_save(&sessions, &province_people, dir.path, &clock);
        sessions_fini(&sessions);
        sessions_init(&sessions);
        temp_dir_path(&dir, "sessions", path);
        now.wall_us += what == 0 ? SESSION_IDLE_US : 0;
        now.wall_us -= what == 1 ? 1000000 : 0; /* a clock set back */
        accounts.list[0].role = what == 2 ? ROLE_ADMIN : ROLE_OFFICER;
        cr_assert_eq(chmod(path, what == 3 ? 0640 : 0600), 0);
        sessions_load(&sessions, &province_people, dir.path, &accounts, &clock);
        cr_assert_eq(sessions.count, 0, "%d", what);
        cr_assert_neq(access(path, F_OK), 0);
    }
}
