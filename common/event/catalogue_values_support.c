/* catalogue_values_support - values:
 * support, models, ratings and the census.
 */
#include "common/event/catalogue_tables.h"

static const struct catalogue_value client_group_values[] = {
    VALUE(1, "seller", "Người bán dâm", "Persons selling sex"),
    VALUE(2, "trafficking_victim", "Nạn nhân bị mua bán trở về",
          "Returned trafficking victims"),
    VALUE(3, "at_risk_woman", "Phụ nữ có nguy cơ cao", "Women at risk"),
    VALUE(4, "establishment_worker",
          "Người lao động tại cơ sở kinh doanh dịch vụ",
          "Workers of establishments"),
};
const struct catalogue_enumeration catalogue_client_group = OPEN_ENUMERATION(
    "ClientGroup", client_group_values, "Nhóm được hỗ trợ", "Group supported");

static const struct catalogue_value client_source_values[] = {
    VALUE(1, "raid", "Qua triệt phá, kiểm tra", "After a raid"),
    VALUE(2, "self_referral", "Tự tìm đến", "Came by themselves"),
    VALUE(3, "outreach", "Qua tiếp cận cộng đồng", "Through outreach"),
    VALUE(4, "transfer", "Cơ quan khác chuyển đến",
          "Transferred by another office"),
};
const struct catalogue_enumeration catalogue_client_source =
    OPEN_ENUMERATION("ClientSource", client_source_values, "Nguồn tiếp cận",
                     "How they were reached");

static const struct catalogue_value client_service_values[] = {
    VALUE(1, "counselling", "Tư vấn", "Counselling"),
    VALUE(2, "legal_aid", "Trợ giúp pháp lý", "Legal aid"),
    VALUE(3, "health_hiv", "Chăm sóc sức khỏe, HIV", "Health care and HIV"),
    VALUE(4, "methadone", "Điều trị Methadone", "Methadone treatment"),
    VALUE(5, "vocational_training", "Dạy nghề", "Vocational training"),
    VALUE(6, "credit_job", "Vay vốn, tạo việc làm", "Credit and jobs"),
    VALUE(7, "psychological", "Hỗ trợ tâm lý", "Psychological support"),
    VALUE(8, "reintegration_allowance", "Trợ cấp hòa nhập cộng đồng",
          "Reintegration allowance"),
    VALUE(9, "shelter", "Nơi tạm lánh", "Shelter"),
    VALUE(10, "gbv_support", "Hỗ trợ nạn nhân bạo lực giới",
          "Support after gender-based violence"),
};
const struct catalogue_enumeration catalogue_client_service = OPEN_ENUMERATION(
    "ClientService", client_service_values, "Dịch vụ hỗ trợ", "Service");

static const struct catalogue_value dedup_values[] = {
    VALUE(1, "first_time_known", "Xác định được người hỗ trợ lần đầu",
          "First time is known"),
    VALUE(2, "unknown", "Không xác định được", "Not known"),
};
const struct catalogue_enumeration catalogue_dedup =
    OPEN_ENUMERATION("Dedup", dedup_values, "Cách xác định lần đầu",
                     "Whether first time is known");

static const struct catalogue_value model_kind_values[] = {
    VALUE(1, "reintegration", "Mô hình hỗ trợ hòa nhập cộng đồng",
          "Reintegration support"),
    VALUE(2, "healthy_commune",
          "Mô hình xã, phường lành mạnh không có tệ nạn mại dâm",
          "Healthy commune without prostitution"),
    VALUE(3, "worker_rights", "Mô hình bảo vệ quyền của người lao động",
          "Rights of workers"),
    VALUE(4, "commune_prevention",
          "Mô hình phòng, chống mại dâm tại xã, phường",
          "Prevention in a commune"),
    VALUE(5, "community_club", "Câu lạc bộ cộng đồng", "Community club"),
    VALUE(6, "peer_group", "Nhóm đồng đẳng", "Peer group"),
};
const struct catalogue_enumeration catalogue_model_kind = OPEN_ENUMERATION(
    "ModelKind", model_kind_values, "Loại mô hình", "Kind of model");

static const struct catalogue_value model_state_values[] = {
    VALUE(1, "registered", "Đăng ký", "Registered"),
    VALUE(2, "new", "Áp dụng mới", "New"),
    VALUE(3, "maintained", "Duy trì", "Maintained"),
    VALUE(4, "suspended", "Tạm dừng", "Suspended"),
    VALUE(5, "ended", "Kết thúc", "Ended"),
};
const struct catalogue_enumeration catalogue_model_state = OPEN_ENUMERATION(
    "ModelState", model_state_values, "Trạng thái mô hình", "State of a model");

static const struct catalogue_value rating_values[] = {
    VALUE(1, "free", "Không có tệ nạn mại dâm", "Free of prostitution"),
    VALUE(2, "not_free", "Có tệ nạn mại dâm", "Not free"),
    VALUE(3, "unrated", "Chưa đánh giá", "Not rated"),
};
const struct catalogue_enumeration catalogue_rating =
    OPEN_ENUMERATION("Rating", rating_values, "Kết quả đánh giá", "Rating");

static const struct catalogue_value rating_class_values[] = {
    VALUE(1, "strong", "Tốt", "Strong"),
    VALUE(2, "fair", "Khá", "Fair"),
    VALUE(3, "average", "Trung bình", "Average"),
    VALUE(4, "weak", "Yếu", "Weak"),
};
const struct catalogue_enumeration catalogue_rating_class =
    OPEN_ENUMERATION("RatingClass", rating_class_values, "Xếp loại", "Class");

static const struct catalogue_value census_part_values[] = {
    VALUE(1, "persons", "Người có liên quan", "Persons concerned"),
    VALUE(2, "establishments", "Cơ sở kinh doanh dịch vụ", "Establishments"),
    VALUE(3, "victims", "Nạn nhân bị mua bán trở về", "Returned victims"),
    VALUE(4, "absent_women", "Phụ nữ vắng mặt tại địa phương", "Absent women"),
    VALUE(5, "workers", "Người lao động tại cơ sở",
          "Workers of establishments"),
};
const struct catalogue_enumeration catalogue_census_part = OPEN_ENUMERATION(
    "CensusPart", census_part_values, "Nội dung rà soát", "Part of the census");
