#include "collector/commands/commands_figures.h"

#include "collector/commands/commands_audit.h"
#include "collector/commands/commands_report.h"
#include "collector/figures/position.h"

#include <stddef.h>

#include "common/base/listing.h"
#include "common/plan/plan_choice.h"

/* clang-format off */
#define FIGURE_OPTIONS \
    PLAN_OPTION, \
    {"unit", "UNIT", \
     {"đơn vị (mặc định: đơn vị của kế hoạch)", \
      "unit (default: the plan's)"}}, \
    {"by", "district|commune", \
     {"thêm một dòng cho mỗi đơn vị cấp huyện hoặc cấp xã", \
      "a row for each district or commune as well"}}, \
    {"from", "DATE", \
     {"ngày đầu (mặc định: đầu năm kế hoạch)", \
      "first day (default: of the plan year)"}}, \
    {"to", "DATE", \
     {"ngày cuối (mặc định: cuối năm kế hoạch)", \
      "last day (default: of the plan year)"}}, \
    {"period", "PERIOD", \
     {"kỳ báo cáo, thay cho --from và --to: 2018-M03, 2018-Q1, 2018-H1, " \
      "2018; nêu rõ đơn vị nào chưa báo cáo", \
      "a report period instead of --from and --to: 2018-M03, 2018-Q1, " \
      "2018-H1, 2018; says which units have not reported"}}, \
    {"regime", "REGIME", \
     {"chế độ kỳ báo cáo: calendar, nd09_2019, plan_deadline (mặc định: chế " \
      "độ của kế hoạch)", \
      "how periods are cut: calendar, nd09_2019, plan_deadline (default: as " \
      "the plan reports)"}}, \
    UNIT_DATE_OPTION, \
    {"indicator", "ID", \
     {"chỉ một chỉ tiêu hoặc chỉ số", "one target or indicator only"}}, \
    LISTING_OPTION

const struct args_option commands_indicators_options[] = {
    AS_OF_OPTION,
    FIGURE_OPTIONS,
    READER_OPTIONS,
    AUDIT_DATA_OPTION,
    END_OF_OPTIONS};

const struct args_option commands_replay_options[] = {
    {"until", "DAY|TIME|N", {AS_OF_VI, AS_OF_EN}},
    FIGURE_OPTIONS,
    READER_OPTIONS,
    AUDIT_DATA_OPTION,
    END_OF_OPTIONS};

const struct args_option commands_diff_options[] = {
    FIGURE_OPTIONS,
    {"limit", "N",
     {"ở dạng text: số nguyên nhân của mỗi số liệu (mặc định: 20)",
      "as text: how many causes of each figure (default: 20)"}},
    AUDIT_DATA_OPTION,
    END_OF_OPTIONS};
/* clang-format on */
