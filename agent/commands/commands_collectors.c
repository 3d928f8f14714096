#include "agent/commands/commands_collectors.h"

#include "common/base/listing.h"

/* clang-format off */
static const struct args_option list_options[] = {
    LISTING_OPTION,
    {.name = NULL}};

static const struct args_example add_examples[] = {
    {"collectors add the-du-phong.yaml",
     {"gửi cả đến trung tâm dự phòng của tỉnh",
      "send to the province's second collector too"}},
    {.command = NULL}};

static const struct args_example primary_examples[] = {
    {"collectors primary du-phong",
     {"trung tâm cũ hỏng: từ nay \"Đã nhận\" là du-phong đã nhận",
      "the old one is dead: from now on \"received\" is what du-phong has"}},
    {.command = NULL}};

/* The list stands last: its name is the beginning of the others'. */
const struct args_command commands_collectors[] = {
    {.name = "collectors add",
     .operands = "CARD",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"gửi số liệu cả đến một trung tâm nữa của tỉnh",
                 "send to one more collector of the province"},
     .description =
         {"CARD là tệp do tallyline-collector card ghi ra, có chữ ký của người "
          "quản trị mà máy này đã tin; đến bằng đường nào cũng được. Cùng một "
          "trung tâm lần nữa thì cập nhật địa chỉ. Thoát 1 khi chữ ký không "
          "đúng.",
          "CARD is a file of tallyline-collector card, signed by the "
          "administrator that this machine trusts, however it came. The same "
          "collector again brings its addresses up to date. Exit code 1 when "
          "the signature does not hold."},
     .examples = add_examples,
     .run = cmd_collectors_add},
    {.name = "collectors primary",
     .operands = "NAME",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"chuyển vai trò chính sang một trung tâm khác",
                 "mark another collector as the primary"},
     .description =
         {"\"Đã nhận\", \"Đã sao lưu\" và kế hoạch là theo trung tâm chính. "
          "Không có gì bị sao chép hay gửi lại; chuyển về cũng bằng lệnh này. "
          "Thoát 1 khi trung tâm đó chưa gửi kế hoạch xuống lần nào.",
          "\"Received\", \"backed up\" and the plan are what the primary says. "
          "Nothing is copied or sent again, and the same command moves the "
          "mark back. Exit code 1 when that collector has never sent its plan "
          "down."},
     .examples = primary_examples,
     .run = cmd_collectors_primary},
    {.name = "collectors remove",
     .operands = "NAME",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"không gửi đến một trung tâm nữa",
                 "send to a collector no longer"},
     .description =
         {"Những gì trung tâm đó đã nhận thì nó vẫn giữ; máy này quên biên "
          "nhận của nó và không giữ chỗ cho nó nữa. Không bỏ được trung tâm "
          "chính.",
          "It keeps what it has received; this machine forgets its receipts "
          "and keeps no room for it any more. The primary cannot be removed."},
     .run = cmd_collectors_remove},
    {.name = "collectors",
     .operands = NULL,
     .summary = {"các trung tâm mà văn phòng gửi đến",
                 "the collectors that this office sends to"},
     .description = {"Tên, địa chỉ, trung tâm nào là chính, mỗi nơi đã nhận "
                     "đến đâu và đường truyền thế nào.",
                     "Names, addresses, which is the primary, what each has "
                     "received and how the line to it stands."},
     .options = list_options,
     .run = cmd_collectors_list},
    {.name = NULL},
};
/* clang-format on */
