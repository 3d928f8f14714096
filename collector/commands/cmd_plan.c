/* plan check, plan load, units load: files that people write become control
 * entries, byte for byte. What is in force already, to the byte, adds nothing,
 * so the same command twice is harmless. */
#include "collector/commands/commands.h"
#include "common/base/file.h"
#include "common/format/control.h"
#include "common/plan/plan_files.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- check ---- */

static enum status read_and_check(const struct args *args, const char *path,
                                  struct plan_files *files)
{
    struct report report;
    enum status status;

    report_init(&report, args->language);
    status = plan_files_read(files, path, &report);
    if (status == STATUS_OK) {
        status = plan_files_check(files, &report);
    }
    command_report(&report);
    report_fini(&report);
    return status;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void tell_good(const struct args *args, const struct plan_files *files)
{
    uint32_t targets = files->plan->target_count;
    uint32_t indicators = files->plan->indicator_count;
    size_t units = units_count(files->units);

    if (args->language == LANGUAGE_EN) {
        (void)printf("%s: no mistakes (%" PRIu32 " target%s, %" PRIu32
                     " indicator%s, %zu unit%s)\n",
                     files->plan->id, targets, plural(targets), indicators,
                     plural(indicators), units, plural(units));
    } else {
        (void)printf("%s: không có lỗi (%" PRIu32 " chỉ tiêu, %" PRIu32
                     " chỉ số, %zu đơn vị hành chính)\n",
                     files->plan->id, targets, indicators, units);
    }
}

/* All that are given, and then what they say of each other. */
enum status cmd_plan_check(const struct args *args, void *context)
{
    struct plan_files files[PLAN_CHECK_MAX];
    struct report report;
    enum status status = STATUS_OK;

    (void)context;
    report_init(&report, args->language);
    for (size_t i = 0; i < args->operand_count; i++) {
        enum status one;

        plan_files_init(&files[i]);
        one = read_and_check(args, args->operands[i], &files[i]);
        if (one == STATUS_OK) {
            tell_good(args, &files[i]);
        }
        status = status == STATUS_OK ? one : status;
    }
    for (size_t i = 0; i < args->operand_count; i++) {
        for (size_t k = i + 1; k < args->operand_count; k++) {
            plan_files_compare(&files[i], &files[k], &report);
        }
    }
    command_report(&report);
    if (status == STATUS_OK && report.errors > 0) {
        status = STATUS_INVALID;
    }
    report_fini(&report);
    for (size_t i = 0; i < args->operand_count; i++) {
        plan_files_fini(&files[i]);
    }
    return status;
}

/* ---- load ---- */

/* One set of files as a control entry. */
struct loading_set {
    enum control_kind kind;
    const char *id; /* NULL: nothing to load */
    const struct plan_file *file;
};

struct loading {
    const struct writer *writer;
    const struct plan *plan; /* NULL: units alone */
    uint32_t revision;       /* that the ledger counts it as; 0: unchanged */
    struct loading_set sets[PLAN_FILES_END];
    size_t loaded; /* control entries that were made */
    enum status status;
};

/* Whether the files are those in force; `revision` gets the last one's. */
static bool in_force(const struct writer *writer, const struct loading_set *set,
                     uint32_t *revision, enum status *status)
{
    struct buffer document;
    struct control *control = NULL;
    bool same = false;

    *revision = 0;
    buffer_init(&document, CONTROL_BYTES_MAX);
    *status = set->kind == CONTROL_PLAN
                  ? writer_plan_document(writer, set->id, &document)
                  : writer_document(writer, set->kind, 0, &document);
    if (*status == STATUS_OK) {
        *status = control_open(buffer_bytes(&document), NULL, &control);
    }
    if (*status == STATUS_OK) {
        *revision = control->files.revision;
        same = control->files.file_count == 1 &&
               strcmp(control->files.id, set->id) == 0 &&
               strcmp(control->files.files[0].name, set->file->name) == 0 &&
               bytes_equal(control->files.files[0].content,
                           buffer_bytes(&set->file->content));
    } else if (*status == STATUS_NOT_FOUND) {
        *status = STATUS_OK;
    }
    control_free(&control);
    buffer_fini(&document);
    return same;
}

static enum status compose(void *owner, const struct context *context,
                           struct control controls[], size_t *count)
{
    struct loading *self = owner;
    enum status status = STATUS_OK;

    (void)context;
    *count = 0;
    for (size_t i = 0; i < PLAN_FILES_END && status == STATUS_OK; i++) {
        const struct loading_set *set = &self->sets[i];
        struct control_file_set *files = &controls[*count].files;
        uint32_t revision = 0;

        if (set->id == NULL ||
            in_force(self->writer, set, &revision, &status) ||
            status != STATUS_OK) {
            continue;
        }
        controls[*count].kind = set->kind;
        (void)snprintf(files->id, sizeof files->id, "%s", set->id);
        (void)snprintf(files->files[0].name, sizeof files->files[0].name, "%s",
                       set->file->name);
        files->files[0].content = buffer_bytes(&set->file->content);
        files->file_count = 1;
        files->revision = revision + 1;
        self->revision =
            set->kind == CONTROL_PLAN ? revision + 1 : self->revision;
        (*count)++;
    }
    self->loaded = *count;
    return status;
}

/* A count that the file does not keep up says nothing. */
static void tell_revision(const struct args *args, const struct loading *self)
{
    const struct plan *plan = self->plan;

    if (plan != NULL && plan->has_revision && self->revision != 0 &&
        self->revision != plan->revision) {
        (void)fprintf(stderr,
                      args->language == LANGUAGE_EN
                          ? "%s: the file says revision %" PRIu32
                            ", the ledger counts it as %" PRIu32
                            "; figures name the ledger's\n"
                          : "%s: tệp ghi bản %" PRIu32
                            ", sổ cái tính là bản %" PRIu32
                            "; số liệu ghi theo sổ cái\n",
                      plan->id, plan->revision, self->revision);
    }
}

static enum status load(const struct args *args, struct loading *self)
{
    static const struct language_text nothing = {
        "không có gì thay đổi, không thêm mục nào vào sổ cái",
        "nothing has changed, nothing was added to the ledger"};
    static const struct language_text added = {"số mục đã thêm vào sổ cái",
                                               "entries added to the ledger"};
    struct writer_order order = {.owner = self, .compose = compose};
    struct writer *writer = NULL;
    struct clock clock;
    enum status status;

    clock_init_real(&clock);
    status = command_writer(args, &clock, &writer);
    self->writer = writer;
    if (status == STATUS_OK) {
        status = command_order(args, writer, &order);
    }
    if (status == STATUS_OK && self->loaded == 0) {
        (void)fprintf(stderr, "%s\n", args_text(args, nothing));
    } else if (status == STATUS_OK) {
        (void)fprintf(stderr, "%s: %zu\n", args_text(args, added),
                      self->loaded);
        tell_revision(args, self);
    }
    writer_close(&writer);
    return status;
}

enum status cmd_plan_load(const struct args *args, void *context)
{
    struct plan_files files;
    struct loading self = {.writer = NULL};
    enum status status;

    (void)context;
    plan_files_init(&files);
    status = read_and_check(args, args->operands[0], &files);
    if (status == STATUS_OK) {
        const struct plan_file *file = files.files;

        self.plan = files.plan;
        if (file[PLAN_FILES_VOCABULARY].present) {
            self.sets[0] = (struct loading_set){CONTROL_VOCABULARY,
                                                "vocabulary", &file[0]};
        }
        self.sets[1] = (struct loading_set){CONTROL_UNITS, "units",
                                            &file[PLAN_FILES_UNITS]};
        self.sets[2] = (struct loading_set){CONTROL_PLAN, files.plan->id,
                                            &file[PLAN_FILES_PLAN]};
        status = load(args, &self);
    }
    plan_files_fini(&files);
    return status;
}

enum status cmd_units_load(const struct args *args, void *context)
{
    struct plan_files files;
    struct plan_file *file = &files.files[PLAN_FILES_UNITS];
    struct loading self = {.writer = NULL};
    struct report report;
    const char *path = args->operands[0];
    const char *slash = strrchr(path, '/');
    enum status status = STATUS_NO_INPUT;

    (void)context;
    plan_files_init(&files);
    report_init(&report, args->language);
    file->name = slash == NULL ? path : slash + 1;
    status = file_read(path, &file->content);
    if (status != STATUS_OK) {
        status = command_fail(
            args, path, status == STATUS_NOT_FOUND ? STATUS_NO_INPUT : status);
    }
    if (status == STATUS_OK) {
        status = units_new(&files.units);
    }
    if (status == STATUS_OK) {
        status = units_add_csv(files.units, path, buffer_bytes(&file->content),
                               &report);
        command_report(&report);
    }
    if (status == STATUS_OK) {
        self.sets[0] = (struct loading_set){CONTROL_UNITS, "units", file};
        status = load(args, &self);
    }
    report_fini(&report);
    plan_files_fini(&files);
    return status;
}
