/* Writes what the province gives an office. Failure modes: a file that is there
 * stays; without room there is none. The secret is wiped from the buffers here.
 */
#include "common/format/enrol_file_private.h"

#include "common/base/check.h"
#include "common/base/file.h"
#include "common/base/text.h"
#include "common/format/key_lines.h"

#include <sodium.h>

/* That takes the file. */
static const char *const commands[] = {[ENROL_JOIN] = "join",
                                       [ENROL_ROTATE] = "rotate",
                                       [ENROL_AGAIN] = "join",
                                       [ENROL_NEW_KEYS] =
                                           "join --new-province-keys"};

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
        status = key_lines_put_text(out, "office", file->office);
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
        status =
            key_lines_put_addresses(out, file->addresses, file->address_count);
    }
    return status;
}

static enum status write_former(const struct enrol_file *file,
                                struct buffer *out)
{
    enum status status = STATUS_OK;

    if (file->new_keys) {
        status =
            key_lines_put_hex(out, "former_ledger_key",
                              file->former_ledger_key.bytes, PUBLIC_KEY_BYTES);
    }
    if (status == STATUS_OK && file->former_count > 0) {
        status = buffer_text(out, "former_administrators:\n");
    }
    for (size_t i = 0; status == STATUS_OK && i < file->former_count; i++) {
        status =
            key_lines_put(out, "  - ", file->former[i].bytes, PUBLIC_KEY_BYTES);
    }
    return status;
}

static enum status write_keys(const struct enrol_file *file, struct buffer *out)
{
    enum status status = key_lines_put_hex(
        out, "server_key", file->server_key.bytes, PUBLIC_KEY_BYTES);

    if (status == STATUS_OK && !file->new_keys) {
        status = key_lines_put_hex(out, "join_public",
                                   file->join_keys.public_key.bytes,
                                   PUBLIC_KEY_BYTES);
    }
    if (status == STATUS_OK && !file->new_keys) {
        status = key_lines_put_hex(out, "join_secret", file->join_keys.secret,
                                   CURVE_SECRET_BYTES);
    }
    if (status == STATUS_OK) {
        status = key_lines_put_hex(out, "administrator",
                                   file->administrator.bytes, PUBLIC_KEY_BYTES);
    }
    if (status == STATUS_OK) {
        status = key_lines_put_hex(out, "ledger_key", file->ledger_key.bytes,
                                   PUBLIC_KEY_BYTES);
    }
    if (status == STATUS_OK) {
        status = write_former(file, out);
    }
    if (status == STATUS_OK) {
        status = key_lines_put_text(out, "origin", file->origin);
    }
    if (status == STATUS_OK && !file->new_keys) {
        status = key_lines_put_hex(out, "ledger_id", file->ledger_id.bytes,
                                   RANDOM_ID_BYTES);
    }
    if (status == STATUS_OK && file->again) {
        status = key_lines_put_hex(out, "agent_id", file->agent_id.bytes,
                                   RANDOM_ID_BYTES);
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
