/* The office's `join` where it has joined before. */
#include "agent/commands/commands.h"

#include "agent/office/keyring.h"
#include "agent/office/office.h"
#include "common/format/enrol_file.h"
#include "tests/support/office_fixture.h"

#include <criterion/criterion.h>
#include <unistd.h>

#define AGENT 271u

static char file_path[TEMP_DIR_PATH_MAX];

static void setup(void)
{
    struct office_fixture fixture = office_fixture_ba_dinh();
    struct enrol_file file = {.agent_number = AGENT,
                              .address_count = 1,
                              .addresses = {"tcp://127.0.0.1:1"},
                              .valid_until = CLOCK_US_PER_DAY};

    office_fixture_open(&fixture, true);
    curve_keys_make(&file.join_keys);
    temp_dir_path(&office_dir_path, "join.yaml", file_path);
    cr_assert_eq(enrol_file_save(file_path, &file), STATUS_OK);
}

TestSuite(join, .init = setup, .fini = office_fixture_close);

static int run_join(void)
{
    char *words[] = {(char[]){"tallyline-agent"},
                     (char[]){"join"},
                     file_path,
                     (char[]){"--timeout"},
                     (char[]){"1"},
                     (char[]){"--dir"},
                     office_dir_path.path,
                     NULL};

    return args_main(&agent_program, 7, words, NULL);
}

Test(join, again_with_its_keys_is_no_mistake)
{
    struct keyring keyring;

    cr_assert_eq(keyring_make(office_dir_path.path, &keyring), STATUS_OK);
    cr_assert_eq(run_join(), 0);
}

/* The province knows the keys that are gone, and no others. */
Test(join, keys_that_were_lost_are_not_made_anew)
{
    char path[TEMP_DIR_PATH_MAX];

    temp_dir_path(&office_dir_path, OFFICE_SIGN_FILE, path);
    cr_assert_neq(run_join(), 0);
    cr_assert_neq(access(path, F_OK), 0);
}
