/* What leaves the product as a table, as CSV and as JSON lines, to the byte. */
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "common/figures/indicator_text.h"
#include "tests/support/source_file.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of proto/event.proto. */
enum {
    PLAN_ISSUED = 1,
    INSPECTION = 8
};

static struct world world;
static struct fold *fold;
static struct indicator_request request;
static char *printed;

/* Two visits in district 1, one in a commune that was divided since, and one
 * in district 2; district 1 has set itself two. */
static void open_world(void)
{
    struct event event;

    world_open(&world, WORLD_PLAN, NULL);
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t agent = i == 2 ? 2 : 1;

        world_event_init(
            &world, &event, agent, INSPECTION, calendar_day(2018, 3, 5),
            i == 2 ? WORLD_COMMUNE(2, 1) : WORLD_COMMUNE(1, 2 + i));
        event_set(&event, 1, id60_make(1, 1, i + 1));
        event_set(&event, 2, 1);
        event_set(&event, 3, 2);
        event_set(&event, 4, 1);
        event_set(&event, 5, 1);
        (void)world_add(&world, agent, 1, &event);
    }
    world_event_init(&world, &event, 1, PLAN_ISSUED, calendar_day(2018, 2, 1),
                     WORLD_DISTRICT(1));
    event_set(&event, 1, 2018);
    (void)event_append(&event, 2, 1);
    event_set(&event, 3, 2);
    (void)world_add(&world, 1, 1, &event);
    fold = world_fold(&world, NULL);
    memset(&request, 0, sizeof request);
    figure_range_default(context_plan_at(world.context, 0)->plan,
                         &request.range);
    request.today = calendar_day(2019, 1, 5);
    request.language = LANGUAGE_VI;
}

static void close_world(void)
{
    free(printed);
    fold_free(&fold);
    world_close(&world);
}

TestSuite(indicator_print, .init = open_world, .fini = close_world);

static const char *print(void)
{
    size_t size;
    FILE *out;

    free(printed);
    out = open_memstream(&printed, &size);
    cr_assert_not_null(out);
    cr_assert_eq(indicator_print(fold, world.context, &request, out),
                 STATUS_OK);
    cr_assert_eq(fclose(out), 0);
    return printed;
}

static enum status status_of(void)
{
    FILE *out = fopen("/dev/null", "w");
    enum status status;

    cr_assert_not_null(out);
    status = indicator_print(fold, world.context, &request, out);
    (void)fclose(out);
    return status;
}

Test(indicator_print, a_table_has_targets_units_marks_and_coordinates)
{
    request.indicator = "visits";
    request.by = true;
    request.by_level = UNIT_DISTRICT;
    cr_assert_str_eq(
        print(),
        "Kế hoạch thử (1/KH-UBND)\n"
        "\n"
        "Mã    Địa bàn    Nội dung chỉ tiêu    ĐVT      Kế hoạch"
        "  Thực hiện  So với kế hoạch  Tình trạng\n"
        "T-01  Tỉnh Thử   10 lượt              lượt         ≥ 10"
        "      3 (*)              30%  không đạt\n"
        "T-01  Quận Một   10 lượt              lượt            -"
        "      2 (*)                -  -\n"
        "T-01  Huyện Hai  10 lượt              lượt            -"
        "          1                -  -\n"
        "T-05  Tỉnh Thử   Theo kế hoạch huyện  lượt  từng đơn vị"
        "      3 (*)                -  1/1 đơn vị đạt\n"
        "T-05  Quận Một   Theo kế hoạch huyện  lượt          ≥ 2"
        "      2 (*)             100%  đạt\n"
        "T-05  Huyện Hai  Theo kế hoạch huyện  lượt            -"
        "          1                -  theo dõi\n"
        "\n"
        "(*) gồm cả sự kiện của đơn vị đã chia tách, không chia xuống cấp "
        "dưới được\n"
        "Phát sinh từ 01/01/2018 đến 31/12/2018 · kế hoạch thu-2018 bản 1 "
        "(mục 2) · đơn vị hành chính ngày 31/12/2018\n"
        "Sổ cái 17 mục\n");
}

Test(indicator_print, a_goal_that_was_changed_says_from_when_it_holds)
{
    struct plan_target target = {.comparator = PLAN_AT_LEAST,
                                 .quantity = 60,
                                 .replaced_on = calendar_day(2018, 7, 1)};
    struct indicator_row row = {
        .target = &target, .judged = true, .quantity = 60};
    char text[INDICATOR_TEXT_MAX];

    cr_assert(indicator_goal_text(&row, LANGUAGE_VI, text));
    cr_assert_str_eq(text, "≥ 60 (đến 30/06/2018)");
    target.effective = calendar_day(2018, 4, 1);
    cr_assert(indicator_goal_text(&row, LANGUAGE_VI, text));
    cr_assert_str_eq(text, "≥ 60 (từ 01/04/2018 đến 30/06/2018)");
    target.replaced_on = 0;
    cr_assert(indicator_goal_text(&row, LANGUAGE_VI, text));
    cr_assert_str_eq(text, "≥ 60 (từ 01/04/2018)");
}

Test(indicator_print, the_one_unit_of_a_table_stands_above_it)
{
    request.indicator = "T-01";
    cr_assert_str_eq(
        print(),
        "Kế hoạch thử (1/KH-UBND)\n"
        "Địa bàn: Tỉnh Thử\n"
        "\n"
        "Mã    Nội dung chỉ tiêu  ĐVT   Kế hoạch  Thực hiện  "
        "So với kế hoạch  Tình trạng\n"
        "T-01  10 lượt            lượt      ≥ 10      3 (*)  "
        "            30%  không đạt\n"
        "\n"
        "(*) gồm cả sự kiện của đơn vị đã chia tách, không chia xuống cấp "
        "dưới được\n"
        "Phát sinh từ 01/01/2018 đến 31/12/2018 · kế hoạch thu-2018 bản 1 "
        "(mục 2) · đơn vị hành chính ngày 31/12/2018\n"
        "Sổ cái 17 mục\n");
}

Test(indicator_print, csv_holds_one_figure_a_row_with_its_coordinates)
{
    struct digest hash;

    memset(hash.bytes, 0xab, sizeof hash.bytes);
    request.indicator = "T-02";
    request.format = LISTING_CSV;
    request.language = LANGUAGE_EN;
    request.root_entry = &hash;
    cr_assert_str_eq(
        print(),
        "target,indicator,unit,unit_name,label,unit_of_count,comparator,goal,"
        "goal_to,goal_percent,stated,listed,effective,value,denominator,"
        "percent,achieved,status,units_met,units_judged,lower_bound,"
        "upper_bound,not_divided,erased,hidden,state,"
        "received_to,from,to,known_to,"
        "regime,period,unit_date,ledger_size,ledger_hash,plan,"
        "plan_revision,plan_entry,received_from\n"
        "T-02,coverage,gso3:90,Tỉnh Thử,80 % of communes,communes,at_least,4,"
        ",80,,,,0,7,0,0,missed,,,0,0,0,0,,,,2018-01-01,2018-12-31,2019-01-05,"
        ",,2018-12-31,17,"
        "abababababababababababababababababababababababababababababababab,"
        "thu-2018,1,2,\n");
}

Test(indicator_print, json_lines_hold_the_same_values)
{
    request.indicator = "T-05";
    request.format = LISTING_JSONL;
    request.language = LANGUAGE_EN;
    request.unit = WORLD_DISTRICT(1);
    cr_assert_str_eq(
        print(),
        "{\"target\":\"T-05\",\"indicator\":\"visits\",\"unit\":\"gso3:901\","
        "\"unit_name\":\"Quận Một\",\"label\":\"What each district set\","
        "\"unit_of_count\":\"visits\",\"comparator\":\"at_least\",\"goal\":2,"
        "\"goal_to\":null,\"goal_percent\":null,\"stated\":null,"
        "\"listed\":null,\"effective\":null,\"value\":2,"
        "\"denominator\":null,\"percent\":null,\"achieved\":\"100\","
        "\"status\":\"met\",\"units_met\":null,\"units_judged\":null,"
        "\"lower_bound\":0,\"upper_bound\":0,\"not_divided\":1,"
        "\"erased\":0,\"hidden\":null,\"state\":\"value\","
        "\"received_to\":\"2018-03-06\","
        "\"from\":\"2018-01-01\","
        "\"to\":\"2018-12-31\",\"known_to\":\"2019-01-05\","
        "\"regime\":null,\"period\":null,"
        "\"unit_date\":\"2018-12-31\","
        "\"ledger_size\":17,\"ledger_hash\":null,\"plan\":\"thu-2018\","
        "\"plan_revision\":1,\"plan_entry\":2,"
        "\"received_from\":null}\n");
}

Test(indicator_print, what_is_not_computed_says_why)
{
    request.indicator = "budget";
    cr_assert_not_null(strstr(print(), "chưa tính được"));
    cr_assert_not_null(strstr(printed, "T-06: chưa tính được: Không ghi ở "
                                       "đây.\n"));
}

Test(indicator_print, a_figure_that_the_text_states_stands_beside)
{
    request.indicator = "T-04";
    cr_assert_not_null(strstr(
        print(), "T-04: kế hoạch nêu 3, phụ lục chỉ liệt kê 2, thiếu 1\n"));
    request.format = LISTING_CSV;
    cr_assert_not_null(strstr(print(), ",none,0,,,3,2,,0,,,,met,"));
}

Test(indicator_print, nothing_occurred_is_neither_zero_nor_all)
{
    request.indicator = "handled";
    cr_assert_not_null(strstr(print(), "không phát sinh"));
    cr_assert_null(strstr(printed, "0%"));
    request.format = LISTING_CSV;
    cr_assert_not_null(strstr(print(), ",0,0,,,nothing,"));
}

Test(indicator_print, a_part_of_the_year_is_judged_as_of_its_last_day)
{
    request.indicator = "T-01";
    request.format = LISTING_CSV;
    request.range.to = calendar_day(2018, 3, 31); /* 90 of 365 days: 2.47 */
    cr_assert_not_null(strstr(print(), ",3,,,30,on_track,"));
    request.range.to = calendar_day(2018, 6, 30);
    cr_assert_not_null(strstr(print(), ",3,,,30,behind,"));
    request.range.from = calendar_day(2018, 1, 2);
    cr_assert_not_null(strstr(print(), ",,,,,,,3,,,,,"));
}

Test(indicator_print, i4_the_same_input_gives_the_same_bytes)
{
    char *first;

    request.by = true;
    request.by_level = UNIT_COMMUNE;
    first = strdup(print());
    cr_assert_not_null(first);
    fold_free(&fold);
    fold = world_fold(&world, NULL);
    cr_assert_str_eq(print(), first);
    free(first);
}

Test(indicator_print, what_is_not_there_is_said)
{
    request.indicator = "T-99";
    cr_assert_eq(status_of(), STATUS_NOT_FOUND);
    request.indicator = NULL;
    request.unit = WORLD_COMMUNE(1, 3); /* divided before the unit date */
    cr_assert_eq(status_of(), STATUS_NOT_FOUND);
    request.range.unit_date = calendar_day(2018, 6, 30);
    cr_assert_eq(status_of(), STATUS_OK);
}

Test(indicator_print, every_column_and_status_is_described)
{
    char *text = source_file("docs/FIGURES.md");
    char word[64], *rest = NULL, *columns;

    request.format = LISTING_CSV;
    columns = strdup(print());
    cr_assert_not_null(columns);
    *strchr(columns, '\n') = '\0';
    for (char *name = strtok_r(columns, ",", &rest); name != NULL;
         name = strtok_r(NULL, ",", &rest)) {
        (void)snprintf(word, sizeof word, "`%s`", name);
        cr_assert_not_null(strstr(text, word), "%s", word);
    }
    for (int i = TARGET_NOT_COMPUTED; i <= TARGET_MISSED; i++) {
        (void)snprintf(word, sizeof word, "`%s`",
                       target_status_token((enum target_status)i));
        cr_assert_not_null(strstr(text, word), "%s", word);
    }
    free(columns);
    free(text);
}
