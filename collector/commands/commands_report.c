#include "collector/commands/commands_report.h"

#include <stddef.h>

#include "collector/commands/commands_audit.h"
#include "collector/figures/position.h"
#include "common/base/listing.h"

/* clang-format off */
#define REPORT_OPTIONS                                                      \
    {"plan", "ID[@REVISION]",                                               \
     {"mã kế hoạch, hoặc một bản của nó: ID@2 (mặc định: kế hoạch đang có "  \
      "hiệu lực)",                                                          \
      "the plan, or a revision of it: ID@2 (default: the one in force)"}},  \
    {"period", "PERIOD",                                                    \
     {"kỳ báo cáo: 2018-M03, 2018-Q1, 2018-H1, 2018",                        \
      "the period: 2018-M03, 2018-Q1, 2018-H1, 2018"}},                     \
    {"regime", "REGIME",                                                    \
     {"chế độ kỳ báo cáo: calendar, nd09_2019, plan_deadline (mặc định: "   \
      "chế độ của kế hoạch)",                                               \
      "how periods are cut: calendar, nd09_2019, plan_deadline (default: "  \
      "as the plan reports)"}},                                             \
    {"unit", "UNIT",                                                        \
     {"đơn vị (mặc định: đơn vị của kế hoạch)",                              \
      "unit (default: the plan's)"}},                                       \
    AS_OF_OPTION

const struct args_option commands_report_print_options[] = {
    REPORT_OPTIONS,
    UNIT_DATE_OPTION,
    {"by", "district|commune|none",
     {"cấp của biểu theo đơn vị (mặc định: cấp ngay dưới đơn vị)",
      "level of the sheet by unit (default: the one below the unit)"}},
    READER_OPTIONS,
    {"within", "UNIT",
     {"chỉ in đơn vị này hoặc đơn vị thuộc nó",
      "print only this unit or one below it"}},
    {"format", "text|csv|xlsx|html|jsonl|dhis2",
     {LISTING_OPTION_VI, LISTING_OPTION_EN}},
    {"output", "FILE",
     {"ghi vào tệp này thay vì màn hình", "write to this file, not stdout"}},
    {"frozen", "ENTRY",
     {"đúng bản đã chốt ở mục này của sổ cái, không có cột điều chỉnh",
      "as it was frozen by this entry of the ledger, without the column of "
      "revisions"}},
    {"live", NULL,
     {"số liệu hiện có, kể cả khi báo cáo đã chốt",
      "what is known now, be the report frozen or not"}},
    AUDIT_DATA_OPTION,
    END_OF_OPTIONS};

const struct args_example commands_report_print_examples[] = {
    {"report print --period 2018-Q2 --format xlsx --output quy-2.xlsx",
     {"báo cáo quý 2 của toàn tỉnh",
      "the report of the province for the second quarter"}},
    {"report print --period 2018-H1 --unit gso3:001 --as-of 14/06/2018",
     {"báo cáo của một quận theo những gì đã nhận đến hết ngày 14/6",
      "a district's report by what was received up to 14 June"}},
    END_OF_EXAMPLES};

const struct args_option commands_report_due_options[] = {
    {"on", "DAY",
     {"tính đến ngày này (mặc định: hôm nay)",
      "as of this day (default: today)"}},
    {"plan", "ID",
     {"chỉ một kế hoạch (mặc định: mọi kế hoạch)",
      "one plan only (default: all plans)"}},
    {"period", "PERIOD",
     {"chỉ kỳ này, cả báo cáo đã có: 2018-M03, 2018-Q1, 2018-H1, 2018",
      "this period alone, with the reports that are there: 2018-M03, 2018-Q1, "
      "2018-H1, 2018"}},
    {"by", "district|commune",
     {"cấp của các đơn vị (mặc định: cấp ngay dưới đơn vị của kế hoạch)",
      "level of the units (default: the one below the plan's)"}},
    {"all", NULL,
     {"mọi kỳ của kế hoạch, cả báo cáo đã có",
      "every period of the plan, and reports that are there"}},
    LISTING_OPTION,
    END_OF_OPTIONS};

const struct args_option commands_report_freeze_options[] = {
    REPORT_OPTIONS,
    {"again", NULL,
     {"chốt lại báo cáo đã chốt, thành một bản mới",
      "freeze a report once more that was frozen before"}},
    END_OF_OPTIONS};
/* clang-format on */

const struct args_option commands_plan_show_options[] = {
    {"plan", "ID", {"chỉ một kế hoạch", "one plan only"}},
    {"settings",
     NULL,
     {"các cách hiểu có thể chọn và cách đang dùng",
      "the readings that are possible, and the one chosen"}},
    {"baselines",
     NULL,
     {"số liệu gốc và nguồn", "stated numbers and their sources"}},
    {"responsible",
     NULL,
     {"cơ quan chịu trách nhiệm", "who answers for the targets"}},
    LISTING_OPTION,
    END_OF_OPTIONS};
