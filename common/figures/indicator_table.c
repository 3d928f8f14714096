/* Figures for people: a table, its footnotes, and the line that says where,
 * when and by what plan they hold. */
#include "common/figures/indicator_sheet.h"

#include "common/base/text.h"
#include "common/figures/indicator_notes.h"
#include "common/figures/indicator_text.h"

#include <inttypes.h>
#include <string.h>

/* clang-format off */
#define ID_COLUMN {"target", {"Mã", "Id"}, LISTING_LEFT}
#define FIGURE_COLUMNS                                             \
    {"label", {"Nội dung chỉ tiêu", "Indicator"}, LISTING_LEFT},   \
    {"unit_of_count", {"ĐVT", "Unit"}, LISTING_LEFT},              \
    {"goal", {"Kế hoạch", "Target"}, LISTING_RIGHT},               \
    {"value", {"Thực hiện", "Value"}, LISTING_RIGHT},              \
    {"achieved", {"So với kế hoạch", "Of target"}, LISTING_RIGHT}, \
    {"status", {"Tình trạng", "Status"}, LISTING_LEFT}

/* The unit stands above the table where all rows are of one. */
static const struct listing_column one_unit_columns[] = {
    ID_COLUMN, FIGURE_COLUMNS};
static const struct listing_column by_unit_columns[] = {
    ID_COLUMN,
    {"unit_name", {"Địa bàn", "Area"}, LISTING_LEFT},
    FIGURE_COLUMNS};
/* clang-format on */

static bool is_english(const struct sheet *sheet)
{
    return sheet->request->language == LANGUAGE_EN;
}

/* An empty cell where there is nothing to say. */
static void cell(struct sheet *sheet, bool given, const char *text)
{
    if (given) {
        listing_text(sheet->listing, text);
    } else {
        listing_none(sheet->listing);
    }
}

void sheet_table_row(struct sheet *sheet, const struct indicator_row *row)
{
    enum language language = sheet->request->language;
    char text[INDICATOR_TEXT_MAX];

    listing_text(sheet->listing, indicator_row_id(row));
    if (sheet->request->by) {
        indicator_unit_text(row->unit, text);
        listing_text(sheet->listing, text);
    }
    listing_text(sheet->listing, indicator_row_label(row, language));
    listing_text(sheet->listing,
                 language_pick(row->indicator->unit_of_count, language));
    cell(sheet, indicator_goal_text(row, language, text), text);
    cell(sheet, indicator_value_text(row, language, text), text);
    cell(sheet, indicator_achieved_text(row, language, text), text);
    cell(sheet, indicator_status_text(row, language, text), text);
}

MUST_USE enum status sheet_table_open(struct sheet *sheet)
{
    const struct plan *plan = sheet->plan;
    const struct listing_column *columns = one_unit_columns;
    size_t count = sizeof one_unit_columns / sizeof *one_unit_columns;
    char name[INDICATOR_TEXT_MAX];

    (void)fprintf(sheet->out, "%s (%s)\n",
                  language_pick(plan->title, sheet->request->language),
                  plan->number[0] != '\0' ? plan->number : plan->id);
    if (sheet->request->by) {
        columns = by_unit_columns;
        count = sizeof by_unit_columns / sizeof *by_unit_columns;
    } else {
        indicator_unit_text(sheet->unit, name);
        (void)fprintf(sheet->out, "%s: %s\n",
                      is_english(sheet) ? "Area" : "Địa bàn", name);
    }
    (void)fputc('\n', sheet->out);
    return listing_open(LISTING_TEXT, sheet->request->language, columns, count,
                        sheet->out, &sheet->listing);
}

static bool is_stated(const struct plan_target *target, const bool shown[])
{
    return shown[target->indicator] && target->stated > target->listed;
}

static bool states_the_same(const struct plan_target *one,
                            const struct plan_target *other)
{
    return one->stated == other->stated && one->listed == other->listed;
}

/* What the plan's text states beside what its annex lists: one line for all
 * targets of which it states the same. */
static void write_stated(const struct sheet *sheet, const bool shown[])
{
    const struct plan_target *targets = sheet->plan->targets;

    for (uint32_t i = 0; i < sheet->plan->target_count; i++) {
        bool said = !is_stated(&targets[i], shown);

        for (uint32_t k = 0; k < i && !said; k++) {
            said = is_stated(&targets[k], shown) &&
                   states_the_same(&targets[k], &targets[i]);
        }
        for (uint32_t k = i; k < sheet->plan->target_count && !said; k++) {
            if (is_stated(&targets[k], shown) &&
                states_the_same(&targets[k], &targets[i])) {
                (void)fprintf(sheet->out, "%s%s", k == i ? "" : ", ",
                              targets[k].id);
            }
        }
        if (!said) {
            (void)fprintf(sheet->out,
                          is_english(sheet) ? ": the plan states %" PRIu64
                                              ", its annex lists only %" PRIu64
                                              ", %" PRIu64 " missing\n"
                                            : ": kế hoạch nêu %" PRIu64
                                              ", phụ lục chỉ liệt kê %" PRIu64
                                              ", thiếu %" PRIu64 "\n",
                          targets[i].stated, targets[i].listed,
                          targets[i].stated - targets[i].listed);
        }
    }
}

/* An indicator goes by the ids that its rows have. */
static void write_ids(const struct sheet *sheet, uint32_t indicator)
{
    const char *gap = "";

    for (uint32_t i = 0; i < sheet->plan->target_count; i++) {
        if (sheet->plan->targets[i].indicator == indicator) {
            (void)fprintf(sheet->out, "%s%s", gap, sheet->plan->targets[i].id);
            gap = ", ";
        }
    }
    if (*gap == '\0') {
        (void)fputs(sheet->plan->indicators[indicator].id, sheet->out);
    }
}

/* What ended before the unit date: of whom, and until when. */
static void write_ended(const struct sheet *sheet,
                        const struct indicator_rows *rows)
{
    char text[INDICATOR_TEXT_MAX];

    for (size_t i = 0; i < rows->count; i++) {
        const struct indicator_row *row = &rows->rows[i];
        bool first = i == 0 || row->target != row[-1].target ||
                     row->indicator != row[-1].indicator;

        if (first &&
            indicator_ended_text(row, sheet->request->language, text)) {
            (void)fprintf(sheet->out, "%s: %s\n", indicator_row_id(row), text);
        }
    }
}

static void take_note(void *owner, const char *note)
{
    const struct sheet *sheet = owner;

    (void)fprintf(sheet->out, "%s\n", note);
}

static void write_notes(struct sheet *sheet, const struct indicator_rows *rows)
{
    enum language language = sheet->request->language;
    const bool *shown = rows->shown;
    const struct indicator_noting noting = {.shown = shown,
                                            .language = language,
                                            .take = take_note,
                                            .owner = sheet};

    write_stated(sheet, shown);
    write_ended(sheet, rows);
    for (uint32_t i = 0; i < sheet->plan->indicator_count; i++) {
        const struct plan_indicator *indicator = &sheet->plan->indicators[i];
        const char *note = language_pick(indicator->note, language);
        const char *reason = language_pick(indicator->not_computed, language);

        if (!shown[i]) {
            continue;
        }
        if (indicator->formula == NULL && reason != NULL) {
            write_ids(sheet, i);
            (void)fprintf(sheet->out, ": %s: %s\n",
                          target_status_text(TARGET_NOT_COMPUTED, language),
                          reason);
        }
        if (note != NULL && note[0] != '\0') {
            write_ids(sheet, i);
            (void)fprintf(sheet->out, ": %s\n", note);
        }
    }
    indicator_notes(sheet->plan, context_vocabulary(sheet->context), &noting);
    if (rows->not_divided) {
        (void)fputs(is_english(sheet)
                        ? "(*) holds events of a unit that was divided since "
                          "and cannot be told apart below\n"
                        : "(*) gồm cả sự kiện của đơn vị đã chia tách, không "
                          "chia xuống cấp dưới được\n",
                    sheet->out);
    }
    if (rows->erased) {
        (void)fprintf(sheet->out, "%s\n", indicator_erased_text(language));
    }
    if (rows->hidden) {
        (void)fputs(is_english(sheet)
                        ? "<5, …: persons; small numbers below the province "
                          "are hidden, and what would give them away\n"
                        : "<5, …: số người; dưới cấp tỉnh không nêu số nhỏ và "
                          "những số từ đó suy ra được\n",
                    sheet->out);
    }
    if (sheet->request->reader.kind == FIGURE_READER_AUDIT) {
        (void)fputs(is_english(sheet)
                        ? "Nothing is hidden: for the audit, not to be given "
                          "on\n"
                        : "Chưa ẩn số nhỏ: chỉ để kiểm tra, không phổ biến\n",
                    sheet->out);
    }
}

static void write_ledger(const struct sheet *sheet)
{
    const struct indicator_request *request = sheet->request;
    char hash[BYTES_HEX_SIZE(DIGEST_BYTES)] = "";

    if (request->root_entry != NULL &&
        bytes_to_hex((struct bytes){.data = request->root_entry->bytes,
                                    .size = DIGEST_BYTES},
                     hash, sizeof hash) != STATUS_OK) {
        hash[0] = '\0';
    }
    (void)fprintf(sheet->out,
                  is_english(sheet) ? "Ledger of %" PRIu64 " entries%s%s\n"
                                    : "Sổ cái %" PRIu64 " mục%s%s\n",
                  sheet->position, hash[0] != '\0' ? ", " : "", hash);
}

static void write_coordinates(const struct sheet *sheet)
{
    const struct indicator_request *request = sheet->request;
    char from[TEXT_DATE_MAX], to[TEXT_DATE_MAX], day[TEXT_DATE_MAX];

    text_format_date(request->range.from, request->language, from);
    text_format_date(request->range.to, request->language, to);
    text_format_date(request->range.unit_date, request->language, day);
    (void)fprintf(sheet->out,
                  is_english(sheet)
                      ? "Occurred %s to %s · plan %s revision %u"
                      : "Phát sinh từ %s đến %s · kế hoạch %s bản %u",
                  from, to, sheet->plan->id, sheet_plan(sheet)->revision);
    if (request->view == NULL) {
        (void)fprintf(sheet->out,
                      is_english(sheet) ? " (entry %" PRIu64 ")"
                                        : " (mục %" PRIu64 ")",
                      sheet_plan(sheet)->index);
    }
    (void)fprintf(sheet->out,
                  is_english(sheet) ? " · units of %s\n"
                                    : " · đơn vị hành chính ngày %s\n",
                  day);
    sheet_period(sheet);
    if (request->view != NULL) {
        (void)fprintf(sheet->out, "%s\n", request->view->says);
    } else {
        write_ledger(sheet);
    }
}

void sheet_table_end(struct sheet *sheet, const struct indicator_rows *rows)
{
    (void)fputc('\n', sheet->out);
    write_notes(sheet, rows);
    write_coordinates(sheet);
}
