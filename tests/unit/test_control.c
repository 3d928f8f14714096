#include "common/format/control.h"
#include "tests/support/controls.h"
#include "tests/support/golden.h"
#include "tests/support/keys.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAIL (PUBLIC_KEY_BYTES + SIGNATURE_BYTES)

static struct sign_keys keys;
static struct buffer document;
static struct control filled;
static struct control *opened;

static void set_up(void)
{
    sign_init();
    keys_fixed(1, &keys);
    buffer_init(&document, CONTROL_BYTES_MAX);
}

static void tear_down(void)
{
    control_free(&opened);
    buffer_fini(&document);
}

TestSuite(control, .init = set_up, .fini = tear_down);

static enum status sign(void)
{
    buffer_clear(&document);
    return control_sign(&filled, &keys, &document);
}

static enum status open_document(void)
{
    control_free(&opened);
    return control_open(buffer_bytes(&document), &keys.public_key, &opened);
}

/* Signs bytes that control_sign() would not make. */
static void sign_body(struct bytes body)
{
    struct signature signature;
    buffer_clear(&document);
    cr_assert_eq(buffer_append(&document, body), STATUS_OK);
    sign_make(&keys, "tallyline control 1", body, &signature);
    cr_assert_eq(buffer_append(&document, (struct bytes){keys.public_key.bytes,
                                                         PUBLIC_KEY_BYTES}),
                 STATUS_OK);
    cr_assert_eq(buffer_append(&document, (struct bytes){signature.bytes,
                                                         SIGNATURE_BYTES}),
                 STATUS_OK);
}

/* The body of what was signed last, with `extra` behind it. */
static enum status open_with_extra(const char *extra, size_t size)
{
    uint8_t body[4096];
    size_t length = document.size - TAIL;
    cr_assert_lt(length + size, sizeof body);
    memcpy(body, document.data, length);
    memcpy(body + length, extra, size);
    sign_body((struct bytes){body, length + size});
    return open_document();
}

/* What an administrator signs today is read in years: all kinds are pinned. */
Test(control, the_bytes_of_every_kind_are_pinned)
{
    char name[64];
    for (int kind = CONTROL_GENESIS; kind <= CONTROL_BREAK; kind++) {
        controls_fill((enum control_kind)kind, &filled);
        cr_assert_eq(sign(), STATUS_OK, "%d", kind);
        snprintf(name, sizeof name, "control_%s",
                 controls_name((enum control_kind)kind));
        cr_assert(golden_matches(name, buffer_bytes(&document)));
    }
}

/* Reading and signing again gives the same document: nothing is lost. */
Test(control, every_kind_is_read_back_whole)
{
    for (int kind = CONTROL_GENESIS; kind <= CONTROL_BREAK; kind++) {
        struct buffer again;
        controls_fill((enum control_kind)kind, &filled);
        cr_assert_eq(sign(), STATUS_OK);
        cr_assert_eq(open_document(), STATUS_OK, "%d", kind);
        cr_assert_eq(opened->kind, kind);
        cr_assert_eq(opened->created_at, filled.created_at);
        cr_assert(random_id_equal(&opened->nonce, &filled.nonce));
        buffer_init(&again, CONTROL_BYTES_MAX);
        cr_assert_eq(control_sign(opened, &keys, &again), STATUS_OK);
        cr_assert(bytes_equal(buffer_bytes(&again), buffer_bytes(&document)));
        buffer_fini(&again);
    }
}

Test(control, what_is_read_is_what_was_filled_in)
{
    controls_fill(CONTROL_ENROLMENT, &filled);
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_document(), STATUS_OK);
    const struct control_enrolment *enrolment = &opened->enrolment;
    cr_assert_eq(enrolment->agent_number, 271);
    cr_assert_str_eq(enrolment->name, "Quận Ba Đình");
    cr_assert(enrolment->rotates);
    cr_assert_eq(enrolment->join_until, INT64_C(1542787200000000));
    cr_assert_eq(enrolment->scope_count, 2);
    cr_assert_eq(enrolment->scopes[0].area_count, 3);
    cr_assert_eq(enrolment->scopes[0].area[2], 1500004);
    cr_assert_eq(enrolment->scopes[0].programmes[1], 2);
    cr_assert_eq(enrolment->scopes[0].to, 17896);
    cr_assert_eq(enrolment->scopes[0].corrects_for[0], 1300002);
    cr_assert_eq(enrolment->scopes[1].office, 5);
    cr_assert_eq(enrolment->scopes[1].from, -1);
    cr_assert_eq(enrolment->scopes[1].area_count, 0);

    controls_fill(CONTROL_PLAN, &filled);
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_document(), STATUS_OK);
    cr_assert_str_eq(opened->files.id, "ha-noi-2018");
    cr_assert_eq(opened->files.revision, 3);
    cr_assert_eq(opened->files.file_count, 2);
    cr_assert_str_eq(opened->files.files[0].name, "plan.yaml");
    cr_assert(bytes_equal(opened->files.files[0].content,
                          bytes_of_text("name: Kế hoạch\n")));
    cr_assert_eq(opened->files.files[1].content.size, 0);
}

/* Without a join key the field is absent, and reads as zero. */
Test(control, an_enrolment_may_be_without_a_join_key)
{
    static const struct public_key none;
    controls_fill(CONTROL_ENROLMENT, &filled);
    filled.enrolment.join_key = none;
    filled.enrolment.join_until = 0;
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_document(), STATUS_OK);
    cr_assert_arr_eq(opened->enrolment.join_key.bytes, none.bytes,
                     PUBLIC_KEY_BYTES);
}

/* It came later: a document without it has the bytes it always had. */
Test(control, that_a_machine_is_lost_is_said_or_absent)
{
    size_t size;

    controls_fill(CONTROL_ENROLMENT, &filled);
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_document(), STATUS_OK);
    cr_assert_not(opened->enrolment.again);
    size = document.size;
    filled.enrolment.again = true;
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(document.size, size + 2);
    cr_assert_eq(open_document(), STATUS_OK);
    cr_assert(opened->enrolment.again);
}

/* ---- who may sign ---- */

Test(control, i8_no_bit_can_change_unseen)
{
    controls_fill(CONTROL_REVOCATION, &filled);
    cr_assert_eq(sign(), STATUS_OK);
    for (size_t bit = 0; bit < document.size * 8; bit++) {
        document.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        cr_assert_eq(open_document(), STATUS_REFUSED);
        document.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    cr_assert_eq(open_document(), STATUS_OK);
}

/* Well signed, but not by the administrator that the ledger names. */
Test(control, i8_another_key_is_refused)
{
    struct sign_keys others;
    keys_fixed(2, &others);
    controls_fill(CONTROL_REVOCATION, &filled);
    cr_assert_eq(control_sign(&filled, &others, &document), STATUS_OK);
    cr_assert_eq(open_document(), STATUS_REFUSED);
    cr_assert_eq(control_open(buffer_bytes(&document), NULL, &opened),
                 STATUS_OK);
}

/* The first entry is taken on its own word, so it names who signed it. */
Test(control, i8_a_genesis_names_the_key_that_signed_it)
{
    struct sign_keys others;
    keys_fixed(2, &others);
    controls_fill(CONTROL_GENESIS, &filled);
    cr_assert_eq(control_sign(&filled, &others, &document), STATUS_OK);
    cr_assert_eq(control_open(buffer_bytes(&document), NULL, &opened),
                 STATUS_REFUSED);
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(control_open(buffer_bytes(&document), NULL, &opened),
                 STATUS_OK);
}

/* Whoever lost the old key cannot sign with it; and no other document gets in
 * by another key. */
Test(control, i8_only_a_break_with_new_keys_is_signed_by_a_new_one)
{
    struct sign_keys others;
    struct public_key ledger = keys.public_key;

    keys_fixed(2, &others);
    controls_fill(CONTROL_BREAK, &filled);
    cr_assert_eq(control_sign(&filled, &others, &document), STATUS_OK);
    cr_assert_eq(
        control_open_next(buffer_bytes(&document), &keys.public_key, &opened),
        STATUS_REFUSED, "it names another key than the one it has");
    filled.broken.administrator = others.public_key;
    buffer_clear(&document);
    cr_assert_eq(control_sign(&filled, &others, &document), STATUS_OK);
    cr_assert_eq(open_document(), STATUS_REFUSED);
    cr_assert_eq(
        control_open_next(buffer_bytes(&document), &keys.public_key, &opened),
        STATUS_OK);
    control_free(&opened);
    filled.broken.administrator = (struct public_key){{0}};
    filled.broken.ledger_key = (struct public_key){{0}};
    filled.broken.reason = CONTROL_BREAK_ENTRIES_LOST;
    buffer_clear(&document);
    cr_assert_eq(control_sign(&filled, &others, &document), STATUS_OK);
    cr_assert_eq(
        control_open_next(buffer_bytes(&document), &keys.public_key, &opened),
        STATUS_REFUSED, "it brings no key");
    filled.broken.ledger_key = ledger;
    buffer_clear(&document);
    cr_assert_eq(control_sign(&filled, &others, &document), STATUS_INVALID,
                 "half a pair");
}

/* ---- what is not known, and what has another form ---- */

Test(control, what_a_newer_program_made_is_told_apart)
{
    static const char kind_15[] = "\x20\x0f"; /* replaces the kind */
    controls_fill(CONTROL_BACKUP_MARK, &filled);
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_with_extra("\x28\x01", 2), STATUS_VERSION);
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_with_extra(kind_15, 2), STATUS_VERSION);
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_with_extra("\x08\x02", 2), STATUS_VERSION);
    /* An unknown field inside the body, of a revocation with one field. */
    sign_body(bytes_of_text("\x08\x01\x20\x09\xea\x06\x02\x18\x01"));
    cr_assert_eq(open_document(), STATUS_VERSION);
}

/* One document, one form: a field twice, the same value in more bytes, or a
 * body of another kind beside it. */
Test(control, a_document_has_one_form)
{
    controls_fill(CONTROL_REVOCATION, &filled);
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_with_extra("\x08\x01", 2), STATUS_INVALID);
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_with_extra("\x20\x89\x00", 3), STATUS_INVALID);
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_with_extra("\xf2\x06\x00", 3), STATUS_INVALID);
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_with_extra("\x20", 1), STATUS_INVALID);
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_with_extra("", 0), STATUS_OK);
}

Test(control, what_is_no_document_is_invalid)
{
    controls_fill(CONTROL_REVOCATION, &filled);
    cr_assert_eq(sign(), STATUS_OK);
    for (size_t size = 0; size <= TAIL; size++) {
        cr_assert_eq(control_open((struct bytes){document.data, size},
                                  &keys.public_key, &opened),
                     STATUS_INVALID);
    }
    sign_body(bytes_of_text("\x08\x01"));
    cr_assert_eq(open_document(), STATUS_INVALID);
    sign_body(bytes_of_text("no message at all"));
    cr_assert_eq(open_document(), STATUS_INVALID);
}

/* ---- limits ---- */

Test(control, i11_names_are_text_and_not_too_long)
{
    controls_fill(CONTROL_ENROLMENT, &filled);
    memset(filled.enrolment.name, 'a', CONTROL_NAME_MAX - 1);
    filled.enrolment.name[CONTROL_NAME_MAX - 1] = '\0';
    cr_assert_eq(sign(), STATUS_OK);
    filled.enrolment.name[CONTROL_NAME_MAX - 1] = 'a';
    cr_assert_eq(sign(), STATUS_INVALID);
    cr_assert_eq(document.size, 0);
    snprintf(filled.enrolment.name, CONTROL_NAME_MAX, "%s", "");
    cr_assert_eq(sign(), STATUS_INVALID);
    snprintf(filled.enrolment.name, CONTROL_NAME_MAX, "%s", "a\tb");
    cr_assert_eq(sign(), STATUS_INVALID);
    snprintf(filled.enrolment.name, CONTROL_NAME_MAX, "%s", "a\xff");
    cr_assert_eq(sign(), STATUS_INVALID);
}

Test(control, i11_agents_and_epochs_have_their_bounds)
{
    static const struct {
        uint32_t agent;
        uint32_t ordinal;
        enum status status;
    } cases[] = {
        {1, 1, STATUS_OK},      {0xfffff, 255, STATUS_OK},
        {0, 1, STATUS_INVALID}, {0x100000, 1, STATUS_INVALID},
        {1, 0, STATUS_INVALID}, {1, 256, STATUS_INVALID},
    };
    controls_fill(CONTROL_JOINED, &filled);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        filled.joined.agent_number = cases[i].agent;
        filled.joined.epoch_ordinal = cases[i].ordinal;
        cr_assert_eq(sign(), cases[i].status, "%zu", i);
    }
}

Test(control, i11_scopes_and_units_at_the_limit)
{
    struct control_enrolment *enrolment = &filled.enrolment;
    controls_fill(CONTROL_ENROLMENT, &filled);
    enrolment->scope_count = CONTROL_SCOPES_MAX;
    for (uint32_t i = 0; i < CONTROL_SCOPES_MAX; i++) {
        enrolment->scopes[i].area_count = CONTROL_UNITS_MAX;
        enrolment->scopes[i].programme_count = CONTROL_PROGRAMMES_MAX;
        enrolment->scopes[i].corrects_for_count = CONTROL_UNITS_MAX;
    }
    enrolment->succeeds_count = CONTROL_SUCCEEDS_MAX;
    for (uint32_t i = 0; i < CONTROL_SUCCEEDS_MAX; i++) {
        enrolment->succeeds[i] = (struct control_succession){i + 1, 20000};
    }
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_document(), STATUS_OK);
    cr_assert_eq(opened->enrolment.scope_count, CONTROL_SCOPES_MAX);
    cr_assert_eq(opened->enrolment.succeeds_count, CONTROL_SUCCEEDS_MAX);
    cr_assert_eq(opened->enrolment.succeeds[15].agent_number, 16);
    cr_assert_eq(opened->enrolment.succeeds[15].until, 20000);
    enrolment->succeeds_count++;
    cr_assert_eq(sign(), STATUS_INVALID);
    enrolment->succeeds_count--;
    enrolment->scopes[31].area_count++;
    cr_assert_eq(sign(), STATUS_INVALID);
    enrolment->scopes[31].area_count--;
    enrolment->scopes[31].programme_count++;
    cr_assert_eq(sign(), STATUS_INVALID);
    enrolment->scopes[31].programme_count--;
    enrolment->scopes[31].corrects_for_count++;
    cr_assert_eq(sign(), STATUS_INVALID);
    enrolment->scopes[31].corrects_for_count--;
    enrolment->scope_count++;
    cr_assert_eq(sign(), STATUS_INVALID);
}

/* A document of messages of no bytes would take twenty-five times its size. */
Test(control, i11_a_document_cannot_take_more_memory_than_its_arena)
{
    size_t size = CONTROL_BYTES_MAX - TAIL;
    uint8_t *body = malloc(size);
    cr_assert_not_null(body);
    size_t content = size - 9;
    memcpy(body, "\x08\x01\x20\x02\xb2\x06", 6);
    body[6] = (uint8_t)(content & 0x7f) | 0x80;
    body[7] = (uint8_t)(content >> 7 & 0x7f) | 0x80;
    body[8] = (uint8_t)(content >> 14);
    for (size_t i = 9; i + 1 < size; i += 2) {
        body[i] = 0x1a;
        body[i + 1] = 0x00;
    }
    sign_body((struct bytes){body, size});
    cr_assert_eq(open_document(), STATUS_INVALID);
    free(body);
}

/* Files of exactly the greatest document, and one byte more. */
Test(control, i11_a_document_as_large_as_allowed_and_not_one_byte_more)
{
    uint8_t *content = calloc(1, CONTROL_BYTES_MAX);
    cr_assert_not_null(content);
    controls_fill(CONTROL_PLAN, &filled);
    filled.files.file_count = 1;
    filled.files.files[0].content = (struct bytes){content, 1000000};
    cr_assert_eq(sign(), STATUS_OK);
    size_t rest = CONTROL_BYTES_MAX - document.size;
    filled.files.files[0].content.size += rest;
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(document.size, CONTROL_BYTES_MAX);
    cr_assert_eq(open_document(), STATUS_OK);
    cr_assert_eq(opened->files.files[0].content.size, 1000000 + rest);
    filled.files.files[0].content.size++;
    cr_assert_eq(sign(), STATUS_FULL);
    cr_assert_eq(document.size, 0);
    free(content);
}

Test(control, i11_files_at_the_limit)
{
    controls_fill(CONTROL_UNITS, &filled);
    filled.files.file_count = CONTROL_FILES_MAX;
    for (uint32_t i = 0; i < CONTROL_FILES_MAX; i++) {
        snprintf(filled.files.files[i].name, CONTROL_NAME_MAX, "%u.csv", i);
    }
    cr_assert_eq(sign(), STATUS_OK);
    cr_assert_eq(open_document(), STATUS_OK);
    cr_assert_eq(opened->files.file_count, CONTROL_FILES_MAX);
    filled.files.file_count++;
    cr_assert_eq(sign(), STATUS_INVALID);
}

Test(control, a_file_has_a_base_name_of_its_own)
{
    static const char *const bad[] = {"../plan.yaml", "a/b", ".hidden", "..",
                                      "empty.csv"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        controls_fill(CONTROL_PLAN, &filled);
        snprintf(filled.files.files[0].name, CONTROL_NAME_MAX, "%s", bad[i]);
        cr_assert_eq(sign(), STATUS_INVALID, "%s", bad[i]);
    }
}

/* What lies before the first missing number is what it was; a break that names
 * none explains another root only if it says that there is one. */
Test(control, i5_a_break_explains_no_root_that_it_did_not_change)
{
    static struct control_break broken = {
        .old_size = 5000, .missing = {{900, 901}}, .missing_count = 1};

    cr_expect_not(control_break_explains(&broken, 500));
    cr_expect_not(control_break_explains(&broken, 900));
    cr_expect(control_break_explains(&broken, 901));
    cr_expect(control_break_explains(&broken, 5000));
    cr_expect_not(control_break_explains(&broken, 5001));
    broken.missing_count = 0;
    cr_expect_not(control_break_explains(&broken, 5000));
    broken.old_root.bytes[0] = 1;
    cr_expect(control_break_explains(&broken, 5000));
    broken.administrator.bytes[0] = 1;
    cr_expect_not(control_break_explains(&broken, 5000));
}
