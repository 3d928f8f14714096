/* report print: a report on paper.
 *
 * A report that was frozen is made again of the prefix it was frozen at, and
 * its figures must be those on record. What came later stands in a column of
 * its own, never in place of what was submitted. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/figures/position.h"
#include "collector/reports/form_choice.h"
#include "common/base/file.h"
#include "common/reports/form_write.h"

struct printing {
    const struct args *args;
    enum form_format format;
    struct reading now;  /* all that --as-of shows */
    struct reading then; /* the prefix of the freeze */
    struct form_choice choice;
    struct form_choice frozen_choice; /* the same by the plan of that prefix */
    struct form *form;                /* what is printed */
    struct form *present;             /* what would be printed today */
    struct form_revision revision;
};

static enum status read_format(struct printing *self)
{
    static const struct language_text terminal = {
        "--format xlsx: cần --output TỆP",
        "--format xlsx: --output FILE is needed"};
    const char *text = args_value(self->args, "format");

    self->format = FORM_TEXT;
    if (text != NULL && !form_format_parse(text, &self->format)) {
        args_error(self->args, "--format text|csv|xlsx|html|jsonl|dhis2: %s",
                   text);
        return STATUS_USAGE;
    }
    if (self->format == FORM_XLSX && args_value(self->args, "output") == NULL &&
        isatty(STDOUT_FILENO) == 1) {
        args_error(self->args, "%s", args_text(self->args, terminal));
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

/* ---- what was frozen ---- */

/* The prefix must give what was put on record when it was frozen, which was
 * drawn up for anyone, whoever reads it now. */
static enum status read_frozen(struct printing *self,
                               const struct context_freeze *freeze)
{
    enum status status = reading_open(self->args, &self->then);

    if (status == STATUS_OK) {
        status =
            reading_limit(self->args, &self->then, freeze->freeze.at_index);
    }
    if (status == STATUS_OK) {
        status = form_choose(self->args, &self->then, &self->frozen_choice);
    }
    if (status == STATUS_OK) {
        status = form_check_frozen(self->args, &self->then,
                                   &self->frozen_choice, freeze);
    }
    if (status == STATUS_OK) {
        status =
            form_choose_view(self->args, &self->then, &self->frozen_choice);
    }
    return status == STATUS_OK ? form_read(self->args, &self->then,
                                           &self->frozen_choice, &self->form)
                               : status;
}

/* When the freeze was received, for people. */
static enum status note_revision(struct printing *self,
                                 const struct context_freeze *freeze)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry = {.received_at = 0};
    enum status status = ledger_snapshot_open(self->now.ledger, &snapshot);

    if (status == STATUS_OK) {
        status = ledger_entry(snapshot, freeze->index, &entry);
    }
    ledger_snapshot_close(&snapshot);
    self->revision =
        (struct form_revision){.freeze = freeze->index,
                               .frozen_at = entry.received_at,
                               .position = self->present->position};
    return status;
}

/* What is known now beside what was submitted. */
static enum status revise(struct printing *self,
                          const struct context_freeze *freeze)
{
    struct form_choice choice = self->choice;
    enum status status;

    choice.days = self->frozen_choice.days;
    form_days_of(choice.plan, &choice.days);
    choice.by = false;
    status = form_read(self->args, &self->now, &choice, &self->present);
    if (status != STATUS_OK || !form_revise(self->form, self->present)) {
        return status;
    }
    status = note_revision(self, freeze);
    self->form->revision = &self->revision;
    return status;
}

static enum status draw_up(struct printing *self)
{
    static const struct language_text none = {
        "không có bản chốt này của báo cáo",
        "is no entry that froze this report"};
    const char *wanted = args_value(self->args, "frozen");
    const struct context_freeze *found = NULL;
    struct context_freeze freeze;
    uint64_t index = 0;
    enum status status =
        args_number(self->args, "frozen", 1, UINT64_MAX, &index);

    if (status != STATUS_OK) {
        return status;
    }
    /* What was frozen has its own plan, and its own day of the units. */
    if (!args_flag(self->args, "live") && !self->now.adopted &&
        args_value(self->args, "unit-date") == NULL) {
        found = form_freeze(&self->now, &self->choice,
                            wanted == NULL ? NULL : &index);
    }
    if (wanted != NULL && found == NULL) {
        args_error(self->args, "--frozen %s: %s", wanted,
                   args_text(self->args, none));
        return STATUS_NOT_FOUND;
    }
    if (found == NULL) {
        return form_read(self->args, &self->now, &self->choice, &self->form);
    }
    freeze = *found;
    status = read_frozen(self, &freeze);
    return status == STATUS_OK && wanted == NULL ? revise(self, &freeze)
                                                 : status;
}

/* ---- onto paper ---- */

/* A file is there whole or not at all. */
static enum status write_file(const struct printing *self, const char *path)
{
    char fresh[FILE_PATH_MAX];
    FILE *out;
    enum status status;

    if ((size_t)snprintf(fresh, sizeof fresh, "%s.new", path) >= sizeof fresh) {
        errno = ENAMETOOLONG;
        return STATUS_IO;
    }
    out = fopen(fresh, "wb");
    if (out == NULL) {
        return STATUS_IO;
    }
    status = form_write(self->form, self->format, out);
    if (fclose(out) != 0 && status == STATUS_OK) {
        status = STATUS_IO;
    }
    if (status == STATUS_OK && rename(fresh, path) != 0) {
        status = STATUS_IO;
    }
    if (status != STATUS_OK) {
        (void)unlink(fresh);
    }
    return status;
}

static enum status write_out(const struct printing *self)
{
    const char *path = args_value(self->args, "output");
    enum status status = path == NULL
                             ? form_write(self->form, self->format, stdout)
                             : write_file(self, path);

    return status == STATUS_OK
               ? status
               : command_fail(self->args, path == NULL ? "stdout" : path,
                              status);
}

enum status cmd_report_print(const struct args *args, void *context)
{
    struct printing self = {.args = args};
    enum status status = read_format(&self);

    (void)context;
    if (status == STATUS_OK) {
        status = reading_open(args, &self.now);
    }
    if (status == STATUS_OK) {
        status = position_choose(args, "as-of", &self.now);
    }
    if (status == STATUS_OK) {
        status = form_choose(args, &self.now, &self.choice);
    }
    if (status == STATUS_OK) {
        status = form_choose_view(args, &self.now, &self.choice);
    }
    if (status == STATUS_OK) {
        status = draw_up(&self);
    }
    if (status == STATUS_OK) {
        status = write_out(&self);
    }
    form_free(&self.form);
    form_free(&self.present);
    reading_close(&self.then);
    reading_close(&self.now);
    return status;
}
