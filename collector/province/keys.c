#include "collector/province/keys.h"

#include "common/base/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SERVER_KEY "server.key"
#define LEDGER_KEY "ledger.key"

struct key_path {
    char text[DIRECTORY_PATH_MAX + sizeof "/" KEYS_ADMINISTRATOR];
};

static struct key_path key_path(const struct directory *directory,
                                const char *name)
{
    struct key_path path;
    int length =
        snprintf(path.text, sizeof path.text, "%s/%s", directory->keys, name);

    check(length > 0 && (size_t)length < sizeof path.text);
    return path;
}

enum status keys_save(const struct directory *directory,
                      const struct keys *keys)
{
    struct key_path server = key_path(directory, SERVER_KEY);
    struct key_path ledger = key_path(directory, LEDGER_KEY);
    struct key_path administrator = key_path(directory, KEYS_ADMINISTRATOR);
    struct key_path announced = key_path(directory, KEYS_ANNOUNCED);
    enum status status = curve_keys_save(server.text, &keys->server);

    if (status == STATUS_OK) {
        status = sign_keys_save(ledger.text, &keys->ledger);
    }
    if (status == STATUS_OK) {
        status = sign_keys_save(administrator.text, &keys->administrator);
    }
    if (status == STATUS_OK && keys->announced.new_keys) {
        status = enrol_file_save(announced.text, &keys->announced);
    }
    return status;
}

static enum status make(const struct directory *directory, struct keys *keys)
{
    enum status status;

    curve_keys_make(&keys->server);
    sign_keys_make(&keys->ledger);
    sign_keys_make(&keys->administrator);
    if (keys->announced.new_keys) {
        keys->announced.server_key = keys->server.public_key;
        keys->announced.ledger_key = keys->ledger.public_key;
        keys->announced.administrator = keys->administrator.public_key;
    }
    status = keys_save(directory, keys);
    if (status != STATUS_OK) {
        keys_wipe(keys);
    }
    return status;
}

enum status keys_make(const struct directory *directory, struct keys *keys)
{
    memset(&keys->announced, 0, sizeof keys->announced);
    return make(directory, keys);
}

enum status keys_make_beside(const struct directory *directory,
                             struct keys *keys)
{
    memset(&keys->announced, 0, sizeof keys->announced);
    curve_keys_make(&keys->server);
    sign_keys_make(&keys->ledger);
    return keys_save(directory, keys);
}

enum status keys_renew(const struct directory *directory,
                       const struct enrol_file *former, struct keys *keys)
{
    keys->announced = *former;
    keys->announced.new_keys = true;
    return make(directory, keys);
}

/* Keys that were never lost have no such file. */
static enum status load_announced(const struct directory *directory,
                                  struct keys *keys)
{
    struct key_path path = key_path(directory, KEYS_ANNOUNCED);
    struct enrol_file *file = &keys->announced;
    struct report report;
    enum status status;

    report_init(&report, LANGUAGE_EN);
    status = enrol_file_load(path.text, &report, file);
    report_fini(&report);
    if (status == STATUS_NO_INPUT && access(path.text, F_OK) != 0) {
        return STATUS_OK;
    }
    if (status == STATUS_OK &&
        (!file->new_keys ||
         !public_key_equal(&file->server_key, &keys->server.public_key) ||
         !public_key_equal(&file->ledger_key, &keys->ledger.public_key) ||
         !public_key_equal(&file->administrator,
                           &keys->administrator.public_key))) {
        status = STATUS_INVALID;
    }
    return status;
}

enum status keys_load(const struct directory *directory, struct keys *keys,
                      const char **file)
{
    struct key_path server = key_path(directory, SERVER_KEY);
    struct key_path ledger = key_path(directory, LEDGER_KEY);
    struct key_path administrator = key_path(directory, KEYS_ADMINISTRATOR);
    const char *at = SERVER_KEY;
    enum status status = curve_keys_load(server.text, &keys->server);

    if (status == STATUS_OK) {
        at = LEDGER_KEY;
        status = sign_keys_load(ledger.text, &keys->ledger);
    }
    if (status == STATUS_OK) {
        at = KEYS_ADMINISTRATOR;
        status = sign_keys_load(administrator.text, &keys->administrator);
    }
    if (status == STATUS_OK) {
        at = KEYS_ANNOUNCED;
        status = load_announced(directory, keys);
    }
    if (status != STATUS_OK) {
        keys_wipe(keys);
    }
    if (file != NULL) {
        *file = status == STATUS_OK ? NULL : at;
    }
    return status;
}

void keys_wipe(struct keys *keys)
{
    curve_keys_wipe(&keys->server);
    sign_keys_wipe(&keys->ledger);
    sign_keys_wipe(&keys->administrator);
    enrol_file_wipe(&keys->announced);
}
