/* Makes a province's directory: its configuration, three keys and a ledger
 * whose entry 0, the genesis, names them. What fails half way leaves a folder
 * apart, which the next init makes anew or ends (making.h). */
#include "collector/commands/commands.h"
#include "collector/commands/commands_beside.h"

#include "collector/province/making.h"
#include "common/format/control.h"
#include "common/format/sign.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
bool init_origin_good(const char *origin)
{
    size_t size = origin == NULL ? 0 : strlen(origin);

    for (size_t i = 0; i < size; i++) {
        if (origin[i] <= ' ' || origin[i] > '~' || origin[i] == '+') {
            return false;
        }
    }
    return size > 0 && size < CONTROL_NAME_MAX;
}

enum status init_write_genesis(const struct directory *directory,
                               const struct clock *clock,
                               struct control *control, const struct keys *keys)
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

/* ---- what init is told ---- */

static enum status read_names(const struct args *args,
                              const struct clock *clock,
                              struct control_genesis *genesis)
{
    static const struct language_text origin_text = {
        "cần --origin TÊN: tên của sổ cái, chữ không dấu, không dấu cách, như "
        "ha-noi.example.vn",
        "--origin NAME is needed: the ledger's name, ASCII, no blanks, such as "
        "ha-noi.example.vn"};
    static const struct language_text unit_text = {
        "cần --unit ĐƠN-VỊ: mã đơn vị hành chính của tỉnh, như gso3:01",
        "--unit UNIT is needed: the code of the province, such as gso3:01"};
    const char *origin = args_value(args, "origin");
    const char *unit = args_value(args, "unit");
    enum status status = STATUS_OK;

    genesis->unit = parse_unit(unit, clock);
    if (!init_origin_good(origin)) {
        args_error(args, "%s%s%s", origin == NULL ? "" : origin,
                   origin == NULL ? "" : ": ", args_text(args, origin_text));
        status = STATUS_USAGE;
    } else {
        memcpy(genesis->origin, origin, strlen(origin) + 1);
    }
    if (genesis->unit == 0) {
        args_error(args, "%s%s%s", unit == NULL ? "" : unit,
                   unit == NULL ? "" : ": ", args_text(args, unit_text));
        status = STATUS_USAGE;
    }
    return status;
}

static bool read_web(const struct args *args, struct http_settings *web)
{
    const char *text = args_value(args, "web");

    if (text == NULL) {
        text = SETTINGS_WEB_LISTEN;
    }
    if (strcmp(text, "off") == 0) {
        return true;
    }
    if (!http_settings_good(text)) {
        args_error(args, "--web %s: %s", text,
                   args_text(args, (struct language_text){
                                       "phải có dạng ĐỊA-CHỈ:CỔNG, như "
                                       "127.0.0.1:18080, hoặc off",
                                       "must look like ADDRESS:PORT, such as "
                                       "127.0.0.1:18080, or be off"}));
        return false;
    }
    memcpy(web->listen, text, strlen(text) + 1);
    return true;
}

static enum status read_settings(const struct args *args,
                                 struct settings *settings)
{
    const char *listen = args_value(args, "listen");

    settings_init(settings);
    if (listen != NULL && !settings_address_good(listen)) {
        args_error(args, "--listen %s: %s", listen,
                   args_text(args, (struct language_text){
                                       "phải có dạng tcp://ĐỊA-CHỈ:CỔNG, như "
                                       "tcp://0.0.0.0:5570",
                                       "must look like tcp://ADDRESS:PORT, "
                                       "such as tcp://0.0.0.0:5570"}));
        return STATUS_USAGE;
    }
    if (listen != NULL) {
        memcpy(settings->listen, listen, strlen(listen) + 1);
    }
    if (!read_web(args, &settings->web)) {
        return STATUS_USAGE;
    }
    return command_addresses(args, settings->addresses,
                             &settings->address_count);
}

/* A configuration that a person has put there stays; so it cannot be said a
 * second time on the command line. */
static bool config_is_free(const struct args *args,
                           const struct directory *directory)
{
    if (access(directory->config, F_OK) != 0 ||
        args_count(args, "listen") + args_count(args, "address") +
                args_count(args, "web") ==
            0) {
        return true;
    }
    args_error(args, "%s: %s", directory->config,
               args_text(args, (struct language_text){
                                   "đã có tệp này; sửa trong tệp, hoặc bỏ "
                                   "--listen và --address",
                                   "this file is there already; change it "
                                   "there, or leave --listen and --address "
                                   "out"}));
    return false;
}

/* ---- what comes next ---- */

static void say_next(const struct args *args, const struct directory *directory)
{
    static const struct language_text made = {"đã tạo sổ cái của tỉnh",
                                              "made the province's ledger"};
    static const struct language_text keep = {
        "cất một bản sao của thư mục khóa ở nơi an toàn, mất khóa là mất sổ "
        "cái",
        "keep a copy of the keys in a safe place, without them the ledger is "
        "lost"};
    static const struct language_text config = {
        "nơi nhận kết nối và địa chỉ của trung tâm ghi trong",
        "where the collector listens, and its addresses, stand in"};
    static const struct language_text next[] = {
        {"plan load THƯ-MỤC", "plan load DIRECTORY"},
        {"run", "run"},
        {"enrol --name TÊN --pair ĐƠN-VỊ:CƠ-QUAN --output TỆP",
         "enrol --name NAME --pair UNIT:OFFICE --output FILE"},
    };
    const char *dir = args_value(args, "dir");

    (void)fprintf(stderr, "%s: %s\n  %s: %s\n  %s: %s\n", args_text(args, made),
                  directory->path, args_text(args, keep), directory->keys,
                  args_text(args, config), directory->config);
    for (size_t i = 0; i < sizeof next / sizeof next[0]; i++) {
        (void)fprintf(stderr, "  %zu. %s %s%s%s\n", i + 1, args->program->name,
                      args_text(args, next[i]), dir != NULL ? " --dir " : "",
                      dir != NULL ? dir : "");
    }
}

static enum status make(const struct args *args,
                        const struct directory *directory,
                        const struct settings *settings,
                        struct control *control, const struct clock *clock)
{
    struct directory making;
    struct keys keys;
    bool made = false;
    enum status status = making_begin(directory, &making, &made);

    if (status == STATUS_OK && !made) {
        status = settings_save(making.config, args->language, settings);
        if (status == STATUS_OK) {
            status = keys_make(&making, &keys);
        }
        if (status == STATUS_OK) {
            status = init_write_genesis(&making, clock, control, &keys);
            keys_wipe(&keys);
        }
    }
    return status == STATUS_OK ? making_end(directory, &making) : status;
}

enum status cmd_init(const struct args *args, void *context)
{
    static const struct language_text exists = {
        "đã có sổ cái hoặc khóa ở đây; init không ghi đè",
        "there is a ledger, or there are keys, already; init overwrites "
        "nothing"};
    struct directory directory;
    struct control control = {.kind = CONTROL_GENESIS};
    struct settings settings;
    struct clock clock;
    enum status status = command_directory(args, &directory);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    clock_init_real(&clock);
    if (!args_flag(args, "recover") && args_value(args, "beside") == NULL) {
        status = read_names(args, &clock, &control.genesis);
    }
    if (status == STATUS_OK) {
        status = read_settings(args, &settings);
    }
    if (status == STATUS_OK && !config_is_free(args, &directory)) {
        status = STATUS_EXISTS;
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (args_value(args, "beside") != NULL) {
        return cmd_init_beside(args, &directory, &settings, &clock);
    }
    if (args_flag(args, "recover")) {
        return cmd_init_recover(args, &directory, &settings, &clock);
    }
    status = make(args, &directory, &settings, &control, &clock);
    if (status == STATUS_EXISTS) {
        args_error(args, "%s: %s", directory.path, args_text(args, exists));
        return status;
    }
    if (status != STATUS_OK) {
        return command_fail(args, directory.path, status);
    }
    say_next(args, &directory);
    return STATUS_OK;
}
