#include "common/people/accounts.h"

#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/text.h"

const char *accounts_role_name(const struct accounts_rules *rules,
                               uint32_t role)
{
    for (size_t i = 0; i < ACCOUNTS_ROLES_MAX && rules->roles[i].role != 0;
         i++) {
        if (rules->roles[i].role == role) {
            return rules->roles[i].name;
        }
    }
    return NULL;
}

uint32_t accounts_role_read(const struct accounts_rules *rules,
                            const char *name)
{
    for (size_t i = 0; i < ACCOUNTS_ROLES_MAX && rules->roles[i].role != 0;
         i++) {
        if (strcmp(rules->roles[i].name, name) == 0) {
            return rules->roles[i].role;
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

/* ---- names ---- */

static bool is_plain(const char *name)
{
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-");

    return name[0] >= 'a' && name[0] <= 'z' && name[size] == '\0' &&
           size <= ACCOUNT_PLAIN_MAX;
}

/* Whatever is not ASCII is taken for a letter: of controls and of other forms
 * than NFC there are none (text_check). */
static bool is_written(const char *name)
{
    size_t size = strlen(name);
    bool blank = true; /* the one before */

    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)name[i];
        bool letter = c >= 0x80 || isalnum(c) != 0;

        if ((!letter && strchr(" .-'", c) == NULL) || (c == ' ' && blank) ||
            (i == 0 && !letter)) {
            return false;
        }
        blank = c == ' ';
    }
    return size > 0 && size < ACCOUNT_NAME_SIZE && !blank &&
           text_check(name, size) == TEXT_OK;
}

bool account_name_good(const struct accounts_rules *rules, const char *name)
{
    return rules->written_names ? is_written(name) : is_plain(name);
}

static void exchange(char *name, char from, char to)
{
    for (; *name != '\0'; name++) {
        *name = *name == from ? to : *name;
    }
}

void account_name_pack(const struct accounts_rules *rules,
                       char name[ACCOUNT_NAME_SIZE])
{
    if (rules->written_names) {
        exchange(name, ' ', '_');
    }
}

void account_name_unpack(const struct accounts_rules *rules,
                         char name[ACCOUNT_NAME_SIZE])
{
    if (rules->written_names) {
        exchange(name, '_', ' ');
    }
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
