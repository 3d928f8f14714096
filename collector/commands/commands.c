/* The one table that parsing, --help and the man page are made of. */
#include "collector/commands/commands.h"
#include "collector/commands/commands_audit.h"
#include "collector/commands/commands_beside.h"
#include "collector/commands/commands_figures.h"
#include "collector/commands/commands_report.h"
#include "collector/commands/commands_users.h"

#include "common/base/listing.h"

#include <stddef.h>

/* clang-format off */
static const struct args_option every_option[] = {
    {"dir", "DIR",
     {"thư mục dữ liệu (mặc định: $TALLYLINE_DIR hoặc " DIRECTORY_DEFAULT ")",
      "data directory (default: $TALLYLINE_DIR or " DIRECTORY_DEFAULT ")"}},
    END_OF_OPTIONS};

static const struct args_option list_options[] = {
    LISTING_OPTION,
    END_OF_OPTIONS};

static const struct args_option init_options[] = {
    {"origin", "NAME",
     {"tên của sổ cái, chữ không dấu, không dấu cách: ha-noi.example.vn",
      "name of the ledger, ASCII, no blanks: ha-noi.example.vn"}},
    {"unit", "UNIT",
     {"đơn vị cấp tỉnh: gso3:01", "the province's unit: gso3:01"}},
    {"listen", "tcp://ADDRESS:PORT",
     {"nơi nhận kết nối của các trạm; 0.0.0.0 là mọi địa chỉ của máy (mặc "
      "định: " SETTINGS_LISTEN ", chỉ trên máy này)",
      "where to take the agents' connections; 0.0.0.0 is every address of the "
      "machine (default: " SETTINGS_LISTEN ", this machine only)"}},
    {"address", "tcp://HOST:PORT",
     {"địa chỉ mà các trạm dùng để tới trung tâm, dùng được nhiều lần; enrol "
      "ghi vào tệp cấp cho trạm",
      "how the agents reach the collector; may be repeated; enrol writes it "
      "into its files"}},
    {"web", "ADDRESS:PORT|off",
     {"nơi mở trang web (mặc định: " SETTINGS_WEB_LISTEN ", chỉ trên máy này); "
      "off: không mở",
      "where the pages are (default: " SETTINGS_WEB_LISTEN ", this machine "
      "only); off: nowhere"}},
    {"beside", "FILE",
     {"thêm một trung tâm cạnh trung tâm đã có: tên và lệnh của tỉnh lấy từ "
      "tệp do lệnh orders ghi (với --keys)",
      "a further collector beside the one that is there: the province's names "
      "and orders come from a file of the orders command (with --keys)"}},
    {"recover", NULL,
     {"dựng lại sổ cái từ các trạm: sau khi mất hết (với --keys), hoặc sau khi "
      "chép lại bản sao lưu",
      "rebuild the ledger from the offices: after a total loss (with --keys), "
      "or after a backup was put back"}},
    {"keys", "DIRECTORY",
     {"thư mục khóa đã cất giữ của tỉnh, để dựng lại khi mất hết; với --beside "
      "chỉ lấy administrator.key",
      "the kept keys of the province, for a total loss; with --beside only "
      "administrator.key is taken"}},
    {"new-keys", NULL,
     {"với --recover: khóa của tỉnh cũng mất; tạo khóa mới và ghi một đứt đoạn "
      "vào sổ cái",
      "with --recover: the province's keys are lost, too; new ones are made, "
      "and the ledger will record a break"}},
    {"old-keys", "FILE",
     {"với --new-keys: agent.yaml của một trạm, có khóa cũ của tỉnh",
      "with --new-keys: the agent.yaml of an office, which has the old public "
      "keys"}},
    {"output", "FILE",
     {"với --new-keys: tệp có khóa mới, đưa cho mọi trạm",
      "with --new-keys: the file with the new keys, for every office"}},
    {"give-up", NULL,
     {"kết thúc việc dựng lại: chấp nhận những mục không trạm nào còn giữ, in "
      "ra các mục đó; không hoàn tác được. Không có gì đang dựng lại: ghi nhận "
      "mốc đã ký của phần đã mất mà một trạm vắng mặt lúc đó vừa đưa ra",
      "end the rebuilding: accept the entries that no office has any more, "
      "and print their numbers; it cannot be taken back. When nothing is being "
      "rebuilt: record the checkpoint of what was given up that an office, "
      "away at the time, shows now"}},
    END_OF_OPTIONS};

static const struct args_example init_examples[] = {
    {"init --recover --new-keys --old-keys agent.yaml --output new-keys.yaml "
     "--listen tcp://0.0.0.0:5570 --address tcp://tallyline.hanoi.example:5570",
     {"mất cả sổ cái lẫn khóa: tạo khóa mới, các trạm trả lại sổ cái",
      "ledger and keys are lost: new keys, and the offices give the ledger "
      "back"}},
    {"init --recover --keys /mnt/safe/keys --listen tcp://0.0.0.0:5570",
     {"mất hết sổ cái, còn khóa: lấy lại từ các trạm",
      "the ledger is lost, the keys are kept: the offices give it back"}},
    {"init --recover",
     {"vừa chép lại một bản không phải do lệnh backup làm: các trạm gửi phần "
      "còn thiếu",
      "a copy that backup did not make was put back: the offices send what is "
      "missing"}},
    {"init --beside tinh.orders --keys /mnt/safe/keys --listen "
     "tcp://0.0.0.0:5570 --address tcp://tallyline2.hanoi.example:5570",
     {"trung tâm thứ hai của tỉnh, ở một nhà khác",
      "the province's second collector, in another house"}},
    {"init --origin hanoi.example --unit gso3:01 --listen tcp://0.0.0.0:5570 "
     "--address tcp://tallyline.hanoi.example:5570",
     {"trung tâm của một tỉnh, các trạm ở máy khác tới được",
      "a province's collector that agents on other machines reach"}},
    END_OF_EXAMPLES};

#define VALID_OPTION                                                        \
    {"valid", "DURATION",                                                   \
     {"thời hạn dùng tệp: 90m, 12h, 7d (mặc định: 7d)",           \
      "how long the file is good: 90m, 12h, 7d (default: 7d)"}}
#define ADDRESS_OPTION                                                      \
    {"address", "tcp://HOST:PORT",                                          \
     {"địa chỉ mà trạm dùng để tới trung tâm, dùng được nhiều lần (mặc "     \
      "định: addresses trong collector.yaml)",                              \
      "how the office reaches the collector; may be repeated (default: "    \
      "addresses in collector.yaml)"}}
#define OUTPUT_OPTION                                                       \
    {"output", "FILE",                                                      \
     {"tệp sẽ ghi, quyền 0600", "file to write, mode 0600"}}

static const struct args_option run_options[] = {
    {"web-dir", "FOLDER",
     {"lấy các trang web từ thư mục này thay cho trang có sẵn (để sửa trang)",
      "take the pages from this folder in place of those built in (to work on "
      "them)"}},
    END_OF_OPTIONS};

static const struct args_option enrol_options[] = {
    {"name", "NAME",
     {"tên văn phòng, để người đọc", "name of the office, for people"}},
    {"pair", "UNIT:OFFICE",
     {"đơn vị hành chính và cơ quan mà trạm được ghi, dùng được nhiều lần: "
      "gso3:001:police",
      "unit and office it may write for; may be repeated: gso3:001:police"}},
    {"area", "UNIT,...",
     {"địa bàn của các sự kiện (mặc định: đơn vị trong --pair)",
      "where events may lie (default: the pair's unit)"}},
    {"programme", "PROGRAMME,...",
     {"chỉ các chương trình này", "only these programmes"}},
    {"from", "DATE",
     {"ngày sớm nhất của sự kiện", "first day of events"}},
    {"to", "DATE", {"ngày muộn nhất của sự kiện", "last day of events"}},
    {"corrects-for", "UNIT,...",
     {"được đính chính sự kiện của các đơn vị này",
      "may correct events of these units"}},
    {"succeeds", "N:DATE",
     {"kế tục trạm N của văn phòng đã giải thể, được ghi và đính chính thay; "
      "tỉnh còn nhận từ trạm N đến hết ngày này; dùng được nhiều lần",
      "carries on the closed office of agent N, may record and correct in its "
      "place; what N still sends is taken up to that day; may be repeated"}},
    {"agent", "N",
     {"sửa quyền của trạm đã có; với --output: tệp mới cho trạm chưa đăng ký",
      "amend an agent; with --output: a new file for one that has not "
      "joined"}},
    {"again", "N",
     {"tệp cho máy mới của trạm N, khi máy cũ đã mất (ổ đĩa hỏng): khóa cũ hết "
      "giá trị từ khi máy mới đăng ký, số liệu cũ tự về lại",
      "a file for a new machine of agent N whose old one is lost (a disk that "
      "died): the old keys are dead once it has joined, and the office's own "
      "past comes back by itself"}},
    ADDRESS_OPTION,
    VALID_OPTION,
    OUTPUT_OPTION,
    END_OF_OPTIONS};

static const struct args_example enrol_examples[] = {
    {"enrol --name \"Phòng LĐTBXH quận Ba Đình\" "
     "--pair gso3:001:district_labour_office --output ba-dinh.join",
     {"cấp quyền cho phòng lao động của một quận",
      "invite the labour office of a district"}},
    {"enrol --agent 3 --pair gso3:002:police --pair gso3:002:court",
     {"đổi phạm vi được ghi của trạm số 3",
      "change what agent 3 may write for"}},
    {"enrol --again 3 --output ba-dinh-2.join",
     {"máy của trạm số 3 hỏng, văn phòng có máy mới",
      "agent 3's machine died, the office has a new one"}},
    {"enrol --agent 9 --succeeds 3:2025-09-30",
     {"trạm số 9 kế tục trạm số 3 sau khi sắp xếp đơn vị",
      "agent 9 carries on agent 3 after a reform of the units"}},
    END_OF_EXAMPLES};

static const struct args_option rotate_options[] = {
    ADDRESS_OPTION,
    VALID_OPTION,
    OUTPUT_OPTION,
    END_OF_OPTIONS};

static const struct args_option revoke_options[] = {
    {"since", "DATE",
     {"những gì nhận được từ ngày này cần xem lại",
      "what was received since this day is to be reviewed"}},
    END_OF_OPTIONS};

static const struct args_option backup_options[] = {
    {"keys", NULL,
     {"kèm ba khóa bí mật của tỉnh; ai có bản sao đó thì ký được thay tỉnh, "
      "nên hãy để riêng, khóa kỹ",
      "the province's three secret keys too; who finds that copy can sign in "
      "its name, so keep it apart and locked away"}},
    END_OF_OPTIONS};

static const struct args_example backup_examples[] = {
    {"backup /media/backup",
     {"mỗi đêm, sang ổ đĩa khác", "every night, onto another disk"}},
    END_OF_EXAMPLES};

static const struct args_option status_options[] = {
    {"outcomes", NULL,
     {"mọi sự kiện không được tính và lý do",
      "every event that does not count, and why"}},
    {"totals", NULL,
     {"số sự kiện theo kết quả", "number of events by outcome"}},
    {"review", NULL,
     {"những gì nhận từ trạm đã bị thu hồi quyền và cần xem lại",
      "what came from revoked agents and is to be reviewed"}},
    {"recovery", NULL,
     {"sổ cái được dựng lại đến đâu", "how far the ledger has come back"}},
    {"period", "PERIOD",
     {"ai đã báo cáo kỳ này: 2018-M03, 2018-Q1, 2018-H1, 2018",
      "who has reported this period: 2018-M03, 2018-Q1, 2018-H1, 2018"}},
    {"agent", "N", {"chỉ một trạm", "one agent only"}},
    LISTING_OPTION,
    END_OF_OPTIONS};

static const struct args_command table[] = {
    {.name = "init",
     .summary = {"tạo cấu hình, khóa và sổ cái của tỉnh",
                 "make the province's configuration, keys and ledger"},
     .description =
         {"Tạo thư mục dữ liệu với tệp cấu hình, ba khóa (quyền 0600) và một "
          "sổ cái có mục đầu tiên. Không ghi đè gì.\n\nVới --recover không có "
          "gì được tạo mới: sổ cái được các trạm gửi trả lại khi trung tâm "
          "chạy, cho đến lúc đó trung tâm không nhận gì khác.",
          "Makes the data directory with a configuration, three keys (mode "
          "0600) and a ledger with its first entry. Overwrites nothing.\n\n"
          "With --recover nothing is made anew: the ledger comes back from the "
          "offices when the collector runs, and until then it takes in "
          "nothing else."},
     .options = init_options,
     .examples = init_examples,
     .run = cmd_init},
    {.name = "run",
     .summary = {"chạy trung tâm", "run the collector"},
     .description =
         {"Nhận số liệu của các trạm cho đến khi có SIGTERM. SIGHUP đọc lại "
          "cấu hình; cấu hình có lỗi thì giữ cấu hình cũ.\n\nMột thư mục chỉ "
          "có một trung tâm: tiến trình thứ hai bị từ chối (mã 1). Khi đĩa "
          "hỏng, chương trình dừng với mã 74 và không báo đã nhận.",
          "Takes in what the offices send until SIGTERM. SIGHUP reads the "
          "configuration again; with mistakes the old one stays.\n\nA "
          "directory has one collector: a second one is refused (code 1). "
          "When the disk fails the program stops with code 74, and nothing "
          "is acknowledged."},
     .options = run_options,
     .run = cmd_run},
    {.name = "enrol",
     .summary = {"cấp quyền cho một văn phòng", "enrol an office"},
     .description =
         {"Cấp cho trạm của văn phòng một số hiệu và ghi tệp đăng ký: tệp chứa "
          "một khóa chỉ dùng để đăng ký, một lần, trong thời hạn. In số hiệu "
          "của trạm. Với --agent thì sửa quyền của trạm đã có.",
          "Allots a number and writes a file with a key that is good for "
          "joining only, once, in time. Prints the number. With --agent it "
          "changes what an agent may write for."},
     .options = enrol_options,
     .examples = enrol_examples,
     .run = cmd_enrol},
    {.name = "rotate",
     .operands = "AGENT",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"cho một trạm đổi khóa", "let an office change its keys"},
     .description = {"Ghi một tệp dùng một lần, cho lệnh tallyline-agent "
                     "rotate.",
                     "Writes a file that is good once, for tallyline-agent "
                     "rotate."},
     .options = rotate_options,
     .run = cmd_rotate},
    {.name = "revoke",
     .operands = "AGENT",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"thu hồi quyền của một trạm",
                 "take nothing more from an office"},
     .description =
         {"Có hiệu lực ngay, cả với đường truyền đang mở: trung tâm không nhận "
          "gì thêm từ trạm. Những gì đã nhận vẫn ở trong sổ cái.",
          "In force at once, for an open link too. What was received stays in "
          "the ledger."},
     .options = revoke_options,
     .run = cmd_revoke},
    {.name = "agents",
     .summary = {"danh sách các trạm", "list the offices"},
     .description = {"Số hiệu, tên, phạm vi được ghi, tình trạng, lần nhận "
                     "cuối.",
                     "Number, name, what it may write for, state, last "
                     "receipt."},
     .options = list_options,
     .run = cmd_agents},
    {.name = "plan check",
     .operands = "FILE|DIR...",
     .operands_min = 1,
     .operands_max = PLAN_CHECK_MAX,
     .summary = {"tìm mọi lỗi trong tệp kế hoạch",
                 "find every mistake in a plan"},
     .description =
         {"Đọc kế hoạch, units.csv và vocabulary.yaml bên cạnh; mỗi lỗi có "
          "tệp, dòng, cột. Nhiều kế hoạch được đối chiếu với nhau: hai kế "
          "hoạch không đặt hai mức cho cùng một chỉ số. Không cần thư mục dữ "
          "liệu.",
          "Reads the plan, and units.csv and vocabulary.yaml beside it; each "
          "mistake has file, line and column. Several plans are compared: two "
          "plans do not set two goals for one indicator. Needs no data "
          "directory."},
     .run = cmd_plan_check},
    {.name = "plan load",
     .operands = "FILE|DIR",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"đưa kế hoạch vào sổ cái",
                 "make a plan an entry of the ledger"},
     .description =
         {"Kế hoạch, danh mục đơn vị hành chính và từ vựng được ghi vào sổ cái "
          "nguyên văn. Tệp không đổi thì không thêm gì.",
          "Plan, units and vocabulary become entries, byte for byte. Files "
          "that have not changed add nothing."},
     .run = cmd_plan_load},
    {.name = "plan diff",
     .operands = "FILE|DIR FILE|DIR",
     .operands_min = 2,
     .operands_max = 2,
     .summary = {"hai kế hoạch khác nhau ở đâu",
                 "what two plans say otherwise"},
     .description =
         {"So từng mục theo mã: đầu kế hoạch, thiết lập, danh sách, chỉ số, "
          "chỉ tiêu, sổ theo dõi; ghi cả hai giá trị. Thứ tự trong tệp không "
          "kể. Mã kết thúc 0 dù có khác hay không, 65 khi một kế hoạch có "
          "lỗi. Không cần thư mục dữ liệu.",
          "Compares item by item under their ids: head, settings, lists, "
          "indicators, targets, register; with both values. The order in the "
          "files does not matter. Code 0 whether they differ or not, 65 if a "
          "plan has mistakes. Needs no data directory."},
     .options = list_options,
     .run = cmd_plan_diff},
    {.name = "plan show",
     .summary = {"các kế hoạch đang có hiệu lực", "what plans are in force"},
     .description =
         {"Mã, bản và SHA-256 của từng tệp trong sổ cái. Với --plan: một kế "
          "hoạch, cùng những cách hiểu đã chọn (settings).",
          "Files, revisions and the SHA-256 of each, as in the ledger. With "
          "--plan one plan, and the readings that were chosen (settings)."},
     .options = commands_plan_show_options,
     .run = cmd_plan_show},
    {.name = "units load",
     .operands = "FILE",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"đưa danh mục đơn vị hành chính vào sổ cái",
                 "make a list of units an entry of the ledger"},
     .description = {"Như plan load, chỉ với danh mục đơn vị.",
                     "Like plan load, for the units alone."},
     .run = cmd_units_load},
    {.name = "indicators",
     .summary = {"các chỉ tiêu của kế hoạch", "the figures of the plan"},
     .description =
         {"Tính lại từ sổ cái hiện có, dù trung tâm đang chạy hay không. Mỗi "
          "bảng ghi rõ kỳ số liệu, vị trí trong sổ cái, bản kế hoạch và ngày "
          "của danh mục đơn vị hành chính.",
          "Folded from the ledger as it stands, beside a collector that runs "
          "or not. Each table names its days, its ledger position, the plan's "
          "version and the day of its units."},
     .options = commands_indicators_options,
     .run = cmd_indicators},
    {.name = "report print",
     .summary = {"in báo cáo theo biểu mẫu", "print a report"},
     .description =
         {"Biểu thường dùng: kế hoạch năm, thực hiện trong kỳ, lũy kế, tỷ lệ "
          "so với kế hoạch, so với cùng kỳ; và một biểu theo đơn vị. Cùng một "
          "vị trí của sổ cái thì luôn cho đúng từng byte.\n\nBáo cáo đã chốt "
          "được in lại như đã nộp; số liệu đến sau đứng ở cột \"Điều chỉnh "
          "sau khi chốt\".",
          "The usual form: plan of the year, in the period, since the year "
          "began, part of the plan, against a year before; and a sheet by "
          "unit. The same ledger position gives the same bytes.\n\nA report "
          "that was frozen is printed as it was submitted; what came later "
          "stands in a column of its own."},
     .options = commands_report_print_options,
     .examples = commands_report_print_examples,
     .run = cmd_report_print},
    {.name = "report due",
     .summary = {"báo cáo nào đến hạn, khi nào, của ai",
                 "which reports are due, when, and by whom"},
     .description =
         {"Các kỳ đã hết hoặc đến hạn trong 31 ngày tới mà chưa có báo cáo: "
          "hạn cuối, ngày chốt số liệu chậm nhất để còn đủ ngày làm việc, đơn "
          "vị và cơ quan đã được cấp quyền. Dòng của chính đơn vị có kế hoạch "
          "là báo cáo tổng hợp; dòng đó xong khi báo cáo được chốt.",
          "Periods that are over or due within 31 days and have no report: "
          "the last day in time, the last day to close the data so that the "
          "working days are left, the unit and its offices. The row of the "
          "plan's own unit is the report drawn up there; it is done when it "
          "is frozen."},
     .options = commands_report_due_options,
     .run = cmd_report_due},
    {.name = "report freeze",
     .summary = {"chốt một báo cáo đã nộp", "put a submitted report on record"},
     .description =
         {"Thêm một mục vào sổ cái: báo cáo nào, theo vị trí nào của sổ cái, "
          "mã băm của số liệu. Không thay đổi số liệu nào. In ra số của mục.",
          "Adds an entry to the ledger: which report, made of which prefix, "
          "and the hash of its figures. Changes no figure. Prints the number "
          "of the entry."},
     .options = commands_report_freeze_options,
     .run = cmd_report_freeze},
    {.name = "backup",
     .operands = "FOLDER",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"sao lưu sổ cái", "back the ledger up"},
     .description =
         {"Sao chép sổ cái, tệp lưu lạnh, cấu hình và trạng thái số liệu vào "
          "một "
          "thư mục mới trong FOLDER, kể cả khi trung tâm đang chạy; ghi xuống "
          "đĩa, đọc lại "
          "từng mục, so gốc cây, rồi mới đặt tên. Sau đó thêm một mục vào sổ "
          "cái để các trạm biết đã sao lưu đến đâu. Không bao giờ ghi đè bản "
          "cũ. In đường dẫn của bản sao.\n\nPhục hồi: chép các tệp trở lại thư "
          "mục dữ liệu (khóa để riêng) và chạy trung tâm; các trạm tự gửi lại "
          "những gì còn thiếu.",
          "Copies ledger, cold files, configuration and the state of the "
          "figures into a new folder within FOLDER, beside a collector that "
          "runs or not; "
          "syncs it, reads every entry back, compares the root, and names it "
          "only then. After that an entry of the ledger tells the offices how "
          "far they are backed up. Never writes over an older one. Prints the "
          "path of the copy.\n\nTo restore: copy the files back into a data "
          "directory (the keys are kept apart) and run the collector; the "
          "offices send what it lacks by themselves."},
     .options = backup_options,
     .examples = backup_examples,
     .run = cmd_backup},
    {.name = "status",
     .summary = {"tình trạng của trung tâm và các trạm",
                 "how the collector and the offices stand"},
     .description =
         {"Dung lượng, lần ghi cuối, liên lạc với từng trạm, cảnh báo và số sự "
          "kiện theo kết quả.",
          "Room, last entry, the line to each office, alarms, and events by "
          "outcome."},
     .options = status_options,
     .run = cmd_status},
    {.name = "import-spool",
     .operands = "DIR",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"nhận số liệu mà văn phòng mang đến bằng thẻ nhớ",
                 "take what offices have brought on a stick"},
     .description = {
         "Đọc các tệp tallyline-N.up mà tallyline-agent export --usb đã ghi, "
         "kiểm tra và nhận như qua đường truyền, rồi ghi biên nhận và tài liệu "
         "cho văn phòng vào tallyline-N.down. Trung tâm phải đang chạy. Chạy "
         "lại không thêm gì.",
         "Reads the files tallyline-N.up that tallyline-agent export --usb has "
         "written, checks and takes them as from the line, and writes receipts "
         "and documents for the office into tallyline-N.down. The collector "
         "must be running. Again adds nothing."},
     .options = list_options,
     .run = cmd_import_spool},
    {.name = "doctor",
     .summary = {"tìm xem có gì không ổn và phải làm gì",
                 "find what is wrong, and what to do about it"},
     .description = {
         "Xem cấu hình, khóa, ổ đĩa, đồng hồ, sổ cái, sao lưu, dịch vụ, các "
         "trạm và lời làm chứng. Không sửa gì; chạy được cả khi trung tâm đang "
         "chạy. Mã kết thúc 1 khi có lỗi.",
         "Looks at configuration, keys, disk, clock, ledger, backup, service, "
         "offices and witnesses. Changes nothing, and may run beside the "
         "collector. Exit code 1 when something is wrong."},
     .options = list_options,
     .run = cmd_doctor},
    {.name = "check-config",
     .operands = "[FILE]",
     .operands_max = 1,
     .summary = {"kiểm tra tệp cấu hình", "check the configuration"},
     .description = {"Báo mọi lỗi với tệp, dòng, cột; mã kết thúc 78 khi có "
                     "lỗi.",
                     "Every mistake with file, line and column; code 78 if "
                     "there is one."},
     .run = cmd_check_config},
};

static const struct args_note files[] = {
    {"DIR/ledger.mdb", {"sổ cái", "the ledger"}},
    {"DIR/cold/", {"lô cũ đã chuyển ra khỏi sổ cái; là một phần của sổ cái",
      "old batches moved out of the ledger's file; a part of the ledger"}},
    {"DIR/keys/",
     {"khóa của tỉnh; cất một bản sao ở nơi an toàn",
      "the province's keys; keep a copy in a safe place"}},
    {"DIR/collector.yaml",
     {"cấu hình: listen, addresses, map_mib, log, cold_after_days, cold_dir, "
      "scrub_hour, scrub_mib_s, web",
      "configuration: listen, addresses, map_mib, log, cold_after_days, "
      "cold_dir, scrub_hour, scrub_mib_s, web"}},
    {"DIR/users",
     {"ai được xem trang web; DIR/tokens: mã của chương trình; đổi bằng lệnh "
      "users",
      "who may see the pages; DIR/tokens: tokens of programs; changed by the "
      "users commands"}},
    {.name = NULL}};

static const struct args_note environment[] = {
    {"TALLYLINE_DIR", {"thư mục dữ liệu, khi không có --dir",
      "the data directory where --dir is not given"}},
    {.name = NULL}};
/* clang-format on */

static const struct args_command *const families[] = {
    commands_audit, commands_users, commands_beside, NULL};

const struct args_program commands_program = {
    .name = "tallyline-collector",
    .date = "November 21, 2026",
    .summary = {"trung tâm của tỉnh: nhận, lưu giữ và tổng hợp số liệu",
                "the province's collector: takes in, keeps and counts events"},
    .description =
        {"Nhận sự kiện từ trạm của các văn phòng, lưu trong sổ cái chỉ ghi "
         "thêm, không sửa, và tổng hợp theo chỉ tiêu của kế hoạch.",
         "Takes events from the offices, keeps them in an append-only ledger "
         "and counts them against the targets of the plan."},
    .commands = table,
    .command_count = sizeof table / sizeof table[0],
    .families = families,
    .options = every_option,
    .files = files,
    .environment = environment,
    .see_also = "tallyline-agent 1",
};
