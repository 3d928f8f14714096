/* Failure modes: a file that others may touch is refused, whatever it holds; a
 * line that cannot be read refuses the whole file, so that no account is lost
 * by a slip of an editor without anybody noticing; a file is replaced by
 * another one under its name, so that a reader sees the old or the new. */
#include "common/people/accounts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/file.h"
#include "common/event/unit.h"

#define FIELDS_MAX 5u

static enum status path_of(const char *directory, const char *name,
                           char path[FILE_PATH_MAX])
{
    int size = snprintf(path, FILE_PATH_MAX, "%s/%s", directory, name);

    return size > 0 && (size_t)size < FILE_PATH_MAX ? STATUS_OK : STATUS_IO;
}

/* ---- reading ---- */

static size_t split(char *line, char *fields[FIELDS_MAX + 1])
{
    size_t count = 0;
    char *save = NULL;

    for (char *field = strtok_r(line, " \t\r", &save);
         field != NULL && count <= FIELDS_MAX;
         field = strtok_r(NULL, " \t\r", &save)) {
        fields[count++] = field;
    }
    return count;
}

/* `has`: an account of that role has a unit. */
static bool read_unit(const char *text, bool has, uint32_t *unit)
{
    if (strcmp(text, "-") == 0) {
        return !has;
    }
    return has && unit_key_parse(text, strlen(text), 0, unit) == STATUS_OK;
}

static bool read_number(const char *text, int64_t *number)
{
    char *end = NULL;

    if (strspn(text, "0123456789") != strlen(text) || strlen(text) > 12) {
        return false;
    }
    *number = (int64_t)strtoll(text, &end, 10);
    return end != text;
}

static bool is_hash(const char *text)
{
    return strspn(text, "0123456789abcdef") == strlen(text) &&
           strlen(text) == ACCOUNT_HASH_SIZE - 1;
}

static bool read_name(const struct accounts_rules *rules, const char *field,
                      char name[ACCOUNT_NAME_SIZE])
{
    if (strlen(field) >= ACCOUNT_NAME_SIZE) {
        return false;
    }
    memcpy(name, field, strlen(field) + 1);
    account_name_unpack(rules, name);
    return account_name_good(rules, name);
}

static bool read_account(const struct accounts_rules *rules,
                         enum accounts_kind kind, char *line,
                         struct account *account)
{
    char *fields[FIELDS_MAX + 1];
    size_t count = split(line, fields);
    bool link = kind == ACCOUNTS_LINKS;

    memset(account, 0, sizeof *account);
    if (count != (link ? 5u : 4u) ||
        !read_name(rules, fields[0], account->name) ||
        strlen(fields[3]) >= ACCOUNT_SECRET_SIZE) {
        return false;
    }
    memcpy(account->secret, fields[3], strlen(fields[3]) + 1);
    if (link) {
        return is_hash(fields[3]) &&
               read_number(fields[4], &account->expires_s);
    }
    account->role = accounts_role_read(rules, fields[1]);
    return account->role != 0 &&
           read_unit(fields[2], account->role == rules->unit_role,
                     &account->unit) &&
           (kind == ACCOUNTS_TOKENS || kind == ACCOUNTS_FEED
                ? is_hash(fields[3])
                : strncmp(fields[3], crypto_pwhash_STRPREFIX,
                          strlen(crypto_pwhash_STRPREFIX)) == 0);
}

static enum status read_lines(const struct accounts_rules *rules,
                              enum accounts_kind kind, char *text,
                              struct accounts *accounts, size_t *number)
{
    enum status status = STATUS_OK;
    char *next = text;

    for (*number = 1; status == STATUS_OK && *next != '\0'; (*number)++) {
        char *line = next;
        struct account account;

        next += strcspn(line, "\n");
        if (*next == '\n') {
            *next++ = '\0';
        }
        if (line[0] == '#' || line[strspn(line, " \t\r")] == '\0') {
            continue;
        }
        if (!read_account(rules, kind, line, &account)) {
            return STATUS_INVALID;
        }
        /* Of a user the last link is good, and only that. */
        if (kind == ACCOUNTS_LINKS) {
            struct account *first = accounts_find(accounts, account.name);

            if (first != NULL) {
                accounts_remove(accounts, first);
            }
        }
        status = accounts_add(accounts, &account);
        if (status == STATUS_EXISTS || status == STATUS_FULL) {
            return STATUS_INVALID;
        }
    }
    return status;
}

static void note(const struct stat *info, struct accounts_seen *seen)
{
    seen->device = info->st_dev;
    seen->inode = info->st_ino;
    seen->size = info->st_size;
    seen->changed = info->st_ctim;
}

static enum status read_file(int fd, struct buffer *text)
{
    uint8_t part[4096];
    ssize_t got;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && (got = read(fd, part, sizeof part)) != 0) {
        if (got < 0) {
            return STATUS_NO_INPUT;
        }
        status = buffer_append(text, (struct bytes){part, (size_t)got});
    }
    if (status == STATUS_OK) {
        status = buffer_u8(text, 0);
    }
    sodium_memzero(part, sizeof part);
    return status == STATUS_FULL ? STATUS_INVALID : status;
}

enum status account_file_read(const char *directory, const char *name,
                              struct buffer *text, struct stat *info)
{
    char path[FILE_PATH_MAX];
    enum status status = path_of(directory, name, path);
    int fd;

    memset(info, 0, sizeof *info);
    if (status != STATUS_OK) {
        return status;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_NO_INPUT;
    }
    if (fstat(fd, info) != 0 || !S_ISREG(info->st_mode)) {
        status = STATUS_NO_INPUT;
    } else if ((info->st_mode & (S_IRWXG | S_IRWXO)) != 0 ||
               info->st_uid != geteuid()) {
        status = STATUS_REFUSED;
    } else {
        status = read_file(fd, text);
    }
    if (status == STATUS_OK &&
        strlen((const char *)text->data) + 1 != text->size) {
        status = STATUS_INVALID; /* a NUL would hide what is behind it */
    }
    (void)close(fd);
    return status;
}

void account_text_wipe(struct buffer *text)
{
    if (text->data != NULL) {
        sodium_memzero(text->data, text->size);
    }
    buffer_fini(text);
}

enum status accounts_load(const struct accounts_rules *rules,
                          const char *directory, enum accounts_kind kind,
                          struct accounts *accounts, size_t *line,
                          struct accounts_seen *seen)
{
    struct buffer text;
    struct stat info;
    enum status status;

    accounts_init(accounts);
    *line = 0;
    if (rules->files[kind] == NULL) {
        return STATUS_OK;
    }
    buffer_init(&text, ACCOUNTS_BYTES_MAX);
    status = account_file_read(directory, rules->files[kind], &text, &info);
    if (status == STATUS_OK) {
        status = read_lines(rules, kind, (char *)text.data, accounts, line);
    }
    if (status == STATUS_NOT_FOUND) {
        status = STATUS_OK;
    }
    /* What was refused is not read again until it changes, if only its mode. */
    if (seen != NULL) {
        note(&info, seen);
    }
    if (status != STATUS_OK) {
        accounts_fini(accounts);
    }
    account_text_wipe(&text);
    return status;
}

bool accounts_changed(const struct accounts_rules *rules, const char *directory,
                      enum accounts_kind kind, const struct accounts_seen *seen)
{
    char path[FILE_PATH_MAX];
    struct accounts_seen now;
    struct stat info;

    memset(&now, 0, sizeof now);
    if (rules->files[kind] == NULL) {
        return false;
    }
    if (path_of(directory, rules->files[kind], path) == STATUS_OK &&
        lstat(path, &info) == 0) {
        note(&info, &now);
    }
    return now.device != seen->device || now.inode != seen->inode ||
           now.size != seen->size ||
           now.changed.tv_sec != seen->changed.tv_sec ||
           now.changed.tv_nsec != seen->changed.tv_nsec;
}

/* ---- writing ---- */

static enum status put_account(const struct accounts_rules *rules,
                               enum accounts_kind kind,
                               const struct account *account,
                               struct buffer *text)
{
    char unit[UNIT_TEXT_MAX] = "-";
    char name[ACCOUNT_NAME_SIZE];

    if (account->unit != 0) {
        unit_key_format(account->unit, unit);
    }
    memcpy(name, account->name, sizeof name);
    account_name_pack(rules, name);
    if (kind == ACCOUNTS_LINKS) {
        return buffer_printf(text, "%s - - %s %" PRId64 "\n", name,
                             account->secret, account->expires_s);
    }
    return buffer_printf(text, "%s %s %s %s\n", name,
                         accounts_role_name(rules, account->role), unit,
                         account->secret);
}

static enum status replace(const char *path, const struct buffer *text)
{
    char part[FILE_PATH_MAX];
    int size = snprintf(part, sizeof part, "%s.new", path);
    enum status status;

    if (size < 0 || (size_t)size >= sizeof part) {
        return STATUS_IO;
    }
    (void)unlink(part);
    status = file_create(part, buffer_bytes(text));
    if (status == STATUS_OK && rename(part, path) != 0) {
        status = STATUS_IO;
    }
    return status == STATUS_OK ? file_sync_folder(path) : status;
}

enum status accounts_save(const struct accounts_rules *rules,
                          const char *directory, enum accounts_kind kind,
                          const struct accounts *accounts)
{
    char path[FILE_PATH_MAX];
    struct buffer text;
    enum status status = path_of(directory, rules->files[kind], path);

    buffer_init(&text, ACCOUNTS_BYTES_MAX);
    for (size_t i = 0; status == STATUS_OK && i < accounts->count; i++) {
        status = put_account(rules, kind, &accounts->list[i], &text);
    }
    if (status == STATUS_OK) {
        status = replace(path, &text);
    }
    account_text_wipe(&text);
    return status;
}

enum status accounts_lock(const char *directory, int *fd)
{
    char path[FILE_PATH_MAX];
    enum status status = path_of(directory, "users.lock", path);

    *fd = -1;
    if (status != STATUS_OK) {
        return status;
    }
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*fd < 0 || flock(*fd, LOCK_EX) != 0) {
        accounts_unlock(fd);
        return STATUS_IO;
    }
    return STATUS_OK;
}

void accounts_unlock(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}
