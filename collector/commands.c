/* The one table that parsing, --help and the man page are made of. */
#include "collector/commands.h"

#include "common/listing.h"

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
    {"dir", "DIR",
     {"thư mục dữ liệu (mặc định: $TALLYLINE_DIR hoặc " DIRECTORY_DEFAULT ")",
      "data directory (default: $TALLYLINE_DIR or " DIRECTORY_DEFAULT ")"}},
    END_OF_OPTIONS};

static const struct args_option list_options[] = {
    LISTING_OPTION,
    END_OF_OPTIONS};

static const struct args_option init_options[] = {
    {"origin", "NAME",
     {"tên của sổ, ASCII, không dấu cách: ha-noi.example.vn/so",
      "name of the ledger, ASCII, no blanks: ha-noi.example.vn/ledger"}},
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
    END_OF_OPTIONS};

static const struct args_example init_examples[] = {
    {"init --origin hanoi.example --unit gso3:01 --listen tcp://0.0.0.0:5570 "
     "--address tcp://tallyline.hanoi.example:5570",
     {"trung tâm của một tỉnh, các trạm ở máy khác tới được",
      "a province's collector that agents on other machines reach"}},
    END_OF_EXAMPLES};

#define VALID_OPTION                                                        \
    {"valid", "DURATION",                                                   \
     {"tệp dùng được trong bao lâu: 90m, 12h, 7d (mặc định: 7d)",           \
      "how long the file is good: 90m, 12h, 7d (default: 7d)"}}
#define ADDRESS_OPTION                                                      \
    {"address", "tcp://HOST:PORT",                                          \
     {"nơi đơn vị tìm trung tâm, dùng được nhiều lần (mặc định: addresses " \
      "trong collector.yaml)",                                              \
      "where the office finds the collector; may be repeated (default: "    \
      "addresses in collector.yaml)"}}
#define OUTPUT_OPTION                                                       \
    {"output", "FILE",                                                      \
     {"tệp sẽ ghi, quyền 0600", "file to write, mode 0600"}}

static const struct args_option enrol_options[] = {
    {"name", "NAME",
     {"tên đơn vị, để người đọc", "name of the office, for people"}},
    {"pair", "UNIT:OFFICE",
     {"đơn vị và cơ quan được ghi, dùng được nhiều lần: gso3:001:police",
      "unit and office it may write for; may be repeated: gso3:001:police"}},
    {"area", "UNIT,...",
     {"địa bàn được ghi (mặc định: đơn vị của cặp)",
      "where events may lie (default: the pair's unit)"}},
    {"programme", "PROGRAMME,...",
     {"chỉ những chương trình này", "only these programmes"}},
    {"from", "DATE",
     {"ngày đầu của sự kiện", "first day of events"}},
    {"to", "DATE", {"ngày cuối của sự kiện", "last day of events"}},
    {"corrects-for", "UNIT,...",
     {"được sửa sự kiện của các đơn vị này",
      "may correct events of these units"}},
    {"agent", "N",
     {"sửa đại lý đã có; với --output: tệp mới cho đại lý chưa tham gia",
      "amend an agent; with --output: a new file for one that has not "
      "joined"}},
    ADDRESS_OPTION,
    VALID_OPTION,
    OUTPUT_OPTION,
    END_OF_OPTIONS};

static const struct args_example enrol_examples[] = {
    {"enrol --name \"Phòng LĐTBXH quận Ba Đình\" "
     "--pair gso3:001:district_labour_office --output ba-dinh.enrol",
     {"mời phòng lao động của một quận",
      "invite the labour office of a district"}},
    {"enrol --agent 3 --pair gso3:002:police --pair gso3:002:court",
     {"đổi phạm vi của đại lý số 3", "change what agent 3 may write for"}},
    END_OF_EXAMPLES};

static const struct args_option rotate_options[] = {
    ADDRESS_OPTION,
    VALID_OPTION,
    OUTPUT_OPTION,
    END_OF_OPTIONS};

static const struct args_option revoke_options[] = {
    {"since", "DATE",
     {"những gì nhận từ ngày này cần xem lại",
      "what was received since this day is to be reviewed"}},
    END_OF_OPTIONS};

static const struct args_option indicators_options[] = {
    {"unit", "UNIT",
     {"đơn vị (mặc định: đơn vị của kế hoạch)",
      "unit (default: the plan's)"}},
    {"by", "district|commune",
     {"một dòng cho mỗi đơn vị cấp dưới", "a row for each unit below"}},
    {"from", "DATE",
     {"ngày đầu (mặc định: đầu năm kế hoạch)",
      "first day (default: of the plan year)"}},
    {"to", "DATE",
     {"ngày cuối (mặc định: cuối năm kế hoạch)",
      "last day (default: of the plan year)"}},
    {"indicator", "ID",
     {"chỉ một chỉ tiêu", "one target or indicator only"}},
    LISTING_OPTION,
    END_OF_OPTIONS};

static const struct args_option status_options[] = {
    {"outcomes", NULL,
     {"mọi sự kiện không được tính và lý do",
      "every event that does not count, and why"}},
    {"totals", NULL,
     {"số sự kiện theo kết quả", "number of events by outcome"}},
    {"review", NULL,
     {"những gì nhận từ đại lý đã thu hồi và cần xem lại",
      "what came from revoked agents and is to be reviewed"}},
    {"agent", "N", {"chỉ một đại lý", "one agent only"}},
    LISTING_OPTION,
    END_OF_OPTIONS};

static const struct args_command table[] = {
    {.name = "init",
     .summary = {"tạo khoá và sổ của tỉnh", "make the province's keys and "
                                            "ledger"},
     .description =
         {"Tạo thư mục dữ liệu với tệp cấu hình, ba khoá (quyền 0600) và một "
          "sổ cái có mục đầu tiên. Không ghi đè gì.",
          "Makes the data directory with a configuration, three keys (mode "
          "0600) and a ledger with its first entry. Overwrites nothing."},
     .options = init_options,
     .examples = init_examples,
     .run = cmd_init},
    {.name = "run",
     .summary = {"chạy trung tâm", "run the collector"},
     .description =
         {"Nhận dữ liệu của các đơn vị cho đến khi có SIGTERM. SIGHUP đọc lại "
          "cấu hình; cấu hình sai thì giữ cái cũ.\n\nMột thư mục chỉ có một "
          "trung tâm: cái thứ hai bị từ chối (mã 1). Khi đĩa hỏng, chương "
          "trình dừng với mã 74 và không báo đã nhận.",
          "Takes in what the offices send until SIGTERM. SIGHUP reads the "
          "configuration again; with mistakes the old one stays.\n\nA "
          "directory has one collector: a second one is refused (code 1). "
          "When the disk fails the program stops with code 74, and nothing "
          "is acknowledged."},
     .run = cmd_run},
    {.name = "enrol",
     .summary = {"mời một đơn vị", "invite an office"},
     .description =
         {"Cấp một số hiệu và ghi một tệp chứa khoá chỉ dùng để tham gia, một "
          "lần, trong thời hạn. In số hiệu.",
          "Allots a number and writes a file with a key that is good for "
          "joining only, once, in time. Prints the number."},
     .options = enrol_options,
     .examples = enrol_examples,
     .run = cmd_enrol},
    {.name = "rotate",
     .operands = "AGENT",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"cho một đơn vị đổi khoá", "let an office change its keys"},
     .description = {"Ghi một tệp dùng một lần cho tallyline-agent rotate.",
                     "Writes a file that is good once, for tallyline-agent "
                     "rotate."},
     .options = rotate_options,
     .run = cmd_rotate},
    {.name = "revoke",
     .operands = "AGENT",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"không nhận gì thêm từ một đơn vị",
                 "take nothing more from an office"},
     .description =
         {"Có hiệu lực ngay, cả với đường truyền đang mở. Những gì đã nhận "
          "vẫn ở trong sổ.",
          "In force at once, for an open link too. What was received stays in "
          "the ledger."},
     .options = revoke_options,
     .run = cmd_revoke},
    {.name = "agents",
     .summary = {"danh sách các đơn vị", "list the offices"},
     .description = {"Số hiệu, tên, phạm vi, tình trạng, lần nhận cuối.",
                     "Number, name, what it may write for, state, last "
                     "receipt."},
     .options = list_options,
     .run = cmd_agents},
    {.name = "plan check",
     .operands = "FILE|DIR",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"tìm mọi lỗi trong kế hoạch", "find every mistake in a plan"},
     .description =
         {"Đọc kế hoạch, units.csv và vocabulary.yaml bên cạnh; mỗi lỗi có "
          "tệp, dòng, cột. Không cần thư mục dữ liệu.",
          "Reads the plan, and units.csv and vocabulary.yaml beside it; each "
          "mistake has file, line and column. Needs no data directory."},
     .run = cmd_plan_check},
    {.name = "plan load",
     .operands = "FILE|DIR",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"đưa kế hoạch vào sổ", "make a plan an entry of the ledger"},
     .description =
         {"Kế hoạch, danh mục đơn vị và từ vựng trở thành mục của sổ, nguyên "
          "từng byte. Tệp không đổi thì không thêm gì.",
          "Plan, units and vocabulary become entries, byte for byte. Files "
          "that have not changed add nothing."},
     .run = cmd_plan_load},
    {.name = "plan show",
     .summary = {"kế hoạch đang có hiệu lực", "what plan is in force"},
     .description = {"Tệp, bản và SHA-256 của từng tệp trong sổ.",
                     "Files, revisions and the SHA-256 of each, as in the "
                     "ledger."},
     .options = list_options,
     .run = cmd_plan_show},
    {.name = "units load",
     .operands = "FILE",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"đưa danh mục đơn vị hành chính vào sổ",
                 "make a list of units an entry of the ledger"},
     .description = {"Như plan load, chỉ với danh mục đơn vị.",
                     "Like plan load, for the units alone."},
     .run = cmd_units_load},
    {.name = "indicators",
     .summary = {"các chỉ tiêu của kế hoạch", "the figures of the plan"},
     .description =
         {"Cộng lại từ sổ như nó đang có, bên cạnh trung tâm đang chạy hay "
          "không. Mỗi bảng ghi rõ kỳ, vị trí trong sổ, bản kế hoạch và ngày "
          "của danh mục đơn vị.",
          "Folded from the ledger as it stands, beside a collector that runs "
          "or not. Each table names its days, its ledger position, the plan's "
          "version and the day of its units."},
     .options = indicators_options,
     .run = cmd_indicators},
    {.name = "status",
     .summary = {"tình trạng của trung tâm và các đơn vị",
                 "how the collector and the offices stand"},
     .description =
         {"Dung lượng, lần ghi cuối, liên lạc với từng đơn vị, cảnh báo và số "
          "sự kiện theo kết quả.",
          "Room, last entry, the line to each office, alarms, and events by "
          "outcome."},
     .options = status_options,
     .run = cmd_status},
    {.name = "check-config",
     .operands = "[FILE]",
     .operands_max = 1,
     .summary = {"kiểm tra cấu hình", "check the configuration"},
     .description = {"Mọi lỗi với tệp, dòng, cột; mã 78 khi có lỗi.",
                     "Every mistake with file, line and column; code 78 if "
                     "there is one."},
     .run = cmd_check_config},
};

static const struct args_note files[] = {
    {"DIR/ledger.mdb", {"sổ", "the ledger"}},
    {"DIR/keys/",
     {"khoá của tỉnh; cất một bản sao ở nơi an toàn",
      "the province's keys; keep a copy in a safe place"}},
    {"DIR/collector.yaml",
     {"cấu hình: listen, addresses, map_mib, log",
      "configuration: listen, addresses, map_mib, log"}},
    {.name = NULL}};

static const struct args_note environment[] = {
    {"TALLYLINE_DIR", {"thư mục dữ liệu", "the data directory"}},
    {.name = NULL}};
/* clang-format on */

const struct args_program commands_program = {
    .name = "tallyline-collector",
    .date = "November 21, 2026",
    .summary = {"trung tâm của tỉnh: nhận, giữ và cộng sự kiện",
                "the province's collector: takes in, keeps and counts events"},
    .description =
        {"Nhận sự kiện từ các đơn vị, giữ trong sổ chỉ ghi thêm, cộng theo chỉ "
         "tiêu của kế hoạch.",
         "Takes events from the offices, keeps them in an append-only ledger "
         "and counts them against the targets of the plan."},
    .commands = table,
    .command_count = sizeof table / sizeof table[0],
    .options = every_option,
    .files = files,
    .environment = environment,
    .see_also = "tallyline-agent 1",
};
