/* tallyline-agent join FILE: makes the office's keys, proves to the province
 * with the file's own key that they belong together, and brings down what is
 * needed to record.
 *
 * Failure modes: no answer, a file that is used or out of date: nothing is
 * deleted, and the same command goes on with the same keys. A crash between
 * the province's answer and the last write here: the join key is used up then,
 * so the question is asked once more over a link with our own key, and the
 * province gives the same answer. */
#include "agent/commands/commands.h"

#include "agent/commands/next_steps.h"
#include "agent/line/request.h"
#include "agent/line/uplink.h"
#include "agent/office/alone.h"
#include "agent/office/keyring.h"
#include "agent/office/lock.h"
#include "agent/office/new_keys.h"
#include "agent/office/office.h"
#include "common/base/log.h"
#include "common/format/enrol_file.h"
#include "common/format/entry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How long the line may be quiet before we stop waiting for documents. */
#define JOIN_QUIET_US (5 * CLOCK_US_PER_S)

struct join {
    const struct args *args;
    char dir[OFFICE_PATH_MAX];
    struct enrol_file file;
    struct config config;
    struct keyring keyring;
    struct random_id agent, epoch;
    struct clock clock;
    struct uplink_random random;
    int64_t deadline;
    void *context;
    struct spool *spool;
    int line;
};

/* ---- what is given ---- */

static enum status read_file(struct join *join)
{
    static const struct language_text rotates = {
        "tệp này để đổi khóa: dùng tallyline-agent rotate",
        "this file is for new keys: use tallyline-agent rotate"};
    static const struct language_text province = {
        "tệp này có khóa mới của tỉnh: thêm --new-province-keys",
        "this file has the province's new keys: add --new-province-keys"};
    static const struct language_text other = {
        "đây không phải tệp đăng ký nguyên vẹn do tỉnh cấp",
        "this is not an enrolment file as the province gave it out"};
    const char *path = join->args->operands[0];
    struct report report;
    enum status status;

    report_init(&report, join->args->language);
    status = enrol_file_load(path, &report, &join->file);
    if (status == STATUS_INVALID) {
        report_print(&report, stderr);
        args_error(join->args, "%s: %s", path, args_text(join->args, other));
    } else if (status != STATUS_OK) {
        (void)args_fail(join->args, path, status);
    } else if (join->file.rotates || join->file.new_keys) {
        args_error(
            join->args, "%s: %s", path,
            args_text(join->args, join->file.rotates ? rotates : province));
        status = STATUS_INVALID;
    }
    report_fini(&report);
    return status;
}

static void make_config(struct join *join)
{
    struct config *config = &join->config;

    config_init(config);
    memcpy(config->office, join->file.office, sizeof config->office);
    memcpy(config->addresses, join->file.addresses, sizeof config->addresses);
    config->address_count = join->file.address_count;
    config->server_key = join->file.server_key;
    config->administrator = join->file.administrator;
    config->ledger_key = join->file.ledger_key;
    memcpy(config->former, join->file.former, sizeof config->former);
    config->former_count = join->file.former_count;
    config->language = join->args->language;
}

static enum status open_directory(struct join *join)
{
    static const struct language_text busy = {
        "một lệnh khác, hoặc dịch vụ, đang dùng thư mục này",
        "another command, or the service, is using this directory"};
    static const struct language_text no_folder = {
        "không tạo được thư mục này; hãy kiểm tra thư mục cha và quyền ghi",
        "the folder cannot be made; check the one above it and who may write "
        "there"};
    const char *dir = office_dir(join->args);
    enum status status;

    if (strlen(dir) >= sizeof join->dir) {
        return args_fail(join->args, dir, STATUS_INVALID);
    }
    memcpy(join->dir, dir, strlen(dir) + 1);
    if (mkdir(dir, S_IRWXU) != 0 && errno != EEXIST) {
        args_error(join->args, "%s: %s", dir, args_text(join->args, no_folder));
        return STATUS_IO;
    }
    status = office_check_owner(join->args, dir);
    if (status != STATUS_OK) {
        return status;
    }
    status = lock_take(dir, LOCK_LINE_FILE, &join->line);
    if (status == STATUS_BUSY) {
        args_error(join->args, "%s: %s", dir, args_text(join->args, busy));
        return status;
    }
    return status == STATUS_OK ? STATUS_OK : args_fail(join->args, dir, status);
}

/* ---- asking ---- */

static void open_request(const struct join *join, const struct curve_keys *keys,
                         struct request *request)
{
    struct request_options options = {
        .context = join->context,
        .args = join->args,
        .config = &join->config,
        .keys = keys,
        .clock = &join->clock,
        .random = join->random,
        .deadline = join->deadline,
    };

    request_open(&options, request);
}

/* Asks over a link made with these keys. */
static enum status ask_with(const struct join *join,
                            const struct curve_keys *keys,
                            struct request *request, struct wire_down *answer)
{
    struct wire_up up = {.kind = WIRE_UP_JOIN};

    up.join.agent = join->agent;
    up.join.epoch = join->epoch;
    up.join.curve_key = join->keyring.curve.public_key;
    up.join.sign_key = join->keyring.sign.public_key;
    wire_join_prove(&up.join, &keys->public_key, &join->keyring.sign);
    open_request(join, keys, request);
    return request_ask(request, &up, NULL, 0, answer);
}

/* Sets the identity. STATUS_REFUSED when the province said no. */
static enum status ask(const struct join *join, struct spool_identity *identity)
{
    struct request request;
    struct wire_down answer;
    enum status status =
        ask_with(join, &join->file.join_keys, &request, &answer);

    if (status == STATUS_REFUSED) {
        request_close(&request);
        status = ask_with(join, &join->keyring.curve, &request, &answer);
    }
    if (status != STATUS_OK || answer.kind != WIRE_DOWN_JOINED ||
        answer.joined.agent_number != join->file.agent_number) {
        request_explain(&request, status, &answer);
        status = status == STATUS_OK ? STATUS_REFUSED : status;
    } else {
        *identity = (struct spool_identity){
            .agent = join->agent,
            .agent_number = answer.joined.agent_number,
            .epoch = join->epoch,
            .epoch_ordinal = answer.joined.epoch_ordinal,
            .ledger = join->file.ledger_id,
        };
    }
    request_close(&request);
    return status;
}

/* ---- keeping ---- */

static enum status open_spool(struct join *join, bool create)
{
    char path[OFFICE_PATH_MAX];
    enum status status = office_path(join->dir, OFFICE_SPOOL_FILE, path);

    if (status == STATUS_OK) {
        status =
            spool_open(path, join->config.spool_bytes, create, &join->spool);
    }
    return status;
}

/* Whether this office has joined before; as another agent it must not. */
static enum status joined_before(struct join *join, bool *joined)
{
    struct spool_identity identity;
    enum status status = open_spool(join, false);

    *joined = false;
    if (status == STATUS_OK) {
        status = spool_identity(join->spool, &identity);
    }
    if (status == STATUS_NOT_FOUND) {
        spool_close(&join->spool);
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return args_fail(join->args, OFFICE_SPOOL_FILE, status);
    }
    if (identity.agent_number != join->file.agent_number) {
        args_error(
            join->args,
            join->args->language == LANGUAGE_EN
                ? "this directory belongs to office number %u already, not "
                  "to %u"
                : "thư mục này đã thuộc về trạm số %u, không phải số %u",
            identity.agent_number, join->file.agent_number);
        return STATUS_EXISTS;
    }
    *joined = true;
    return STATUS_OK;
}

static enum status keep(struct join *join,
                        const struct spool_identity *identity)
{
    char path[OFFICE_PATH_MAX];
    enum status status = office_path(join->dir, OFFICE_CONFIG_FILE, path);

    if (status == STATUS_OK) {
        status = config_save(path, &join->config);
    }
    if (status == STATUS_OK) {
        status = open_spool(join, true);
    }
    if (status == STATUS_OK) {
        status = spool_set_identity(join->spool, identity);
    }
    return status == STATUS_OK ? STATUS_OK
                               : args_fail(join->args, join->dir, status);
}

static enum status settle_identity(struct join *join)
{
    struct spool_identity identity;
    bool joined = false;
    enum status status = joined_before(join, &joined);

    if (status != STATUS_OK) {
        return status;
    }
    /* The province knows only the keys that it was shown then. */
    status = joined ? keyring_load(join->dir, &join->keyring)
                    : keyring_make(join->dir, &join->keyring);
    if (status == STATUS_OK && !joined) {
        status = keyring_join_ids(join->dir, &join->agent, &join->epoch);
    }
    if (join->file.again) {
        join->agent = join->file.agent_id; /* for life, whatever the machine */
    }
    if (status != STATUS_OK) {
        return args_fail(join->args, OFFICE_KEYS_FOLDER, status);
    }
    if (joined) {
        return STATUS_OK;
    }
    status = ask(join, &identity);
    return status == STATUS_OK ? keep(join, &identity) : status;
}

/* ---- documents ---- */

/* The name of a document that `record` needs and that has not come; NULL when
 * all are here. */
static const char *missing(const struct join *join)
{
    static const char *const needed[] = {
        WIRE_DOCUMENT_GENESIS, WIRE_DOCUMENT_UNITS, WIRE_DOCUMENT_PLAN,
        WIRE_DOCUMENT_ENROLMENT};
    struct bytes body;

    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (spool_document(join->spool, needed[i], &body) != STATUS_OK) {
            return needed[i];
        }
    }
    return NULL;
}

static void wait_for_line(const struct join *join, const struct uplink *uplink,
                          int64_t due)
{
    zmq_pollitem_t items[UPLINK_POLL_ITEMS];
    size_t count = uplink_poll_items(uplink, items);
    int64_t us;

    if (uplink_due_us(uplink) < due) {
        due = uplink_due_us(uplink);
    }
    us = due - clock_monotonic_us(&join->clock);
    (void)zmq_poll(items, (int)count,
                   us > 0 ? (long)(us / CLOCK_US_PER_MS + 1) : 0);
}

/* Runs the line until all is here, or nothing more comes. */
static enum status run_line(const struct join *join, struct uplink *uplink)
{
    uint64_t documents = 0;
    int64_t quiet = join->deadline;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && missing(join) != NULL &&
           clock_monotonic_us(&join->clock) < quiet) {
        struct uplink_standing standing;

        wait_for_line(join, uplink, quiet);
        status = uplink_step(uplink);
        uplink_standing(uplink, &standing);
        if (standing.state == UPLINK_FROZEN) {
            break;
        }
        if (standing.state == UPLINK_RUNNING &&
            (quiet == join->deadline || standing.documents > documents)) {
            documents = standing.documents;
            quiet = clock_monotonic_us(&join->clock) + JOIN_QUIET_US;
        }
    }
    return status;
}

static enum status await_documents(const struct join *join)
{
    struct uplink_options options = {
        .context = join->context,
        .spool = join->spool,
        .config = &join->config,
        .curve_keys = &join->keyring.curve,
        .sign_keys = &join->keyring.sign,
        .clock = &join->clock,
        .random = join->random,
    };
    struct uplink *uplink = NULL;
    enum status status = uplink_new(&options, &uplink);

    if (status == STATUS_OK) {
        status = run_line(join, uplink);
    }
    uplink_free(&uplink);
    if (status != STATUS_OK) {
        return args_fail(join->args, OFFICE_SPOOL_FILE, status);
    }
    if (missing(join) != NULL) {
        args_error(
            join->args,
            join->args->language == LANGUAGE_EN
                ? "joined, but the document \"%s\" has not come yet: it will "
                  "come by itself when the service runs; only then can you "
                  "record"
                : "đã đăng ký, nhưng tài liệu \"%s\" chưa về: khi dịch vụ "
                  "chạy, tài liệu sẽ tự về, sau đó mới ghi được",
            missing(join));
    }
    return STATUS_OK;
}

/* ---- the command ---- */

static void tell(const struct join *join)
{
    static const struct language_text done = {
        "đã đăng ký với trung tâm: trạm số", "joined as office number"};

    (void)printf("%s %u%s%s\n", args_text(join->args, done),
                 join->file.agent_number,
                 join->file.office[0] != '\0' ? ", " : "", join->file.office);
    (void)fflush(stdout);
    next_steps_tell(join->args, &join->config);
}

enum status cmd_join(const struct args *args, void *context)
{
    /* A person waits: progress is told in words. */
    static const struct log_settings quiet = {
        .fd = STDERR_FILENO, .level = LOG_LEVEL_ERROR, .form = LOG_FORM_AUTO};
    struct join join = {.args = args, .line = -1};
    uint64_t timeout = REQUEST_TIMEOUT_S;
    enum status status =
        args_number(args, "timeout", 1, REQUEST_TIMEOUT_S_MAX, &timeout);

    (void)context;
    (void)umask(S_IRWXG | S_IRWXO);
    log_init(&quiet);
    if (args_flag(args, "alone")) {
        return status == STATUS_OK ? alone_make(args) : status;
    }
    if (args_flag(args, "new-province-keys")) {
        return status == STATUS_OK ? new_keys_take(args) : status;
    }
    clock_init_real(&join.clock);
    uplink_random_real(&join.random);
    join.deadline =
        clock_monotonic_us(&join.clock) + (int64_t)timeout * CLOCK_US_PER_S;
    join.context = zmq_ctx_new();
    if (status == STATUS_OK) {
        status = join.context != NULL ? read_file(&join) : STATUS_MEMORY;
    }
    if (status == STATUS_OK) {
        make_config(&join);
        status = open_directory(&join);
    }
    if (status == STATUS_OK) {
        status = settle_identity(&join);
    }
    if (status == STATUS_OK) {
        status = await_documents(&join);
    }
    if (status == STATUS_OK) {
        tell(&join);
    }
    spool_close(&join.spool);
    if (join.context != NULL) {
        (void)zmq_ctx_term(join.context);
    }
    lock_release(&join.line);
    keyring_wipe(&join.keyring);
    enrol_file_wipe(&join.file);
    return status;
}
