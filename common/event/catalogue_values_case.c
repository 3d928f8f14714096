/* catalogue_values_case - values:
 * cases, hotspots and tips.
 */
#include "common/event/catalogue_tables.h"

static const struct catalogue_value case_stage_kind_values[] = {
    VALUE(1, "detected", "Phát hiện", "Detected"),
    VALUE(2, "criminally_handled", "Khởi tố, xử lý hình sự",
          "Criminally handled"),
    VALUE(3, "investigated", "Kết thúc điều tra", "Investigated"),
    VALUE(4, "indicted", "Truy tố", "Indicted"),
    VALUE(5, "tried", "Xét xử", "Tried"),
    VALUE(6, "dismissed", "Đình chỉ", "Dismissed"),
    VALUE(7, "suspended", "Tạm đình chỉ", "Suspended"),
};
const struct catalogue_enumeration catalogue_case_stage_kind =
    OPEN_ENUMERATION("CaseStageKind", case_stage_kind_values, "Giai đoạn vụ án",
                     "Stage of a case");

static const struct catalogue_value case_type_values[] = {
    VALUE(1, "harbouring", "Chứa mại dâm", "Harbouring prostitution"),
    VALUE(2, "brokering", "Môi giới mại dâm", "Brokering prostitution"),
    VALUE(3, "organising", "Tổ chức hoạt động mại dâm",
          "Organising prostitution"),
    VALUE(4, "buying_from_under_18", "Mua dâm người dưới 18 tuổi",
          "Buying sex from a person under 18"),
    VALUE(5, "trafficking_for_prostitution",
          "Mua bán người vì mục đích mại dâm", "Trafficking for prostitution"),
};
const struct catalogue_enumeration catalogue_case_type =
    OPEN_ENUMERATION("CaseType", case_type_values, "Tội danh", "Type of case");

static const struct catalogue_value place_kind_values[] = {
    VALUE(1, "public_place", "Nơi công cộng", "Public place"),
    VALUE(2, "in_establishment", "Trong cơ sở kinh doanh dịch vụ",
          "In establishments"),
    VALUE(3, "border_area", "Khu vực biên giới", "Border area"),
};
const struct catalogue_enumeration catalogue_place_kind = OPEN_ENUMERATION(
    "PlaceKind", place_kind_values, "Loại địa bàn", "Kind of place");

static const struct catalogue_value hotspot_state_values[] = {
    VALUE(1, "suspected", "Nghi vấn", "Suspected"),
    VALUE(2, "confirmed", "Đã xác minh", "Confirmed"),
    VALUE(3, "checked", "Đã kiểm tra", "Checked"),
    VALUE(4, "cleared", "Đã triệt xóa", "Cleared"),
    VALUE(5, "handed_over", "Đã bàn giao cho địa phương",
          "Handed over to the locality"),
    VALUE(6, "clean_confirmed", "Duy trì trong sạch", "Confirmed clean"),
    VALUE(7, "reactivated", "Tái hoạt động", "Re-activated"),
    VALUE(8, "removed", "Đã đưa ra khỏi danh sách", "Removed from the list"),
};
const struct catalogue_enumeration catalogue_hotspot_state =
    OPEN_ENUMERATION("HotspotState", hotspot_state_values, "Trạng thái tụ điểm",
                     "State of a hotspot");

static const struct catalogue_value tip_channel_values[] = {
    VALUE(1, "hotline", "Đường dây nóng", "Hotline"),
    VALUE(2, "letter_box", "Hòm thư tố giác", "Letter box"),
    VALUE(3, "in_person", "Trực tiếp", "In person"),
    VALUE(4, "online", "Trực tuyến", "Online"),
    VALUE(5, "handed_over", "Cơ quan khác chuyển đến",
          "Handed over by another office"),
};
const struct catalogue_enumeration catalogue_tip_channel = OPEN_ENUMERATION(
    "TipChannel", tip_channel_values, "Kênh tiếp nhận tin", "Channel of a tip");

static const struct catalogue_value tip_state_values[] = {
    VALUE(1, "received", "Đã tiếp nhận", "Received"),
    VALUE(2, "verified", "Đã xác minh", "Verified"),
    VALUE(3, "classified", "Đã phân loại", "Classified"),
    VALUE(4, "resolved", "Đã giải quyết", "Resolved"),
    VALUE(5, "unfounded", "Không có căn cứ", "Unfounded"),
};
const struct catalogue_enumeration catalogue_tip_state = OPEN_ENUMERATION(
    "TipState", tip_state_values, "Trạng thái xử lý tin", "State of a tip");
