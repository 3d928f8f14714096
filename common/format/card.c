/* Failure modes: those of key_lines. A card that somebody has changed reads as
 * it stands, and its signature does not fit. */
#include "common/format/card.h"

#include "common/base/check.h"
#include "common/base/file.h"
#include "common/base/text.h"
#include "common/base/yaml.h"
#include "common/format/key_lines.h"

#include <string.h>

#define CARD_VERSION 1u
#define CONTEXT      "tallyline collector 1"
/* Of what is signed. */
#define SIGNED_MAX                                                   \
    (3u + CARD_NAME_MAX + CONTROL_NAME_MAX + 3u * PUBLIC_KEY_BYTES + \
     RANDOM_ID_BYTES + 1u + ENROL_ADDRESSES_MAX * (2u + ENROL_ADDRESS_MAX))

static const char *const known_keys[] = {
    "version",       "purpose",    "name",      "collector",
    "server_key",    "ledger_key", "ledger_id", "origin",
    "administrator", "signature",  NULL};
static const char *const purposes[] = {"collector", NULL};

bool card_name_good(const char *name)
{
    char same[CARD_NAME_MAX];
    size_t size = strlen(name);

    return size > 0 && size < CARD_NAME_MAX && name[0] != ' ' &&
           name[size - 1] != ' ' &&
           text_to_nfc(name, size, same, sizeof same, NULL, NULL) ==
               STATUS_OK &&
           strcmp(name, same) == 0;
}

/* ---- the signature ---- */

struct place {
    uint8_t bytes[SIGNED_MAX];
    size_t size;
};

static void put(struct place *place, const void *data, size_t size)
{
    check(size <= sizeof place->bytes - place->size);
    memcpy(place->bytes + place->size, data, size);
    place->size += size;
}

static void put_u8(struct place *place, size_t value)
{
    uint8_t byte = (uint8_t)value;

    check(value <= UINT8_MAX);
    put(place, &byte, 1);
}

static void put_text(struct place *place, const char *text)
{
    put_u8(place, strlen(text));
    put(place, text, strlen(text));
}

/* What is signed, as the header lays it out. */
static struct bytes lay_out(const struct card *card, struct place *place)
{
    place->size = 0;
    put_u8(place, CARD_VERSION);
    put_text(place, card->name);
    put_text(place, card->origin);
    put(place, card->server_key.bytes, PUBLIC_KEY_BYTES);
    put(place, card->ledger_key.bytes, PUBLIC_KEY_BYTES);
    put(place, card->ledger_id.bytes, RANDOM_ID_BYTES);
    put(place, card->administrator.bytes, PUBLIC_KEY_BYTES);
    put_u8(place, card->address_count);
    for (size_t i = 0; i < card->address_count; i++) {
        size_t size = strlen(card->addresses[i]);
        uint8_t length[2];

        bytes_put_u16(length, (uint16_t)size);
        put(place, length, sizeof length);
        put(place, card->addresses[i], size);
    }
    return (struct bytes){.data = place->bytes, .size = place->size};
}

void card_sign(struct card *card, const struct sign_keys *administrator)
{
    struct place place;

    check(card_name_good(card->name));
    check(card->origin[0] != '\0');
    check(card->address_count > 0 &&
          card->address_count <= ENROL_ADDRESSES_MAX);
    card->administrator = administrator->public_key;
    sign_make(administrator, CONTEXT, lay_out(card, &place), &card->signature);
}

enum status card_verify(const struct card *card,
                        const struct public_key *administrator)
{
    struct place place;

    return public_key_equal(&card->administrator, administrator) &&
                   sign_verify(administrator, CONTEXT, lay_out(card, &place),
                               &card->signature)
               ? STATUS_OK
               : STATUS_REFUSED;
}

/* ---- writing ---- */

static enum status write_card(const struct card *card, struct buffer *out)
{
    enum status status = buffer_printf(
        out,
        "# Thẻ của một trung tâm, không bí mật: tallyline-agent collectors "
        "add TỆP-NÀY\n"
        "# Card of a collector, no secret: tallyline-agent collectors add "
        "THIS-FILE\n"
        "version: %u\npurpose: %s\n",
        CARD_VERSION, purposes[0]);

    if (status == STATUS_OK) {
        status = key_lines_put_text(out, "name", card->name);
    }
    if (status == STATUS_OK) {
        status =
            key_lines_put_addresses(out, card->addresses, card->address_count);
    }
    if (status == STATUS_OK) {
        status = key_lines_put_hex(out, "server_key", card->server_key.bytes,
                                   PUBLIC_KEY_BYTES);
    }
    if (status == STATUS_OK) {
        status = key_lines_put_hex(out, "ledger_key", card->ledger_key.bytes,
                                   PUBLIC_KEY_BYTES);
    }
    if (status == STATUS_OK) {
        status = key_lines_put_hex(out, "ledger_id", card->ledger_id.bytes,
                                   RANDOM_ID_BYTES);
    }
    if (status == STATUS_OK) {
        status = key_lines_put_text(out, "origin", card->origin);
    }
    if (status == STATUS_OK) {
        status = key_lines_put_hex(out, "administrator",
                                   card->administrator.bytes, PUBLIC_KEY_BYTES);
    }
    if (status == STATUS_OK) {
        status = key_lines_put_hex(out, "signature", card->signature.bytes,
                                   SIGNATURE_BYTES);
    }
    return status;
}

enum status card_save(const char *path, const struct card *card)
{
    struct buffer text;
    enum status status;

    check(card_verify(card, &card->administrator) == STATUS_OK);
    buffer_init(&text, CARD_BYTES_MAX);
    status = write_card(card, &text);
    if (status == STATUS_OK) {
        status = file_create(path, buffer_bytes(&text));
    }
    buffer_fini(&text);
    return status;
}

/* ---- reading ---- */

static void read_name(const struct yaml *yaml, struct card *card)
{
    const struct yaml_node *node = yaml_require(yaml, yaml_root(yaml), "name");
    size_t before = yaml_report(yaml)->errors;

    key_lines_read_text(yaml, "name", card->name, sizeof card->name);
    if (node != NULL && yaml_report(yaml)->errors == before &&
        !card_name_good(card->name)) {
        yaml_error(yaml, node, "không gọi trung tâm như thế được",
                   "no collector can be called so");
    }
}

static void read_fields(const struct yaml *yaml, void *out)
{
    struct card *card = out;
    const struct yaml_node *root = yaml_root(yaml);
    uint32_t purpose = 0;

    (void)yaml_choice(yaml, yaml_require(yaml, root, "purpose"), purposes,
                      &purpose);
    read_name(yaml, card);
    key_lines_read_addresses(yaml, card->addresses, &card->address_count);
    key_lines_read_hex(yaml, "server_key", card->server_key.bytes,
                       PUBLIC_KEY_BYTES);
    key_lines_read_hex(yaml, "ledger_key", card->ledger_key.bytes,
                       PUBLIC_KEY_BYTES);
    key_lines_read_hex(yaml, "ledger_id", card->ledger_id.bytes,
                       RANDOM_ID_BYTES);
    (void)yaml_require(yaml, root, "origin");
    key_lines_read_text(yaml, "origin", card->origin, sizeof card->origin);
    key_lines_read_hex(yaml, "administrator", card->administrator.bytes,
                       PUBLIC_KEY_BYTES);
    key_lines_read_hex(yaml, "signature", card->signature.bytes,
                       SIGNATURE_BYTES);
}

enum status card_load(const char *path, struct report *report,
                      struct card *card)
{
    static const struct key_lines_kind kind = {
        .bytes_max = CARD_BYTES_MAX,
        .version = CARD_VERSION,
        .keys = known_keys,
        .too_large = {"tệp quá lớn, không phải thẻ của một trung tâm",
                      "the file is too large, it is no collector's card"},
        .read = read_fields};
    enum status status;

    memset(card, 0, sizeof *card);
    status = key_lines_load(path, &kind, report, card);
    if (status != STATUS_OK) {
        memset(card, 0, sizeof *card);
    }
    return status;
}
