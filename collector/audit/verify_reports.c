/* A report that comes out as it was frozen is proven, whatever context it was
 * made in: the hash says so. One that does not is tried once more over exactly
 * the prefix it names, before it is called wrong. */
#include "collector/audit/verify_figures_private.h"
#include "collector/reports/form_choice.h"
#include "common/event/calendar.h"

#include <stdio.h>
#include <stdlib.h>

static void note_report(struct verify_figures *self,
                        struct report_to_make *report, enum verify_fault fault)
{
    const struct control_freeze *freeze = &report->freeze.freeze;
    char note[VERIFY_NOTE_MAX];

    verify_note(self->options.results, note, "%.60s, kỳ %u, %llu mục",
                "%.60s, period %u, %llu entries", freeze->plan_id,
                (unsigned)freeze->period_key,
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
                           bool *same, bool *erased)
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
        *erased = form_is_erased(form);
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
    bool erased = false;
    enum status status = draw_up(self, report, context, tally, &same, &erased);

    if (status == STATUS_OK && same) {
        report->state = REPORT_DONE;
    } else if (status == STATUS_OK && erased && exact) {
        /* What it was drawn up from is not all there any more. */
        report->state = REPORT_DONE;
        self->options.results->parts[VERIFY_REPORTS].erased++;
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
    if (status == STATUS_OK) {
        tally_without_registers(tally);
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

enum status verify_reports_read(struct verify_figures *self)
{
    enum status status = read_freezes(self);

    if (status == STATUS_OK && self->count > 0) {
        qsort(self->reports, self->count, sizeof *self->reports, by_position);
        status = read_figures(self);
    }
    return status;
}

/* ---- on the way, and alone ---- */

bool verify_report_is_on_the_way(const struct verify_figures *self,
                                 const struct report_to_make *report)
{
    return report->state == REPORT_WAITS && report->figures == self->figures;
}

enum status verify_reports_here(struct verify_figures *self,
                                struct tally *tally)
{
    uint64_t position = tally_position(tally);
    enum status status = STATUS_OK;

    for (size_t i = 0; i < self->count && status == STATUS_OK; i++) {
        struct report_to_make *report = &self->reports[i];

        if (verify_report_is_on_the_way(self, report) &&
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
