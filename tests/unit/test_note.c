#include "common/format/note.h"
#include "tests/support/golden.h"
#include "tests/support/keys.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DASH "\xE2\x80\x94 "
/* The example of Go's package for signed notes, made by another program. */
#define NEUMANN_KEY \
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define NEUMANN_TEXT                                             \
    "If you think cryptography is the answer to your problem,\n" \
    "then you don't know what your problem is.\n"
#define NEUMANN_LINE                                             \
    DASH "PeterNeumann "                                         \
         "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1" \
         "FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
#define TEXT "example.com/ledger\n3\nAAAA\n"

static struct note_key read_key(const char *line)
{
    struct note_key key;

    cr_assert_eq(note_key_read(bytes_of_text(line), &key), STATUS_OK);
    return key;
}

static enum status verify(const char *bytes, const struct note_key *key)
{
    struct note note;

    cr_assert_eq(note_open(bytes_of_text(bytes), &note), STATUS_OK);
    return note_verify(&note, key, NULL);
}

static struct note_key key_of(const char *name, enum note_type type,
                              const struct sign_keys *keys)
{
    struct note_key key;

    cr_assert_eq(note_key_make(name, type, &keys->public_key, &key), STATUS_OK);
    return key;
}

static void sign(const char *name, const struct sign_keys *keys,
                 struct buffer *out)
{
    buffer_init(out, NOTE_BYTES_MAX);
    cr_assert_eq(note_sign(bytes_of_text(TEXT), name, keys, out), STATUS_OK);
}

/* ---- what others have made ---- */

Test(note, another_programs_note_is_verified)
{
    struct note_key key = read_key(NEUMANN_KEY);
    struct note note;

    cr_assert_eq(
        note_open(bytes_of_text(NEUMANN_TEXT "\n" NEUMANN_LINE), &note),
        STATUS_OK);
    cr_assert(bytes_equal(note.text, bytes_of_text(NEUMANN_TEXT)));
    cr_assert_eq(note.count, 1);
    cr_assert_eq(note_verify(&note, &key, NULL), STATUS_OK);
}

Test(note, a_changed_text_is_refused)
{
    struct note_key key = read_key(NEUMANN_KEY);
    char text[] = NEUMANN_TEXT "\n" NEUMANN_LINE;

    text[3] ^= 0x20;
    cr_assert_eq(verify(text, &key), STATUS_REFUSED);
}

/* A key is known by name and id together; either alone is another's. */
Test(note, signatures_of_others_are_passed_by)
{
    struct note_key other = read_key(NEUMANN_KEY);
    struct sign_keys keys;
    struct note_key ours;

    keys_fixed(7, &keys);
    ours = key_of("PeterNeumann", NOTE_ED25519, &keys);
    cr_assert_eq(verify(NEUMANN_TEXT "\n" NEUMANN_LINE, &ours),
                 STATUS_NOT_FOUND);
    memcpy(other.name, "EnochRoot", sizeof "EnochRoot");
    cr_assert_eq(verify(NEUMANN_TEXT "\n" NEUMANN_LINE, &other),
                 STATUS_NOT_FOUND);
    /* A signature of a kind and size that nobody here knows. */
    cr_assert_eq(verify(NEUMANN_TEXT
                        "\n" DASH
                        "quantum.example AAAAAAAAAAAAAAAAAAAA\n" NEUMANN_LINE,
                        &(struct note_key){0}),
                 STATUS_NOT_FOUND);
    other = read_key(NEUMANN_KEY);
    cr_assert_eq(verify(NEUMANN_TEXT
                        "\n" DASH
                        "quantum.example AAAAAAAAAAAAAAAAAAAA\n" NEUMANN_LINE,
                        &other),
                 STATUS_OK);
}

/* One good signature does not make up for a bad one in the same name. */
Test(note, a_bad_signature_beside_a_good_one_is_refused)
{
    struct note_key key = read_key(NEUMANN_KEY);
    char bad[] = NEUMANN_LINE;

    bad[40] = bad[40] == 'A' ? 'B' : 'A';
    struct buffer bytes;
    buffer_init(&bytes, NOTE_BYTES_MAX);
    cr_assert_eq(
        buffer_printf(&bytes, "%s\n%s%s", NEUMANN_TEXT, NEUMANN_LINE, bad),
        STATUS_OK);
    struct note note;
    cr_assert_eq(note_open(buffer_bytes(&bytes), &note), STATUS_OK);
    cr_assert_eq(note_verify(&note, &key, NULL), STATUS_REFUSED);
    buffer_fini(&bytes);
}

/* ---- keys as text ---- */

Test(note, a_key_is_written_as_it_was_read)
{
    struct note_key key = read_key(NEUMANN_KEY);
    struct buffer out;

    buffer_init(&out, NOTE_KEY_TEXT_MAX);
    cr_assert_eq(note_key_write(&key, &out), STATUS_OK);
    cr_assert(bytes_equal(buffer_bytes(&out), bytes_of_text(NEUMANN_KEY)));
    buffer_fini(&out);
}

Test(note, a_line_that_is_no_key_is_told)
{
    static const struct {
        const char *line;
        enum status status;
    } lines[] = {
        {"", STATUS_INVALID},
        {"PeterNeumann", STATUS_INVALID},
        {"PeterNeumann+c74f20a3", STATUS_INVALID},
        {"+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
         STATUS_INVALID},
        {"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
         STATUS_INVALID},
        {"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy",
         STATUS_INVALID},
        {"PeterNeumann+c74f20a3+Bhpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
         STATUS_VERSION},
        {"Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
         STATUS_INVALID},
    };
    struct note_key key;

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        cr_assert_eq(note_key_read(bytes_of_text(lines[i].line), &key),
                     lines[i].status, "%s", lines[i].line);
    }
}

Test(note, i11_names_are_bounded_and_plain)
{
    static const char *const bad[] = {"", "a b", "a+b", "a\tb", "xã", "a\n"};
    struct public_key key = {{1}};
    struct note_key out;
    char name[NOTE_NAME_MAX + 1];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(note_key_make(bad[i], NOTE_ED25519, &key, &out),
                     STATUS_INVALID, "%s", bad[i]);
    }
    memset(name, 'n', sizeof name);
    name[NOTE_NAME_MAX - 1] = '\0';
    cr_assert_eq(note_key_make(name, NOTE_ED25519, &key, &out), STATUS_OK);
    name[NOTE_NAME_MAX - 1] = 'n';
    name[NOTE_NAME_MAX] = '\0';
    cr_assert_eq(note_key_make(name, NOTE_ED25519, &key, &out), STATUS_INVALID);
}

/* ---- what we make ---- */

Test(note, a_signed_and_cosigned_note_is_pinned)
{
    struct sign_keys ledger;
    struct sign_keys witness;
    struct signature signature;
    struct buffer out;
    struct note note;
    struct note_key key;
    uint64_t time = 0;

    keys_fixed(7, &ledger);
    keys_fixed(8, &witness);
    sign("example.com/ledger", &ledger, &out);
    note_cosign(bytes_of_text(TEXT), &witness, 1679315147, &signature);
    cr_assert_eq(note_append_cosignature(&out, "example.com/ledger/agent/271",
                                         &witness.public_key, 1679315147,
                                         &signature),
                 STATUS_OK);
    cr_assert(golden_matches("note_cosigned", buffer_bytes(&out)));
    cr_assert_eq(note_open(buffer_bytes(&out), &note), STATUS_OK);
    cr_assert_eq(note.count, 2);
    key = key_of("example.com/ledger", NOTE_ED25519, &ledger);
    cr_assert_eq(note_verify(&note, &key, &time), STATUS_OK);
    cr_assert_eq(time, 0);
    key = key_of("example.com/ledger/agent/271", NOTE_COSIGNATURE, &witness);
    cr_assert_eq(note_verify(&note, &key, &time), STATUS_OK);
    cr_assert_eq(time, 1679315147);
    buffer_fini(&out);
}

/* A witness says when; another time is another statement. */
Test(note, a_cosignature_is_bound_to_its_time_and_text)
{
    struct sign_keys keys;
    struct signature signature;

    keys_fixed(8, &keys);
    note_cosign(bytes_of_text(TEXT), &keys, 100, &signature);
    cr_assert(
        note_cosigned(bytes_of_text(TEXT), &keys.public_key, 100, &signature));
    cr_assert_not(
        note_cosigned(bytes_of_text(TEXT), &keys.public_key, 101, &signature));
    cr_assert_not(note_cosigned(bytes_of_text("example.com/ledger\n4\nAAAA\n"),
                                &keys.public_key, 100, &signature));
}

/* A signature over the text is no cosignature of it, nor the other way. */
Test(note, a_signature_of_one_type_is_none_of_the_other)
{
    struct sign_keys keys;
    struct signature signature;
    struct buffer out;
    struct note_key key;
    struct note note;

    keys_fixed(7, &keys);
    sign("example.com/ledger", &keys, &out);
    cr_assert_eq(note_open(buffer_bytes(&out), &note), STATUS_OK);
    key = key_of("example.com/ledger", NOTE_COSIGNATURE, &keys);
    cr_assert_eq(note_verify(&note, &key, NULL), STATUS_NOT_FOUND);
    sign_make_plain(&keys, bytes_of_text(TEXT), &signature);
    cr_assert_not(
        note_cosigned(bytes_of_text(TEXT), &keys.public_key, 0, &signature));
    buffer_fini(&out);
}

Test(note, the_last_empty_line_ends_the_text)
{
    struct sign_keys keys;
    struct buffer out;
    struct note note;
    struct note_key key;

    keys_fixed(7, &keys);
    buffer_init(&out, NOTE_BYTES_MAX);
    cr_assert_eq(note_sign(bytes_of_text("one\n\ntwo\n"), "name", &keys, &out),
                 STATUS_OK);
    cr_assert_eq(note_open(buffer_bytes(&out), &note), STATUS_OK);
    cr_assert(bytes_equal(note.text, bytes_of_text("one\n\ntwo\n")));
    key = key_of("name", NOTE_ED25519, &keys);
    cr_assert_eq(note_verify(&note, &key, NULL), STATUS_OK);
    buffer_fini(&out);
}

/* ---- what is no note ---- */

Test(note, bytes_that_are_no_note_are_told)
{
    static const char *const bad[] = {
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n\nname AAAAAAAA\n",
        "text\n\n" DASH "name AAAAAAAA",
        "text\n\n" DASH "AAAAAAAA\n",
        "text\n\n" DASH " AAAAAAAA\n",
        "text\n\n" DASH "name\n",
        "text\n\n" DASH "name \n",
        "text\n\n" DASH "name AAAA\n",
        "text\n\n" DASH "name AAAAAA==\n", /* an id and nothing else */
        "text\n\n" DASH "name AAAAAAA\n",
        "text\n\n" DASH "name AAAAAA*A\n",
        "text\n\n" DASH "na+me AAAAAAAA\n",
        "te\txt\n\n" DASH "name AAAAAAAA\n",
        "te\xFFxt\n\n" DASH "name AAAAAAAA\n",
        "\n\n" DASH "name AAAAAAAA\nmore\n",
    };
    struct note note;

    cr_assert_eq(
        note_open(bytes_of_text("text\n\n" DASH "name AAAAAAAA\n"), &note),
        STATUS_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(note_open(bytes_of_text(bad[i]), &note), STATUS_INVALID,
                     "%zu", i);
    }
}

static enum status open_many(size_t signatures)
{
    struct buffer bytes;
    struct note note;
    enum status status;

    buffer_init(&bytes, NOTE_BYTES_MAX);
    cr_assert_eq(buffer_text(&bytes, "text\n\n"), STATUS_OK);
    for (size_t i = 0; i < signatures; i++) {
        cr_assert_eq(buffer_text(&bytes, DASH "name AAAAAAAA\n"), STATUS_OK);
    }
    status = note_open(buffer_bytes(&bytes), &note);
    buffer_fini(&bytes);
    return status;
}

static enum status open_long_line(size_t size)
{
    char *text = malloc(size + 16);
    struct note note;
    enum status status;
    int at = snprintf(text, 16, "t\n\n" DASH "n ");

    /* The line is dash, name, blank and base64. */
    memset(text + at, 'A', size - 6);
    memcpy(text + at + size - 6, "\n", 2);
    status = note_open(bytes_of_text(text), &note);
    free(text);
    return status;
}

Test(note, i11_signatures_and_lines_are_bounded)
{
    size_t most = NOTE_LINE_MAX - 6 - (NOTE_LINE_MAX - 6) % 4 + 6;

    cr_assert_eq(open_many(NOTE_SIGNATURES_MAX), STATUS_OK);
    cr_assert_eq(open_many(NOTE_SIGNATURES_MAX + 1), STATUS_INVALID);
    cr_assert_eq(open_long_line(most), STATUS_OK);
    cr_assert_eq(open_long_line(most + 4), STATUS_INVALID);
}

Test(note, i11_a_note_is_bounded)
{
    char *text = malloc(NOTE_BYTES_MAX + 2);
    size_t tail = strlen("\n\n" DASH "name AAAAAAAA\n");
    struct note note;

    for (size_t more = 0; more < 2; more++) {
        size_t fill = NOTE_BYTES_MAX - tail + more;

        for (size_t i = 0; i < fill; i++) {
            text[i] = i % 4096 == 4095 ? '\n' : 'x';
        }
        text[fill - 1] = 'x';
        memcpy(text + fill, "\n\n" DASH "name AAAAAAAA\n", tail + 1);
        cr_assert_eq(note_open(bytes_of_text(text), &note),
                     more == 0 ? STATUS_OK : STATUS_INVALID);
    }
    free(text);
}
