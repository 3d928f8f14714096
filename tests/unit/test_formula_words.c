/* What indicators count, in words: every way of counting has them. */
#include "common/figures/formula_words.h"

#include "common/base/text.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <string.h>

static struct world world;

static void open_plan(const char *path)
{
    world_open(&world, path, NULL);
}

static void teardown(void)
{
    world_close(&world);
}

TestSuite(formula_words, .fini = teardown);

static const struct plan *plan(void)
{
    return context_plan_at(world.context, 0)->plan;
}

/* Whatever a plan counts, the sentence is whole: text, without a place that was
 * left open. */
static void expect_sentences(const char *path)
{
    open_plan(path);
    for (uint32_t i = 0; i < plan()->indicator_count; i++) {
        for (int k = 0; k < LANGUAGE_COUNT; k++) {
            const struct plan_indicator *it = &plan()->indicators[i];
            char text[FORMULA_WORDS_MAX];

            formula_words(plan(), it, NULL, (enum language)k, text);
            cr_assert_eq(it->formula == NULL, text[0] == '\0', "%s", it->id);
            cr_assert_eq(text_check(text, strlen(text)), TEXT_OK, "%s: %s",
                         it->id, text);
            cr_assert_null(strpbrk(text, "{}"), "%s: %s", it->id, text);
            cr_assert_null(strstr(text, "()"), "%s: %s", it->id, text);
            cr_assert_null(strstr(text, "  "), "%s: %s", it->id, text);
        }
    }
}

Test(formula_words, every_way_of_counting_has_a_sentence)
{
    expect_sentences(WORLD_PLAN);
}

Test(formula_words, every_indicator_of_the_domain_has_a_sentence)
{
    expect_sentences("tests/support/all_indicators_plan.yaml");
}

static void expect_words(const char *id, const char *vi, const char *en)
{
    uint32_t at = plan_find_indicator(plan(), id);
    char text[FORMULA_WORDS_MAX];

    cr_assert_neq(at, UINT32_MAX, "no indicator %s", id);
    formula_words(plan(), &plan()->indicators[at], NULL, LANGUAGE_VI, text);
    cr_assert_str_eq(text, vi);
    formula_words(plan(), &plan()->indicators[at], NULL, LANGUAGE_EN, text);
    cr_assert_str_eq(text, en);
}

Test(formula_words, a_filter_a_state_and_a_list_are_told)
{
    open_plan(WORLD_PLAN);
    expect_words("visits",
                 "số lần ghi «Lượt kiểm tra cơ sở» (Loại đoàn, đội: Đội kiểm "
                 "tra liên ngành 178) trong kỳ",
                 "number of events “Inspection visit” (Kind of team: "
                 "Inter-agency team 178) in the period");
    expect_words("inspected",
                 "số cơ sở khác nhau được ghi «Lượt kiểm tra cơ sở» trong kỳ",
                 "number of different establishments with an event “Inspection "
                 "visit” in the period");
    expect_words("clean_named",
                 "số tụ điểm mà lần ghi «Trạng thái tụ điểm» mới nhất tính đến "
                 "cuối kỳ cho biết: Trạng thái: Đã triệt xóa hoặc Duy trì "
                 "trong sạch, thuộc danh sách «Hai tụ điểm»",
                 "number of hotspots whose last event “Hotspot status” by the "
                 "end of the period says: State: Cleared or Confirmed clean, "
                 "on the list “Two hotspots”");
}

/* An ellipsis never leaves half a character behind. */
Test(formula_words, i11_what_is_too_long_ends_with_an_ellipsis)
{
    struct plan_formula sum = {.operation = PLAN_ADD};
    struct plan_formula inner = {.operation = PLAN_ADD};
    struct plan_indicator it = {.id = "long", .formula = &sum};
    const struct plan_formula *visits;
    char text[FORMULA_WORDS_MAX];

    open_plan(WORLD_PLAN);
    visits = plan()->indicators[plan_find_indicator(plan(), "visits")].formula;
    sum.operand_count = inner.operand_count = PLAN_OPERANDS_MAX;
    for (size_t i = 0; i < PLAN_OPERANDS_MAX; i++) {
        sum.operands[i] = &inner;
        inner.operands[i] = visits;
    }
    for (int k = 0; k < LANGUAGE_COUNT; k++) {
        formula_words(plan(), &it, NULL, (enum language)k, text);
        cr_assert_gt(strlen(text), FORMULA_WORDS_MAX - 64);
        cr_assert_lt(strlen(text), FORMULA_WORDS_MAX);
        cr_assert_eq(text_check(text, strlen(text)), TEXT_OK);
        cr_assert_str_eq(text + strlen(text) - strlen("…"), "…");
    }
}
