/* catalogue_values_register - values:
 * establishments, commitments and inspections.
 */
#include "common/event/catalogue_tables.h"

static const struct catalogue_value establishment_category_values[] = {
    VALUE(1, "lodging", "Khách sạn, nhà nghỉ, nhà trọ", "Hotel or guest house"),
    VALUE(2, "karaoke", "Karaoke", "Karaoke"),
    VALUE(3, "massage_sauna", "Xoa bóp, xông hơi, tẩm quất",
          "Massage or sauna"),
    VALUE(4, "discotheque_bar", "Vũ trường, quán bar", "Discotheque or bar"),
    VALUE(5, "cafe", "Quán cà phê, giải khát", "Café"),
    VALUE(6, "restaurant_pub", "Quán ăn, quán nhậu", "Restaurant or pub"),
    VALUE(7, "hairdresser", "Cắt tóc, gội đầu", "Hairdresser"),
    VALUE(8, "other", "Loại hình khác", "Other"),
};
const struct catalogue_enumeration catalogue_establishment_category =
    OPEN_ENUMERATION("EstablishmentCategory", establishment_category_values,
                     "Loại hình cơ sở", "Category of establishment");

static const struct catalogue_value managing_sector_values[] = {
    VALUE(1, "culture", "Văn hóa", "Culture"),
    VALUE(2, "tourism", "Du lịch", "Tourism"),
    VALUE(3, "health", "Y tế", "Health"),
    VALUE(4, "public_security", "Công an", "Public security"),
    VALUE(5, "labour", "Lao động - Thương binh và Xã hội", "Labour"),
    VALUE(6, "industry_trade", "Công Thương", "Industry and trade"),
    VALUE(7, "commune", "Ủy ban nhân dân cấp xã", "Commune"),
};
const struct catalogue_enumeration catalogue_managing_sector =
    OPEN_ENUMERATION("ManagingSector", managing_sector_values, "Ngành quản lý",
                     "Managing sector");

static const struct catalogue_value establishment_state_values[] = {
    VALUE(1, "listed", "Đã đưa vào danh sách quản lý", "Listed"),
    VALUE(2, "active", "Đang hoạt động", "Active"),
    VALUE(3, "suspended", "Tạm ngừng hoạt động", "Suspended"),
    VALUE(4, "closed", "Đã đóng cửa", "Closed"),
    VALUE(5, "removed", "Đã đưa ra khỏi danh sách", "Removed from the list"),
};
const struct catalogue_enumeration catalogue_establishment_state =
    OPEN_ENUMERATION("EstablishmentState", establishment_state_values,
                     "Trạng thái cơ sở", "State of an establishment");

static const struct catalogue_value commitment_kind_values[] = {
    VALUE(1, "owner_to_commune", "Chủ cơ sở cam kết với UBND xã",
          "Owner to the commune"),
    VALUE(2, "workers_to_owner", "Người lao động cam kết với chủ cơ sở",
          "Workers to the owner"),
};
const struct catalogue_enumeration catalogue_commitment_kind =
    OPEN_ENUMERATION("CommitmentKind", commitment_kind_values, "Loại cam kết",
                     "Kind of commitment");

static const struct catalogue_value team_kind_values[] = {
    VALUE(1, "interagency_178", "Đội kiểm tra liên ngành 178",
          "Inter-agency team 178"),
    VALUE(2, "sector_inspectorate", "Thanh tra chuyên ngành",
          "Sector inspectorate"),
    VALUE(3, "police_check", "Công an kiểm tra", "Police"),
    VALUE(4, "market_control", "Quản lý thị trường", "Market control"),
};
const struct catalogue_enumeration catalogue_team_kind =
    OPEN_ENUMERATION("TeamKind", team_kind_values, "Loại đoàn, đội kiểm tra",
                     "Kind of inspection team");

static const struct catalogue_value inspection_mode_values[] = {
    VALUE(1, "planned", "Theo kế hoạch", "Planned"),
    VALUE(2, "unannounced", "Đột xuất", "Unannounced"),
    VALUE(3, "follow_up", "Hậu kiểm", "Follow-up"),
};
const struct catalogue_enumeration catalogue_inspection_mode =
    OPEN_ENUMERATION("InspectionMode", inspection_mode_values,
                     "Hình thức kiểm tra", "Mode of inspection");

static const struct catalogue_value inspection_result_values[] = {
    VALUE(1, "no_violation", "Không vi phạm", "No violation"),
    VALUE(2, "reminded", "Nhắc nhở", "Reminded"),
    VALUE(3, "violation", "Có vi phạm", "Violation found"),
};
const struct catalogue_enumeration catalogue_inspection_result =
    OPEN_ENUMERATION("InspectionResult", inspection_result_values,
                     "Kết quả kiểm tra", "Result of an inspection");

static const struct catalogue_value violation_kind_values[] = {
    VALUE(1, "prostitution_related", "Liên quan đến mại dâm",
          "Related to prostitution"),
    VALUE(2, "licence", "Giấy phép, điều kiện kinh doanh",
          "Licence and conditions of business"),
    VALUE(3, "security_order", "An ninh, trật tự", "Security and order"),
    VALUE(4, "labour_contract", "Hợp đồng lao động", "Labour contracts"),
    VALUE(5, "health_hygiene", "Y tế, vệ sinh", "Health and hygiene"),
    VALUE(6, "culture_content", "Nội dung văn hóa", "Cultural content"),
    VALUE(7, "fire_safety", "Phòng cháy, chữa cháy", "Fire safety"),
    VALUE(8, "other", "Vi phạm khác", "Other"),
};
const struct catalogue_enumeration catalogue_violation_kind =
    OPEN_ENUMERATION("ViolationKind", violation_kind_values, "Loại vi phạm",
                     "Kind of violation");

static const struct catalogue_value sanction_act_values[] = {
    VALUE(1, "buying", "Mua dâm", "Buying sex"),
    VALUE(2, "selling", "Bán dâm", "Selling sex"),
    VALUE(3, "related_act", "Hành vi khác liên quan đến mại dâm",
          "Other related act"),
    VALUE(4, "abusing_business",
          "Lợi dụng kinh doanh dịch vụ để hoạt động mại dâm",
          "Abuse of a business"),
    VALUE(5, "obscene_culture", "Văn hóa phẩm đồi trụy", "Obscene material"),
};
const struct catalogue_enumeration catalogue_sanction_act = OPEN_ENUMERATION(
    "SanctionAct", sanction_act_values, "Hành vi bị xử phạt", "Sanctioned act");
