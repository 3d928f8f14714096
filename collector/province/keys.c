#include "collector/province/keys.h"

#include "common/base/check.h"

#include <stdio.h>

#define SERVER_KEY        "server.key"
#define LEDGER_KEY        "ledger.key"
#define ADMINISTRATOR_KEY "administrator.key"

struct key_path {
    char text[DIRECTORY_PATH_MAX + sizeof "/" ADMINISTRATOR_KEY];
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
    struct key_path administrator = key_path(directory, ADMINISTRATOR_KEY);
    enum status status = curve_keys_save(server.text, &keys->server);

    if (status == STATUS_OK) {
        status = sign_keys_save(ledger.text, &keys->ledger);
    }
    if (status == STATUS_OK) {
        status = sign_keys_save(administrator.text, &keys->administrator);
    }
    return status;
}

enum status keys_make(const struct directory *directory, struct keys *keys)
{
    enum status status;

    curve_keys_make(&keys->server);
    sign_keys_make(&keys->ledger);
    sign_keys_make(&keys->administrator);
    status = keys_save(directory, keys);
    if (status != STATUS_OK) {
        keys_wipe(keys);
    }
    return status;
}

enum status keys_load(const struct directory *directory, struct keys *keys,
                      const char **file)
{
    struct key_path server = key_path(directory, SERVER_KEY);
    struct key_path ledger = key_path(directory, LEDGER_KEY);
    struct key_path administrator = key_path(directory, ADMINISTRATOR_KEY);
    const char *at = SERVER_KEY;
    enum status status = curve_keys_load(server.text, &keys->server);

    if (status == STATUS_OK) {
        at = LEDGER_KEY;
        status = sign_keys_load(ledger.text, &keys->ledger);
    }
    if (status == STATUS_OK) {
        at = ADMINISTRATOR_KEY;
        status = sign_keys_load(administrator.text, &keys->administrator);
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
}
