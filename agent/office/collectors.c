/* Reads and writes the collectors beside the first. Failure modes: mistakes of
 * a person, told with their line. */
#include "agent/office/collectors.h"

#include "agent/office/config_web.h"
#include "agent/spool/spool_slots.h"
#include "common/base/check.h"

#include <string.h>

static const char *const known_keys[] = {
    "name", "collector", "collector_key", "ledger_key", "ledger_id",
    "slot", NULL};

/* ---- reading ---- */

static void read_name(const struct yaml *yaml, const struct yaml_node *node,
                      char name[CARD_NAME_MAX])
{
    const char *text;

    if (!yaml_text(yaml, node, &text)) {
        return;
    }
    if (!card_name_good(text)) {
        yaml_error(yaml, node, "\"%s\" không dùng làm tên được",
                   "\"%s\" cannot be a name", text);
        return;
    }
    memcpy(name, text, strlen(text) + 1);
}

static void read_slot(const struct yaml *yaml, const struct yaml_node *node,
                      unsigned *slot)
{
    uint64_t number = 0;

    if (yaml_integer(yaml, node, 0, SPOOL_SLOTS - 1, &number)) {
        *slot = (unsigned)number;
    }
}

static void read_other(const struct yaml *yaml, const struct yaml_node *node,
                       struct config *config)
{
    struct config_collector *other = &config->others[config->other_count];

    if (!yaml_keys(yaml, node, known_keys)) {
        return;
    }
    read_name(yaml, yaml_require(yaml, node, "name"), other->name);
    config_read_addresses(yaml, node, other->addresses, &other->address_count);
    (void)yaml_hex(yaml, yaml_require(yaml, node, "collector_key"),
                   "collector_key", other->server_key.bytes, PUBLIC_KEY_BYTES);
    (void)yaml_hex(yaml, yaml_require(yaml, node, "ledger_key"), "ledger_key",
                   other->ledger_key.bytes, PUBLIC_KEY_BYTES);
    (void)yaml_hex(yaml, yaml_require(yaml, node, "ledger_id"), "ledger_id",
                   other->ledger.bytes, RANDOM_ID_BYTES);
    read_slot(yaml, yaml_require(yaml, node, "slot"), &other->slot);
    config->other_count++;
}

/* Names and slots are each one's own. */
static void check_apart(const struct yaml *yaml, const struct yaml_node *list,
                        const struct config *config)
{
    const struct yaml_node *node = list->first;

    for (size_t i = 0; i < config->other_count && node != NULL;
         i++, node = node->next) {
        const struct config_collector *other = &config->others[i];
        bool twice = strcmp(other->name, config->name) == 0 ||
                     other->slot == config->slot;

        for (size_t k = 0; k < i; k++) {
            twice = twice || other->slot == config->others[k].slot ||
                    strcmp(other->name, config->others[k].name) == 0;
        }
        if (twice) {
            yaml_error(yaml, node, "tên hoặc slot đã dùng cho trung tâm khác",
                       "the name or the slot is another collector's");
        }
    }
}

void collectors_read(const struct yaml *yaml, const struct yaml_node *root,
                     struct config *config)
{
    const struct yaml_node *list = yaml_get(root, "others");
    const struct yaml_node *ledger = yaml_get(root, "ledger_id");

    read_name(yaml, yaml_get(root, "name"), config->name);
    read_slot(yaml, yaml_get(root, "slot"), &config->slot);
    if (ledger != NULL) {
        (void)yaml_hex(yaml, ledger, "ledger_id", config->ledger.bytes,
                       RANDOM_ID_BYTES);
    }
    if (list == NULL || !yaml_list(yaml, list)) {
        return;
    }
    if (list->count > CONFIG_OTHERS_MAX) {
        yaml_error(yaml, list, "nhiều nhất %u trung tâm khác",
                   "at most %u other collectors", CONFIG_OTHERS_MAX);
        return;
    }
    for (const struct yaml_node *node = list->first; node != NULL;
         node = node->next) {
        read_other(yaml, node, config);
    }
    check_apart(yaml, list, config);
}

/* ---- writing ---- */

static enum status put_text(struct buffer *out, const char *before,
                            const char *text)
{
    enum status rc = buffer_text(out, before);

    return rc == STATUS_OK ? config_put_quoted(out, text) : rc;
}

static enum status put_id(struct buffer *out, const char *before,
                          const struct random_id *id)
{
    char hex[BYTES_HEX_SIZE(RANDOM_ID_BYTES)];
    enum status rc = bytes_to_hex((struct bytes){id->bytes, RANDOM_ID_BYTES},
                                  hex, sizeof hex);

    return rc == STATUS_OK ? buffer_printf(out, "%s\"%s\"\n", before, hex) : rc;
}

static enum status write_other(const struct config_collector *other,
                               struct buffer *out)
{
    enum status rc = put_text(out, "  - name: ", other->name);

    if (rc == STATUS_OK) {
        rc = buffer_text(out, "    collector:\n");
    }
    for (size_t i = 0; rc == STATUS_OK && i < other->address_count; i++) {
        rc = put_text(out, "      - ", other->addresses[i]);
    }
    if (rc == STATUS_OK) {
        rc = config_put_key(out, "    collector_key: ", &other->server_key);
    }
    if (rc == STATUS_OK) {
        rc = config_put_key(out, "    ledger_key: ", &other->ledger_key);
    }
    if (rc == STATUS_OK) {
        rc = put_id(out, "    ledger_id: ", &other->ledger);
    }
    return rc == STATUS_OK ? buffer_printf(out, "    slot: %u\n", other->slot)
                           : rc;
}

enum status collectors_write(const struct config *config, struct buffer *out)
{
    static const struct language_text others = {
        "# Các trung tâm khác của tỉnh: xem tallyline-agent collectors. slot\n"
        "# là chỗ giữ những gì trung tâm đó trả lời, không được đổi.\n",
        "# Further collectors of the province: see tallyline-agent collectors. "
        "A slot is\n# where the spool keeps what that one says: it is not to "
        "be changed.\n"};
    static const struct random_id none;
    enum status rc = STATUS_OK;

    if (config->other_count == 0 && config->slot == 0 &&
        strcmp(config->name, COLLECTORS_FIRST) == 0) {
        return STATUS_OK;
    }
    rc = put_text(out, "name: ", config->name);
    if (rc == STATUS_OK && !random_id_equal(&config->ledger, &none)) {
        rc = put_id(out, "ledger_id: ", &config->ledger);
    }
    if (rc == STATUS_OK) {
        rc = buffer_printf(out, "slot: %u\n", config->slot);
    }
    if (rc == STATUS_OK && config->other_count > 0) {
        rc = buffer_printf(out, "%sothers:\n",
                           language_pick(others, config->language));
    }
    for (size_t i = 0; rc == STATUS_OK && i < config->other_count; i++) {
        rc = write_other(&config->others[i], out);
    }
    return rc;
}

/* ---- slots ---- */

static enum status check_slot(struct spool *spool, unsigned slot,
                              const struct random_id *ledger)
{
    struct random_id kept;
    enum status rc = spool_slot_ledger(spool, slot, &kept);

    return rc == STATUS_NOT_FOUND ||
                   (rc == STATUS_OK && !random_id_equal(&kept, ledger))
               ? STATUS_CONFIG
               : rc;
}

/* I3. An office that has one collector has nothing to be confounded. */
enum status collectors_open(const struct config *config, struct spool *spool)
{
    enum status rc = STATUS_OK;

    if (config->slot != 0 || config->other_count > 0) {
        rc = check_slot(spool, config->slot, &config->ledger);
    }
    for (size_t i = 0; rc == STATUS_OK && i < config->other_count; i++) {
        rc = check_slot(spool, config->others[i].slot,
                        &config->others[i].ledger);
        /* Its line will say so, and nothing else depends on it. */
        rc = rc == STATUS_CORRUPT ? STATUS_OK : rc;
    }
    if (rc == STATUS_OK) {
        spool_set_slots(spool, config->slot, collectors_other_slots(config));
    }
    return rc;
}

/* ---- who is who ---- */

uint32_t collectors_other_slots(const struct config *config)
{
    uint32_t slots = 0;

    for (size_t i = 0; i < config->other_count; i++) {
        slots |= 1u << config->others[i].slot;
    }
    return slots;
}

bool collectors_free_slot(const struct config *config, unsigned *slot)
{
    uint32_t used = collectors_other_slots(config) | 1u << config->slot;

    for (*slot = 0; *slot < SPOOL_SLOTS; ++*slot) {
        if ((used >> *slot & 1u) == 0) {
            return true;
        }
    }
    return false;
}

bool collectors_find(const struct config *config, const char *name,
                     size_t *place)
{
    for (*place = 0; *place < config->other_count; ++*place) {
        if (strcmp(config->others[*place].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void take_primary(const struct config *config,
                         struct config_collector *out)
{
    memset(out, 0, sizeof *out);
    memcpy(out->name, config->name, sizeof out->name);
    memcpy(out->addresses, config->addresses, sizeof out->addresses);
    out->address_count = config->address_count;
    out->server_key = config->server_key;
    out->ledger_key = config->ledger_key;
    out->ledger = config->ledger;
    out->slot = config->slot;
}

static void give_primary(const struct config_collector *collector,
                         struct config *config)
{
    memcpy(config->name, collector->name, sizeof config->name);
    memcpy(config->addresses, collector->addresses, sizeof config->addresses);
    config->address_count = collector->address_count;
    config->server_key = collector->server_key;
    config->ledger_key = collector->ledger_key;
    config->ledger = collector->ledger;
    config->slot = collector->slot;
}

void collectors_view(const struct config *config, size_t place,
                     struct config *view)
{
    check(place < config->other_count);
    *view = *config;
    give_primary(&config->others[place], view);
}

void collectors_mark(struct config *config, size_t place)
{
    struct config_collector before;

    check(place < config->other_count);
    take_primary(config, &before);
    give_primary(&config->others[place], config);
    config->others[place] = before;
}

void collectors_remove(struct config *config, size_t place)
{
    check(place < config->other_count);
    config->other_count--;
    memmove(&config->others[place], &config->others[place + 1],
            (config->other_count - place) * sizeof config->others[0]);
    memset(&config->others[config->other_count], 0, sizeof config->others[0]);
}
