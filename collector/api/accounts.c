#include "collector/api/accounts.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"

static const struct {
    uint32_t role;
    const char *name;
} roles[] = {{ROLE_VIEWER, "viewer"},
             {ROLE_OFFICER, "officer"},
             {ROLE_AUDITOR, "auditor"},
             {ROLE_ADMIN, "admin"},
             {ROLE_DISTRICT, "district"}};

const char *role_name(uint32_t role)
{
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (roles[i].role == role) {
            return roles[i].name;
        }
    }
    return NULL;
}

uint32_t role_read(const char *name)
{
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (strcmp(roles[i].name, name) == 0) {
            return roles[i].role;
        }
    }
    return 0;
}

/* ---- lists ---- */

void accounts_init(struct accounts *accounts)
{
    memset(accounts, 0, sizeof *accounts);
}

void accounts_fini(struct accounts *accounts)
{
    if (accounts->list != NULL) {
        sodium_memzero(accounts->list, accounts->room * sizeof *accounts->list);
    }
    free(accounts->list);
    accounts_init(accounts);
}

struct account *accounts_find(const struct accounts *accounts, const char *name)
{
    for (size_t i = 0; i < accounts->count; i++) {
        if (strcmp(accounts->list[i].name, name) == 0) {
            return &accounts->list[i];
        }
    }
    return NULL;
}

static enum status make_room(struct accounts *accounts)
{
    size_t room = accounts->room == 0 ? 16 : accounts->room * 2;
    struct account *list;

    if (accounts->count < accounts->room) {
        return STATUS_OK;
    }
    if (accounts->count == ACCOUNTS_MAX) {
        return STATUS_FULL;
    }
    list = realloc(accounts->list, room * sizeof *list);
    if (list == NULL) {
        return STATUS_MEMORY;
    }
    accounts->list = list;
    accounts->room = room;
    return STATUS_OK;
}

enum status accounts_add(struct accounts *accounts,
                         const struct account *account)
{
    enum status status = make_room(accounts);

    if (accounts_find(accounts, account->name) != NULL) {
        return STATUS_EXISTS;
    }
    if (status == STATUS_OK) {
        accounts->list[accounts->count++] = *account;
    }
    return status;
}

void accounts_remove(struct accounts *accounts, struct account *account)
{
    size_t place = (size_t)(account - accounts->list);

    check(place < accounts->count);
    memmove(account, account + 1,
            (accounts->count - place - 1) * sizeof *account);
    accounts->count--;
}

bool account_name_good(const char *name)
{
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-");

    return name[0] >= 'a' && name[0] <= 'z' && name[size] == '\0' &&
           size < ACCOUNT_NAME_SIZE;
}

/* ---- secrets ---- */

void account_make_token(size_t bytes, char *token)
{
    uint8_t random[ACCOUNT_TOKEN_BYTES];

    check(bytes <= sizeof random);
    randombytes_buf(random, bytes);
    check(bytes_to_hex((struct bytes){random, bytes}, token,
                       BYTES_HEX_SIZE(bytes)) == STATUS_OK);
    sodium_memzero(random, sizeof random);
}

void account_hash(const char *token, char hash[ACCOUNT_HASH_SIZE])
{
    uint8_t digest[crypto_hash_sha256_BYTES];

    check(crypto_hash_sha256(digest, (const unsigned char *)token,
                             strlen(token)) == 0);
    check(bytes_to_hex((struct bytes){digest, sizeof digest}, hash,
                       ACCOUNT_HASH_SIZE) == STATUS_OK);
}
