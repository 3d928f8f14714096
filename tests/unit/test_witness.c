#include "agent/line/witness.h"
#include "tests/support/keys.h"

#include <criterion/criterion.h>
#include <string.h>

#define ORIGIN "ledger.example/test"

static struct sign_keys ledger_keys;

/* Two ledgers that part at one entry: the tree over numbers, of which the one
 * at `rewritten` is another one. */
static uint64_t rewritten;

static enum status node(void *context, unsigned level, uint64_t index,
                        struct digest *hash)
{
    uint8_t leaf[9] = {0};
    struct digest right;

    (void)context;
    if (level == 0) {
        bytes_put_u64(leaf, index);
        leaf[8] = index == rewritten;
        merkle_leaf((struct bytes){leaf, sizeof leaf}, hash);
        return STATUS_OK;
    }
    cr_assert_eq(node(NULL, level - 1, index * 2, hash), STATUS_OK);
    cr_assert_eq(node(NULL, level - 1, index * 2 + 1, &right), STATUS_OK);
    merkle_node(hash, &right, hash);
    return STATUS_OK;
}

static const struct merkle_source source = {.node = node};

static struct wire_note note_of(uint64_t size, const char *origin,
                                const struct sign_keys *keys)
{
    struct checkpoint checkpoint;
    struct digest root;
    struct wire_note note;
    struct buffer text;

    cr_assert_eq(merkle_root(&source, size, &root), STATUS_OK);
    cr_assert_eq(checkpoint_init(&checkpoint, origin, size, &root), STATUS_OK);
    buffer_init(&text, WIRE_NOTE_MAX);
    cr_assert_eq(checkpoint_sign(&checkpoint, keys, &text), STATUS_OK);
    memcpy(note.bytes, text.data, text.size);
    note.size = text.size;
    buffer_fini(&text);
    return note;
}

static struct wire_checkpoint given_of(const struct wire_note *note,
                                       uint64_t from, uint64_t to)
{
    struct wire_checkpoint given = {.note = {note->bytes, note->size},
                                    .from_size = from};

    if (from <= to) {
        cr_assert_eq(merkle_consistency(&source, from, to, &given.proof),
                     STATUS_OK);
    }
    return given;
}

/* What an office says that holds `from` entries of the true ledger and is given
 * `to` of the one that is rewritten at `at`. */
static uint32_t reason_of(uint64_t from, uint64_t to, uint64_t at)
{
    struct witness_judgement judgement;
    struct wire_checkpoint given;
    struct wire_note held = {.size = 0};
    struct wire_note note;

    rewritten = UINT64_MAX;
    if (from > 0) {
        held = note_of(from, ORIGIN, &ledger_keys);
    }
    rewritten = at;
    note = note_of(to, ORIGIN, &ledger_keys);
    given = given_of(&note, from, to);
    witness_judge(&held, &given, ORIGIN, &ledger_keys.public_key, &judgement);
    cr_assert_eq(judgement.held.size, from);
    cr_assert_eq(judgement.given.size, to);
    return judgement.reason;
}

static void setup(void)
{
    sign_init();
    keys_fixed(7, &ledger_keys);
    rewritten = UINT64_MAX;
}

TestSuite(witness, .init = setup);

Test(witness, what_goes_on_from_what_is_held_is_taken)
{
    for (uint64_t from = 0; from <= 20; from++) {
        for (uint64_t to = from == 0 ? 1 : from; to <= 20; to++) {
            cr_assert_eq(reason_of(from, to, UINT64_MAX), 0);
        }
    }
}

/* Every entry that was seen, and every size: nothing can be changed. */
Test(witness, i5_one_changed_entry_is_never_taken)
{
    for (uint64_t from = 1; from <= 16; from++) {
        for (uint64_t at = 0; at < from; at++) {
            for (uint64_t to = from; to <= 18; to++) {
                cr_assert_eq(reason_of(from, to, at),
                             to == from ? WIRE_OBJECTION_OTHER_ROOT
                                        : WIRE_OBJECTION_NO_PROOF);
            }
        }
    }
    /* What was not seen yet is nobody's business. */
    cr_assert_eq(reason_of(5, 9, 7), 0);
}

Test(witness, i5_a_smaller_one_is_not_taken)
{
    cr_assert_eq(reason_of(9, 8, UINT64_MAX), WIRE_OBJECTION_SMALLER);
    cr_assert_eq(reason_of(9, 1, 0), WIRE_OBJECTION_SMALLER);
}

/* A proof from another size proves nothing about the one that is held. */
Test(witness, i5_a_proof_from_elsewhere_is_none)
{
    struct wire_note held = note_of(5, ORIGIN, &ledger_keys);
    struct wire_note note = note_of(12, ORIGIN, &ledger_keys);
    struct wire_checkpoint given = given_of(&note, 4, 12);
    struct witness_judgement judgement;

    witness_judge(&held, &given, ORIGIN, &ledger_keys.public_key, &judgement);
    cr_assert_eq(judgement.reason, WIRE_OBJECTION_NO_PROOF);
    given = given_of(&note, 5, 12);
    given.from_size = 0;
    witness_judge(&held, &given, ORIGIN, &ledger_keys.public_key, &judgement);
    cr_assert_eq(judgement.reason, WIRE_OBJECTION_NO_PROOF);
    given.from_size = 5;
    given.proof.count--;
    witness_judge(&held, &given, ORIGIN, &ledger_keys.public_key, &judgement);
    cr_assert_eq(judgement.reason, WIRE_OBJECTION_NO_PROOF);
}

Test(witness, i5_only_the_ledgers_own_signature_counts)
{
    static const struct wire_note nothing;
    struct witness_judgement judgement;
    struct sign_keys other;
    struct wire_note notes[3];

    keys_fixed(8, &other);
    notes[0] = note_of(9, ORIGIN, &other);
    notes[1] = note_of(9, "ledger.example/other", &ledger_keys);
    notes[2] = note_of(9, ORIGIN, &ledger_keys);
    notes[2].bytes[sizeof ORIGIN] = '8'; /* the size that was signed is 9 */
    for (size_t i = 0; i < 3; i++) {
        struct wire_checkpoint given = given_of(&notes[i], 0, 9);

        witness_judge(&nothing, &given, ORIGIN, &ledger_keys.public_key,
                      &judgement);
        cr_assert_eq(judgement.reason, WIRE_OBJECTION_BAD_SIGNATURE, "%zu", i);
    }
}

Test(witness, every_reason_has_words)
{
    for (uint32_t reason = 1; reason <= WIRE_OBJECTION_END; reason++) {
        cr_assert_neq(*witness_reason_token(reason), '\0');
        cr_assert_neq(*witness_reason_text(reason, LANGUAGE_VI), '\0');
        cr_assert_neq(*witness_reason_text(reason, LANGUAGE_EN), '\0');
    }
    cr_assert_str_eq(witness_reason_token(99), "unknown");
}
