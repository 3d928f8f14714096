#include "common/format/card.h"

#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct temp_dir dir;
static char path[TEMP_DIR_PATH_MAX];
static struct report report;
static struct sign_keys administrator;

static void setup(void)
{
    sign_init();
    temp_dir_open(&dir);
    temp_dir_path(&dir, "second.card", path);
    report_init(&report, LANGUAGE_EN);
    sign_keys_make(&administrator);
}

static void teardown(void)
{
    report_fini(&report);
    temp_dir_close(&dir);
}

TestSuite(card, .init = setup, .fini = teardown);

static void fill(struct card *card)
{
    memset(card, 0, sizeof *card);
    (void)snprintf(card->name, sizeof card->name, "%s", "Nhà \"thứ hai\" \\");
    (void)snprintf(card->addresses[0], ENROL_ADDRESS_MAX, "%s",
                   "tcp://hai.example:5570");
    (void)snprintf(card->addresses[1], ENROL_ADDRESS_MAX, "%s",
                   "tcp://[2001:db8::2]:5570");
    card->address_count = 2;
    memset(&card->server_key, 1, sizeof card->server_key);
    memset(&card->ledger_key, 4, sizeof card->ledger_key);
    (void)snprintf(card->origin, sizeof card->origin, "ha-noi.example/2");
    memset(&card->ledger_id, 5, sizeof card->ledger_id);
    card_sign(card, &administrator);
}

Test(card, what_was_written_is_read_and_believed)
{
    struct card card;
    struct card again;

    fill(&card);
    cr_assert_eq(card_save(path, &card), STATUS_OK);
    cr_assert_eq(card_load(path, &report, &again), STATUS_OK);
    cr_assert_arr_eq(&again, &card, sizeof card);
    cr_assert_eq(card_verify(&again, &administrator.public_key), STATUS_OK);
    cr_assert_eq(card_save(path, &card), STATUS_EXISTS);
}

/* The signature that another program makes of the list in the header. */
Test(card, signed_is_what_the_header_lays_out)
{
    static const char secret[] =
        "0707070707070707070707070707070707070707070707070707070707070707"
        "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"
        "\n";
    static const char expected[] =
        "4ca1b2ec2094dbe23d1d9ebe7d8819f6c2e2c49a6b686f3d523418201e44cf14"
        "a2643f5ba9cefea382ec85c54f7e900a17da4f940153990780d63b0fed43fc0b";
    char hex[BYTES_HEX_SIZE(SIGNATURE_BYTES)];
    char key[TEMP_DIR_PATH_MAX];
    struct card card;

    temp_dir_path(&dir, "administrator.key", key);
    temp_dir_write(&dir, "administrator.key", secret, sizeof secret - 1);
    cr_assert_eq(chmod(key, 0600), 0);
    cr_assert_eq(sign_keys_load(key, &administrator), STATUS_OK);
    fill(&card);
    cr_assert_eq(
        bytes_to_hex((struct bytes){card.signature.bytes, SIGNATURE_BYTES}, hex,
                     sizeof hex),
        STATUS_OK);
    cr_assert_str_eq(hex, expected);
}

/* The longest that each field may be fits the file and the signature. */
Test(card, i11_a_card_as_long_as_can_be_is_written_and_read)
{
    struct card card;
    struct card again;

    fill(&card);
    memset(card.name, '"', sizeof card.name - 1);
    memset(card.origin, 'o', sizeof card.origin - 1);
    card.address_count = ENROL_ADDRESSES_MAX;
    for (size_t i = 0; i < ENROL_ADDRESSES_MAX; i++) {
        memset(card.addresses[i], 'a', ENROL_ADDRESS_MAX - 1);
        memcpy(card.addresses[i], "tcp://", 6);
    }
    card_sign(&card, &administrator);
    cr_assert_eq(card_save(path, &card), STATUS_OK);
    cr_assert_eq(card_load(path, &report, &again), STATUS_OK);
    cr_assert_arr_eq(&again, &card, sizeof card);
    cr_assert_eq(card_verify(&again, &administrator.public_key), STATUS_OK);
}

/* Every field that an office will act by. */
Test(card, i8_a_changed_card_is_refused)
{
    struct card card;
    struct card good;
    struct sign_keys other;

    fill(&good);
    sign_keys_make(&other);
    cr_assert_eq(card_verify(&good, &other.public_key), STATUS_REFUSED);
    /* A stranger's signature under the administrator's name. */
    card = good;
    card_sign(&card, &other);
    cr_assert_eq(card_verify(&card, &administrator.public_key), STATUS_REFUSED);
    card.administrator = administrator.public_key;
    cr_assert_eq(card_verify(&card, &administrator.public_key), STATUS_REFUSED);

    for (int field = 0; field < 9; field++) {
        card = good;
        switch (field) {
        case 0:
            card.name[0] = 'M';
            break;
        case 1:
            card.addresses[0][6] = 'x';
            break;
        case 2:
            card.address_count = 1;
            break;
        case 3:
            card.server_key.bytes[31] ^= 1;
            break;
        case 4:
            card.ledger_key.bytes[31] ^= 1;
            break;
        case 5:
            card.ledger_id.bytes[15] ^= 1;
            break;
        case 6:
            card.origin[0] = 'x';
            break;
        case 7:
            card.signature.bytes[0] ^= 1;
            break;
        default: /* what is behind the name moves before it */
            memmove(card.name + strlen(card.name), good.origin,
                    strlen(good.origin) + 1);
            card.origin[0] = '\0';
            break;
        }
        cr_assert_eq(card_verify(&card, &administrator.public_key),
                     STATUS_REFUSED, "field %d", field);
    }
}

Test(card, every_mistake_is_told_with_its_line)
{
    static const char text[] = "version: 1\n"
                               "purpose: join\n"
                               "name: \" x\"\n"
                               "collector:\n"
                               "  - http://x\n"
                               "server_key: 00\n"
                               "signature: zz\n";
    static const size_t lines[] = {2, 3, 5, 6, 7};
    struct card card;

    temp_dir_write(&dir, "second.card", text, sizeof text - 1);
    cr_assert_eq(card_load(path, &report, &card), STATUS_INVALID);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        bool told = false;

        for (size_t j = 0; j < report.count; j++) {
            told = told || report.lines[j].line == lines[i];
        }
        cr_assert(told, "line %zu", lines[i]);
    }
    cr_assert_geq(report.errors, 9, "the missing keys are mistakes too");
}

Test(card, a_file_cut_short_is_no_card)
{
    static char text[CARD_BYTES_MAX];
    struct card card;
    FILE *stream;
    size_t size;

    fill(&card);
    cr_assert_eq(card_save(path, &card), STATUS_OK);
    stream = fopen(path, "r");
    cr_assert_not_null(stream);
    size = fread(text, 1, sizeof text, stream);
    (void)fclose(stream);
    for (size_t cut = 0; cut + 1 < size; cut += 7) {
        temp_dir_write(&dir, "second.card", text, cut);
        cr_assert_neq(card_load(path, &report, &card), STATUS_OK, "cut at %zu",
                      cut);
    }
}

Test(card, what_is_no_card_is_told_apart)
{
    static const char newer[] = "version: 2\nsomething: new\n";
    static char large[CARD_BYTES_MAX + 1];
    struct card card;

    cr_assert_eq(card_load(path, &report, &card), STATUS_NO_INPUT);
    temp_dir_write(&dir, "second.card", newer, sizeof newer - 1);
    cr_assert_eq(card_load(path, &report, &card), STATUS_VERSION);
    memset(large, '#', sizeof large);
    temp_dir_write(&dir, "second.card", large, sizeof large);
    cr_assert_eq(card_load(path, &report, &card), STATUS_INVALID);
}

Test(card, a_name_can_be_read_out_and_typed)
{
    static const char *const bad[] = {"",
                                      " a",
                                      "a ",
                                      "a\tb",
                                      "a\x01"
                                      "b",
                                      "\xff\xfe",
                                      "e\xcc\x81"};
    char name[CARD_NAME_MAX + 1];

    cr_assert(card_name_good("2"));
    cr_assert(card_name_good("Trung tâm dự phòng"));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_not(card_name_good(bad[i]), "%zu", i);
    }
    memset(name, 'a', sizeof name);
    name[CARD_NAME_MAX] = '\0';
    cr_assert_not(card_name_good(name));
    name[CARD_NAME_MAX - 1] = '\0';
    cr_assert(card_name_good(name));
}
