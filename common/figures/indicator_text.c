#include "common/figures/indicator_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/text.h"

#define PERCENT_WHOLE 10000u /* hundredths of a per cent in the whole */
/* As large as text_format_percent() takes. */
#define SHARE_MAX (UINT64_MAX / 20000u)

__extension__ typedef __int128 wide;

const char *indicator_row_id(const struct indicator_row *row)
{
    return row->target != NULL ? row->target->id : row->indicator->id;
}

const char *indicator_row_label(const struct indicator_row *row,
                                enum language language)
{
    return language_pick(row->target != NULL ? row->target->label
                                             : row->indicator->label,
                         language);
}

void indicator_unit_text(const struct unit *unit, char text[INDICATOR_TEXT_MAX])
{
    (void)snprintf(text, INDICATOR_TEXT_MAX, "%s%s%s", unit->type,
                   unit->type[0] != '\0' ? " " : "", unit->name);
}

void indicator_number_text(int64_t value, enum language language,
                           char text[INDICATOR_TEXT_MAX])
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char digits[TEXT_NUMBER_MAX];

    text_format_count(size, language, digits);
    (void)snprintf(text, INDICATOR_TEXT_MAX, "%s%s", value < 0 ? "-" : "",
                   digits);
}

static const char *sign_of(enum plan_comparator comparator,
                           enum language language)
{
    switch (comparator) {
    case PLAN_AT_LEAST:
        return "≥ ";
    case PLAN_INCREASE:
        return "≥ +";
    case PLAN_DECREASE:
        return "≤ -";
    case PLAN_MORE_THAN:
        return "> ";
    case PLAN_AT_MOST:
        return "≤ ";
    case PLAN_ALL_NAMED:
        return language == LANGUAGE_EN ? "all " : "tất cả ";
    default:
        return "";
    }
}

/* A target that was set for this row. */
static void goal_text(const struct indicator_row *row, enum language language,
                      char text[INDICATOR_TEXT_MAX])
{
    const struct plan_target *target = row->target;
    const char *sign = sign_of(target->comparator, language);
    char number[INDICATOR_TEXT_MAX];
    char percent[TEXT_NUMBER_MAX] = "";
    bool limit = target->comparator == PLAN_BETWEEN ||
                 (target->comparator == PLAN_AT_MOST && !target->has_percent);
    int used;

    if (target->comparator == PLAN_NONE) {
        (void)snprintf(text, INDICATOR_TEXT_MAX, "%s",
                       language == LANGUAGE_EN ? "none" : "không có");
        return;
    }
    if (target->has_percent) {
        text_format_percent(target->percent_e2, 10000, language, percent);
    }
    if (row->quantity > 0 || limit) {
        indicator_number_text((int64_t)row->quantity, language, number);
        used = snprintf(text, INDICATOR_TEXT_MAX, "%s%.60s%s%s%s", sign, number,
                        percent[0] != '\0' ? " (" : "", percent,
                        percent[0] != '\0' ? ")" : "");
    } else {
        used = snprintf(text, INDICATOR_TEXT_MAX, "%s%s",
                        percent[0] != '\0' ? sign : "-", percent);
    }
    if (target->comparator == PLAN_BETWEEN && used > 0 &&
        (size_t)used < INDICATOR_TEXT_MAX) {
        indicator_number_text((int64_t)target->quantity_to, language, number);
        (void)snprintf(text + used, INDICATOR_TEXT_MAX - (size_t)used, "–%.60s",
                       number);
    }
}

/* " (từ 15/03/2018 đến 20/03/2018)", of those days that are given. */
static void add_days(const struct language_text words[2], const int32_t days[2],
                     const bool given[2], enum language language,
                     char text[INDICATOR_TEXT_MAX])
{
    size_t used = strlen(text);
    const char *gap = " (";

    for (size_t i = 0; i < 2; i++) {
        char day[TEXT_DATE_MAX];

        if (given[i] && used < INDICATOR_TEXT_MAX) {
            text_format_date(days[i], language, day);
            used += (size_t)snprintf(text + used, INDICATOR_TEXT_MAX - used,
                                     "%s%s %s", gap,
                                     language_pick(words[i], language), day);
            gap = " ";
        }
    }
    if (gap[1] == '\0' && used < INDICATOR_TEXT_MAX) {
        (void)snprintf(text + used, INDICATOR_TEXT_MAX - used, ")");
    }
}

/* Of a goal that was changed: from when, and until when, this one holds. */
static void add_force(const struct plan_target *target, enum language language,
                      char text[INDICATOR_TEXT_MAX])
{
    static const struct language_text words[] = {{"từ", "from"}, {"đến", "to"}};
    const int32_t days[] = {target->effective, target->replaced_on - 1};
    const bool given[] = {target->effective != 0, target->replaced_on != 0};

    add_days(words, days, given, language, text);
}

bool indicator_goal_text(const struct indicator_row *row,
                         enum language language, char text[INDICATOR_TEXT_MAX])
{
    if (row->summary) {
        (void)snprintf(text, INDICATOR_TEXT_MAX, "%s",
                       language == LANGUAGE_EN ? "by unit" : "từng đơn vị");
        return true;
    }
    if (row->target == NULL || !row->judged ||
        row->target->comparator == PLAN_MONITOR) {
        return false;
    }
    goal_text(row, language, text);
    add_force(row->target, language, text);
    return true;
}

static const char *bound_text(const struct figure *figure)
{
    if (figure->lower_bound) {
        return figure->upper_bound ? "≈ " : "≥ ";
    }
    return figure->upper_bound ? "≤ " : "";
}

static const char *sign_text(const struct figure *figure)
{
    return figure->change && figure->value > 0 ? "+" : "";
}

/* " (40%)": the share that a ratio is, with the sign of a change. */
static void share_text(const struct figure *figure, enum language language,
                       char text[INDICATOR_TEXT_MAX])
{
    uint64_t part = figure->value < 0 ? 0 - (uint64_t)figure->value
                                      : (uint64_t)figure->value;
    char percent[TEXT_NUMBER_MAX];

    text[0] = '\0';
    if (figure->ratio && figure->denominator > 0 && part <= SHARE_MAX) {
        text_format_percent(part, (uint64_t)figure->denominator, language,
                            percent);
        (void)snprintf(text, INDICATOR_TEXT_MAX, " (%s%s)",
                       figure->value < 0 ? "-" : sign_text(figure), percent);
    }
}

bool indicator_figure_text(const struct figure *figure, enum language language,
                           char text[INDICATOR_TEXT_MAX])
{
    char value[INDICATOR_TEXT_MAX], whole[INDICATOR_TEXT_MAX];
    char share[INDICATOR_TEXT_MAX];

    /* The status says why. */
    if (!figure->known || !figure->defined) {
        return false;
    }
    if (figure->hidden != FIGURE_SHOWN) {
        (void)snprintf(text, INDICATOR_TEXT_MAX, "%s",
                       figure->hidden == FIGURE_HIDDEN_SMALL ? "<5" : "…");
        return true;
    }
    indicator_number_text(figure->value, language, value);
    indicator_number_text(figure->denominator, language, whole);
    share_text(figure, language, share);
    (void)snprintf(text, INDICATOR_TEXT_MAX, "%s%s%.60s%s%.60s%.60s%s%s",
                   bound_text(figure), sign_text(figure), value,
                   figure->ratio ? "/" : "", figure->ratio ? whole : "", share,
                   figure->not_divided ? " (*)" : "",
                   figure->erased ? " (†)" : "");
    return true;
}

const char *indicator_comparator_token(enum plan_comparator comparator)
{
    static const char *const tokens[] = {
        [PLAN_MONITOR] = "monitor",
        [PLAN_AT_LEAST] = "at_least",
        [PLAN_MORE_THAN] = "more_than",
        [PLAN_EXACTLY] = "exactly",
        [PLAN_AT_MOST] = "at_most",
        [PLAN_BETWEEN] = "between",
        [PLAN_ALL_NAMED] = "all_named",
        [PLAN_NONE] = "none",
        [PLAN_INCREASE] = "increase_of_at_least",
        [PLAN_DECREASE] = "decrease_of_at_least",
    };

    check((unsigned)comparator <= PLAN_DECREASE);
    return tokens[comparator];
}

void indicator_percent_token(uint64_t part, uint64_t whole,
                             char text[INDICATOR_TEXT_MAX])
{
    char number[TEXT_NUMBER_MAX];

    text_format_percent(part, whole, LANGUAGE_EN, number);
    number[strcspn(number, "%")] = '\0';
    (void)snprintf(text, INDICATOR_TEXT_MAX, "%s", number);
}

const char *indicator_erased_text(enum language language)
{
    return language == LANGUAGE_EN
               ? "(†) not exact: part of what is counted here was erased by "
                 "order, and what it named may count twice or not be followed"
               : "(†) không chính xác: một phần dữ liệu đã bị xóa theo lệnh, "
                 "nên đối tượng được nêu trong đó có thể bị tính hai lần hoặc "
                 "không theo dõi được nữa";
}

const char *indicator_hidden_token(enum figure_cover hidden)
{
    switch (hidden) {
    case FIGURE_HIDDEN_SMALL:
        return "under_5";
    case FIGURE_HIDDEN_COMPLEMENT:
        return "complement";
    case FIGURE_SHOWN:
        break;
    }
    return NULL;
}

/* Of a zero of a part of the days: of which. */
static void add_told(const struct indicator_row *row, enum language language,
                     char text[INDICATOR_TEXT_MAX])
{
    static const struct language_text words[] = {{"từ", "from"},
                                                 {"đến", "up to"}};
    const int32_t days[] = {row->told.since, row->told.until};
    const bool given[] = {row->told.since != RECEIVED_NO_DAY, row->cut_off};

    add_days(words, days, given, language, text);
}

bool indicator_is_part(const struct indicator_row *row)
{
    return row->state == RECEIVED_SO_FAR &&
           (row->cut_off || row->told.since != RECEIVED_NO_DAY);
}

bool indicator_value_text(const struct indicator_row *row,
                          enum language language, char text[INDICATOR_TEXT_MAX])
{
    if (!received_is_known(row->state)) {
        (void)snprintf(text, INDICATOR_TEXT_MAX, "%s",
                       received_text(row->state, language));
        return true;
    }
    if (!indicator_figure_text(&row->figure, language, text)) {
        return false;
    }
    if (indicator_is_part(row)) {
        add_told(row, language, text);
    }
    return true;
}

/* ---- percentages ---- */

/* A number that is shown, of a unit that has told something. */
static bool is_shown(const struct indicator_row *row)
{
    const struct figure *figure = &row->figure;

    return figure->known && figure->defined && figure->value >= 0 &&
           figure->hidden == FIGURE_SHOWN && received_is_known(row->state) &&
           (uint64_t)figure->value <= SHARE_MAX;
}

bool indicator_share(const struct indicator_row *row, uint64_t *part,
                     uint64_t *whole)
{
    const struct figure *figure = &row->figure;

    if (!is_shown(row) || !figure->ratio || figure->denominator <= 0) {
        return false;
    }
    *part = (uint64_t)figure->value;
    *whole = (uint64_t)figure->denominator;
    return true;
}

/* The smaller of two shares; neither has a whole of 0. */
static bool is_less(uint64_t part, uint64_t whole, uint64_t other,
                    uint64_t other_whole)
{
    return (wide)part * other_whole < (wide)other * whole;
}

bool indicator_achieved(const struct indicator_row *row, uint64_t *part,
                        uint64_t *whole)
{
    const struct plan_target *target = row->target;
    const struct figure *figure = &row->figure;
    bool found = false;
    uint64_t value, of;

    if (!row->judged || target == NULL || !target_grows(target) ||
        !is_shown(row)) {
        return false;
    }
    value = (uint64_t)figure->value;
    if (row->quantity > 0) {
        *part = value;
        *whole = row->quantity;
        found = true;
    }
    if (!target->has_percent || target->percent_e2 == 0 || !figure->ratio ||
        figure->denominator <= 0 || value > SHARE_MAX / PERCENT_WHOLE ||
        (uint64_t)figure->denominator > SHARE_MAX / target->percent_e2) {
        return found;
    }
    of = (uint64_t)figure->denominator * target->percent_e2;
    if (!found || is_less(value * PERCENT_WHOLE, of, *part, *whole)) {
        *part = value * PERCENT_WHOLE;
        *whole = of;
    }
    return true;
}

bool indicator_achieved_text(const struct indicator_row *row,
                             enum language language,
                             char text[INDICATOR_TEXT_MAX])
{
    char percent[TEXT_NUMBER_MAX];
    uint64_t part, whole;

    if (!indicator_achieved(row, &part, &whole)) {
        return false;
    }
    text_format_percent(part, whole, language, percent);
    (void)snprintf(text, INDICATOR_TEXT_MAX, "%s", percent);
    return true;
}

bool indicator_ended_text(const struct indicator_row *row,
                          enum language language, char text[INDICATOR_TEXT_MAX])
{
    char unit[INDICATOR_TEXT_MAX], day[TEXT_DATE_MAX];

    if (row->ended == 0) {
        return false;
    }
    indicator_unit_text(row->unit, unit);
    text_format_date(row->ended, language, day);
    (void)snprintf(text, INDICATOR_TEXT_MAX,
                   language == LANGUAGE_EN ? "%.200s, up to %s by its units"
                                           : "%.200s, đến hết ngày %s theo đơn "
                                             "vị hành chính ngày đó",
                   unit, day);
    return true;
}

bool indicator_row_stands(const struct indicator_row *row)
{
    return row->judged || row->summary || !row->figure.known;
}

enum target_status indicator_row_status(const struct indicator_row *row)
{
    return row->judged && !received_is_known(row->state) ? TARGET_NOTHING
                                                         : row->status;
}

bool indicator_status_text(const struct indicator_row *row,
                           enum language language,
                           char text[INDICATOR_TEXT_MAX])
{
    enum target_status status = indicator_row_status(row);
    const char *words = target_status_text(status, language);

    if (row->summary) {
        (void)snprintf(text, INDICATOR_TEXT_MAX,
                       language == LANGUAGE_EN
                           ? "%" PRIu32 " of %" PRIu32 " units met"
                           : "%" PRIu32 "/%" PRIu32 " đơn vị đạt",
                       row->units_met, row->units_judged);
        return true;
    }
    if (!indicator_row_stands(row) && row->figure.defined) {
        return false;
    }
    if (!received_is_known(row->state)) {
        words = received_text(row->state, language);
    } else if (!indicator_row_stands(row) || status == TARGET_NOTHING) {
        words = figure_nothing_text(&row->figure, language);
    }
    (void)snprintf(text, INDICATOR_TEXT_MAX, "%s", words);
    return true;
}
