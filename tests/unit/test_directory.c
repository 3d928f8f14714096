#include "collector/province/directory.h"

#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>

static struct temp_dir home;
static struct directory directory;

static void setup(void)
{
    char path[TEMP_DIR_PATH_MAX];

    temp_dir_open(&home);
    temp_dir_path(&home, "province", path);
    cr_assert_eq(directory_init(&directory, path), STATUS_OK);
}

static void teardown(void)
{
    temp_dir_close(&home);
}

TestSuite(directory, .init = setup, .fini = teardown);

static void make_ledger(void)
{
    temp_dir_write(&home, "province/ledger.mdb", "", 0);
}

Test(directory, it_is_its_owners_alone)
{
    struct stat info;

    cr_assert_eq(directory_create(&directory), STATUS_OK);
    make_ledger();
    cr_assert_eq(stat(directory.path, &info), 0);
    cr_assert_eq(info.st_mode & 0777, 0700);
    cr_assert_eq(directory_check(&directory), STATUS_OK);
    cr_assert_eq(chmod(directory.path, 0750), 0);
    cr_assert_eq(directory_check(&directory), STATUS_REFUSED);
}

Test(directory, what_is_there_is_never_made_again)
{
    cr_assert_eq(directory_check(&directory), STATUS_NOT_FOUND);
    cr_assert_eq(directory_create(&directory), STATUS_OK);
    make_ledger();
    cr_assert_eq(directory_create(&directory), STATUS_EXISTS);
}

Test(directory, an_empty_directory_is_taken)
{
    cr_assert_eq(mkdir(directory.path, 0755), 0);
    cr_assert_eq(directory_create(&directory), STATUS_OK);
    make_ledger();
    cr_assert_eq(directory_check(&directory), STATUS_OK);
}

Test(directory, one_writes_at_a_time)
{
    int first, second;

    cr_assert_eq(directory_create(&directory), STATUS_OK);
    cr_assert_eq(directory_lock(&directory, &first), STATUS_OK);
    cr_assert_eq(directory_lock(&directory, &second), STATUS_BUSY);
    cr_assert_eq(second, -1);
    directory_unlock(&first);
    cr_assert_eq(directory_lock(&directory, &second), STATUS_OK);
    directory_unlock(&second);
    directory_unlock(&second);
}

Test(directory, i11_a_path_fits_the_name_of_a_socket_or_is_refused)
{
    char path[DIRECTORY_ENDPOINT_MAX + 1];
    size_t longest = DIRECTORY_ENDPOINT_MAX - sizeof "/collector.sock";

    memset(path, 'a', sizeof path);
    path[0] = '/';
    path[longest] = '\0';
    cr_assert_eq(directory_init(&directory, path), STATUS_OK);
    path[longest] = 'a';
    path[longest + 1] = '\0';
    cr_assert_eq(directory_init(&directory, path), STATUS_INVALID);
    cr_assert_eq(directory_init(&directory, ""), STATUS_INVALID);
}
