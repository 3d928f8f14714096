/* Writes what the province gives an office. Failure modes: a file that is there
 * stays; without room there is none. The secret is wiped from the buffers here.
 */
#include "common/format/enrol_file_private.h"

#include "common/base/check.h"
#include "common/base/file.h"
#include "common/base/text.h"

#include <sodium.h>

/* That takes the file. */
static const char *const commands[] = {[ENROL_JOIN] = "join",
                                       [ENROL_ROTATE] = "rotate",
                                       [ENROL_AGAIN] = "join",
                                       [ENROL_NEW_KEYS] =
                                           "join --new-province-keys"};

static enum status put_line(struct buffer *out, const char *before,
                            const uint8_t *data, size_t size)
{
    char hex[BYTES_HEX_SIZE(PUBLIC_KEY_BYTES)];
    enum status status = bytes_to_hex(
        (struct bytes){.data = data, .size = size}, hex, sizeof hex);

    if (status == STATUS_OK) {
        status = buffer_printf(out, "%s%s\n", before, hex);
    }
    sodium_memzero(hex, sizeof hex);
    return status;
}

static enum status put_hex(struct buffer *out, const char *key,
                           const uint8_t *data, size_t size)
{
    enum status status = buffer_printf(out, "%s: ", key);

    return status == STATUS_OK ? put_line(out, "", data, size) : status;
}

/* In double quotes, as YAML has them. */
static enum status put_text(struct buffer *out, const char *key,
                            const char *text)
{
    enum status status;

    if (text[0] == '\0') {
        return STATUS_OK;
    }
    status = buffer_printf(out, "%s: \"", key);
    for (; status == STATUS_OK && *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            status = buffer_u8(out, '\\');
        }
        if (status == STATUS_OK) {
            status = buffer_u8(out, (uint8_t)*text);
        }
    }
    return status == STATUS_OK ? buffer_text(out, "\"\n") : status;
}

static enum enrol_purpose purpose_of(const struct enrol_file *file)
{
    return file->new_keys  ? ENROL_NEW_KEYS
           : file->again   ? ENROL_AGAIN
           : file->rotates ? ENROL_ROTATE
                           : ENROL_JOIN;
}

/* Whom the file is for, and until when. */
static enum status write_office(const struct enrol_file *file,
                                struct buffer *out)
{
    char moment[TEXT_MOMENT_MAX];
    enum status status = buffer_printf(out, "agent: %u\n", file->agent_number);

    if (status == STATUS_OK) {
        status = put_text(out, "office", file->office);
    }
    if (status == STATUS_OK) {
        text_format_moment(file->valid_until, moment);
        status = buffer_printf(out, "valid_until: %s\n", moment);
    }
    return status;
}

static enum status write_head(const struct enrol_file *file, struct buffer *out)
{
    enum enrol_purpose purpose = purpose_of(file);
    const char *command = commands[purpose];
    enum status status = buffer_printf(
        out,
        file->new_keys
            ? "# Khóa mới của tỉnh, không bí mật: tallyline-agent %s TỆP-NÀY\n"
              "# The province's new keys, no secret: tallyline-agent %s "
              "THIS-FILE\n"
            : "# Tệp bí mật, dùng một lần: tallyline-agent %s TỆP-NÀY\n"
              "# Secret, good once: tallyline-agent %s THIS-FILE\n",
        command, command);

    if (status == STATUS_OK) {
        status = buffer_printf(out, "version: %u\npurpose: %s\n", ENROL_VERSION,
                               enrol_purposes[purpose]);
    }
    if (status == STATUS_OK && !file->new_keys) {
        status = write_office(file, out);
    }
    if (status == STATUS_OK) {
        status = buffer_text(out, "collector:\n");
    }
    for (size_t i = 0; status == STATUS_OK && i < file->address_count; i++) {
        status = buffer_printf(out, "  - %s\n", file->addresses[i]);
    }
    return status;
}

static enum status write_former(const struct enrol_file *file,
                                struct buffer *out)
{
    enum status status = STATUS_OK;

    if (file->new_keys) {
        status = put_hex(out, "former_ledger_key",
                         file->former_ledger_key.bytes, PUBLIC_KEY_BYTES);
    }
    if (status == STATUS_OK && file->former_count > 0) {
        status = buffer_text(out, "former_administrators:\n");
    }
    for (size_t i = 0; status == STATUS_OK && i < file->former_count; i++) {
        status = put_line(out, "  - ", file->former[i].bytes, PUBLIC_KEY_BYTES);
    }
    return status;
}

static enum status write_keys(const struct enrol_file *file, struct buffer *out)
{
    enum status status =
        put_hex(out, "server_key", file->server_key.bytes, PUBLIC_KEY_BYTES);

    if (status == STATUS_OK && !file->new_keys) {
        status = put_hex(out, "join_public", file->join_keys.public_key.bytes,
                         PUBLIC_KEY_BYTES);
    }
    if (status == STATUS_OK && !file->new_keys) {
        status = put_hex(out, "join_secret", file->join_keys.secret,
                         CURVE_SECRET_BYTES);
    }
    if (status == STATUS_OK) {
        status = put_hex(out, "administrator", file->administrator.bytes,
                         PUBLIC_KEY_BYTES);
    }
    if (status == STATUS_OK) {
        status = put_hex(out, "ledger_key", file->ledger_key.bytes,
                         PUBLIC_KEY_BYTES);
    }
    if (status == STATUS_OK) {
        status = write_former(file, out);
    }
    if (status == STATUS_OK) {
        status = put_text(out, "origin", file->origin);
    }
    if (status == STATUS_OK && !file->new_keys) {
        status =
            put_hex(out, "ledger_id", file->ledger_id.bytes, RANDOM_ID_BYTES);
    }
    if (status == STATUS_OK && file->again) {
        status =
            put_hex(out, "agent_id", file->agent_id.bytes, RANDOM_ID_BYTES);
    }
    return status;
}

enum status enrol_file_save(const char *path, const struct enrol_file *file)
{
    struct buffer text;
    enum status status;

    check(file->address_count > 0 &&
          file->address_count <= ENROL_ADDRESSES_MAX);
    buffer_init(&text, ENROL_FILE_BYTES_MAX);
    /* All room at once: growing would leave copies of the secret behind. */
    status = buffer_reserve(&text, ENROL_FILE_BYTES_MAX);
    if (status == STATUS_OK) {
        status = write_head(file, &text);
    }
    if (status == STATUS_OK) {
        status = write_keys(file, &text);
    }
    if (status == STATUS_OK) {
        status = file_create(path, buffer_bytes(&text));
    }
    if (text.data != NULL) {
        sodium_memzero(text.data, text.capacity);
    }
    buffer_fini(&text);
    return status;
}
