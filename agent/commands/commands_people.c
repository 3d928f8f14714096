#include "agent/commands/commands_people.h"

#include "common/base/listing.h"

/* clang-format off */
static const struct args_option add_options[] = {
    {"role", "ROLE",
     {"vai trò đi theo những gì người đó nhập: clerk, officer, head_of_office, "
      "collaborator",
      "the role that goes with what the person enters: clerk, officer, "
      "head_of_office, collaborator"}},
    {.name = NULL}};

static const struct args_option list_options[] = {
    LISTING_OPTION,
    {.name = NULL}};

static const struct args_example add_examples[] = {
    {"people add \"Nguyễn Thị Lan\" --role officer",
     {"hỏi mã PIN hai lần, không hiện lên màn hình",
      "asks for the PIN twice, without showing it"}},
    {"people add \"Chị Hoa\" --role clerk <ma-pin.txt",
     {"mã PIN là dòng đầu của tệp", "the first line of the file"}},
    {.command = NULL}};

const struct args_command commands_people[] = {
    {.name = "people add",
     .operands = "NAME",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"thêm người dùng trang của văn phòng",
                 "add who may use the office's page"},
     .description =
         {"Tên ghi như vẫn gọi, để chọn trong danh sách; tên không bao giờ rời "
          "máy này, chỉ vai trò đi theo sự kiện. Mã PIN từ 6 đến 32 chữ số, "
          "hỏi trên màn hình hoặc là dòng đầu của stdin. Có hiệu lực ngay.",
          "The name is as people say it, to be chosen from a list; it never "
          "leaves this machine, only the role goes with events. A PIN has 6 to "
          "32 digits, asked for on the terminal or the first line of stdin. In "
          "force at once."},
     .options = add_options,
     .examples = add_examples,
     .run = cmd_people_add},
    {.name = "people pin",
     .operands = "NAME",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"đổi mã PIN", "give another PIN"},
     .description = {"Mọi phiên đang mở của người đó kết thúc.",
                     "Every session of that person ends."},
     .run = cmd_people_pin},
    {.name = "people remove",
     .operands = "NAME",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"bỏ một người", "remove a person"},
     .description = {"Mọi phiên đang mở của người đó kết thúc; những gì đã "
                     "nhập thì còn nguyên.",
                     "Every session of that person ends; what was entered "
                     "stays."},
     .run = cmd_people_remove},
    {.name = "people list",
     .operands = NULL,
     .summary = {"ai dùng được trang", "who may use the page"},
     .description = {"Tên và vai trò.", "Names and roles."},
     .options = list_options,
     .run = cmd_people_list},
    {.name = "people link",
     .operands = "NAME",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"in một địa chỉ mở trang không cần mã PIN, dùng một lần",
                 "print an address that opens the page without the PIN, once"},
     .description = {"Có giá trị trong 10 phút, một lần, cho lần mở đầu tiên "
                     "hoặc khi quên mã PIN.",
                     "Good for 10 minutes, once: for the first visit, or a "
                     "forgotten PIN."},
     .run = cmd_people_link},
    {.name = NULL},
};
/* clang-format on */
