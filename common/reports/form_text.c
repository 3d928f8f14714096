#include "common/reports/form_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/text.h"
#include "common/event/calendar.h"
#include "common/figures/indicator_text.h"

#define PERCENT_WHOLE 10000 /* hundredths of a per cent in the whole */
/* Above it a difference of shares would not fit its numbers. */
#define PERCENT_VALUE_MAX (INT64_C(1) << 48)

static const struct language_text titles[] = {
    [FORM_COLUMN_NUMBER] = {"STT", "No."},
    [FORM_COLUMN_LABEL] = {"Nội dung chỉ tiêu", "Target"},
    [FORM_COLUMN_UNIT_OF_COUNT] = {"ĐVT", "Unit"},
    [FORM_COLUMN_GOAL] = {"Kế hoạch năm", "Plan of the year"},
    [FORM_COLUMN_IN_PERIOD] = {"Thực hiện trong kỳ", "In the period"},
    [FORM_COLUMN_SO_FAR] = {"Lũy kế từ đầu năm", "Since the year began"},
    [FORM_COLUMN_PERCENT] = {"Tỷ lệ so với kế hoạch", "Part of the plan"},
    [FORM_COLUMN_CHANGE] = {"So với cùng kỳ", "Against a year before"},
    [FORM_COLUMN_NOTE] = {"Ghi chú", "Note"},
    [FORM_COLUMN_REVISED] = {"Điều chỉnh sau khi chốt",
                             "Revised since it was frozen"},
};

static bool is_english(const struct form *form)
{
    return form->language == LANGUAGE_EN;
}

size_t form_columns(const struct form *form,
                    enum form_column columns[FORM_COLUMN_END])
{
    size_t count = 0;

    for (int i = 0; i < FORM_COLUMN_END; i++) {
        if ((i != FORM_COLUMN_CHANGE || form->year_before_known) &&
            (i != FORM_COLUMN_REVISED || form->revision != NULL)) {
            columns[count++] = (enum form_column)i;
        }
    }
    return count;
}

const char *form_column_title(enum form_column column, enum language language)
{
    check((unsigned)column < FORM_COLUMN_END);
    return language_pick(titles[column], language);
}

size_t form_column_width(enum form_column column)
{
    static const size_t widths[] = {
        [FORM_COLUMN_NUMBER] = 7,         [FORM_COLUMN_LABEL] = 48,
        [FORM_COLUMN_UNIT_OF_COUNT] = 12, [FORM_COLUMN_GOAL] = 15,
        [FORM_COLUMN_IN_PERIOD] = 15,     [FORM_COLUMN_SO_FAR] = 15,
        [FORM_COLUMN_PERCENT] = 13,       [FORM_COLUMN_CHANGE] = 17,
        [FORM_COLUMN_NOTE] = 24,          [FORM_COLUMN_REVISED] = 28,
    };

    check((unsigned)column < FORM_COLUMN_END);
    return widths[column];
}

/* ---- cells ---- */

static void figure_text(const struct form *form, const struct figure *figure,
                        char text[FORM_TEXT_MAX])
{
    if (indicator_figure_text(figure, form->language, text)) {
        return;
    }
    (void)snprintf(text, FORM_TEXT_MAX, "%s",
                   figure->known ? figure_nothing_text(figure, form->language)
                                 : target_status_text(TARGET_NOT_COMPUTED,
                                                      form->language));
}

/* Of a unit that has told nothing it is said so. */
static void row_text(const struct form *form, const struct indicator_row *row,
                     char text[FORM_TEXT_MAX])
{
    if (!indicator_value_text(row, form->language, text)) {
        figure_text(form, &row->figure, text);
    }
}

static bool comparable(const struct figure *figure)
{
    return figure->known && figure->defined && figure->hidden == FIGURE_SHOWN &&
           !figure->lower_bound && figure->value >= 0 &&
           figure->value <= PERCENT_VALUE_MAX;
}

__extension__ typedef __int128 wide;

/* The difference of two shares in hundredths of a per cent, half away from
 * zero. */
static int64_t points_of(const struct figure *now, const struct figure *before)
{
    wide whole = (wide)now->denominator * before->denominator;
    wide parts = 2 * PERCENT_WHOLE *
                 ((wide)now->value * before->denominator -
                  (wide)before->value * now->denominator);

    return (int64_t)((parts + (parts < 0 ? -whole : whole)) / (2 * whole));
}

/* "tăng 3,5 điểm %": of two shares it is their difference that says much. */
static void points_text(const struct form *form, const struct figure *now,
                        const struct figure *before, char text[FORM_TEXT_MAX])
{
    int64_t points = points_of(now, before);
    const char *word = is_english(form) ? (points > 0 ? "up" : "down")
                                        : (points > 0 ? "tăng" : "giảm");
    char number[TEXT_NUMBER_MAX];

    if (points == 0) {
        (void)snprintf(text, FORM_TEXT_MAX, "%s",
                       is_english(form) ? "unchanged" : "không đổi");
        return;
    }
    text_format_percent((uint64_t)(points < 0 ? -points : points),
                        PERCENT_WHOLE, form->language, number);
    number[strlen(number) - 1] = '\0'; /* points, not per cent */
    (void)snprintf(text, FORM_TEXT_MAX, "%s %s %s", word, number,
                   is_english(form) ? "points" : "điểm %");
}

static void change_text(const struct form *form, const struct form_line *line,
                        char text[FORM_TEXT_MAX])
{
    const struct figure *now = &line->rows[FORM_IN_PERIOD]->figure;
    const struct figure *before = &line->rows[FORM_YEAR_BEFORE]->figure;

    if (!form->year_before_known ||
        !received_is_known(line->rows[FORM_IN_PERIOD]->state) ||
        !comparable(now) || !comparable(before)) {
        return;
    }
    if (now->ratio && before->ratio) {
        points_text(form, now, before, text);
    } else if (before->value > 0) {
        text_format_percent((uint64_t)now->value, (uint64_t)before->value,
                            form->language, text);
    }
}

/* What the figures would be today; empty where they are what they were. */
static void revised_text(const struct form *form, const struct form_line *line,
                         char text[FORM_TEXT_MAX])
{
    char period[FORM_TEXT_MAX] = "", so_far[FORM_TEXT_MAX] = "";

    if (line->revised != NULL) {
        figure_text(form, &line->revised->figure, period);
    }
    if (line->revised_so_far != NULL) {
        figure_text(form, &line->revised_so_far->figure, so_far);
    }
    (void)snprintf(text, FORM_TEXT_MAX, "%s%.200s%s%s%.200s",
                   period[0] == '\0'  ? ""
                   : is_english(form) ? "in the period "
                                      : "trong kỳ ",
                   period, period[0] != '\0' && so_far[0] != '\0' ? "; " : "",
                   so_far[0] == '\0'  ? ""
                   : is_english(form) ? "since the year began "
                                      : "lũy kế ",
                   so_far);
}

/* A target that was set for another unit says for which. */
static void label_text(const struct form *form, const struct indicator_row *row,
                       char text[FORM_TEXT_MAX])
{
    char unit[INDICATOR_TEXT_MAX];

    indicator_unit_text(row->unit, unit);
    (void)snprintf(text, FORM_TEXT_MAX, "%s%s%s%s",
                   indicator_row_label(row, form->language),
                   row->unit != form->unit ? " (" : "",
                   row->unit != form->unit ? unit : "",
                   row->unit != form->unit ? ")" : "");
}

enum form_zero form_zero(const struct form *form, size_t line)
{
    const struct indicator_row *row = form->lines[line].rows[FORM_IN_PERIOD];
    bool own = row->state == RECEIVED_UNSAID && form->says != NULL;

    if (row->unit != form->unit || !row->figure.known ||
        row->figure.hidden != FIGURE_SHOWN || indicator_row_happened(row) ||
        !received_is_known(row->state) ||
        (row->state == RECEIVED_UNSAID && !own)) {
        return FORM_ZERO_NONE;
    }
    if (row->state == RECEIVED_ZERO_REPORTED ||
        (own && form->silence != NULL &&
         silence_says_zero(form->silence, row->indicator,
                           units_position(form->units, row->unit)))) {
        return FORM_ZERO_STATED;
    }
    return row->figure.defined ? FORM_ZERO_FOUND : FORM_ZERO_NO_WHOLE;
}

const char *form_zero_text(enum form_zero zero, enum language language)
{
    static const struct language_text words[] = {
        [FORM_ZERO_NONE] = {"", ""},
        [FORM_ZERO_STATED] = {"đã báo không phát sinh", "reported as none"},
        [FORM_ZERO_FOUND] = {"chưa báo không phát sinh",
                             "not reported as none"},
        [FORM_ZERO_NO_WHOLE] = {"không có để tính", "nothing to divide by"}};

    check((unsigned)zero < sizeof words / sizeof *words);
    return language_pick(words[zero], language);
}

/* How the line stands, and whose word its zero is. */
static void note_text(const struct form *form, size_t line,
                      char text[FORM_TEXT_MAX])
{
    const struct indicator_row *row = form->lines[line].rows[FORM_SO_FAR];
    const char *zero = form_zero_text(form_zero(form, line), form->language);
    char status[INDICATOR_TEXT_MAX] = "";
    bool said;

    (void)indicator_status_text(row, form->language, status);
    /* Of what never occurred the status says no more. */
    said = status[0] != '\0' &&
           (zero[0] == '\0' || indicator_row_status(row) != TARGET_NOTHING);
    (void)snprintf(text, FORM_TEXT_MAX, "%s%s%s", said ? status : "",
                   said && zero[0] != '\0' ? "; " : "", zero);
}

void form_cell(const struct form *form, size_t line, enum form_column column,
               char text[FORM_TEXT_MAX])
{
    const struct form_line *at = &form->lines[line];
    const struct indicator_row *row = at->rows[FORM_SO_FAR];
    enum language language = form->language;

    check(line < form->line_count);
    text[0] = '\0';
    switch (column) {
    case FORM_COLUMN_NUMBER:
        (void)snprintf(text, FORM_TEXT_MAX, "%zu", line + 1);
        break;
    case FORM_COLUMN_LABEL:
        label_text(form, row, text);
        break;
    case FORM_COLUMN_UNIT_OF_COUNT:
        (void)snprintf(text, FORM_TEXT_MAX, "%s",
                       language_pick(row->indicator->unit_of_count, language));
        break;
    case FORM_COLUMN_GOAL:
        (void)indicator_goal_text(row, language, text);
        break;
    case FORM_COLUMN_IN_PERIOD:
        row_text(form, at->rows[FORM_IN_PERIOD], text);
        break;
    case FORM_COLUMN_SO_FAR:
        row_text(form, row, text);
        break;
    case FORM_COLUMN_PERCENT:
        (void)indicator_achieved_text(row, language, text);
        break;
    case FORM_COLUMN_CHANGE:
        change_text(form, at, text);
        break;
    case FORM_COLUMN_NOTE:
        note_text(form, line, text);
        break;
    case FORM_COLUMN_REVISED:
        revised_text(form, at, text);
        break;
    case FORM_COLUMN_END:
        break;
    }
}

void form_unit_cell(const struct form *form, size_t line, size_t unit,
                    char text[FORM_TEXT_MAX])
{
    const struct indicator_row *row =
        form_unit_row(form, line, unit, FORM_IN_PERIOD);

    text[0] = '\0';
    if (row != NULL && row->figure.known) {
        row_text(form, row, text);
    }
}

void form_line_title(const struct form *form, size_t line,
                     char text[FORM_TEXT_MAX])
{
    const struct indicator_row *row = form->lines[line].rows[FORM_SO_FAR];

    (void)snprintf(text, FORM_TEXT_MAX, "(%zu) %s", line + 1,
                   indicator_row_label(row, form->language));
}

const char *form_unit_title(const struct form *form)
{
    static const struct language_text district = {"Quận, huyện, thị xã",
                                                  "District"};
    static const struct language_text commune = {"Xã, phường, thị trấn",
                                                 "Commune"};

    return language_pick(form->by_level == UNIT_DISTRICT ? district : commune,
                         form->language);
}

const char *form_unit_sheet_title(const struct form *form)
{
    static const struct language_text title = {
        "Kết quả thực hiện trong kỳ theo đơn vị hành chính",
        "Figures of the period by unit"};

    return language_pick(title, form->language);
}

void form_check_text(const struct form *form, char text[FORM_TEXT_MAX])
{
    char known[TEXT_DATE_MAX];

    if (form->says != NULL) {
        (void)snprintf(text, FORM_TEXT_MAX, "%s", form->says);
        return;
    }
    text_format_date(form->known_on, form->language, known);
    (void)snprintf(text, FORM_TEXT_MAX,
                   is_english(form)
                       ? "For checking: ledger of %" PRIu64
                         " entries, last received %s, %s; plan %s revision "
                         "%" PRIu32 " (entry %" PRIu64 ")"
                       : "Mã kiểm tra: sổ cái %" PRIu64
                         " mục, mục cuối nhận ngày %s, %s; kế hoạch %s bản "
                         "%" PRIu32 " (mục %" PRIu64 ")",
                   form->position, known, form->hash, form->plan->id,
                   form->plan_revision, form->plan_entry);
}
