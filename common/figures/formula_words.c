/* A formula is a tree, and so are its words: every operation has a sentence
 * with places in it. "{0}" is the first operand, "{m}" the events of the
 * measure, "{k}" what is counted, "{f}" a field, "{l}" a list, "{u}" a level,
 * "{n}" a number, "{p}" a kind of period, "{c}" conditions. */
#include "common/figures/formula_writing.h"

#include <string.h>

#include "common/base/text.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"

/* ---- operations ---- */

/* What a reference stands for. */
static const struct language_text things[] = {
    [REFERENCE_ESTABLISHMENT] = {"cơ sở", "establishments"},
    [REFERENCE_HOTSPOT] = {"tụ điểm", "hotspots"},
    [REFERENCE_MODEL] = {"mô hình", "models"},
    [REFERENCE_CASE] = {"vụ án", "cases"},
    [REFERENCE_TIP] = {"tin báo", "tips"},
    [REFERENCE_INSPECTION] = {"lượt kiểm tra", "inspections"},
};

/* What is counted: the fields that a thing is known by. */
static void put_key(struct formula_writing *self, uint32_t number)
{
    const struct plan_measure *measure = &self->plan->measures[number];
    const struct catalogue_type *type = catalogue_type(measure->type);

    for (uint32_t i = 0; i < measure->key_field_count; i++) {
        uint32_t key = measure->key_fields[i];
        const struct catalogue_field *field =
            type == NULL || key <= EVENT_BODY_BASE
                ? NULL
                : catalogue_field(type, key - EVENT_BODY_BASE);

        formula_put(self, i > 0 ? " + " : "");
        if (key == EVENT_SUBJECT_UNIT) {
            formula_say(self, "đơn vị", "units");
        } else if (field != NULL && field->kind == FIELD_REFERENCE &&
                   field->reference < sizeof things / sizeof things[0] &&
                   things[field->reference].vi != NULL) {
            formula_put_label(self, things[field->reference]);
        } else {
            formula_put_field(self, measure, key);
        }
    }
}

static void put_look(struct formula_writing *self,
                     const struct plan_formula *formula)
{
    char day[TEXT_DATE_MAX];

    switch (formula->look) {
    case PLAN_LOOK_END:
        formula_say(self, "cuối kỳ", "the end of the period");
        break;
    case PLAN_LOOK_START:
        formula_say(self, "đầu kỳ", "the beginning of the period");
        break;
    case PLAN_LOOK_PLAN_START:
        formula_say(self, "đầu kế hoạch", "the beginning of the plan");
        break;
    case PLAN_LOOK_DAY:
        text_format_date(formula->look_day, self->language, day);
        formula_put(self, day);
        break;
    }
}

static void put_kind(struct formula_writing *self, enum period_kind kind)
{
    static const struct language_text kinds[PERIOD_KIND_END] = {
        [PERIOD_MONTH] = {"tháng", "month"},
        [PERIOD_QUARTER] = {"quý", "quarter"},
        [PERIOD_HALF_YEAR] = {"nửa năm", "half-year"},
        [PERIOD_YEAR] = {"năm", "year"},
        [PERIOD_AD_HOC] = {"kỳ", "period"}};

    formula_put_label(self, kinds[kind]);
}

static const struct language_text sentences[] = {
    [PLAN_SUM] = {"", ""}, /* see put_sum() */
    [PLAN_DISTINCT] = {"số {k} khác nhau được ghi {m} trong kỳ{r}",
                       "number of different {k} with an event {m} in the "
                       "period{r}"},
    [PLAN_FIRST] = {"số {k} lần đầu tiên được ghi {m} trong kỳ{r}",
                    "number of {k} whose first event {m} is in the period{r}"},
    [PLAN_REACHED] = {"số {k} đã được ghi {m} tính đến {t}{r}",
                      "number of {k} that have had an event {m} by {t}{r}"},
    [PLAN_STATUS] = {"số {k} mà lần ghi {m} mới nhất tính đến {t} cho biết: "
                     "{c}{r}",
                     "number of {k} whose last event {m} by {t} says: {c}{r}"},
    [PLAN_STATED] = {"số {k} có hạn nêu khi ghi {m}{r}",
                     "number of {k} with a day stated in an event {m}{r}"},
    [PLAN_DUE] = {"số {k} đến hạn tính đến {t} theo lần ghi {m}{r}",
                  "number of {k} that are due by {t} by their events {m}{r}"},
    [PLAN_IN_TIME] = {"số {k} được ghi {m} không muộn hơn hạn của nó: {0}{r}",
                      "number of {k} whose event {m} is not after its day: "
                      "{0}{r}"},
    [PLAN_LATEST] =
        {"tổng «{f}» theo lần ghi {m} mới nhất của từng {k} tính "
         "đến {t}{r}",
         "sum of “{f}” in the last event {m} of each {k} by {t}{r}"},
    [PLAN_UNITS] = {"số {u} được ghi {m} trong kỳ{r}",
                    "number of {u} with an event {m} in the period{r}"},
    [PLAN_IN_FORCE] = {"số {u} hiện có{r}", "number of {u} that there are{r}"},
    [PLAN_LIST] = {"số mục của danh sách {l}",
                   "number of items of the list {l}"},
    [PLAN_ALL_OF] = {"số mục của danh sách {l} đạt ít nhất 1 ở: {0}",
                     "number of items of the list {l} with at least 1 of: {0}"},
    [PLAN_BOTH] = {"phần chung của: {*}", "what is in all of: {*}"},
    [PLAN_EITHER] = {"gộp không trùng của: {*}",
                     "what is in one or more of: {*}"},
    [PLAN_WITHOUT] = {"({0}) trừ những gì thuộc ({1})",
                      "({0}) without what is in ({1})"},
    [PLAN_PERIODS] = {"số {p} có ít nhất {n} ở: {*}, trên số {p} đã qua",
                      "how often in a {p} there are at least {n} of: {*}, over "
                      "each {p} that is over"},
    [PLAN_ON_TIME] = {"số báo cáo {p} của {u} gửi đúng hạn, trên số báo cáo "
                      "phải gửi{r}",
                      "reports of the {p} by {u} that came in time, over all "
                      "that were due{r}"},
    [PLAN_BASELINE] = {"số liệu gốc {b}", "the stated number {b}"},
    [PLAN_CHANGE] = {"thay đổi của ({0}) so với {a}",
                     "the change of ({0}) against {a}"},
    [PLAN_CONSTANT] = {"{n}", "{n}"},
    [PLAN_ADD] = {"{+}", "{+}"},
    [PLAN_SUBTRACT] = {"{-}", "{-}"},
    [PLAN_RATIO] = {"({0}) chia cho ({1})", "({0}) divided by ({1})"},
};

static void put_formula(struct formula_writing *self,
                        const struct plan_formula *formula);

static void put_operands(struct formula_writing *self,
                         const struct plan_formula *formula,
                         const char *between)
{
    for (uint32_t i = 0; i < formula->operand_count; i++) {
        formula_put(self, i > 0 ? between : "");
        formula_put(self, "(");
        put_formula(self, formula->operands[i]);
        formula_put(self, ")");
    }
}

/* How often, and of which list. */
static void put_rest(struct formula_writing *self,
                     const struct plan_formula *formula)
{
    if (formula->operation != PLAN_PERIODS && formula->at_least > 1) {
        formula_say(self, ", ít nhất ", ", at least ");
        formula_put_number(self, formula->at_least);
        formula_say(self, " lần", " times");
    }
    if (formula->operation != PLAN_ON_TIME && formula->every != 0 &&
        formula->every < PERIOD_KIND_END) {
        formula_say(self, ", mỗi ", ", in each ");
        put_kind(self, formula->every);
    }
    if (formula->list != UINT32_MAX) {
        if (formula->excluded) {
            formula_say(self, ", ngoài danh sách ", ", not on the list ");
        } else {
            formula_say(self, ", thuộc danh sách ", ", on the list ");
        }
        formula_put_list(self, formula->list);
    }
}

static void put_against(struct formula_writing *self,
                        const struct plan_formula *formula)
{
    switch (formula->against) {
    case PLAN_AGAINST_YEAR:
        formula_say(self, "cùng kỳ năm trước", "the same days a year before");
        break;
    case PLAN_AGAINST_PERIOD:
        formula_say(self, "kỳ liền trước", "the period before");
        break;
    case PLAN_AGAINST_OPERAND:
        formula_put(self, "(");
        put_formula(self, formula->operands[1]);
        formula_put(self, ")");
        break;
    }
}

static void put_place(struct formula_writing *self,
                      const struct plan_formula *formula, char place)
{
    const struct plan_measure *measure =
        formula->measure < self->plan->measure_count
            ? &self->plan->measures[formula->measure]
            : NULL;

    switch (place) {
    case '0':
    case '1':
        if ((uint32_t)(place - '0') < formula->operand_count) {
            put_formula(self, formula->operands[place - '0']);
        }
        break;
    case '*':
        put_operands(self, formula, "; ");
        break;
    case '+':
        put_operands(self, formula, " + ");
        break;
    case '-':
        put_operands(self, formula, " − ");
        break;
    case 'm':
        formula_put_events(self, formula->measure);
        break;
    case 'k':
        put_key(self, formula->measure);
        break;
    case 'f':
        if (measure != NULL) {
            formula_put_field(self, measure,
                              measure->capture[formula->capture]);
        }
        break;
    case 'l':
        formula_put_list(self, formula->list);
        break;
    case 'u':
        formula_put_level(self, formula->level);
        break;
    case 'n':
        formula_put_number(self, formula->operation == PLAN_CONSTANT
                                     ? formula->constant
                                     : formula->at_least);
        break;
    case 'p':
        put_kind(self, formula->every);
        break;
    case 'c':
        formula_put_states(self, formula);
        break;
    case 't':
        put_look(self, formula);
        break;
    case 'r':
        put_rest(self, formula);
        break;
    case 'b':
        formula_put_quoted(self,
                           self->plan->baselines[formula->baseline].label);
        break;
    case 'a':
        put_against(self, formula);
        break;
    default:
        break;
    }
}

/* How many events, or what is added up of them. */
static void put_sum(struct formula_writing *self,
                    const struct plan_formula *formula)
{
    const struct plan_measure *measure =
        &self->plan->measures[formula->measure];

    if (measure->field == 0) {
        formula_say(self, "số lần ghi ", "number of events ");
    } else {
        formula_say(self, "tổng «", "sum of “");
        formula_put_field(self, measure, measure->field);
        formula_say(self, "» của các lần ghi ", "” of the events ");
    }
    formula_put_events(self, formula->measure);
    formula_say(self, " trong kỳ", " in the period");
    put_rest(self, formula);
}

/* A formula is nested a dozen deep at most (PLAN_DEPTH_MAX). */
static void put_formula(struct formula_writing *self,
                        const struct plan_formula *formula)
{
    const char *at, *place;

    if (formula->operation == PLAN_SUM) {
        put_sum(self, formula);
        return;
    }
    at = language_pick(sentences[formula->operation], self->language);
    while ((place = strchr(at, '{')) != NULL) {
        formula_put_span(self, at, (size_t)(place - at));
        put_place(self, formula, place[1]);
        at = place + 3; /* "{k}" */
    }
    formula_put(self, at);
}

void formula_words(const struct plan *plan,
                   const struct plan_indicator *indicator,
                   const struct vocabulary *vocabulary, enum language language,
                   char text[FORMULA_WORDS_MAX])
{
    struct formula_writing self = {.plan = plan,
                                   .vocabulary = vocabulary,
                                   .language = language,
                                   .text = text};

    text[0] = '\0';
    if (indicator->formula != NULL) {
        put_formula(&self, indicator->formula);
    }
}
