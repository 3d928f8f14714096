#include "collector/commands_audit.h"

#include "collector/commands.h"
#include "collector/commands_report.h"

#include <stddef.h>

/* clang-format off */
#define AUDIT_DATA_OPTION \
    {"data", "DIR", \
     {"chỉ đọc sổ cái trong thư mục này thay vì --dir: một bản sao cũng được,"\
      " không cần trung tâm", \
      "only read the ledger in this directory instead of --dir: a copy will" \
      " do, no collector is needed"}}

static const struct args_option show_options[] = {
    AUDIT_DATA_OPTION,
    END_OF_OPTIONS};

static const struct args_example show_examples[] = {
    {"audit show 271.1.42",
     {"sự kiện 42 của trạm 271", "event 42 of agent 271"}},
    {"audit show 812 --data /media/usb/so-cai",
     {"mục 812 của một bản sao", "entry 812 of a copy"}},
    END_OF_EXAMPLES};
const struct args_command commands_audit[COMMANDS_AUDIT] = {
    {.name = "audit show",
     .operands = "EVENT|INDEX|HASH",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"mọi điều về một sự kiện hoặc một mục của sổ cái",
                 "everything about one event or entry"},
     .description =
         {"Nội dung bằng lời, mục và lô chứa nó, chữ ký và khóa có hiệu lực "
          "lúc đó, biên nhận, chuỗi đính chính. Dành cho kiểm tra: không ẩn số "
          "nào; ai đọc được thư mục thì xem được.",
          "What it says in words, the entry and batch that hold it, the "
          "signature and the key in force then, its receipt, its corrections. "
          "For the audit: nothing is hidden, and whoever may read the "
          "directory may see it."},
     .options = show_options,
     .examples = show_examples,
     .run = cmd_audit_show},
};
/* clang-format on */
