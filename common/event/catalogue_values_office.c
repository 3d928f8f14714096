/* catalogue_values_office - values:
 * the people and the papers: offices, roles, programmes, documents.
 *
 * Offices keep the names that the five plans and their letterheads use.
 */
#include "common/event/catalogue_tables.h"

static const struct catalogue_value office_values[] = {
    VALUE(1, "dolisa", "Sở Lao động - Thương binh và Xã hội",
          "Provincial labour department (DOLISA)"),
    VALUE(2, "social_evils_subdept", "Chi cục Phòng, chống tệ nạn xã hội",
          "Social-evils prevention sub-department"),
    VALUE(3, "district_labour_office", "Phòng Lao động - Thương binh và Xã hội",
          "District labour office"),
    VALUE(4, "commune_pc", "Ủy ban nhân dân cấp xã",
          "Commune people's committee"),
    VALUE(5, "district_pc", "Ủy ban nhân dân cấp huyện",
          "District people's committee"),
    VALUE(6, "police", "Công an", "Police"),
    VALUE(7, "border_guard", "Bộ đội Biên phòng", "Border guard"),
    VALUE(8, "procuracy", "Viện kiểm sát nhân dân", "People's procuracy"),
    VALUE(9, "court", "Tòa án nhân dân", "People's court"),
    VALUE(10, "health", "Cơ quan y tế", "Health office"),
    VALUE(11, "culture_sport", "Cơ quan văn hóa, thể thao",
          "Culture and sport office"),
    VALUE(12, "tourism", "Cơ quan du lịch", "Tourism office"),
    VALUE(13, "information", "Cơ quan thông tin, truyền thông",
          "Information and communications office"),
    VALUE(14, "education", "Cơ quan giáo dục và đào tạo",
          "Education and training office"),
    VALUE(15, "justice", "Cơ quan tư pháp", "Justice office"),
    VALUE(16, "industry_trade", "Cơ quan công thương",
          "Industry and trade office"),
    VALUE(17, "customs", "Hải quan", "Customs"),
    VALUE(18, "policy_bank", "Ngân hàng Chính sách xã hội",
          "Bank for social policies"),
    VALUE(19, "newspaper", "Báo của tỉnh, thành phố", "Provincial newspaper"),
    VALUE(20, "radio_tv", "Đài phát thanh, truyền hình",
          "Radio and television station"),
    VALUE(21, "fatherland_front", "Mặt trận Tổ quốc", "Fatherland Front"),
    VALUE(22, "womens_union", "Hội Liên hiệp Phụ nữ", "Women's union"),
    VALUE(23, "youth_union", "Đoàn Thanh niên", "Youth union"),
    VALUE(24, "farmers_union", "Hội Nông dân", "Farmers' union"),
    VALUE(25, "veterans", "Hội Cựu chiến binh", "Veterans' association"),
    VALUE(26, "labour_federation", "Liên đoàn Lao động",
          "Federation of labour"),
};
const struct catalogue_enumeration catalogue_office =
    OPEN_ENUMERATION("Office", office_values, "Cơ quan", "Office");

static const struct catalogue_value role_values[] = {
    VALUE(1, "clerk", "Văn thư, người nhập liệu", "Clerk"),
    VALUE(2, "officer", "Cán bộ chuyên trách", "Officer in charge"),
    VALUE(3, "head_of_office", "Lãnh đạo đơn vị", "Head of office"),
    VALUE(4, "collaborator", "Cộng tác viên", "Collaborator"),
};
const struct catalogue_enumeration catalogue_role = OPEN_ENUMERATION(
    "Role", role_values, "Vai trò của người ghi", "Role of the recorder");

static const struct catalogue_value programme_values[] = {
    VALUE(1, "prostitution", "Phòng, chống mại dâm",
          "Prevention of prostitution"),
    VALUE(2, "trafficking", "Phòng, chống mua bán người",
          "Prevention of human trafficking"),
    VALUE(3, "drugs", "Phòng, chống ma túy", "Prevention of drug abuse"),
    VALUE(4, "hiv_aids", "Phòng, chống HIV/AIDS", "Prevention of HIV/AIDS"),
};
const struct catalogue_enumeration catalogue_programme = OPEN_ENUMERATION(
    "Programme", programme_values, "Chương trình", "Programme");

static const struct catalogue_value document_kind_values[] = {
    SIGN(1, "kh", "KH", "Kế hoạch", "Plan"),
    SIGN(2, "qd", "QĐ", "Quyết định", "Decision"),
    SIGN(3, "ct", "CT", "Chỉ thị", "Directive"),
    SIGN(4, "bc", "BC", "Báo cáo", "Report"),
    SIGN(5, "tb", "TB", "Thông báo", "Notice"),
    SIGN(6, "cv", "CV", "Công văn", "Official letter"),
    SIGN(7, "bb", "BB", "Biên bản", "Minutes"),
    SIGN(8, "ttr", "TTr", "Tờ trình", "Submission"),
    SIGN(9, "nq", "NQ", "Nghị quyết", "Resolution"),
    SIGN(10, "hd", "HD", "Hướng dẫn", "Guidance"),
    SIGN(11, "gm", "GM", "Giấy mời", "Invitation"),
    SIGN(12, "gcn", "GCN", "Giấy chứng nhận", "Certificate"),
};
const struct catalogue_enumeration catalogue_document_kind = OPEN_ENUMERATION(
    "DocumentKind", document_kind_values, "Loại văn bản", "Kind of document");

static const struct catalogue_value document_body_values[] = {
    SIGN(1, "ubnd", "UBND", "Ủy ban nhân dân", "People's committee"),
    SIGN(2, "ldtbxh", "LĐTBXH", "Cơ quan lao động - thương binh và xã hội",
         "Labour authority"),
    SIGN(3, "sldtbxh", "SLĐTBXH", "Sở Lao động - Thương binh và Xã hội",
         "Provincial labour department"),
    SIGN(4, "pldtbxh", "PLĐTBXH", "Phòng Lao động - Thương binh và Xã hội",
         "District labour office"),
    SIGN(5, "ccpctnxh", "CCPCTNXH", "Chi cục Phòng, chống tệ nạn xã hội",
         "Social-evils prevention sub-department"),
    SIGN(6, "bcd", "BCĐ", "Ban Chỉ đạo", "Steering committee"),
    SIGN(7, "hdnd", "HĐND", "Hội đồng nhân dân", "People's council"),
    SIGN(8, "ca", "CA", "Công an", "Police"),
    SIGN(9, "tand", "TAND", "Tòa án nhân dân", "People's court"),
    SIGN(10, "vksnd", "VKSND", "Viện kiểm sát nhân dân", "People's procuracy"),
    SIGN(11, "syt", "SYT", "Sở Y tế", "Department of health"),
    SIGN(12, "svhtt", "SVHTT", "Sở Văn hóa và Thể thao",
         "Department of culture and sport"),
    SIGN(13, "sdl", "SDL", "Sở Du lịch", "Department of tourism"),
    SIGN(14, "stttt", "STTTT", "Sở Thông tin và Truyền thông",
         "Department of information and communications"),
    SIGN(15, "sgddt", "SGDĐT", "Sở Giáo dục và Đào tạo",
         "Department of education and training"),
    SIGN(16, "stp", "STP", "Sở Tư pháp", "Department of justice"),
    SIGN(17, "sct", "SCT", "Sở Công Thương",
         "Department of industry and trade"),
    SIGN(18, "bhxh", "BHXH", "Bảo hiểm xã hội", "Social insurance"),
    SIGN(19, "nhcsxh", "NHCSXH", "Ngân hàng Chính sách xã hội",
         "Bank for social policies"),
    SIGN(20, "mttq", "MTTQ", "Mặt trận Tổ quốc", "Fatherland Front"),
    SIGN(21, "hlhpn", "HLHPN", "Hội Liên hiệp Phụ nữ", "Women's union"),
    SIGN(22, "dtn", "ĐTN", "Đoàn Thanh niên", "Youth union"),
    SIGN(23, "ldld", "LĐLĐ", "Liên đoàn Lao động", "Federation of labour"),
    SIGN(24, "dkt178", "ĐKT178", "Đội kiểm tra liên ngành 178",
         "Inter-agency inspection team 178"),
    SIGN(25, "bch", "BCH", "Ban Chấp hành", "Executive committee"),
};
const struct catalogue_enumeration catalogue_document_body = OPEN_ENUMERATION(
    "DocumentBody", document_body_values, "Cơ quan ban hành văn bản",
    "Body that issued the document");

static const struct catalogue_value correction_reason_values[] = {
    VALUE(1, "typing_error", "Nhập sai số liệu", "Typing error"),
    VALUE(2, "wrong_unit", "Sai đơn vị hành chính",
          "Wrong administrative unit"),
    VALUE(3, "wrong_date", "Sai ngày", "Wrong date"),
    VALUE(4, "wrong_reference", "Sai mã tham chiếu", "Wrong reference"),
    VALUE(5, "entered_twice", "Nhập trùng", "Entered twice"),
    VALUE(6, "not_ours", "Không thuộc đơn vị báo cáo", "Not ours to report"),
    VALUE(7, "decision_changed", "Quyết định đã thay đổi",
          "The decision was changed"),
    VALUE(8, "new_information", "Có thông tin mới", "New information"),
};
const struct catalogue_enumeration catalogue_correction_reason =
    OPEN_ENUMERATION("CorrectionReason", correction_reason_values,
                     "Lý do đính chính", "Reason of a correction");

static const struct catalogue_value correction_action_values[] = {
    VALUE(1, "void", "Hủy", "Void"),
};
const struct catalogue_enumeration catalogue_correction_action =
    CLOSED_ENUMERATION("CorrectionAction", correction_action_values,
                       "Cách đính chính", "What the correction does");

static const struct catalogue_value level_values[] = {
    VALUE(1, "province", "Cấp tỉnh", "Province"),
    VALUE(2, "district", "Cấp huyện", "District"),
    VALUE(3, "commune", "Cấp xã", "Commune"),
};
const struct catalogue_enumeration catalogue_level =
    CLOSED_ENUMERATION("Level", level_values, "Cấp", "Level");
