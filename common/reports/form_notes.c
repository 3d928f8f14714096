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
    char *first = notes->text;

    /* What begins with a line's name: "dòng 3". */
    if (*first >= 'a' && *first <= 'z') {
        *first = (char)(*first - 'a' + 'A');
    }
    notes->take(notes->owner, notes->text);
}

/* "dòng 3": a report goes by the numbers of its lines; ids are for programs. */
static void line_name(const struct notes *notes, size_t line,
                      char name[INDICATOR_NAME_MAX])
{
    (void)snprintf(name, INDICATOR_NAME_MAX, "%s %zu",
                   is_english(notes) ? "line" : "dòng", line + 1);
}

/* The line that the row is of. */
static void row_name(const struct notes *notes, const struct indicator_row *row,
                     char name[INDICATOR_NAME_MAX])
{
    size_t line = 0;

    while (line + 1 < notes->form->line_count &&
           notes->form->lines[line].rows[FORM_SO_FAR] != row) {
        line++;
    }
    line_name(notes, line, name);
}

static void target_name(void *owner, const struct plan_target *target,
                        const struct plan_indicator *indicator,
                        char name[INDICATOR_NAME_MAX])
{
    const struct notes *notes = owner;
    const struct form *form = notes->form;
    size_t line = 0;

    while (line + 1 < form->line_count &&
           (form->lines[line].rows[FORM_SO_FAR]->target != target ||
            form->lines[line].rows[FORM_SO_FAR]->indicator != indicator)) {
        line++;
    }
    line_name(notes, line, name);
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
                           : "Năm kế hoạch: %s - %s; lũy kế tính từ ngày đầu "
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
                : "Năm kế hoạch: %s - %s; năm báo cáo: %s - %s. Lũy kế tính "
                  "từ ngày đầu năm kế hoạch.",
            from, to, year_from, year_to);
    }
    give(notes);
}

static void give_reason(struct notes *notes, const struct indicator_row *row)
{
    enum language language = notes->form->language;
    const char *reason = language_pick(row->indicator->not_computed, language);
    char name[INDICATOR_NAME_MAX];

    if (row->indicator->formula == NULL && reason != NULL) {
        row_name(notes, row, name);
        (void)snprintf(notes->text, sizeof notes->text, "%s: %s: %s", name,
                       target_status_text(TARGET_NOT_COMPUTED, language),
                       reason);
        give(notes);
    }
}

static void give_stated(struct notes *notes, const struct indicator_row *row)
{
    const struct plan_target *target = row->target;
    char name[INDICATOR_NAME_MAX];

    if (target == NULL || target->stated <= target->listed) {
        return;
    }
    row_name(notes, row, name);
    (void)snprintf(notes->text, sizeof notes->text,
                   is_english(notes)
                       ? "%s: the plan states %" PRIu64 ", its annex lists "
                         "only %" PRIu64 "."
                       : "%s: kế hoạch nêu %" PRIu64 ", phụ lục chỉ liệt kê "
                         "%" PRIu64 ".",
                   name, target->stated, target->listed);
    give(notes);
}

/* An indicator's own note stands once, by the first line that shows it. */
static void give_note(struct notes *notes, size_t line)
{
    const struct form *form = notes->form;
    const struct indicator_row *row = form->lines[line].rows[FORM_SO_FAR];
    const char *note = language_pick(row->indicator->note, form->language);
    bool said = note == NULL || note[0] == '\0';
    char name[INDICATOR_NAME_MAX];

    for (size_t i = 0; i < line && !said; i++) {
        said = form->lines[i].rows[FORM_SO_FAR]->indicator == row->indicator;
    }
    if (!said) {
        line_name(notes, line, name);
        (void)snprintf(notes->text, sizeof notes->text, "%s: %s", name, note);
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
        char name[INDICATOR_NAME_MAX];

        if ((row->indicator->settings >> place & 1) != 0 &&
            used < sizeof notes->text) {
            line_name(notes, i, name);
            used +=
                (size_t)snprintf(notes->text + used, sizeof notes->text - used,
                                 "%s%s", used > 0 ? ", " : "", name);
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
    char text[INDICATOR_TEXT_MAX], name[INDICATOR_NAME_MAX];

    if (indicator_ended_text(row, notes->form->language, text)) {
        row_name(notes, row, name);
        (void)snprintf(notes->text, sizeof notes->text, "%s: %s", name, text);
        give(notes);
    }
}

/* Who has sent the report of the period: what the sheet by unit rests on. */
static void give_reported(struct notes *notes)
{
    const struct form *form = notes->form;
    char text[INDICATOR_TEXT_MAX];
    int32_t last;

    if (form->silence != NULL && form->unit_count > 0 &&
        silence_deadline(form->silence, &last)) {
        indicator_reported_text(form->silence, form->unit->key, form->by_level,
                                form->language, text);
        (void)snprintf(notes->text, sizeof notes->text, "%s", text);
        give(notes);
    }
}

/* What a zero is that nobody reported: a person signs under it. */
static void give_zeros(struct notes *notes)
{
    static const struct {
        enum form_zero zero;
        struct language_text text;
    } told[] = {
        {FORM_ZERO_FOUND,
         {"trong kỳ không đếm được gì và chưa có báo cáo nào nói là không "
          "phát sinh.",
          "nothing of the period was counted, and no report says that nothing "
          "happened."}},
        {FORM_ZERO_NO_WHOLE,
         {"mẫu số là 0 nên không có tỷ lệ; không phải là đã báo không phát "
          "sinh.",
          "the whole is 0, so there is no share; nobody has reported that "
          "nothing happened."}},
    };
    const struct form *form = notes->form;

    for (size_t k = 0; k < sizeof told / sizeof told[0]; k++) {
        bool any = false;

        for (size_t i = 0; i < form->line_count; i++) {
            any = any || form_zero(form, i) == told[k].zero;
        }
        if (any) {
            (void)snprintf(notes->text, sizeof notes->text, "“%s”: %s",
                           form_zero_text(told[k].zero, form->language),
                           language_pick(told[k].text, form->language));
            give(notes);
        }
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
                           ? "Numbers of persons: below the province small "
                             "ones are written <5 or …, so that nobody can be "
                             "made out."
                           : "Số người: dưới cấp tỉnh, số nhỏ chỉ ghi <5 hoặc "
                             "…, để không nhận ra được từng người.");
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
    char unit_date[TEXT_DATE_MAX];

    date(notes, days->in_period.from, from);
    date(notes, days->in_period.to, to);
    date(notes, days->so_far.from, first);
    date(notes, days->year_before.from, before);
    date(notes, days->year_before.to, before_to);
    if (form->year_before_known) {
        (void)snprintf(notes->text, sizeof notes->text,
                       is_english(notes)
                           ? "Occurred %s to %s; since the year began: from "
                             "%s; a year before: %s to %s."
                           : "Phát sinh từ %s đến %s; lũy kế từ %s; cùng kỳ: "
                             "%s - %s.",
                       from, to, first, before, before_to);
    } else {
        (void)snprintf(notes->text, sizeof notes->text,
                       is_english(notes)
                           ? "Occurred %s to %s; since the year began: from "
                             "%s. Nothing is known of a year before (%s to "
                             "%s), so nothing is compared."
                           : "Phát sinh từ %s đến %s; lũy kế từ %s. Chưa có "
                             "số liệu cùng kỳ (%s - %s) nên không so sánh.",
                       from, to, first, before, before_to);
    }
    give(notes);
    date(notes, days->in_period.unit_date, unit_date);
    (void)snprintf(notes->text, sizeof notes->text,
                   is_english(notes) ? "Units of %s."
                                     : "Đơn vị hành chính ngày %s.",
                   unit_date);
    give(notes);
}

void form_notes(const struct form *form, form_note_function *take, void *owner)
{
    struct notes notes = {.form = form, .take = take, .owner = owner};
    const struct indicator_noting noting = {.shown =
                                                form->rows[FORM_SO_FAR]->shown,
                                            .language = form->language,
                                            .take = take_note,
                                            .name = target_name,
                                            .owner = &notes};

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
    indicator_notes(form->plan, form->vocabulary, &noting);
    give_reported(&notes);
    give_zeros(&notes);
    give_divided(&notes);
    give_erased(&notes);
    give_hidden(&notes);
    give_revision(&notes);
    give_coordinates(&notes);
}
