#include "common/format/sign.h"
#include "tests/support/keys.h"
#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct temp_dir dir;
static char path[TEMP_DIR_PATH_MAX];

static void open_dir(void)
{
    sign_init();
    temp_dir_open(&dir);
    temp_dir_path(&dir, "key", path);
}

static void close_dir(void)
{
    temp_dir_close(&dir);
}

TestSuite(sign, .init = open_dir, .fini = close_dir);

static void expect_hex(const uint8_t *bytes, size_t size, const char *hex)
{
    char text[BYTES_HEX_SIZE(SIGNATURE_BYTES)];
    cr_assert_eq(bytes_to_hex((struct bytes){bytes, size}, text, sizeof text),
                 STATUS_OK);
    cr_assert_str_eq(text, hex);
}

/* The digest is the one that `sha256sum` prints. */
Test(sign, a_digest_is_sha_256)
{
    struct digest digest;
    struct digest other;
    digest_bytes(bytes_of_text("abc"), &digest);
    expect_hex(digest.bytes, DIGEST_BYTES,
               "ba7816bf8f01cfea414140de5dae2223"
               "b00361a396177a9cb410ff61f20015ad");
    digest_bytes((struct bytes){0}, &other);
    expect_hex(other.bytes, DIGEST_BYTES,
               "e3b0c44298fc1c149afbf4c8996fb924"
               "27ae41e4649b934ca495991b7852b855");
    cr_assert(digest_equal(&digest, &digest));
    cr_assert_not(digest_equal(&digest, &other));
}

/* The standard's own long example: many blocks in one call. */
Test(sign, a_digest_of_a_million_bytes_is_sha_256)
{
    static uint8_t letters[1000000];
    struct digest digest;

    memset(letters, 'a', sizeof letters);
    digest_bytes((struct bytes){letters, sizeof letters}, &digest);
    expect_hex(digest.bytes, DIGEST_BYTES,
               "cdc76e5c9914fb9281a1c7e284d73e67"
               "f1809a48a497200e046d39ccc7112cd0");
}

/* A signature holds for its key, its purpose and its bytes, and for no other
 * of the three. */
Test(sign, i8_a_signature_binds_key_purpose_and_bytes)
{
    struct sign_keys keys;
    struct sign_keys others;
    struct signature signature;
    struct bytes data = bytes_of_text("two hundred words");
    keys_fixed(1, &keys);
    keys_fixed(2, &others);
    sign_make(&keys, "tallyline test", data, &signature);
    cr_assert(
        sign_verify(&keys.public_key, "tallyline test", data, &signature));
    cr_assert_not(
        sign_verify(&others.public_key, "tallyline test", data, &signature));
    cr_assert_not(
        sign_verify(&keys.public_key, "tallyline tesu", data, &signature));
    cr_assert_not(sign_verify(&keys.public_key, "tallyline test",
                              bytes_of_text("two hundred word"), &signature));
    for (size_t i = 0; i < SIGNATURE_BYTES; i++) {
        signature.bytes[i] ^= 0x10;
        cr_assert_not(
            sign_verify(&keys.public_key, "tallyline test", data, &signature));
        signature.bytes[i] ^= 0x10;
    }
}

/* A context that ends inside the data is another context. */
Test(sign, the_zero_byte_keeps_context_and_data_apart)
{
    struct sign_keys keys;
    struct signature signature;
    keys_fixed(1, &keys);
    sign_make(&keys, "tally", bytes_of_text("line"), &signature);
    cr_assert_not(sign_verify(&keys.public_key, "tallyl", bytes_of_text("ine"),
                              &signature));
}

Test(sign, made_keys_differ_and_work)
{
    struct sign_keys a;
    struct sign_keys b;
    struct curve_keys c;
    struct curve_keys d;
    struct random_id id;
    struct random_id other;
    struct signature signature;
    sign_keys_make(&a);
    sign_keys_make(&b);
    cr_assert_arr_neq(a.secret, b.secret, SECRET_KEY_BYTES);
    sign_make(&a, "x", bytes_of_text("y"), &signature);
    cr_assert(sign_verify(&a.public_key, "x", bytes_of_text("y"), &signature));
    curve_keys_make(&c);
    curve_keys_make(&d);
    cr_assert_arr_neq(c.secret, d.secret, CURVE_SECRET_BYTES);
    random_id_make(&id);
    random_id_make(&other);
    cr_assert(random_id_equal(&id, &id));
    cr_assert_not(random_id_equal(&id, &other));
}

Test(sign, wiped_keys_are_zero)
{
    static const uint8_t zero[SECRET_KEY_BYTES];
    struct sign_keys keys;
    struct curve_keys curve;
    sign_keys_make(&keys);
    curve_keys_make(&curve);
    sign_keys_wipe(&keys);
    curve_keys_wipe(&curve);
    cr_assert_arr_eq(keys.secret, zero, SECRET_KEY_BYTES);
    cr_assert_arr_eq(curve.secret, zero, CURVE_SECRET_BYTES);
}

Test(sign, saved_keys_are_read_back_and_only_ours_to_read)
{
    struct sign_keys keys;
    struct sign_keys read;
    struct stat about;
    sign_keys_make(&keys);
    cr_assert_eq(sign_keys_save(path, &keys), STATUS_OK);
    cr_assert_eq(stat(path, &about), 0);
    cr_assert_eq(about.st_mode & 0777, 0600);
    cr_assert_eq(about.st_nlink, 1);
    cr_assert_eq(sign_keys_load(path, &read), STATUS_OK);
    cr_assert_arr_eq(read.secret, keys.secret, SECRET_KEY_BYTES);
    cr_assert_arr_eq(read.public_key.bytes, keys.public_key.bytes,
                     PUBLIC_KEY_BYTES);
}

Test(sign, saved_curve_keys_come_back_with_their_public_key)
{
    struct curve_keys keys;
    struct curve_keys read;
    curve_keys_make(&keys);
    cr_assert_eq(curve_keys_save(path, &keys), STATUS_OK);
    cr_assert_eq(curve_keys_load(path, &read), STATUS_OK);
    cr_assert_arr_eq(read.secret, keys.secret, CURVE_SECRET_BYTES);
    cr_assert_arr_eq(read.public_key.bytes, keys.public_key.bytes,
                     PUBLIC_KEY_BYTES);
}

Test(sign, a_key_is_never_written_over)
{
    struct sign_keys keys;
    struct sign_keys others;
    struct sign_keys read;
    keys_fixed(1, &keys);
    keys_fixed(2, &others);
    cr_assert_eq(sign_keys_save(path, &keys), STATUS_OK);
    cr_assert_eq(sign_keys_save(path, &others), STATUS_EXISTS);
    cr_assert_eq(sign_keys_load(path, &read), STATUS_OK);
    cr_assert_arr_eq(read.secret, keys.secret, SECRET_KEY_BYTES);
}

/* A power cut between writing and linking leaves "key.new" behind. */
Test(sign, what_a_crash_left_behind_is_replaced)
{
    struct sign_keys keys;
    struct sign_keys read;
    char left[TEMP_DIR_PATH_MAX];
    keys_fixed(1, &keys);
    temp_dir_write(&dir, "key.new", "0101", 4);
    cr_assert_eq(sign_keys_save(path, &keys), STATUS_OK);
    cr_assert_eq(sign_keys_load(path, &read), STATUS_OK);
    temp_dir_path(&dir, "key.new", left);
    cr_assert_eq(access(left, F_OK), -1);
}

Test(sign, a_key_that_others_can_read_is_refused)
{
    struct sign_keys keys;
    struct sign_keys read;
    keys_fixed(1, &keys);
    cr_assert_eq(sign_keys_save(path, &keys), STATUS_OK);
    cr_assert_eq(chmod(path, 0640), 0);
    cr_assert_eq(sign_keys_load(path, &read), STATUS_REFUSED);
    cr_assert_eq(chmod(path, 0604), 0);
    cr_assert_eq(sign_keys_load(path, &read), STATUS_REFUSED);
}

static void expect_invalid(const char *text)
{
    struct sign_keys keys;
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
    cr_assert_eq(chmod(path, 0600), 0);
    cr_assert_eq(sign_keys_load(path, &keys), STATUS_INVALID, "%s", text);
}

/* Cut, lengthened, no hex, a CURVE key, and a public half that is not that of
 * the seed. */
Test(sign, what_is_no_key_is_invalid)
{
    struct sign_keys keys;
    char text[BYTES_HEX_SIZE(SECRET_KEY_BYTES) + 8];
    keys_fixed(1, &keys);
    cr_assert_eq(bytes_to_hex((struct bytes){keys.secret, SECRET_KEY_BYTES},
                              text, sizeof text),
                 STATUS_OK);
    size_t size = strlen(text);
    expect_invalid("");
    expect_invalid("\n");
    expect_invalid("not a key");
    text[size - 1] ^= 1;
    expect_invalid(text);
    text[size - 1] ^= 1;
    memcpy(text + size, "00", 3);
    expect_invalid(text);
    text[size - 2] = '\0';
    expect_invalid(text);
    text[64] = '\0';
    expect_invalid(text);
    cr_assert_eq(sign_keys_load("/nonexistent/key", &keys), STATUS_NOT_FOUND);
}
