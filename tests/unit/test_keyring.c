#include "agent/office/keyring.h"

#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct temp_dir dir;
static const struct public_key join_key = {.bytes = {7}};

static void setup(void)
{
    sign_init();
    temp_dir_open(&dir);
}

static void teardown(void)
{
    temp_dir_close(&dir);
}

TestSuite(keyring, .init = setup, .fini = teardown);

static bool same(const struct keyring *a, const struct keyring *b)
{
    return memcmp(a->sign.secret, b->sign.secret, SECRET_KEY_BYTES) == 0 &&
           memcmp(a->curve.secret, b->curve.secret, CURVE_SECRET_BYTES) == 0;
}

static bool there(const char *name)
{
    char path[TEMP_DIR_PATH_MAX];
    struct stat info;

    temp_dir_path(&dir, name, path);
    return stat(path, &info) == 0;
}

static void move(const char *from, const char *to)
{
    char old_path[TEMP_DIR_PATH_MAX];
    char new_path[TEMP_DIR_PATH_MAX];

    temp_dir_path(&dir, from, old_path);
    temp_dir_path(&dir, to, new_path);
    cr_assert_eq(rename(old_path, new_path), 0);
}

static void drop(const char *name)
{
    char path[TEMP_DIR_PATH_MAX];

    temp_dir_path(&dir, name, path);
    cr_assert_eq(remove(path), 0);
}

Test(keyring, keys_are_made_once)
{
    struct keyring first;
    struct keyring again;

    cr_assert_eq(keyring_load(dir.path, &first), STATUS_NOT_FOUND);
    cr_assert_eq(keyring_make(dir.path, &first), STATUS_OK);
    cr_assert_eq(keyring_make(dir.path, &again), STATUS_OK);
    cr_assert(same(&first, &again));
    cr_assert_eq(keyring_load(dir.path, &again), STATUS_OK);
    cr_assert(same(&first, &again));
}

Test(keyring, a_key_that_was_made_before_a_crash_is_kept)
{
    struct keyring first;
    struct keyring again;

    cr_assert_eq(keyring_make(dir.path, &first), STATUS_OK);
    drop("keys/curve.key");
    cr_assert_eq(keyring_make(dir.path, &again), STATUS_OK);
    cr_assert_arr_eq(first.sign.secret, again.sign.secret, SECRET_KEY_BYTES);
    cr_assert_not(same(&first, &again));
}

Test(keyring, keys_that_others_may_read_are_refused)
{
    struct keyring keyring;
    char path[TEMP_DIR_PATH_MAX];

    cr_assert_eq(keyring_make(dir.path, &keyring), STATUS_OK);
    temp_dir_path(&dir, "keys/sign.key", path);
    cr_assert_eq(chmod(path, 0640), 0);
    cr_assert_eq(keyring_load(dir.path, &keyring), STATUS_REFUSED);
}

Test(keyring, ids_are_made_once_and_forgotten_when_told)
{
    struct keyring keyring;
    struct random_id agent;
    struct random_id epoch;
    struct random_id agent_again;
    struct random_id epoch_again;

    cr_assert_eq(keyring_make(dir.path, &keyring), STATUS_OK);
    cr_assert_eq(keyring_join_ids(dir.path, &agent, &epoch), STATUS_OK);
    cr_assert_eq(keyring_join_ids(dir.path, &agent_again, &epoch_again),
                 STATUS_OK);
    cr_assert(random_id_equal(&agent, &agent_again));
    cr_assert(random_id_equal(&epoch, &epoch_again));
    cr_assert_not(random_id_equal(&agent, &epoch));

    cr_assert_eq(keyring_next_epoch(dir.path, &epoch), STATUS_OK);
    cr_assert_eq(keyring_next_epoch(dir.path, &epoch_again), STATUS_OK);
    cr_assert(random_id_equal(&epoch, &epoch_again));
    cr_assert_eq(keyring_forget_epoch(dir.path), STATUS_OK);
    cr_assert_eq(keyring_forget_epoch(dir.path), STATUS_OK);
    cr_assert_eq(keyring_next_epoch(dir.path, &epoch_again), STATUS_OK);
    cr_assert_not(random_id_equal(&epoch, &epoch_again));
}

static void begin_rotation(struct keyring *old, struct keyring *next)
{
    struct keyring again;

    cr_assert_eq(keyring_make(dir.path, old), STATUS_OK);
    cr_assert_not(keyring_rotating(dir.path));
    cr_assert_eq(keyring_next(dir.path, next), STATUS_OK);
    cr_assert(keyring_rotating(dir.path));
    cr_assert_eq(keyring_next(dir.path, &again), STATUS_OK);
    cr_assert(same(next, &again));
    cr_assert_not(same(old, next));
}

static void expect_settled(const struct keyring *next)
{
    static const struct public_key other = {.bytes = {8}};
    struct keyring now;
    bool rotated = false;

    cr_assert_eq(keyring_load(dir.path, &now), STATUS_OK);
    cr_assert(same(next, &now));
    cr_assert_not(keyring_rotating(dir.path));
    cr_assert_not(there("keys/rotating"));
    cr_assert_eq(keyring_rotated_by(dir.path, &join_key, &rotated), STATUS_OK);
    cr_assert(rotated);
    cr_assert_eq(keyring_rotated_by(dir.path, &other, &rotated), STATUS_OK);
    cr_assert_not(rotated);
}

Test(keyring, new_keys_take_the_old_ones_place)
{
    struct keyring old;
    struct keyring next;
    bool rotated = true;

    begin_rotation(&old, &next);
    cr_assert_eq(keyring_rotated_by(dir.path, &join_key, &rotated), STATUS_OK);
    cr_assert_not(rotated);
    cr_assert_eq(keyring_rotate(dir.path, &join_key), STATUS_OK);
    expect_settled(&next);
}

/* Each state that a crash can leave behind is ended by the next who loads. */
Test(keyring, a_rotation_cut_short_anywhere_is_ended)
{
    for (int renamed = 0; renamed <= 2; renamed++) {
        struct keyring old;
        struct keyring next;

        begin_rotation(&old, &next);
        cr_assert_eq(keyring_rotate(dir.path, &join_key), STATUS_OK);
        move("keys/rotated", "keys/rotating");
        if (renamed < 2) {
            move("keys/curve.key", "keys/curve.next");
        }
        if (renamed < 1) {
            move("keys/sign.key", "keys/sign.next");
        }
        expect_settled(&next);
    }
}

Test(keyring, new_keys_that_were_refused_are_forgotten)
{
    struct keyring old;
    struct keyring next;
    struct keyring now;

    begin_rotation(&old, &next);
    cr_assert_eq(keyring_forget_next(dir.path), STATUS_OK);
    cr_assert_eq(keyring_forget_next(dir.path), STATUS_OK);
    cr_assert_not(keyring_rotating(dir.path));
    cr_assert_eq(keyring_load(dir.path, &now), STATUS_OK);
    cr_assert(same(&old, &now));
}
