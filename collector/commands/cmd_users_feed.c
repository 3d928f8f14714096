/* users feed: which keys may subscribe to the live feed. The file is changed
 * beside a collector that runs, and it notices (feed.h). */
#include "collector/commands/commands.h"
#include "collector/commands/commands_users.h"
#include "collector/commands/users_change.h"

#include <stdio.h>
#include <string.h>

#include "collector/province/keys.h"

/* A key of 32 bytes in small hex, as every other key is shown. */
static enum status read_key(const struct args *args, struct account *account)
{
    static const struct language_text wrong = {
        "khóa công khai phải là 64 chữ số hex (examples/subscribe.py "
        "--make-key tạo một cặp)",
        "a public key is 64 hex digits (examples/subscribe.py --make-key makes "
        "a pair)"};
    const char *text = args->operands[1];
    struct public_key key;
    size_t size = 0;

    if (strlen(text) != 2 * PUBLIC_KEY_BYTES ||
        bytes_from_hex(text, key.bytes, sizeof key.bytes, &size) != STATUS_OK ||
        bytes_to_hex((struct bytes){key.bytes, sizeof key.bytes},
                     account->secret, sizeof account->secret) != STATUS_OK) {
        args_error(args, "%s: %s", text, args_text(args, wrong));
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

enum status cmd_users_feed(const struct args *args, void *context)
{
    static const struct language_text wrong_role = {
        "luồng số liệu là của toàn tỉnh: không có vai trò district",
        "the feed is of the whole province: there is no role district"};
    struct account account;
    struct users_change change = {.lock = -1};
    enum status status = users_read_name(args, &account);

    (void)context;
    if (status == STATUS_OK) {
        status = users_read_role(args, &account);
    }
    if (status == STATUS_OK && account.role == ROLE_DISTRICT) {
        args_error(args, "%s", args_text(args, wrong_role));
        status = STATUS_USAGE;
    }
    if (status == STATUS_OK) {
        status = read_key(args, &account);
    }
    if (status == STATUS_OK) {
        status = users_change_begin(&change, args, ACCOUNTS_FEED);
    }
    if (status == STATUS_OK) {
        status = users_add_account(&change, &account);
    }
    users_change_end(&change);
    return status;
}

enum status cmd_users_revoke_feed(const struct args *args, void *context)
{
    (void)context;
    return users_remove_from(args, ACCOUNTS_FEED);
}

/* The key by which subscribers know the collector. */
enum status cmd_users_feed_server(const struct args *args, void *context)
{
    struct directory directory;
    struct keys keys;
    const char *what = NULL;
    char hex[BYTES_HEX_SIZE(PUBLIC_KEY_BYTES)];
    enum status status = command_directory(args, &directory);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    status = keys_load(&directory, &keys, &what);
    if (status != STATUS_OK) {
        return command_fail(args, what, status);
    }
    status = bytes_to_hex(
        (struct bytes){keys.server.public_key.bytes, PUBLIC_KEY_BYTES}, hex,
        sizeof hex);
    keys_wipe(&keys);
    if (status == STATUS_OK) {
        (void)fprintf(args->out, "%s\n", hex);
    }
    return status;
}
