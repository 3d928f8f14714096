#include "collector/commands/commands_audit.h"

#include "collector/commands/commands.h"
#include "collector/commands/commands_figures.h"
#include "collector/commands/commands_report.h"
#include "common/base/listing.h"

#include <stddef.h>

/* clang-format off */
static const struct args_option export_options[] = {
    {"tiles", NULL,
     {"cây băm thành các mảnh theo C2SP tlog-tiles, với mốc xác nhận mới "
      "nhất",
      "the tree as C2SP tlog-tiles, with the newest signed checkpoint"}},
    {"raw", NULL,
     {"các mục, và từng lô, từng văn bản thành tệp mang mã băm SHA-256 của nó",
      "the entries, and each batch and document as a file named by its "
      "SHA-256"}},
    {"output", "DIR",
     {"thư mục để ghi; đã có thì ghi tiếp",
      "where to write; goes on with what is there"}},
    {"from", "INDEX",
     {"với --raw: nội dung từ mục này",
      "with --raw: bytes from this entry on"}},
    {"to", "INDEX",
     {"với --raw: nội dung đến hết mục này",
      "with --raw: bytes up to this entry"}},
    {"agent", "N",
     {"với --raw: chỉ các lô của trạm này",
      "with --raw: only the batches of this agent"}},
    AUDIT_DATA_OPTION,
    END_OF_OPTIONS};

static const struct args_example export_examples[] = {
    {"audit export --raw --output /media/usb/goc",
     {"mọi lô và văn bản; kiểm tra bằng sha256sum -c SHA256SUMS",
      "all batches and documents; check with sha256sum -c SHA256SUMS"}},
    {"audit export --tiles --output /media/usb/cay",
     {"cây băm cho công cụ khác", "the tree, for other tools"}},
    END_OF_EXAMPLES};

static const struct args_option log_options[] = {
    {"unit", "UNIT",
     {"xảy ra ở, hoặc ghi cho đơn vị này và các đơn vị trong đó",
      "what happened in, or was recorded for, this unit or one in it"}},
    {"type", "TYPE",
     {"chỉ một loại sự kiện: inspection", "one type of event: inspection"}},
    {"from", "DAY", {"xảy ra từ ngày", "happened on this day or later"}},
    {"to", "DAY", {"xảy ra đến ngày", "happened on this day or earlier"}},
    {"received-from", "DAY|TIME",
     {"tỉnh nhận từ lúc", "received on this day or at this moment, or later"}},
    {"received-to", "DAY|TIME",
     {"tỉnh nhận đến lúc",
      "received up to the end of this day, or this moment"}},
    {"event", "EVENT",
     {"chỉ sự kiện này và chuỗi đính chính của nó",
      "this event and what it is corrected by, or corrects"}},
    {"agent", "N", {"chỉ của trạm này", "of this agent alone"}},
    {"corrected", NULL,
     {"chỉ những gì được đính chính và các đính chính",
      "only what was corrected, and corrections"}},
    {"controls", NULL,
     {"cả các lệnh của tỉnh: cấp quyền, kế hoạch, ...",
      "the province's own entries too: enrolments, plans, ..."}},
    {"after", "N",
     {"tiếp tục sau mục N của sổ cái", "go on behind entry N of the ledger"}},
    {"limit", "N",
     {"dừng sau mục có dòng thứ N", "end behind the entry of the Nth row"}},
    LISTING_OPTION,
    AUDIT_DATA_OPTION,
    END_OF_OPTIONS};

static const struct args_example log_examples[] = {
    {"audit log --unit gso3:001 --received-from 15/06/2018",
     {"những gì nhận về quận Ba Đình từ ngày 15/6",
      "what was received about a district since 15 June"}},
    {"audit log --event 271.1.42",
     {"một sự kiện và các đính chính của nó",
      "an event with its corrections"}},
    {"audit log --controls --format jsonl > log.jsonl",
     {"toàn bộ sổ cái, theo CloudEvents 1.0",
      "the whole ledger, as CloudEvents 1.0"}},
    END_OF_EXAMPLES};

static const struct args_option scrub_options[] = {
    LISTING_OPTION,
    AUDIT_DATA_OPTION,
    END_OF_OPTIONS};

static const struct args_example scrub_examples[] = {
    {"audit scrub",
     {"đọc lại cả sổ cái bây giờ; nêu mục bị hỏng",
      "reads the whole ledger now; names what is damaged"}},
    END_OF_EXAMPLES};

static const struct args_option prove_options[] = {
    {"output", "FILE",
     {"ghi bằng chứng vào tệp mới này (.tlog-proof)",
      "write the proof to this new file (.tlog-proof)"}},
    {"check", "FILE",
     {"kiểm tra một tệp bằng chứng, không cần sổ cái",
      "check a proof, with no ledger"}},
    {"key", "FILE",
     {"với --check: tệp khóa, mỗi dòng một khóa như --keys in ra",
      "with --check: a file of keys, one a line as --keys prints them"}},
    {"keys", NULL,
     {"in khóa của sổ cái và của các trạm làm chứng",
      "print the keys of the ledger and of its witnesses"}},
    AUDIT_DATA_OPTION,
    END_OF_OPTIONS};

static const struct args_example prove_examples[] = {
    {"audit prove 271.1.42 --output su-kien.tlog-proof",
     {"bằng chứng là tỉnh đã nhận sự kiện này, và lúc nào",
      "that the province has received this event, and when"}},
    {"audit prove --keys > khoa.txt",
     {"khóa để kiểm tra; so với khóa trong tệp đăng ký của trạm",
      "the keys for checking; compare them with an office's enrolment file"}},
    {"audit prove --check su-kien.tlog-proof --key khoa.txt",
     {"kiểm tra, không cần sổ cái", "check it, with no ledger"}},
    END_OF_EXAMPLES};

static const struct args_option show_options[] = {
    {"counts", NULL,
     {"tính từ sổ cái: có được tính không, các bản đính chính, vào chỉ tiêu "
      "nào (tự làm khi có sẵn trạng thái đã lưu)",
      "fold the ledger: whether it counts, its versions, the figures it goes "
      "into (done by itself where a state is kept)"}},
    AUDIT_DATA_OPTION,
    END_OF_OPTIONS};

static const struct args_example show_examples[] = {
    {"audit show 271.1.42",
     {"sự kiện 42 của trạm 271", "event 42 of agent 271"}},
    {"audit show 812 --data /media/usb/so-cai",
     {"mục 812 của một bản sao", "entry 812 of a copy"}},
    END_OF_EXAMPLES};

static const struct args_example diff_examples[] = {
    {"audit diff 15/06/2018 01/07/2018 --indicator HN18-05",
     {"vì sao số này thay đổi từ hết ngày 15/6 đến hết ngày 1/7",
      "why this figure changed between the ends of 15 June and 1 July"}},
    {"audit diff 812 907 --format csv",
     {"giữa hai vị trí của sổ cái, mỗi nguyên nhân một dòng",
      "between two positions of the ledger, a row for each cause"}},
    END_OF_EXAMPLES};

static const struct args_example replay_examples[] = {
    {"audit replay --until 15/06/2018 --period 2018-H1",
     {"số liệu 6 tháng như đã biết đến hết ngày 15/6",
      "the half-year's figures as they were known at the end of 15 June"}},
    {"audit replay --until 812 --plan ha-noi-2018@2",
     {"812 mục đầu của sổ cái, tính theo bản 2 của kế hoạch",
      "the first 812 entries by revision 2 of the plan"}},
    END_OF_EXAMPLES};

static const struct args_option verify_options[] = {
    AUDIT_DATA_OPTION,
    {"checkpoint", "FILE",
     {"mốc xác nhận mà một trạm hoặc người khác giữ: sổ cái phải chứa đúng nó",
      "a signed checkpoint that an office or somebody else has kept: the "
      "ledger must hold what it says"}},
    {"resume", "FILE",
     {"ghi lại chỗ đang kiểm tra vào tệp này (ngoài thư mục dữ liệu), để lần "
      "sau kiểm tra tiếp",
      "keep in this file, outside the directory, how far the check has come, "
      "and go on from there next time"}},
    LISTING_OPTION,
    END_OF_OPTIONS};

static const struct args_example verify_examples[] = {
    {"audit verify --data /media/usb/so-cai",
     {"kiểm tra một bản sao", "check a copy"}},
    {"audit verify --data /media/usb/so-cai --checkpoint ba-dinh.checkpoint",
     {"đối chiếu với mốc xác nhận mà một trạm giữ",
      "hold it against the checkpoint that an office has kept"}},
    END_OF_EXAMPLES};

static const struct args_option erase_options[] = {
    {"order", "NUMBER/YEAR",
     {"số của lệnh xóa: 12/2026", "the erasure order: 12/2026"}},
    {"yes", NULL,
     {"không hỏi lại", "do not ask"}},
    {"data", "DIR",
     {"áp dụng mọi lệnh xóa của sổ cái cho bản sao lưu trong thư mục này",
      "apply all erasure orders of the ledger to the backup in this "
      "directory"}},
    END_OF_OPTIONS};

static const struct args_example erase_examples[] = {
    {"audit erase 812 --order 12/2026",
     {"xóa nội dung của lô ở mục 812 theo lệnh số 12/2026",
      "erase what the batch of entry 812 says, by order 12/2026"}},
    {"audit erase --data /media/usb/backup-20261101T010000Z",
     {"xóa cả trong một bản sao lưu", "erase it in a backup as well"}},
    END_OF_EXAMPLES};

const struct args_command commands_audit[] = {
    {.name = "audit erase",
     .operands = "[INDEX]",
     .operands_max = 1,
     .summary = {"xóa nội dung một lô theo lệnh bằng văn bản",
                 "erase what a batch says, by a written order"},
     .description =
         {"Nội dung của lô mất vĩnh viễn ở sổ cái, tệp lưu lạnh và ở trạm đã "
          "gửi. Mục, mã băm và vị trí trong cây vẫn còn và vẫn kiểm tra được; "
          "lệnh là một mục của sổ cái, giữ phần của lô dùng để tính số liệu. "
          "Hỏi lại trước khi xóa.",
          "What the batch says is gone for good from the ledger, cold files "
          "and the office that sent it. Its entry, hash and place in the tree "
          "stay and can be proved; the order is an entry, and holds what the "
          "batch counts for. Asks before it erases."},
     .options = erase_options,
     .examples = erase_examples,
     .run = cmd_audit_erase},
    {.name = "audit export",
     .summary = {"sổ cái thành tệp để kiểm tra bằng công cụ khác",
                 "the ledger as files, to be checked with other tools"},
     .description =
         {"Ghi vào --output. Bị ngắt thì gọi lại: việc đã làm không làm lại. "
          "Thư mục của sổ cái khác, hoặc của sổ cái này lúc dài hơn, bị từ "
          "chối. Cách kiểm tra ở docs/AUDIT.md.",
          "Writes to --output. What was interrupted goes on when it is called "
          "again. A directory of another ledger, or of this one when it was "
          "longer, is refused. docs/AUDIT.md says how to check it."},
     .options = export_options,
     .examples = export_examples,
     .run = cmd_audit_export},
    {.name = "audit verify",
     .summary = {"kiểm tra toàn bộ sổ cái",
                 "check all of a ledger"},
     .description =
         {"Chỉ đọc: từng trang của tệp, mã băm, chữ ký theo khóa có hiệu lực "
          "lúc đó, chuỗi lô của từng trạm, cây băm và các mốc xác nhận, bảng "
          "vị trí, số liệu đã lưu và báo cáo đã chốt so với tính lại từ đầu. "
          "Mã thoát 0 khi mọi phần đạt, 1 khi có phần không đạt.",
          "Only reads: each page of the file, hashes, signatures under the "
          "keys in force at the time, the chain of each office's batches, the "
          "Merkle tree and signed checkpoints, positions, saved figures and "
          "frozen reports against a fold from nothing. Exit code 0 when every "
          "part passes, 1 when one does not."},
     .options = verify_options,
     .examples = verify_examples,
     .run = cmd_audit_verify},
    {.name = "audit diff",
     .operands = "A B",
     .operands_min = 2,
     .operands_max = 2,
     .summary = {"vì sao số liệu thay đổi giữa hai thời điểm",
                 "why figures changed between two moments"},
     .description =
         {"A và B là ngày, thời điểm hoặc số mục của sổ cái. Mỗi số liệu khác "
          "nhau: trước, sau, và từng sự kiện, từng lệnh của tỉnh đã làm nó "
          "tăng hay giảm bao nhiêu, theo thứ tự của sổ cái; tổng được kiểm tra "
          "lại. Dành cho kiểm toán: không ẩn số nào.",
          "A and B are days, moments or numbers of entries. For each figure "
          "that differs: what it was, what it is, and by how much each event "
          "and each entry of the province moved it, in the order of the "
          "ledger; the sum is checked. For the audit: nothing is hidden."},
     .options = commands_diff_options,
     .examples = diff_examples,
     .run = cmd_audit_diff},
    {.name = "audit log",
     .summary = {"những gì đã nhận, theo thứ tự của sổ cái",
                 "what was received, in the order of the ledger"},
     .description =
         {"Mỗi sự kiện một dòng; đính chính đứng dưới sự kiện được đính chính. "
          "jsonl là CloudEvents 1.0. Dành cho kiểm toán: mọi số đã ghi đều "
          "hiện, không ẩn số người; ai đọc được thư mục thì xem được.",
          "A row for each event; in the table a correction stands under what "
          "it corrects. jsonl are CloudEvents 1.0. For the audit: every number "
          "is shown as it was recorded, small numbers of persons too, and "
          "whoever may read the directory may see them."},
     .options = log_options,
     .examples = log_examples,
     .run = cmd_audit_log},
    {.name = "audit prove",
     .operands = "[EVENT|INDEX|HASH]",
     .operands_max = 1,
     .summary = {"bằng chứng rằng sổ cái có một sự kiện hoặc một mục",
                 "the proof that an event or entry is in the ledger"},
     .description =
         {"Một tệp theo C2SP tlog-proof: mục, lô chứa sự kiện, đường băm tới "
          "gốc và mốc xác nhận mà nhiều trạm đã làm chứng nhất. Người kiểm "
          "toán "
          "chỉ cần khóa của sổ cái. Lô chứa cả các sự kiện khác của trạm trong "
          "cùng lô.",
          "One file, C2SP tlog-proof: the entry, the batch that holds the "
          "event, the hashes up to the root, and the signed checkpoint that "
          "most agents have witnessed. Whoever checks it needs nothing but the "
          "ledger's key. The batch holds the agent's other events of the same "
          "batch too."},
     .options = prove_options,
     .examples = prove_examples,
     .run = cmd_audit_prove},
    {.name = "audit replay",
     .summary = {"bảng chỉ tiêu như ở một thời điểm trước",
                 "the table of figures as it once stood"},
     .description =
         {"Tính lại từ những mục đầu của sổ cái, theo đúng kế hoạch, đơn vị, "
          "từ vựng và quyền ghi có trong các mục đó; --plan MÃ@BẢN chọn bản "
          "kế hoạch khác. Giống indicators --as-of.",
          "Folded from the first entries of the ledger, under the plan, units, "
          "vocabulary and enrolments among them; --plan ID@REVISION takes "
          "another plan. The same as indicators --as-of."},
     .options = commands_replay_options,
     .examples = replay_examples,
     .run = cmd_audit_replay},
    {.name = "audit scrub",
     .summary = {"đọc lại cả sổ cái và đối chiếu mọi mã băm",
                 "read the ledger again and hold it against its hashes"},
     .description =
         {"Chỉ đọc, cả khi trung tâm đang chạy. Trung tâm tự soát mỗi đêm "
          "(scrub_hour trong collector.yaml); chỗ hỏng được xin lại từ trạm đã "
          "gửi và chỉ được chữa khi mã băm khớp. Lệnh này báo chỗ hỏng cho "
          "trung tâm đang chạy. Mã kết thúc 1: có chỗ hỏng.",
          "Only reads, also while a collector runs. That scrubs by itself each "
          "night (scrub_hour in collector.yaml); what is damaged is asked for "
          "again from the office that sent it, and healed only if the hash "
          "fits. A running collector is told of what this command finds. Code "
          "1: something is damaged."},
     .options = scrub_options,
     .examples = scrub_examples,
     .run = cmd_audit_scrub},
    {.name = "audit show",
     .operands = "EVENT|INDEX|HASH",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"mọi điều về một sự kiện hoặc một mục của sổ cái",
                 "everything about one event or entry"},
     .description =
         {"Nội dung bằng lời, mục và lô chứa nó, chữ ký và khóa có hiệu lực "
          "lúc đó, biên nhận, chuỗi đính chính. Dành cho kiểm toán: không ẩn "
          "số "
          "nào; ai đọc được thư mục thì xem được.",
          "What it says in words, the entry and batch that hold it, the "
          "signature and the key in force then, its receipt, its corrections. "
          "For the audit: nothing is hidden, and whoever may read the "
          "directory may see it."},
     .options = show_options,
     .examples = show_examples,
     .run = cmd_audit_show},
    {.name = NULL},
};
/* clang-format on */
