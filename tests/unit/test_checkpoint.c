#include "common/format/checkpoint.h"
#include "tests/support/golden.h"
#include "tests/support/keys.h"

#include <criterion/criterion.h>
#include <string.h>

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
/* The example of the specification. */
#define SOFA "example.com/behind-the-sofa\n20852163\n" ROOT "\n"

static enum status read_text(const char *text, struct checkpoint *checkpoint)
{
    return checkpoint_read(bytes_of_text(text), checkpoint);
}

static struct checkpoint sample(void)
{
    struct checkpoint checkpoint;
    struct digest root;

    memset(root.bytes, 0xab, sizeof root.bytes);
    cr_assert_eq(
        checkpoint_init(&checkpoint, "ledger.example/hoa-binh", 42, &root),
        STATUS_OK);
    return checkpoint;
}

static void sign_sample(const struct sign_keys *keys, struct buffer *out)
{
    struct checkpoint checkpoint = sample();

    buffer_init(out, CHECKPOINT_NOTE_MAX);
    cr_assert_eq(checkpoint_sign(&checkpoint, keys, out), STATUS_OK);
}

Test(checkpoint, the_specifications_example_is_read_and_written)
{
    struct checkpoint checkpoint;
    struct buffer out;

    cr_assert_eq(read_text(SOFA, &checkpoint), STATUS_OK);
    cr_assert_str_eq(checkpoint.origin, "example.com/behind-the-sofa");
    cr_assert_eq(checkpoint.size, 20852163);
    cr_assert_eq(checkpoint.root.bytes[0], 0x0a);
    buffer_init(&out, CHECKPOINT_TEXT_MAX);
    cr_assert_eq(checkpoint_write(&checkpoint, &out), STATUS_OK);
    cr_assert(bytes_equal(buffer_bytes(&out), bytes_of_text(SOFA)));
    buffer_fini(&out);
}

Test(checkpoint, lines_behind_the_third_are_passed_by)
{
    struct checkpoint checkpoint;

    cr_assert_eq(read_text(SOFA "timestamp 5\n", &checkpoint), STATUS_OK);
    cr_assert_eq(checkpoint.size, 20852163);
    cr_assert_eq(read_text(SOFA "\n", &checkpoint), STATUS_INVALID);
}

/* One size has one text, or two texts could be one checkpoint. */
Test(checkpoint, text_that_is_no_checkpoint_is_told)
{
    static const char *const bad[] = {
        "",
        "origin\n",
        "origin\n5\n",
        "origin\n5\n" ROOT,
        "\n5\n" ROOT "\n",
        "ori gin\n5\n" ROOT "\n",
        "origin\n\n" ROOT "\n",
        "origin\n05\n" ROOT "\n",
        "origin\n-5\n" ROOT "\n",
        "origin\n+5\n" ROOT "\n",
        "origin\n5 \n" ROOT "\n",
        "origin\n18446744073709551616\n" ROOT "\n",
        "origin\n5\nAAAA\n",
        "origin\n5\n" ROOT "AAAA\n",
        /* the last bits of base64 that nothing reads */
        "origin\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
    };
    struct checkpoint checkpoint;

    cr_assert_eq(
        read_text("origin\n18446744073709551615\n" ROOT "\n", &checkpoint),
        STATUS_OK);
    cr_assert_eq(read_text("origin\n0\n" ROOT "\n", &checkpoint), STATUS_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(read_text(bad[i], &checkpoint), STATUS_INVALID, "%zu", i);
    }
}

Test(checkpoint, a_signed_one_is_pinned_and_opens_with_its_key_alone)
{
    struct sign_keys keys;
    struct sign_keys other;
    struct checkpoint checkpoint;
    struct note note;
    struct buffer out;

    keys_fixed(7, &keys);
    keys_fixed(8, &other);
    sign_sample(&keys, &out);
    cr_assert(golden_matches("checkpoint", buffer_bytes(&out)));
    cr_assert_eq(checkpoint_open(buffer_bytes(&out), "ledger.example/hoa-binh",
                                 &keys.public_key, &checkpoint, &note),
                 STATUS_OK);
    cr_assert_eq(checkpoint.size, 42);
    cr_assert_eq(note.count, 1);
    cr_assert_eq(checkpoint_open(buffer_bytes(&out), "ledger.example/hoa-binh",
                                 &other.public_key, &checkpoint, NULL),
                 STATUS_NOT_FOUND);
    cr_assert_eq(checkpoint_open(buffer_bytes(&out), "ledger.example/cao-bang",
                                 &keys.public_key, &checkpoint, NULL),
                 STATUS_NOT_FOUND);
    buffer_fini(&out);
}

/* Whoever changes the size has no signature for it. */
Test(checkpoint, another_size_under_the_same_signature_is_refused)
{
    struct sign_keys keys;
    struct checkpoint checkpoint;
    struct buffer out;
    uint8_t *at;

    keys_fixed(7, &keys);
    sign_sample(&keys, &out);
    at = memchr(out.data, '\n', out.size);
    at[1] = '3';
    cr_assert_eq(checkpoint_open(buffer_bytes(&out), "ledger.example/hoa-binh",
                                 &keys.public_key, &checkpoint, NULL),
                 STATUS_REFUSED);
    buffer_fini(&out);
}

Test(checkpoint, i11_the_longest_origin_has_witnesses_too)
{
    char origin[CHECKPOINT_ORIGIN_MAX + 1];
    char name[NOTE_NAME_MAX];
    struct checkpoint checkpoint;
    struct digest root = {{0}};

    memset(origin, 'o', sizeof origin);
    origin[CHECKPOINT_ORIGIN_MAX - 1] = '\0';
    cr_assert_eq(checkpoint_init(&checkpoint, origin, 1, &root), STATUS_OK);
    checkpoint_witness_name(origin, UINT32_MAX, name);
    cr_assert_str_eq(name + CHECKPOINT_ORIGIN_MAX - 1, "/agent/4294967295");
    origin[CHECKPOINT_ORIGIN_MAX - 1] = 'o';
    origin[CHECKPOINT_ORIGIN_MAX] = '\0';
    cr_assert_eq(checkpoint_init(&checkpoint, origin, 1, &root),
                 STATUS_INVALID);
}
