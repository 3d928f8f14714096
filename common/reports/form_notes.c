#include "common/reports/form_notes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/figures/indicator_notes.h"
#include "common/figures/indicator_text.h"
#include "common/reports/form_text.h"

struct notes {
    const struct form *form;
    form_note_function *take;
    void *owner;
    char text[FORM_TEXT_MAX];
};

static bool is_english(const struct notes *notes)
{
    return notes->form->language == LANGUAGE_EN;
}

static void give(struct notes *notes)
{
    notes->take(notes->owner, notes->text);
}

static void date(const struct notes *notes, int32_t day,
                 char text[TEXT_DATE_MAX])
{
    text_format_date(day, notes->form->language, text);
}

/* Which year is meant: the plan's and the regime's are not the same days. */
static void give_years(struct notes *notes)
{
    const struct form_days *days = &notes->form->days;
    const struct plan *plan = notes->form->plan;
    char from[TEXT_DATE_MAX], to[TEXT_DATE_MAX];
    char year_from[TEXT_DATE_MAX] = "", year_to[TEXT_DATE_MAX] = "";
    bool same = !days->has_year ||
                (days->year.from == plan->from && days->year.to == plan->to);

    date(notes, plan->from, from);
    date(notes, plan->to, to);
    if (same) {
        (void)snprintf(notes->text, sizeof notes->text,
                       is_english(notes)
                           ? "Year of the plan: %s to %s; what has come "
                             "together is counted from its first day."
                           : "Năm kế hoạch: %s - %s; luỹ kế tính từ ngày đầu "
                             "năm kế hoạch.",
                       from, to);
    } else {
        date(notes, days->year.from, year_from);
        date(notes, days->year.to, year_to);
        (void)snprintf(
            notes->text, sizeof notes->text,
            is_english(notes)
                ? "Year of the plan: %s to %s; year of the reports: %s to %s. "
                  "What has come together is counted from the first day of the "
                  "plan's year."
                : "Năm kế hoạch: %s - %s; năm báo cáo: %s - %s. Luỹ kế tính "
                  "từ ngày đầu năm kế hoạch.",
            from, to, year_from, year_to);
    }
    give(notes);
}

static void give_reason(struct notes *notes, const struct indicator_row *row)
{
    enum language language = notes->form->language;
    const char *reason = language_pick(row->indicator->not_computed, language);

    if (row->indicator->formula == NULL && reason != NULL) {
        (void)snprintf(notes->text, sizeof notes->text, "%s: %s: %s",
                       indicator_row_id(row),
                       target_status_text(TARGET_NOT_COMPUTED, language),
                       reason);
        give(notes);
    }
}

static void give_stated(struct notes *notes, const struct indicator_row *row)
{
    const struct plan_target *target = row->target;

    if (target == NULL || target->stated <= target->listed) {
        return;
    }
    (void)snprintf(notes->text, sizeof notes->text,
                   is_english(notes)
                       ? "%s: the plan states %" PRIu64 ", its annex lists "
                         "only %" PRIu64 "."
                       : "%s: kế hoạch nêu %" PRIu64 ", phụ lục chỉ liệt kê "
                         "%" PRIu64 ".",
                   target->id, target->stated, target->listed);
    give(notes);
}

/* An indicator's own note stands once, by the first line that shows it. */
static void give_note(struct notes *notes, size_t line)
{
    const struct form *form = notes->form;
    const struct indicator_row *row = form->lines[line].rows[FORM_SO_FAR];
    const char *note = language_pick(row->indicator->note, form->language);
    bool said = note == NULL || note[0] == '\0';

    for (size_t i = 0; i < line && !said; i++) {
        said = form->lines[i].rows[FORM_SO_FAR]->indicator == row->indicator;
    }
    if (!said) {
        (void)snprintf(notes->text, sizeof notes->text, "%s: %s",
                       indicator_row_id(row), note);
        give(notes);
    }
}

/* Which reading of the plan's text was chosen, for the lines that follow it. */
static void give_setting(struct notes *notes, uint32_t place)
{
    const struct form *form = notes->form;
    const struct plan_setting *setting = &form->plan->settings[place];
    size_t used = 0;

    for (size_t i = 0; i < form->line_count; i++) {
        const struct indicator_row *row = form->lines[i].rows[FORM_SO_FAR];

        if ((row->indicator->settings >> place & 1) != 0 &&
            used < sizeof notes->text) {
            used += (size_t)snprintf(
                notes->text + used, sizeof notes->text - used, "%s%s",
                used > 0 ? ", " : "", indicator_row_id(row));
        }
    }
    if (used > 0 && used < sizeof notes->text) {
        (void)snprintf(notes->text + used, sizeof notes->text - used,
                       ": %s: %s",
                       language_pick(setting->label, form->language),
                       language_pick(setting->options[setting->chosen].label,
                                     form->language));
        give(notes);
    }
}

static void take_note(void *owner, const char *note)
{
    struct notes *notes = owner;

    (void)snprintf(notes->text, sizeof notes->text, "%s", note);
    give(notes);
}

/* What ended before the units of the report: of whom, and until when. */
static void give_ended(struct notes *notes, const struct indicator_row *row)
{
    char text[INDICATOR_TEXT_MAX];

    if (indicator_ended_text(row, notes->form->language, text)) {
        (void)snprintf(notes->text, sizeof notes->text, "%s: %s",
                       indicator_row_id(row), text);
        give(notes);
    }
}

/* Who has sent the report of the period: what the sheet by unit rests on. */
static void give_reported(struct notes *notes)
{
    const struct form *form = notes->form;
    char text[INDICATOR_TEXT_MAX];

    if (form->silence != NULL && form->unit_count > 0) {
        indicator_reported_text(form->silence, form->unit->key, form->by_level,
                                form->language, text);
        (void)snprintf(notes->text, sizeof notes->text, "%s", text);
        give(notes);
    }
}

static void give_divided(struct notes *notes)
{
    bool any = false;

    for (int i = 0; i < FORM_FIGURE_END; i++) {
        any = any || notes->form->rows[i]->not_divided;
    }
    if (any) {
        (void)snprintf(notes->text, sizeof notes->text, "%s",
                       is_english(notes)
                           ? "(*) holds events of a unit that was divided "
                             "since and cannot be told apart below"
                           : "(*) gồm cả sự kiện của đơn vị đã chia tách, "
                             "không chia xuống cấp dưới được");
        give(notes);
    }
}

static void give_erased(struct notes *notes)
{
    bool any = false;

    for (int i = 0; i < FORM_FIGURE_END; i++) {
        any = any || notes->form->rows[i]->erased;
    }
    if (any) {
        (void)snprintf(notes->text, sizeof notes->text, "%s",
                       indicator_erased_text(notes->form->language));
        give(notes);
    }
}

static void give_hidden(struct notes *notes)
{
    bool any = false;

    for (int i = 0; i < FORM_FIGURE_END; i++) {
        any = any || notes->form->rows[i]->hidden;
    }
    if (any) {
        (void)snprintf(notes->text, sizeof notes->text, "%s",
                       is_english(notes)
                           ? "<5, …: persons; small numbers below the "
                             "province are hidden, and what would give them "
                             "away"
                           : "<5, …: số người; dưới cấp tỉnh không nêu số "
                             "nhỏ và những số từ đó suy ra được");
        give(notes);
    }
    if (notes->form->reader.kind == FIGURE_READER_AUDIT) {
        (void)snprintf(notes->text, sizeof notes->text, "%s",
                       is_english(notes)
                           ? "Nothing is hidden: for the audit, not to be "
                             "given on"
                           : "Chưa ẩn số nhỏ: chỉ để kiểm tra, không phổ biến");
        give(notes);
    }
}

static void give_revision(struct notes *notes)
{
    const struct form_revision *revision = notes->form->revision;
    char moment[TEXT_MOMENT_MAX];

    if (revision == NULL) {
        return;
    }
    text_format_clock(revision->frozen_at, notes->form->language, moment);
    (void)snprintf(
        notes->text, sizeof notes->text,
        is_english(notes)
            ? "Frozen at %s (entry %" PRIu64 "); the last column says what "
              "the figures are by %" PRIu64 " entries of the ledger."
            : "Đã chốt lúc %s (mục %" PRIu64 "); cột cuối là số liệu tính "
              "theo %" PRIu64 " mục hiện có của sổ cái.",
        moment, revision->freeze, revision->position);
    give(notes);
}

static void give_coordinates(struct notes *notes)
{
    const struct form *form = notes->form;
    const struct form_days *days = &form->days;
    char from[TEXT_DATE_MAX], to[TEXT_DATE_MAX], first[TEXT_DATE_MAX];
    char before[TEXT_DATE_MAX], before_to[TEXT_DATE_MAX];
    char unit_date[TEXT_DATE_MAX], known[TEXT_DATE_MAX];

    date(notes, days->in_period.from, from);
    date(notes, days->in_period.to, to);
    date(notes, days->so_far.from, first);
    date(notes, days->year_before.from, before);
    date(notes, days->year_before.to, before_to);
    (void)snprintf(notes->text, sizeof notes->text,
                   is_english(notes)
                       ? "Occurred %s to %s; since the year began: from %s; a "
                         "year before: %s to %s."
                       : "Phát sinh từ %s đến %s; luỹ kế từ %s; cùng kỳ: %s - "
                         "%s.",
                   from, to, first, before, before_to);
    give(notes);
    date(notes, days->in_period.unit_date, unit_date);
    date(notes, form->known_on, known);
    (void)snprintf(
        notes->text, sizeof notes->text,
        is_english(notes) ? "Plan %s revision %" PRIu32 " (entry %" PRIu64
                            "); units of %s."
                          : "Kế hoạch %s bản %" PRIu32 " (mục %" PRIu64
                            "); đơn vị hành chính ngày %s.",
        form->plan->id, form->plan_revision, form->plan_entry, unit_date);
    give(notes);
    (void)snprintf(notes->text, sizeof notes->text,
                   is_english(notes)
                       ? "Ledger of %" PRIu64 " entries, last received %s, %s"
                       : "Sổ cái %" PRIu64 " mục, mục cuối nhận ngày %s, %s",
                   form->position, known, form->hash);
    give(notes);
}

void form_notes(const struct form *form, form_note_function *take, void *owner)
{
    struct notes notes = {.form = form, .take = take, .owner = owner};

    give_years(&notes);
    for (size_t i = 0; i < form->line_count; i++) {
        const struct indicator_row *row = form->lines[i].rows[FORM_SO_FAR];

        give_reason(&notes, row);
        give_ended(&notes, row);
        give_stated(&notes, row);
        give_note(&notes, i);
    }
    for (uint32_t i = 0; i < form->plan->setting_count; i++) {
        give_setting(&notes, i);
    }
    indicator_notes(form->plan, form->vocabulary,
                    form->rows[FORM_SO_FAR]->shown, form->language, take_note,
                    &notes);
    give_reported(&notes);
    give_divided(&notes);
    give_erased(&notes);
    give_hidden(&notes);
    give_revision(&notes);
    give_coordinates(&notes);
}
