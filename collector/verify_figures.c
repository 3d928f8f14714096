/* A report that comes out as it was frozen is proven, whatever context it was
 * made in: the hash says so. One that does not is tried once more over exactly
 * the prefix it names, before it is called wrong. */
#include "collector/verify_figures.h"

#include "collector/fold_file.h"
#include "collector/form_choice.h"
#include "common/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum report_state {
    REPORT_WAITS,
    REPORT_ALONE, /* to be tried over its own prefix */
    REPORT_DONE
};

struct report_to_make {
    struct context_freeze freeze;
    uint64_t figures; /* province_figures() of its prefix */
    enum report_state state;
};

struct verify_figures {
    struct verify_figures_options options;
    struct fold_file_place place; /* position 0: nothing to compare */
    struct report_to_make *reports;
    size_t count;
    uint64_t figures; /* of the whole ledger */
    struct verify_compared compared;
};

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

/* ---- frozen reports ---- */

static void note_report(struct verify_figures *self,
                        struct report_to_make *report, enum verify_fault fault)
{
    const struct control_freeze *freeze = &report->freeze.freeze;
    char note[VERIFY_NOTE_MAX];

    (void)snprintf(note, sizeof note, "%.60s, period %u, %llu entries",
                   freeze->plan_id, (unsigned)freeze->period_key,
                   (unsigned long long)freeze->at_index);
    verify_found(self->options.results, VERIFY_REPORTS, fault,
                 verify_at_index(report->freeze.index), note);
}

static enum status read_freezes(struct verify_figures *self)
{
    const struct context *context = province_context(self->options.province);

    self->count = context_freeze_count(context);
    if (self->count == 0) {
        return STATUS_OK;
    }
    self->reports = calloc(self->count, sizeof *self->reports);
    if (self->reports == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < self->count; i++) {
        struct report_to_make *report = &self->reports[i];
        uint64_t at;

        report->freeze = *context_freeze_at(context, i);
        at = report->freeze.freeze.at_index;
        if (at == 0 || at > report->freeze.index) {
            report->state = REPORT_DONE;
            note_report(self, report, VERIFY_FAULT_REPORT_NONE);
        }
    }
    return STATUS_OK;
}

static enum status draw_up(const struct verify_figures *self,
                           const struct report_to_make *report,
                           const struct context *context, struct tally *tally,
                           bool *same)
{
    struct form_choice choice;
    struct form_request request = {.language = LANGUAGE_VI};
    struct form_source source = {.fold = tally_fold(tally),
                                 .context = context,
                                 .last = tally_last(tally)};
    struct form *form = NULL;
    struct entry entry;
    enum status status =
        form_choose_frozen(context, &report->freeze.freeze, &choice);

    if (status == STATUS_OK) {
        status = ledger_entry(self->options.snapshot,
                              report->freeze.freeze.at_index - 1, &entry);
    }
    if (status == STATUS_OK) {
        source.known_on = calendar_day_of_moment(entry.received_at);
        request.days = &choice.days;
        request.unit = choice.unit;
        request.by = choice.by;
        request.by_level = choice.by_level;
        request.reader = choice.reader;
        status = form_new(&source, &request, &form);
    }
    if (status == STATUS_OK) {
        status = form_is_frozen(form, &report->freeze.freeze.figures, same);
    }
    form_free(&form);
    return status;
}

/* `exact` when the context is that of the report's own prefix. */
static enum status make_again(struct verify_figures *self,
                              struct report_to_make *report,
                              const struct context *context,
                              struct tally *tally, bool exact)
{
    bool same = false;
    enum status status = draw_up(self, report, context, tally, &same);

    if (status == STATUS_OK && same) {
        report->state = REPORT_DONE;
    } else if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        return status;
    } else if (!exact) {
        report->state = REPORT_ALONE;
    } else {
        report->state = REPORT_DONE;
        note_report(self, report,
                    status == STATUS_OK ? VERIFY_FAULT_REPORT
                                        : VERIFY_FAULT_REPORT_NONE);
    }
    self->options.results->parts[VERIFY_REPORTS].checked +=
        report->state == REPORT_DONE;
    return STATUS_OK;
}

/* Of a report that waits and belongs to the tally's position. */
static enum status make_here(struct verify_figures *self,
                             const struct province *province,
                             struct tally *tally, struct report_to_make *report,
                             bool exact)
{
    enum status status = tally_settle(tally);

    return status == STATUS_OK
               ? make_again(self, report, province_context(province), tally,
                            exact)
               : status;
}

/* One fold over the first `size` entries, for those reports of the state that
 * were frozen under these figures. */
static enum status fold_for(struct verify_figures *self, uint64_t size,
                            uint64_t figures, enum report_state state)
{
    struct province *province = NULL;
    struct tally *tally = NULL;
    struct tally_progress progress = {.owner = NULL};
    unsigned changes;
    bool more;
    enum status status;

    ledger_show_prefix(self->options.ledger, size);
    status = province_open(self->options.ledger, &province);
    if (status == STATUS_OK) {
        status = tally_open(self->options.ledger, province, progress, &tally);
    }
    for (size_t i = 0; i < self->count && status == STATUS_OK; i++) {
        struct report_to_make *report = &self->reports[i];
        uint64_t at = report->freeze.freeze.at_index;

        if (report->state != state || report->figures != figures || at > size ||
            (state == REPORT_ALONE && at != size)) {
            continue;
        }
        if (tally_position(tally) < at) {
            status =
                tally_step(tally, at - tally_position(tally), &changes, &more);
        }
        if (status == STATUS_OK) {
            status = make_here(self, province, tally, report, at == size);
        }
    }
    tally_close(&tally);
    province_close(&province);
    return status;
}

/* Under which control entries each report was frozen. */
static enum status read_figures(struct verify_figures *self)
{
    struct ledger_snapshot *snapshot = NULL;
    struct province *province = NULL;
    enum status status = STATUS_OK;

    if (self->count == 0) {
        return STATUS_OK;
    }
    ledger_show_prefix(self->options.ledger, 0);
    status = province_open(self->options.ledger, &province);
    for (size_t i = 0; i < self->count && status == STATUS_OK; i++) {
        ledger_show_prefix(self->options.ledger,
                           self->reports[i].freeze.freeze.at_index);
        status = ledger_snapshot_open(self->options.ledger, &snapshot);
        if (status == STATUS_OK) {
            status = province_advance(province, snapshot);
            self->reports[i].figures = province_figures(province);
        }
        ledger_snapshot_close(&snapshot);
    }
    province_close(&province);
    ledger_show_prefix(self->options.ledger,
                       ledger_snapshot_size(self->options.snapshot));
    return status;
}

static int by_position(const void *a, const void *b)
{
    const struct report_to_make *left = a, *right = b;
    uint64_t l = left->freeze.freeze.at_index;
    uint64_t r = right->freeze.freeze.at_index;

    if (l != r) {
        return l < r ? -1 : 1;
    }
    return left->freeze.index < right->freeze.index ? -1 : 1;
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
        status = read_freezes(self);
    }
    if (status == STATUS_OK && self->count > 0) {
        qsort(self->reports, self->count, sizeof *self->reports, by_position);
        status = read_figures(self);
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

/* Whether the fold of the whole ledger passes by what the report is of. */
static bool is_on_the_way(const struct verify_figures *self,
                          const struct report_to_make *report)
{
    return report->state == REPORT_WAITS && report->figures == self->figures;
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

        if (is_on_the_way(self, &self->reports[i]) && at > position &&
            at < next) {
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

bool verify_figures_settled(const struct verify_figures *self)
{
    for (size_t i = 0; i < self->count; i++) {
        if (self->reports[i].state == REPORT_ALONE) {
            return false;
        }
    }
    return true;
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
                                const struct verify_compared *before)
{
    for (size_t i = 0; i < self->count; i++) {
        struct report_to_make *report = &self->reports[i];

        if (is_on_the_way(self, report) &&
            report->freeze.freeze.at_index <= position) {
            report->state = REPORT_DONE;
            self->options.results->parts[VERIFY_REPORTS].checked++;
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
    for (size_t i = 0; i < self->count && status == STATUS_OK; i++) {
        struct report_to_make *report = &self->reports[i];

        if (is_on_the_way(self, report) &&
            report->freeze.freeze.at_index == position) {
            status =
                make_here(self, self->options.province, tally, report, false);
        }
    }
    return status;
}

enum status verify_figures_rest(struct verify_figures *self)
{
    enum status status = STATUS_OK;

    for (size_t i = self->count; i > 0 && status == STATUS_OK; i--) {
        const struct report_to_make *report = &self->reports[i - 1];

        if (report->state == REPORT_WAITS) {
            status = fold_for(self, report->freeze.freeze.at_index,
                              report->figures, REPORT_WAITS);
        }
    }
    for (size_t i = 0; i < self->count && status == STATUS_OK; i++) {
        const struct report_to_make *report = &self->reports[i];

        if (report->state == REPORT_ALONE) {
            status = fold_for(self, report->freeze.freeze.at_index,
                              report->figures, REPORT_ALONE);
        }
    }
    return status;
}
