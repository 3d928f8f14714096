/* catalogue_types - the types of event, and the enumeration of them.
 *
 * An event has one date. What occurred_on is called for a type stands here,
 * and what subject_unit is called where the type has its own word for it.
 */
#include "common/event/catalogue_tables.h"

/* number, name, label in both languages; name of the date and its label in
 * both languages; name of the unit, and whether it must be given. */
#define TYPES(X)                                                               \
    X(1, plan_issued, "Ban hành kế hoạch", "Plan issued", "issued_on",         \
      "Ngày ban hành", "Date of issue", "subject_unit", false)                 \
    X(2, communication_activity, "Hoạt động tuyên truyền",                     \
      "Outreach activity", "held_on", "Ngày tổ chức", "Date held",             \
      "subject_unit", true)                                                    \
    X(3, media_item, "Tin, bài đăng, phát", "Media item published",            \
      "published_on", "Ngày đăng, phát", "Date of publication",                \
      "subject_unit", false)                                                   \
    X(4, coverage_snapshot, "Số liệu bao phủ", "Coverage snapshot", "as_of",   \
      "Tính đến ngày", "As of", "subject_unit", false)                         \
    X(5, training_class, "Lớp tập huấn", "Training class", "held_on",          \
      "Ngày khai giảng", "First day", "subject_unit", false)                   \
    X(6, establishment_status, "Trạng thái cơ sở kinh doanh dịch vụ",          \
      "Establishment status", "as_of", "Từ ngày", "As of", "subject_unit",     \
      true)                                                                    \
    X(7, commitment_signed, "Ký cam kết", "Commitment signed", "signed_on",    \
      "Ngày ký", "Date signed", "subject_unit", false)                         \
    X(8, inspection, "Lượt kiểm tra cơ sở", "Inspection visit",                \
      "inspected_on", "Ngày kiểm tra", "Date of inspection", "subject_unit",   \
      false)                                                                   \
    X(9, admin_sanction, "Xử phạt vi phạm hành chính",                         \
      "Administrative sanction", "sanctioned_on", "Ngày xử phạt",              \
      "Date of sanction", "subject_unit", false)                               \
    X(10, case_stage, "Giai đoạn vụ án", "Criminal case stage", "stage_on",    \
      "Ngày chuyển giai đoạn", "Date of the stage", "subject_unit", false)     \
    X(11, hotspot_status, "Trạng thái tụ điểm", "Hotspot status", "as_of",     \
      "Từ ngày", "As of", "subject_unit", false)                               \
    X(12, tip_status, "Xử lý tin báo, tố giác", "Tip handling", "state_on",    \
      "Ngày chuyển trạng thái", "Date of the state", "subject_unit", false)    \
    X(13, client_flow, "Hỗ trợ người có nhu cầu", "Client support",            \
      "period_to", "Đến ngày", "Last day of the period", "subject_unit",       \
      false)                                                                   \
    X(14, model_status, "Trạng thái mô hình", "Model status", "as_of",         \
      "Từ ngày", "As of", "subject_unit", true)                                \
    X(15, commune_rating, "Đánh giá, phân loại xã", "Commune rating",          \
      "rated_on", "Ngày đánh giá", "Date of rating", "commune", true)          \
    X(16, supervision_round, "Cuộc kiểm tra, giám sát", "Supervision round",   \
      "held_on", "Ngày kiểm tra", "Date held", "visited_unit", true)           \
    X(17, situation_census, "Rà soát, thống kê tình hình", "Situation census", \
      "as_of", "Tính đến ngày", "As of", "commune", true)                      \
    X(18, team_status, "Kiện toàn đội", "Team status", "as_of", "Từ ngày",     \
      "As of", "subject_unit", false)                                          \
    X(19, report_submitted, "Nộp báo cáo", "Report submitted", "submitted_on", \
      "Ngày nộp", "Date submitted", "subject_unit", false)                     \
    X(20, correction, "Hủy số liệu", "Void", "corrected_on",                   \
      "Ngày đính chính", "Date of correction", "subject_unit", false)          \
    X(21, nil_report, "Báo cáo không phát sinh", "Nil report", "reported_on",  \
      "Ngày cuối kỳ", "Last day of the period", "subject_unit", false)         \
    X(22, same_as, "Hai mã là một", "Same thing", "as_of", "Từ ngày", "As of", \
      "subject_unit", false)

#define TYPE_VALUE(number, name, vi, en, date, date_vi, date_en, unit, \
                   required)                                           \
    VALUE(number, #name, vi, en),
static const struct catalogue_value event_type_values[] = {TYPES(TYPE_VALUE)};
const struct catalogue_enumeration catalogue_event_type = CLOSED_ENUMERATION(
    "EventType", event_type_values, "Loại sự kiện", "Type of event");

#define TYPE(number, name, vi, en, date, date_vi, date_en, unit, required) \
    {number,                                                               \
     #name,                                                                \
     {vi, en},                                                             \
     date,                                                                 \
     {date_vi, date_en},                                                   \
     unit,                                                                 \
     required,                                                             \
     catalogue_##name##_fields,                                            \
     CATALOGUE_LENGTH(catalogue_##name##_fields)},
static const struct catalogue_type types[] = {TYPES(TYPE)};

const struct catalogue_type *catalogue_types(size_t *count)
{
    *count = CATALOGUE_LENGTH(types);
    return types;
}
