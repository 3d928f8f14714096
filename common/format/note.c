/* Failure modes: bytes that are no note, answered with STATUS_INVALID before
 * anything is decoded; a signature that does not fit. A line whose name is not
 * asked for is only looked at as far as its shape goes. */
#include "common/format/note.h"

#include "common/base/check.h"
#include "common/base/text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#define DASH        "\xE2\x80\x94 " /* U+2014 and a blank */
#define DASH_BYTES  4u
#define TIME_BYTES  8u
#define BLOB_MAX    (NOTE_ID_BYTES + TIME_BYTES + SIGNATURE_BYTES)
#define COSIGN_ROOM 64u /* "cosignature/v1\ntime 18446744073709551615\n" */
#define KEY_BYTES   (1u + PUBLIC_KEY_BYTES)

/* ---- names and keys ---- */

/* Of any signer. */
static bool name_good(const char *name, size_t size)
{
    return size > 0 && size < NOTE_NAME_MAX &&
           memchr(name, ' ', size) == NULL && memchr(name, '+', size) == NULL &&
           text_check(name, size) == TEXT_OK;
}

/* Of ours: no blank of any kind. */
static bool name_plain(const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (name[i] <= ' ' || name[i] > '~') {
            return false;
        }
    }
    return name_good(name, size);
}

static void key_id(const struct note_key *key, uint8_t id[NOTE_ID_BYTES])
{
    uint8_t data[NOTE_NAME_MAX + 2 + PUBLIC_KEY_BYTES];
    size_t size = strlen(key->name);
    struct digest digest;

    memcpy(data, key->name, size);
    data[size++] = '\n';
    data[size++] = (uint8_t)key->type;
    memcpy(data + size, key->key.bytes, PUBLIC_KEY_BYTES);
    digest_bytes((struct bytes){data, size + PUBLIC_KEY_BYTES}, &digest);
    memcpy(id, digest.bytes, NOTE_ID_BYTES);
}

enum status note_key_make(const char *name, enum note_type type,
                          const struct public_key *key, struct note_key *out)
{
    size_t size = strlen(name);

    if (!name_plain(name, size)) {
        return STATUS_INVALID;
    }
    memset(out, 0, sizeof *out);
    memcpy(out->name, name, size + 1);
    out->type = type;
    out->key = *key;
    key_id(out, out->id);
    return STATUS_OK;
}

enum status note_key_write(const struct note_key *key, struct buffer *out)
{
    uint8_t data[KEY_BYTES];
    char text[BYTES_BASE64_SIZE(KEY_BYTES)];
    enum status status;

    data[0] = (uint8_t)key->type;
    memcpy(data + 1, key->key.bytes, PUBLIC_KEY_BYTES);
    status =
        bytes_to_base64((struct bytes){data, sizeof data}, text, sizeof text);
    check(status == STATUS_OK);
    return buffer_printf(out, "%s+%08" PRIx32 "+%s", key->name,
                         bytes_get_u32(key->id), text);
}

enum status note_key_print(const char *name, enum note_type type,
                           const struct public_key *key, FILE *out)
{
    struct note_key made;
    struct buffer line;
    enum status status = note_key_make(name, type, key, &made);

    buffer_init(&line, NOTE_KEY_TEXT_MAX);
    if (status == STATUS_OK) {
        status = note_key_write(&made, &line);
    }
    if (status == STATUS_OK) {
        (void)fprintf(out, "%.*s\n", (int)line.size, (const char *)line.data);
    }
    buffer_fini(&line);
    return status;
}

enum status note_key_read(struct bytes line, struct note_key *out)
{
    char text[NOTE_KEY_TEXT_MAX];
    uint8_t id[NOTE_ID_BYTES];
    uint8_t data[KEY_BYTES];
    struct public_key key;
    size_t size = 0;
    char *first;
    char *second;

    if (line.size >= sizeof text ||
        memchr(line.data, '\0', line.size) != NULL) {
        return STATUS_INVALID;
    }
    memcpy(text, line.data, line.size);
    text[line.size] = '\0';
    first = strchr(text, '+');
    second = first == NULL ? NULL : strchr(first + 1, '+');
    if (second == NULL) {
        return STATUS_INVALID;
    }
    *first++ = '\0';
    *second++ = '\0';
    if (bytes_from_hex(first, id, sizeof id, &size) != STATUS_OK ||
        size != sizeof id ||
        bytes_from_base64(second, data, sizeof data, &size) != STATUS_OK ||
        size == 0) {
        return STATUS_INVALID;
    }
    if (data[0] != NOTE_ED25519 && data[0] != NOTE_COSIGNATURE) {
        return STATUS_VERSION;
    }
    memcpy(key.bytes, data + 1, sizeof key.bytes);
    if (size != sizeof data ||
        note_key_make(text, (enum note_type)data[0], &key, out) != STATUS_OK ||
        memcmp(id, out->id, sizeof id) != 0) {
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* ---- writing ---- */

static enum status append_line(struct buffer *out, const struct note_key *key,
                               struct bytes signature)
{
    uint8_t blob[BLOB_MAX];
    char text[BYTES_BASE64_SIZE(BLOB_MAX)];
    enum status status;

    memcpy(blob, key->id, NOTE_ID_BYTES);
    memcpy(blob + NOTE_ID_BYTES, signature.data, signature.size);
    status =
        bytes_to_base64((struct bytes){blob, NOTE_ID_BYTES + signature.size},
                        text, sizeof text);
    check(status == STATUS_OK);
    return buffer_printf(out, DASH "%s %s\n", key->name, text);
}

/* Every line is text; the last one has an end. */
static bool text_good(struct bytes text)
{
    const uint8_t *at = text.data;
    size_t left = text.size;

    if (left == 0 || at[left - 1] != '\n') {
        return false;
    }
    while (left > 0) {
        const uint8_t *end = memchr(at, '\n', left);
        size_t size = (size_t)(end - at);

        if (text_check((const char *)at, size) != TEXT_OK) {
            return false;
        }
        at = end + 1;
        left -= size + 1;
    }
    return true;
}

enum status note_sign(struct bytes text, const char *name,
                      const struct sign_keys *keys, struct buffer *out)
{
    struct signature signature;
    struct note_key key;
    size_t before = out->size;
    enum status status =
        note_key_make(name, NOTE_ED25519, &keys->public_key, &key);

    check(status == STATUS_OK && text_good(text));
    sign_make_plain(keys, text, &signature);
    status = buffer_append(out, text);
    if (status == STATUS_OK) {
        status = buffer_text(out, "\n");
    }
    if (status == STATUS_OK) {
        status = append_line(out, &key,
                             (struct bytes){signature.bytes, SIGNATURE_BYTES});
    }
    if (status != STATUS_OK) {
        buffer_truncate(out, before);
    }
    return status;
}

/* What a witness signs. */
static enum status cosigned_message(struct bytes text, uint64_t time,
                                    struct buffer *message)
{
    enum status status;

    buffer_init(message, NOTE_BYTES_MAX + COSIGN_ROOM);
    status = buffer_printf(message, "cosignature/v1\ntime %" PRIu64 "\n", time);
    return status == STATUS_OK ? buffer_append(message, text) : status;
}

void note_cosign(struct bytes text, const struct sign_keys *keys, uint64_t time,
                 struct signature *signature)
{
    struct buffer message;
    enum status status = cosigned_message(text, time, &message);

    check(status == STATUS_OK);
    sign_make_plain(keys, buffer_bytes(&message), signature);
    buffer_fini(&message);
}

bool note_cosigned(struct bytes text, const struct public_key *key,
                   uint64_t time, const struct signature *signature)
{
    struct buffer message;
    bool fits = cosigned_message(text, time, &message) == STATUS_OK &&
                sign_verify_plain(key, buffer_bytes(&message), signature);

    buffer_fini(&message);
    return fits;
}

enum status note_append_cosignature(struct buffer *note, const char *name,
                                    const struct public_key *key, uint64_t time,
                                    const struct signature *signature)
{
    uint8_t data[TIME_BYTES + SIGNATURE_BYTES];
    struct note_key witness;
    enum status status = note_key_make(name, NOTE_COSIGNATURE, key, &witness);

    if (status != STATUS_OK) {
        return status;
    }
    bytes_put_u64(data, time);
    memcpy(data + TIME_BYTES, signature->bytes, SIGNATURE_BYTES);
    return append_line(note, &witness, (struct bytes){data, sizeof data});
}

/* ---- reading ---- */

/* The next line without its end; false when there is none. */
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

/* Name and base64 of a line. */
static bool split_line(struct bytes line, struct bytes *name,
                       struct bytes *signature)
{
    const uint8_t *blank;

    if (line.size > NOTE_LINE_MAX || line.size <= DASH_BYTES ||
        memcmp(line.data, DASH, DASH_BYTES) != 0) {
        return false;
    }
    name->data = line.data + DASH_BYTES;
    blank = memchr(name->data, ' ', line.size - DASH_BYTES);
    if (blank == NULL) {
        return false;
    }
    name->size = (size_t)(blank - name->data);
    signature->data = blank + 1;
    signature->size = line.size - DASH_BYTES - name->size - 1;
    return name_good((const char *)name->data, name->size);
}

/* Decodes as much as the id and the signatures of this program take. False:
 * not base64, or no more than an id. */
static bool decode(struct bytes base64, uint8_t *out, size_t room, size_t *size)
{
    char text[NOTE_LINE_MAX + 1];

    if (base64.size > NOTE_LINE_MAX) {
        return false;
    }
    memcpy(text, base64.data, base64.size);
    text[base64.size] = '\0';
    return bytes_from_base64(text, out, room, size) == STATUS_OK &&
           *size > NOTE_ID_BYTES;
}

/* The text ends at the last empty line; what lies below are signatures. */
static bool split(struct bytes bytes, struct note *note)
{
    for (size_t i = bytes.size - 1; i > 0; i--) {
        if (bytes.data[i] == '\n' && bytes.data[i - 1] == '\n') {
            note->text = (struct bytes){bytes.data, i};
            note->signatures =
                (struct bytes){bytes.data + i + 1, bytes.size - i - 1};
            return true;
        }
    }
    return false;
}

enum status note_open(struct bytes bytes, struct note *note)
{
    uint8_t blob[NOTE_LINE_MAX];
    struct bytes left;
    struct bytes line;
    struct bytes name;
    struct bytes signature;
    size_t size;

    memset(note, 0, sizeof *note);
    if (bytes.size < 2 || bytes.size > NOTE_BYTES_MAX ||
        bytes.data[bytes.size - 1] != '\n' || !split(bytes, note) ||
        !text_good(note->text)) {
        return STATUS_INVALID;
    }
    left = note->signatures;
    while (next_line(&left, &line)) {
        if (note->count == NOTE_SIGNATURES_MAX ||
            !split_line(line, &name, &signature) ||
            !decode(signature, blob, sizeof blob, &size)) {
            return STATUS_INVALID;
        }
        note->count++;
    }
    return left.size == 0 && note->count > 0 ? STATUS_OK : STATUS_INVALID;
}

static bool fits(const struct note *note, const struct note_key *key,
                 const uint8_t *blob, size_t size, uint64_t *time)
{
    struct signature signature;

    *time = 0;
    if (key->type == NOTE_ED25519) {
        if (size != NOTE_ID_BYTES + SIGNATURE_BYTES) {
            return false;
        }
        memcpy(signature.bytes, blob + NOTE_ID_BYTES, SIGNATURE_BYTES);
        return sign_verify_plain(&key->key, note->text, &signature);
    }
    if (size != BLOB_MAX) {
        return false;
    }
    *time = bytes_get_u64(blob + NOTE_ID_BYTES);
    memcpy(signature.bytes, blob + NOTE_ID_BYTES + TIME_BYTES, SIGNATURE_BYTES);
    return *time <= INT64_MAX &&
           note_cosigned(note->text, &key->key, *time, &signature);
}

enum status note_verify(const struct note *note, const struct note_key *key,
                        uint64_t *time)
{
    uint8_t blob[NOTE_LINE_MAX];
    struct bytes left = note->signatures;
    struct bytes line;
    struct bytes name;
    struct bytes signature;
    enum status status = STATUS_NOT_FOUND;
    uint64_t at = 0;

    if (time != NULL) {
        *time = 0;
    }
    while (next_line(&left, &line)) {
        size_t size = 0;

        if (!split_line(line, &name, &signature) ||
            !bytes_equal(name, bytes_of_text(key->name)) ||
            !decode(signature, blob, sizeof blob, &size) ||
            memcmp(blob, key->id, NOTE_ID_BYTES) != 0) {
            continue;
        }
        if (!fits(note, key, blob, size, &at)) {
            return STATUS_REFUSED;
        }
        status = STATUS_OK;
        if (time != NULL) {
            *time = at;
        }
    }
    return status;
}
