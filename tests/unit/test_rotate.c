/* The office's `rotate`, with a province that answers as told: request_ask()
 * is taken over by the linker's --wrap. */
#include "agent/commands/commands.h"

#include "agent/line/request.h"
#include "agent/office/keyring.h"
#include "agent/office/office.h"
#include "common/format/enrol_file.h"
#include "tests/support/keys.h"
#include "tests/support/office_fixture.h"

#include <criterion/criterion.h>
#include <unistd.h>

enum status __wrap_request_ask(struct request *request,
                               const struct wire_up *up,
                               const struct bytes batches[], size_t count,
                               struct wire_down *answer);

#define AGENT 271u

static struct keyring old;
static struct enrol_file file;
static char file_path[TEMP_DIR_PATH_MAX];
static bool old_let_in;  /* the province lets the old key in */
static uint32_t refusal; /* over the join link; 0: its key is not let in */

enum status __wrap_request_ask(struct request *request,
                               const struct wire_up *up,
                               const struct bytes batches[], size_t count,
                               struct wire_down *answer)
{
    bool is_old = public_key_equal(&request->options.keys->public_key,
                                   &old.curve.public_key);

    (void)batches;
    cr_assert_eq(up->kind, WIRE_UP_ROTATE);
    cr_assert_eq(count, 0);
    if (is_old ? !old_let_in : refusal == 0) {
        return STATUS_REFUSED;
    }
    *answer = (struct wire_down){
        .kind = WIRE_DOWN_REFUSAL,
        .refusal = {.code = is_old ? WIRE_REFUSAL_JOIN_USED : refusal}};
    return STATUS_OK;
}

static void setup(void)
{
    struct office_fixture fixture = office_fixture_ba_dinh();
    file = (struct enrol_file){.rotates = true,
                               .agent_number = AGENT,
                               .ledger_id = keys_id(3),
                               .address_count = 1,
                               .addresses = {"tcp://tinh.example:7780"},
                               .valid_until = CLOCK_US_PER_DAY};

    office_fixture_open(&fixture, true);
    cr_assert_eq(keyring_make(office_dir_path.path, &old), STATUS_OK);
    curve_keys_make(&file.join_keys);
    temp_dir_path(&office_dir_path, "rotate.yaml", file_path);
    cr_assert_eq(enrol_file_save(file_path, &file), STATUS_OK);
    old_let_in = false;
    refusal = 0;
}

TestSuite(rotate, .init = setup, .fini = office_fixture_close);

static bool keeps_new_keys(void)
{
    char *words[] = {
        (char[]){"tallyline-agent"}, (char[]){"rotate"},   file_path,
        (char[]){"--dir"},           office_dir_path.path, NULL};

    cr_assert_neq(args_main(&agent_program, 5, words, NULL), 0);
    return keyring_rotating(office_dir_path.path);
}

/* The answer of an earlier attempt was lost, the new keys are in force; and
 * somebody on the wire says that no key is known. */
Test(rotate, new_keys_are_not_given_up_for_what_anybody_may_say)
{
    cr_assert(keeps_new_keys());
}

Test(rotate, new_keys_are_given_up_when_the_old_ones_are_let_in)
{
    old_let_in = true;
    cr_assert_not(keeps_new_keys());
}

Test(rotate, a_clear_no_gives_the_new_keys_up)
{
    refusal = WIRE_REFUSAL_JOIN_EXPIRED;
    cr_assert_not(keeps_new_keys());
}

Test(rotate, a_full_province_is_asked_again_with_the_same_keys)
{
    refusal = WIRE_REFUSAL_FULL;
    cr_assert(keeps_new_keys());
}

/* Of another ledger: what that one answers would be kept as the primary's. */
Test(rotate, i3_a_file_of_another_collector_is_refused)
{
    file.ledger_id = keys_id(4);
    cr_assert_eq(unlink(file_path), 0);
    cr_assert_eq(enrol_file_save(file_path, &file), STATUS_OK);
    refusal = WIRE_REFUSAL_FULL;
    cr_assert_not(keeps_new_keys());
}
