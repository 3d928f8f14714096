/* Documents that control_sign() would not make, signed by the right key: the
 * limits hold for the reader too. Each is written field by field, once at the
 * limit, where it must be read, and once beyond it. */
#include "common/format/control.h"
#include "tests/support/keys.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 4u

static struct sign_keys keys;
static struct control *opened;
static uint8_t out[65536];
static size_t used;
static size_t starts[DEPTH_MAX];
static size_t depth;

static void set_up(void)
{
    sign_init();
    keys_fixed(1, &keys);
}

static void tear_down(void)
{
    control_free(&opened);
}

TestSuite(control_forged, .init = set_up, .fini = tear_down);

static void put_varint(uint64_t value)
{
    do {
        out[used++] = (uint8_t)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
        value >>= 7;
    } while (value > 0);
}

static void put_number(uint32_t field, uint64_t value)
{
    put_varint(field << 3);
    put_varint(value);
}

static void put_bytes(uint32_t field, const void *bytes, size_t size)
{
    put_varint(field << 3 | 2);
    put_varint(size);
    memcpy(out + used, bytes, size);
    used += size;
}

/* Begins a message within a message. */
static void open_field(uint32_t field)
{
    put_varint(field << 3 | 2);
    starts[depth++] = used;
}

static void close_field(void)
{
    static uint8_t inner[sizeof out];
    size_t start = starts[--depth];
    size_t size = used - start;
    memcpy(inner, out + start, size);
    used = start;
    put_varint(size);
    memcpy(out + used, inner, size);
    used += size;
}

static void begin_document(uint32_t kind)
{
    uint8_t nonce[16] = {1};
    used = 0;
    depth = 0;
    put_number(1, 1);
    put_number(2, 1);
    put_bytes(3, nonce, sizeof nonce);
    put_number(4, kind);
    open_field(100 + kind);
}

static enum status open_document(void)
{
    struct signature signature;
    close_field();
    cr_assert_eq(depth, 0);
    sign_make(&keys, "tallyline control 1", (struct bytes){out, used},
              &signature);
    memcpy(out + used, keys.public_key.bytes, PUBLIC_KEY_BYTES);
    used += PUBLIC_KEY_BYTES;
    memcpy(out + used, signature.bytes, SIGNATURE_BYTES);
    used += SIGNATURE_BYTES;
    control_free(&opened);
    return control_open((struct bytes){out, used}, &keys.public_key, &opened);
}

struct shape {
    uint32_t agent;
    size_t name;
    size_t scopes;
    size_t area;
    size_t programmes;
    size_t corrects;
    size_t key;
    uint32_t rotates;
};

static enum status open_enrolment(struct shape shape)
{
    uint8_t ones[256];
    memset(ones, 1, sizeof ones);
    begin_document(CONTROL_ENROLMENT);
    put_number(1, shape.agent);
    put_varint(2 << 3 | 2);
    put_varint(shape.name);
    memset(out + used, 'a', shape.name);
    used += shape.name;
    for (size_t i = 0; i < shape.scopes; i++) {
        open_field(3);
        put_number(1, 7);
        put_number(2, 8);
        put_bytes(3, ones, shape.area);
        put_bytes(4, ones, shape.programmes);
        put_number(5, 0);
        put_number(6, 1);
        put_bytes(7, ones, shape.corrects);
        close_field();
    }
    put_bytes(4, ones, shape.key);
    put_number(5, 9);
    put_number(6, shape.rotates);
    return open_document();
}

static const struct shape at_limit = {
    .agent = 0xfffff,
    .name = CONTROL_NAME_MAX - 1,
    .scopes = CONTROL_SCOPES_MAX,
    .area = CONTROL_UNITS_MAX,
    .programmes = CONTROL_PROGRAMMES_MAX,
    .corrects = CONTROL_UNITS_MAX,
    .key = PUBLIC_KEY_BYTES,
    .rotates = 1,
};

Test(control_forged, i11_an_enrolment_at_its_limits_and_beyond_each)
{
    struct shape shape;
    cr_assert_eq(open_enrolment(at_limit), STATUS_OK);
    cr_assert_eq(opened->enrolment.scopes[31].area[63], 1);
    shape = at_limit;
    shape.agent++;
    cr_assert_eq(open_enrolment(shape), STATUS_INVALID);
    shape = at_limit;
    shape.name++;
    cr_assert_eq(open_enrolment(shape), STATUS_INVALID);
    shape = at_limit;
    shape.scopes++;
    cr_assert_eq(open_enrolment(shape), STATUS_INVALID);
    shape = at_limit;
    shape.area++;
    cr_assert_eq(open_enrolment(shape), STATUS_INVALID);
    shape = at_limit;
    shape.programmes++;
    cr_assert_eq(open_enrolment(shape), STATUS_INVALID);
    shape = at_limit;
    shape.corrects++;
    cr_assert_eq(open_enrolment(shape), STATUS_INVALID);
    shape = at_limit;
    shape.key++;
    cr_assert_eq(open_enrolment(shape), STATUS_INVALID);
    shape = at_limit;
    shape.rotates++;
    cr_assert_eq(open_enrolment(shape), STATUS_INVALID);
}

/* A set of `count` files with names of their own. */
static enum status open_files(unsigned count, bool with_content)
{
    char name[16];
    begin_document(CONTROL_PLAN);
    put_bytes(1, "plan", 4);
    put_number(2, 1);
    for (unsigned i = 0; i < count; i++) {
        int size = snprintf(name, sizeof name, "%u", i);
        open_field(3);
        put_bytes(1, name, (size_t)size);
        if (with_content) {
            put_bytes(2, "x", 1);
        }
        close_field();
    }
    return open_document();
}

Test(control_forged, i11_files_at_the_limit_and_beyond)
{
    cr_assert_eq(open_files(CONTROL_FILES_MAX, true), STATUS_OK);
    cr_assert_eq(open_files(CONTROL_FILES_MAX + 1, true), STATUS_INVALID);
    cr_assert_eq(open_files(1, false), STATUS_INVALID);
}

/* A name that ends before its bytes do is another name. */
Test(control_forged, a_zero_inside_a_name_is_refused)
{
    begin_document(CONTROL_PLAN);
    put_bytes(1, "plan", 4);
    put_number(2, 1);
    cr_assert_eq(open_document(), STATUS_OK);
    begin_document(CONTROL_PLAN);
    put_bytes(1, "plan\0b", 6);
    put_number(2, 1);
    cr_assert_eq(open_document(), STATUS_INVALID);
}

/* Every member must be there, but for the join key. */
Test(control_forged, a_missing_member_is_refused)
{
    begin_document(CONTROL_REVOCATION);
    put_number(1, 1);
    put_number(2, 0);
    cr_assert_eq(open_document(), STATUS_OK);
    begin_document(CONTROL_REVOCATION);
    put_number(1, 1);
    cr_assert_eq(open_document(), STATUS_INVALID);
    begin_document(CONTROL_REVOCATION);
    put_number(2, 0);
    cr_assert_eq(open_document(), STATUS_INVALID);
}
