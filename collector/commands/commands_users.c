/* The family `users`, for parsing, --help and the man page. */
#include "collector/commands/commands_users.h"

#include "collector/commands/commands_report.h"
#include "common/base/listing.h"

/* clang-format off */
#define ROLE_OPTIONS \
    {"role", "ROLE", \
     {"viewer: xem số liệu toàn tỉnh; officer: thêm việc trễ hạn, mục phải " \
      "sửa; auditor: thêm từng sự kiện, không ẩn số người; admin: tất cả; " \
      "district: chỉ đơn vị trong --unit và cấp dưới", \
      "viewer: the province's figures; officer: late items and what is to be " \
      "mended too; auditor: events too, and no number of persons is hidden; " \
      "admin: everything; district: the unit in --unit and those below"}}, \
    {"unit", "UNIT", \
     {"đơn vị của vai trò district: gso3:001", \
      "the unit of the role district: gso3:001"}}

static const struct args_option role_options[] = {
    ROLE_OPTIONS,
    END_OF_OPTIONS};

static const struct args_option list_options[] = {
    LISTING_OPTION,
    END_OF_OPTIONS};

static const struct args_example add_examples[] = {
    {"users add lan --role officer",
     {"hỏi mật khẩu hai lần, không hiện lên màn hình",
      "asks for the password twice, without showing it"}},
    {"users add ba-dinh --role district --unit gso3:001 <mat-khau.txt",
     {"mật khẩu là dòng đầu của tệp", "the first line of the file"}},
    END_OF_EXAMPLES};

static const struct args_example token_examples[] = {
    {"users token bao-cao --role viewer >token.txt",
     {"chương trình gửi: Authorization: Bearer …",
      "a program sends it as: Authorization: Bearer …"}},
    END_OF_EXAMPLES};

static const struct args_example feed_examples[] = {
    {"users feed kho-du-lieu KEY --role officer",
     {"KEY: 64 chữ số hex, do examples/subscribe.py --make-key in ra",
      "KEY: 64 hex digits, as examples/subscribe.py --make-key prints"}},
    END_OF_EXAMPLES};

const struct args_command commands_users[] = {
    {.name = "users add",
     .operands = "NAME",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"thêm người được xem trang web", "add who may see the pages"},
     .description =
         {"Tên gồm chữ thường không dấu, số, dấu chấm, gạch; mật khẩu ít nhất "
          "8 ký tự, hỏi trên màn hình hoặc đọc dòng đầu của stdin. Có hiệu lực "
          "ngay, không phải khởi động lại.",
          "A name has small letters, digits, dots and hyphens; a password at "
          "least 8 characters, asked for on the terminal or read from the "
          "first line of stdin. In force at once, without a restart."},
     .options = role_options,
     .examples = add_examples,
     .run = cmd_users_add},
    {.name = "users password",
     .operands = "NAME",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"đổi mật khẩu", "give another password"},
     .description = {"Mọi phiên đang mở của người đó kết thúc.",
                     "Every session of that user ends."},
     .run = cmd_users_password},
    {.name = "users remove",
     .operands = "NAME",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"bỏ một người", "remove a user"},
     .description = {"Mọi phiên đang mở của người đó kết thúc.",
                     "Every session of that user ends."},
     .run = cmd_users_remove},
    {.name = "users list",
     .summary = {"ai được xem, với vai trò nào", "who may look, and as what"},
     .description = {"Người dùng và mã của chương trình.",
                     "Users and the tokens of programs."},
     .options = list_options,
     .run = cmd_users_list},
    {.name = "users token",
     .operands = "NAME",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"cấp mã cho một chương trình", "make a token for a program"},
     .description =
         {"In mã một lần duy nhất; trong tệp chỉ còn mã băm của nó.",
          "Prints the token, once: the file keeps only its hash."},
     .options = role_options,
     .examples = token_examples,
     .run = cmd_users_token},
    {.name = "users revoke-token",
     .operands = "NAME",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"thu hồi mã của một chương trình",
                 "take a program's token back"},
     .description = {"Có hiệu lực ngay.", "In force at once."},
     .run = cmd_users_revoke_token},
    {.name = "users feed",
     .operands = "NAME KEY",
     .operands_min = 2,
     .operands_max = 2,
     .summary = {"cho một khóa nhận luồng số liệu trực tiếp",
                 "let a key subscribe to the live feed"},
     .description =
         {"Khóa CURVE công khai của chương trình nhận. Chỉ auditor và admin "
          "nhận được số liệu về người và từng sự kiện. Có hiệu lực trong một "
          "giây.",
          "The public CURVE key of the program that subscribes. Numbers of "
          "persons and single events reach auditor and admin alone. In force "
          "within a second."},
     .options = role_options,
     .examples = feed_examples,
     .run = cmd_users_feed},
    {.name = "users revoke-feed",
     .operands = "NAME",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"thu hồi một khóa của luồng số liệu",
                 "take a key of the feed back"},
     .description = {"Mọi kết nối của luồng bị cắt; khóa còn hiệu lực tự nối "
                     "lại.",
                     "All links of the feed are cut; keys that are still good "
                     "come again by themselves."},
     .run = cmd_users_revoke_feed},
    {.name = "users feed-server",
     .summary = {"in khóa công khai của trung tâm",
                 "print the collector's public key"},
     .description = {"Chương trình nhận dùng nó để biết đúng trung tâm.",
                     "Subscribers know the collector by it."},
     .run = cmd_users_feed_server},
    {.name = "users link",
     .operands = "NAME",
     .operands_min = 1,
     .operands_max = 1,
     .summary = {"in địa chỉ đăng nhập dùng một lần",
                 "print an address that signs in once"},
     .description =
         {"Ai mở địa chỉ này trong vòng 10 phút thì đăng nhập thay người đó, "
          "một lần. Địa chỉ mới làm địa chỉ cũ hết giá trị.",
          "Who opens it within 10 minutes is signed in as that user, once. A "
          "new one ends the one before."},
     .run = cmd_users_link},
    {.name = NULL}};
/* clang-format on */
