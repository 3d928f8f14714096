#include "common/fold/province_keys.h"

#include "common/format/fingerprint.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct public_key key(uint8_t byte)
{
    struct public_key made;

    memset(&made, byte, sizeof made);
    return made;
}

/* A genesis with keys 1 and 2, and a break at entry 10 with 3 and 4. */
static void fill(struct province_keys *keys)
{
    static struct control control;

    *keys = (struct province_keys){.count = 0};
    control = (struct control){.kind = CONTROL_GENESIS};
    control.genesis.administrator = key(1);
    control.genesis.ledger_key = key(2);
    cr_assert_eq(province_keys_apply(keys, 0, &control), STATUS_OK);
    control = (struct control){.kind = CONTROL_BREAK};
    cr_assert_eq(province_keys_apply(keys, 5, &control), STATUS_OK,
                 "a break that leaves the keys");
    control.broken.administrator = key(3);
    control.broken.ledger_key = key(4);
    cr_assert_eq(province_keys_apply(keys, 10, &control), STATUS_OK);
}

Test(province_keys, i8_a_former_key_signs_up_to_its_break)
{
    struct province_keys keys;
    struct public_key before = key(2);
    struct public_key after = key(4);
    struct public_key other = key(5);

    fill(&keys);
    cr_assert_eq(keys.count, 2);
    cr_assert_eq(province_keys_administrator_at(&keys, 9)->bytes[0], 1);
    cr_assert_eq(province_keys_administrator_at(&keys, 10)->bytes[0], 3,
                 "the break has the new one's signature");
    cr_assert_eq(province_keys_last(&keys)->ledger_key.bytes[0], 4);
    cr_assert(province_keys_sign_checkpoint(&keys, &before, 10));
    cr_assert_not(province_keys_sign_checkpoint(&keys, &before, 11));
    cr_assert(province_keys_sign_checkpoint(&keys, &after, 11));
    cr_assert(province_keys_sign_checkpoint(&keys, &after, 3));
    cr_assert_not(province_keys_sign_checkpoint(&keys, &other, 3));
}

Test(province_keys, i11_they_are_replaced_only_so_often)
{
    struct province_keys keys;
    static struct control broken = {.kind = CONTROL_BREAK};

    fill(&keys);
    broken.broken.administrator = key(3);
    for (uint64_t i = keys.count; i < PROVINCE_KEYS_MAX; i++) {
        cr_assert_eq(province_keys_apply(&keys, 10 + i, &broken), STATUS_OK);
    }
    cr_assert_eq(province_keys_apply(&keys, 99, &broken), STATUS_FULL);
    cr_assert_eq(keys.count, PROVINCE_KEYS_MAX);
}

Test(province_keys, before_the_genesis_there_is_no_key)
{
    struct province_keys keys = {.count = 0};
    static struct control broken = {.kind = CONTROL_BREAK};

    broken.broken.administrator = key(3);
    cr_assert_eq(province_keys_apply(&keys, 0, &broken), STATUS_OK);
    cr_assert_null(province_keys_last(&keys));
    cr_assert_null(province_keys_administrator_at(&keys, 7));
}

/* ---- fingerprints ---- */

TestSuite(fingerprint);

/* printf 'tallyline fingerprint 1\0', then 32 bytes of 01, into sha256sum. */
Test(fingerprint, anybody_can_compute_it)
{
    struct public_key one = key(1);
    const struct public_key *const keys[] = {&one};
    char text[FINGERPRINT_TEXT_MAX];

    fingerprint_make(keys, 1, text);
    cr_assert_str_eq(text, "3312 c3cf e237 5146 4786 6315 74ce 4623");
}

/* An office believes what former keys have signed, too. */
Test(fingerprint, i8_a_file_with_new_keys_has_every_key_under_it)
{
    struct enrol_file file = {.new_keys = true, .former_count = 1};
    struct enrol_file other;
    char text[FINGERPRINT_TEXT_MAX];
    char changed[FINGERPRINT_TEXT_MAX];

    file.former[0] = key(4);
    fingerprint_new_keys(&file, text);
    other = file;
    other.former[other.former_count++] = key(5);
    fingerprint_new_keys(&other, changed);
    cr_assert_str_neq(text, changed, "one more former administrator");
    other = file;
    other.former_ledger_key = key(5);
    fingerprint_new_keys(&other, changed);
    cr_assert_str_neq(text, changed, "another former ledger's key");
    other = file;
    other.former_count = ENROL_FORMER_MAX;
    fingerprint_new_keys(&other, changed);
    cr_assert_str_neq(text, changed);
    other = file;
    other.address_count = 1;
    fingerprint_new_keys(&other, changed);
    cr_assert_str_eq(text, changed, "addresses are not under it");
}

Test(fingerprint, it_is_told_from_others_however_it_is_typed)
{
    struct public_key keys[] = {key(1), key(2), key(3)};
    char text[FINGERPRINT_TEXT_MAX];
    char other[FINGERPRINT_TEXT_MAX];
    char typed[2 * FINGERPRINT_TEXT_MAX];

    fingerprint_province(&keys[0], &keys[1], &keys[2], text);
    fingerprint_province(&keys[1], &keys[0], &keys[2], other);
    cr_assert_str_neq(text, other, "each key has its place");
    cr_assert(fingerprint_is(text, text));
    cr_assert_not(fingerprint_is(text, other));
    (void)snprintf(typed, sizeof typed, " %.4s-%.4s%s\n", text, text + 5,
                   text + 10);
    for (char *at = typed; *at != '\0'; at++) {
        *at = (char)(*at >= 'a' && *at <= 'f' ? *at - 'a' + 'A' : *at);
    }
    cr_assert(fingerprint_is(text, typed));
    text[strlen(text) - 1] = '\0';
    cr_assert_not(fingerprint_is(text, typed), "one digit less");
    cr_assert_not(fingerprint_is(typed, ""), "nothing typed");
}
