#include "common/format/tlog_proof.h"
#include "tests/support/golden.h"
#include "tests/support/keys.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define ORIGIN "ledger.example/hoa-binh"
#define LEAVES 11u

static struct sign_keys ledger;
static struct buffer note;
static struct buffer text;
static struct tlog_proof proof;
static struct tlog_shown shown;

/* A ledger of small batches, and the checkpoint over all of them. */

static struct bytes content_of(uint64_t index, uint8_t out[8])
{
    bytes_put_u64(out, index * 3 + 1);
    return (struct bytes){out, 8};
}

static struct entry entry_of(uint64_t index)
{
    uint8_t content[8];
    struct entry entry = {.kind = ENTRY_BATCH,
                          .index = index,
                          .received_at = 1520212800000000 + (int64_t)index,
                          .agent = keys_id(1),
                          .epoch = keys_id(2),
                          .agent_number = 271,
                          .epoch_ordinal = 1,
                          .first_seq = index + 1,
                          .count = 1,
                          .size = 8};

    digest_bytes(content_of(index, content), &entry.digest);
    return entry;
}

static enum status node(void *context, unsigned level, uint64_t index,
                        struct digest *hash)
{
    uint8_t bytes[ENTRY_BYTES];
    struct digest right;
    enum status status;

    if (level == 0) {
        struct entry entry = entry_of(index);

        entry_write(&entry, bytes);
        merkle_leaf((struct bytes){bytes, sizeof bytes}, hash);
        return STATUS_OK;
    }
    status = node(context, level - 1, index * 2, hash);
    cr_assert_eq(status, STATUS_OK);
    status = node(context, level - 1, index * 2 + 1, &right);
    merkle_node(hash, &right, hash);
    return status;
}

static const struct merkle_source source = {.node = node};

static void make(uint64_t index)
{
    uint8_t content[8];
    struct merkle_proof path;
    struct entry entry = entry_of(index);

    cr_assert_eq(merkle_inclusion(&source, index, LEAVES, &path), STATUS_OK);
    cr_assert_eq(tlog_proof_make(&proof, &entry, content_of(index, content),
                                 &path, buffer_bytes(&note)),
                 STATUS_OK);
    buffer_clear(&text);
    cr_assert_eq(tlog_proof_write(&proof, &text), STATUS_OK);
}

static void setup(void)
{
    struct checkpoint checkpoint;
    struct digest root;

    sign_init();
    keys_fixed(7, &ledger);
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    buffer_init(&text, TLOG_PROOF_BYTES_MAX);
    tlog_proof_init(&proof);
    cr_assert_eq(merkle_root(&source, LEAVES, &root), STATUS_OK);
    cr_assert_eq(checkpoint_init(&checkpoint, ORIGIN, LEAVES, &root),
                 STATUS_OK);
    cr_assert_eq(checkpoint_sign(&checkpoint, &ledger, &note), STATUS_OK);
}

static void teardown(void)
{
    tlog_proof_fini(&proof);
    buffer_fini(&note);
    buffer_fini(&text);
}

TestSuite(tlog_proof, .init = setup, .fini = teardown);

static enum tlog_fault judge(void)
{
    return tlog_proof_check(&proof, ORIGIN, &ledger.public_key, &shown);
}

static enum status read_text(const char *lines)
{
    return tlog_proof_read(bytes_of_text(lines), &proof);
}

/* ---- good ones ---- */

Test(tlog_proof, every_entry_is_shown_by_its_own_file)
{
    for (uint64_t index = 0; index < LEAVES; index++) {
        make(index);
        cr_assert_eq(tlog_proof_read(buffer_bytes(&text), &proof), STATUS_OK);
        cr_assert_eq(judge(), TLOG_GOOD, "%d", (int)index);
        cr_assert_eq(shown.entry.index, index);
        cr_assert_eq(shown.content.size, 8);
        cr_assert_eq(shown.checkpoint.size, LEAVES);
        cr_assert_eq(shown.note.count, 1);
    }
}

Test(tlog_proof, the_text_is_pinned)
{
    make(7);
    cr_assert(golden_matches("tlog_proof", buffer_bytes(&text)));
}

/* Erased or moved bytes are not needed: the entry is the leaf. */
Test(tlog_proof, an_entry_without_its_bytes_is_shown_too)
{
    struct merkle_proof path;
    struct entry entry = entry_of(3);

    cr_assert_eq(merkle_inclusion(&source, 3, LEAVES, &path), STATUS_OK);
    cr_assert_eq(tlog_proof_make(&proof, &entry, (struct bytes){0}, &path,
                                 buffer_bytes(&note)),
                 STATUS_OK);
    cr_assert_eq(judge(), TLOG_GOOD);
    cr_assert_eq(shown.content.size, 0);
}

Test(tlog_proof, i11_the_largest_batch_fits_in_a_file)
{
    uint8_t *batch = calloc(1, BATCH_BYTES_MAX + 1);
    struct merkle_proof path = {.count = MERKLE_PROOF_MAX};
    struct entry entry = entry_of(3);

    for (size_t more = 0; more < 2; more++) {
        cr_assert_eq(
            tlog_proof_make(&proof, &entry,
                            (struct bytes){batch, BATCH_BYTES_MAX + more},
                            &path, buffer_bytes(&note)),
            STATUS_OK);
        /* One byte more: left out, the entry says which bytes they are. */
        cr_assert_eq(proof.extra.size,
                     ENTRY_BYTES + (more == 0 ? BATCH_BYTES_MAX : 0));
    }
    cr_assert_eq(tlog_proof_make(&proof, &entry,
                                 (struct bytes){batch, BATCH_BYTES_MAX}, &path,
                                 buffer_bytes(&note)),
                 STATUS_OK);
    buffer_clear(&text);
    cr_assert_eq(tlog_proof_write(&proof, &text), STATUS_OK);
    cr_assert_eq(tlog_proof_read(buffer_bytes(&text), &proof), STATUS_OK);
    cr_assert_eq(proof.path.count, MERKLE_PROOF_MAX);
    cr_assert_eq(proof.extra.size, TLOG_PROOF_EXTRA_MAX);
    free(batch);
}

/* ---- bad ones ---- */

/* One bit anywhere: the file is no proof any more, or does not hold. */
Test(tlog_proof, every_flipped_bit_is_found)
{
    struct buffer copy;

    make(7);
    buffer_init(&copy, TLOG_PROOF_BYTES_MAX);
    for (size_t i = 0; i < text.size * 8; i++) {
        buffer_clear(&copy);
        cr_assert_eq(buffer_append(&copy, buffer_bytes(&text)), STATUS_OK);
        copy.data[i / 8] ^= (uint8_t)(1u << (i % 8));
        if (tlog_proof_read(buffer_bytes(&copy), &proof) == STATUS_OK) {
            cr_assert_neq(judge(), TLOG_GOOD, "bit %zu", i);
        }
    }
    buffer_fini(&copy);
}

Test(tlog_proof, what_does_not_hold_is_named)
{
    struct sign_keys other;

    keys_fixed(8, &other);
    make(7);
    proof.extra.data[ENTRY_BYTES] ^= 1;
    cr_assert_eq(judge(), TLOG_OTHER_CONTENT);
    make(7);
    proof.extra.data[20] ^= 1; /* the time of receiving */
    cr_assert_eq(judge(), TLOG_NOT_UNDER);
    make(7);
    proof.index = 6;
    cr_assert_eq(judge(), TLOG_NO_ENTRY);
    make(7);
    proof.path.count--;
    cr_assert_eq(judge(), TLOG_NOT_UNDER);
    make(7);
    proof.note.size--;
    cr_assert_eq(judge(), TLOG_NO_NOTE);
    make(7);
    cr_assert_eq(tlog_proof_check(&proof, ORIGIN, &other.public_key, &shown),
                 TLOG_NOT_SIGNED);
    cr_assert_eq(tlog_proof_check(&proof, "ledger.example/cao-bang",
                                  &ledger.public_key, &shown),
                 TLOG_NOT_SIGNED);
    note.data[note.size - 10] = note.data[note.size - 10] == 'A' ? 'B' : 'A';
    cr_assert_eq(judge(), TLOG_BAD_SIGNATURE);
}

Test(tlog_proof, text_that_is_no_proof_is_told)
{
#define HEAD "c2sp.org/tlog-proof@v1\n"
#define HASH "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    static const char *const bad[] = {
        "",
        "index 0\n\nnote\n",
        HEAD,
        HEAD "index 0\n",
        HEAD "index 0\n\n",
        HEAD "index 00\n\nnote\n",
        HEAD "index -1\n\nnote\n",
        HEAD "index \n\nnote\n",
        HEAD "index 18446744073709551616\n\nnote\n",
        HEAD "extra \nindex 0\n\nnote\n",
        HEAD "extra AAA\nindex 0\n\nnote\n",
        HEAD "extra AAAA\nextra AAAA\nindex 0\n\nnote\n",
        HEAD "index 0\nAAAA\n\nnote\n",
        HEAD "index 0\n" HASH "note\n",
        HEAD "index 0\nextra AAAA\n\nnote\n",
    };

    cr_assert_eq(read_text(HEAD "index 0\n\nnote\n"), STATUS_OK);
    cr_assert_eq(proof.extra.size, 0);
    cr_assert_eq(read_text(HEAD "extra AAAA\nindex 5\n" HASH HASH "\nnote\n"),
                 STATUS_OK);
    cr_assert_eq(proof.index, 5);
    cr_assert_eq(proof.path.count, 2);
    cr_assert(bytes_equal(proof.note, bytes_of_text("note\n")));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(read_text(bad[i]), STATUS_INVALID, "%zu", i);
    }
    cr_assert_eq(read_text("c2sp.org/tlog-proof@v2\nindex 0\n\nnote\n"),
                 STATUS_VERSION);
}

Test(tlog_proof, i11_hashes_are_bounded)
{
    struct buffer lines;

    buffer_init(&lines, TLOG_PROOF_BYTES_MAX);
    for (unsigned more = 0; more < 2; more++) {
        buffer_clear(&lines);
        cr_assert_eq(buffer_text(&lines, HEAD "index 0\n"), STATUS_OK);
        for (unsigned i = 0; i < MERKLE_PROOF_MAX + more; i++) {
            cr_assert_eq(buffer_text(&lines, HASH), STATUS_OK);
        }
        cr_assert_eq(buffer_text(&lines, "\nnote\n"), STATUS_OK);
        cr_assert_eq(tlog_proof_read(buffer_bytes(&lines), &proof),
                     more == 0 ? STATUS_OK : STATUS_INVALID);
    }
    buffer_fini(&lines);
}
