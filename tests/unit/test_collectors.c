/* The collectors in agent.yaml: what is written is read again, and the spool's
 * slots are theirs. */
#include "agent/office/collectors.h"

#include "agent/spool/spool_slots.h"
#include "tests/support/keys.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct temp_dir dir;
static struct config config;
static struct report report;

static void setup(void)
{
    temp_dir_open(&dir);
    report_init(&report, LANGUAGE_EN);
    config_init(&config);
    memcpy(config.addresses[0], "tcp://a:1", sizeof "tcp://a:1");
    config.address_count = 1;
}

static void teardown(void)
{
    report_fini(&report);
    temp_dir_close(&dir);
}

TestSuite(collectors, .init = setup, .fini = teardown);

static void add(const char *name, unsigned slot)
{
    struct config_collector *other = &config.others[config.other_count++];

    (void)snprintf(other->name, sizeof other->name, "%s", name);
    (void)snprintf(other->addresses[0], ENROL_ADDRESS_MAX, "tcp://%s:2", name);
    other->address_count = 1;
    other->ledger = keys_id((uint8_t)(60 + slot));
    memset(other->server_key.bytes, (int)slot + 1, PUBLIC_KEY_BYTES);
    memset(other->ledger_key.bytes, (int)slot + 9, PUBLIC_KEY_BYTES);
    other->slot = slot;
}

static enum status read_again(struct config *read)
{
    char path[TEMP_DIR_PATH_MAX];

    temp_dir_path(&dir, "agent.yaml", path);
    cr_assert_eq(config_save(path, &config), STATUS_OK);
    return config_load(path, &report, read);
}

static void assert_same(const struct config *read)
{
    cr_assert_str_eq(read->name, config.name);
    cr_assert_eq(read->slot, config.slot);
    cr_assert(random_id_equal(&read->ledger, &config.ledger));
    cr_assert_str_eq(read->addresses[0], config.addresses[0]);
    cr_assert_eq(read->other_count, config.other_count);
    for (size_t i = 0; i < config.other_count; i++) {
        const struct config_collector *a = &read->others[i];
        const struct config_collector *b = &config.others[i];

        cr_assert_str_eq(a->name, b->name);
        cr_assert_str_eq(a->addresses[0], b->addresses[0]);
        cr_assert_eq(a->address_count, b->address_count);
        cr_assert(public_key_equal(&a->server_key, &b->server_key));
        cr_assert(public_key_equal(&a->ledger_key, &b->ledger_key));
        cr_assert(random_id_equal(&a->ledger, &b->ledger));
        cr_assert_eq(a->slot, b->slot);
    }
}

Test(collectors, an_office_with_one_has_no_word_of_them_in_its_file)
{
    char path[TEMP_DIR_PATH_MAX];
    char text[4096] = "";
    struct config read;
    FILE *file;

    cr_assert_eq(read_again(&read), STATUS_OK);
    assert_same(&read);
    temp_dir_path(&dir, "agent.yaml", path);
    file = fopen(path, "r");
    cr_assert_not_null(file);
    cr_assert_gt(fread(text, 1, sizeof text - 1, file), 0);
    (void)fclose(file);
    cr_assert_null(strstr(text, "slot"));
    cr_assert_null(strstr(text, "others"));
}

Test(collectors, i11_as_many_as_allowed_come_back_as_they_were)
{
    struct config read;

    config.ledger = keys_id(3);
    add("dự phòng", 1);
    add("ba", 2);
    add("bốn", 3);
    cr_assert_eq(read_again(&read), STATUS_OK);
    assert_same(&read);
    cr_assert_eq(collectors_other_slots(&read), 0xeu);
}

/* The mark moves there and back; nobody is lost on the way. */
Test(collectors, the_mark_moves_and_moves_back)
{
    struct config before;
    struct config read;
    unsigned slot;
    size_t place;

    config.ledger = keys_id(3);
    add("b", 1);
    add("c", 2);
    before = config;
    cr_assert(collectors_find(&config, "c", &place));
    collectors_mark(&config, place);
    cr_assert_str_eq(config.name, "c");
    cr_assert_eq(config.slot, 2);
    cr_assert_str_eq(config.others[1].name, COLLECTORS_FIRST);
    cr_assert_eq(read_again(&read), STATUS_OK);
    assert_same(&read);
    cr_assert(collectors_find(&config, COLLECTORS_FIRST, &place));
    collectors_mark(&config, place);
    cr_assert_eq(read_again(&read), STATUS_OK);
    config = before;
    assert_same(&read);
    cr_assert(collectors_free_slot(&config, &slot));
    cr_assert_eq(slot, 3);
}

Test(collectors, a_removed_one_gives_its_slot_back)
{
    struct config read;
    unsigned slot;
    size_t place;

    add("b", 1);
    add("c", 2);
    add("d", 3);
    cr_assert_not(collectors_free_slot(&config, &slot));
    cr_assert(collectors_find(&config, "c", &place));
    collectors_remove(&config, place);
    cr_assert_not(collectors_find(&config, "c", &place));
    cr_assert(collectors_free_slot(&config, &slot));
    cr_assert_eq(slot, 2);
    cr_assert_eq(read_again(&read), STATUS_OK);
    assert_same(&read);
}

Test(collectors, i3_two_in_one_slot_are_a_mistake)
{
    struct config read;

    add("b", 1);
    add("c", 1);
    cr_assert_eq(read_again(&read), STATUS_CONFIG);
}

Test(collectors, two_of_one_name_are_a_mistake)
{
    struct config read;

    add("b", 1);
    add("b", 2);
    cr_assert_eq(read_again(&read), STATUS_CONFIG);
}

Test(collectors, the_name_of_the_primary_is_taken)
{
    struct config read;

    add(COLLECTORS_FIRST, 1);
    cr_assert_eq(read_again(&read), STATUS_CONFIG);
}

/* A file that was edited by hand, or one of another time. */
Test(collectors, i3_a_slot_that_the_spool_gives_to_another_ledger_is_refused)
{
    struct random_id ledger = keys_id(61);

    spool_fixture_open();
    cr_assert_eq(collectors_open(&config, spool), STATUS_OK);
    config.ledger = keys_id(3); /* of the fixture */
    add("b", 1);
    cr_assert_eq(collectors_open(&config, spool), STATUS_CONFIG);
    cr_assert_eq(spool_claim(spool, 1, &ledger), STATUS_OK);
    cr_assert_eq(collectors_open(&config, spool), STATUS_OK);
    config.slot = 1;
    config.others[0].slot = 0;
    cr_assert_eq(collectors_open(&config, spool), STATUS_CONFIG);
    spool_fixture_close();
}
