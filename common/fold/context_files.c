/* Units and vocabulary: control entries hold the files as they were loaded, and
 * the newest of each kind is in force. The one before goes only when the new
 * one has been read without a mistake. */
#include "common/fold/context_state.h"

#include "common/event/vocabulary.h"
#include "common/event/vocabulary_file.h"

#include <string.h>

bool context_has_files(const struct control_file_set *files,
                       struct report *report)
{
    if (files->file_count == 0) {
        report_add(report, REPORT_ERROR, NULL, 0, 0, "“%s” không có tệp nào",
                   "“%s” holds no file", files->id);
    }
    return files->file_count != 0;
}

/* A list may be replaced by a newer revision of itself or by another one. */
static bool is_newer(const struct context_origin *origin,
                     const struct control_file_set *files,
                     struct report *report)
{
    if (!context_has_files(files, report)) {
        return false;
    }
    if (strcmp(origin->id, files->id) == 0 &&
        files->revision <= origin->revision) {
        report_add(report, REPORT_ERROR, NULL, 0, 0,
                   "“%s” bản %u không mới hơn bản %u đang dùng",
                   "“%s” revision %u is not newer than revision %u in force",
                   files->id, files->revision, origin->revision);
        return false;
    }
    return true;
}

static void set_origin(struct context_origin *origin, uint64_t index,
                       const struct control_file_set *files)
{
    memcpy(origin->id, files->id, sizeof origin->id);
    origin->revision = files->revision;
    origin->index = index;
}

MUST_USE enum status context_apply_units(struct context *context,
                                         uint64_t index,
                                         const struct control_file_set *files,
                                         struct report *report)
{
    struct units *units = NULL;
    enum status status;

    if (!is_newer(&context->units_origin, files, report)) {
        return STATUS_INVALID;
    }
    status = units_new(&units);
    for (uint32_t i = 0; i < files->file_count && status == STATUS_OK; i++) {
        status = units_add_csv(units, files->files[i].name,
                               files->files[i].content, report);
    }
    if (status != STATUS_OK) {
        units_free(&units);
        return status;
    }
    units_free(&context->units);
    context->units = units;
    set_origin(&context->units_origin, index, files);
    return STATUS_OK;
}

/* What a value meant once it means for ever. */
static bool repeats(const struct vocabulary *old, const struct vocabulary *new,
                    struct report *report)
{
    const struct catalogue_enumeration *all;
    bool same = true;

    for (size_t i = 0; (all = catalogue_enumeration_at(i)) != NULL; i++) {
        const struct catalogue_value *value;

        for (size_t k = 0; (value = vocabulary_at(old, all, k)) != NULL; k++) {
            const struct catalogue_value *now =
                vocabulary_value(new, all, value->value);

            if (now == NULL || strcmp(now->token, value->token) != 0) {
                report_add(report, REPORT_ERROR, NULL, 0, 0,
                           "giá trị %u (%s) của %s phải giữ nguyên",
                           "value %u (%s) of %s must stay as it was",
                           value->value, value->token, all->name);
                same = false;
            }
        }
    }
    return same;
}

MUST_USE enum status context_apply_vocabulary(
    struct context *context, uint64_t index,
    const struct control_file_set *files, struct report *report)
{
    struct vocabulary *vocabulary = NULL;
    enum status status;

    if (!is_newer(&context->vocabulary_origin, files, report)) {
        return STATUS_INVALID;
    }
    status = vocabulary_load(files->files[0].name, files->files[0].content,
                             report, &vocabulary);
    if (status == STATUS_OK &&
        !repeats(context->vocabulary, vocabulary, report)) {
        status = STATUS_INVALID;
    }
    if (status != STATUS_OK) {
        vocabulary_free(&vocabulary);
        return status;
    }
    vocabulary_free(&context->vocabulary);
    context->vocabulary = vocabulary;
    set_origin(&context->vocabulary_origin, index, files);
    return STATUS_OK;
}
