/* Failure modes: text that is no checkpoint. A number that could be written in
 * two ways is none, so that one checkpoint has one text. */
#include "common/format/checkpoint.h"

#include "common/base/check.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ROOT_TEXT BYTES_BASE64_SIZE(DIGEST_BYTES)

enum status checkpoint_init(struct checkpoint *checkpoint, const char *origin,
                            uint64_t size, const struct digest *root)
{
    static const struct public_key no_key;
    struct note_key key;

    if (strlen(origin) >= sizeof checkpoint->origin ||
        note_key_make(origin, NOTE_ED25519, &no_key, &key) != STATUS_OK) {
        return STATUS_INVALID;
    }
    memset(checkpoint, 0, sizeof *checkpoint);
    memcpy(checkpoint->origin, origin, strlen(origin) + 1);
    checkpoint->size = size;
    checkpoint->root = *root;
    return STATUS_OK;
}

enum status checkpoint_write(const struct checkpoint *checkpoint,
                             struct buffer *out)
{
    char root[ROOT_TEXT];
    enum status status =
        bytes_to_base64((struct bytes){checkpoint->root.bytes, DIGEST_BYTES},
                        root, sizeof root);

    check(status == STATUS_OK);
    return buffer_printf(out, "%s\n%" PRIu64 "\n%s\n", checkpoint->origin,
                         checkpoint->size, root);
}

/* ---- reading ---- */

/* Copies the next line; false when there is none, it is empty or too long. */
static bool take_line(struct bytes *left, char *out, size_t room)
{
    const uint8_t *end =
        left->size == 0 ? NULL : memchr(left->data, '\n', left->size);
    size_t size = end == NULL ? 0 : (size_t)(end - left->data);

    if (size == 0 || size >= room || memchr(left->data, '\0', size) != NULL) {
        return false;
    }
    memcpy(out, left->data, size);
    out[size] = '\0';
    left->data += size + 1;
    left->size -= size + 1;
    return true;
}

static bool read_size(const char *text, uint64_t *size)
{
    *size = 0;
    if (text[0] == '0' && text[1] != '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        uint64_t digit = (uint64_t)(*text - '0');

        if (*text < '0' || *text > '9' || *size > (UINT64_MAX - digit) / 10) {
            return false;
        }
        *size = *size * 10 + digit;
    }
    return true;
}

static bool read_root(const char *text, struct digest *root)
{
    size_t size = 0;

    return bytes_from_base64(text, root->bytes, sizeof root->bytes, &size) ==
               STATUS_OK &&
           size == sizeof root->bytes;
}

enum status checkpoint_read(struct bytes text, struct checkpoint *checkpoint)
{
    struct bytes left = text;
    char origin[CHECKPOINT_ORIGIN_MAX];
    char number[24];
    char root_text[ROOT_TEXT];
    char extension[CHECKPOINT_TEXT_MAX];
    uint64_t size = 0;
    struct digest root;

    if (text.size > CHECKPOINT_TEXT_MAX ||
        !take_line(&left, origin, sizeof origin) ||
        !take_line(&left, number, sizeof number) ||
        !take_line(&left, root_text, sizeof root_text) ||
        !read_size(number, &size) || !read_root(root_text, &root)) {
        return STATUS_INVALID;
    }
    while (left.size > 0) {
        if (!take_line(&left, extension, sizeof extension)) {
            return STATUS_INVALID;
        }
    }
    return checkpoint_init(checkpoint, origin, size, &root);
}

/* ---- as a note ---- */

enum status checkpoint_sign(const struct checkpoint *checkpoint,
                            const struct sign_keys *ledger_keys,
                            struct buffer *out)
{
    struct buffer text;
    enum status status;

    buffer_init(&text, CHECKPOINT_TEXT_MAX);
    status = checkpoint_write(checkpoint, &text);
    if (status == STATUS_OK) {
        status = note_sign(buffer_bytes(&text), checkpoint->origin, ledger_keys,
                           out);
    }
    buffer_fini(&text);
    return status;
}

enum status checkpoint_open(struct bytes bytes, const char *origin,
                            const struct public_key *ledger_key,
                            struct checkpoint *checkpoint, struct note *note)
{
    struct note_key key;
    struct note opened;
    enum status status = note_open(bytes, &opened);

    if (status == STATUS_OK) {
        status = checkpoint_read(opened.text, checkpoint);
    }
    if (status == STATUS_OK) {
        status = note_key_make(origin, NOTE_ED25519, ledger_key, &key);
    }
    if (status == STATUS_OK && strcmp(checkpoint->origin, origin) != 0) {
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = note_verify(&opened, &key, NULL);
    }
    if (status == STATUS_OK && note != NULL) {
        *note = opened;
    }
    return status;
}

void checkpoint_witness_name(const char *origin, uint32_t agent,
                             char name[NOTE_NAME_MAX])
{
    int size =
        snprintf(name, NOTE_NAME_MAX, "%s/agent/%" PRIu32, origin, agent);

    check(size > 0 && (size_t)size < NOTE_NAME_MAX);
}
