/* catalogue_values_report - values:
 * teams, reports and references.
 */
#include "common/event/catalogue_tables.h"

static const struct catalogue_value standing_team_kind_values[] = {
    VALUE(1, "interagency_178", "Đội kiểm tra liên ngành 178",
          "Inter-agency team 178"),
    VALUE(2, "interagency_group", "Tổ công tác liên ngành",
          "Inter-agency group"),
    VALUE(3, "volunteer_social_work", "Đội công tác xã hội tình nguyện",
          "Volunteer social-work team"),
};
const struct catalogue_enumeration catalogue_standing_team_kind =
    OPEN_ENUMERATION("StandingTeamKind", standing_team_kind_values, "Loại đội",
                     "Kind of standing team");

static const struct catalogue_value team_state_values[] = {
    VALUE(1, "set_up", "Thành lập", "Set up"),
    VALUE(2, "consolidated", "Kiện toàn", "Reconstituted"),
    VALUE(3, "dissolved", "Giải thể", "Dissolved"),
};
const struct catalogue_enumeration catalogue_team_state = OPEN_ENUMERATION(
    "TeamState", team_state_values, "Trạng thái đội", "State of a team");

static const struct catalogue_value regime_values[] = {
    VALUE(1, "calendar", "Theo năm dương lịch", "Calendar"),
    VALUE(2, "nd09_2019", "Theo Nghị định 09/2019/NĐ-CP",
          "Decree 09/2019/NĐ-CP"),
    VALUE(3, "plan_deadline", "Theo thời hạn trong kế hoạch",
          "Deadlines of the plan"),
};
const struct catalogue_enumeration catalogue_regime = CLOSED_ENUMERATION(
    "Regime", regime_values, "Chế độ kỳ báo cáo", "Reporting regime");

static const struct catalogue_value period_kind_values[] = {
    VALUE(1, "month", "Tháng", "Month"),
    VALUE(2, "quarter", "Quý", "Quarter"),
    VALUE(3, "half_year", "6 tháng", "Half-year"),
    VALUE(4, "year", "Năm", "Year"),
    VALUE(5, "ad_hoc", "Đột xuất", "Ad hoc"),
};
const struct catalogue_enumeration catalogue_period_kind = CLOSED_ENUMERATION(
    "PeriodKind", period_kind_values, "Loại kỳ", "Kind of period");

static const struct catalogue_value reference_kind_values[] = {
    VALUE(1, "establishment", "Cơ sở kinh doanh dịch vụ", "Establishment"),
    VALUE(2, "hotspot", "Tụ điểm", "Hotspot"),
    VALUE(3, "model", "Mô hình", "Model"),
    VALUE(4, "case", "Vụ án", "Case"),
    VALUE(5, "tip", "Tin báo, tố giác", "Tip"),
    VALUE(6, "inspection", "Cuộc kiểm tra", "Inspection"),
};
const struct catalogue_enumeration catalogue_reference_kind =
    CLOSED_ENUMERATION("ReferenceKind", reference_kind_values,
                       "Loại mã tham chiếu", "Kind of reference");
