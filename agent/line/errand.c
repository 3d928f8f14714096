#include "agent/line/errand.h"

#include "agent/office/alone.h"
#include "agent/office/lock.h"

#include <sys/stat.h>

static enum status take_line(struct errand *errand)
{
    static const struct language_text busy = {
        "dịch vụ đang dùng đường truyền; hãy dừng dịch vụ trước "
        "(systemctl stop tallyline-agent)",
        "the service is using the line: stop it first "
        "(systemctl stop tallyline-agent)"};
    enum status status =
        lock_take(errand->office->dir, LOCK_LINE_FILE, &errand->line);

    if (status == STATUS_BUSY) {
        args_error(errand->args, "%s", args_text(errand->args, busy));
        return status;
    }
    return status == STATUS_OK
               ? STATUS_OK
               : args_fail(errand->args, errand->office->dir, status);
}

enum status errand_open(const struct args *args, struct errand *errand)
{
    uint64_t timeout = REQUEST_TIMEOUT_S;
    enum status status =
        args_number(args, "timeout", 1, REQUEST_TIMEOUT_S_MAX, &timeout);

    *errand = (struct errand){.args = args, .line = -1};
    if (status != STATUS_OK) {
        return status;
    }
    (void)umask(S_IRWXG | S_IRWXO);
    clock_init_real(&errand->clock);
    uplink_random_real(&errand->random);
    errand->deadline =
        clock_monotonic_us(&errand->clock) + (int64_t)timeout * CLOCK_US_PER_S;
    status = office_open(args, &errand->office);
    if (status == STATUS_OK && alone_explain(args, &errand->office->config)) {
        status = STATUS_CONFIG;
    }
    if (status == STATUS_OK) {
        status = take_line(errand);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = keyring_load(errand->office->dir, &errand->keyring);
    if (status != STATUS_OK) {
        return args_fail(errand->args, OFFICE_KEYS_FOLDER, status);
    }
    errand->context = zmq_ctx_new();
    return errand->context != NULL
               ? STATUS_OK
               : args_fail(errand->args, "ZeroMQ", STATUS_MEMORY);
}

void errand_close(struct errand *errand)
{
    if (errand->context != NULL) {
        (void)zmq_ctx_term(errand->context);
        errand->context = NULL;
    }
    keyring_wipe(&errand->keyring);
    lock_release(&errand->line);
    office_close(&errand->office);
}

void errand_request(const struct errand *errand, const struct config *config,
                    const struct curve_keys *keys, struct request *request)
{
    struct request_options options = {
        .context = errand->context,
        .args = errand->args,
        .config = config,
        .keys = keys,
        .clock = &errand->clock,
        .random = errand->random,
        .deadline = errand->deadline,
    };

    request_open(&options, request);
}
