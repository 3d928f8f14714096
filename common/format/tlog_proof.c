/* Failure modes: text that is no proof; a proof that does not hold, and then
 * why. Nothing in the file is believed before the root that the ledger's key
 * has signed was computed from the entry. */
#include "common/format/tlog_proof.h"

#include "common/base/check.h"

#include <inttypes.h>
#include <string.h>

#define FIRST_LINE "c2sp.org/tlog-proof@v1"
#define FAMILY     "c2sp.org/tlog-proof@"
#define EXTRA      "extra "
#define INDEX      "index "
#define HASH_TEXT  BYTES_BASE64_SIZE(DIGEST_BYTES)

void tlog_proof_init(struct tlog_proof *proof)
{
    memset(proof, 0, sizeof *proof);
    buffer_init(&proof->extra, TLOG_PROOF_EXTRA_MAX);
}

void tlog_proof_fini(struct tlog_proof *proof)
{
    buffer_fini(&proof->extra);
}

enum status tlog_proof_make(struct tlog_proof *proof, const struct entry *entry,
                            struct bytes content,
                            const struct merkle_proof *path, struct bytes note)
{
    uint8_t bytes[ENTRY_BYTES];
    enum status status;

    entry_write(entry, bytes);
    buffer_clear(&proof->extra);
    status = buffer_append(&proof->extra, (struct bytes){bytes, sizeof bytes});
    if (status == STATUS_OK && content.size <= BATCH_BYTES_MAX) {
        status = buffer_append(&proof->extra, content);
    }
    proof->index = entry->index;
    proof->path = *path;
    proof->note = note;
    return status;
}

/* ---- writing ---- */

static enum status write_base64(struct bytes bytes, struct buffer *out)
{
    size_t room = BYTES_BASE64_SIZE(bytes.size);
    uint8_t *text;
    enum status status = buffer_extend(out, room, &text);

    if (status == STATUS_OK) {
        status = bytes_to_base64(bytes, (char *)text, room);
        check(status == STATUS_OK);
        out->data[out->size - 1] = '\n'; /* in the place of the end mark */
    }
    return status;
}

enum status tlog_proof_write(const struct tlog_proof *proof, struct buffer *out)
{
    enum status status = buffer_text(out, FIRST_LINE "\n");

    if (status == STATUS_OK && proof->extra.size > 0) {
        status = buffer_text(out, EXTRA);
        if (status == STATUS_OK) {
            status = write_base64(buffer_bytes(&proof->extra), out);
        }
    }
    if (status == STATUS_OK) {
        status = buffer_printf(out, INDEX "%" PRIu64 "\n", proof->index);
    }
    for (size_t i = 0; status == STATUS_OK && i < proof->path.count; i++) {
        status = write_base64(
            (struct bytes){proof->path.hashes[i].bytes, DIGEST_BYTES}, out);
    }
    if (status == STATUS_OK) {
        status = buffer_text(out, "\n");
    }
    return status == STATUS_OK ? buffer_append(out, proof->note) : status;
}

/* ---- reading ---- */

static bool next_line(struct bytes *left, struct bytes *line)
{
    const uint8_t *end =
        left->size == 0 ? NULL : memchr(left->data, '\n', left->size);

    if (end == NULL) {
        return false;
    }
    line->data = left->data;
    line->size = (size_t)(end - left->data);
    left->data = end + 1;
    left->size -= line->size + 1;
    return true;
}

/* Whether the line begins so; what follows is left in it. */
static bool take_word(struct bytes *line, const char *word)
{
    size_t size = strlen(word);

    if (line->size < size || memcmp(line->data, word, size) != 0) {
        return false;
    }
    line->data += size;
    line->size -= size;
    return true;
}

/* Base64 of a whole line. */
static enum status read_base64(struct bytes line, uint8_t *out, size_t room,
                               size_t *size)
{
    struct buffer text;
    enum status status;

    if (memchr(line.data, '\0', line.size) != NULL) {
        return STATUS_INVALID;
    }
    buffer_init(&text, line.size + 1);
    status = buffer_append(&text, line);
    if (status == STATUS_OK) {
        status = buffer_u8(&text, 0);
    }
    if (status == STATUS_OK) {
        status = bytes_from_base64((const char *)text.data, out, room, size);
        status = status == STATUS_OK ? STATUS_OK : STATUS_INVALID;
    }
    buffer_fini(&text);
    return status;
}

static enum status read_extra(struct bytes line, struct buffer *extra)
{
    size_t size = 0;
    uint8_t *room;
    enum status status;

    if (line.size == 0 ||
        line.size >= BYTES_BASE64_SIZE(TLOG_PROOF_EXTRA_MAX)) {
        return STATUS_INVALID;
    }
    status = buffer_extend(extra, TLOG_PROOF_EXTRA_MAX, &room);
    if (status == STATUS_OK) {
        status = read_base64(line, room, TLOG_PROOF_EXTRA_MAX, &size);
        buffer_truncate(extra, size);
    }
    return status;
}

static bool read_index(struct bytes line, uint64_t *index)
{
    *index = 0;
    if (line.size == 0 || (line.data[0] == '0' && line.size > 1)) {
        return false;
    }
    for (size_t i = 0; i < line.size; i++) {
        uint64_t digit = (uint64_t)line.data[i] - '0';

        if (digit > 9 || *index > (UINT64_MAX - digit) / 10) {
            return false;
        }
        *index = *index * 10 + digit;
    }
    return true;
}

/* Up to the empty line. */
static enum status read_path(struct bytes *left, struct merkle_proof *path)
{
    struct bytes line;
    size_t size = 0;

    path->count = 0;
    while (next_line(left, &line)) {
        enum status status;

        if (line.size == 0) {
            return STATUS_OK;
        }
        if (path->count == MERKLE_PROOF_MAX || line.size >= HASH_TEXT) {
            return STATUS_INVALID;
        }
        status = read_base64(line, path->hashes[path->count].bytes,
                             DIGEST_BYTES, &size);
        if (status != STATUS_OK || size != DIGEST_BYTES) {
            return status != STATUS_OK ? status : STATUS_INVALID;
        }
        path->count++;
    }
    return STATUS_INVALID;
}

enum status tlog_proof_read(struct bytes text, struct tlog_proof *proof)
{
    struct bytes left = text;
    struct bytes line;
    enum status status = STATUS_OK;

    buffer_clear(&proof->extra);
    if (text.size > TLOG_PROOF_BYTES_MAX || !next_line(&left, &line)) {
        return STATUS_INVALID;
    }
    if (!bytes_equal(line, bytes_of_text(FIRST_LINE))) {
        return take_word(&line, FAMILY) ? STATUS_VERSION : STATUS_INVALID;
    }
    if (!next_line(&left, &line)) {
        return STATUS_INVALID;
    }
    if (take_word(&line, EXTRA)) {
        status = read_extra(line, &proof->extra);
        if (status == STATUS_OK && !next_line(&left, &line)) {
            status = STATUS_INVALID;
        }
    }
    if (status == STATUS_OK &&
        (!take_word(&line, INDEX) || !read_index(line, &proof->index))) {
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = read_path(&left, &proof->path);
    }
    proof->note = left;
    return status == STATUS_OK && left.size == 0 ? STATUS_INVALID : status;
}

/* ---- checking ---- */

static bool content_fits(const struct tlog_shown *shown)
{
    struct digest digest;

    digest_bytes(shown->content, &digest);
    return shown->content.size == 0 ||
           digest_equal(&digest, &shown->entry.digest);
}

enum tlog_fault tlog_proof_check(const struct tlog_proof *proof,
                                 const char *origin,
                                 const struct public_key *ledger_key,
                                 struct tlog_shown *shown)
{
    struct bytes extra = buffer_bytes(&proof->extra);
    struct bytes leaf_bytes = {extra.data, ENTRY_BYTES};
    struct digest leaf;
    enum status status;

    memset(shown, 0, sizeof *shown);
    if (extra.size < ENTRY_BYTES ||
        entry_read(leaf_bytes, &shown->entry) != STATUS_OK ||
        shown->entry.index != proof->index) {
        return TLOG_NO_ENTRY;
    }
    shown->content =
        (struct bytes){extra.data + ENTRY_BYTES, extra.size - ENTRY_BYTES};
    if (!content_fits(shown)) {
        return TLOG_OTHER_CONTENT;
    }
    status = checkpoint_open(proof->note, origin, ledger_key,
                             &shown->checkpoint, &shown->note);
    if (status != STATUS_OK) {
        return status == STATUS_INVALID     ? TLOG_NO_NOTE
               : status == STATUS_NOT_FOUND ? TLOG_NOT_SIGNED
                                            : TLOG_BAD_SIGNATURE;
    }
    merkle_leaf(leaf_bytes, &leaf);
    return merkle_check_inclusion(&leaf, proof->index, shown->checkpoint.size,
                                  &proof->path, &shown->checkpoint.root)
               ? TLOG_GOOD
               : TLOG_NOT_UNDER;
}
