/* The state is written once more, as it would be, and each byte held against
 * the file: so whoever changed it, however well, is found where he did. */
#include "collector/audit/verify_figures_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- the saved state ---- */

static struct fold_file file_of(const struct verify_figures *self)
{
    return (struct fold_file){.path = self->options.state,
                              .snapshot = self->options.snapshot};
}

static enum status look_at_state(struct verify_figures *self)
{
    static const struct language_text none = {"không có tệp này",
                                              "there is no such file"};
    static const struct language_text other = {
        "của phiên bản khác, không được dùng",
        "made by another version of the program, and not used"};
    static const struct language_text old = {
        "trước một thay đổi kế hoạch hay đơn vị, không được dùng",
        "from before a change of plan or units, and not used"};
    static const struct language_text closed = {"không đọc được tệp",
                                                "the file cannot be read"};
    struct verify_results *results = self->options.results;
    struct fold_file file = file_of(self);
    uint64_t size = ledger_snapshot_size(self->options.snapshot);
    enum status status = fold_file_place(&file, self->figures, &self->place);
    bool fits = status == STATUS_OK;

    if (status == STATUS_INVALID && self->place.position <= size) {
        status = fold_file_place(&file, 0, &self->place);
    }
    if (fits) {
        return STATUS_OK;
    }
    switch (status) {
    case STATUS_OK:
        verify_nothing(results, VERIFY_STATE, old);
        break;
    case STATUS_NOT_FOUND:
        verify_nothing(results, VERIFY_STATE, none);
        break;
    case STATUS_VERSION:
        verify_nothing(results, VERIFY_STATE, other);
        break;
    case STATUS_CORRUPT:
        verify_found(results, VERIFY_STATE, VERIFY_FAULT_STATE_DAMAGED,
                     verify_at_offset(0), NULL);
        break;
    case STATUS_INVALID:
        if (self->options.busy && self->place.position > size) {
            verify_nothing(results, VERIFY_STATE, none);
        } else {
            verify_found(results, VERIFY_STATE, VERIFY_FAULT_STATE_OTHER,
                         verify_at_index(self->place.position), NULL);
        }
        break;
    case STATUS_MEMORY:
        return status;
    default:
        verify_unchecked(results, VERIFY_STATE, closed);
        break;
    }
    self->place.position = 0;
    return STATUS_OK;
}

static enum status compare_state(struct verify_figures *self,
                                 struct tally *tally)
{
    static const struct language_text replaced = {
        "trung tâm đang chạy đã ghi tệp mới trong lúc kiểm tra",
        "the running collector has written it anew meanwhile"};
    struct fold_file file = file_of(self);
    struct fold_file_place now;
    uint64_t offset = UINT64_MAX;
    struct digest digest;
    enum status status = tally_compare(tally, self->options.state,
                                       self->place.controls, &offset, &digest);

    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        return status;
    }
    self->options.results->parts[VERIFY_STATE].checked++;
    if (status == STATUS_OK && offset == UINT64_MAX) {
        self->compared.position = self->place.position;
        self->compared.digest = digest;
        return STATUS_OK;
    }
    if (self->options.busy &&
        (fold_file_place(&file, self->figures, &now) != STATUS_OK ||
         now.position != self->place.position)) {
        verify_nothing(self->options.results, VERIFY_STATE, replaced);
        return STATUS_OK;
    }
    verify_found(self->options.results, VERIFY_STATE,
                 VERIFY_FAULT_STATE_DIFFERS, verify_at_offset(offset), NULL);
    return STATUS_OK;
}

/* ---- all of it ---- */

enum status verify_figures_new(const struct verify_figures_options *options,
                               struct verify_figures **figures)
{
    struct verify_figures *self = calloc(1, sizeof *self);
    enum status status;

    *figures = self;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->options = *options;
    self->figures = province_figures(options->province);
    status = look_at_state(self);
    if (status == STATUS_OK) {
        status = verify_reports_read(self);
    }
    if (status != STATUS_OK) {
        verify_figures_free(figures);
    }
    return status;
}

void verify_figures_free(struct verify_figures **figures)
{
    if (*figures != NULL) {
        free((*figures)->reports);
        free(*figures);
        *figures = NULL;
    }
}

uint64_t verify_figures_next(const struct verify_figures *self,
                             uint64_t position)
{
    uint64_t next = UINT64_MAX;

    if (self->place.position > position) {
        next = self->place.position;
    }
    for (size_t i = 0; i < self->count; i++) {
        uint64_t at = self->reports[i].freeze.freeze.at_index;

        if (verify_report_is_on_the_way(self, &self->reports[i]) &&
            at > position && at < next) {
            next = at;
        }
    }
    return next;
}

/* ---- going on with an earlier run ---- */

const struct verify_compared *verify_figures_compared(
    const struct verify_figures *self)
{
    return &self->compared;
}

bool verify_figures_saved(const struct verify_figures *self)
{
    return self->place.position > 0;
}

enum status verify_figures_alone(const struct verify_figures *self,
                                 struct buffer *alone)
{
    enum status status = STATUS_OK;

    buffer_clear(alone);
    for (size_t i = 0; i < self->count && status == STATUS_OK; i++) {
        if (self->reports[i].state == REPORT_ALONE) {
            status = buffer_u64(alone, self->reports[i].freeze.index);
        }
    }
    return status;
}

static bool is_among(struct bytes alone, uint64_t index)
{
    bool is = false;

    for (size_t at = 0; at + 8 <= alone.size; at += 8) {
        is = is || bytes_get_u64(alone.data + at) == index;
    }
    return is;
}

static enum status skip_state(struct verify_figures *self,
                              const struct verify_compared *before)
{
    struct fold_file file = file_of(self);
    struct fold_source source = {.owner = NULL};
    struct fold_file_state state;
    enum status status =
        fold_file_read(&file, province_context(self->options.province), source,
                       self->figures, &state);
    bool same = status == STATUS_OK &&
                before->position == self->place.position &&
                digest_equal(&state.digest, &before->digest);

    if (status == STATUS_OK) {
        fold_free(&state.fold);
        registers_free(&state.registers);
    }
    if (status == STATUS_MEMORY) {
        return status;
    }
    self->options.results->parts[VERIFY_STATE].checked += same;
    self->compared = *before;
    return same ? STATUS_OK : STATUS_INVALID;
}

enum status verify_figures_skip(struct verify_figures *self, uint64_t position,
                                const struct verify_compared *before,
                                struct bytes alone)
{
    for (size_t i = 0; i < self->count; i++) {
        struct report_to_make *report = &self->reports[i];

        if (verify_report_is_on_the_way(self, report) &&
            report->freeze.freeze.at_index <= position) {
            report->state = is_among(alone, report->freeze.index) ? REPORT_ALONE
                                                                  : REPORT_DONE;
            self->options.results->parts[VERIFY_REPORTS].checked +=
                report->state == REPORT_DONE;
        }
    }
    return self->place.position > 0 && self->place.position <= position
               ? skip_state(self, before)
               : STATUS_OK;
}

/* ---- the pass ---- */

enum status verify_figures_at(struct verify_figures *self, struct tally *tally)
{
    uint64_t position = tally_position(tally);
    enum status status = STATUS_OK;

    if (self->place.position == position && position > 0) {
        status = compare_state(self, tally);
    }
    return status == STATUS_OK ? verify_reports_here(self, tally) : status;
}
