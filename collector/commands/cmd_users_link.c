/* users link: an address that signs in once. */
#include "collector/commands/commands.h"
#include "collector/commands/commands_users.h"
#include "collector/commands/users_change.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define LINK_VALID_S 600

/* "http://127.0.0.1:18080", by the name that a browser comes by. */
static enum status base_address(const struct args *args,
                                const struct directory *directory, char *base,
                                size_t room)
{
    static const struct language_text none = {
        "không có trang web: hãy đặt web.listen với một cổng trong tệp này",
        "there are no pages: give web.listen with a port in this file"};
    struct settings settings;
    struct report report;
    const struct http_settings *web = &settings.web;
    const char *colon;
    enum status status;

    report_init(&report, args->language);
    status = settings_load(directory->config, &report, &settings);
    if (status != STATUS_OK) {
        command_report(&report);
    }
    report_fini(&report);
    if (status != STATUS_OK) {
        return status;
    }
    colon = strrchr(web->listen, ':');
    if (colon == NULL || strcmp(colon, ":0") == 0) {
        args_error(args, "%s: %s", directory->config, args_text(args, none));
        return STATUS_CONFIG;
    }
    (void)snprintf(base, room, "%s://%.*s%s",
                   web->certificate[0] == '\0' ? "http" : "https",
                   (int)(web->host_count > 0 ? sizeof web->hosts[0]
                                             : (size_t)(colon - web->listen)),
                   web->host_count > 0                        ? web->hosts[0]
                   : strncmp(web->listen, "0.0.0.0:", 8) == 0 ? "localhost"
                                                              : web->listen,
                   colon);
    return STATUS_OK;
}

static enum status add_link(const struct args *args, const char *name,
                            const char *token)
{
    struct users_change change = {.lock = -1};
    struct account link;
    struct account *old = NULL;
    int64_t now_s = clock_wall_us(clock_real()) / CLOCK_US_PER_S;
    enum status status = users_change_begin(&change, args, ACCOUNTS_LINKS);

    if (status == STATUS_OK) {
        for (size_t i = change.accounts.count; i > 0; i--) {
            old = &change.accounts.list[i - 1];
            if (old->expires_s <= now_s || strcmp(old->name, name) == 0) {
                accounts_remove(&change.accounts, old);
            }
        }
        memset(&link, 0, sizeof link);
        memcpy(link.name, name, strlen(name) + 1);
        account_hash(token, link.secret);
        link.expires_s = now_s + LINK_VALID_S;
        status = users_add_account(&change, &link);
    }
    users_change_end(&change);
    return status;
}

enum status cmd_users_link(const struct args *args, void *context)
{
    struct users_change change = {.lock = -1};
    char base[600];
    char token[ACCOUNT_TOKEN_SIZE];
    enum status status = users_change_begin(&change, args, ACCOUNTS_USERS);

    (void)context;
    if (status == STATUS_OK &&
        accounts_find(&change.accounts, args->operands[0]) == NULL) {
        status = users_say_unknown(args);
    }
    users_change_end(&change);
    if (status == STATUS_OK) {
        status = base_address(args, &change.directory, base, sizeof base);
    }
    if (status == STATUS_OK) {
        account_make_token(ACCOUNT_LINK_BYTES, token);
        status = add_link(args, args->operands[0], token);
    }
    if (status == STATUS_OK) {
        /* Behind the hash, which no server and no log gets to see. */
        (void)fprintf(args->out, "%s/dang-nhap#%s\n", base, token);
    }
    sodium_memzero(token, sizeof token);
    return status;
}
