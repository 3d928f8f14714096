#include "agent/commands/export_stick.h"

#include "agent/commands/answer.h"
#include "agent/office/alone.h"
#include "agent/office/keyring.h"
#include "agent/stick/incoming.h"
#include "agent/stick/outgoing.h"
#include "common/base/file.h"
#include "common/format/stick.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum status path_of(const struct args *args, const char *folder,
                           enum stick_way way, unsigned number,
                           char path[FILE_PATH_MAX])
{
    if (stick_path(folder, way, number, path) == STATUS_OK) {
        return STATUS_OK;
    }
    args_error(args, "%s: %s", folder,
               status_text(STATUS_INVALID, args->language));
    return STATUS_USAGE;
}

/* ---- what came ---- */

static void explain_incoming(const struct args *args, const char *path,
                             enum status rc)
{
    static const struct language_text part = {
        "tệp không trọn vẹn hoặc đã bị sửa: hãy chép lại từ tỉnh",
        "the file is not whole, or was changed: copy it from the province "
        "again"};
    static const struct language_text other = {
        "tệp này không phải của tỉnh gửi cho văn phòng này",
        "this file is not the province's for this office"};

    if (rc == STATUS_INVALID) {
        args_error(args, "%s: %s", path, args_text(args, part));
    } else if (rc == STATUS_REFUSED) {
        args_error(args, "%s: %s", path, args_text(args, other));
    } else {
        args_error(args, "%s: %s", path, status_text(rc, args->language));
    }
}

static void tell_incoming(const struct args *args,
                          const struct incoming_counts *counts)
{
    static const struct language_text received = {
        "Tỉnh đã nhận, số lô có biên nhận", "Received, batches with a receipt"};
    static const struct language_text documents = {
        "Tài liệu mới của tỉnh", "New documents of the province"};
    static const struct language_text left = {
        "Tài liệu không dùng được, đã bỏ qua",
        "Documents that do not hold and were left alone"};
    static const struct language_text old = {
        "Tài liệu trong tệp cũ hơn tài liệu đang có, nên bỏ qua",
        "The documents in the file are older than those that are here, and "
        "were passed over"};

    (void)printf("%s: %" PRIu64 "\n%s: %" PRIu64 "\n",
                 args_text(args, received), counts->receipts,
                 args_text(args, documents), counts->documents);
    if (counts->left > 0) {
        (void)printf("%s: %" PRIu64 "\n", args_text(args, left), counts->left);
    }
    if (counts->old) {
        (void)printf("%s\n", args_text(args, old));
    }
}

static enum status take_in(const struct args *args, const struct office *office,
                           const struct keyring *keyring, const char *folder,
                           struct incoming_counts *counts)
{
    char path[FILE_PATH_MAX];
    enum status rc =
        path_of(args, folder, STICK_DOWN, office->identity.agent_number, path);

    if (rc != STATUS_OK) {
        return rc;
    }
    rc = incoming_read(office, keyring, path, counts);
    if (rc == STATUS_NOT_FOUND) {
        return STATUS_OK; /* the first time, or it stayed at the province */
    }
    if (rc == STATUS_OK) {
        tell_incoming(args, counts);
    } else {
        explain_incoming(args, path, rc);
    }
    return rc;
}

/* ---- what goes ---- */

static void tell_outgoing(const struct args *args, const char *path,
                          const struct outgoing_counts *counts)
{
    static const struct language_text again = {
        "Tỉnh đã mất một phần số liệu đã nhận: tệp này mang lại cả phần đó",
        "The province has lost some of what it had received: this file brings "
        "that once more"};

    if (args->language == LANGUAGE_EN) {
        (void)printf("Written to %s: %" PRIu64 " batches, %" PRIu64
                     " events that the province has not received. Take it "
                     "there.\n",
                     path, counts->batches, counts->events);
    } else {
        (void)printf("Đã ghi vào %s: %" PRIu64 " lô, %" PRIu64
                     " sự kiện tỉnh chưa nhận. Hãy mang đến tỉnh.\n",
                     path, counts->batches, counts->events);
    }
    if (counts->again) {
        (void)printf("%s\n", args_text(args, again));
    }
}

static enum status write_out(const struct args *args,
                             const struct office *office,
                             const struct keyring *keyring, const char *folder,
                             struct outgoing_counts *counts)
{
    static const struct language_text full = {
        "không đủ chỗ trên thẻ nhớ; chưa ghi gì",
        "there is no room on the stick; nothing was written"};
    char path[FILE_PATH_MAX];
    struct clock clock;
    enum status rc =
        path_of(args, folder, STICK_UP, office->identity.agent_number, path);

    clock_init_real(&clock);
    if (rc != STATUS_OK) {
        return rc;
    }
    rc = outgoing_write(office, keyring, &clock, path, counts);
    if (rc == STATUS_OK) {
        tell_outgoing(args, path, counts);
    } else if (rc == STATUS_FULL) {
        args_error(args, "%s: %s", path, args_text(args, full));
    } else if (rc == STATUS_IO) {
        args_error(args, "%s: %s", path, strerror(errno));
    } else {
        rc = answer_failure(args, office, rc);
    }
    return rc;
}

enum status export_stick(const struct args *args, const struct office *office,
                         const char *folder)
{
    struct incoming_counts in = {.refusal = 0};
    struct outgoing_counts out = {.again = false};
    struct keyring keyring;
    enum status taken;
    enum status rc = STATUS_OK;

    if (alone_explain(args, &office->config)) {
        return STATUS_CONFIG;
    }
    rc = keyring_load(office->dir, &keyring);
    if (rc != STATUS_OK) {
        return args_fail(args, OFFICE_KEYS_FOLDER, rc);
    }
    /* A file that is not ours does not keep ours from leaving. */
    taken = take_in(args, office, &keyring, folder, &in);
    rc = write_out(args, office, &keyring, folder, &out);
    /* What it lacks goes along: nobody has to do anything else. */
    if (taken == STATUS_OK && in.refusal != 0 && !out.again) {
        args_error(args, "%s", wire_refusal_text(in.refusal, args->language));
        taken = STATUS_REFUSED;
    }
    keyring_wipe(&keyring);
    return rc != STATUS_OK ? rc : taken;
}
