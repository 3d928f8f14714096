/* Makes a province's directory: three keys and a ledger whose entry 0, the
 * genesis, names them. What fails half way leaves files that the next init
 * refuses to overwrite; nothing has been sent to anybody by then. */
#include "collector/commands.h"

#include "common/control.h"
#include "common/sign.h"

#include <stdio.h>
#include <string.h>

/* 0 when the text is no unit. */
static uint32_t parse_unit(const char *text, const struct clock *clock)
{
    uint32_t unit = 0;

    if (text == NULL || unit_key_parse(text, strlen(text), clock_today(clock),
                                       &unit) != STATUS_OK) {
        return 0;
    }
    return unit;
}

/* The origin stands in files that people and auditors read: ASCII. */
static bool origin_good(const char *origin)
{
    size_t size = origin == NULL ? 0 : strlen(origin);

    for (size_t i = 0; i < size; i++) {
        if (origin[i] <= ' ' || origin[i] > '~') {
            return false;
        }
    }
    return size > 0 && size < CONTROL_NAME_MAX;
}

static enum status write_genesis(const struct directory *directory,
                                 const struct clock *clock,
                                 struct control *control,
                                 const struct keys *keys)
{
    struct ledger_options options = {
        .path = directory->ledger, .clock = clock, .create = true};
    struct ledger *ledger = NULL;
    struct province *province = NULL;
    struct buffer document;
    struct report report;
    struct bytes bytes;
    struct entry entry;
    enum status status;

    report_init(&report, LANGUAGE_EN);
    buffer_init(&document, CONTROL_BYTES_MAX);
    control->genesis.administrator = keys->administrator.public_key;
    control->genesis.ledger_key = keys->ledger.public_key;
    random_id_make(&control->genesis.ledger_id);
    random_id_make(&control->nonce);
    control->created_at = clock_wall_us(clock);
    status = control_sign(control, &keys->administrator, &document);
    if (status == STATUS_OK) {
        status = ledger_open(&options, &ledger);
    }
    if (status == STATUS_OK) {
        status = province_open(ledger, &province);
    }
    if (status == STATUS_OK) {
        bytes = buffer_bytes(&document);
        status = province_order(province, &bytes, 1, &report, &entry);
    }
    command_report(&report);
    province_close(&province);
    ledger_close(&ledger);
    buffer_fini(&document);
    report_fini(&report);
    return status;
}

static void say_next(const struct args *args, const struct directory *directory)
{
    static const struct language_text made = {"đã tạo sổ của tỉnh",
                                              "made the province's ledger"};
    static const struct language_text keep = {
        "cất bản sao của thư mục khoá ở nơi an toàn: mất khoá là mất sổ",
        "keep a copy of the keys in a safe place: without them the ledger is "
        "lost"};
    static const struct language_text next[] = {
        {"tallyline-collector plan load THƯ-MỤC    (kế hoạch và đơn vị hành "
         "chính)",
         "tallyline-collector plan load DIRECTORY    (plan and units)"},
        {"tallyline-collector enrol --name TÊN --pair ĐƠN-VỊ:CƠ-QUAN --output "
         "TỆP",
         "tallyline-collector enrol --name NAME --pair UNIT:OFFICE --output "
         "FILE"},
        {"tallyline-collector run", "tallyline-collector run"},
    };

    (void)fprintf(stderr, "%s: %s\n  %s: %s\n", args_text(args, made),
                  directory->path, args_text(args, keep), directory->keys);
    for (size_t i = 0; i < sizeof next / sizeof next[0]; i++) {
        (void)fprintf(stderr, "  %zu. %s\n", i + 1, args_text(args, next[i]));
    }
}

enum status cmd_init(const struct args *args, void *context)
{
    struct directory directory;
    struct control control = {.kind = CONTROL_GENESIS};
    struct clock clock;
    struct keys keys;
    const char *origin = args_value(args, "origin");
    enum status status = command_directory(args, &directory);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    clock_init_real(&clock);
    control.genesis.unit = parse_unit(args_value(args, "unit"), &clock);
    if (!origin_good(origin) || control.genesis.unit == 0) {
        args_error(args, "%s",
                   args_text(args, (struct language_text){
                                       "cần --origin TÊN (ASCII, không dấu "
                                       "cách) và --unit ĐƠN-VỊ (gso3:01)",
                                       "--origin NAME (ASCII, no blanks) and "
                                       "--unit UNIT (gso3:01) are needed"}));
        return STATUS_USAGE;
    }
    memcpy(control.genesis.origin, origin, strlen(origin) + 1);
    status = directory_create(&directory);
    if (status == STATUS_OK) {
        status = keys_make(&directory, &keys);
    }
    if (status == STATUS_OK) {
        status = write_genesis(&directory, &clock, &control, &keys);
        keys_wipe(&keys);
    }
    if (status != STATUS_OK) {
        return command_fail(args, directory.path, status);
    }
    say_next(args, &directory);
    return STATUS_OK;
}
