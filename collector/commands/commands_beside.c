/* orders, import-orders and card, for parsing, --help and the man page. */
#include "collector/commands/commands_beside.h"

#include "collector/commands/commands_report.h"
#include "common/base/listing.h"

/* clang-format off */
static const struct args_option orders_options[] = {
    {"output", "FILE",
     {"tệp sẽ ghi; bản cũ của chính tệp này được thay",
      "file to write; an older one of this kind is replaced"}},
    {"batches", NULL,
     {"kèm cả số liệu mà các trạm đã gửi, cho trung tâm còn thiếu chúng",
      "what the offices have sent as well, for a collector that lacks it"}},
    LISTING_OPTION,
    END_OF_OPTIONS};

static const struct args_example orders_examples[] = {
    {"orders --output /media/usb/tinh.orders",
     {"để tạo trung tâm thứ hai, hoặc để trung tâm kia theo kịp",
      "to make a second collector, or to bring the other one up to date"}},
    END_OF_EXAMPLES};

static const struct args_option import_options[] = {
    LISTING_OPTION,
    END_OF_OPTIONS};

static const struct args_example import_examples[] = {
    {"import-orders /media/usb/tinh.orders",
     {"lấy những lệnh mà trung tâm này chưa có",
      "take the orders that this collector does not have"}},
    END_OF_EXAMPLES};

static const struct args_option card_options[] = {
    {"name", "NAME",
     {"tên mà các trạm gọi trung tâm này",
      "what the offices call this collector"}},
    {"address", "tcp://HOST:PORT",
     {"địa chỉ mà trạm dùng để tới trung tâm, dùng được nhiều lần (mặc "
      "định: addresses trong collector.yaml)",
      "how the offices reach the collector; may be repeated (default: "
      "addresses in collector.yaml)"}},
    {"output", "FILE",
     {"tệp sẽ ghi, quyền 0600", "file to write, mode 0600"}},
    END_OF_OPTIONS};

static const struct args_example card_examples[] = {
    {"card --name \"Trung tâm dự phòng\" --output du-phong.card",
     {"rồi ở mỗi trạm: tallyline-agent collectors add du-phong.card",
      "then in each office: tallyline-agent collectors add du-phong.card"}},
    END_OF_EXAMPLES};

const struct args_command commands_beside[] = {
    {.name = "orders",
     .summary = {"ghi các lệnh của tỉnh, cho một trung tâm khác của tỉnh",
                 "write the province's orders, for another collector of it"},
     .description =
         {"Kế hoạch, đơn vị, từ vựng, cấp quyền, đăng ký, đổi khóa, đợt mới và "
          "thu hồi quyền, theo thứ tự trong sổ cái, mỗi lệnh kèm chữ ký của "
          "tỉnh. Không có bí mật nào trong tệp. Với --batches có cả các lô số "
          "liệu, ở đúng chỗ giữa các lệnh; không mã hóa. In số lệnh và số lô.",
          "Plans, units, vocabulary, enrolments, joins, changes of keys, "
          "epochs and revocations, in the order of the ledger, each with the "
          "administrator's signature. The file holds no secret. With --batches "
          "it has the offices' batches too, in their places between the "
          "orders, not encrypted. Prints how many orders, and batches."},
     .options = orders_options,
     .examples = orders_examples,
     .run = cmd_orders},
    {.name = "import-orders",
     .operands = "FILE",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"lấy lệnh từ trung tâm khác của tỉnh",
                 "take orders from another collector of the province"},
     .description =
         {"Lấy theo thứ tự những lệnh chưa có, với cùng các kiểm tra như khi "
          "ra lệnh ở đây, dù trung tâm đang chạy hay không. Chạy lại không "
          "thêm gì. Lệnh nào không hợp với những gì đang có hiệu lực thì được "
          "nêu số thứ tự; lệnh đó và các lệnh sau về cùng văn phòng không được "
          "lấy, mã 1. Khi cả hai nơi "
          "cùng ra lệnh về một việc thì lệnh muộn hơn có hiệu lực; lệnh sớm "
          "hơn được bỏ qua. Số liệu trong tệp được nhận như từ thẻ nhớ: khi đó "
          "trung tâm phải đang chạy.",
          "Takes in their order those that are not here, with the same checks "
          "as when they are given here, whether the collector runs or not. "
          "Again adds nothing. One that does not fit what is in force is named "
          "with its number; it is left out, and what follows about the same "
          "office, and the code is 1. Of "
          "two orders about one thing, given at two collectors, the later one "
          "holds; the earlier one is passed over. Batches in the file are "
          "taken as those of a stick are: the collector must be running then."},
     .options = import_options,
     .examples = import_examples,
     .run = cmd_import_orders},
    {.name = "card",
     .summary = {"ghi thẻ của trung tâm này, cho các trạm",
                 "write this collector's card, for the offices"},
     .description =
         {"Thẻ có tên, địa chỉ và khóa công khai của trung tâm, do khóa của "
          "tỉnh ký, không có bí mật. Trạm dùng nó để gửi số liệu thêm cho "
          "trung tâm này: tallyline-agent collectors add TỆP.",
          "It has the collector's name, addresses and public keys, signed with "
          "the administrator's key, and no secret. An office sends to this "
          "collector too once it has it: tallyline-agent collectors add FILE."},
     .options = card_options,
     .examples = card_examples,
     .run = cmd_card},
    {.name = NULL}};
/* clang-format on */
