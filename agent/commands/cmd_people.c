/* people: who may use the office's page. Failure modes: a file that others may
 * touch, or with a line that cannot be read, is named and not changed. */
#include "agent/commands/commands_people.h"

#include "agent/api/people.h"
#include "agent/api/site_certificate.h"
#include "agent/office/office.h"
#include "common/base/clock.h"
#include "common/base/listing.h"
#include "common/base/text.h"
#include "common/people/new_secret.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define LINK_VALID_S 600

/* One change of one file, or a look at it. */
struct change {
    const struct args *args;
    const char *dir;
    struct config config;
    enum accounts_kind kind;
    struct accounts accounts;
    int lock;
};

static enum status say_damaged(const struct change *change, size_t line,
                               enum status status)
{
    static const struct language_text open_to_all = {
        "người khác đọc hoặc sửa được tệp này, hoặc tệp không thuộc người "
        "chạy lệnh; hãy xem ai đã sửa, rồi chmod 600",
        "others may read or write this file, or own it; see who has changed "
        "it, then chmod 600"};
    static const struct language_text damaged = {"không đọc được",
                                                 "cannot be read"};
    const char *name = office_people.files[change->kind];

    if (status == STATUS_REFUSED) {
        args_error(change->args, "%s/%s: %s", change->dir, name,
                   args_text(change->args, open_to_all));
    } else {
        args_error(change->args, "%s/%s:%zu: %s", change->dir, name, line,
                   args_text(change->args, damaged));
    }
    return status;
}

static enum status read_config(struct change *change)
{
    static const struct language_text not_joined = {
        "văn phòng chưa đăng ký với tỉnh; hãy chạy tallyline-agent join TỆP",
        "the office has not joined the province: run tallyline-agent join "
        "FILE"};
    char path[OFFICE_PATH_MAX];
    struct report report;
    enum status status = office_path(change->dir, OFFICE_CONFIG_FILE, path);

    report_init(&report, change->args->language);
    if (status == STATUS_OK) {
        status = config_load(path, &report, &change->config);
    }
    report_print(&report, change->args->err);
    report_fini(&report);
    if (status == STATUS_NOT_FOUND || status == STATUS_NO_INPUT) {
        args_error(change->args, "%s: %s", change->dir,
                   args_text(change->args, not_joined));
        return STATUS_CONFIG;
    }
    return status;
}

/* Under the lock; change_end() in every case. */
static enum status change_begin(struct change *change, const struct args *args,
                                enum accounts_kind kind)
{
    size_t line = 0;
    enum status status;

    change->args = args;
    change->dir = office_dir(args);
    change->kind = kind;
    change->lock = -1;
    accounts_init(&change->accounts);
    status = read_config(change);
    if (status == STATUS_OK) {
        status = office_check_owner(args, change->dir);
    }
    if (status != STATUS_OK) {
        return status; /* explained there */
    }
    status = accounts_lock(change->dir, &change->lock);
    if (status != STATUS_OK) {
        return args_fail(change->args, change->dir, status);
    }
    status = accounts_load(&office_people, change->dir, kind, &change->accounts,
                           &line, NULL);
    return status == STATUS_OK ? status : say_damaged(change, line, status);
}

static enum status change_save(struct change *change)
{
    enum status status = accounts_save(&office_people, change->dir,
                                       change->kind, &change->accounts);

    return status == STATUS_OK ? status
                               : args_fail(change->args, change->dir, status);
}

static void change_end(struct change *change)
{
    accounts_fini(&change->accounts);
    accounts_unlock(&change->lock);
}

/* ---- what is said ---- */

/* In the normal form in which names are compared. */
static enum status read_name(const struct args *args, struct account *account)
{
    static const struct language_text wrong = {
        "tên gồm chữ, số, dấu cách, . - ', dưới 64 byte, bắt đầu bằng chữ",
        "a name has letters, digits, blanks and . - ', below 64 bytes, and "
        "begins with a letter"};
    const char *name = args->operands[0];
    enum status status;

    memset(account, 0, sizeof *account);
    status = text_to_nfc(name, strlen(name), account->name,
                         sizeof account->name, NULL, NULL);
    if (status != STATUS_OK ||
        !account_name_good(&office_people, account->name)) {
        args_error(args, "%s: %s", name, args_text(args, wrong));
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

static enum status read_role(const struct args *args, struct account *account)
{
    static const struct language_text wrong = {
        "cần --role clerk, officer, head_of_office hoặc collaborator",
        "--role clerk, officer, head_of_office or collaborator is needed"};
    const char *role = args_value(args, "role");

    account->role = role == NULL ? 0 : accounts_role_read(&office_people, role);
    if (account->role == 0) {
        args_error(args, "%s", args_text(args, wrong));
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

static bool is_pin(const char *pin)
{
    size_t digits = strspn(pin, "0123456789");

    return pin[digits] == '\0' && digits >= PERSON_PIN_MIN &&
           digits <= PERSON_PIN_MAX;
}

static enum status take_pin(const struct args *args, struct account *account)
{
    static const struct new_secret kind = {
        .first = {"Mã PIN, từ 6 đến 32 chữ số", "PIN, 6 to 32 digits"},
        .again = {"Nhập lại", "Once more"},
        .none = {"cần mã PIN: trên màn hình, hoặc là dòng đầu của stdin",
                 "a PIN is needed: on the terminal, or as the first line of "
                 "stdin"},
        .wrong = {"mã PIN gồm từ 6 đến 32 chữ số", "a PIN has 6 to 32 digits"},
        .good = is_pin};
    char pin[PASSWORD_SIZE];
    enum status status = new_secret_read(args, &kind, pin);

    if (status == STATUS_OK) {
        status = password_hash(&office_people, pin, account->secret);
        if (status != STATUS_OK) {
            args_error(args, "%s", status_text(status, args->language));
        }
    }
    sodium_memzero(pin, sizeof pin);
    return status;
}

static enum status say_unknown(const struct args *args)
{
    static const struct language_text text = {
        "không có tên này; xem tallyline-agent people list",
        "there is no such name: see tallyline-agent people list"};

    args_error(args, "%s: %s", args->operands[0], args_text(args, text));
    return STATUS_NOT_FOUND;
}

static enum status add_account(struct change *change,
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
    return status == STATUS_OK ? change_save(change)
                               : args_fail(change->args, change->dir, status);
}

/* ---- commands ---- */

enum status cmd_people_add(const struct args *args, void *context)
{
    struct account account;
    struct change change = {.lock = -1};
    enum status status = read_name(args, &account);

    (void)context;
    if (status == STATUS_OK) {
        status = read_role(args, &account);
    }
    /* The lock is not held while a person types. */
    if (status == STATUS_OK) {
        status = take_pin(args, &account);
    }
    if (status == STATUS_OK) {
        status = change_begin(&change, args, ACCOUNTS_USERS);
    }
    if (status == STATUS_OK) {
        status = add_account(&change, &account);
    }
    change_end(&change);
    sodium_memzero(&account, sizeof account);
    return status;
}

enum status cmd_people_pin(const struct args *args, void *context)
{
    struct account account;
    struct account *there = NULL;
    struct change change = {.lock = -1};
    enum status status = read_name(args, &account);

    (void)context;
    if (status == STATUS_OK) {
        status = take_pin(args, &account);
    }
    if (status == STATUS_OK) {
        status = change_begin(&change, args, ACCOUNTS_USERS);
    }
    if (status == STATUS_OK) {
        there = accounts_find(&change.accounts, account.name);
        if (there == NULL) {
            status = say_unknown(args);
        } else {
            memcpy(there->secret, account.secret, sizeof there->secret);
            status = change_save(&change);
        }
    }
    change_end(&change);
    sodium_memzero(&account, sizeof account);
    return status;
}

enum status cmd_people_remove(const struct args *args, void *context)
{
    struct account account;
    struct account *there = NULL;
    struct change change = {.lock = -1};
    enum status status = read_name(args, &account);

    (void)context;
    if (status == STATUS_OK) {
        status = change_begin(&change, args, ACCOUNTS_USERS);
    }
    if (status == STATUS_OK) {
        there = accounts_find(&change.accounts, account.name);
        if (there == NULL) {
            status = say_unknown(args);
        } else {
            accounts_remove(&change.accounts, there);
            status = change_save(&change);
        }
    }
    change_end(&change);
    return status;
}

enum status cmd_people_list(const struct args *args, void *context)
{
    static const struct listing_column columns[] = {
        {"name", {"Tên", "Name"}, LISTING_LEFT},
        {"role", {"Vai trò", "Role"}, LISTING_LEFT}};
    enum listing_format format = LISTING_TEXT;
    struct change change = {.lock = -1};
    struct listing *listing = NULL;
    enum status status = listing_format_given(args, &format);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    status = change_begin(&change, args, ACCOUNTS_USERS);
    if (status == STATUS_OK) {
        status = listing_open(format, args->language, columns,
                              sizeof columns / sizeof columns[0], args->out,
                              &listing);
    }
    for (size_t i = 0; status == STATUS_OK && i < change.accounts.count; i++) {
        const struct account *account = &change.accounts.list[i];

        listing_text(listing, account->name);
        listing_text(listing,
                     accounts_role_name(&office_people, account->role));
    }
    if (status == STATUS_OK) {
        status = listing_close(&listing);
    }
    change_end(&change);
    return status;
}

/* ---- links ---- */

/* "http://127.0.0.1:18090", by the name that a browser comes by. */
static enum status base_address(const struct change *change, char *base,
                                size_t room)
{
    static const struct language_text none = {
        "không có trang: hãy đặt web.listen với một cổng trong agent.yaml",
        "there is no page: give web.listen with a port in agent.yaml"};
    const struct http_settings *web = &change->config.web;
    const char *colon = strrchr(web->listen, ':');
    char host[HTTP_HOST_SIZE];

    if (colon == NULL || strcmp(colon, ":0") == 0) {
        args_error(change->args, "%s", args_text(change->args, none));
        return STATUS_CONFIG;
    }
    (void)snprintf(host, sizeof host, "%.*s", (int)(colon - web->listen),
                   web->listen);
    if (web->host_count > 0) {
        memcpy(host, web->hosts[0], sizeof host);
    } else if (strcmp(host, "0.0.0.0") == 0 || strcmp(host, "[::]") == 0) {
        memcpy(host, "localhost", sizeof "localhost");
    }
    (void)snprintf(base, room, "%s://%s%s",
                   site_is_secure(web) ? "https" : "http", host, colon);
    return STATUS_OK;
}

static enum status add_link(const struct args *args, const char *name,
                            const char *token)
{
    struct change change = {.lock = -1};
    struct account link;
    int64_t now_s = clock_wall_us(clock_real()) / CLOCK_US_PER_S;
    enum status status = change_begin(&change, args, ACCOUNTS_LINKS);

    if (status == STATUS_OK) {
        for (size_t i = change.accounts.count; i > 0; i--) {
            struct account *old = &change.accounts.list[i - 1];

            if (old->expires_s <= now_s || strcmp(old->name, name) == 0) {
                accounts_remove(&change.accounts, old);
            }
        }
        memset(&link, 0, sizeof link);
        memcpy(link.name, name, strlen(name) + 1);
        account_hash(token, link.secret);
        link.expires_s = now_s + LINK_VALID_S;
        status = add_account(&change, &link);
    }
    change_end(&change);
    return status;
}

enum status cmd_people_link(const struct args *args, void *context)
{
    struct account account;
    struct change change = {.lock = -1};
    char base[HTTP_HOST_SIZE + 32u];
    char token[ACCOUNT_TOKEN_SIZE];
    enum status status = read_name(args, &account);

    (void)context;
    if (status == STATUS_OK) {
        status = change_begin(&change, args, ACCOUNTS_USERS);
    }
    if (status == STATUS_OK &&
        accounts_find(&change.accounts, account.name) == NULL) {
        status = say_unknown(args);
    }
    change_end(&change);
    if (status == STATUS_OK) {
        status = base_address(&change, base, sizeof base);
    }
    if (status == STATUS_OK) {
        account_make_token(ACCOUNT_LINK_BYTES, token);
        status = add_link(args, account.name, token);
    }
    if (status == STATUS_OK) {
        /* Behind the hash, which no server and no log gets to see. */
        (void)fprintf(args->out, "%s/dang-nhap#%s\n", base, token);
    }
    sodium_memzero(token, sizeof token);
    return status;
}
