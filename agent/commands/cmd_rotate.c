/* tallyline-agent rotate FILE: new keys under the same agent and epoch.
 *
 * What was sealed with the old keys must be received first: the province takes
 * nothing more that they signed. The new keys are written down before they are
 * offered, so that after a crash the same ones are offered again; when the
 * answer was lost with the crash, the join key is used up and the question is
 * asked over a link with the new key. They are given up only when the province
 * itself says that the old ones stay. The daemon does not start while a
 * rotation is under way. */
#include "agent/commands/commands.h"

#include "agent/line/errand.h"
#include "agent/office/keyring.h"
#include "agent/spool/spool_slots.h"
#include "common/format/enrol_file.h"

#include <stdio.h>
#include <string.h>

struct rotation {
    struct errand errand;
    struct enrol_file file;
    struct config config; /* with the file's addresses and server key */
    struct keyring next;
};

static enum status refuse(const struct rotation *rotation,
                          struct language_text why, enum status status)
{
    args_error(rotation->errand.args, "%s",
               args_text(rotation->errand.args, why));
    return status;
}

/* The new keys are known where the file is from, and it brings that one's
 * address: that is to be the primary. */
static enum status check_ledger(const struct rotation *rotation)
{
    static const struct language_text second = {
        "tệp này do một trung tâm khác của tỉnh cấp, không phải trung tâm "
        "chính; hãy xin tệp ở trung tâm chính, hoặc chuyển vai trò chính trước "
        "(tallyline-agent collectors primary TÊN)",
        "this file is from another collector of the province, not the primary; "
        "ask the primary for one, or move the mark first (tallyline-agent "
        "collectors primary NAME)"};
    struct random_id ledger;
    enum status status =
        spool_own_ledger(rotation->errand.office->spool, &ledger);

    if (status != STATUS_OK) {
        return args_fail(rotation->errand.args, OFFICE_SPOOL_FILE, status);
    }
    return random_id_equal(&rotation->file.ledger_id, &ledger)
               ? STATUS_OK
               : refuse(rotation, second, STATUS_REFUSED);
}

static enum status read_file(struct rotation *rotation)
{
    static const struct language_text joins = {
        "tệp này để đăng ký: dùng tallyline-agent join",
        "this file is for joining: use tallyline-agent join"};
    static const struct language_text other = {
        "tệp này là của văn phòng khác", "this file is for another office"};
    const char *path = rotation->errand.args->operands[0];
    struct report report;
    enum status status;

    report_init(&report, rotation->errand.args->language);
    status = enrol_file_load(path, &report, &rotation->file);
    if (status == STATUS_INVALID) {
        report_print(&report, stderr);
    } else if (status != STATUS_OK) {
        (void)args_fail(rotation->errand.args, path, status);
    } else if (!rotation->file.rotates) {
        status = refuse(rotation, joins, STATUS_INVALID);
    } else if (rotation->file.agent_number !=
               rotation->errand.office->identity.agent_number) {
        status = refuse(rotation, other, STATUS_INVALID);
    } else {
        status = check_ledger(rotation);
    }
    report_fini(&report);
    return status;
}

static void make_config(struct rotation *rotation)
{
    struct config *config = &rotation->config;

    *config = rotation->errand.office->config;
    memcpy(config->addresses, rotation->file.addresses,
           sizeof config->addresses);
    config->address_count = rotation->file.address_count;
    config->server_key = rotation->file.server_key;
}

/* Nothing that the old key signed may be on its way; once the new keys may be
 * in force, it is too late to ask. */
static enum status check_settled(const struct rotation *rotation)
{
    static const struct language_text waiting = {
        "còn số liệu đã ký bằng khóa cũ mà tỉnh chưa nhận: hãy để dịch vụ gửi "
        "hết rồi chạy lại lệnh này",
        "the province has not yet received everything that was signed with "
        "the old key: let the service send it, then run this command again"};
    static const struct language_text elsewhere = {
        "một trung tâm khác chưa nhận hết số liệu đã ký bằng khóa cũ, và sau "
        "đó sẽ không nhận nữa: hãy để dịch vụ gửi hết, hoặc bỏ trung tâm đó "
        "(tallyline-agent collectors), rồi chạy lại lệnh này",
        "another collector has not yet received everything that was signed "
        "with the old key, and would not take it afterwards: let the service "
        "send it, or take that one off (tallyline-agent collectors), then run "
        "this command again"};
    const struct errand *errand = &rotation->errand;
    const struct config *config = &errand->office->config;

    if (keyring_rotating(errand->office->dir)) {
        return STATUS_OK;
    }
    for (size_t i = 0; i <= config->other_count; i++) {
        unsigned slot = i == 0 ? config->slot : config->others[i - 1].slot;
        struct spool_lack lack;
        enum status status = spool_lack(errand->office->spool, slot, 0, &lack);

        if (status != STATUS_OK) {
            return args_fail(errand->args, OFFICE_SPOOL_FILE, status);
        }
        if (lack.sealed > 0) {
            return refuse(rotation, i == 0 ? waiting : elsewhere, STATUS_AGAIN);
        }
    }
    return STATUS_OK;
}

static enum status ask_with(const struct rotation *rotation,
                            const struct curve_keys *keys,
                            struct request *request, struct wire_down *answer)
{
    struct wire_up up = {.kind = WIRE_UP_ROTATE};

    up.rotate.agent = rotation->errand.office->identity.agent;
    up.rotate.curve_key = rotation->next.curve.public_key;
    up.rotate.sign_key = rotation->next.sign.public_key;
    wire_rotate_prove(&up.rotate, &keys->public_key, &rotation->next.sign,
                      &rotation->errand.keyring.sign);
    errand_request(&rotation->errand, &rotation->config, keys, request);
    return request_ask(request, &up, NULL, 0, answer);
}

/* Whether the province says, over a link with the old keys, that they are still
 * in force. That a key is not let in is said in the clear, by whoever sits on
 * the wire; what comes over a link comes from the province. */
static bool old_keys_hold(const struct rotation *rotation)
{
    struct request request;
    struct wire_down answer;
    enum status status =
        ask_with(rotation, &rotation->errand.keyring.curve, &request, &answer);

    request_close(&request);
    return status == STATUS_OK && answer.kind == WIRE_DOWN_REFUSAL;
}

static enum status ask(const struct rotation *rotation)
{
    const char *dir = rotation->errand.office->dir;
    struct request request;
    struct wire_down answer;
    bool no;
    enum status status =
        ask_with(rotation, &rotation->file.join_keys, &request, &answer);

    if (status == STATUS_REFUSED) {
        request_close(&request);
        status = ask_with(rotation, &rotation->next.curve, &request, &answer);
    }
    if (status == STATUS_OK && answer.kind == WIRE_DOWN_ROTATED) {
        request_close(&request);
        return STATUS_OK;
    }
    request_explain(&request, status, &answer);
    request_close(&request);
    no = status == STATUS_OK
             ? answer.kind == WIRE_DOWN_REFUSAL &&
                   answer.refusal.code != WIRE_REFUSAL_FULL
             : status == STATUS_REFUSED && old_keys_hold(rotation);
    if (no) { /* The old keys stay in force. */
        enum status forgotten = keyring_forget_next(dir);

        return forgotten == STATUS_OK ? STATUS_REFUSED : forgotten;
    }
    return status == STATUS_OK ? STATUS_AGAIN : status;
}

static enum status keep_config(const struct rotation *rotation)
{
    const char *dir = rotation->errand.office->dir;
    char path[OFFICE_PATH_MAX];
    enum status status = office_path(dir, OFFICE_CONFIG_FILE, path);

    if (status == STATUS_OK) {
        status = config_save(path, &rotation->config);
    }
    return status == STATUS_OK ? STATUS_OK
                               : args_fail(rotation->errand.args, dir, status);
}

static enum status keep(const struct rotation *rotation)
{
    const char *dir = rotation->errand.office->dir;
    enum status status =
        keyring_rotate(dir, &rotation->file.join_keys.public_key);

    return status == STATUS_OK ? keep_config(rotation)
                               : args_fail(rotation->errand.args, dir, status);
}

static enum status rotate(struct rotation *rotation)
{
    bool rotated = false;
    enum status status = read_file(rotation);

    if (status == STATUS_OK) {
        status =
            keyring_rotated_by(rotation->errand.office->dir,
                               &rotation->file.join_keys.public_key, &rotated);
    }
    if (status != STATUS_OK) {
        return status;
    }
    make_config(rotation);
    if (rotated) { /* before a crash at the very end, or yesterday */
        return keep_config(rotation);
    }
    status = check_settled(rotation);
    if (status != STATUS_OK) {
        return status;
    }
    status = keyring_next(rotation->errand.office->dir, &rotation->next);
    if (status != STATUS_OK) {
        return args_fail(rotation->errand.args, OFFICE_KEYS_FOLDER, status);
    }
    status = ask(rotation);
    return status == STATUS_OK ? keep(rotation) : status;
}

enum status cmd_rotate(const struct args *args, void *context)
{
    static const struct language_text done = {
        "khóa mới đã có hiệu lực; hãy chạy lại dịch vụ",
        "the new keys are in force; start the service again"};
    struct rotation rotation;
    enum status status;

    (void)context;
    memset(&rotation, 0, sizeof rotation);
    status = errand_open(args, &rotation.errand);
    if (status == STATUS_OK) {
        status = rotate(&rotation);
    }
    if (status == STATUS_OK) {
        (void)printf("%s\n", args_text(args, done));
    }
    errand_close(&rotation.errand);
    keyring_wipe(&rotation.next);
    enrol_file_wipe(&rotation.file);
    return status;
}
