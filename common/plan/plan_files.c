#include "common/plan/plan_files.h"

#include "common/base/file.h"
#include "common/event/vocabulary_file.h"
#include "common/format/control.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[PLAN_FILES_END] = {
    [PLAN_FILES_VOCABULARY] = "vocabulary.yaml",
    [PLAN_FILES_UNITS] = "units.csv",
    [PLAN_FILES_PLAN] = "plan.yaml",
};

void plan_files_init(struct plan_files *files)
{
    memset(files, 0, sizeof *files);
    for (size_t i = 0; i < PLAN_FILES_END; i++) {
        buffer_init(&files->files[i].content, CONTROL_BYTES_MAX);
    }
}

void plan_files_fini(struct plan_files *files)
{
    plan_free(&files->plan);
    units_free(&files->units);
    vocabulary_free(&files->vocabulary);
    for (size_t i = 0; i < PLAN_FILES_END; i++) {
        buffer_fini(&files->files[i].content);
    }
}

static enum status read_one(struct plan_file *file, bool may_be_absent,
                            struct report *report)
{
    const char *slash = strrchr(file->path, '/');
    enum status status = file_read(file->path, &file->content);

    file->name = slash == NULL ? file->path : slash + 1;
    file->present = status == STATUS_OK;
    if (status == STATUS_OK || (status == STATUS_NOT_FOUND && may_be_absent)) {
        return STATUS_OK;
    }
    if (status == STATUS_FULL) {
        report_add(report, REPORT_ERROR, file->path, 0, 0,
                   "tệp quá lớn, tối đa %u byte",
                   "the file is too large, at most %u bytes",
                   CONTROL_BYTES_MAX);
        return STATUS_INVALID;
    }
    if (status == STATUS_NOT_FOUND) {
        report_add(report, REPORT_ERROR, file->path, 0, 0, "không có tệp này",
                   "there is no such file");
    } else {
        report_add(report, REPORT_ERROR, file->path, 0, 0,
                   "không có quyền đọc tệp này", "the file may not be read");
    }
    return STATUS_NO_INPUT;
}

/* The folder that `path` is or lies in. */
static size_t folder_of(const char *path, bool is_folder)
{
    const char *slash = strrchr(path, '/');

    if (is_folder) {
        return strlen(path);
    }
    return slash == NULL ? 0 : (size_t)(slash - path);
}

enum status plan_files_read(struct plan_files *files, const char *path,
                            struct report *report)
{
    struct stat info;
    bool is_folder = stat(path, &info) == 0 && S_ISDIR(info.st_mode);
    size_t folder = folder_of(path, is_folder);
    enum status status = STATUS_OK;

    if (access(path, F_OK) != 0) {
        report_add(report, REPORT_ERROR, path, 0, 0,
                   "không có tệp hoặc thư mục này",
                   "there is no such file or folder");
        return STATUS_NO_INPUT;
    }
    if (strlen(path) + sizeof "/vocabulary.yaml" > FILE_PATH_MAX) {
        report_add(report, REPORT_ERROR, NULL, 0, 0, "đường dẫn quá dài",
                   "the path is too long");
        return STATUS_NO_INPUT;
    }
    for (size_t i = 0; i < PLAN_FILES_END; i++) {
        struct plan_file *file = &files->files[i];
        enum status read;

        if (i == PLAN_FILES_PLAN && !is_folder) {
            memcpy(file->path, path, strlen(path) + 1);
        } else {
            (void)snprintf(file->path, sizeof file->path, "%.*s%s%s",
                           (int)folder, path, folder == 0 ? "" : "/", names[i]);
        }
        read = read_one(file, i == PLAN_FILES_VOCABULARY, report);
        status = status == STATUS_OK ? read : status;
    }
    return status;
}

static struct bytes content_of(const struct plan_files *files,
                               enum plan_files_kind kind)
{
    return buffer_bytes(&files->files[kind].content);
}

enum status plan_files_check(struct plan_files *files, struct report *report)
{
    const struct plan_file *vocabulary = &files->files[PLAN_FILES_VOCABULARY];
    const struct plan_file *units = &files->files[PLAN_FILES_UNITS];
    const struct plan_file *plan = &files->files[PLAN_FILES_PLAN];
    enum status made = STATUS_OK;
    enum status status = STATUS_OK;

    if (vocabulary->present) {
        status = vocabulary_load(vocabulary->path,
                                 content_of(files, PLAN_FILES_VOCABULARY),
                                 report, &files->vocabulary);
    }
    made = units_new(&files->units);
    if (made == STATUS_OK) {
        made = units_add_csv(files->units, units->path,
                             content_of(files, PLAN_FILES_UNITS), report);
    }
    status = status == STATUS_OK ? made : status;
    /* Without its units the plan is read all the same, and each code in it
     * taken for one that there is: all mistakes at once. */
    if (made == STATUS_INVALID) {
        units_free(&files->units);
        made = STATUS_OK;
    }
    if (made == STATUS_OK) {
        made = plan_load(plan->path, content_of(files, PLAN_FILES_PLAN),
                         files->units, files->vocabulary, report, &files->plan);
        status = status == STATUS_OK ? made : status;
    }
    report_sort(report);
    return status;
}

/* Whether both set a goal for the same figure, and not the same goal. */
static bool contradicts(const struct plan *first, const struct plan_target *a,
                        const struct plan *second, const struct plan_target *b)
{
    const char *one = first->indicators[a->indicator].id;
    const char *other = second->indicators[b->indicator].id;

    return a->comparator != PLAN_MONITOR && b->comparator != PLAN_MONITOR &&
           strcmp(one, other) == 0 && a->scope == b->scope &&
           !a->scope_listed && !b->scope_listed &&
           a->each_unit == b->each_unit &&
           (!a->each_unit || a->each_level == b->each_level) &&
           a->from <= b->to && b->from <= a->to &&
           (a->comparator != b->comparator || a->quantity != b->quantity ||
            a->quantity_to != b->quantity_to || a->percent_e2 != b->percent_e2);
}

static bool share_programme(const struct plan *a, const struct plan *b)
{
    for (uint32_t i = 0; i < a->programme_count; i++) {
        if (plan_has_programme(b, a->programmes[i])) {
            return true;
        }
    }
    return false;
}

void plan_files_compare(const struct plan_files *first,
                        const struct plan_files *second, struct report *report)
{
    const struct plan *a = first->plan, *b = second->plan;

    if (a == NULL || b == NULL) {
        return;
    }
    if (strcmp(a->id, b->id) == 0 && a->revision == b->revision) {
        report_add(report, REPORT_ERROR, second->files[PLAN_FILES_PLAN].path, 1,
                   1, "hai kế hoạch cùng mã \"%s\" và cùng bản %u",
                   "two plans of the id \"%s\" and revision %u", b->id,
                   b->revision);
    }
    if (a->unit != b->unit || !share_programme(a, b) ||
        strcmp(a->id, b->id) == 0) {
        return;
    }
    for (uint32_t i = 0; i < a->target_count; i++) {
        for (uint32_t k = 0; k < b->target_count; k++) {
            if (contradicts(a, &a->targets[i], b, &b->targets[k])) {
                report_add(
                    report, REPORT_ERROR, second->files[PLAN_FILES_PLAN].path,
                    b->targets[k].line, 1,
                    "chỉ tiêu \"%s\" đặt mức khác với \"%s\" (%s:%zu) cho "
                    "cùng một chỉ số; hãy sửa một trong hai",
                    "target \"%s\" sets another goal than \"%s\" (%s:%zu) "
                    "for the same indicator; change one of them",
                    b->targets[k].id, a->targets[i].id,
                    first->files[PLAN_FILES_PLAN].path, a->targets[i].line);
            }
        }
    }
}
