/* Opens an office's directory for a command or for the daemon. Failure modes:
 * the office has not joined, agent.yaml has mistakes, the spool is damaged or
 * another program's: each is explained on stderr, with what to do. A document
 * that cannot be used is left out as a whole and named: the office goes on
 * under the context that it had, or under what the others say. */
#include "agent/office/office.h"

#include "agent/office/collectors.h"

#include "common/base/check.h"
#include "common/format/control.h"
#include "common/format/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

const char *office_dir(const struct args *args)
{
    const char *dir = args_value(args, "dir");

    if (dir == NULL) {
        dir = getenv("TALLYLINE_DIR");
    }
    return dir != NULL && dir[0] != '\0' ? dir : OFFICE_DIR;
}

enum status office_path(const char *dir, const char *name,
                        char path[OFFICE_PATH_MAX])
{
    int length = snprintf(path, OFFICE_PATH_MAX, "%s/%s", dir, name);

    return length > 0 && (size_t)length < OFFICE_PATH_MAX ? STATUS_OK
                                                          : STATUS_INVALID;
}

/* ---- the context ---- */

/* In the order in which they need each other. */
static const char *const before_plans[] = {
    WIRE_DOCUMENT_GENESIS, WIRE_DOCUMENT_VOCABULARY, WIRE_DOCUMENT_UNITS};
static const char *const after_plans[] = {WIRE_DOCUMENT_ENROLMENT};

#define BEFORE_PLANS (sizeof before_plans / sizeof before_plans[0])
#define AFTER_PLANS  (sizeof after_plans / sizeof after_plans[0])
_Static_assert(OFFICE_DOCUMENTS == BEFORE_PLANS + WIRE_PLANS_MAX + AFTER_PLANS,
               "each document has its place");

static const char *document_at(size_t position)
{
    if (position < BEFORE_PLANS) {
        return before_plans[position];
    }
    position -= BEFORE_PLANS;
    return position < WIRE_PLANS_MAX ? wire_document_plans[position]
                                     : after_plans[position - WIRE_PLANS_MAX];
}

static enum status apply_document(const struct office *office,
                                  struct context *context, const char *name,
                                  uint64_t index, struct report *report)
{
    struct control *control = NULL;
    struct bytes bytes;
    unsigned change;
    enum status rc = spool_document(office->spool, name, &bytes);

    if (rc == STATUS_NOT_FOUND) {
        return STATUS_OK; /* it has not come down yet */
    }
    if (rc == STATUS_OK) {
        rc = config_open_control(&office->config, bytes, &control);
    }
    if (rc == STATUS_OK && control->kind == CONTROL_ENROLMENT) {
        /* Whether its join key was good, and whose work it carries on, is the
         * province's question. */
        control->enrolment.join_until = 0;
        control->enrolment.again = false;
        control->enrolment.succeeds_count = 0;
    }
    if (rc == STATUS_OK) {
        rc = context_apply(context, index, control, report, &change);
    }
    control_free(&control);
    return rc;
}

/* Makes the context anew from the documents in the spool. When one of them
 * cannot be used (STATUS_REFUSED: not signed by the administrator;
 * STATUS_INVALID: it contradicts the others; the reason goes to `report`) the
 * context from before stays; where there was none it is made of the others. */
static enum status make_context(struct office *office, struct report *report)
{
    struct context *context = NULL;
    enum status worst = STATUS_OK;
    enum status rc = context_new(&context);

    for (size_t i = 0; rc == STATUS_OK && i < OFFICE_DOCUMENTS; i++) {
        enum status one =
            apply_document(office, context, document_at(i), i, report);

        if (one != STATUS_OK) {
            report_add(report, REPORT_ERROR, NULL, 0, 0,
                       "tài liệu \"%s\" của tỉnh chưa dùng được: %s",
                       "the province's document \"%s\" cannot be used: %s",
                       document_at(i), status_text(one, report->language));
            worst = one;
        }
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    if (worst == STATUS_OK || office->context == NULL) {
        struct context *old = office->context;

        office->context = context;
        office->agent = context_agent(context, office->identity.agent_number);
        context = old;
    }
    context_free(&context);
    return worst;
}

enum status office_refresh(struct office *office)
{
    struct digest now[OFFICE_DOCUMENTS];
    struct report report;
    enum status rc = STATUS_OK;

    memset(now, 0, sizeof now);
    for (size_t i = 0; rc == STATUS_OK && i < OFFICE_DOCUMENTS; i++) {
        rc = spool_document_digest(office->spool, document_at(i), &now[i]);
        rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    if (rc != STATUS_OK || memcmp(now, office->documents, sizeof now) == 0) {
        return rc;
    }
    report_init(&report, office->language);
    rc = make_context(office, &report);
    report_fini(&report);
    if (rc == STATUS_OK) {
        memcpy(office->documents, now, sizeof now);
    }
    return rc;
}

static enum status apply_file(const struct plan_files *files,
                              enum plan_files_kind kind,
                              enum control_kind control_kind,
                              struct context *context, struct report *report)
{
    struct control *control = calloc(1, sizeof *control);
    unsigned change;
    enum status rc = STATUS_MEMORY;

    if (control != NULL) {
        const struct plan_file *file = &files->files[kind];
        struct control_file_set *set = &control->files;

        control->kind = control_kind;
        (void)snprintf(set->id, sizeof set->id, "%s", files->plan->id);
        (void)snprintf(set->files[0].name, sizeof set->files[0].name, "%s",
                       file->name);
        set->files[0].content = buffer_bytes(&file->content);
        set->file_count = 1;
        set->revision = 1;
        rc = context_apply(context, kind + 1u, control, report, &change);
    }
    free(control);
    return rc;
}

enum status office_own_context(const struct office *office,
                               const struct plan_files *files,
                               struct report *report, struct context **context)
{
    enum status rc = context_new(context);

    if (rc == STATUS_OK) {
        rc = apply_document(office, *context, WIRE_DOCUMENT_GENESIS, 0, report);
    }
    if (rc == STATUS_OK && files->files[PLAN_FILES_VOCABULARY].present) {
        rc = apply_file(files, PLAN_FILES_VOCABULARY, CONTROL_VOCABULARY,
                        *context, report);
    } else if (rc == STATUS_OK) {
        rc = apply_document(office, *context, WIRE_DOCUMENT_VOCABULARY, 1,
                            report);
    }
    if (rc == STATUS_OK) {
        rc = apply_file(files, PLAN_FILES_UNITS, CONTROL_UNITS, *context,
                        report);
    }
    if (rc == STATUS_OK) {
        rc = apply_file(files, PLAN_FILES_PLAN, CONTROL_PLAN, *context, report);
    }
    if (rc == STATUS_OK) {
        rc = apply_document(office, *context, WIRE_DOCUMENT_ENROLMENT,
                            PLAN_FILES_END + 1, report);
    }
    if (rc != STATUS_OK) {
        context_free(context);
    }
    return rc;
}

/* ---- open and close ---- */

static const struct language_text forbidden = {
    "thư mục thuộc người dùng khác; hãy chạy lệnh bằng người dùng đó: "
    "runuser -u tallyline-agent -- tallyline-agent …",
    "the directory is another user's; run the command as that user: runuser "
    "-u tallyline-agent -- tallyline-agent …"};

enum status office_check_owner(const struct args *args, const char *dir)
{
    struct stat info;

    if (geteuid() == 0 && stat(dir, &info) == 0 && info.st_uid != 0) {
        args_error(args, "%s: %s", dir, args_text(args, forbidden));
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static enum status explain(const struct args *args, enum status rc,
                           const char *path)
{
    struct language_text not_joined = {
        "văn phòng chưa đăng ký với tỉnh; hãy chạy tallyline-agent join TỆP, "
        "với tệp mà tỉnh đã cấp",
        "The office has not joined the province: run tallyline-agent join "
        "FILE, with the file that the province gave out"};
    struct language_text newer = {
        "dữ liệu do phiên bản mới hơn tạo ra; hãy cài lại phiên bản đó",
        "the data was made by a newer version; install that version again"};
    struct language_text damaged = {
        "dữ liệu bị hỏng; đừng xóa tệp này, hãy báo người quản trị của tỉnh",
        "the data is damaged; keep the file and tell the province's "
        "administrator"};

    struct language_text slots = {
        "slot hoặc ledger_id của một trung tâm trong agent.yaml không phải là "
        "của tệp này; hãy lấy lại agent.yaml như trước khi sửa",
        "agent.yaml gives a collector another slot or ledger_id than this file "
        "does; put agent.yaml back as it was"};

    switch (rc) {
    case STATUS_CONFIG:
        args_error(args, "%s: %s", path, args_text(args, slots));
        break;
    case STATUS_NOT_FOUND:
        args_error(args, "%s", args_text(args, not_joined));
        return STATUS_CONFIG;
    case STATUS_NO_INPUT:
        args_error(args, "%s: %s", path, args_text(args, forbidden));
        return STATUS_REFUSED;
    case STATUS_VERSION:
        args_error(args, "%s: %s", path, args_text(args, newer));
        break;
    case STATUS_CORRUPT:
        args_error(args, "%s: %s", path, args_text(args, damaged));
        break;
    default:
        args_error(args, "%s: %s", path, status_text(rc, args->language));
        break;
    }
    return rc;
}

static enum status load_config(const struct args *args, struct office *office)
{
    char path[OFFICE_PATH_MAX];
    struct report report;
    enum status rc = office_path(office->dir, OFFICE_CONFIG_FILE, path);

    if (rc != STATUS_OK) {
        return explain(args, rc, office->dir);
    }
    report_init(&report, args->language);
    rc = config_load(path, &report, &office->config);
    if (rc == STATUS_CONFIG) {
        report_print(&report, stderr);
    } else if (rc != STATUS_OK) {
        rc = explain(args, rc, path);
    }
    report_fini(&report);
    return rc;
}

static enum status open_spool(const struct args *args, struct office *office)
{
    char path[OFFICE_PATH_MAX];
    enum status rc = office_path(office->dir, OFFICE_SPOOL_FILE, path);

    if (rc == STATUS_OK) {
        rc =
            spool_open(path, office->config.spool_bytes, false, &office->spool);
    }
    if (rc == STATUS_OK) {
        rc = spool_identity(office->spool, &office->identity);
    }
    if (rc == STATUS_OK) {
        rc = collectors_open(&office->config, office->spool);
    }
    return rc == STATUS_OK ? STATUS_OK : explain(args, rc, path);
}

/* A document that cannot be used keeps nobody from what can be done without
 * it: the daemon may be about to fetch a better one. */
static enum status first_context(const struct args *args, struct office *office)
{
    struct report report;
    enum status rc;

    report_init(&report, args->language);
    rc = make_context(office, &report);
    if (rc != STATUS_OK) {
        report_print(&report, stderr);
    }
    report_fini(&report);
    return office->context != NULL ? STATUS_OK : rc;
}

enum status office_open(const struct args *args, struct office **office)
{
    struct office *made = calloc(1, sizeof *made);
    enum status rc = STATUS_OK;

    *office = NULL;
    if (made == NULL) {
        return explain(args, STATUS_MEMORY, args->program->name);
    }
    made->language = args->language;
    if (strlen(office_dir(args)) >= sizeof made->dir) {
        rc = explain(args, STATUS_INVALID, office_dir(args));
    } else {
        memcpy(made->dir, office_dir(args), strlen(office_dir(args)) + 1);
    }
    if (rc == STATUS_OK) {
        rc = office_check_owner(args, made->dir);
    }
    if (rc == STATUS_OK) {
        rc = load_config(args, made);
    }
    if (rc == STATUS_OK) {
        /* The environment has the last word. */
        made->language = getenv("TALLYLINE_LANG") != NULL
                             ? args->language
                             : made->config.language;
        rc = open_spool(args, made);
    }
    if (rc == STATUS_OK) {
        rc = first_context(args, made);
    }
    if (rc != STATUS_OK) {
        office_close(&made);
    }
    *office = made;
    return rc;
}

void office_close(struct office **office)
{
    if (*office == NULL) {
        return;
    }
    context_free(&(*office)->context);
    spool_close(&(*office)->spool);
    free(*office);
    *office = NULL;
}

/* ---- the daemon's ear ---- */

bool office_poke(const struct office *office)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/%s",
                          office->dir, OFFICE_SOCKET_FILE);
    bool heard = false;

    if (fd < 0) {
        return false;
    }
    if (length > 0 && (size_t)length < sizeof address.sun_path) {
        /* A full queue has somebody behind it too. */
        heard = sendto(fd, "", 1, 0, (const struct sockaddr *)&address,
                       sizeof address) == 1 ||
                errno == EAGAIN;
    }
    (void)close(fd);
    return heard;
}
