/* users: who may look. The files are changed beside a collector that runs, and
 * it notices (access.h). */
#include "collector/commands/commands.h"
#include "collector/commands/commands_users.h"
#include "collector/commands/users_change.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "collector/api/roles.h"
#include "common/base/listing.h"
#include "common/event/unit.h"
#include "common/people/new_secret.h"

static enum status say_damaged(const struct users_change *change, size_t line,
                               enum status status)
{
    static const struct language_text open_to_all = {
        "người khác đọc hoặc sửa được tệp này, hoặc tệp không thuộc người "
        "chạy lệnh; hãy xem ai đã sửa, rồi chmod 600",
        "others may read or write this file, or own it; see who has changed "
        "it, then chmod 600"};
    static const struct language_text damaged = {"không đọc được",
                                                 "cannot be read"};
    const char *name = province_people.files[change->kind];

    if (status == STATUS_REFUSED) {
        args_error(change->args, "%s/%s: %s", change->directory.path, name,
                   args_text(change->args, open_to_all));
    } else {
        args_error(change->args, "%s/%s:%zu: %s", change->directory.path, name,
                   line, args_text(change->args, damaged));
    }
    return status;
}

/* Under the lock; users_change_end() in every case. */
enum status users_change_begin(struct users_change *change,
                               const struct args *args, enum accounts_kind kind)
{
    size_t line = 0;
    enum status status = command_directory(args, &change->directory);

    change->args = args;
    change->kind = kind;
    change->lock = -1;
    accounts_init(&change->accounts);
    if (status != STATUS_OK) {
        return status;
    }
    status = directory_check(&change->directory);
    if (status == STATUS_OK) {
        status = accounts_lock(change->directory.path, &change->lock);
    }
    if (status != STATUS_OK) {
        return command_fail(args, change->directory.path, status);
    }
    status = accounts_load(&province_people, change->directory.path, kind,
                           &change->accounts, &line, NULL);
    return status == STATUS_OK ? status : say_damaged(change, line, status);
}

static enum status change_save(struct users_change *change)
{
    enum status status = accounts_save(&province_people, change->directory.path,
                                       change->kind, &change->accounts);

    return status == STATUS_OK
               ? status
               : command_fail(change->args, change->directory.path, status);
}

void users_change_end(struct users_change *change)
{
    accounts_fini(&change->accounts);
    accounts_unlock(&change->lock);
}

/* ---- what is said ---- */

enum status users_read_name(const struct args *args, struct account *account)
{
    static const struct language_text wrong = {
        "tên gồm chữ thường không dấu, số, . _ -, tối đa 32 ký tự, bắt đầu "
        "bằng chữ",
        "a name has small letters, digits and . _ -, 32 at most, a letter "
        "first"};
    const char *name = args->operands[0];

    memset(account, 0, sizeof *account);
    if (!account_name_good(&province_people, name)) {
        args_error(args, "%s: %s", name, args_text(args, wrong));
        return STATUS_USAGE;
    }
    memcpy(account->name, name, strlen(name) + 1);
    return STATUS_OK;
}

enum status users_read_role(const struct args *args, struct account *account)
{
    static const struct language_text wrong_role = {
        "cần --role viewer, officer, auditor, admin hoặc district",
        "--role viewer, officer, auditor, admin or district is needed"};
    static const struct language_text wrong_unit = {
        "district cần --unit ĐƠN-VỊ, như gso3:001; vai trò khác thì không",
        "district needs --unit UNIT, such as gso3:001; other roles have none"};
    const char *role = args_value(args, "role");
    const char *unit = args_value(args, "unit");

    account->role =
        role == NULL ? 0 : accounts_role_read(&province_people, role);
    if (account->role == 0) {
        args_error(args, "%s", args_text(args, wrong_role));
        return STATUS_USAGE;
    }
    if ((account->role == ROLE_DISTRICT) != (unit != NULL) ||
        (unit != NULL &&
         unit_key_parse(unit, strlen(unit), 0, &account->unit) != STATUS_OK)) {
        args_error(args, "%s", args_text(args, wrong_unit));
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

enum status users_say_unknown(const struct args *args)
{
    static const struct language_text text = {"không có tên này",
                                              "there is no such name"};

    args_error(args, "%s: %s", args->operands[0], args_text(args, text));
    return STATUS_NOT_FOUND;
}

enum status users_add_account(struct users_change *change,
                              const struct account *account)
{
    static const struct language_text there = {"đã có tên này",
                                               "this name is there already"};
    enum status status = accounts_add(&change->accounts, account);

    if (status == STATUS_EXISTS) {
        args_error(change->args, "%s: %s", account->name,
                   args_text(change->args, there));
        return status;
    }
    return status == STATUS_OK
               ? change_save(change)
               : command_fail(change->args, change->directory.path, status);
}

/* ---- users ---- */

static bool is_good(const char *password)
{
    return new_secret_printable(password, PASSWORD_MIN);
}

static enum status take_password(const struct args *args,
                                 struct account *account)
{
    static const struct new_secret kind = {
        .first = {"Mật khẩu", "Password"},
        .again = {"Nhập lại", "Once more"},
        .none = {"cần mật khẩu: trên màn hình, hoặc là dòng đầu của stdin",
                 "a password is needed: on the terminal, or as the first line "
                 "of stdin"},
        .wrong = {"mật khẩu cần từ 8 ký tự đến 256 byte, không có ký tự điều "
                  "khiển",
                  "a password has 8 characters at least, 256 bytes at most, "
                  "and no control characters"},
        .good = is_good};
    char password[PASSWORD_SIZE];
    enum status status = new_secret_read(args, &kind, password);

    if (status == STATUS_OK) {
        status = password_hash(&province_people, password, account->secret);
        if (status != STATUS_OK) {
            (void)command_fail(args, NULL, status);
        }
    }
    sodium_memzero(password, sizeof password);
    return status;
}

enum status cmd_users_add(const struct args *args, void *context)
{
    struct account account;
    struct users_change change = {.lock = -1};
    enum status status = users_read_name(args, &account);

    (void)context;
    if (status == STATUS_OK) {
        status = users_read_role(args, &account);
    }
    /* The lock is not held while a person types. */
    if (status == STATUS_OK) {
        status = take_password(args, &account);
    }
    if (status == STATUS_OK) {
        status = users_change_begin(&change, args, ACCOUNTS_USERS);
    }
    if (status == STATUS_OK) {
        status = users_add_account(&change, &account);
    }
    users_change_end(&change);
    sodium_memzero(&account, sizeof account);
    return status;
}

enum status cmd_users_password(const struct args *args, void *context)
{
    struct account account;
    struct account *there = NULL;
    struct users_change change = {.lock = -1};
    enum status status = users_read_name(args, &account);

    (void)context;
    if (status == STATUS_OK) {
        status = take_password(args, &account);
    }
    if (status == STATUS_OK) {
        status = users_change_begin(&change, args, ACCOUNTS_USERS);
    }
    if (status == STATUS_OK) {
        there = accounts_find(&change.accounts, account.name);
        if (there == NULL) {
            status = users_say_unknown(args);
        } else {
            memcpy(there->secret, account.secret, sizeof there->secret);
            status = change_save(&change);
        }
    }
    users_change_end(&change);
    sodium_memzero(&account, sizeof account);
    return status;
}

enum status users_remove_from(const struct args *args, enum accounts_kind kind)
{
    struct users_change change = {.lock = -1};
    struct account *account = NULL;
    enum status status = users_change_begin(&change, args, kind);

    if (status == STATUS_OK) {
        account = accounts_find(&change.accounts, args->operands[0]);
        if (account == NULL) {
            status = users_say_unknown(args);
        } else {
            accounts_remove(&change.accounts, account);
            status = change_save(&change);
        }
    }
    users_change_end(&change);
    return status;
}

enum status cmd_users_remove(const struct args *args, void *context)
{
    (void)context;
    return users_remove_from(args, ACCOUNTS_USERS);
}

/* ---- tokens ---- */

enum status cmd_users_token(const struct args *args, void *context)
{
    struct account account;
    struct users_change change = {.lock = -1};
    char token[ACCOUNT_TOKEN_SIZE];
    enum status status = users_read_name(args, &account);

    (void)context;
    if (status == STATUS_OK) {
        status = users_read_role(args, &account);
    }
    if (status == STATUS_OK) {
        status = users_change_begin(&change, args, ACCOUNTS_TOKENS);
    }
    if (status == STATUS_OK) {
        account_make_token(ACCOUNT_TOKEN_BYTES, token);
        account_hash(token, account.secret);
        status = users_add_account(&change, &account);
    }
    if (status == STATUS_OK) {
        (void)fprintf(args->out, "%s\n", token);
    }
    users_change_end(&change);
    sodium_memzero(token, sizeof token);
    return status;
}

enum status cmd_users_revoke_token(const struct args *args, void *context)
{
    (void)context;
    return users_remove_from(args, ACCOUNTS_TOKENS);
}

/* ---- list ---- */

static const char *const kind_names[ACCOUNTS_KINDS] = {
    [ACCOUNTS_USERS] = "user",
    [ACCOUNTS_TOKENS] = "token",
    [ACCOUNTS_LINKS] = "link",
    [ACCOUNTS_FEED] = "feed"};

static enum status list_kind(const struct args *args, enum accounts_kind kind,
                             struct listing *listing)
{
    struct users_change change = {.lock = -1};
    enum status status = users_change_begin(&change, args, kind);

    for (size_t i = 0; status == STATUS_OK && i < change.accounts.count; i++) {
        const struct account *account = &change.accounts.list[i];
        char unit[UNIT_TEXT_MAX] = "";

        if (account->unit != 0) {
            unit_key_format(account->unit, unit);
        }
        listing_text(listing, account->name);
        listing_text(listing, kind_names[kind]);
        listing_text(listing,
                     accounts_role_name(&province_people, account->role));
        listing_text(listing, unit);
    }
    users_change_end(&change);
    return status;
}

enum status cmd_users_list(const struct args *args, void *context)
{
    static const struct listing_column columns[] = {
        {"name", {"Tên", "Name"}, LISTING_LEFT},
        {"kind", {"Loại", "Kind"}, LISTING_LEFT},
        {"role", {"Vai trò", "Role"}, LISTING_LEFT},
        {"unit", {"Đơn vị", "Unit"}, LISTING_LEFT}};
    enum listing_format format = LISTING_TEXT;
    struct listing *listing = NULL;
    enum status status = listing_format_given(args, &format);
    enum status closed;

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    status =
        listing_open(format, args->language, columns,
                     sizeof columns / sizeof columns[0], args->out, &listing);
    if (status != STATUS_OK) {
        return command_fail(args, NULL, status);
    }
    status = list_kind(args, ACCOUNTS_USERS, listing);
    if (status == STATUS_OK) {
        status = list_kind(args, ACCOUNTS_TOKENS, listing);
    }
    if (status == STATUS_OK) {
        status = list_kind(args, ACCOUNTS_FEED, listing);
    }
    closed = listing_close(&listing);
    return status == STATUS_OK ? closed : status;
}
