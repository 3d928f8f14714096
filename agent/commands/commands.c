/* The one table that parsing, --help and the man page are made of. */
#include "agent/commands/commands.h"

#include "agent/commands/commands_collectors.h"
#include "agent/commands/commands_people.h"
#include "agent/office/office.h"
#include "common/base/listing.h"

#include <stddef.h>

#define END_OF_OPTIONS \
    {                  \
        .name = NULL   \
    }
#define END_OF_EXAMPLES \
    {                   \
        .command = NULL \
    }

/* clang-format off */
static const struct args_option every_option[] = {
    {"dir", "DIR", {OFFICE_DIR_OPTION_VI, OFFICE_DIR_OPTION_EN}},
    END_OF_OPTIONS};

static const struct args_option list_options[] = {
    LISTING_OPTION,
    END_OF_OPTIONS};

#define DRY_RUN_OPTION                                                       \
    {"dry-run", NULL,                                                        \
     {"chỉ kiểm tra, không lưu", "only check, save nothing"}}
#define PAIR_OPTIONS                                                         \
    {"unit", "UNIT",                                                         \
     {"đơn vị ghi khi không nói: gso3:001",                                  \
      "unit where none is said: gso3:001"}},                                 \
    {"office", "OFFICE",                                                     \
     {"cơ quan ghi khi không nói: police",                                   \
      "office where none is said: police"}},                                 \
    {"role", "ROLE",                                                         \
     {"vai trò người ghi: clerk, officer, head_of_office, collaborator "     \
      "(mặc định: officer)",                                                 \
      "role of who records: clerk, officer, head_of_office, collaborator "   \
      "(default: officer)"}}

static const struct args_option record_options[] = {
    {"fields", NULL,
     {"các loại sự kiện; có TYPE: các trường và giá trị của loại đó",
      "the types of event; with TYPE: its fields and values"}},
    DRY_RUN_OPTION,
    PAIR_OPTIONS,
    END_OF_OPTIONS};

static const struct args_example record_examples[] = {
    {"record inspection --fields",
     {"một lượt kiểm tra gồm những trường nào, ghi thế nào",
      "which fields an inspection has, and what to write"}},
    {"record inspection inspected_on=05/03/2018 subject_unit=\"Ngọc Khánh\" "
     "est_ref=@so-15 team_kind=interagency_178 team_level=district "
     "mode=planned result=no_violation violations=0",
     {"một lượt kiểm tra; @so-15 là tên riêng trong sổ của văn phòng",
      "an inspection; @so-15 is the office's own name in its register"}},
    {"record correction corrected_on=06/03/2018 corrects=271.1.42 "
     "reason=entered_twice",
     {"hủy một sự kiện đã ghi nhầm", "void an event"}},
    {"record inspection corrects=271.1.42 reason=typing_error "
     "inspected_on=05/03/2018 …",
     {"thay một sự kiện: ghi lại đầy đủ, thêm corrects và reason",
      "replace an event: all of it again, with corrects and reason"}},
    END_OF_EXAMPLES};

static const struct args_option import_options[] = {
    {"type", "TYPE",
     {"loại sự kiện của mọi dòng, khi tệp không có cột type",
      "type of event of every row, where the file has no column type"}},
    {"encoding", "NAME",
     {"bảng mã của tệp khi không tự nhận ra: utf-8, utf-16, windows-1258, "
      "tcvn3, vni",
      "encoding of the file where it does not show: utf-8, utf-16, "
      "windows-1258, tcvn3, vni"}},
    {"sheet", "NAME",
     {"trang tính cần đọc (mặc định: trang đầu tiên nhìn thấy được)",
      "the sheet to read (default: the first that can be seen)"}},
    {"good-only", NULL,
     {"lưu các dòng đúng, dù còn dòng có lỗi",
      "save the rows that are right though others have mistakes"}},
    {"refused", "FILE",
     {"tệp mới (.xlsx hoặc .csv) cho các dòng chưa lưu được, lỗi tô đỏ",
      "a new file (.xlsx or .csv) for the rows that were not saved, faults in "
      "red"}},
    {"format", "text|jsonl",
     {"dạng kết quả (mặc định: text)", "form of the output (default: text)"}},
    DRY_RUN_OPTION,
    PAIR_OPTIONS,
    END_OF_OPTIONS};

static const struct args_example import_examples[] = {
    {"import thang-3.csv --dry-run",
     {"kiểm tra cả tệp, mọi lỗi một lần, không lưu",
      "check the whole file, all mistakes at once, save nothing"}},
    {"import kiem-tra.csv --type inspection",
     {"mọi dòng là lượt kiểm tra", "every row is an inspection"}},
    {"import kiem-tra.xlsx --good-only --refused can-sua.xlsx",
     {"lưu các dòng đúng; các dòng có lỗi vào can-sua.xlsx, sửa xong nhập lại",
      "save what is right; the other rows come back in can-sua.xlsx, to be "
      "mended and imported"}},
    END_OF_EXAMPLES};

static const struct args_option template_options[] = {
    {"output", "FILE",
     {"tệp .xlsx mới để ghi; viết tắt -o", "the new .xlsx file; short: -o"}},
    END_OF_OPTIONS};

static const struct args_example template_examples[] = {
    {"template inspection -o kiem-tra.xlsx",
     {"biểu mẫu Excel cho các lượt kiểm tra",
      "a workbook for inspections"}},
    END_OF_EXAMPLES};

static const struct args_option export_options[] = {
    {"format", "csv|jsonl",
     {"dạng kết quả (mặc định: csv)", "form of the output (default: csv)"}},
    {"type", "TYPE",
     {"chỉ một loại sự kiện", "only events of this type"}},
    {"proof", "EVENT",
     {"bằng chứng rằng tỉnh đã nhận sự kiện này, và lúc nào",
      "the proof that the province has received this event, and when"}},
    {"checkpoint", NULL,
     {"mốc xác nhận cuối cùng của tỉnh mà máy này giữ, cho người kiểm toán",
      "the last checkpoint of the province that this machine keeps, for an "
      "auditor"}},
    {"output", "FILE",
     {"với --proof hoặc --checkpoint: tệp mới để ghi",
      "with --proof or --checkpoint: the new file to write"}},
    {"usb", "DIR",
     {"mang bằng thẻ nhớ khi không có đường truyền: nhận biên nhận và tài liệu "
      "của tỉnh có trong DIR, rồi ghi vào đó những gì tỉnh chưa nhận",
      "by a stick where there is no link: takes the receipts and documents "
      "that the province put into DIR, then writes what it has not received"}},
    {"keys", NULL,
     {"in khóa của sổ cái và khóa làm chứng của máy này",
      "print the key of the ledger and this machine's as a witness"}},
    END_OF_OPTIONS};

static const struct args_example export_examples[] = {
    {"export --type inspection > kiem-tra.csv",
     {"các lượt kiểm tra; nhập lại tệp này không thêm gì",
      "the inspections; importing the file again adds nothing"}},
    {"export --checkpoint --output moc.txt",
     {"mốc xác nhận mà máy này giữ, để người kiểm toán mang đi",
      "the checkpoint that this machine keeps, for the auditor to take"}},
    {"export --usb /media/usb",
     {"ghi ra thẻ nhớ; ở tỉnh: tallyline-collector import-spool; mang về thì "
      "chạy lại lệnh này",
      "onto a stick; at the province: tallyline-collector import-spool; back "
      "in the office, this command again"}},
    {"export --proof 271.1.42 --output su-kien.tlog-proof",
     {"một tệp để chứng minh đã báo cáo, kiểm tra được bằng "
      "tallyline-collector audit prove --check",
      "one file that shows that it was reported; tallyline-collector audit "
      "prove --check checks it"}},
    END_OF_EXAMPLES};

static const struct args_option outbox_options[] = {
    LISTING_OPTION,
    {"state", "STATE",
     {"chỉ trạng thái này: saved, sent, received, backed_up, to_mend, moved",
      "only this state: saved, sent, received, backed_up, to_mend, moved"}},
    END_OF_OPTIONS};

static const struct args_example outbox_examples[] = {
    {"outbox --state to_mend",
     {"những gì tỉnh đã nhận nhưng chưa tính được, và cách sửa",
      "what the province has but cannot count, and how to mend it"}},
    END_OF_EXAMPLES};

static const struct args_option indicators_options[] = {
    {"period", "PERIOD",
     {"kỳ: 2018, 2018-H1, 2018-Q2, 2018-M03 (mặc định: cả năm kế hoạch)",
      "period: 2018, 2018-H1, 2018-Q2, 2018-M03 (default: the plan year)"}},
    {"plan", "ID|DIR",
     {"một kế hoạch của tỉnh, hoặc thư mục có plan.yaml và units.csv của "
      "chính văn phòng",
      "one of the province's plans, or a folder with plan.yaml and units.csv "
      "of one's own"}},
    {"unit", "UNIT",
     {"đơn vị (mặc định: đơn vị mà văn phòng ghi)",
      "unit (default: the one that the office records for)"}},
    {"indicator", "ID",
     {"chỉ một chỉ tiêu hoặc chỉ số", "one target or indicator only"}},
    LISTING_OPTION,
    END_OF_OPTIONS};

static const struct args_example indicators_examples[] = {
    {"indicators --period 2018-H1",
     {"tiến độ sáu tháng của đơn vị", "the unit's progress over half a year"}},
    {"indicators --plan ./ke-hoach-huyen",
     {"theo kế hoạch riêng của huyện", "by the district's own plan"}},
    END_OF_EXAMPLES};

#define TIMEOUT_OPTION                                                       \
    {"timeout", "SECONDS",                                                   \
     {"số giây chờ trung tâm trả lời (mặc định: 120)",                       \
      "how long to wait for the province (default: 120)"}}

static const struct args_option timeout_options[] = {
    TIMEOUT_OPTION,
    END_OF_OPTIONS};

static const struct args_option join_options[] = {
    TIMEOUT_OPTION,
    {"new-province-keys", NULL,
     {"trạm đã đăng ký: FILE có khóa mới của tỉnh đã mất khóa",
      "of an office that has joined: FILE has the new keys of a province that "
      "lost its own"}},
    {"fingerprint", "HEX",
     {"với --new-province-keys: dấu vân tay do tỉnh đọc cho, thay cho câu hỏi "
      "trên màn hình",
      "with --new-province-keys: the fingerprint as the province says it, in "
      "place of the question on the screen"}},
    {"alone", NULL,
     {"không có tỉnh: FILE là thư mục kế hoạch của chính văn phòng",
      "without a province: FILE is the folder of the office's own plan"}},
    {"pair", "UNIT:OFFICE",
     {"với --alone: đơn vị và cơ quan được ghi, như gso3:908:police",
      "with --alone: unit and office to record for, such as "
      "gso3:908:police"}},
    END_OF_OPTIONS};

static const struct args_option recover_options[] = {
    {"yes", NULL,
     {"thực hiện, không chỉ xem", "do it, and not only show"}},
    TIMEOUT_OPTION,
    END_OF_OPTIONS};

static const struct args_example join_examples[] = {
    {"join ba-dinh.join",
     {"đăng ký bằng tệp mà tỉnh đã cấp",
      "join with the file that the province gave out"}},
    {"join new-keys.yaml --new-province-keys",
     {"tỉnh mất khóa: nhận khóa mới sau khi nghe đọc dấu vân tay",
      "the province lost its keys: take the new ones, once their fingerprint "
      "was read out"}},
    {"join an-bien-2020 --alone --pair gso3:908:district_labour_office",
     {"chưa có tỉnh: ghi và xem số liệu theo kế hoạch của huyện; chạy lại khi "
      "kế hoạch đổi",
      "no province yet: record and see figures by the district's plan; again "
      "when the plan has changed"}},
    END_OF_EXAMPLES};

static const struct args_command commands[] = {
    {.name = "join",
     .operands = "FILE",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"đăng ký văn phòng với tỉnh, một lần",
                 "join the province with an office, once"},
     .description = {
         "Trạm tự tạo khóa, đăng ký với trung tâm bằng tệp mà tỉnh đã cấp, rồi "
         "tải kế hoạch, danh mục đơn vị hành chính và quyền được ghi về máy. "
         "Nếu mất mạng hoặc mất điện giữa chừng, hãy chạy lại đúng lệnh này: "
         "khóa vẫn là khóa cũ. Tệp của enrol --again cũng dùng như vậy trên "
         "máy mới: những gì đã gửi sẽ tự về lại.\n\n"
         "Với --alone thì không hỏi ai: văn phòng tự ký kế hoạch của mình. Sau "
         "này muốn thuộc một tỉnh: export, join ở thư mục khác, import ở đó, "
         "rồi sửa lại những gì đã sửa, vì bản sửa ghi mã cũ của sự kiện.",
         "The office makes its own keys, proves them to the province with the "
         "file, and brings down plan, units and what it may record. After a "
         "broken link or a power cut run the same command again: the keys "
         "stay the same. A file of enrol --again is joined on the new machine "
         "in the same way: what was sent comes back by itself.\n\n"
         "With --alone nobody is asked: the office signs its plan itself. To "
         "come under a province later: export, join in another directory, "
         "import there, and make the corrections again, which name events by "
         "their old numbers."},
     .options = join_options,
     .examples = join_examples,
     .run = cmd_join},
    {.name = "run",
     .operands = NULL,
     .summary = {"dịch vụ: gửi số liệu và nhận tài liệu của tỉnh",
                 "the service: sends events, receives the province's "
                 "documents"},
     .description = {
         "Chạy cho tới khi nhận SIGTERM. SIGHUP đọc lại agent.yaml và khóa; "
         "có lỗi thì giữ cấu hình cũ. Nhật ký ra stderr.\n\n"
         "Trang của văn phòng mở ở http://127.0.0.1:18090, trên chính máy này; "
         "muốn mở cho cả mạng của văn phòng thì đặt web.listen trong "
         "agent.yaml, khi đó luôn dùng TLS. Ai vào được: lệnh people.",
         "Runs until SIGTERM. SIGHUP reads agent.yaml and the keys again and "
         "keeps the old ones when there is a mistake. The log goes to "
         "stderr.\n\n"
         "The office's page is at http://127.0.0.1:18090, on this machine "
         "alone; web.listen in agent.yaml opens it to the office's network, "
         "then always over TLS. Who may come in: the people commands."},
     .run = cmd_run},
    {.name = "record",
     .operands = "TYPE FIELD=VALUE...",
     .operands_max = ARGS_MANY,
     .summary = {"ghi một sự kiện", "record one event"},
     .description = {
         "Kiểm tra sự kiện theo đúng các quy tắc của tỉnh, báo mọi lỗi một "
         "lần, rồi lưu. \"Đã lưu\" nghĩa là sự kiện đã nằm an toàn trên ổ đĩa "
         "của văn phòng; dịch vụ đang chạy sẽ gửi đi ngay.\n\n"
         "Trường và giá trị ghi bằng tên (inspection), nhãn tiếng Việt hoặc "
         "số; ngày ghi 05/03/2018 hoặc 2018-03-05; nhiều giá trị cách nhau "
         "bằng dấu chấm phẩy; đơn vị ghi mã gso3:00025, 00025 hoặc tên; mã "
         "đối tượng ghi đầy đủ, tên riêng @so-15, hoặc “mới” để cấp mã mới. "
         "Đơn vị, cơ quan, chương trình bỏ trống được khi chỉ có một.",
         "Checks the event by the province's own rules, tells every mistake "
         "at once, and saves it. \"Saved\" means that it is safe on the "
         "office's disk; a running service sends it at once.\n\n"
         "Fields and values go by name (inspection), by label or by number; "
         "days are 05/03/2018 or 2018-03-05; several values are parted by "
         "semicolons; units are gso3:00025, 00025 or a name; things are a "
         "full reference, a local name @so-15, or new for a new one. Unit, "
         "office and programme may be left out where there is only one."},
     .options = record_options,
     .examples = record_examples,
     .run = cmd_record},
    {.name = "import",
     .operands = "FILE",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"nhập các dòng của một tệp Excel hoặc CSV",
                 "import the rows of a workbook or a CSV file"},
     .description = {
         "Dòng đầu là tên các trường (hoặc nhãn tiếng Việt). Tệp .xlsx: biểu "
         "mẫu của lệnh template hoặc bảng tự lập; .csv: dấu phẩy, chấm phẩy "
         "hoặc tab đều được. Mọi lỗi được báo một lần, với ô, cột, giá trị và "
         "cách sửa; có lỗi thì không dòng nào được lưu, trừ khi có "
         "--good-only. --dry-run cho xem trước. Nhập lại cùng tệp, kể cả sau "
         "khi Excel lưu lại, không thêm gì. \"-\" đọc từ đầu vào chuẩn.",
         "The first row names the fields (or their labels). An .xlsx is a "
         "workbook of the command template or one of your own; in a .csv "
         "commas, semicolons and tabs all do. Every mistake is told at once, "
         "with cell, column, value and how to mend it; with a mistake no row "
         "is saved, unless there is --good-only. --dry-run shows it "
         "beforehand. The same file again, after Excel saved it anew too, "
         "adds nothing. \"-\" reads standard input."},
     .options = import_options,
     .examples = import_examples,
     .run = cmd_import},
    {.name = "template",
     .operands = "TYPE",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"biểu mẫu Excel để ghi một loại sự kiện",
                 "a workbook in which to fill in a type of event"},
     .description = {
         "Có danh sách chọn, ghi chú ở tên cột, một dòng ví dụ không được "
         "nhập, và mã riêng cho từng dòng để không bị tính hai lần. Các loại: "
         "xem record --fields. Điền xong thì dùng import.",
         "With drop-downs, notes at the headings, an example that is never "
         "imported, and an id for each row, so that none counts twice. The "
         "types: see record --fields. Filled in, it goes to import."},
     .options = template_options,
     .examples = template_examples,
     .run = cmd_template},
    {.name = "export",
     .operands = NULL,
     .summary = {"xuất những gì văn phòng đã ghi",
                 "write out what the office has recorded"},
     .description = {
         "Mỗi sự kiện một dòng, nhập lại được bằng import: cột entry_key giữ "
         "cho cùng một sự kiện không bị tính hai lần, kể cả sau khi mất ổ "
         "đĩa.\n\n"
         "Với --proof: hỏi tỉnh qua đường truyền của dịch vụ bằng chứng rằng "
         "sự kiện nằm trong sổ cái, kiểm tra rồi ghi cùng lô chứa nó. Lô có "
         "cả các sự kiện khác của văn phòng cùng lúc đó.\n\n"
         "Với --checkpoint: không hỏi ai. Tệp là bản tỉnh đã ký mà máy này "
         "giữ trên ổ đĩa, thêm chữ ký làm chứng của máy; tallyline-collector "
         "audit verify --checkpoint TỆP so sổ cái với nó. Đang có cảnh báo thì "
         "ghi thêm hai bản trái nhau: TỆP.held và TỆP.given.",
         "One row an event, which import takes again: the column entry_key "
         "keeps one event from being counted twice, after a lost disk too.\n\n"
         "With --proof: asks the province over the line of the service for "
         "what shows that the event is in the ledger, checks it and writes it "
         "with the batch. The batch holds the office's other events of the "
         "same moment too.\n\n"
         "With --checkpoint: nobody is asked. The file is what the province "
         "signed and this machine keeps on its disk, with its own signature as "
         "a witness; tallyline-collector audit verify --checkpoint FILE holds "
         "a ledger against it. With an alarm the two notes that contradict "
         "each other come along: FILE.held and FILE.given."},
     .options = export_options,
     .examples = export_examples,
     .run = cmd_export},
    {.name = "outbox",
     .operands = NULL,
     .summary = {"từng sự kiện và tình trạng: đã lưu, đang gửi, đã nhận, đã "
                 "sao lưu, cần sửa",
                 "every event and its state: saved, on its way, received, "
                 "backed up, to mend"},
     .description = {
         "Biên nhận và thời điểm nhận là của mục tương ứng trong sổ cái của "
         "tỉnh. Ghi chú nói vì sao một sự kiện chưa được tính và cách sửa.",
         "Entry and time are those of the province's ledger. The note says "
         "why an event is not counted and how to mend it."},
     .options = outbox_options,
     .examples = outbox_examples,
     .run = cmd_outbox},
    {.name = "indicators",
     .operands = NULL,
     .summary = {"tiến độ các chỉ tiêu, theo số liệu của chính văn phòng",
                 "the figures of the plan, by what the office has recorded"},
     .description = {
         "Tính từ mọi sự kiện trong kho của văn phòng, đã gửi hay chưa, theo "
         "đúng cách tính của tỉnh; không cần kết nối. Số liệu mà cơ quan khác "
         "ghi cho cùng đơn vị không có ở đây, nên số của tỉnh có thể lớn hơn.",
         "Counted from every event in the office's store, sent or not, in the "
         "same way as at the province; no connection is needed. What other "
         "offices record for the same unit is not in it, so the province's "
         "figure may be larger."},
     .options = indicators_options,
     .examples = indicators_examples,
     .run = cmd_indicators},
    {.name = "status",
     .operands = NULL,
     .summary = {"tình trạng của văn phòng và đường truyền",
                 "how the office and its line stand"},
     .description = {
         "Mã kết thúc 1 khi đường truyền đã dừng và cần người xử lý, hoặc khi "
         "sổ cái của tỉnh không còn khớp với những gì máy này đã thấy.",
         "Exit code 1 when the line stands still until somebody acts, or when "
         "the province's ledger is not what this machine has seen."},
     .options = list_options,
     .run = cmd_status},
    {.name = "doctor",
     .operands = NULL,
     .summary = {"tìm xem có gì không ổn và phải làm gì",
                 "find what is wrong, and what to do about it"},
     .description = {
         "Xem cấu hình, khóa, ổ đĩa, kho số liệu, đồng hồ, dịch vụ, từng địa "
         "chỉ của tỉnh và những gì tỉnh đã gửi xuống. Không sửa gì, không gửi "
         "gì; chạy được cả khi dịch vụ đang chạy. Mã kết thúc 1 khi có lỗi.",
         "Looks at configuration, keys, disk, store, clock, service, every "
         "address of the province and what has come down. Changes and sends "
         "nothing, and may run beside the service. Exit code 1 when something "
         "is wrong."},
     .options = list_options,
     .run = cmd_doctor},
    {.name = "rotate",
     .operands = "FILE",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"đổi khóa của văn phòng", "give the office new keys"},
     .description = {
         "Dùng tệp đổi khóa mà tỉnh đã cấp. Trước đó phải dừng dịch vụ, và mọi "
         "lô số liệu ký bằng khóa cũ phải được tỉnh nhận rồi.",
         "With the file that the province gave out for it. The service must "
         "be stopped, and everything that the old keys signed must have been "
         "received."},
     .options = timeout_options,
     .run = cmd_rotate},
    {.name = "recover",
     .operands = NULL,
     .summary = {"gửi tiếp sau khi máy bị sao chép hoặc khôi phục từ bản cũ",
                 "go on after the machine was copied or set back"},
     .description = {
         "Dành cho máy đã được sao chép hoặc khôi phục từ bản cũ. Cho xem "
         "những gì tỉnh chưa nhận từ máy này; với --yes thì chuyển chúng sang "
         "đợt mới, mỗi sự kiện một lần. Cũng dành cho khi tỉnh đã mất số liệu "
         "mà máy này đã bớt đi.",
         "For a machine that was copied or set back to an older state. Shows "
         "what the province has not received from it; with --yes moves it into "
         "a new epoch, each event once. Also for when the province has lost "
         "what was removed here."},
     .options = recover_options,
     .run = cmd_recover},
    {.name = "check-config",
     .operands = "[FILE]",
     .operands_max = 1,
     .summary = {"kiểm tra agent.yaml", "check agent.yaml"},
     .description = {
         "Báo mọi lỗi với dòng và cột, không làm gì khác.",
         "Tells every mistake with line and column; opens nothing else."},
     .run = cmd_check_config},
};

static const struct args_note files[] = {
    {OFFICE_DIR "/" OFFICE_CONFIG_FILE,
     {"địa chỉ và khóa công khai của tỉnh, ngôn ngữ, cỡ kho, phần kho được "
      "giữ trước khi bớt (spool_keep_bytes), trang của văn phòng (web)",
      "the province's addresses and public keys, language, size of the store, "
      "how much of it is kept (spool_keep_bytes), the office's page (web)"}},
    {OFFICE_DIR "/" OFFICE_SPOOL_FILE,
     {"mọi sự kiện của văn phòng, và những gì tỉnh đã gửi xuống",
      "every event of the office, and what the province has sent down"}},
    {OFFICE_DIR "/people",
     {"ai dùng được trang của văn phòng; đổi bằng lệnh people",
      "who may use the office's page; changed by the people commands"}},
    {OFFICE_DIR "/" OFFICE_KEYS_FOLDER,
     {"khóa của văn phòng; không sao chép",
      "the office's keys; never to be copied"}},
    {.name = NULL}};

static const struct args_note environment[] = {
    {"TALLYLINE_DIR",
     {"thư mục dữ liệu, khi không có --dir",
      "the data directory where --dir is not given"}},
    {.name = NULL}};

static const struct args_command *const families[] = {commands_people,
                                                     commands_collectors, NULL};

const struct args_program agent_program = {
    .name = "tallyline-agent",
    .date = "November 21, 2026",
    .summary = {"ghi, giữ và gửi số liệu của một văn phòng",
                "record, keep and send an office's events"},
    .description = {
        "Văn phòng ghi những việc đã làm; từng việc được kiểm tra, lưu an toàn "
        "trên ổ đĩa của văn phòng, ký và gửi về tỉnh. Không nhập tên người.",
        "An office records what it has done; each event is checked, kept safe "
        "on the office's own disk, signed and sent to the province. No names "
        "of persons."},
    .commands = commands,
    .command_count = sizeof commands / sizeof commands[0],
    .families = families,
    .options = every_option,
    .files = files,
    .environment = environment,
    .see_also = "tallyline-collector 1",
};
/* clang-format on */
