/* catalogue_values_activity - values:
 * outreach, media, coverage and training.
 */
#include "common/event/catalogue_tables.h"

static const struct catalogue_value integration_values[] = {
    VALUE(1, "socio_econ", "Phát triển kinh tế - xã hội",
          "Socio-economic development"),
    VALUE(2, "welfare", "An sinh xã hội", "Social welfare"),
    VALUE(3, "poverty", "Giảm nghèo", "Poverty reduction"),
    VALUE(4, "vocational_jobs", "Dạy nghề, việc làm",
          "Vocational training and jobs"),
    VALUE(5, "drug", "Phòng, chống ma túy", "Drug prevention"),
    VALUE(6, "hiv", "Phòng, chống HIV/AIDS", "HIV/AIDS prevention"),
    VALUE(7, "trafficking", "Phòng, chống mua bán người", "Anti-trafficking"),
    VALUE(8, "child_protection", "Bảo vệ, chăm sóc trẻ em", "Child protection"),
    VALUE(9, "culture_movement", "Toàn dân đoàn kết xây dựng đời sống văn hóa",
          "Cultural life movement"),
    VALUE(10, "new_rural", "Xây dựng nông thôn mới", "New rural areas"),
};
const struct catalogue_enumeration catalogue_integration =
    OPEN_ENUMERATION("Integration", integration_values, "Nội dung lồng ghép",
                     "Integrated programme");

static const struct catalogue_value outreach_form_values[] = {
    VALUE(1, "conference", "Hội nghị", "Conference"),
    VALUE(2, "talk", "Nói chuyện chuyên đề, tọa đàm", "Talk"),
    VALUE(3, "loudspeaker", "Phát thanh cơ sở", "Loudspeaker broadcast"),
    VALUE(4, "contest", "Cuộc thi, hội thi", "Contest"),
    VALUE(5, "leaflet", "Tờ rơi, pa-nô, áp phích", "Leaflets and posters"),
    VALUE(6, "club_meeting", "Sinh hoạt câu lạc bộ", "Club meeting"),
    VALUE(7, "social_media", "Mạng xã hội", "Social media"),
    VALUE(8, "school_session", "Sinh hoạt ngoại khóa tại trường học",
          "School session"),
    VALUE(9, "integrated_session", "Lồng ghép trong cuộc họp khác",
          "Part of another meeting"),
    VALUE(10, "street_parade", "Mít tinh, diễu hành", "Rally or parade"),
};
const struct catalogue_enumeration catalogue_outreach_form =
    OPEN_ENUMERATION("OutreachForm", outreach_form_values,
                     "Hình thức tuyên truyền", "Form of outreach");

static const struct catalogue_value audience_values[] = {
    VALUE(1, "party_cell_hamlet_heads",
          "Bí thư chi bộ, trưởng thôn, tổ trưởng dân phố",
          "Party-cell secretaries and heads of hamlets"),
    VALUE(2, "community", "Nhân dân trên địa bàn", "Residents"),
    VALUE(3, "students", "Học sinh, sinh viên", "Pupils and students"),
    VALUE(4, "establishment_workers",
          "Người lao động tại cơ sở kinh doanh dịch vụ",
          "Workers of establishments"),
    VALUE(5, "iz_workers", "Công nhân khu công nghiệp",
          "Workers of industrial zones"),
    VALUE(6, "officials", "Cán bộ, công chức", "Officials"),
    VALUE(7, "union_members", "Đoàn viên, hội viên", "Members of unions"),
    VALUE(8, "owners", "Chủ cơ sở kinh doanh dịch vụ",
          "Owners of establishments"),
    VALUE(9, "volunteer_team", "Đội công tác xã hội tình nguyện",
          "Volunteer social-work team"),
};
const struct catalogue_enumeration catalogue_audience = OPEN_ENUMERATION(
    "Audience", audience_values, "Đối tượng tuyên truyền", "Audience");

static const struct catalogue_value topic_values[] = {
    VALUE(1, "law", "Pháp luật", "Law"),
    VALUE(2, "prevention", "Phòng, chống mại dâm",
          "Prevention of prostitution"),
    VALUE(3, "hiv", "Phòng, chống HIV/AIDS", "HIV/AIDS"),
    VALUE(4, "trafficking", "Phòng, chống mua bán người", "Human trafficking"),
    VALUE(5, "drugs", "Phòng, chống ma túy", "Drugs"),
    VALUE(6, "gender_violence", "Phòng, chống bạo lực giới",
          "Gender-based violence"),
    VALUE(7, "stigma", "Chống kỳ thị, phân biệt đối xử",
          "Stigma and discrimination"),
    VALUE(8, "services", "Dịch vụ hỗ trợ xã hội", "Social services"),
};
const struct catalogue_enumeration catalogue_topic =
    OPEN_ENUMERATION("Topic", topic_values, "Chủ đề", "Topic");

static const struct catalogue_value institution_kind_values[] = {
    VALUE(1, "thpt", "Trường trung học phổ thông", "Upper-secondary school"),
    VALUE(2, "gdnn", "Cơ sở giáo dục nghề nghiệp", "Vocational institution"),
    VALUE(3, "university", "Trường đại học, cao đẳng", "University or college"),
};
const struct catalogue_enumeration catalogue_institution_kind =
    OPEN_ENUMERATION("InstitutionKind", institution_kind_values,
                     "Loại cơ sở giáo dục", "Kind of school");

static const struct catalogue_value outlet_values[] = {
    VALUE(1, "newspaper", "Báo in, báo điện tử", "Newspaper"),
    VALUE(2, "radio_tv", "Đài phát thanh, truyền hình", "Radio and television"),
    VALUE(3, "city_press", "Báo chí thành phố", "City press"),
    VALUE(4, "dolisa_site", "Trang thông tin của Sở LĐTBXH",
          "Website of the labour department"),
    VALUE(5, "subdept_site", "Trang thông tin của Chi cục PCTNXH",
          "Website of the sub-department"),
    VALUE(6, "legal_education_site", "Trang phổ biến, giáo dục pháp luật",
          "Legal education website"),
    VALUE(7, "portal", "Cổng thông tin điện tử", "Government portal"),
    VALUE(8, "loudspeaker_system", "Hệ thống truyền thanh cơ sở",
          "Loudspeaker system"),
};
const struct catalogue_enumeration catalogue_outlet =
    OPEN_ENUMERATION("Outlet", outlet_values, "Kênh đăng, phát", "Outlet");

static const struct catalogue_value media_kind_values[] = {
    VALUE(1, "news", "Tin", "News item"),
    VALUE(2, "article", "Bài", "Article"),
    VALUE(3, "photo", "Ảnh", "Photo"),
    VALUE(4, "reportage", "Phóng sự", "Reportage"),
    VALUE(5, "column", "Chuyên trang, chuyên mục", "Special page or column"),
    VALUE(6, "spot", "Thông điệp truyền thông", "Spot"),
};
const struct catalogue_enumeration catalogue_media_kind = OPEN_ENUMERATION(
    "MediaKind", media_kind_values, "Thể loại tin, bài", "Kind of item");

static const struct catalogue_value coverage_measure_values[] = {
    VALUE(1, "students_informed", "Học sinh, sinh viên được tuyên truyền",
          "Pupils and students informed"),
    VALUE(2, "establishment_workers_informed",
          "Lao động cơ sở kinh doanh dịch vụ được tuyên truyền",
          "Workers of establishments informed"),
    VALUE(3, "iz_workers_informed",
          "Công nhân khu công nghiệp được tuyên truyền",
          "Workers of industrial zones informed"),
    VALUE(4, "staff_trained", "Cán bộ được tập huấn", "Staff trained"),
    VALUE(5, "worker_health_check", "Người lao động được khám sức khỏe",
          "Workers with a health check"),
};
const struct catalogue_enumeration catalogue_coverage_measure =
    OPEN_ENUMERATION("CoverageMeasure", coverage_measure_values,
                     "Số liệu bao phủ", "What is covered");

static const struct catalogue_value coverage_method_values[] = {
    VALUE(1, "counted", "Đếm trực tiếp", "Counted"),
    VALUE(2, "registered", "Theo sổ sách, danh sách", "From a register"),
    VALUE(3, "estimated", "Ước tính", "Estimated"),
};
const struct catalogue_enumeration catalogue_coverage_method =
    OPEN_ENUMERATION("CoverageMethod", coverage_method_values,
                     "Cách lấy số liệu", "How it was counted");
